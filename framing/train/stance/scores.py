"""Figures for stance predictions on held-out rows: macro-F1 of four labels, forced side, condition, calibration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.stance.weights import CONDITIONAL_AT, Floats
from framing.train.stance.rows import StanceRow
from framing.types import Label

LABELS = tuple(Label)
BINS = 15

Indices = NDArray[np.int64]


def macro_f1(gold: Indices, predicted: Indices, labels: Sequence[int]) -> float:
    """Return the mean F1 of those labels that occur in `gold`, 0 to 1; nan where none does."""
    scores = []
    for label in labels:
        n_gold, n_predicted = int((gold == label).sum()), int((predicted == label).sum())
        if n_gold:
            scores.append(2 * int(((gold == label) & (predicted == label)).sum()) / (n_gold + n_predicted))
    return float(np.mean(scores)) if scores else float("nan")


def calibration_error(gold: Indices, probabilities: Floats) -> float:
    """Return the expected calibration error of the top probability, 0 to 1, in 15 bins of equal numbers of rows."""
    order = np.argsort(-probabilities.max(axis=1), kind="stable")
    gaps = (probabilities.argmax(axis=1) == gold).astype(float) - probabilities.max(axis=1)
    return float(sum(abs(part.sum()) for part in np.array_split(gaps[order], BINS)) / len(gold))


def stance_scores(gold: Sequence[Label], probabilities: Floats) -> dict[str, float]:
    """Score label probabilities of shape (rows, 4) in the order of `Label` against gold labels.

    `forced_f1` is the mean F1 of support and oppose on the rows with a side, when the more probable side is taken.
    Figures that the rows do not define are nan.
    """
    answers = np.array([LABELS.index(label) for label in gold], dtype=np.int64)
    best = probabilities.argmax(axis=1)
    sided = answers < 2
    scores = {
        "rows": float(len(answers)),
        "accuracy": float((best == answers).mean()),
        "macro_f1": macro_f1(answers, best, range(len(LABELS))),
        "forced_f1": macro_f1(answers[sided], probabilities[sided, :2].argmax(axis=1), (0, 1)),
        "ece": calibration_error(answers, probabilities),
    }
    for at, label in enumerate(LABELS):
        scores[f"f1_{label.value}"] = macro_f1(answers, best, (at,))
    return scores


def scores_of(rows: Sequence[StanceRow], labels: Floats, conditional: Floats) -> dict[str, float]:
    """Score the probabilities of rows as `stance_scores` does, with the F1 of `conditional` on rows not unrelated."""
    relevant = np.array([row.label is not Label.UNRELATED for row in rows])
    gold = np.array([row.conditional for row in rows])[relevant]
    scores = stance_scores([row.label for row in rows], labels)
    return {**scores, "f1_conditional": binary_f1(gold, conditional[relevant] >= CONDITIONAL_AT)}


def binary_f1(gold: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> float:
    """Return the F1 of the positive answer, 0 to 1; nan where there is none in `gold`."""
    return macro_f1(gold.astype(np.int64), predicted.astype(np.int64), (1,))


def threshold_for(gold: Sequence[Label], probabilities: Floats, precision: float) -> float:
    """Return the lowest threshold on the top probability, in steps of .01, at which accuracy reaches `precision`.

    Where none does, the one of the highest accuracy that still keeps a tenth of the rows.
    """
    answers = np.array([LABELS.index(label) for label in gold])
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == answers
    steps = [step / 100 for step in range(100) if (top >= step / 100).mean() >= 0.1]
    accuracy = {step: float(right[top >= step].mean()) for step in steps}
    return next((step for step in steps if accuracy[step] >= precision), max(steps, key=accuracy.__getitem__))
