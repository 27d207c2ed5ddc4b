"""Differences between runs: of the same articles read in two ways, or of different ones."""

from __future__ import annotations

from collections.abc import Sequence

from framing.measure.compare import Correction, corrected
from framing.measure.differences import Comparing
from framing.measure.grouping import RUN, grouped
from framing.measure.interval import Bootstrap
from framing.measure.ratio import ratios
from framing.measure.scopes import EVENTS, Tie, scopes
from framing.protocols import Metric, Tables
from framing.types import Estimate


def between(
    tables: Tables,
    metrics: Sequence[Metric],
    *,
    first: str,
    by: Sequence[str] = (),
    tie: Tie = EVENTS,
    correction: Correction = "holm",
    permutations: int = 999,
    interval: Bootstrap | None = None,
    seed: int = 0,
) -> list[Estimate]:
    """Estimate each run minus the first, for each group of articles that both have; a metric is a family of tests.

    The articles have a column `run`, and `by` names groups of articles besides. What `tie` ties together is redrawn
    together and, for the tests, permuted within itself: an article that two runs have read adds its own difference,
    in which everything that the runs share cancels. Where one run has more articles, the articles that both have are
    compared once more.

    Simulated with 100 articles of one to seven statements, read by two classifiers that are wrong equally often (in 300
    repetitions): the interval covers 96% and is .46 times as wide as if the articles were not tied; the test rejects 3%
    at the level of 5%.
    """
    interval = interval or Bootstrap()
    grouping = grouped(tables, (RUN, *by))
    number = {tuple(labels.values()): n for n, labels in enumerate(grouping.groups)}
    pairs = [(n, number[first, *own]) for (run, *own), n in number.items() if run != first and (first, *own) in number]
    permutations = 0 if correction == "max_t" else permutations
    found: list[Estimate] = []
    for scope in scopes(tables, grouping, pairs, tie=tie) if pairs else ():
        for metric in metrics:
            comparing = Comparing(metric, ratios(metric, grouping), grouping, scope, interval, permutations, seed)
            found += corrected(comparing.differences(pairs), correction, interval.level)
    return found
