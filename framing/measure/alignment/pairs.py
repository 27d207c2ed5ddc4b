"""Pairs of outlets compared over the utterances that both render: the cleanest estimate of presentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import binomtest

from framing.errors import ConfigError, did_you_mean
from framing.measure.alignment.outcomes import BINARY, OUTCOMES, Aligned, Outcome
from framing.measure.compare import corrected
from framing.measure.differences import AGAINST, OVER, Difference
from framing.measure.estimate import FEW_ARTICLES
from framing.measure.functions import RATIO
from framing.measure.interval import Bootstrap, generator_of, rule_of_three
from framing.types import Estimate

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ALIGNED = "aligned quotes"
_SAME = 1e-12


@dataclass(frozen=True, slots=True)
class ComparePairs:
    """Which outlets are compared, every pair or each with the `baseline`, and how the tests are corrected together.

    Of an outlet that has an utterance several times the earliest article counts, the first by id of equals, and of its
    versions the one that keeps most. Two versions of different parts of an utterance are not compared.
    """

    baseline: str | None = None
    correction: Literal["none", "holm", "benjamini_hochberg"] = "holm"

    def __call__(
        self, aligned: pl.DataFrame, outlets: Sequence[str], *, interval: Bootstrap | None = None, seed: int = 0
    ) -> list[Estimate]:
        """Estimate for each pair of outlets and each outcome the mean difference between two versions.

        Quotes are tied together where they stand in the same article or on the same event. Such groups are what is
        redrawn for the interval and what is counted by the test: the exact sign test of the groups' sums, which is
        McNemar's exact test where an outcome is yes or no and each group has one quote.

        Raises:
            ConfigError: no outlet is called like the baseline.
        """
        interval = interval or Bootstrap()
        chosen = _chosen(aligned)
        found = [
            _estimate(outcome, first, second, _both(chosen, outcome, first, second), interval, seed)
            for first, second in self._pairs(outlets)
            for outcome in OUTCOMES
        ]
        return corrected([Difference(each) for each in found], self.correction, interval.level)

    def _pairs(self, outlets: Sequence[str]) -> Iterator[tuple[str, str]]:
        if self.baseline is None:
            return combinations(sorted(outlets), 2)
        if self.baseline not in outlets:
            raise ConfigError(
                f"align.baseline: no outlet is called {self.baseline!r}; {did_you_mean(self.baseline, outlets)}"
            )
        baseline = self.baseline
        return ((outlet, baseline) for outlet in sorted(outlets) if outlet != baseline)


class _Paired(NamedTuple):
    """The differences of an outcome, one a quote, each with the group of quotes it is tied to."""

    differences: Floats
    group: Integers
    articles: int

    def by_group(self) -> csr_array:
        """Return the sums of the differences and their numbers, 2 × groups."""
        sums = [np.bincount(self.group, weights) for weights in (self.differences, np.ones_like(self.differences))]
        return csr_array(np.array(sums))


def _chosen(aligned: pl.DataFrame) -> pl.DataFrame:
    """Keep one version of an utterance for each outlet."""
    order = ["utterance", "outlet", "published", "article_id", "kept", "statement_id"]
    ordered = aligned.sort(order, descending=[name == "kept" for name in order], nulls_last=True)
    return ordered.unique(["utterance", "outlet"], keep="first", maintain_order=True)


def _both(chosen: pl.DataFrame, outcome: Outcome, first: str, second: str) -> _Paired:
    """Pair the versions of two outlets that have half or more of the shorter one's part of the utterance in common."""
    columns = ("utterance", "article_id", "event_id", "kept_from", "kept_to")
    value = OUTCOMES[outcome].cast(pl.Float64).alias("value")
    one, other = (
        chosen.filter(pl.col("outlet") == outlet).select(*columns, value).drop_nulls("value")
        for outlet in (first, second)
    )
    both = one.join(other, on="utterance", suffix="_other").sort("utterance")
    common = pl.min_horizontal("kept_to", "kept_to_other") - pl.max_horizontal("kept_from", "kept_from_other")
    shorter = pl.min_horizontal(
        pl.col("kept_to") - pl.col("kept_from"), pl.col("kept_to_other") - pl.col("kept_from_other")
    )
    both = both.filter(common >= shorter / 2)
    return _Paired(
        differences=(both["value"] - both["value_other"]).to_numpy(),
        group=_groups(both),
        articles=both["article_id"].n_unique() + both["article_id_other"].n_unique(),
    )


