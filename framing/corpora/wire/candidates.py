"""Which pairs of articles may share text: MinHash sketches that agree in a band (Broder 1997; Leskovec et al. 2014)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from framing.corpora.wire.shingles import Shingles

SKETCH = 256
"""Minima of a sketch, taken two by two as 128 bands.

Two texts agree in a band with probability J², J the share of shingles they have in common. So a pair of J = .2, a copy
cut to a fifth, becomes a candidate with probability .99, one of J = .1 with .72, and two reports of different events
(J = .001) with .0001: copies are often cut, and confirming a pair is cheap.
"""

Integers = NDArray[np.int64]
_SEED = 1
_HELD = 1 << 22  # pairs collected before repeated ones are dropped


def sketches(sets: Sequence[Shingles]) -> NDArray[np.uint32]:
    """Return the sketch of every set of shingles, one a row."""
    ends = np.cumsum([0, *map(len, sets)])
    values = np.concatenate(sets).astype(np.uint64)
    rows = RMinHash.digest_matrix_from_flat_token_hashes(values, ends, num_perm=SKETCH, seed=_SEED).to_rows()
    return np.array(rows, np.uint32).reshape(-1, SKETCH)


def candidates(
    found: NDArray[np.uint32], outlets: Integers, days: Integers, *, undated: int, within: int | None
) -> tuple[Integers, Integers]:
    """Return the pairs of rows of two outlets that agree in a band, the smaller number first, sorted.

    Pairs more than `within` days apart are left out; a row whose day is `undated` is paired with any other.
    """
    size, bands = len(found), np.ascontiguousarray(found).view(np.uint64)
    # Sorted by day, a bucket can be left as soon as the window is; not so if some days are unknown.
    ordered = within is not None and not (days == undated).any()
    held: list[Integers] = []
    known = np.empty(0, np.int64)
    for band in bands.T:
        order = np.lexsort((days, band)) if ordered else np.argsort(band, kind="stable")
        keys, when = band[order], days[order]
        at, step = np.arange(size), 0
        while len(at):
            step += 1
            at = at[at + step < size]
            at = at[keys[at] == keys[at + step]]
            if ordered:
                at = at[when[at + step] - when[at] <= within]
            first, second = order[at], order[at + step]
            held.append(np.minimum(first, second) * size + np.maximum(first, second))
            if sum(map(len, held)) > _HELD:
                known, held = np.unique(np.concatenate([known, *held])), []
    known = np.unique(np.concatenate([known, *held]))
    first, second = known // max(size, 1), known % max(size, 1)
    keep = outlets[first] != outlets[second]
    if within is not None:
        unknown = (days[first] == undated) | (days[second] == undated)
        keep &= unknown | (np.abs(days[first] - days[second]) <= within)
    return first[keep], second[keep]
