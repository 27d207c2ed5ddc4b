"""Fit the four logistic heads of the linear stance classifier, and calibrate them on rows they have not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from framing.errors import CorpusError
from framing.stance.weights import HEADS, Floats
from framing.train.stance.rows import StanceRow
from framing.types import Label

SCALES = {"g": 4.0, "x": 0.35, "p": 0.35}
"""Value of a feature by its kind, 1 where none is given: the larger, the less its weight is shrunk. The words beside a
statement and pairs of markers, of which there are many, get little trust; what settles a question alone gets much."""

SLOPE_PULL = 2.0
"""Weight of the squared distance of a calibration slope from one, in nats: little beside some hundred rows."""

Mask = NDArray[np.bool_]


class HeadData(NamedTuple):
    """The rows that a head learns from and what it has to say about each row."""

    used: Mask
    answer: Mask


def head_data(rows: Sequence[StanceRow], closed: Mask | None = None) -> dict[str, HeadData]:
    """Return for each head which rows teach it, and its answers: a side is asked only where there is a position.

    Rows that the relevance gate decides (`closed`) say nothing to the head that is asked behind it.
    """
    behind_gate = np.ones(len(rows), dtype=bool) if closed is None else ~closed
    labels = np.array([row.label.value for row in rows])
    relevant = labels != Label.UNRELATED.value
    position = relevant & (labels != Label.NEUTRAL.value)
    return {
        "relevant": HeadData(behind_gate, relevant),
        "position": HeadData(relevant, position),
        "support": HeadData(position, labels == Label.SUPPORT.value),
        "conditional": HeadData(relevant, np.array([row.conditional for row in rows])),
    }


def vocabulary_of(features: Sequence[Sequence[str]], min_count: int) -> dict[str, int]:
    """Number the features that at least `min_count` rows have, in alphabetical order."""
    counts = Counter(feature for row in features for feature in row)
    kept = sorted(feature for feature, n in counts.items() if n >= min_count)
    return {feature: at for at, feature in enumerate(kept)}


def matrix_of(features: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> csr_matrix:
    """Return the sparse matrix of rows and features, each present feature with the scale of its kind."""
    values, columns, ends = [], [], [0]
    for row in features:
        for feature in row:
            at = vocabulary.get(feature)
            if at is not None:
                columns.append(at)
                values.append(scale_of(feature))
        ends.append(len(columns))
    return csr_matrix((values, columns, ends), shape=(len(features), len(vocabulary)), dtype=np.float64)


def scale_of(feature: str) -> float:
    """Return the value that stands for the presence of a feature."""
    return SCALES.get(feature.partition(":")[0], 1.0)


def fit_heads(
    matrix: csr_matrix, heads: dict[str, HeadData], *, among: Mask, regularisation: float
) -> dict[str, LogisticRegression]:
    """Fit a logistic regression for each head on those rows of `among` that teach it.

    Raises:
        CorpusError: these rows give a head one answer only.
    """
    fitted: dict[str, LogisticRegression] = {}
    # The vectors are short: several threads wait for each other, and sum in an order that differs between runs.
    with threadpool_limits(limits=1):
        for name in HEADS:
            chosen = heads[name].used & among
            if len(np.unique(heads[name].answer[chosen])) < 2:
                raise CorpusError(
                    f"the question {name!r} has one answer only in the {chosen.sum()} rows that a fold leaves to learn "
                    "from; lower folds, or add rows with the other answer whose passage names the target"
                )
            model = LogisticRegression(C=regularisation, solver="lbfgs", max_iter=2000, tol=1e-6)
            fitted[name] = model.fit(matrix[chosen], heads[name].answer[chosen])
    return fitted


def decide(fitted: dict[str, LogisticRegression], matrix: csr_matrix) -> Floats:
    """Return the logits of shape (rows, heads)."""
    return np.stack([fitted[name].decision_function(matrix) for name in HEADS], axis=1)


class HeldOut(NamedTuple):
    """Logits of every row from heads that saw no row of its family, and the fold it was held out in."""

    logits: Floats
    fold: NDArray[np.int64]


def held_out(
    features: Sequence[Sequence[str]],
    rows: Sequence[StanceRow],
    heads: dict[str, HeadData],
    *,
    folds: int,
    seed: int,
    min_count: int,
    regularisation: float,
) -> HeldOut:
    """Cross-validate over families: vocabulary and heads are made anew from the other folds each time."""
    families = np.array([row.family for row in rows])
    logits = np.zeros((len(rows), len(HEADS)))
    fold_of = np.zeros(len(rows), dtype=np.int64)
    splits = GroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    for fold, (train, test) in enumerate(splits.split(families, groups=families)):
        among = np.zeros(len(rows), dtype=bool)
        among[train] = True
        vocabulary = vocabulary_of([features[at] for at in train], min_count)
        matrix = matrix_of(features, vocabulary)
        fitted = fit_heads(matrix, heads, among=among, regularisation=regularisation)
        logits[test] = decide(fitted, matrix[test])
        fold_of[test] = fold
    return HeldOut(logits, fold_of)


class Calibration(NamedTuple):
    """Slope and shift of each head, applied to its logit before the logistic function."""

    slopes: Floats
    shifts: Floats


def calibrate(logits: Floats, heads: dict[str, HeadData], among: Mask) -> Calibration:
    """Fit Platt scaling for each head on held-out logits, with a weak pull of the slope towards one."""
    slopes, shifts = np.ones(len(HEADS)), np.zeros(len(HEADS))
    for at, name in enumerate(HEADS):
        chosen = heads[name].used & among
        slopes[at], shifts[at] = platt(logits[chosen, at], heads[name].answer[chosen])
    return Calibration(slopes, shifts)


def platt(logits: Floats, answer: Mask, *, shifted: bool = True) -> tuple[float, float]:
    """Fit the slope and shift that turn logits into those of the answers (Platt 1999); the slope alone on request."""
    sign = np.where(answer, 1.0, -1.0)

    def loss(parameters: Floats) -> float:
        slope, shift = parameters
        return float(np.logaddexp(0, -sign * (slope * logits + shift)).sum() + SLOPE_PULL * (slope - 1) ** 2)

    # A negative slope would turn a head round on the strength of a few unlucky rows.
    bounds = [(0.05, None), (None, None) if shifted else (0.0, 0.0)]
    found = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=bounds)
    return float(found.x[0]), float(found.x[1])


def calibrate_across(held: HeldOut, heads: dict[str, HeadData]) -> Floats:
    """Calibrate each fold by the held-out logits of the other folds, so that no row calibrates its own figure."""
    calibrated = np.zeros_like(held.logits)
    for fold in np.unique(held.fold):
        own = held.fold == fold
        scaling = calibrate(held.logits, heads, ~own)
        calibrated[own] = held.logits[own] * scaling.slopes + scaling.shifts
    return calibrated
