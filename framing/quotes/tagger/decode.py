"""From scores of pieces to cues and to the source and content of each: the best path through a chain of roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.types import Span

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

N_ROLES = 5
OUTSIDE, CONTENT, CONTENT_IN, SOURCE, SOURCE_IN = range(N_ROLES)
"""What a piece is to one cue; `_IN` goes on with what the piece before began."""

IMPOSSIBLE = -1e4


class Cue(NamedTuple):
    """The pieces of a cue in its window, and how probable it is that one begins there."""

    pieces: Span
    probability: float


class Tagged(NamedTuple):
    """A cue with its pieces, contents and source; `marginals` are the probabilities of roles, shape (pieces, 5).

    All numbers of pieces count from the beginning of the window.
    """

    cue: Cue
    content: tuple[Span, ...]
    source: tuple[Span, ...]
    marginals: Floats


def softmax(scores: Floats) -> Floats:
    """Return probabilities over the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def cues(probabilities: Floats, threshold: float) -> list[Cue]:
    """Return the cues of a window from the probabilities of outside, begin and inside, shape (pieces, 3)."""
    begins = probabilities[:, 1] >= threshold
    goes_on = (probabilities[:, 2] > probabilities[:, 0]) & ~begins
    found = []
    for start in np.flatnonzero(begins).tolist():
        end = start + 1
        while end < len(begins) and goes_on[end]:
            end += 1
        found.append(Cue(Span(start, end), float(probabilities[start, 1])))
    return found


def legal(transitions: Floats) -> Floats:
    """Return the transitions with those closed that go on with something that has not begun."""
    closed = transitions.astype(np.float32).copy()
    for inside, begin in ((CONTENT_IN, CONTENT), (SOURCE_IN, SOURCE)):
        for before in range(N_ROLES):
            if before not in (inside, begin):
                closed[before, inside] = IMPOSSIBLE
    return closed


def best_paths(scores: Floats, transitions: Floats) -> Integers:
    """Return the best role of every piece, shape (cues, pieces), for scores of shape (cues, pieces, 5).

    Scores of padding must be those of `OUTSIDE` alone; `transitions` come from `legal`.
    """
    n, length, roles = scores.shape
    back = np.zeros((length, n, roles), dtype=np.int64)
    total = scores[:, 0].copy()
    total[:, [CONTENT_IN, SOURCE_IN]] = IMPOSSIBLE
    for at in range(1, length):
        steps = total[:, :, None] + transitions
        back[at] = steps.argmax(axis=1)
        total = steps.max(axis=1) + scores[:, at]
    path = np.zeros((n, length), dtype=np.int64)
    path[:, -1] = total.argmax(axis=1)
    rows = np.arange(n)
    for at in range(length - 1, 0, -1):
        path[:, at - 1] = back[at, rows, path[:, at]]
    return path


def marginals(scores: Floats, transitions: Floats) -> Floats:
    """Return the probability of every role of every piece given the whole window, shape (cues, pieces, 5)."""
    length = scores.shape[1]
    step = np.exp(transitions)
    local = np.exp(scores - scores.max(axis=2, keepdims=True))
    forward, backward = np.empty_like(local), np.empty_like(local)
    forward[:, 0] = local[:, 0]
    backward[:, -1] = 1
    for at in range(1, length):
        ahead = (forward[:, at - 1] @ step) * local[:, at]
        forward[:, at] = ahead / ahead.sum(axis=1, keepdims=True)
        behind = (backward[:, length - at] * local[:, length - at]) @ step.T
        backward[:, length - at - 1] = behind / behind.sum(axis=1, keepdims=True)
    both = forward * backward
    return np.asarray(both / both.sum(axis=2, keepdims=True))


def runs(path: Sequence[int], begin: int) -> list[Span]:
    """Return the stretches of a path that a role begins and its `_IN` goes on with."""
    found: list[Span] = []
    for at, role in enumerate(path):
        if role == begin:
            found.append(Span(at, at + 1))
        elif role == begin + 1 and found and found[-1].end == at:
            found[-1] = Span(found[-1].start, at + 1)
    return found
