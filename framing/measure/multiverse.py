"""One estimate under every combination of choices: the table behind a specification curve.

Simonsohn, Simmons & Nelson 2020; Steegen et al. 2016. The specifications share their articles: a share of them is a
description of how much the choices matter, and no test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple, TypeAlias

import polars as pl

from framing.errors import ConfigError, did_you_mean
from framing.measure.choices import CHOICES, Choices, Specification, effective, groups, specifications
from framing.measure.compare import Compare
from framing.measure.corrected_cell import PPI
from framing.measure.correction import Coding, correctable, corrected, differences
from framing.measure.differences import AGAINST, OVER
from framing.measure.estimate import measure
from framing.measure.interval import Bootstrap
from framing.measure.own import OwnEstimates
from framing.measure.reweighed import Reweighed, is_sum
from framing.measure.scopes import ALL
from framing.measure.wire import CORRECTED
from framing.progress import tracked
from framing.protocols import Metric, Tables
from framing.tables import ESTIMATE_COLUMNS
from framing.types import Estimate

MAIN = "main"
FIGURES = [name for name in ESTIMATE_COLUMNS if name not in ("p_value", "p_adjusted")]


Estimand: TypeAlias = tuple[str, str | None, str | None]
"""A metric, and the groups whose difference is meant, or None twice."""


class Multiverse(NamedTuple):
    """Specifications × estimands as a table, and what is said of choices that were left out.

    Columns: metric, group and against (null: the value over everything), `corrected` (the method, null for the labels
    of the classifier), one column a choice, the figures of the estimate, and `main`. Where nothing is counted a row has
    no value.
    """

    table: pl.DataFrame
    choices: Choices
    notes: list[str]


def multiverse(
    tables: Tables,
    metrics: Sequence[Metric],
    choices: Choices,
    *,
    of: str = "outlet",
    baseline: str | None = None,
    coded: Coded | None = None,
    interval: Bootstrap | None = None,
    seed: int = 0,
) -> Multiverse:
    """Measure metrics, and their differences between groups of articles, under every specification.

    The value over everything is an estimand where 0 means neither side; the difference of each pair of groups, or of
    each group and the `baseline`, always is. With hand codes, all that these can correct is estimated once more under
    every specification; what is left of the sample is a sample of what is left, weighed as the rest is. In 300
    simulated runs with 60 of 200 articles coded in either outlet, under two confidences, weights and units, 95%
    intervals of values and differences cover 92% to 96%.

    Raises:
        ConfigError: a metric cannot be taken apart by statements, or no group is called like the baseline.
        CorpusError: the codes are not those of a probability sample of these articles.
    """
    for metric in metrics:
        if isinstance(metric, OwnEstimates) or metric.keys or not is_sum(metric, tables):
            raise ConfigError(f"multiverse.metrics: {metric} has no single value that is a sum over statements")
    names = groups(tables, of)
    if baseline is not None and baseline not in names:
        raise ConfigError(f"measure.compare.baseline: no {of} is called {baseline!r}; {did_you_mean(baseline, names)}")
    pairs = list(combinations(names, 2)) if baseline is None else [(n, baseline) for n in names if n != baseline]
    if coded is not None:
        coded = coded._replace(coding=coded.coding.checked(tables))
    choices, notes = effective(choices, tables)
    compare, interval = Compare(of, baseline, "none", 0), interval or Bootstrap(resamples=500)
    asked = _Asked(metrics, compare, pairs, interval, seed, coded)
    total = len(choices) // (len(choices.weight) * len(choices.unit))
    main = Specification(*(getattr(choices, name)[0] for name in CHOICES))
    rows: list[Mapping[str, Any]] = []
    for left, chosen in tracked(specifications(choices, tables), "specifications", total=total):
        for specification in chosen:
            rows += [{**row, MAIN: specification == main} for row in asked.rows(left, specification)]
    labels = dict.fromkeys(("metric", "group", AGAINST, CORRECTED, *CHOICES), pl.String)
    figures = {name: ESTIMATE_COLUMNS[name] for name in FIGURES}
    table = pl.DataFrame(rows, schema={**labels, **figures, MAIN: pl.Boolean})
    return Multiverse(table, choices, notes)


class Coded(NamedTuple):
    """Hand codes, and the target that they are toward."""

    coding: Coding
    target: str


class _Asked(NamedTuple):
    metrics: Sequence[Metric]
    compare: Compare
    pairs: Sequence[tuple[str, str]]
    interval: Bootstrap
    seed: int
    coded: Coded | None

    def rows(self, tables: Tables, chosen: Specification) -> list[Mapping[str, Any]]:
        """Return a row for each estimand, an empty one where nothing is left to count."""
        metrics = _reweighed(self.metrics, chosen)
        found = self._by_estimand([*self._overall(tables, _signed(metrics)), *self._apart(tables, metrics)])
        rows = [_row(estimand, None, found.get(estimand), chosen) for estimand in self._wanted(metrics)]
        if self.coded is None:
            return rows
        metrics = _reweighed(correctable(self.metrics, self.coded.target), chosen)
        found = self._by_estimand(self._corrected(tables, metrics, self.coded.coding.within(tables)))
        return rows + [_row(estimand, PPI, found.get(estimand), chosen) for estimand in self._wanted(metrics)]

    def _wanted(self, metrics: Sequence[Metric]) -> list[Estimand]:
        over: list[Estimand] = [(str(metric), None, None) for metric in _signed(metrics)]
        return over + [(str(metric), *pair) for metric in metrics for pair in self.pairs]

    def _by_estimand(self, estimates: Sequence[Estimate]) -> dict[Estimand, Estimate]:
        return {(each.metric, each.group.get(self.compare.of), each.group.get(AGAINST)): each for each in estimates}

    def _corrected(self, tables: Tables, metrics: Sequence[Metric], coding: Coding) -> list[Estimate]:
        of, baseline, level = self.compare.of, self.compare.baseline, self.interval.level
        made = corrected(tables, _signed(metrics), coding, by=(), level=level, checked=True)
        return made + differences(tables, metrics, coding, of=of, baseline=baseline, level=level, checked=True)

    def _overall(self, tables: Tables, metrics: Sequence[Metric]) -> list[Estimate]:
        return measure(tables, metrics, by=(), interval=self.interval, seed=self.seed)

    def _apart(self, tables: Tables, metrics: Sequence[Metric]) -> list[Estimate]:
        left = groups(tables, self.compare.of)
        if self.compare.baseline is not None and self.compare.baseline not in left:
            return []
        made = self.compare(tables, [[metric] for metric in metrics], interval=self.interval, seed=self.seed)
        return [each for each in made if each.group[OVER] == ALL]


def _reweighed(metrics: Sequence[Metric], chosen: Specification) -> list[Metric]:
    return [Reweighed(metric, chosen.weight, chosen.unit) for metric in metrics]


def _signed(metrics: Sequence[Metric]) -> list[Metric]:
    return [metric for metric in metrics if metric.bounds[0] < 0]


def _row(estimand: Estimand, method: str | None, found: Estimate | None, chosen: Specification) -> Mapping[str, Any]:
    name, group, against = estimand
    estimate = found or Estimate(name, {}, None, None, None, 0, 0, None, "none", note="nothing is left to count")
    figures = {each: getattr(estimate, each) for each in FIGURES} | {"wire_policy": chosen.wire}
    labels = {"metric": name, "group": group, AGAINST: against, CORRECTED: method}
    return {**labels, **chosen.labels(), **figures}
