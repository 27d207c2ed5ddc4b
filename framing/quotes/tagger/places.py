"""Where each piece of a window stands relative to a cue: what the relation head knows besides the pieces themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.types import Span

Integers = NDArray[np.int32]

_EDGES = np.array([1, 2, 3, 4, 5, 6, 8, 11, 15, 20, 27, 36, 50, 75, 110])
DISTANCES = 2 * (len(_EDGES) + 1)
REACH = 3
SENTENCES = BETWEEN = 2 * REACH + 1
SIZES = (DISTANCES, SENTENCES, BETWEEN)
"""How many buckets each measure has: pieces away from the cue, sentences away, other cues in between."""


def places(sentence: Integers, cue: Span, others: Sequence[int]) -> Integers:
    """Return for each piece of a window the buckets of its three measures, shape (pieces, 3).

    `sentence` numbers the sentence of each piece, `cue` are the pieces of the cue, `others` the first pieces of all
    cues of the window, in order.
    """
    at = np.arange(len(sentence))
    before = at < cue.start
    away = np.where(before, cue.start - at, np.maximum(at - cue.end + 1, 0))
    bucket = np.searchsorted(_EDGES, away, side="right")
    distance = np.where(before, bucket, DISTANCES - 1 - bucket)
    apart = np.clip(sentence - sentence[cue.start], -REACH, REACH) + REACH
    passed = np.searchsorted(np.asarray(others), at, side="right")
    own = int(np.searchsorted(np.asarray(others), cue.start, side="right"))
    between = np.clip(np.where(before, passed - (own - 1), passed - own), -REACH, REACH) + REACH
    return np.stack([distance, apart, between], axis=1).astype(np.int32)
