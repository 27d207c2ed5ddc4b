"""What wire copy does to estimates: copies kept, dropped or given the weight of one text together.

Copies of one agency text are no independent observations of what outlets say by themselves. `keep` measures what
readers are given, `drop` what is left when one article stands for each text, `weight` counts each of n copies as 1/n.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Literal

import polars as pl

from framing.measure.alignment.pairs import ComparePairs
from framing.measure.classifier_error import ROGAN_GLADEN, second_opinion
from framing.measure.codes import inclusion
from framing.measure.compare import Compare, corrected_once_more
from framing.measure.corrected_cell import PPI
from framing.measure.corrected_speakers import by_speaker
from framing.measure.correction import Coding, corrected, differences
from framing.measure.counts import NONE
from framing.measure.decompose import SPLIT, TERM, TERMS, Decompose
from framing.measure.differences import AGAINST, OVER
from framing.measure.estimate import measure
from framing.measure.grouping import ARTICLE_GROUPS, grouped
from framing.measure.interval import Bootstrap
from framing.measure.own import OwnEstimates
from framing.measure.scopes import ALL
from framing.measure.stance import NetStance, StanceShare
from framing.measure.weights import WEIGHT
from framing.protocols import Metric, Tables
from framing.types import Estimate

Policy = Literal["keep", "drop", "weight"]
WIRE = "wire"
"""The table of the ledger; and, in a group, the policy of an estimate that stands beside the one of the main policy."""

CORRECTED = "corrected"
"""In a group, how an estimate was corrected that stands beside the one of the classifier's labels alone."""

ALIGNED = "aligned"
"""The table of aligned quotes."""

ALL_COPIED = "every article is a copy of one that is kept elsewhere"
NONE_CODED = "every coded article is a copy of one that is kept elsewhere"


def under(tables: Tables, policy: Policy) -> Tables:
    """Return the tables that a policy leaves, given the ledger of wire copy in the table `wire`."""
    if policy == "keep":
        return tables
    ledger = tables[WIRE]
    if policy == "weight":
        weights = ledger.select("article_id", (1 / pl.col("articles")).alias(WEIGHT))
        articles = tables["articles"].join(weights, on="article_id", how="left", maintain_order="left")
        return {**tables, "articles": articles.with_columns(pl.col(WEIGHT).fill_null(1.0))}
    copies = ledger.filter(~pl.col("kept")).select("article_id")
    left = {
        name: tables[name].join(copies, on="article_id", how="anti", maintain_order="left") for name in _OF_ARTICLES
    }
    if "stances" in tables:
        said = left["statements"].select("statement_id")
        left["stances"] = tables["stances"].join(said, on="statement_id", how="semi", maintain_order="left")
    return {**tables, **left}


def measure_under(
    policy: Policy,
    tables: Tables,
    metrics: Sequence[Metric],
    *,
    by: Sequence[str],
    interval: Bootstrap | None = None,
    seed: int = 0,
) -> list[Estimate]:
    """Estimate metrics as `measure` does, under a policy on wire copy.

    A group all of whose articles are dropped gives an empty estimate that says so, and so does, under `weight`, a
    metric that no weights can be given to. Where copies are dropped, an outlet covers an event only by text of its own
    or by the copy that is kept. Copies that are kept or weighted count as independent articles: the interval of a group
    of several outlets is too narrow by as much as copies make up of it.
    """
    left = under(tables, policy)
    found = measure(left, metrics, by=by, interval=interval, seed=seed)
    if policy == "weight":
        own = {str(metric) for metric in metrics if isinstance(metric, OwnEstimates)}
        found = [_unweighted(each) if each.metric in own else each for each in found]
    lost = _lost(tables, left, by) if policy == "drop" else []
    found += [_empty(str(metric), labels) for metric in metrics for labels in lost]
    return [replace(each, wire_policy=policy) for each in found]


