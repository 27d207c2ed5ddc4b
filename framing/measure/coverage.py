"""What an outlet reports at all: the share of others' events that it covers, and that it leaves out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import ClassVar

import polars as pl

from framing.errors import ConfigError
from framing.measure.counts import NONE, check_at_least_one
from framing.measure.grouping import ARTICLE_GROUPS, STATEMENT_GROUPS, Grouping
from framing.measure.interval import Bootstrap
from framing.measure.names import Named
from framing.measure.own import OwnEstimates
from framing.protocols import Tables
from framing.types import Estimate


@dataclass(frozen=True, slots=True)
class Coverage(OwnEstimates, Named):
    """Share of the events that at least `others` other outlets cover which an outlet covers too, in [0, 1].

    An outlet covers an event with one article or more. Events are those of the same period, language and so on where
    the grouping has these; what no other outlet covers, and so nobody could be seen to omit, is not counted. Events are
    the observations, so that the interval is that of a share of independent ones (Wilson 1927). Without such events the
    estimate is empty. On gatekeeping as a bias of its own: D'Alessio & Allen 2000; Groeling 2013.
    """

    others: int = 2

    keys: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    min_cell: ClassVar[int] = 1

    def __post_init__(self) -> None:
        check_at_least_one(others=self.others)

    def estimates(self, tables: Tables, grouping: Grouping, *, interval: Bootstrap, seed: int) -> Iterator[Estimate]:
        """Yield the share of events covered by each outlet."""
        return _shares(self, self.others, tables, grouping, interval=interval, omitted=False)


@dataclass(frozen=True, slots=True)
class Omission(OwnEstimates, Named):
    """Share of the events that at least `others` other outlets cover which an outlet leaves out, in [0, 1].

    This is 1 − `coverage`, whose events, interval and empty groups it has.
    """

    others: int = 2

    keys: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    min_cell: ClassVar[int] = 1

    def __post_init__(self) -> None:
        check_at_least_one(others=self.others)

    def estimates(self, tables: Tables, grouping: Grouping, *, interval: Bootstrap, seed: int) -> Iterator[Estimate]:
        """Yield the share of events left out by each outlet."""
        return _shares(self, self.others, tables, grouping, interval=interval, omitted=True)


def wilson(successes: int, trials: int, level: float) -> tuple[float, float]:
    """Return the score interval of a share of independent trials (Wilson 1927)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = successes / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    reach = z * math.sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _shares(
    metric: Coverage | Omission, others: int, tables: Tables, grouping: Grouping, *, interval: Bootstrap, omitted: bool
) -> Iterator[Estimate]:
    reported = _reported(metric, tables, grouping)
    for cell in range(len(grouping.groups) * len(grouping.parts)):
        labels = grouping.labels(cell)
        estimate = Estimate(str(metric), labels, None, None, None, 0, 0, None, "share of events")
        if "outlet" not in labels or any(name in STATEMENT_GROUPS for name in labels):
            yield _noted(estimate, "outlets cover events: group by outlet, and not by kinds of statements")
        elif labels["outlet"] == NONE:
            yield _noted(estimate, "articles without an outlet are of no outlet that could cover an event")
        else:
            yield _share(estimate, _within(reported, labels), others, interval=interval, omitted=omitted)


def _share(empty: Estimate, reported: pl.DataFrame, others: int, *, interval: Bootstrap, omitted: bool) -> Estimate:
    """Count the events of one group of articles that an outlet could have covered, and those that it did."""
    ours = reported.filter(pl.col("outlet") == empty.group["outlet"])
    by_others = reported.filter(pl.col("outlet") != empty.group["outlet"]).group_by("event_id").agg(n=pl.len())
    possible = by_others.filter(pl.col("n") >= others)
    if possible.is_empty():
        return _noted(empty, f"no event that {others} other outlets cover")
    covered = possible.join(ours, on="event_id", how="semi").height
    counted = possible.height - covered if omitted else covered
    low, high = wilson(counted, possible.height, interval.level)
    articles = int(ours.join(possible, on="event_id", how="semi")["articles"].sum())
    return Estimate(
        metric=empty.metric,
        group=empty.group,
        value=counted / possible.height,
        low=low,
        high=high,
        articles=articles,
        statements=0,
        design_effect=None,
        estimator=f"share of events, Wilson {interval.percent}",
        note=f"of {possible.height} event{'' if possible.height == 1 else 's'}",
    )


def _reported(metric: Coverage | Omission, tables: Tables, grouping: Grouping) -> pl.DataFrame:
    """Return which outlet covers which event with how many articles, in each group of the other groupings."""
    if "event_id" not in tables["articles"].columns:
        raise ConfigError(f"{metric}: the table of articles has no column event_id")
    names = [name for name in grouping.by if name in ARTICLE_GROUPS and name not in ("outlet", "event_id")]
    groups = {f"_{name}": ARTICLE_GROUPS[name].fill_null(NONE) for name in names}
    known = tables["articles"].filter(pl.col("event_id").is_not_null() & pl.col("outlet").is_not_null())
    return known.with_columns(**groups).group_by("outlet", "event_id", *groups).agg(articles=pl.len())


def _within(reported: pl.DataFrame, labels: Mapping[str, str]) -> pl.DataFrame:
    """Keep what is of the same group as a cell, its outlet aside."""
    return reported.filter(
        *(pl.col(f"_{name}") == value for name, value in labels.items() if f"_{name}" in reported.columns),
        *(pl.col(name) == value for name, value in labels.items() if name == "event_id"),
    )


def _noted(estimate: Estimate, note: str) -> Estimate:
    return Estimate(estimate.metric, estimate.group, None, None, None, 0, 0, None, estimate.estimator, note=note)
