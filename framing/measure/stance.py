"""On which side: net stance toward a target, how often a side is taken, and how often the classifier abstained.

A statement is on target when its stance is support (P), oppose (N) or neutral (U) and was not abstained from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Protocol

import polars as pl

from framing.errors import ConfigError, did_you_mean
from framing.measure.counts import check_at_least_one, in_order, summed, tally, with_speaker
from framing.measure.functions import LogOdds
from framing.measure.names import Named
from framing.protocols import Counts, Tables
from framing.types import Label

ON_TARGET = (Label.SUPPORT.value, Label.OPPOSE.value, Label.NEUTRAL.value)
ABSTAINED = "abstained"
LABELS = pl.Enum(sorted(ON_TARGET))


@dataclass(frozen=True, slots=True)
class NetStance(Named):
    """Support minus oppose over all statements on target, (P − N) / (P + N + U), in [−1, 1].

    A conditional position counts half in the numerator and whole in the denominator. Without a statement on target the
    estimate is empty. The raw counts are `stance_share(target=…,by_speaker=false)` times its `statements`. Kriesi et
    al. 2008 for the halves.
    """

    target: str

    keys: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[float, float]] = (-1.0, 1.0)
    min_cell: ClassVar[int] = 1

    def counts(self, tables: Tables) -> Counts:
        """Sum signed positions by article."""
        return tally(on_target(self, tables).with_columns(numerator=_side() * _weight(), denominator=1))


@dataclass(frozen=True, slots=True)
class Balance(Named):
    """Support minus oppose over the statements that take a side, (P − N) / (P + N), in [−1, 1].

    A conditional position counts half in the numerator and whole in the denominator. Where no statement takes a side
    the estimate is empty. Unlike net stance it does not shrink toward 0 as more neutral statements are heard. Lowe et
    al. 2011.
    """

    target: str

    keys: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[float, float]] = (-1.0, 1.0)
    min_cell: ClassVar[int] = 1

    def counts(self, tables: Tables) -> Counts:
        """Sum signed positions of the statements that take a side, by article."""
        return tally(_sided(self, tables).with_columns(numerator=_side() * _weight(), denominator=1))


@dataclass(frozen=True, slots=True)
class LogitBalance(Named):
    """Log odds of support against oppose, log((P + ½) / (N + ½)), unbounded; 0 is balance.

    A conditional position counts half. The halves that are added keep it finite where one side is never taken, and pull
    it toward 0 where few statements take a side. Where none does the estimate is empty, not 0. Lowe et al. 2011.
    """

    target: str

    keys: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[float, float]] = (-math.inf, math.inf)
    min_cell: ClassVar[int] = 1

    def counts(self, tables: Tables) -> Counts:
        """Sum the weights of support and of both sides by article, and name the log odds as their function."""
        support = pl.when(_is(Label.SUPPORT)).then(1.0).otherwise(0.0)
        weighted = _sided(self, tables).with_columns(numerator=support * _weight(), denominator=_weight())
        return tally(weighted)._replace(function=LogOdds())


@dataclass(frozen=True, slots=True)
class ExpressionRate(Named):
    """Share of the statements on target that take a side, (P + N) / (P + N + U), in [0, 1].

    Conditional positions count whole. Without a statement on target the estimate is empty.
    """

    target: str

    keys: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    min_cell: ClassVar[int] = 1

    def counts(self, tables: Tables) -> Counts:
        """Count statements that take a side by article."""
        return tally(on_target(self, tables).with_columns(numerator=~_is(Label.NEUTRAL), denominator=1))


@dataclass(frozen=True, slots=True)
class AbstentionRate(Named):
    """Share abstained from among the statements that are, or may be, on target: A / (P + N + U + A), in [0, 1].

    A counts every abstention whatever its most probable label, because the statement may be on target; statements
    decided to be unrelated are left out. If the estimate is empty, all statements were decided to be unrelated.
    """

    target: str

    states: ClassVar[tuple[str, ...]] = (*ON_TARGET, ABSTAINED)
    keys: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    min_cell: ClassVar[int] = 1

    def counts(self, tables: Tables) -> Counts:
        """Count abstentions by article."""
        asked = stances_toward(self, tables).filter(pl.col("abstained") | pl.col("label").is_in(ON_TARGET))
        return tally(asked.with_columns(numerator="abstained", denominator=1))


@dataclass(frozen=True, slots=True)
class StanceShare(Named):
    """Share of each label (support, oppose, neutral) among a speaker's statements on target, in [0, 1].

    By outlet this is the table speaker × stance × outlet; value × `statements` is the raw count. The shares of a
    speaker sum to 1; conditional positions count whole. With `by_speaker: false` the shares are those of the group as
    a whole. Statements without a speaker are of the speaker "(none)"; those of unnamed and of unresolved speakers are
    pooled as "(anonymous)" and "(unknown)", speakers with fewer than `min_statements` statements on target in the whole
    corpus as "(other)". A cell of fewer than `min_cell` statements has its value suppressed; its counts stay.
    """

    target: str
    by_speaker: bool = True
    min_statements: int = 1
    min_cell: int = 5

    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)

    def __post_init__(self) -> None:
        check_at_least_one(min_statements=self.min_statements, min_cell=self.min_cell)

    @property
    def keys(self) -> tuple[str, ...]:
        """Split by speaker and label, or by label alone."""
        return ("speaker", "label") if self.by_speaker else ("label",)

    def counts(self, tables: Tables) -> Counts:
        """Count statements by article, speaker and label; a label that a speaker never takes is an explicit zero."""
        units = with_speaker(on_target(self, tables), tables, min_statements=self.min_statements)
        within = self.keys[:-1]
        found = summed(
            in_order(units.select("article_id", *within, "label"), ("article_id", *within)),
            ("article_id", *within),
            *((pl.col("label") == label).sum().cast(pl.Float64).alias(label) for label in ON_TARGET),
            pl.len().cast(pl.Int64).alias("statements"),
        )
        counted = pl.col("numerator")
        each = [
            found.select("article_id", *within, label=pl.lit(label, LABELS), numerator=label)
            for label in sorted(ON_TARGET)
        ]
        whole = pl.col("statements").cast(pl.Float64)
        return Counts(
            pl.concat(each).with_columns(squares=counted, products=counted),
            found.select("article_id", *within, "statements", denominator=whole, squares=whole),
        )


class Targeted(Protocol):
    """A metric that asks about one target."""

    @property
    def target(self) -> str:
        """Name the target as the codebook does."""
        ...


def on_target(metric: Targeted, tables: Tables) -> pl.DataFrame:
    """Return the decided stances that address the metric's target, with article and speaker."""
    stances = stances_toward(metric, tables)
    return stances.filter(~pl.col("abstained") & pl.col("label").is_in(ON_TARGET))


