"""What is scored, over lines of gold and answers; every figure from sums that resamples of whole clusters redo.

- macro_f1_4: the mean F1 of those of the four labels that the gold has.
- macro_f1_3: the same of support, oppose and neutral on the lines whose gold is one of them; an answer of unrelated
  counts as neutral.
- forced_f1: the mean F1 of support and oppose on the lines whose gold is one of them; the answer is the more probable
  of the two where there are probabilities, else the label.
- neutral_recall, no_stance_recall: the share of neutral lines labelled neutral; of the neutral and unrelated ones,
  labelled one or the other.
- accuracy: the share of labels that are right. coverage: of lines not abstained. accuracy_covered: accuracy on these.

The others need probabilities on every line, and go by the most probable label and its probability, the confidence:

- accuracy_at_80, accuracy_at_60: accuracy on so many per cent of the lines, those with the highest confidence.
- coverage_at_precision_85: the largest share of lines that a threshold on the confidence can keep, if at least 85% of
  what it keeps is to be right; 0 if none can. The threshold is chosen on the lines that are scored, which flatters.
- ece: the expected calibration error, the mean distance of confidence and accuracy in 15 bins of equally many lines.
- brier: the mean squared distance of the four probabilities from the gold, 0 to 2.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_array, vstack

from framing.evaluate.stance.answers import LABELS
from framing.evaluate.stance.lines import AT, POLAR, Flags, Floats, Integers, Lines
from framing.measure.functions import RATIO
from framing.measure.interval import Bootstrap
from framing.types import Label

FROM_LABELS = (
    "macro_f1_4",
    "macro_f1_3",
    "forced_f1",
    "neutral_recall",
    "no_stance_recall",
    "accuracy",
    "coverage",
    "accuracy_covered",
)
FROM_PROBABILITIES = ("accuracy_at_80", "accuracy_at_60", "coverage_at_precision_85", "ece", "brier")
NAMES = FROM_LABELS + FROM_PROBABILITIES
BOUNDS = {"brier": (0.0, 2.0)}
PRECISION = 0.85
BINS = 15

_POLAR = [AT[label] for label in POLAR]
_NEUTRAL, _UNRELATED = AT[Label.NEUTRAL], AT[Label.UNRELATED]
_THREE = [*_POLAR, _NEUTRAL]
_NO_STANCE = [_NEUTRAL, _UNRELATED]
_SIZE = len(LABELS)
_HELD_AT_ONCE = 1 << 21  # numbers; several arrays of that size are alive together
_SLACK = 1e-9


class Scores:
    """The figures of some lines: `rows` are summed over clusters, and `values` makes figures of the sums.

    The first rows count lines by gold, label and forced label; then come the right ones that are covered, the covered
    ones and the Brier score, then the lines themselves, the most confident first.
    """

    def __init__(self, lines: Lines, n_clusters: int) -> None:
        """Take lines whose clusters are numbered below `n_clusters`."""
        self._known = not lines.without_probabilities
        kinds = (lines.gold * _SIZE + lines.label) * _SIZE + lines.forced
        covered = ~lines.abstained
        sums = [_rows(kinds, np.ones(len(lines)), lines.clusters, (_SIZE**3, n_clusters))]
        for value in (covered & lines.right, covered, _squared(lines) if self._known else np.zeros(len(lines))):
            zeros = np.zeros(len(lines), np.int64)
            sums.append(_rows(zeros, value.astype(np.float64), lines.clusters, (1, n_clusters)))
        if self._known:
            order = np.argsort(-lines.confidence, kind="stable")
            places = np.empty(len(lines), np.int64)
            places[order] = np.arange(len(lines))
            sums.append(_rows(places, np.ones(len(lines)), lines.clusters, (len(lines), n_clusters)))
            self._confidence = lines.confidence[order]
            self._right = (lines.top == lines.gold)[order].astype(np.float64)
        self.rows = csr_array(vstack(sums))

    def values(self, sums: Floats) -> Floats:
        """Return the figures of each draw, figures × draws, from rows × draws; NaN where one is undefined."""
        counts = sums[: _SIZE**3].reshape(_SIZE, _SIZE, _SIZE, -1)
        hits, covered, squares = sums[_SIZE**3 : _SIZE**3 + 3]
        total = counts.sum(axis=(0, 1, 2))
        found = [*_of_labels(counts), RATIO.value(covered, total), RATIO.value(hits, covered)]
        if not self._known:
            found += [np.full(len(total), np.nan)] * len(FROM_PROBABILITIES)
        else:
            found += [*self._ranked(sums[_SIZE**3 + 3 :]), RATIO.value(squares, total)]
        return np.array(found)

    def _ranked(self, weights: Floats) -> Iterator[Floats]:
        """Yield what depends on the order of the lines; `weights` say how often each is drawn, lines × draws."""
        drawn = weights.cumsum(axis=0)
        hits = (weights * self._right[:, None]).cumsum(axis=0)
        gaps = (weights * (self._right - self._confidence)[:, None]).cumsum(axis=0)
        total = drawn[-1]
        for percent in (80, 60):
            kept = np.maximum(1, np.rint(total * percent / 100))
            yield RATIO.value(_up_to(kept[None], drawn, hits)[0], np.where(total > 0, kept, 0))
        ends = np.append(self._confidence[:-1] != self._confidence[1:], True)
        fit = (hits[ends] >= PRECISION * drawn[ends] - _SLACK) & (drawn[ends] > 0)
        yield RATIO.value(np.where(fit, drawn[ends], 0).max(axis=0), total)
        edges = np.floor(total * np.arange(BINS + 1)[:, None] / BINS)
        yield RATIO.value(np.abs(np.diff(_up_to(edges, drawn, gaps), axis=0)).sum(axis=0), total)


def observed(lines: Lines) -> Floats:
    """Return the figures of lines in the order of `NAMES`, NaN where one is undefined."""
    scores = Scores(lines, lines.n_clusters)
    values: Floats = scores.values(np.asarray(scores.rows.sum(axis=1), np.float64).reshape(-1, 1))[:, 0]
    return values


def drawn_together(
    parts: Sequence[Lines], n_clusters: int, interval: Bootstrap, generator: np.random.Generator
) -> list[Floats]:
    """Return the figures of several sets of lines in the same resamples of clusters, each figures × resamples."""
    scores = [Scores(lines, n_clusters) for lines in parts]
    rows = csr_array(vstack([each.rows for each in scores]))
    starts = np.cumsum([0, *(each.rows.shape[0] for each in scores)])
    width = max(16, _HELD_AT_ONCE // rows.shape[0])
    found: list[list[Floats]] = [[] for _ in scores]
    for start in range(0, interval.resamples, width):
        some = dataclasses.replace(interval, resamples=min(width, interval.resamples - start))
        sums = some.sums(rows, generator)
        for values, each, first, last in zip(found, scores, starts, starts[1:], strict=False):
            values.append(each.values(sums[first:last]))
    return [np.concatenate(values, axis=1) for values in found]


def rests_on(name: str, lines: Lines) -> tuple[Flags, list[Flags]]:
    """Return the lines that a figure counts, and those that must not lie in few clusters if it is to be trusted.

    These are what it finds, for a share, and for a mean over labels the lines of each label.
    """
    everything = np.ones(len(lines), np.bool_)
    means = {"macro_f1_4": [*_THREE, _UNRELATED], "macro_f1_3": _THREE, "forced_f1": _POLAR}
    if name in means:
        each = [lines.gold == label for label in means[name]]
        return np.isin(lines.gold, means[name]), [flags for flags in each if flags.any()]
    shares = {
        "neutral_recall": (lines.gold == _NEUTRAL, lines.label == _NEUTRAL),
        "no_stance_recall": (np.isin(lines.gold, _NO_STANCE), np.isin(lines.label, _NO_STANCE)),
        "accuracy": (everything, lines.right),
        "coverage": (everything, ~lines.abstained),
        "accuracy_covered": (~lines.abstained, lines.right),
    }
    counted, hits = shares.get(name, (everything, everything))
    return counted, [counted & hits]


def _of_labels(counts: Floats) -> Iterator[Floats]:
    """Yield figures from counts of gold × label × forced label × draws."""
    four, forced = counts.sum(axis=2), counts.sum(axis=1)[_POLAR]
    three = four[_THREE]
    three[:, _NEUTRAL] += three[:, _UNRELATED]
    three[:, _UNRELATED] = 0
    yield _macro_f1(four, range(_SIZE))
    yield _macro_f1(three, _THREE)
    yield _macro_f1(forced, _POLAR)
    yield RATIO.value(four[_NEUTRAL, _NEUTRAL], four[_NEUTRAL].sum(axis=0))
    silent = four[_NO_STANCE]
    yield RATIO.value(silent[:, _NO_STANCE].sum(axis=(0, 1)), silent.sum(axis=(0, 1)))
    yield RATIO.value(np.einsum("iid->d", four), four.sum(axis=(0, 1)))


def _macro_f1(pairs: Floats, labels: Sequence[int]) -> Floats:
    """Return the mean F1 of the labels that the gold has; `pairs` are gold × label × draws, with a row a label."""
    gold = pairs.sum(axis=1)
    answered = pairs.sum(axis=0)[list(labels)]
    hits = pairs[np.arange(len(labels)), list(labels)]
    scores = RATIO.value(2 * hits, np.where(gold > 0, gold + answered, 0))
    return RATIO.value(np.nansum(scores, axis=0), (gold > 0).sum(axis=0).astype(np.float64))


def _squared(lines: Lines) -> Floats:
    squared: Floats = ((lines.probabilities - np.eye(_SIZE)[lines.gold]) ** 2).sum(axis=1)
    return squared


def _rows(rows: Integers, values: Floats, clusters: Integers, shape: tuple[int, int]) -> csr_array:
    return csr_array((values, (rows, clusters)), shape=shape)


def _up_to(places: Floats, drawn: Floats, sums: Floats) -> Floats:
    """Return the sums over the first so many drawn lines, places × draws; a line may be drawn several times.

    The draws are laid end to end, so that one interpolation serves them all.
    """
    lines, draws = drawn.shape
    apart = (drawn[-1].max() + 1) * np.arange(draws)
    known = np.zeros((2, draws, lines + 1))
    known[0] = apart[:, None]
    known[0, :, 1:] += drawn.T
    known[1, :, 1:] = sums.T
    wanted = np.minimum(places, drawn[-1]) + apart
    found: Floats = np.interp(wanted.ravel(), known[0].ravel(), known[1].ravel()).reshape(places.shape)
    return found
