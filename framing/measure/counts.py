"""From statements to the one shape behind every metric: sums of numerators and denominators, article by article."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from framing.errors import ConfigError
from framing.protocols import Counts, Tables
from framing.types import SpeakerKind

NONE = "(none)"
OTHER = "(other)"
NAMELESS = {kind.value: f"({kind})" for kind in (SpeakerKind.ANONYMOUS, SpeakerKind.UNKNOWN)}
TOGETHER = "_together"
MOST = 1 << 63  # combinations that whole numbers of 64 bits can tell apart
POOLED = (NONE, OTHER, *NAMELESS.values())


def tally(units: pl.DataFrame, *, keys: Sequence[str] = (), within: Sequence[str] = ()) -> Counts:
    """Sum statements by article; `units` has a row a statement: article_id, keys, numerator, denominator."""
    numerator, denominator = pl.col("numerator"), pl.col("denominator")
    above = (numerator.sum(), squares(numerator), (numerator * denominator).sum().alias("products"))
    below = (denominator.sum(), squares(denominator), pl.len().cast(pl.Int64).alias("statements"))
    units = units.select("article_id", *keys, pl.col("numerator", "denominator").cast(pl.Float64))
    ordered = in_order(units, ("article_id", *keys))
    beneath = ordered if tuple(within) in ((), tuple(keys)) else units
    return Counts(summed(ordered, ("article_id", *keys), *above), summed(beneath, ("article_id", *within), *below))


def squares(column: pl.Expr) -> pl.Expr:
    """Sum squares."""
    return (column * column).sum().alias("squares")


def in_order(units: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Sort rows by columns of whole numbers, the first of them article_id; rows with text or without a value are left.

    The rows get a number for what the columns hold together: sorting and grouping by one takes half the time.
    """
    sizes = [_size(units[name]) for name in columns]
    if None in sizes or math.prod(filter(None, sizes)) >= MOST:
        return units
    number = pl.lit(0, pl.Int64)
    for name, size in zip(columns, sizes, strict=True):
        number = number * size + pl.col(name).to_physical().cast(pl.Int64)
    ordered = units.with_columns(number.alias(TOGETHER)).sort(TOGETHER)
    return ordered.with_columns(pl.col("article_id").set_sorted())


def summed(units: pl.DataFrame, columns: Sequence[str], *sums: pl.Expr) -> pl.DataFrame:
    """Sum rows by all columns that put them `in_order`, by article_id alone, or by any where they are in no order."""
    if len(columns) == 1 or TOGETHER not in units.columns:
        return units.group_by(columns, maintain_order=True).agg(*sums)
    return units.group_by(TOGETHER, maintain_order=True).agg(pl.col(columns).first(), *sums).drop(TOGETHER)


def _size(numbers: pl.Series) -> int | None:
    """Return one more than the largest of whole numbers; text has no such size, nor has a column with nulls."""
    if numbers.null_count():
        return None
    if isinstance(numbers.dtype, pl.Enum):
        return len(numbers.dtype.categories)
    return int(numbers.max() or 0) + 1 if numbers.dtype.is_unsigned_integer() else None  # type: ignore[arg-type]


def with_speaker(statements: pl.DataFrame, tables: Tables, *, min_statements: int) -> pl.DataFrame:
    """Add `speaker`: the id of the speaker, or in brackets what several are counted together as.

    "(none)" are statements without a source, "(anonymous)" and "(unknown)" all speakers of these kinds, whose ids are
    those of one article, and "(other)" the remaining speakers with fewer than `min_statements` of these rows.
    """
    heard = statements.group_by("speaker_id").len()
    heard = heard.join(tables["speakers"].select("speaker_id", "kind"), on="speaker_id", how="left", validate="m:1")
    pooled = pl.col("kind").replace_strict(NAMELESS, default=None, return_dtype=pl.String)
    heard = heard.with_columns(speaker=pl.coalesce(pooled, pl.col("speaker_id").cast(pl.String), pl.lit(NONE)))
    rare = (pl.sum("len").over("speaker") < min_statements) & ~is_pooled("speaker")
    speaker = pl.when(rare).then(pl.lit(OTHER)).otherwise("speaker").cast(statements.schema["speaker_id"])
    names = heard.select("speaker_id", speaker=speaker)
    return statements.join(names, on="speaker_id", how="left", nulls_equal=True, maintain_order="left")


def is_pooled(column: str) -> pl.Expr:
    """Tell which values of a column stand for several speakers, or for none."""
    return pl.col(column).is_in(POOLED)


def check_at_least_one(**options: int) -> None:
    """Refuse a threshold that means nothing.

    Raises:
        ConfigError: one is below 1.
    """
    for name, value in options.items():
        if value < 1:
            raise ConfigError(f"{name} is {value}, expected 1 or more; 1 keeps everything apart")
