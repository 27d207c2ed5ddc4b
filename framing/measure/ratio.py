"""Sums over groups: the values of a metric in all cells of a grouping, with what their variance needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from framing.measure.functions import function_of
from framing.measure.grouping import Grouping
from framing.measure.weights import WEIGHT, weighed, weights
from framing.protocols import Metric, SumFunction

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ROUNDING = 1e-12  # relative; sums of squares that ought to cancel leave about 1e-16 for each term


class Entries(NamedTuple):
    """A sparse matrix, rows × articles: the row, the article's number and the value of each entry."""

    row: Integers
    article: Integers
    value: Floats


class Independent(NamedTuple):
    """What the variance of independent statements needs, for each entry of the numerators and of the denominators."""

    squares: Floats
    products: Floats
    squares_below: Floats
    statements: Integers


class Ratios(NamedTuple):
    """The values of one metric; each array has an entry for each listed cell and key.

    `cell` is the cell of the grouping, `keys` the values of the metric's own keys, `base` the row of `denominators`
    that is divided by; `numerators` has a row an entry. `ratio` is that of the two sums, `total` the second, and
    `value` the `function` of the two, the ratio itself for most metrics. `articles` and `statements` count what the
    denominator rests on, `units` is the sum of the weights of these articles, `carrying` counts those that add to the
    numerator; `alike` is true where all of them have the same ratio. `design_effect` is NaN where it is not defined;
    `usual_effect` is the largest that the same key has in any cell, and stands in where articles are alike and have
    none of their own.
    """

    cell: Integers
    keys: list[dict[str, str]]
    base: Integers
    ratio: Floats
    total: Floats
    value: Floats
    function: SumFunction
    articles: Integers
    units: Floats
    carrying: Integers
    statements: Integers
    design_effect: Floats
    usual_effect: Floats
    alike: NDArray[np.bool_]
    numerators: Entries
    denominators: Entries
    independent: Independent


def ratios(metric: Metric, grouping: Grouping) -> Ratios:
    """Sum a metric's counts over every cell of a grouping; a cell in which nothing is counted is not listed.

    A key is listed where an article of the cell has it. Elsewhere its value is 0, and it is listed too if its share in
    the whole corpus makes one or more of the cell's statements expected; otherwise its absence says nothing.
    """
    parts = [weighed(metric.counts(tables), tables["articles"]) for _, tables in grouping.parts]
    keys, within = metric.keys, parts[0].within
    below = _in_cells([counts.denominator for counts in parts], grouping).filter(pl.col("denominator") > 0)
    below = below.join(weights(grouping.parts[0][1]["articles"]), on="article_id", maintain_order="left")
    below = below.sort("cell", *within, "article_id").with_columns(base=pl.struct("cell", *within).rle_id())
    bases = below.group_by("base", maintain_order=True).agg(
        pl.col("cell", *within, "article_id").first(),
        pl.col("statements").sum(),
        articles=pl.len(),
        units=pl.sum(WEIGHT),
    )
    above = _in_cells([counts.numerator for counts in parts], grouping)
    above = above.join(
        below.select("cell", *within, "article_id", "base", "denominator"), on=["cell", *within, "article_id"]
    )
    zeros = _expected(above, below, bases, keys=keys, within=within)
    above = pl.concat([above, zeros.select(above.columns)]).sort("cell", *keys, "article_id")
    above = above.with_columns(ratio=pl.struct("cell", *keys).rle_id())
    listed = above.group_by("ratio", maintain_order=True).agg(pl.col("cell", *keys, "base").first())
    listed = listed.join(bases.select("base", "articles", "statements", "units"), on="base", maintain_order="left")
    return _summed(above, below, listed, keys, function_of(parts[0]))


def _in_cells(parts: Sequence[pl.DataFrame], grouping: Grouping) -> pl.DataFrame:
    """Put the rows of all parts into the cells of the grouping."""
    placed = []
    for part, rows in enumerate(parts):
        group = np.searchsorted(grouping.starts, rows["article_id"].to_numpy(), side="right") - 1
        placed.append(rows.with_columns(cell=pl.Series(group * len(parts) + part, dtype=pl.Int64)))
    return pl.concat(placed)