def stances_toward(metric: Targeted, tables: Tables) -> pl.DataFrame:
    """Return every stance toward the metric's target, with article and speaker.

    Raises:
        ConfigError: there is no table of stances, or no statement was asked about the target.
    """
    if "stances" not in tables:
        raise ConfigError(f"{metric}: the run has no stances; add a `stance:` part to the experiment")
    stances = tables["stances"]
    known = stances["target"].unique().sort().to_list()
    if known and metric.target not in known:
        raise ConfigError(
            f"{metric}: no statement was asked about the target {metric.target!r}; "
            f"{did_you_mean(metric.target, known)} (targets of this run: {', '.join(known)})"
        )
    chosen = stances.filter(pl.col("target") == metric.target)
    chosen = chosen.select("statement_id", "label", "conditional", "abstained")
    owners = tables["statements"].select("statement_id", "article_id", "speaker_id")
    if _can_take(owners["statement_id"], chosen["statement_id"]):
        return chosen.hstack(owners.drop("statement_id")[chosen["statement_id"]])
    return chosen.join(owners, on="statement_id")


def _can_take(ids: pl.Series, chosen: pl.Series) -> bool:
    """Tell whether the ids are 0, 1, 2 and so on up to all chosen ones, so that rows can be taken and not joined."""
    numbers = pl.int_range(len(ids), eager=True).cast(pl.UInt32)
    return ids.dtype == pl.UInt32 and bool((chosen < len(ids)).all()) and ids.equals(numbers)


def _sided(metric: Targeted, tables: Tables) -> pl.DataFrame:
    return on_target(metric, tables).filter(~_is(Label.NEUTRAL))


def _side() -> pl.Expr:
    return pl.when(_is(Label.SUPPORT)).then(1.0).when(_is(Label.OPPOSE)).then(-1.0).otherwise(0.0)


def _weight() -> pl.Expr:
    return pl.when(pl.col("conditional")).then(0.5).otherwise(1.0)


def _is(label: Label) -> pl.Expr:
    return pl.col("label") == label.value
