"""Choose thresholds and weigh the network's probabilities on articles that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from framing.corpora.gold_records import Attribution, GoldArticle
from framing.quotes.tagger.calibration import FEATURES, features
from framing.quotes.tagger.decode import Tagged
from framing.quotes.tagger.model import QuoteModel
from framing.quotes.tagger.windows import Marked, marked, windows

CUE_THRESHOLD = 0.15
"""Probability from which on a cue is followed up; low, since the confidence of the whole statement decides."""

OVERLAP = 0.5
"""Share of common pieces, of all pieces of both, from which on a content counts as found."""

Floats = NDArray[np.float64]


class Judged(NamedTuple):
    """The tagged statements of some articles, and how many gold ones there are.

    A statement is found if its content overlaps a gold one, and right if it has the source of that one as well.
    """

    features: Floats
    found: NDArray[np.bool_]
    right: NDArray[np.bool_]
    gold: int


class Calibrated(NamedTuple):
    """What calibration found: a logistic regression over the features, and the least confidence to keep.

    `curve` has for each threshold the share of right statements among the kept and among the gold ones.
    """

    weights: tuple[float, ...]
    intercept: float
    min_confidence: float
    curve: tuple[tuple[float, float, float], ...]


def judge(model: QuoteModel, rows: Sequence[GoldArticle], pieces: int) -> Judged:
    """Tag articles and say of each statement whether its content overlaps a gold one that has the same source."""
    found = marked([row.text for row in rows], model.tokenizer)
    cut = [window for number, each in enumerate(found) for window in windows(number, each, pieces)]
    listed: list[list[tuple[Tagged, int]]] = [[] for _ in rows]
    for window, tagged in model.tag(found, cut, CUE_THRESHOLD):
        listed[window.article] += [(each, window.pieces.start) for each in tagged if each.content]
    values: list[list[float]] = []
    hits: list[tuple[bool, bool]] = []
    for row, marks, each in zip(rows, found, listed, strict=True):
        values += [features(tagged) for tagged, _ in each]
        hits += _hits(each, row.annotators[0], marks)
    judged = np.array(hits, dtype=bool).reshape(-1, 2)
    return Judged(np.array(values), judged[:, 0], judged[:, 1], sum(len(row.annotators[0]) for row in rows))


def calibrate(judged: Judged) -> Calibrated:
    """Fit the confidence that a statement is right, and choose the threshold with the best F1 of found ones."""
    weights, intercept = _fit(judged)
    logits = judged.features.reshape(-1, len(FEATURES)) @ np.array(weights) + intercept
    confidence = 1 / (1 + np.exp(-logits))
    curve = []
    best = (-1.0, 0.0)
    for threshold in np.arange(0.05, 0.96, 0.05).round(2).tolist():
        kept = confidence >= threshold
        hits = int(judged.right[kept].sum())
        curve.append((threshold, hits / max(1, int(kept.sum())), hits / max(1, judged.gold)))
        best = max(best, (2 * int(judged.found[kept].sum()) / max(1, int(kept.sum()) + judged.gold), threshold))
    return Calibrated(weights, intercept, best[1], tuple(curve))


def _fit(judged: Judged) -> tuple[tuple[float, ...], float]:
    """Fit a logistic regression, or a constant where all statements are right, or none."""
    right = int(judged.right.sum())
    if right in (0, len(judged.right)):
        return (0.0,) * len(FEATURES), float(np.log((right + 1) / (len(judged.right) - right + 1)))
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(judged.features, judged.right)
    return tuple(map(float, fitted.coef_[0])), float(fitted.intercept_[0])


def _hits(tagged: Sequence[tuple[Tagged, int]], gold: Sequence[Attribution], found: Marked) -> list[tuple[bool, bool]]:
    """Pair tagged and gold contents one to one, the best overlaps first; say which are found, and which right."""
    wanted = [_pieces(each, found) for each in gold]
    pairs = []
    for at, (each, first) in enumerate(tagged):
        own = {piece + first for span in each.content for piece in range(*span)}
        for number, (content, _) in enumerate(wanted):
            if shared := len(own & content):
                pairs.append((-shared / len(own | content), at, number))
    hits = [(False, False)] * len(tagged)
    taken: set[int] = set()
    done: set[int] = set()
    for negative, at, number in sorted(pairs):
        if at in done or number in taken or negative > -OVERLAP:
            continue
        done.add(at)
        taken.add(number)
        each, first = tagged[at]
        source = {piece + first for span in each.source for piece in range(*span)}
        hits[at] = (True, bool(source & wanted[number][1]) if wanted[number][1] else not source)
    return hits


def _pieces(each: Attribution, found: Marked) -> tuple[set[int], set[int]]:
    content, source = (
        {piece for span in spans for piece in range(*found.cover(span))} for spans in (each.content, each.source)
    )
    return content, source
