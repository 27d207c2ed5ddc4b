"""From statements to the one shape behind every metric: sums of numerators and denominators, article by article."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from framing.errors import ConfigError
from framing.protocols import Counts, Tables
from framing.types import SpeakerKind

NONE = "(none)"
OTHER = "(other)"
NAMELESS = {kind.value: f"({kind})" for kind in (SpeakerKind.ANONYMOUS, SpeakerKind.UNKNOWN)}


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


def with_speaker(statements: pl.DataFrame, tables: Tables, *, min_statements: int) -> pl.DataFrame:
    """Add `speaker`: the id of the speaker, or in brackets what several are counted together as.

    "(none)" are statements without a source, "(anonymous)" and "(unknown)" all speakers of these kinds, whose ids are
    those of one article, and "(other)" the remaining speakers with fewer than `min_statements` of these rows.
    """
    speakers = tables["speakers"].select("speaker_id", "kind")
    kinds = statements.join(speakers, on="speaker_id", how="left", maintain_order="left")["kind"]
    pooled = kinds.replace_strict(NAMELESS, default=None, return_dtype=pl.String)
    speaker = pl.coalesce(pooled, pl.col("speaker_id"), pl.lit(NONE))
    rare = (pl.len().over("speaker") < min_statements) & ~is_pooled("speaker")
    return statements.with_columns(speaker=speaker).with_columns(
        speaker=pl.when(rare).then(pl.lit(OTHER)).otherwise("speaker")
    )


def is_pooled(column: str) -> pl.Expr:
    """Tell which values of a column stand for several speakers, or for none."""
    return pl.col(column).is_in([NONE, OTHER, *NAMELESS.values()])


def check_at_least_one(**options: int) -> None:
    """Refuse a threshold that means nothing.

    Raises:
        ConfigError: one is below 1.
    """
    for name, value in options.items():
        if value < 1:
            raise ConfigError(f"{name} is {value}, expected 1 or more; 1 keeps everything apart")
