"""The one shape behind every metric: sums of numerators and denominators, article by article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import polars as pl

from framing.errors import ConfigError

Tables = Mapping[str, pl.DataFrame]

NONE = "(none)"
OTHER = "(other)"


class Counts(NamedTuple):
    """What a metric sums, in two tables, so that an article without a key still counts in the denominator.

    `numerator` has one row for each article and key that occurs in it: article_id, the metric's keys, numerator,
    squares, products. A missing row is a zero; an explicit zero asks that the key be listed. `denominator` has one row
    for each article, or each article and value of some of the keys (shares within a speaker): article_id, these keys,
    denominator, squares, statements. An article that is missing here has nothing to count.

    `squares` are sums of squared numerators or denominators over statements, `products` of numerator × denominator;
    they give the variance that independent statements would have, and are null where the unit is the article.
    """

    numerator: pl.DataFrame
    denominator: pl.DataFrame

    @property
    def within(self) -> tuple[str, ...]:
        """Name the keys that the denominator is split by."""
        measured = ("article_id", "denominator", "squares", "statements")
        return tuple(name for name in self.denominator.columns if name not in measured)


class Metric(Protocol):
    """A ratio of two sums over articles; `str(metric)` is its canonical name."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Name the columns that split the numerator."""
        ...

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the least and the greatest value."""
        ...

    def counts(self, tables: Mapping[str, pl.DataFrame]) -> Counts:
        """Sum numerator and denominator for each article."""
        ...


def tally(units: pl.DataFrame, *, keys: Sequence[str] = (), within: Sequence[str] = ()) -> Counts:
    """Sum statements by article; `units` has a row a statement: article_id, keys, numerator, denominator."""
    numerator, denominator = pl.col("numerator").cast(pl.Float64), pl.col("denominator").cast(pl.Float64)
    return Counts(
        numerator=units.group_by("article_id", *keys).agg(
            numerator=numerator.sum(),
            squares=(numerator * numerator).sum(),
            products=(numerator * denominator).sum(),
        ),
        denominator=units.group_by("article_id", *within).agg(
            denominator=denominator.sum(),
            squares=(denominator * denominator).sum(),
            statements=pl.len().cast(pl.Int64),
        ),
    )


def with_speaker(statements: pl.DataFrame, *, min_statements: int) -> pl.DataFrame:
    """Add `speaker`: the speaker's id, "(none)" without one, "(other)" for speakers with too few of these rows."""
    speaker = pl.col("speaker_id").fill_null(NONE)
    rare = (pl.len().over("speaker") < min_statements) & (pl.col("speaker") != NONE)
    return statements.with_columns(speaker=speaker).with_columns(
        speaker=pl.when(rare).then(pl.lit(OTHER)).otherwise("speaker")
    )


def check_min_statements(value: int) -> None:
    """Refuse a threshold that means nothing.

    Raises:
        ConfigError: it is below 1.
    """
    if value < 1:
        raise ConfigError(f"min_statements is {value}, expected 1 or more; 1 keeps every speaker apart")
