"""Fit how logits become labels on examples kept apart: calibration, conformal bound, and the figures they give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.stance.encoder.decision import Decision, conformal_least
from framing.stance.weights import HEADS, Floats
from framing.train.stance.examples import UNKNOWN, Example
from framing.train.stance.linear_heads import platt
from framing.train.stance.scores import binary_f1, calibration_error, stance_scores
from framing.types import Label

PLAIN = Decision(slopes=(1.0,) * len(HEADS), shifts=(0.0,) * len(HEADS), least=0.5, level=0.0, conditional=0.5)
"""What is used before anything was fitted: a set then holds the label that is more probable than not."""

FEW = 20
"""Answers below which a head is not calibrated."""

PARTS = 5
DRAWS = 200
LABELS = tuple(Label)


class Answered(NamedTuple):
    """Examples with the logits that a network gives them, shape (examples, heads)."""

    logits: NDArray[np.float32]
    examples: Sequence[Example]


NONE = Answered(np.zeros((0, len(HEADS)), dtype=np.float32), ())


class Fitting(NamedTuple):
    """How to fit: the `level` of the sets of labels, what to `start` from, and whether heads are `shifted`.

    `start` is what the model had that a training went on from. What is kept apart may have other targets than those
    that were learnt: how often they are addressed and supported says nothing of these, so only slopes are fitted then.
    Examples `beside` calibrate as well; they are not scored, and have no say in the bounds.
    """

    level: float
    start: Decision = PLAIN
    shifted: bool = True
    beside: Answered = NONE


def fit_decision(logits: NDArray[np.float32], examples: Sequence[Example], how: Fitting) -> Decision:
    """Calibrate the heads, then find the bound of the sets of labels and the one of conditions.

    A head with fewer than `FEW` answers of either kind keeps the calibration it starts from; so do the bounds where
    there are too few examples or conditions for them, and the level with its bound.
    """
    calibrated = _calibrated(logits, examples, how)
    probabilities, conditional = calibrated.probabilities(logits)
    decision = calibrated._replace(conditional=_conditional_bound(conditional, examples, how.start.conditional))
    least = conformal_least([example.label for example in examples], probabilities, how.level)
    return decision if least is None else decision._replace(least=least, level=how.level)


class LeftOut(NamedTuple):
    """The calibration error of a target when the other targets calibrate, and what is beside them, on `rows` rows.

    `by_chance` is what the same probabilities would show on average if they were right: few rows make it large.
    """

    target: str
    rows: int
    error: float
    by_chance: float


def error_left_out(logits: NDArray[np.float32], examples: Sequence[Example], how: Fitting) -> list[LeftOut]:
    """Return the calibration error of each target with the calibration of the others; none where there is one only."""
    targets = np.array([example.query.target for example in examples])
    found = []
    for target in sorted(set(targets.tolist())):
        own = targets == target
        others = [example for example, is_own in zip(examples, own, strict=True) if not is_own]
        if others:
            probabilities, _ = _calibrated(logits[~own], others, how).probabilities(logits[own])
            gold = np.array([LABELS.index(examples[at].label) for at in np.flatnonzero(own).tolist()])
            error = calibration_error(gold, probabilities)
            found.append(LeftOut(target, int(own.sum()), error, _error_by_chance(probabilities)))
    return found


def _error_by_chance(probabilities: Floats) -> float:
    random = np.random.default_rng(0)
    cut = probabilities.cumsum(axis=1)[:, :-1]
    drawn = (random.random((DRAWS, len(cut), 1)) > cut).sum(axis=2)
    return float(np.mean([calibration_error(gold, probabilities) for gold in drawn]))


def scores(logits: NDArray[np.float32], examples: Sequence[Example], how: Fitting) -> dict[str, float]:
    """Score examples by the labels that they get when the others and what is beside decide how, and how many get one.

    Calibration and bound for each of `PARTS` parts of the groups are fitted on the other parts; a single group is
    scored with what was fitted on itself.
    """
    groups = np.unique([example.group for example in examples], return_inverse=True)[1]
    part = np.random.default_rng(0).permutation(groups.max() + 1)[groups] % PARTS
    probabilities = np.zeros((len(examples), len(LABELS)))
    inside = np.zeros(len(examples), dtype=bool)
    for number in np.unique(part):
        own = part == number
        others = ~own if not own.all() else own
        fitted = fit_decision(logits[others], [examples[at] for at in np.flatnonzero(others).tolist()], how)
        probabilities[own], _ = fitted.probabilities(logits[own])
        inside[own] = (probabilities[own] >= fitted.least).sum(axis=1) == 1
    gold = np.array([LABELS.index(example.label) for example in examples])
    right = probabilities.argmax(axis=1) == gold
    covered = float(right[inside].mean()) if inside.any() else float("nan")
    figures = stance_scores([example.label for example in examples], probabilities)
    return {**figures, "coverage": float(inside.mean()), "accuracy_covered": covered}


def _calibrated(logits: NDArray[np.float32], examples: Sequence[Example], how: Fitting) -> Decision:
    logits = np.concatenate([logits, how.beside.logits])
    answers = np.array([example.answers for example in (*examples, *how.beside.examples)]).reshape(-1, len(HEADS))
    slopes, shifts = list(how.start.slopes), list(how.start.shifts)
    for head in range(len(HEADS)):
        known = answers[:, head] != UNKNOWN
        yes = answers[known, head] == 1
        if min(yes.sum(), (~yes).sum()) >= FEW:
            slopes[head], shifts[head] = platt(logits[known, head].astype(np.float64), yes, shifted=how.shifted)
    return how.start._replace(slopes=tuple(slopes), shifts=tuple(shifts))


def _conditional_bound(conditional: Floats, examples: Sequence[Example], start: float) -> float:
    """Return the probability of a condition with the best F1, or `start` where there are too few to tell."""
    answers = np.array([example.answers.conditional for example in examples])
    known = answers != UNKNOWN
    if (answers[known] == 1).sum() < FEW:
        return start
    bounds = [step / 20 for step in range(2, 16)]
    return max(bounds, key=lambda bound: binary_f1(answers[known] == 1, conditional[known] >= bound))
