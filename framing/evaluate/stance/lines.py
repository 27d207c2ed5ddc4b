"""Gold lines and answers as arrays, so that figures can be computed for thousands of resamples at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from framing.evaluate.stance.answers import LABELS, Answer, GoldLine
from framing.types import Label

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

AT = {label: at for at, label in enumerate(LABELS)}
POLAR = (Label.SUPPORT, Label.OPPOSE)


@dataclass(frozen=True, slots=True)
class Lines:
    """One entry a line. Labels are positions in `LABELS`.

    `forced` is the more probable of support and oppose where there are probabilities, else the label. `top` is the most
    probable label, -1 where there are no probabilities. `clusters` number what is redrawn as a whole, from 0.
    """

    gold: Integers
    label: Integers
    forced: Integers
    abstained: Flags
    probabilities: Floats
    top: Integers
    clusters: Integers

    def __len__(self) -> int:
        return len(self.gold)

    def of(self, chosen: Flags, *, among: Flags | None = None) -> Lines:
        """Return some of the lines; their clusters are numbered among those of `among`, else among their own."""
        numbers = np.unique(self.clusters[chosen if among is None else among])
        kept = {field.name: getattr(self, field.name)[chosen] for field in fields(self)}
        return Lines(**{**kept, "clusters": np.searchsorted(numbers, kept["clusters"])})

    def answered(self, answers: Sequence[Answer]) -> Lines:
        """Return the same lines with other answers."""
        return replace(
            self,
            label=np.array([AT[each.label] for each in answers], np.int64),
            forced=np.array([_forced(each) for each in answers], np.int64),
            abstained=np.array([each.abstained for each in answers], np.bool_),
            probabilities=np.array([[each.probabilities.get(side, 0.0) for side in LABELS] for each in answers]),
            top=np.array([_top(each) for each in answers], np.int64),
        )

    @property
    def n_clusters(self) -> int:
        """Count the clusters."""
        return int(self.clusters.max()) + 1

    @property
    def without_probabilities(self) -> int:
        """Count the lines without probabilities."""
        return int((self.top < 0).sum())

    @property
    def right(self) -> Flags:
        """Tell which labels are the gold ones."""
        right: Flags = self.label == self.gold
        return right

    @property
    def confidence(self) -> Floats:
        """Return the probability of the most probable label."""
        return self.probabilities[np.arange(len(self)), self.top]


def lines_of(gold: Sequence[GoldLine], answers: Sequence[Answer], clusters: Sequence[str]) -> Lines:
    """Return gold lines with their answers; lines with the same name in `clusters` are redrawn together."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(clusters))}
    empty = np.zeros(0, np.int64)
    return Lines(
        gold=np.array([AT[line.label] for line in gold], np.int64),
        label=empty,
        forced=empty,
        abstained=np.zeros(0, np.bool_),
        probabilities=np.zeros((0, len(LABELS))),
        top=empty,
        clusters=np.array([numbers[name] for name in clusters], np.int64),
    ).answered(answers)


def _forced(answer: Answer) -> int:
    given = answer.probabilities
    return AT[max(POLAR, key=lambda side: given.get(side, 0.0)) if given else answer.label]


def _top(answer: Answer) -> int:
    given = answer.probabilities
    return AT[max(given, key=lambda side: given[side])] if given else -1
