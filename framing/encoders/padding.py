"""Put windows of word pieces between their special pieces and pad them into one batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int32]

MARGIN = 2
"""Columns of padding behind the longest window of a batch."""

STEP = 16
"""Lengths of batches are multiples of this: a graph is prepared anew for each shape that it has not seen."""


class Padded(NamedTuple):
    """Arrays of shape (windows, pieces), features (windows, pieces, n): piece i of a window stands at i + 1."""

    ids: Integers
    mask: Integers
    features: Integers


def padded(ids: Sequence[Integers], features: Sequence[Integers], begin: int, end: int) -> Padded:
    """Put windows between the pieces `begin` and `end` and pad them with zeros to the next multiple of `STEP`.

    Every window has `MARGIN` columns of padding at least, so that what looks that far past its end sees the same
    whatever stands in the batch beside it.
    """
    length = -(-(max(map(len, ids)) + 2 + MARGIN) // STEP) * STEP
    batch = Padded(
        np.zeros((len(ids), length), np.int32),
        np.zeros((len(ids), length), np.int32),
        np.zeros((len(ids), length, features[0].shape[1]), np.int32),
    )
    for row, (pieces, feature) in enumerate(zip(ids, features, strict=True)):
        n = len(pieces)
        batch.ids[row, : n + 2] = [begin, *pieces, end]
        batch.mask[row, : n + 2] = 1
        batch.features[row, 1 : n + 1] = feature
    return batch
