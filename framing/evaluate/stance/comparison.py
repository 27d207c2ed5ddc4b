"""Two answers to the same lines: differences with intervals from lines redrawn together, and McNemar's test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import binom

from framing.evaluate.figures import Figure
from framing.evaluate.stance.answers import Answer
from framing.evaluate.stance.groups import Group, Redraw, figures_of, spreadless
from framing.evaluate.stance.lines import Lines
from framing.evaluate.stance.scores import NAMES, drawn_together, observed
from framing.measure.estimate import FEW_ARTICLES
from framing.measure.interval import generator_of

ROUNDING = 1e-12


class Rival(NamedTuple):
    """Other answers to gold lines, None for a line that was not asked; without answers `note` says why."""

    name: str
    meaning: str
    answers: Sequence[Answer | None]
    note: str | None = None


class Difference(NamedTuple):
    """A figure of both answers and their difference, ours minus theirs, with its interval and p-value.

    The p-value is two-sided, from the share of resamples on the other side of zero (the smaller, plus one, twice), and
    not corrected for looking at many figures. `low`, `high` and `p_value` are None where one cluster was.
    """

    name: str
    group: Mapping[str, str]
    ours: float
    theirs: float
    difference: float
    low: float | None
    high: float | None
    p_value: float | None
    clusters: int
    note: str | None


class McNemar(NamedTuple):
    """McNemar's exact test: of the lines that one side has right and the other wrong, is either side's share a half?

    It takes lines as independent, which those of one article are not; the interval of the accuracy does not.
    """

    group: Mapping[str, str]
    ours_only: int
    theirs_only: int
    p_value: float


class Comparison(NamedTuple):
    """What rival answers score on the lines that they answer, and how far ours are ahead of them there."""

    name: str
    meaning: str
    lines: int
    figures: tuple[Figure, ...]
    differences: tuple[Difference, ...]
    mcnemar: tuple[McNemar, ...]
    note: str | None


def compare(lines: Lines, rival: Rival, groups: Sequence[Group], redraw: Redraw) -> Comparison:
    """Compare answers with a rival's in every group that it answered lines of; the first group holds all lines."""
    answered = np.array([answer is not None for answer in rival.answers], np.bool_)
    if not answered.any():
        return Comparison(rival.name, rival.meaning, 0, (), (), (), rival.note)
    ours = lines.of(answered)
    theirs = ours.answered([answer for answer in rival.answers if answer is not None])
    shared = [Group(group.labels, group.chosen[answered]) for group in groups]
    shared = [group for group in shared if group.chosen.any()]
    return Comparison(
        name=rival.name,
        meaning=rival.meaning,
        lines=len(ours),
        figures=tuple(figures_of(theirs, {}, redraw)),
        differences=tuple(each for group in shared for each in _differences(ours, theirs, group, redraw)),
        mcnemar=tuple(mcnemar(ours.of(chosen), theirs.of(chosen), labels) for labels, chosen in shared),
        note=rival.note,
    )


def mcnemar(ours: Lines, theirs: Lines, labels: Mapping[str, str]) -> McNemar:
    """Test whether two answers to the same lines are right equally often."""
    one, other = int((ours.right & ~theirs.right).sum()), int((theirs.right & ~ours.right).sum())
    return McNemar(labels, one, other, min(1.0, 2 * float(binom.cdf(min(one, other), one + other, 0.5))))


def _differences(ours: Lines, theirs: Lines, group: Group, redraw: Redraw) -> list[Difference]:
    sides = [lines.of(group.chosen) for lines in (ours, theirs)]
    clusters = sides[0].n_clusters
    drawn = drawn_together(sides, clusters, redraw.interval, generator_of(redraw.seed, group.labels))
    differences = drawn[0] - drawn[1]
    differences[np.abs(differences) < ROUNDING] = 0
    tails = [np.minimum((each <= 0).sum(), (each >= 0).sum()) for each in differences]
    defined = (~np.isnan(differences)).sum(axis=1)
    p_values = np.minimum(1.0, 2 * (np.array(tails) + 1) / (defined + 1))
    flat = [spreadless(each) for each in differences]
    low, high, _ = redraw.interval.ends(differences)
    ours_values, theirs_values = (observed(side) for side in sides)
    alone = clusters == 1
    return [
        Difference(
            name=name,
            group=group.labels,
            ours=float(ours_values[at]),
            theirs=float(theirs_values[at]),
            difference=float(ours_values[at] - theirs_values[at]),
            low=None if alone else float(low[at]),
            high=None if alone else float(high[at]),
            p_value=None if alone else float(p_values[at]),
            clusters=clusters,
            note=_note(clusters, flat[at], redraw.noun),
        )
        for at, name in enumerate(NAMES)
        if not np.isnan(ours_values[at] - theirs_values[at])
    ]


def _note(clusters: int, flat: bool, noun: str) -> str | None:
    if clusters == 1:
        return f"one {noun}: no interval"
    if flat:
        return "the same in every resample"
    few = clusters < FEW_ARTICLES
    return f"rests on few {noun}s ({clusters}): the interval may be too narrow" if few else None