def _expected(
    above: pl.DataFrame, below: pl.DataFrame, bases: pl.DataFrame, *, keys: Sequence[str], within: Sequence[str]
) -> pl.DataFrame:
    """Return a row of zeros for each key wherever its share in the whole corpus makes a statement or more expected."""
    zero = dict.fromkeys(("numerator", "squares", "products", "denominator"), pl.lit(0.0))
    sizes = bases.select("cell", *within, "article_id", "base", "statements", **zero)
    if not keys or sizes.is_empty():
        return sizes.join(above.select(keys).clear(), how="cross") if keys else sizes
    total = below.group_by(within).agg(pl.col("denominator").sum()) if within else below.select(pl.sum("denominator"))
    shares = above.group_by(keys).agg(pl.col("numerator").sum()).filter(pl.col("numerator") > 0)
    shares = shares.join(total, on=within) if within else shares.join(total, how="cross")
    # The tolerance keeps ties such as 1/3 × 3 on one side, in whatever order the shares were summed.
    least = (1 - 1e-9) * pl.col("denominator") / pl.col("numerator")
    shares = shares.select(*keys, least=least).filter(pl.col("least") <= sizes["statements"].max())
    crossed = sizes.join(shares, on=within) if within else sizes.join(shares, how="cross")
    return crossed.filter(pl.col("statements") >= pl.col("least"))


def _summed(
    above: pl.DataFrame, below: pl.DataFrame, listed: pl.DataFrame, keys: Sequence[str], function: SumFunction
) -> Ratios:
    """Sum in the order of the rows, so that the same tables give the same bits.

    With the residual e_a = N_a − R D_a of article a, the variance of R = ΣN / ΣD under clustering is
    n / (n − 1) · Σ e_a² / (ΣD)² over n articles; that of independent statements is the same over statements (Kish 1965,
    Cochran 1977). The design effect is the first over the second; articles that are all alike leave it undefined.
    A smooth function of the ratio multiplies both variances by the same slope, so that the design effect is its own.
    """
    row, base_of = _integers(above, "ratio"), _integers(listed, "base")
    base = _integers(below, "base")
    numerator, denominator = _floats(above, "numerator"), _floats(above, "denominator")
    under = _floats(below, "denominator")

    def over(values: Floats) -> Floats:
        return np.asarray(np.bincount(row, values, minlength=listed.height), np.float64)

    def beneath(values: Floats) -> Floats:
        return np.asarray(np.bincount(base, values, minlength=listed.height)[base_of], np.float64)

    sums, total = over(numerator), beneath(under)
    ratio = sums / total
    squares, spread = over(numerator**2), ratio**2 * beneath(under**2)
    clustered = np.maximum(squares - 2 * ratio * over(numerator * denominator) + spread, 0)
    each = Independent(
        _floats(above, "squares"), _floats(above, "products"), _floats(below, "squares"), _integers(below, "statements")
    )
    independent = over(each.squares) - 2 * ratio * over(each.products) + ratio**2 * beneath(each.squares_below)
    articles, statements = _integers(listed, "articles"), _integers(listed, "statements")
    alike = clustered <= ROUNDING * (squares + spread)
    defined = ~alike & (statements > 1) & (independent > ROUNDING * (squares + spread))
    effect = np.full(listed.height, np.nan)
    correction = (articles / np.maximum(articles - 1, 1)) / (statements / np.maximum(statements - 1, 1))
    np.divide(clustered * correction, independent, out=effect, where=defined)
    usual = pl.col("effect").fill_nan(None).max()
    by_key = listed.with_columns(effect=pl.Series(effect)).select(usual.over(keys) if keys else usual)
    return Ratios(
        cell=_integers(listed, "cell"),
        keys=listed.select(keys).to_dicts() if keys else [{}] * listed.height,
        base=base_of,
        ratio=ratio,
        total=total,
        value=function.value(sums, total),
        function=function,
        articles=articles,
        units=_floats(listed, "units"),
        carrying=over((numerator != 0).astype(np.float64)).astype(np.int64),
        statements=statements,
        design_effect=effect,
        usual_effect=np.broadcast_to(_floats(by_key, "effect"), effect.shape),
        alike=alike,
        numerators=Entries(row, _integers(above, "article_id"), numerator),
        denominators=Entries(base, _integers(below, "article_id"), under),
        independent=each,
    )


def _integers(rows: pl.DataFrame, column: str) -> Integers:
    return rows[column].cast(pl.Int64).to_numpy()


def _floats(rows: pl.DataFrame, column: str) -> Floats:
    return rows[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
