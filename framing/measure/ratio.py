"""Sums over groups: the values of a metric in all cells of a grouping, with what their variance needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from framing.errors import ConfigError
from framing.measure.counts import MOST
from framing.measure.functions import function_of
from framing.measure.grouping import Grouping
from framing.measure.weights import WEIGHT, weighed, weights
from framing.protocols import Metric, SumFunction

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SUMMED = ("numerator", "squares", "products")
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

    def summed(self) -> Ratios:
        """Leave out what articles add, which takes most of the memory."""
        none, floats = np.empty(0, np.int64), np.empty(0)
        entries = Entries(none, none, floats)
        left = Independent(floats, floats, floats, none)
        return self._replace(numerators=entries, denominators=entries, independent=left)


def ratios(metric: Metric, grouping: Grouping) -> Ratios:
    """Sum a metric's counts over every cell of a grouping; a cell in which nothing is counted is not listed.

    A key is listed where an article of the cell has it. Elsewhere its value is 0, and it is listed too if its share in
    the whole corpus makes one or more of the cell's statements expected; otherwise its absence says nothing.

    Raises:
        ConfigError: cells, keys and articles are so many that one number cannot hold which is meant.
    """
    parts = [weighed(metric.counts(tables), tables["articles"]) for _, tables in grouping.parts]
    keys, within, function = metric.keys, parts[0].within, function_of(parts[0])
    below = _in_cells([counts.denominator for counts in parts], grouping).filter(pl.col("denominator") > 0)
    above = _in_cells([counts.numerator for counts in parts], grouping)
    del parts
    wholes = _counted(below, within, "whole")
    names = _counted(_looked_up(above.select(keys).unique(), wholes, within), keys, "key", keep="whole")
    articles, cells = grouping.starts[-1], len(grouping.groups) * len(grouping.parts)
    if cells * max(names.height, wholes.height) * articles >= MOST:
        raise ConfigError(
            f"{metric}: {names.height:,} values of {', '.join(keys)} in {cells:,} groups of {articles:,} articles are "
            "more than can be told apart; group by less, or count rare speakers together by min_statements"
        )
    unit = (pl.col("cell") * wholes.height + pl.col("whole")) * articles + pl.col("article_id")
    below = _looked_up(below, wholes, within).select("denominator", "squares", "statements", unit=unit).sort("unit")
    units, bases = below.select("unit", "denominator"), _bases(below, grouping, wholes.height)
    pair = pl.col("cell") * names.height + pl.col("key")
    above = _looked_up(above, names, keys).select("article_id", *SUMMED, unit=unit, pair=pair)
    adds = pl.any_horizontal(pl.col(SUMMED) != 0).fill_null(value=False)
    zeros, above = above.filter(~adds).select("unit", "pair"), _divided(above.filter(adds), units)
    found = above.select("pair").unique()
    zeros = zeros.join(found, on="pair", how="anti").join(units, on="unit", how="semi")
    expected = _expected(above, below, bases, names)
    listed = np.unique(np.concatenate([_integers(found, "pair"), _integers(zeros, "pair"), expected]))
    code = pl.col("pair") * articles + pl.col("article_id")
    above = above.select("denominator", *SUMMED, code=code).sort("code")
    return _summed(above, below, bases, _Listed.of(listed, names, keys, bases), function, articles=articles)


class _Bases(NamedTuple):
    """What ratios are divided by: `place` is cell × number of wholes + whole, `base` that of each denominator."""

    wholes: int
    place: Integers
    base: Integers
    statements: Integers
    articles: Integers
    units: Floats


class _Listed(NamedTuple):
    """The listed cells and keys: `code` is cell × number of keys + key."""

    code: Integers
    cell: Integers
    key: Integers
    base: Integers
    keys: list[dict[str, str]]

    @classmethod
    def of(cls, code: Integers, names: pl.DataFrame, keys: Sequence[str], bases: _Bases) -> _Listed:
        """Look up the keys and bases of codes."""
        cell, key = np.divmod(code, max(names.height, 1))
        base = np.searchsorted(bases.place, cell * bases.wholes + _integers(names, "whole")[key])
        named = names.select(keys).to_dicts() if keys else [{}]
        return cls(code, cell, key, base, [named[i] for i in key.tolist()])


def _counted(rows: pl.DataFrame, columns: Sequence[str], number: str, *, keep: str | None = None) -> pl.DataFrame:
    """Number the distinct values of columns in their order; without columns there is one value."""
    kept = [keep] if keep else []
    if not columns:
        return pl.DataFrame({name: [0] for name in (*kept, number)})
    distinct = rows.select(*columns, *kept).unique().sort(*columns)
    return distinct.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(number))


def _looked_up(rows: pl.DataFrame, numbers: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    return rows.join(numbers, on=columns, nulls_equal=True) if columns else rows.join(numbers, how="cross")


def _divided(rows: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Add the denominators of units, which are in order; rows that have none are left out.

    Rows are nearly in the order of units, so that looking one up is quicker than a join.
    """
    sought, known = _integers(rows, "unit"), _integers(units, "unit")
    at = np.searchsorted(known, sought)
    found = at < len(known)
    found[found] = known[at[found]] == sought[found]
    denominators = units["denominator"].gather(at[found])
    return rows.drop("unit").filter(pl.Series(found)).with_columns(denominators)


