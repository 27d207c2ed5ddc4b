"""Differences between groups of articles, each an estimate of its own, with tests corrected over declared families."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from framing.errors import ConfigError, did_you_mean
from framing.measure.counts import NONE
from framing.measure.differences import Comparing, Difference
from framing.measure.grouping import ARTICLE_GROUPS, Grouping, grouped
from framing.measure.interval import Bootstrap
from framing.measure.multiple import benjamini_hochberg, holm, max_t
from framing.measure.names import parse
from framing.measure.ratio import ratios
from framing.measure.scopes import scopes
from framing.protocols import Metric, Tables
from framing.types import Estimate

Floats = NDArray[np.float64]
Correction = Literal["none", "holm", "benjamini_hochberg", "max_t"]
WRITTEN = {"holm": "Holm", "benjamini_hochberg": "Benjamini–Hochberg", "max_t": "max-T"}


@dataclass(frozen=True, slots=True)
class Compare:
    """Which groups are compared, and how the tests of a family are corrected.

    Every pair of groups is compared, the first by name minus the second, or each group minus the `baseline`. With
    `permutations: 0`, and for corrections by max-T, all p-values come from the studentised bootstrap.
    """

    of: str = "outlet"
    baseline: str | None = None
    correction: Correction = "holm"
    permutations: int = 999

    def __post_init__(self) -> None:
        check_of(self.of)
        if self.permutations < 0:
            raise ConfigError(f"compare.permutations is {self.permutations}, expected 0 or more; 999 is usual")

    def __call__(
        self,
        tables: Tables,
        families: Sequence[Sequence[Metric]],
        *,
        interval: Bootstrap | None = None,
        seed: int = 0,
    ) -> list[Estimate]:
        """Estimate the differences between groups, family by family; the metrics of one family are corrected together.

        A difference is grouped by `of`, `against` and `over`: all articles; and, where some report events that only one
        group covers, the shared events once more. Events are redrawn where articles have event ids, else articles.
        p-values are by permutation of whole articles, within events if there are any; over articles on events that
        only one group covers they are by the bootstrap, as these could not be the other's.
        The articles of group "(none)" are not compared.

        Raises:
            ConfigError: no group is called like the baseline.
        """
        interval = interval or Bootstrap()
        grouping = grouped(tables, (self.of,))
        pairs = pairs_of(grouping, self.baseline)
        found: list[Estimate] = []
        permutations = 0 if self.correction == "max_t" else self.permutations
        for scope in scopes(tables, grouping, pairs):
            for family in families:
                made = [
                    difference
                    for metric in family
                    for difference in Comparing(
                        metric, ratios(metric, grouping), grouping, scope, interval, permutations, seed
                    ).differences(pairs)
                ]
                found += corrected(made, self.correction, interval.level)
        return found


def corrected(family: Sequence[Difference], correction: Correction, level: float) -> list[Estimate]:
    """Adjust the p-values of a family; max-T makes the intervals simultaneous as well."""
    if correction == "max_t":
        return _simultaneous(family, level)
    p_values = np.array([math.nan if p is None else p for p in (each.estimate.p_value for each in family)])
    if correction == "none":
        return [each.estimate for each in family]
    adjust = holm if correction == "holm" else benjamini_hochberg
    named = written(correction, int((~np.isnan(p_values)).sum()))
    return [
        each.estimate if math.isnan(p) else replace(each.estimate, p_adjusted=float(p), correction=named)
        for each, p in zip(family, adjust(p_values), strict=True)
    ]


def corrected_once_more(family: Sequence[Estimate], correction: Correction) -> list[Estimate]:
    """Adjust the p-values of a family whose estimates name another correction already.

    max-T redraws all differences together, and these are not redrawn: Holm stands in for it.
    """
    adjust = benjamini_hochberg if correction == "benjamini_hochberg" else holm
    p_values = np.array([math.nan if each.p_value is None else each.p_value for each in family])
    name = written(adjust.__name__, int((~np.isnan(p_values)).sum()))
    return [
        each
        if correction == "none" or each.p_value is None
        else replace(each, p_adjusted=float(p), correction=f"{each.correction}; {name}")
        for each, p in zip(family, adjust(p_values), strict=True)
    ]


def check_of(of: str, *, place: str = "compare.of") -> None:
    """Refuse what articles cannot be compared by.

    Raises:
        ConfigError: there is no such grouping of articles; the message names the nearest.
    """
    if of not in ARTICLE_GROUPS:
        raise ConfigError(f"{place}: there is no grouping of articles {of!r}; {did_you_mean(of, ARTICLE_GROUPS)}")


def pairs_of(grouping: Grouping, baseline: str | None, *, place: str = "compare.baseline") -> list[tuple[int, int]]:
    """Number the pairs of groups that are compared: all, or each with the baseline; "(none)" is not.

    Raises:
        ConfigError: no group is called like the baseline.
    """
    (of,) = grouping.by
    names = {labels[of]: number for number, labels in enumerate(grouping.groups) if labels[of] != NONE}
    if baseline is None:
        return list(combinations(names.values(), 2))
    if baseline not in names:
        raise ConfigError(f"{place}: no {of} is called {baseline!r}; {did_you_mean(baseline, names)}")
    return [(number, names[baseline]) for number in names.values() if number != names[baseline]]


def _simultaneous(family: Sequence[Difference], level: float) -> list[Estimate]:
    """Test and bound all differences of a family by the largest studentised deviation in each resample.

    The intervals cover all differences at once with the stated level; those that leave out 0 are the ones whose
    p_adjusted is below 1 − level, up to the grain of the resamples.
    """
    drawn = [each.drawn for each in family if each.drawn is not None]
    if not drawn:
        return [each.estimate for each in family]
    largest = np.zeros(len(drawn[0]))
    for row in drawn:
        np.fmax(largest, np.abs(row), out=largest)
    reach = float(np.quantile(largest, level))
    adjusted = max_t(np.array([each.statistic for each in family]), largest)
    corrected = []
    for each, p in zip(family, adjusted, strict=True):
        estimate = each.estimate
        if each.drawn is None or estimate.value is None:
            corrected.append(estimate)
            continue
        least, most = parse(estimate.metric).bounds
        ends = np.clip(estimate.value + np.array([-reach, reach]) * each.error, least - most, most - least)
        made = estimate.estimator.replace(", studentised ", ", ").replace(", ", ", simultaneous ", 1)
        corrected.append(
            replace(
                estimate,
                low=float(ends[0]),
                high=float(ends[1]),
                p_adjusted=float(p),
                correction=written("max_t", len(drawn)),
                estimator=made,
            )
        )
    return corrected


def written(correction: str, comparisons: int) -> str:
    """Name a correction and the number of comparisons in its family."""
    return f"{WRITTEN[correction]}, {comparisons} comparison{'' if comparisons == 1 else 's'}"
