"""Which words two texts have in common in the same order: what confirms that both render one utterance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from framing.corpora.wire.shingles import Hashes

RUN = 3
"""Words in a row that count as common; single words that two long texts share in some order are chance."""

Integers = NDArray[np.int64]


def in_order(one: Hashes, other: Hashes) -> Integers:
    """Return the places in `one` of the most words that both have in the same order, in runs of at least `RUN`.

    This is the longest common subsequence in substrings of a least length (LCSk++, Pavetić et al. 2014). `ending` holds
    the most common words if a run ends at a pair of places, `best` the most up to there.
    """
    equal = one[:, None] == other[None, :]
    shape = len(one) + 1, len(other) + 1
    run, ending, best = (np.zeros(shape, np.int64) for _ in range(3))
    for i in range(1, len(one) + 1):
        run[i, 1:] = np.where(equal[i - 1], run[i - 1, :-1] + 1, 0)
        if i >= RUN:
            begun = np.where(run[i, RUN:] >= RUN, best[i - RUN, : shape[1] - RUN] + RUN, 0)
            grown = np.where(run[i, RUN:] > RUN, ending[i - 1, RUN - 1 : -1] + 1, 0)
            ending[i, RUN:] = np.maximum(begun, grown)
        best[i] = np.maximum.accumulate(np.maximum(best[i - 1], ending[i]))
    return _traced(ending, best)


def _traced(ending: Integers, best: Integers) -> Integers:
    i, j = (size - 1 for size in best.shape)
    places: list[int] = []
    while best[i, j]:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            length = RUN
            while best[i - length, j - length] + length != ending[i, j]:
                length += 1
            places += range(i - 1, i - 1 - length, -1)
            i, j = i - length, j - length
    return np.array(places[::-1], np.int64)
