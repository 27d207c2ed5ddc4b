"""Figures with intervals, for which whole articles are drawn again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from framing.evaluate.spans import Ratio
from framing.measure.estimate import FEW_ARTICLES, MANY_UNDEFINED
from framing.measure.interval import Bootstrap, Floats, generator_of, rule_of_three


class Figure(NamedTuple):
    """A figure of a group with its interval.

    `value` is None where nothing was counted, `low` and `high` also where one cluster was; `note` then says why.
    `clusters` are the articles, or what else is drawn again, with something to count, `units` what they hold of it:
    the denominator.
    """

    name: str
    group: Mapping[str, str]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    clusters: int = 0
    units: int = 0
    note: str | None = None


class Rests(NamedTuple):
    """What a figure rests on.

    Of `clusters` with something to count, `carrying` have what decides the figure, such as the hits of a share;
    `alike` says that all have the same value, so that redrawing them shows no spread.
    """

    clusters: int
    units: int
    carrying: int
    alike: bool


class Drawn(NamedTuple):
    """The ends of a redrawn interval, and the share of draws that had nothing to count."""

    low: float
    high: float
    undefined: float


def figures(
    counts: Sequence[Counter[str]],
    ratios: Sequence[Ratio],
    group: Mapping[str, str],
    interval: Bootstrap,
    seed: int,
    *,
    noun: str = "article",
) -> list[Figure]:
    """Return the figures of one group of articles, in per cent, one for each ratio; all share the draws of articles."""
    above = np.array([[ratio.times * each[ratio.part] for each in counts] for ratio in ratios], np.float64)
    below = np.array([[sum(each[name] for name in ratio.whole) for each in counts] for ratio in ratios], np.float64)
    sums = interval.sums(csr_array(np.concatenate([above, below])), generator_of(seed, group))
    limits = interval.limits(sums, np.arange(len(ratios)), np.arange(len(ratios), 2 * len(ratios)))
    return [
        _ratio(Figure(ratio.name, group), above[i], below[i], Drawn(*(float(end[i]) for end in limits)), interval, noun)
        for i, ratio in enumerate(ratios)
    ]


def with_interval(
    named: Figure,
    value: float,
    rests: Rests,
    drawn: Drawn,
    interval: Bootstrap,
    *,
    noun: str = "article",
    bounds: tuple[float, float] = (0.0, 1.0),
) -> Figure:
    """Fill in a figure and choose the interval that its data allow; `noun` is what is drawn again."""
    if not rests.clusters:
        return named._replace(note="nothing to count")
    named = named._replace(value=value, clusters=rests.clusters, units=rests.units)
    if rests.clusters == 1:
        return named._replace(note=f"one {noun}: no interval")
    if rests.alike:
        low, high = rule_of_three(value, rests.clusters, bounds, interval.level)
        return named._replace(low=low, high=high, note=f"all {noun}s have the same value: rule of three")
    notes = []
    if rests.carrying < FEW_ARTICLES:
        notes.append(f"rests on few {noun}s ({rests.carrying}): the interval may be too narrow")
    if drawn.undefined > MANY_UNDEFINED:
        notes.append(f"{drawn.undefined:.0%} of resamples had nothing to count and were left out")
    return named._replace(low=drawn.low, high=drawn.high, note="; ".join(notes) or None)


def _ratio(named: Figure, above: Floats, below: Floats, drawn: Drawn, interval: Bootstrap, noun: str) -> Figure:
    """Fill in a figure from its counts in each article."""
    counted = below > 0
    each = above[counted] / below[counted]
    rests = Rests(
        clusters=int(counted.sum()),
        units=int(below.sum()),
        carrying=int((above > 0).sum()),
        alike=bool((each == each[:1]).all()),
    )
    value = float(above.sum() / below.sum()) if rests.clusters else 0.0
    found = with_interval(named, value, rests, drawn, interval, noun=noun)
    return found._replace(value=_percent(found.value), low=_percent(found.low), high=_percent(found.high))


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
