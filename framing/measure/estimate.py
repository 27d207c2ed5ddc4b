"""Metrics in, estimates out: every value with its interval, its counts and a note on what to be careful of."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from framing.measure.functions import RATIO
from framing.measure.grouping import Grouping, grouped
from framing.measure.interval import Bootstrap, Limits, effective_size, generator_of, rule_of_three
from framing.measure.own import OwnEstimates
from framing.measure.ratio import Entries, Integers, Ratios, ratios
from framing.protocols import Metric, SumFunction, Tables
from framing.types import Estimate

# Simulated with one to seven statements an article: 95% intervals cover 84% with 4 articles, 91% with 10, 93% with 20.
FEW_ARTICLES = 20
MANY_UNDEFINED = 0.05
DRAWN_AT_ONCE = 8192  # ratios; two sums of each in 2000 resamples take 256 megabytes at most


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
    found = [ratios(metric, grouping) for metric in metrics if not isinstance(metric, OwnEstimates)]
    limits = iter(zip(found, _limits(found, grouping, interval, seed) if found else (), strict=True))
    estimates: list[Estimate] = []
    for metric in metrics:
        if isinstance(metric, OwnEstimates):
            estimates += metric.estimates(tables, grouping, interval=interval, seed=seed)
        else:
            estimates += _estimates(metric, *next(limits), grouping=grouping, interval=interval)
    return estimates


class _Stack(NamedTuple):
    """The rows of all metrics to be redrawn: entries by group, and for each ratio its two rows and function."""

    entries: Entries
    ratios: Integers
    below: Integers
    codes: Integers
    functions: Sequence[SumFunction]


def _limits(found: Sequence[Ratios], grouping: Grouping, interval: Bootstrap, seed: int) -> list[Limits]:
    """Redraw the articles of each group once for all metrics; ratios that need no draws keep NaN as limits."""
    stack = _stacked(found)
    size = sum(len(values.value) for values in found)
    ends = Limits(*(np.full(size, np.nan) for _ in Limits._fields))
    at_once = DRAWN_AT_ONCE if interval.method == "percentile" else max(1, DRAWN_AT_ONCE // 4)  # products besides
    of_entry = np.searchsorted(grouping.starts, stack.entries.article, side="right") - 1
    cells = np.concatenate([values.cell for values in found])
    of_ratio = cells[stack.ratios] // len(grouping.parts)
    entry_order, ratio_order = np.argsort(of_entry, kind="stable"), np.argsort(of_ratio, kind="stable")
    for group in np.unique(of_ratio):
        entry = _slice(entry_order, of_entry, group)
        rows, local = np.unique(stack.entries.row[entry], return_inverse=True)
        article = stack.entries.article[entry] - grouping.starts[group]
        matrix = csr_array((stack.entries.value[entry], (local, article)), shape=(len(rows), grouping.size(group)))
        ratio = _slice(ratio_order, of_ratio, group)
        for function, chosen in _chunks(ratio, stack, at_once):
            # A fresh generator gives the same draws, so that all ratios of the group stay paired.
            generator = generator_of(seed, grouping.groups[group])
            above, below = (np.searchsorted(rows, of[chosen]) for of in (stack.ratios, stack.below))
            drawn = _drawn(matrix, above, below, function, interval, generator)
            for end, part in zip(ends, drawn, strict=True):
                end[stack.ratios[chosen]] = part
    splits = np.cumsum([len(values.value) for values in found])[:-1]
    return [Limits(*parts) for parts in zip(*(np.split(end, splits) for end in ends), strict=True)]


def _chunks(ratio: Integers, stack: _Stack, size: int) -> Iterator[tuple[SumFunction, Integers]]:
    """Yield the ratios that are the same function of their sums, a limited number at a time."""
    for code, function in enumerate(stack.functions):
        chosen = ratio[stack.codes[ratio] == code]
        for start in range(0, len(chosen), size):
            yield function, chosen[start : start + size]


def _drawn(
    matrix: csr_array,
    above: Integers,
    below: Integers,
    function: SumFunction,
    interval: Bootstrap,
    generator: np.random.Generator,
) -> Limits:
    if interval.method == "studentised":
        return interval.studentised(matrix[above], matrix[below], function, generator)
    used = np.union1d(above, below)
    sums = interval.sums(matrix[used], generator)
    return interval.limits(sums, np.searchsorted(used, above), np.searchsorted(used, below), function)


def _slice(order: Integers, groups: Integers, group: int) -> Integers:
    start, end = np.searchsorted(groups, [group, group + 1], sorter=order)
    return order[start:end]


def _stacked(found: Sequence[Ratios]) -> _Stack:
    """Number the rows of all metrics: the ratios first, then what they are divided by."""
    functions = list(dict.fromkeys(values.function for values in found))
    above, below, chosen, beneath, codes = [], [], [], [], []
    ratio_offset, base_offset = 0, sum(len(values.value) for values in found)
    for values in found:
        drawn = (values.articles > 1) & ~values.alike
        used = np.zeros(int(values.denominators.row.max(initial=-1)) + 1, np.bool_)
        used[values.base[drawn]] = True
        above.append(_kept(values.numerators, drawn, ratio_offset))
        below.append(_kept(values.denominators, used, base_offset))
        chosen.append(np.flatnonzero(drawn) + ratio_offset)
        beneath.append(values.base[drawn] + base_offset)
        codes.append(np.full(int(drawn.sum()), functions.index(values.function)))
        ratio_offset += len(values.value)
        base_offset += len(used)
    joined = [np.concatenate(columns) for columns in zip(*above, *below, strict=True)]
    return _Stack(Entries(*joined), np.concatenate(chosen), np.concatenate(beneath), np.concatenate(codes), functions)


def _kept(entries: Entries, rows: NDArray[np.bool_], offset: int) -> Entries:
    keep = rows[entries.row] & (entries.value != 0)
    return Entries(entries.row[keep] + offset, entries.article[keep], entries.value[keep])


def _estimates(
    metric: Metric, values: Ratios, limits: Limits, *, grouping: Grouping, interval: Bootstrap
) -> Iterator[Estimate]:
    """Yield the estimates of one metric cell by cell, an empty one for each cell in which nothing is counted."""
    name, made = str(metric), str(values.function)
    cells = len(grouping.groups) * len(grouping.parts)
    starts = np.searchsorted(values.cell, range(cells + 1)).tolist()
    for cell in range(cells):
        missing = [note] if (note := grouping.missing(cell)) else []
        labels = grouping.labels(cell)
        if starts[cell] == starts[cell + 1]:
            size = grouping.size(cell // len(grouping.parts))
            note = "; ".join([*missing, f"nothing to count in {_articles(size)}"])
            yield Estimate(name, labels, None, None, None, 0, 0, None, made, note=note)
        for i in range(starts[cell], starts[cell + 1]):
            key, articles, statements = values.keys[i], int(values.articles[i]), int(values.statements[i])
            if statements < metric.min_cell:
                note = "; ".join([*missing, f"suppressed: fewer than {metric.min_cell} statements"])
                yield Estimate(name, {**labels, **key}, None, None, None, articles, statements, None, made, note=note)
                continue
            ends = _Ends.of(values, limits, i, bounds=metric.bounds, interval=interval)
            effect = float(values.design_effect[i])
            yield Estimate(
                metric=name,
                group={**labels, **key},
                value=float(values.value[i]),
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
    def of(cls, values: Ratios, limits: Limits, i: int, *, bounds: tuple[float, float], interval: Bootstrap) -> _Ends:
        """Choose the interval that the articles behind a ratio allow."""
        articles = int(values.articles[i])
        if articles == 1:
            return cls(None, None, str(values.function), ["one article: no interval"])
        if values.alike[i]:
            low, high = alike_limits(values, i, bounds=bounds, level=interval.level)
            made = f"{values.function}, rule of three {interval.percent}"
            return cls(low, high, made, ["all articles have the same value"])
        notes = []
        if (carrying := min(articles, int(values.carrying[i]))) < FEW_ARTICLES:
            notes.append(f"rests on few articles ({carrying}): the interval may be too narrow")
        if limits.undefined[i] > MANY_UNDEFINED:
            lacked = "nothing to count" if interval.method == "percentile" else "nothing to count or no spread"
            notes.append(f"{limits.undefined[i]:.0%} of resamples had {lacked} and were left out")
        low, high = np.clip([limits.low[i], limits.high[i]], *bounds).tolist()
        return cls(low, high, f"{values.function}, {interval.name} {interval.percent}", notes)


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