def compare_under(
    policy: Policy,
    tables: Tables,
    compare: Compare,
    families: Sequence[Sequence[Metric]],
    *,
    interval: Bootstrap | None = None,
    seed: int = 0,
) -> list[Estimate]:
    """Estimate differences as `compare` does, under a policy on wire copy; those to a group all dropped are empty."""
    left, lost = _compared(policy, tables, compare.of)
    found = [] if compare.baseline in lost else compare(left, families, interval=interval, seed=seed)
    found += [
        _empty(str(metric), {compare.of: first, AGAINST: second, OVER: ALL}, f"{ALL_COPIED} ({' and '.join(gone)})")
        for metric in (metric for family in families for metric in family)
        for first, second in _pairs(tables, compare)
        if (gone := sorted(lost & {first, second}))
    ]
    return [replace(each, wire_policy=policy) for each in found]


def correct_under(
    policy: Policy, tables: Tables, metrics: Sequence[Metric], coding: Coding, *, by: Sequence[str], level: float = 0.95
) -> list[Estimate]:
    """Correct metrics by hand codes, and some once more as `second_opinion` does, under a policy on wire copy.

    Articles that were drawn and are kept are a sample of all that are kept, each by the probability that it had. Under
    `weight`, what coders and what the classifier counted in an article weigh the same. The group names the method.
    """
    left, kept = under(tables, policy), _still_coded(policy, tables, coding)
    inverted = [metric for metric in metrics if isinstance(metric, NetStance | StanceShare) and not by_speaker(metric)]
    lost = _lost(tables, left, by) if policy == "drop" else []
    found = []
    for method, asked in ((PPI, metrics), (ROGAN_GLADEN, inverted)):
        if kept.sample.is_empty():
            made = [_empty(str(metric), each, NONE_CODED) for metric in asked for each in grouped(left, by).groups]
        elif method == PPI:
            made = corrected(left, asked, kept, by=by, level=level)
        else:
            made = second_opinion(left, inverted, kept, by=by, level=level)
        made += [_empty(str(metric), labels) for metric in asked for labels in lost]
        found += _by_method(made, method, policy)
    return found


def compare_corrected_under(
    policy: Policy,
    tables: Tables,
    compare: Compare,
    families: Sequence[Sequence[Metric]],
    coding: Coding,
    *,
    level: float = 0.95,
) -> list[Estimate]:
    """Estimate differences between corrected values under a policy on wire copy, the tests corrected by family."""
    left, lost = _compared(policy, tables, compare.of)
    kept = _still_coded(policy, tables, coding)
    found: list[Estimate] = []
    for family in families if compare.baseline not in lost and not kept.sample.is_empty() else ():
        made = differences(left, family, kept, of=compare.of, baseline=compare.baseline, level=level)
        found += corrected_once_more(made, compare.correction)
    found += [
        _empty(str(metric), {compare.of: first, AGAINST: second, OVER: ALL}, note)
        for metric in (metric for family in families for metric in family)
        for first, second in _pairs(tables, compare)
        if (gone := sorted(lost & {first, second})) or kept.sample.is_empty()
        for note in [f"{ALL_COPIED} ({' and '.join(gone)})" if gone else NONE_CODED]
    ]
    return _by_method(found, PPI, policy)


def decompose_under(
    policy: Policy,
    tables: Tables,
    decompose: Decompose,
    metrics: Sequence[Metric],
    *,
    interval: Bootstrap | None = None,
    seed: int = 0,
) -> list[Estimate]:
    """Split differences as `decompose` does, under a policy on wire copy; those to a group all dropped are empty."""
    left, lost = _compared(policy, tables, decompose.of)
    found = [] if decompose.baseline in lost else decompose(left, metrics, interval=interval, seed=seed)
    found += [
        _empty(
            str(metric),
            {decompose.of: first, AGAINST: second, OVER: ALL, SPLIT: split, TERM: term},
            f"{ALL_COPIED} ({' and '.join(gone)})",
        )
        for metric in metrics
        for first, second in _pairs(tables, decompose)
        if (gone := sorted(lost & {first, second}))
        for split in decompose.splits
        for term in TERMS
    ]
    return [replace(each, wire_policy=policy) for each in found]


