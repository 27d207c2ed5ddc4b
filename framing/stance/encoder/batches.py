"""Batches of inputs: padded pieces, with the weights of each mean that the heads look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.encoders.padding import padded
from framing.stance.encoder.inputs import Part, Reading

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]

POOLS = 4
"""Means over the whole input, the proposition, the statement and the holder."""


class Inputs(NamedTuple):
    """Arrays of shape (rows, pieces); `pools` (rows, `POOLS`, pieces), each row of which sums to one or is zero."""

    ids: Integers
    mask: Integers
    parts: Integers
    pools: Floats


def inputs(chosen: Sequence[Reading], begin: int, end: int) -> Inputs:
    """Put readings between the pieces `begin` and `end` and pad them."""
    ids, mask, features = padded([each.ids for each in chosen], [each.parts[:, None] for each in chosen], begin, end)
    parts = features[..., 0]
    members = [mask > 0, *(parts == part for part in (Part.PROPOSITION, Part.STATEMENT, Part.HOLDER))]
    marks = np.stack(members, axis=1)
    pools = (marks / np.maximum(marks.sum(axis=2, keepdims=True), 1)).astype(np.float32)
    return Inputs(ids, mask, parts, pools)
