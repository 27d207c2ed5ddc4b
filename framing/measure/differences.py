"""The difference of one metric between pairs of groups: its value, interval, test and counts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from framing.measure.contrasts import draws, moment_rows
from framing.measure.estimate import FEW_ARTICLES, MANY_UNDEFINED
from framing.measure.grouping import Grouping
from framing.measure.interval import Bootstrap, generator_of
from framing.measure.permutation import permutation_p
from framing.measure.ratio import Ratios
from framing.measure.scopes import ALONE, Scope
from framing.measure.sides import Side, Sums
from framing.protocols import Metric
from framing.types import Estimate

Floats = NDArray[np.float64]

HELD_AT_ONCE = 1 << 24  # sums of resamples: 128 megabytes, and as much again for what is made of them
SIGNS = (1.0, -1.0)
SUMS = 14  # of a pair: two sums of each group and the products of the four by twos
AGAINST, OVER = "against", "over"
_COUNTS = (Side._fields.index("articles"), Side._fields.index("statements"))


class Difference(NamedTuple):
    """One comparison; its standard error and its studentised value in the data and in each resample, where it has any.

    They are missing where an estimate is empty, or where the articles of a group are all alike.
    """

    estimate: Estimate
    error: float = math.nan
    statistic: float = math.nan
    drawn: Floats | None = None


class Found(NamedTuple):
    """What redrawing says about one comparison; `clusters` counts those in which something is counted."""

    low: float
    high: float
    undefined: float
    error: float
    statistic: float
    drawn: Floats
    clusters: int


class Pair(NamedTuple):
    """Two groups, the keys that are compared between them, and for each the p-value by permutation, NaN if none."""

    first: int
    second: int
    keys: list[Mapping[str, str]]
    sides: tuple[Side, Side]
    by_cluster: list[csr_array]
    p_values: Floats


class Comparing(NamedTuple):
    """How differences of one metric are made; `permutations` is 0 where p-values come from the bootstrap."""

    metric: Metric
    values: Ratios
    grouping: Grouping
    scope: Scope
    interval: Bootstrap
    permutations: int
    seed: int

    def differences(self, pairs: Sequence[tuple[int, int]]) -> list[Difference]:
        """Compare each pair of groups, key by key.

        A key is compared where it is listed in both groups. All comparisons of a scope share the draws, whatever the
        metric, so that their dependence is kept.
        """
        sums = Sums.of(self.values, len(self.scope.group))
        made = [self._pair(sums, first, second) for first, second in pairs]
        compared = [(pair, i) for pair in made for i in range(len(pair.keys))]
        empty = [pair for pair in made if not pair.keys and not self.metric.keys]
        found = [Difference(self.blank(pair.first, pair.second, {})) for pair in empty]
        if compared:
            rows = [csr_array(vstack(parts)) for parts in zip(*(pair.by_cluster for pair in made), strict=True)]
            size = max(1, HELD_AT_ONCE // (SUMS * self.interval.resamples))
            for start in range(0, len(compared), size):
                chosen = slice(start, start + size)
                found += self._redrawn([part[chosen] for part in rows], compared[chosen])
        return found

    def _pair(self, sums: Sums, first: int, second: int) -> Pair:
        of_first, of_second = self._listed(first), self._listed(second)
        keys = [key for key in of_first if key in of_second]
        one, other = self.scope.articles(first, second)
        ratios = [np.array([of[key] for key in keys], np.int64) for of in (of_first, of_second)]
        sides = sums.side(ratios[0], one), sums.side(ratios[1], other)
        by_cluster = [
            part @ self._onto(articles)
            for side, articles in zip(sides, (one, other), strict=True)
            for part in (side.above, side.below)
        ]
        p_values = np.full(len(keys), np.nan)
        if self.permutations and keys and one.any() and other.any() and self.scope.exchangeable(first, second):
            p_values = permutation_p(
                csr_array(hstack([side.above for side in sides])),
                csr_array(hstack([side.below for side in sides])),
                np.repeat([True, False], [one.sum(), other.sum()]),
                np.concatenate([self.scope.events[one], self.scope.events[other]]),
                function=self.values.function,
                permutations=self.permutations,
                generator=generator_of(self.seed, self._labels(first, second)),
            )
        return Pair(first, second, [dict(key) for key in keys], sides, by_cluster, p_values)

    def _listed(self, group: int) -> dict[tuple[tuple[str, str], ...], int]:
        """Map each key that is listed in a group to its ratio."""
        start, end = np.searchsorted(self.values.cell, [group, group + 1])
        return {tuple(self.values.keys[i].items()): i for i in range(start, end)}

    def _onto(self, articles: NDArray[np.bool_]) -> csr_array:
        """Return the matrix that sums articles by cluster."""
        of = self.scope.clusters[articles]
        return csr_array((np.ones(len(of)), (np.arange(len(of)), of)), shape=(len(of), sum(self.scope.strata)))

    def _labels(self, first: int, second: int) -> dict[str, str]:
        of = self.grouping.by[0]
        return {**self.grouping.groups[first], AGAINST: self.grouping.groups[second][of]}

    def _redrawn(self, rows: list[csr_array], compared: Sequence[tuple[Pair, int]]) -> list[Difference]:
        """Redraw the clusters of some comparisons and finish these."""
        moments, clusters = moment_rows(rows), sum(self.scope.strata)
        function, interval = self.values.function, self.interval
        found = draws(moments.sum(axis=1)[:, None], SIGNS, function=function, clusters=clusters)
        sums = interval.sums(moments, generator_of(self.seed, {}), self.scope.strata)
        drawn = draws(sums, SIGNS, function=function, clusters=clusters)
        studentised = drawn.studentised(found.value)
        if interval.method == "studentised":
            ends = interval.ends(studentised.copy())
            low = found.value[:, 0] - ends.high * found.error[:, 0]
            high = found.value[:, 0] - ends.low * found.error[:, 0]
        else:
            low, high, _ = ends = interval.ends(drawn.value)
        filled = (rows[1] + rows[3] > 0).sum(axis=1)
        statistics = found.studentised(np.zeros_like(found.value))[:, 0]
        return [
            self._difference(
                pair,
                i,
                Found(
                    low=float(low[n]),
                    high=float(high[n]),
                    undefined=float(ends.undefined[n]),
                    error=float(found.error[n, 0]),
                    statistic=float(statistics[n]),
                    drawn=studentised[n],
                    clusters=int(filled[n]),
                ),
            )
            for n, (pair, i) in enumerate(compared)
        ]

    def _difference(self, pair: Pair, i: int, found: Found) -> Difference:
        """Choose the interval and the test that the articles of both groups allow."""
        sides, estimate = pair.sides, self.blank(pair.first, pair.second, pair.keys[i])
        articles, statements = ([int(side[at][i]) for side in sides] for at in _COUNTS)
        estimate = replace(estimate, articles=sum(articles), statements=sum(statements))
        labels = [self.label(pair.first), self.label(pair.second)]
        empty = [label for label, count in zip(labels, articles, strict=True) if not count]
        if empty:
            return Difference(replace(estimate, note=f"nothing to count in {' and '.join(empty)}"))
        if min(statements) < self.metric.min_cell:
            hidden = f"suppressed: fewer than {self.metric.min_cell} statements on one side"
            return Difference(replace(estimate, note=hidden))
        value = float(sides[0].value[i] - sides[1].value[i])
        if lone := [label for label, count in zip(labels, articles, strict=True) if count == 1]:
            only = f"one article in {' and '.join(lone)}: no interval, no test"
            return Difference(replace(estimate, value=value, note=only))
        permuted = not math.isnan(pair.p_values[i])
        p_value = float(pair.p_values[i]) if permuted else None
        alike = [label for label, side in zip(labels, sides, strict=True) if not side.error[i] > 0]
        if alike or not found.error > 0:
            same = f"all articles of {' and '.join(alike)} have the same value"
            equal = (same if alike else f"the difference is the same in every {self.scope.unit}") + "; no test" * (
                p_value is None
            )
            low, high = self._apart(sides, i)
            made = f"{estimate.estimator}, from the intervals of both {self.interval.percent}"
            made += self._test(permuted) if permuted else ""
            estimate = replace(estimate, value=value, low=low, high=high, p_value=p_value)
            return Difference(replace(estimate, estimator=made, note=equal))
        if p_value is None:
            extreme = np.abs(found.drawn) >= abs(found.statistic) * (1 - 1e-9)
            p_value = float((1 + extreme.sum()) / (1 + (~np.isnan(found.drawn)).sum()))
        low, high = np.clip([found.low, found.high], *self._bounds()).tolist()
        estimate = replace(estimate, value=value, low=low, high=high, p_value=p_value)
        made = f"{estimate.estimator}, {self.redrawn} {self.interval.percent}{self._test(permuted)}"
        effect, note = self._effect(sides, i, found), self._note(sides, i, found)
        estimate = replace(estimate, estimator=made, design_effect=effect, note=note)
        return Difference(estimate, found.error, found.statistic, found.drawn)

    def blank(self, first: int, second: int, key: Mapping[str, str]) -> Estimate:
        """Return the estimate of a comparison in which nothing is counted yet."""
        labels = self._labels(first, second)
        return Estimate(
            metric=str(self.metric),
            group={**labels, OVER: self.scope.name, **key},
            value=None,
            low=None,
            high=None,
            articles=0,
            statements=0,
            design_effect=None,
            estimator=f"difference ({self.values.function})",
            note=f"nothing to count in {self.label(first)} or {self.label(second)}",
        )

    def label(self, group: int) -> str:
        """Name a group."""
        return next(iter(self.grouping.groups[group].values()))

    @property
    def redrawn(self) -> str:
        """Say what is redrawn and how the interval is made."""
        return "studentised " * (self.interval.method == "studentised") + f"{self.scope.unit} bootstrap"

    def _test(self, permuted: bool) -> str:
        within = "" if self.scope.unit == ALONE else f" within {self.scope.unit}s"
        return f", p by permutation{within}" if permuted else ", p by bootstrap"

    def _bounds(self) -> tuple[float, float]:
        low, high = self.metric.bounds
        return low - high, high - low

    def _apart(self, sides: tuple[Side, Side], i: int) -> tuple[float, float]:
        """Make the interval of a difference from those of its two values (Zou & Donner 2008)."""
        one, other = sides
        function, bounds, level = self.values.function, self.metric.bounds, self.interval.level
        (low, high), (other_low, other_high) = (side.limits(i, function, bounds, level) for side in sides)
        value, against = float(one.value[i]), float(other.value[i])
        difference = value - against
        return (
            difference - math.hypot(value - low, other_high - against),
            difference + math.hypot(high - value, against - other_low),
        )

    def _effect(self, sides: tuple[Side, Side], i: int, found: Found) -> float | None:
        """Return the variance under clustering over that of independent statements."""
        independent = sum(float(side.independent[i]) for side in sides)
        if self.scope.unit == ALONE:
            clustered = sum(float(side.error[i]) ** 2 for side in sides)
        else:
            drawn, own = sum(self.scope.strata), found.clusters
            clustered = found.error**2 * (own / max(own - 1, 1)) / (drawn / max(drawn - 1, 1))
        return clustered / independent if independent > 0 else None

    def _note(self, sides: tuple[Side, Side], i: int, found: Found) -> str | None:
        notes = []
        carrying = min(int(side.carrying[i]) for side in sides)
        if self.scope.unit != ALONE and found.clusters < FEW_ARTICLES:
            notes.append(f"rests on few {self.scope.unit}s ({found.clusters}): the interval may be too narrow")
        elif carrying < FEW_ARTICLES:
            notes.append(f"rests on few articles ({carrying}): the interval may be too narrow")
        if found.undefined > MANY_UNDEFINED:
            notes.append(f"{found.undefined:.0%} of resamples had nothing to count or no spread and were left out")
        return "; ".join(notes) or None
