"""From hand-coded articles to corrected estimates: the same metrics, freed from what the classifier gets wrong.

A metric counts a numerator and a denominator in every article, once from the stances of the classifier and, in the
sampled articles, once from those given by hand; `prediction_powered` makes one estimate of the two.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
import polars as pl

from framing.errors import ConfigError
from framing.measure.codes import check_weights, gold_stances, inclusion
from framing.measure.corrected_cell import Cell, as_estimate
from framing.measure.corrected_speakers import by_speaker, counts_of_both
from framing.measure.counts import NONE
from framing.measure.differences import AGAINST, OVER
from framing.measure.grouping import article_groups, check_by
from framing.measure.own import OwnEstimates
from framing.measure.prediction_powered import Floats, Sums, influenced_ratio
from framing.measure.scopes import ALL
from framing.measure.stance import StanceShare
from framing.measure.weights import weighed
from framing.protocols import Counts, Metric, Tables
from framing.types import Estimate

Key = tuple[str, ...]


class Coding(NamedTuple):
    """What coders did.

    `codes` has statement_id, label and perhaps target and conditional; `sample` has a row for each article that was
    drawn, coded or not, with article_id and inclusion_probability.
    """

    codes: pl.DataFrame
    sample: pl.DataFrame

    def within(self, tables: Tables) -> Coding:
        """Return what is of articles and statements that tables still have."""
        return Coding(
            self.codes.join(tables["statements"], on="statement_id", how="semi", maintain_order="left"),
            self.sample.join(tables["articles"], on="article_id", how="semi", maintain_order="left"),
        )

    def checked(self, tables: Tables) -> Coding:
        """Return the same codes with the sample that `inclusion` found right for these tables.

        Raises:
            CorpusError: the sample is no probability sample of their articles.
        """
        return self._replace(sample=inclusion(tables["articles"], self.sample))


class Group(NamedTuple):
    """The articles of one group, numbered from `start` to before `end`; `weights` is 1/π in the sample, else 0."""

    labels: dict[str, str]
    start: int
    end: int
    weights: Floats


def corrected(
    tables: Tables,
    metrics: Sequence[Metric],
    coding: Coding,
    *,
    by: Sequence[str] = ("outlet",),
    level: float = 0.95,
    checked: bool = False,
) -> list[Estimate]:
    """Estimate stance metrics in every group, corrected by the codes of that group's sampled articles.

    Error rates are never shared between groups, which may well differ in them. What the classifier abstained from is
    part of the corrected value, as coders do not abstain. A group without coded articles gives an empty estimate.
    Of a metric by speaker only those are listed who are on target in `FEW_CODED` coded articles or more, and in a group
    with fewer the estimate is empty. Who said what is taken from the run: codes of stances do not correct speakers.
    `checked` says that the sample was found right before, in the run that these tables are a part of.

    Raises:
        ConfigError: the grouping is not one of articles, or the metric does not rest on stance labels alone.
        CorpusError: the codes are not those of a probability sample of this run.
    """
    return [
        as_estimate(str(metric), cell, metric.bounds, level)
        for metric in metrics
        for cell in cells(tables, metric, coding, by=by, checked=checked)
    ]


def differences(
    tables: Tables,
    metrics: Sequence[Metric],
    coding: Coding,
    *,
    of: str = "outlet",
    baseline: str | None = None,
    level: float = 0.95,
    checked: bool = False,
) -> list[Estimate]:
    """Estimate the difference of each corrected metric between every two groups, the first by name minus the second.

    With a baseline, each group minus that one. Groups share no articles and count as independent, which is cautious
    where they report the same events. p-values are by Student's t and not adjusted for how many there are. The articles
    of group "(none)" are not compared.

    Raises:
        ConfigError: as for `corrected`.
        CorpusError: as for `corrected`.
    """
    made = []
    for metric in metrics:
        low, high = metric.bounds
        found = cells(tables, metric, coding, by=(of,), checked=checked)
        named = [cell for cell in found if cell.labels[of] != NONE]
        against = combinations(named, 2) if baseline is None else product(named, named)
        for one, other in against:
            if baseline not in (None, other.labels[of]):
                continue
            if one.labels[of] == other.labels[of] or any(one.labels[key] != other.labels[key] for key in metric.keys):
                continue
            keys = {key: one.labels[key] for key in metric.keys}
            labels = {of: one.labels[of], AGAINST: other.labels[of], OVER: ALL, **keys}
            cell = one.minus(other, labels, one.found.minus(other.found))
            estimate = as_estimate(str(metric), cell, (low - high, high - low), level)
            made.append(replace(estimate, p_value=None if estimate.low is None else cell.found.p_value))
    return made


def cells(tables: Tables, metric: Metric, coding: Coding, *, by: Sequence[str], checked: bool = False) -> list[Cell]:
    """Return the corrected value of a metric for every group and key, before it becomes an estimate."""
    target = _target(metric)
    drawn = coding.sample if checked else inclusion(tables["articles"], coding.sample)
    numbers, groups = grouped_articles(tables["articles"], drawn, by, checked=checked)
    gold = gold_stances(tables, coding.codes, drawn, target=target)
    seen, coded = counts_of_both(metric, tables, gold)
    if seen.function is not None:
        raise ConfigError(f"{metric}: only plain ratios are corrected; ask for balance or net_stance instead")
    machine, by_hand = (
        _per_article(weighed(counts, tables["articles"]), metric.keys, numbers) for counts in (seen, coded)
    )
    return [cell for group in groups for cell in _group_cells(metric, group, machine, by_hand)]


def grouped_articles(
    articles: pl.DataFrame, drawn: pl.DataFrame, by: Sequence[str], *, checked: bool = False
) -> tuple[pl.DataFrame, list[Group]]:
    """Number the articles by group, and weight those that were drawn.

    Raises:
        ConfigError: there is no such grouping, or it is one of statements.
        CorpusError: the weights of a group do not add up to its articles, and were not `checked` before.
    """
    known = article_groups(articles)
    check_by(by, known)
    for name in by:
        if name not in known:
            choice = ", ".join(known)
            raise ConfigError(f"correct.by: {name!r} groups statements; articles are sampled, so choose from {choice}")
    values = {name: known[name].fill_null(NONE) for name in dict.fromkeys(by)}
    numbers = articles.select("article_id", **values).sort(*values, "article_id").with_row_index("number")
    numbers = numbers.join(drawn, on="article_id", how="left", maintain_order="left")
    groups = []
    for part in numbers.partition_by(list(values), maintain_order=True) if values else [numbers]:
        labels = {name: str(part[name][0]) for name in values}
        probabilities = part["inclusion_probability"]
        if not checked:
            place = " × ".join(labels.values()) or "the run"
            check_weights(probabilities.drop_nulls().to_list(), part.height, place=place)
        weights = (1 / probabilities).fill_null(0.0).to_numpy()
        start = int(part["number"][0])
        groups.append(Group(labels, start, start + part.height, weights))
    return numbers.select("article_id", "number"), groups


class _PerArticle(NamedTuple):
    numerator: dict[Key, Floats]
    denominator: dict[Key, Floats]
    statements: dict[Key, Floats]
    within: list[int]

    def sums(self, key: Key, group: Group) -> Sums:
        """Return the sums of one key over the articles of one group; what was never counted is 0."""
        nothing = np.zeros(group.end - group.start)
        above, below = self.numerator.get(key), self.denominator.get(self.base(key))
        chosen = slice(group.start, group.end)
        return Sums(nothing if above is None else above[chosen], nothing if below is None else below[chosen])

    def base(self, key: Key) -> Key:
        """Return the part of a key that the denominator is split by."""
        return tuple(key[i] for i in self.within)


def _per_article(counts: Counts, keys: Key, numbers: pl.DataFrame) -> _PerArticle:
    def dense(rows: pl.DataFrame, value: str, split: Sequence[str]) -> dict[Key, Floats]:
        made: dict[Key, Floats] = {}
        placed = rows.join(numbers, on="article_id", maintain_order="left")
        for key, part in placed.group_by(list(split)) if split else [((), placed)]:
            values = made.setdefault(tuple(map(str, key)), np.zeros(numbers.height))
            values[part["number"].to_numpy()] = part[value].cast(pl.Float64).to_numpy()
        return made

    return _PerArticle(
        dense(counts.numerator, "numerator", keys),
        dense(counts.denominator, "denominator", counts.within),
        dense(counts.denominator, "statements", counts.within),
        [keys.index(name) for name in counts.within],
    )


def _group_cells(metric: Metric, group: Group, machine: _PerArticle, by_hand: _PerArticle) -> Iterator[Cell]:
    for key in sorted({*machine.numerator, *by_hand.numerator} or ([()] if not metric.keys else [])):
        predicted = machine.sums(key, group)
        gold = by_hand.sums(key, group)
        found = influenced_ratio(predicted, gold, group.weights)
        heard = int(((group.weights > 0) & (gold.denominator > 0)).sum()) if by_speaker(metric) else None
        of_these = math.inf if heard is None else max(heard - 2, 1)
        counted = machine.statements.get(machine.base(key))
        statements = 0 if counted is None else int(counted[group.start : group.end].sum())
        yield Cell(
            labels={**group.labels, **dict(zip(metric.keys, key, strict=True))},
            found=found.found._replace(freedom=min(found.found.freedom, of_these)),
            articles=int((predicted.denominator > 0).sum()),
            statements=statements,
            coded=int((group.weights > 0).sum()),
            carrying=int(((group.weights > 0) & (gold.numerator != 0)).sum()),
            suppressed=0 < statements < metric.min_cell,
            influence=found.influence,
            heard=heard,
        )


def obstacle(metric: Metric) -> str | None:
    """Say why hand codes of stances cannot correct a metric; None if they can."""
    if getattr(metric, "target", None) is None or isinstance(metric, OwnEstimates):
        return "rests on no stance, so codes of stances cannot correct it"
    if "abstained" in getattr(metric, "states", ()):
        return "abstaining is what the classifier does, so there is nothing to correct"
    if by_speaker(metric) and not isinstance(metric, StanceShare):
        return "is not corrected speaker by speaker; ask for stance_share instead"
    if math.isinf(metric.bounds[1]):
        return "only plain ratios are corrected; ask for balance or net_stance instead"
    return None


def correctable(metrics: Sequence[Metric], target: str) -> list[Metric]:
    """Return the metrics that hand codes toward a target can correct."""
    return [metric for metric in metrics if obstacle(metric) is None and getattr(metric, "target", None) == target]


def _target(metric: Metric) -> str:
    """Return the target of a metric, or refuse one that hand codes of stances cannot correct."""
    if why := obstacle(metric):
        raise ConfigError(f"{metric}: {why}")
    return str(getattr(metric, "target", ""))
