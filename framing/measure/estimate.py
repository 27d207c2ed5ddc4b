"""Metrics in, estimates out: every value with its interval, its counts and a note on what to be careful of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from framing.measure.functions import RATIO
from framing.measure.grouping import Grouping, grouped
from framing.measure.interval import Bootstrap, Limits, effective_size, rule_of_three
from framing.measure.own import OwnEstimates
from framing.measure.ratio import Ratios, ratios
from framing.measure.redrawing import Redrawn, redrawn_limits
from framing.protocols import Metric, Tables
from framing.types import Estimate

# Simulated with one to seven statements an article: 95% intervals cover 84% with 4 articles, 91% with 10, 93% with 20.
FEW_ARTICLES = 20
MANY_UNDEFINED = 0.05


def measure(
    tables: Tables,
    metrics: Sequence[Metric],
    *,
    by: Sequence[str] = ("outlet",),
    interval: Bootstrap | None = None,
    seed: int = 0,
) -> list[Estimate]:
    """Estimate every metric in every group, in the order of the metrics, then of the groups and keys.

    `by` names groupings of articles (outlet, language, event_id, year, month as 2024-03, ISO week as 2024-W11) and of
    statements (speaker_kind, quote_type, cue_class); `()` is one group of all. Articles without an outlet or a date
    form the group "(none)", whose estimates say in their note how many they are.

    A group in which nothing is counted gives an empty estimate, and so does one with fewer statements than the metric's
    `min_cell`; the note says which. With one article there is a value and no interval.
    Where all articles have the same value the bootstrap would give an interval of width 0; the rule of three stands in.
    The note warns where fewer than `FEW_ARTICLES` articles carry the value: have something to count, and not just zero.

    Raises:
        ConfigError: there is no such grouping, or a metric has no table or target to count.
        CorpusError: a statement belongs to no article, or a stance to no statement.
    """
    if not metrics:
        return []
    interval = interval or Bootstrap()
    grouping = grouped(tables, by)
    found, redrawn = [], []
    for metric in metrics:
        if not isinstance(metric, OwnEstimates):
            values = ratios(metric, grouping)
            redrawn.append(Redrawn.of(values, grouping, min_cell=metric.min_cell))
            found.append(values.summed())
    sizes = [len(values.value) for values in found]
    limits = iter(zip(found, redrawn_limits(redrawn, sizes, grouping, interval, seed=seed), strict=True))
    redrawn.clear()
    estimates: list[Estimate] = []
    for metric in metrics:
        if isinstance(metric, OwnEstimates):
            estimates += metric.estimates(tables, grouping, interval=interval, seed=seed)
        else:
            estimates += _estimates(metric, *next(limits), grouping=grouping, interval=interval)
    return estimates


def _estimates(
    metric: Metric, values: Ratios, limits: Limits, *, grouping: Grouping, interval: Bootstrap
) -> Iterator[Estimate]:
    """Yield the estimates of one metric cell by cell, an empty one for each cell in which nothing is counted."""
    name, made = str(metric), str(values.function)
    cells = len(grouping.groups) * len(grouping.parts)
    ends_of = _Ends.chooser(values, limits, bounds=metric.bounds, interval=interval)
    columns = (values.articles, values.statements, values.value, values.design_effect)
    counted, stated, valued, effects = (column.tolist() for column in columns)
    starts = np.searchsorted(values.cell, range(cells + 1)).tolist()
    for cell in range(cells):
        missing = [note] if (note := grouping.missing(cell)) else []
        labels = grouping.labels(cell)
        if starts[cell] == starts[cell + 1]:
            size = grouping.size(cell // len(grouping.parts))
            note = "; ".join([*missing, f"nothing to count in {_articles(size)}"])
            yield Estimate(name, labels, None, None, None, 0, 0, None, made, note=note)
        for i in range(starts[cell], starts[cell + 1]):
            key, articles, statements = values.keys[i], counted[i], stated[i]
            if statements < metric.min_cell:
                note = "; ".join([*missing, f"suppressed: fewer than {metric.min_cell} statements"])
                yield Estimate(name, {**labels, **key}, None, None, None, articles, statements, None, made, note=note)
                continue
            ends, effect = ends_of(i), effects[i]
            yield Estimate(
                metric=name,
                group={**labels, **key},
                value=valued[i],
                low=ends.low,
                high=ends.high,
                articles=articles,
                statements=statements,
                design_effect=None if math.isnan(effect) else effect,
                estimator=ends.estimator,
                note="; ".join([*missing, *ends.notes]) or None,
            )


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count} articles"


class _Ends(NamedTuple):
    """The interval of one estimate, how it was made, and what to say about it."""

    low: float | None
    high: float | None
    estimator: str
    notes: list[str]

    @classmethod
    def chooser(
        cls, values: Ratios, limits: Limits, *, bounds: tuple[float, float], interval: Bootstrap
    ) -> Callable[[int], _Ends]:
        """Return what chooses the interval that the articles behind a ratio allow."""
        made = str(values.function)
        redrawn, ruled = f"{made}, {interval.name} {interval.percent}", f"{made}, rule of three {interval.percent}"
        low, high = (np.clip(ends, *bounds).tolist() for ends in (limits.low, limits.high))
        articles, alike, undefined = values.articles.tolist(), values.alike.tolist(), limits.undefined.tolist()
        carrying = np.minimum(values.articles, values.carrying).tolist()
        lacked = "nothing to count" if interval.method == "percentile" else "nothing to count or no spread"

        def of(i: int) -> _Ends:
            if articles[i] == 1:
                return cls(None, None, made, ["one article: no interval"])
            if alike[i]:
                ends = alike_limits(values, i, bounds=bounds, level=interval.level)
                return cls(*ends, ruled, ["all articles have the same value"])
            notes = []
            if carrying[i] < FEW_ARTICLES:
                notes.append(f"rests on few articles ({carrying[i]}): the interval may be too narrow")
            if undefined[i] > MANY_UNDEFINED:
                notes.append(f"{undefined[i]:.0%} of resamples had {lacked} and were left out")
            return cls(low[i], high[i], redrawn, notes)

        return of


def alike_limits(values: Ratios, i: int, *, bounds: tuple[float, float], level: float) -> tuple[float, float]:
    """Return the interval of an estimate whose articles all have the same value.

    A metric that is another function of its sums than their ratio has the ends of the ratio's interval passed through
    that function; its ratio is a share.
    """
    plain = values.function is RATIO
    articles, ratio = int(values.articles[i]), float(values.ratio[i])
    bounds, units = bounds if plain else (0.0, 1.0), float(articles)
    if ratio in bounds:  # then the statements are all alike too
        units = effective_size(articles, int(values.statements[i]), float(values.usual_effect[i]))
    ends = rule_of_three(ratio, units * float(values.units[i]) / articles, bounds, level)
    if plain:
        return ends
    total = values.total[i]
    low, high = values.function.value(np.array(ends) * total, np.array([total, total]))
    return float(low), float(high)
