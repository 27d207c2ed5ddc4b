"""Score stance labels against gold: figures with intervals, calibration, comparisons with others, and mistakes."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from framing.errors import ConfigError
from framing.evaluate.figures import Figure, figures
from framing.evaluate.spans import Ratio
from framing.evaluate.stance.answers import LABELS, Answers, GoldLine
from framing.evaluate.stance.comparison import Comparison, Rival, compare
from framing.evaluate.stance.groups import (
    Redraw,
    clusters_of,
    figures_of,
    groups_of,
    mean_figures,
)
from framing.evaluate.stance.lines import Lines, lines_of
from framing.evaluate.stance.mistakes import Mistake, mistakes
from framing.evaluate.stance.scores import BINS
from framing.measure.interval import Bootstrap

MIN_ITEMS = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What an evaluation is to give: fields to redraw and to group lines by, and how intervals are made.

    A target with fewer than `min_items` gold lines has no figures of its own and no part in the mean over targets.
    """

    cluster: str | None = None
    by: Sequence[str] = ()
    min_items: int = MIN_ITEMS
    interval: Bootstrap = dataclasses.field(default_factory=Bootstrap)
    seed: int = 0

    def __post_init__(self) -> None:
        """Check what only the whole could show."""
        if self.min_items < 1:
            raise ConfigError(f"--min-items is {self.min_items}, expected at least 1")


class Bin(NamedTuple):
    """Lines of similar confidence: their mean confidence, and the share that is right, in per cent."""

    confidence: float
    right: Figure


@dataclass(frozen=True, slots=True)
class StanceEvaluation:
    """Figures of all lines, of the mean over targets, of targets and of groups, and what stands behind them.

    `confusion` has a figure for each gold label and each label given: the share of the gold label's lines, in per cent.
    """

    lines: int
    unused: int
    targets: int
    small_targets: int
    clusters: int
    redraw: Redraw
    figures: tuple[Figure, ...]
    counts: tuple[tuple[int, ...], ...]
    confusion: tuple[Figure, ...]
    reliability: tuple[Bin, ...]
    comparisons: tuple[Comparison, ...]
    mistakes: tuple[Mistake, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, without the mistakes."""
        plain = ("lines", "unused", "targets", "small_targets", "clusters")
        labels = [str(label) for label in LABELS]
        return {
            **{name: getattr(self, name) for name in plain},
            "cluster": self.redraw.cluster,
            "interval": dataclasses.asdict(self.redraw.interval),
            "seed": self.redraw.seed,
            "figures": [figure._asdict() for figure in self.figures],
            "labels": labels,
            "counts": [list(row) for row in self.counts],
            "confusion": [figure._asdict() for figure in self.confusion],
            "reliability": [{"confidence": each.confidence, **each.right._asdict()} for each in self.reliability],
            "comparisons": [_plain(comparison) for comparison in self.comparisons],
            "mistakes": dict(sorted(Counter(mistake.kind for mistake in self.mistakes).items())),
        }


def check(gold: Sequence[GoldLine], asked: Asked) -> None:
    """Check that the gold has the fields that are asked for, before anything is classified.

    Raises:
        ConfigError: no gold line has a field that was asked for.
        CorpusError: a gold line lacks the field to redraw by, or has a list for one to group by.
    """
    clusters_of(gold, asked.cluster)
    list(groups_of(gold, asked.by, asked.min_items))


def evaluate(
    gold: Sequence[GoldLine], answered: Answers, asked: Asked | None = None, rivals: Sequence[Rival] = ()
) -> StanceEvaluation:
    """Score one answer to each gold line, and compare it with other answers to the same lines.

    Raises:
        ConfigError: no gold line has a field that was asked for.
        CorpusError: a gold line lacks the field to redraw by, or has a list for one to group by.
    """
    asked = asked or Asked()
    field, names = clusters_of(gold, asked.cluster)
    redraw = Redraw(field, asked.interval, asked.seed)
    lines = lines_of(gold, answered.answers, names)
    groups = list(groups_of(gold, asked.by, asked.min_items))
    targets = [group for group in groups if list(group.labels) == ["target"]]
    everything, *others = groups
    found = figures_of(lines, everything.labels, redraw)
    if len(targets) > 1:
        found += mean_figures(lines, targets, redraw)
    for group in others:
        found += figures_of(lines.of(group.chosen), group.labels, redraw)
    n_targets = len({line.target for line in gold})
    return StanceEvaluation(
        lines=len(lines),
        unused=answered.unused,
        targets=n_targets,
        small_targets=n_targets - len(targets),
        clusters=lines.n_clusters,
        redraw=redraw,
        figures=tuple(found),
        counts=tuple(tuple(map(int, row)) for row in _counts(lines)),
        confusion=tuple(_confusion(lines, redraw)),
        reliability=tuple(_reliability(lines, redraw)),
        comparisons=tuple(compare(lines, rival, groups, redraw) for rival in rivals),
        mistakes=tuple(mistakes(gold, answered.answers)),
    )


def _counts(lines: Lines) -> np.ndarray[Any, np.dtype[np.int64]]:
    counts = np.zeros((len(LABELS), len(LABELS)), np.int64)
    np.add.at(counts, (lines.gold, lines.label), 1)
    return counts


def _confusion(lines: Lines, redraw: Redraw) -> list[Figure]:
    """Return the shares of a gold label's lines that have each label."""
    counts: list[Counter[str]] = [Counter() for _ in range(lines.n_clusters)]
    for cluster, gold, label in zip(lines.clusters, lines.gold, lines.label, strict=True):
        counts[cluster].update({f"{LABELS[gold]} as {LABELS[label]}": 1, LABELS[gold]: 1})
    ratios = [Ratio(f"{gold} as {label}", f"{gold} as {label}", (gold,)) for gold in LABELS for label in LABELS]
    return figures(counts, ratios, {}, redraw.interval, redraw.seed, noun=redraw.noun)


def _reliability(lines: Lines, redraw: Redraw) -> Iterator[Bin]:
    """Yield the bins of the expected calibration error, from the least confident.

    Where an edge would part lines of one confidence, the bins on both sides are one.
    """
    if lines.without_probabilities:
        return
    order = np.argsort(-lines.confidence, kind="stable")
    ranked = lines.confidence[order]
    inner = [len(lines) * at // BINS for at in range(1, BINS)]
    ends = [0, *(end for end in inner if end and ranked[end - 1] != ranked[end]), len(lines)]
    bins = [order[start:end] for start, end in pairwise(ends) if end > start]
    counts: list[Counter[str]] = [Counter() for _ in range(lines.n_clusters)]
    for number, chosen in enumerate(bins):
        for at in chosen:
            right = int(lines.top[at] == lines.gold[at])
            counts[lines.clusters[at]].update({f"right {number}": right, f"lines {number}": 1})
    ratios = [Ratio(f"bin {number}", f"right {number}", (f"lines {number}",)) for number in range(len(bins))]
    found = figures(counts, ratios, {}, redraw.interval, redraw.seed, noun=redraw.noun)
    for chosen, figure in reversed(list(zip(bins, found, strict=True))):
        yield Bin(float(lines.confidence[chosen].mean()), figure)


def _plain(comparison: Comparison) -> dict[str, Any]:
    return {
        name: [each._asdict() for each in value] if isinstance(value, tuple) else value
        for name, value in comparison._asdict().items()
    }