def _in_cells(parts: Sequence[pl.DataFrame], grouping: Grouping) -> pl.DataFrame:
    """Put the rows of all parts into the cells of the grouping."""
    placed = []
    for part, rows in enumerate(parts):
        group = np.searchsorted(grouping.starts, rows["article_id"].to_numpy(), side="right") - 1
        placed.append(rows.with_columns(cell=pl.Series(group * len(parts) + part, dtype=pl.Int64)))
    return pl.concat(placed)


def _bases(below: pl.DataFrame, grouping: Grouping, wholes: int) -> _Bases:
    place, article = np.divmod(_integers(below, "unit"), max(grouping.starts[-1], 1))
    weight = _floats(weights(grouping.parts[0][1]["articles"]), WEIGHT)[article]
    places, base = np.unique(place, return_inverse=True)
    statements = np.bincount(base, _integers(below, "statements"), minlength=len(places)).astype(np.int64)
    articles = np.bincount(base, minlength=len(places))
    units = np.asarray(np.bincount(base, weight, minlength=len(places)), np.float64)
    return _Bases(wholes, places, base, statements, articles, units)


def _expected(above: pl.DataFrame, below: pl.DataFrame, bases: _Bases, names: pl.DataFrame) -> Integers:
    """Return the codes of cells and keys wherever a key's share in the whole corpus makes a statement expected.

    A metric without keys is listed in all cells where something is counted.
    """
    cell, whole = np.divmod(bases.place, bases.wholes)
    if names.width == 2:  # key and whole alone: no columns name a key
        return cell
    key, divisor = np.arange(names.height), _integers(names, "whole")
    summed = np.bincount(_integers(above, "pair") % names.height, _floats(above, "numerator"), len(key))
    total = np.bincount(whole[bases.base], _floats(below, "denominator"), bases.wholes)
    # The tolerance keeps ties such as 1/3 × 3 on one side, in whatever order the shares were summed.
    least = np.full(len(key), np.inf)
    np.divide((1 - 1e-9) * total[divisor], summed, out=least, where=summed > 0)
    shares = pl.DataFrame({"whole": divisor, "key": key, "least": least})
    shares = shares.filter(pl.col("least") <= bases.statements.max(initial=0))
    sizes = pl.DataFrame({"cell": cell, "whole": whole, "statements": bases.statements})
    crossed = sizes.join(shares, on="whole").filter(pl.col("statements") >= pl.col("least"))
    return _integers(crossed, "cell") * names.height + _integers(crossed, "key")


def _summed(
    above: pl.DataFrame, below: pl.DataFrame, bases: _Bases, listed: _Listed, function: SumFunction, *, articles: int
) -> Ratios:
    """Sum in the order of the rows, so that the same tables give the same bits.

    With the residual e_a = N_a − R D_a of article a, the variance of R = ΣN / ΣD under clustering is
    n / (n − 1) · Σ e_a² / (ΣD)² over n articles; that of independent statements is the same over statements (Kish 1965,
    Cochran 1977). The design effect is the first over the second; articles that are all alike leave it undefined.
    A smooth function of the ratio multiplies both variances by the same slope, so that the design effect is its own.
    """
    code, article = np.divmod(_integers(above, "code"), max(articles, 1))
    row = np.searchsorted(listed.code, code)
    numerator, denominator, under = (
        _floats(rows, name) for rows, name in ((above, "numerator"), (above, "denominator"), (below, "denominator"))
    )

    def over(values: Floats) -> Floats:
        return np.asarray(np.bincount(row, values, minlength=len(listed.code)), np.float64)

    def beneath(values: Floats) -> Floats:
        return np.asarray(np.bincount(bases.base, values, minlength=len(bases.place))[listed.base], np.float64)

    sums, total = over(numerator), beneath(under)
    ratio = sums / total
    squares, spread = over(numerator**2), ratio**2 * beneath(under**2)
    clustered = np.maximum(squares - 2 * ratio * over(numerator * denominator) + spread, 0)
    each = Independent(
        _floats(above, "squares"), _floats(above, "products"), _floats(below, "squares"), _integers(below, "statements")
    )
    independent = over(each.squares) - 2 * ratio * over(each.products) + ratio**2 * beneath(each.squares_below)
    carried, statements = bases.articles[listed.base], bases.statements[listed.base]
    alike = clustered <= ROUNDING * (squares + spread)
    defined = ~alike & (statements > 1) & (independent > ROUNDING * (squares + spread))
    effect = np.full(len(ratio), np.nan)
    correction = (carried / np.maximum(carried - 1, 1)) / (statements / np.maximum(statements - 1, 1))
    np.divide(clustered * correction, independent, out=effect, where=defined)
    usual = np.full(int(listed.key.max(initial=-1)) + 1, np.nan)
    np.fmax.at(usual, listed.key, effect)
    return Ratios(
        cell=listed.cell,
        keys=listed.keys,
        base=listed.base,
        ratio=ratio,
        total=total,
        value=function.value(sums, total),
        function=function,
        articles=carried,
        units=bases.units[listed.base],
        carrying=over((numerator != 0).astype(np.float64)).astype(np.int64),
        statements=statements,
        design_effect=effect,
        usual_effect=usual[listed.key],
        alike=alike,
        numerators=Entries(row, article, numerator),
        denominators=Entries(bases.base, _integers(below, "unit") % max(articles, 1), under),
        independent=each,
    )


def _integers(rows: pl.DataFrame, column: str) -> Integers:
    return rows[column].cast(pl.Int64).to_numpy()


def _floats(rows: pl.DataFrame, column: str) -> Floats:
    return rows[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