def compare_pairs_under(
    policy: Policy, tables: Tables, pairs: ComparePairs, *, interval: Bootstrap | None = None, seed: int = 0
) -> list[Estimate]:
    """Compare aligned quotes as `pairs` does, under a policy on wire copy: those in copies are dropped, or all kept.

    Quotes have no weights; under `weight` the estimates are empty and say so.
    """
    outlets = tables["articles"]["outlet"].drop_nulls().unique().sort().to_list()
    left = under(tables, policy)["articles"].select("article_id")
    aligned = tables[ALIGNED].join(left, on="article_id", how="semi", maintain_order="left")
    found = pairs(aligned, outlets, interval=interval, seed=seed)
    found = [_unweighted(each) for each in found] if policy == "weight" else found
    return [replace(each, wire_policy=policy) for each in found]


def beside(estimates: Sequence[Estimate]) -> list[Estimate]:
    """Set estimates of another policy apart from those of the main one, by their group."""
    return [replace(each, group={**each.group, WIRE: each.wire_policy}) for each in estimates]


_OF_ARTICLES = ("articles", "statements")


def _compared(policy: Policy, tables: Tables, of: str) -> tuple[Tables, set[str]]:
    """Return the tables that a policy leaves, and the groups to compare of which nothing is left."""
    left = under(tables, policy)
    return left, {labels[of] for labels in _lost(tables, left, (of,))} if policy == "drop" else set()


def _lost(tables: Tables, left: Tables, by: Sequence[str]) -> list[Mapping[str, str]]:
    """Return the labels of the groups of articles of which nothing is left."""
    if not by or any(name not in ARTICLE_GROUPS for name in by):
        return []
    remaining = grouped(left, by).groups
    return [labels for labels in grouped(tables, by).groups if labels not in remaining]


def _pairs(tables: Tables, compare: Compare | Decompose) -> Iterator[tuple[str, str]]:
    names = [labels[compare.of] for labels in grouped(tables, (compare.of,)).groups]
    names = [name for name in names if name != NONE]
    if compare.baseline is None:
        return combinations(names, 2)
    return ((name, compare.baseline) for name in names if name != compare.baseline)


def _still_coded(policy: Policy, tables: Tables, coding: Coding) -> Coding:
    """Return what is left of hand codes where copies are dropped.

    Raises:
        CorpusError: the sample is none of this run.
    """
    drawn = inclusion(tables["articles"], coding.sample)
    if policy != "drop":
        return coding
    kept = tables[WIRE].filter(~pl.col("kept")).select("article_id")
    lost = tables["statements"].join(kept, on="article_id", how="semi").select("statement_id")
    return Coding(
        coding.codes.join(lost, on="statement_id", how="anti", maintain_order="left"),
        drawn.join(kept, on="article_id", how="anti", maintain_order="left"),
    )


def _by_method(estimates: Sequence[Estimate], method: str, policy: Policy) -> list[Estimate]:
    """Set corrected estimates apart from the others, by their group."""
    return [
        replace(
            each,
            group={**each.group, CORRECTED: method},
            wire_policy=policy,
            correction=method if each.correction == "none" else each.correction,
        )
        for each in estimates
    ]


def _empty(metric: str, labels: Mapping[str, str], note: str = ALL_COPIED) -> Estimate:
    return Estimate(metric, labels, None, None, None, 0, 0, None, "none", note=note)


def _unweighted(estimate: Estimate) -> Estimate:
    note = "copies cannot be given weights in this metric; drop them instead"
    empty = replace(estimate, value=None, low=None, high=None, design_effect=None, p_value=None, p_adjusted=None)
    return replace(empty, correction="none", note=note)
