"""Figures in per cent with intervals, for which whole articles are drawn again."""

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
    """A figure of a group, in per cent, with its interval.

    `value` is None where nothing was counted, `low` and `high` also where one article was; `note` then says why.
    `articles` are those with something to count, `units` what they hold of it: the denominator.
    """

    name: str
    group: Mapping[str, str]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    articles: int = 0
    units: int = 0
    note: str | None = None


def figures(
    counts: Sequence[Counter[str]], ratios: Sequence[Ratio], group: Mapping[str, str], interval: Bootstrap, seed: int
) -> list[Figure]:
    """Return the figures of one group of articles, one for each ratio; all share the draws of articles."""
    above = np.array([[ratio.times * each[ratio.part] for each in counts] for ratio in ratios], np.float64)
    below = np.array([[sum(each[name] for name in ratio.whole) for each in counts] for ratio in ratios], np.float64)
    sums = interval.sums(csr_array(np.concatenate([above, below])), generator_of(seed, group))
    limits = interval.limits(sums, np.arange(len(ratios)), np.arange(len(ratios), 2 * len(ratios)))
    return [
        _figure(Figure(ratio.name, group), above[i], below[i], _Drawn(*(float(end[i]) for end in limits)), interval)
        for i, ratio in enumerate(ratios)
    ]


class _Drawn(NamedTuple):
    """The ends of a redrawn interval, and the share of draws that had nothing to count."""

    low: float
    high: float
    undefined: float


def _figure(named: Figure, above: Floats, below: Floats, drawn: _Drawn, interval: Bootstrap) -> Figure:
    """Fill in a figure from its counts in each article and choose the interval that these allow."""
    counted = below > 0
    articles, units = int(counted.sum()), int(below.sum())
    if not articles:
        return named._replace(note="nothing to count")
    value = float(above.sum() / below.sum())
    named = named._replace(value=100 * value, articles=articles, units=units)
    if articles == 1:
        return named._replace(note="one article: no interval")
    each = above[counted] / below[counted]
    if (each == each[0]).all():
        low, high = rule_of_three(value, articles, (0.0, 1.0), interval.level)
        return named._replace(low=100 * low, high=100 * high, note="all articles have the same value: rule of three")
    notes = []
    if (carrying := int((above > 0).sum())) < FEW_ARTICLES:
        notes.append(f"rests on few articles ({carrying}): the interval may be too narrow")
    if drawn.undefined > MANY_UNDEFINED:
        notes.append(f"{drawn.undefined:.0%} of resamples had nothing to count and were left out")
    return named._replace(low=100 * drawn.low, high=100 * drawn.high, note="; ".join(notes) or None)