def _groups(both: pl.DataFrame) -> Integers:
    """Number the groups of quotes that are connected by an article or an event."""
    size = both.height
    ties = [both[name] for name in ("article_id", "article_id_other", "event_id")]
    codes = [tie.rank("dense") for tie in ties]
    rows: list[Integers] = []
    columns: list[Integers] = []
    offset = size
    for code in codes:
        known = code.is_not_null().to_numpy()
        numbers = code.fill_null(1).cast(pl.Int64).to_numpy() - 1
        rows.append(np.flatnonzero(known))
        columns.append(offset + numbers[known])
        offset += int(numbers.max(initial=-1)) + 1
    row, column = np.concatenate(rows), np.concatenate(columns)
    graph = coo_array((np.ones(len(row)), (row, column)), shape=(offset, offset))
    _, labels = connected_components(graph, directed=False)
    return np.unique(labels[:size], return_inverse=True)[1].astype(np.int64)


def _estimate(outcome: Outcome, first: str, second: str, paired: _Paired, interval: Bootstrap, seed: int) -> Estimate:
    differences, quotes = paired.differences, len(paired.differences)
    labels = {"outlet": first, AGAINST: second}
    made = "mean paired difference"
    empty = Estimate(
        metric=str(Aligned(outcome)),
        group={**labels, OVER: ALIGNED},
        value=None,
        low=None,
        high=None,
        articles=paired.articles,
        statements=2 * quotes,
        design_effect=None,
        estimator=made,
        note=f"no quote of both {first} and {second}",
    )
    if not quotes:
        return empty
    sums = paired.by_group()
    groups = sums.shape[1]
    said = f"{_counted(quotes, 'quote')} of both in {_counted(groups, 'unconnected group')}"
    estimate = replace(empty, value=float(differences.mean()), note=said)
    if groups == 1:
        return replace(estimate, note=f"{said}: no interval, no test")
    value = float(differences.mean())
    by_group = sums.toarray()
    test = "exact McNemar test" if outcome in BINARY and groups == quotes else "exact sign test"
    if np.ptp(by_group[0] / by_group[1]) <= _SAME:
        low, high = rule_of_three(value, groups, (-1.0, 1.0), interval.level)
        made = f"{made}, rule of three {interval.percent}"
    else:
        resampled = interval.sums(sums, generator_of(seed, labels))
        low, high, _ = (float(end[0]) for end in interval.ends(RATIO.value(resampled[:1], resampled[1:])))
        made = f"{made}, article bootstrap {interval.percent}"
    few = f"; rests on few articles ({_counted(groups, 'unconnected group')}): the interval may be too narrow"
    return replace(
        estimate,
        low=low,
        high=high,
        p_value=_sign_test(by_group[0]),
        design_effect=_design_effect(differences, by_group),
        estimator=f"{made}, p by {test}",
        note=said + few * (groups < FEW_ARTICLES),
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + "s" * (count != 1)


def _sign_test(sums: Floats) -> float:
    """Test whether differences are as often above 0 as below, those of 0 left out; without any p is 1."""
    above, below = int((sums > _SAME).sum()), int((sums < -_SAME).sum())
    return float(binomtest(above, above + below).pvalue) if above + below else 1.0


def _design_effect(differences: Floats, by_group: Floats) -> float | None:
    """Return the variance of the mean with whole groups redrawn over that of independent quotes."""
    quotes, groups = len(differences), by_group.shape[1]
    mean = differences.mean()
    independent = float(((differences - mean) ** 2).sum()) * quotes / max(quotes - 1, 1)
    clustered = float(((by_group[0] - mean * by_group[1]) ** 2).sum()) * groups / (groups - 1)
    return clustered / independent if independent > _SAME else None
