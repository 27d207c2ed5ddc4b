"""A text as the set of its runs of five words, each a number: what near-duplicates are found and confirmed by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WORDS = 5
"""Words of a shingle: short enough to survive edits, long enough that independent reports share few."""

Hashes = NDArray[np.uint64]
Shingles = NDArray[np.uint32]

_CODES = 0x30000  # code points from here on are rare ideographs and tags; they count as no letter
_BASE = np.uint64(0xD6E8FEB86659FD93)
_INVERSE = np.uint64(pow(int(_BASE), -1, 1 << 64))


def shingles(text: str) -> Shingles:
    """Return the distinct shingles of a text, sorted; a text of fewer than five words has none.

    Case, punctuation and white space do not count. 32 bits suffice, since a text has few shingles: that one of them
    equals one of another text by chance is 1 in a million.
    """
    return shingles_of(words(text))


def shingles_of(hashes: Hashes) -> Shingles:
    """Return the distinct shingles of a text that is given as its words."""
    count = len(hashes) - WORDS + 1
    if count < 1:
        return np.empty(0, np.uint32)
    runs = hashes[:count].copy()
    for offset in range(1, WORDS):
        runs *= _BASE
        runs += hashes[offset : offset + count]
    ordered = np.sort((_mixed(runs) >> np.uint64(32)).astype(np.uint32))
    distinct: Shingles = ordered[np.append(True, ordered[1:] != ordered[:-1])]
    return distinct


def words(text: str) -> Hashes:
    """Return one number a word, in the order of the text: the same on every machine and in every run.

    A word is a run of letters and digits; an ideograph or a kana is a word of its own, as no space parts these.
    """
    codes = np.frombuffer(text.casefold().encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = _LETTERS.take(codes, mode="clip")
    inside, alone = letters != 0, _ALONE.take(codes, mode="clip")
    first = inside & (alone | _shifted(alone, 1) | ~_shifted(inside, 1))
    last = inside & ~_shifted(inside & ~first, -1)
    starts, ends = np.flatnonzero(first), np.flatnonzero(last) + 1
    # A word is hashed by the difference of two sums over the text, freed of the place it stands at.
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(letters * _powers(_BASE, len(codes)), out=sums[1:])
    return _mixed((sums[ends] - sums[starts]) * _powers(_INVERSE, len(codes))[starts])


def _shifted(flags: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """Tell of each place whether the one before it (1) or behind it (-1) is flagged."""
    none = np.zeros(1, np.bool_)
    return np.concatenate([none, flags[:-1]] if by == 1 else [flags[1:], none])[: len(flags)]


def _mixed(values: Hashes) -> Hashes:
    """Scatter numbers over all 64 bits (the finaliser of splitmix64)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _powers(base: np.uint64, count: int) -> Hashes:
    """Return the first powers of a number modulo 2⁶⁴; they are kept, as every text needs them."""
    known = _POWERS.get(base)
    if known is None or len(known) < count:
        size = max(count, 1 << 14)
        known = np.multiply.accumulate(np.concatenate([np.ones(1, np.uint64), np.full(size, base)]))
        _POWERS[base] = known
    return known[:count]


def _tables() -> tuple[Hashes, NDArray[np.bool_]]:
    """Give every letter and digit a number, all else 0; and flag those that are words by themselves."""
    numbers = _mixed(np.arange(_CODES, dtype=np.uint64))
    numbers[[not chr(code).isalnum() for code in range(_CODES)]] = 0
    numbers[-1] = 0  # where code points beyond the table end up
    alone = np.zeros(_CODES, np.bool_)
    for first, last in ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFF)):
        alone[first : last + 1] = True
    return numbers, alone


_POWERS: dict[np.uint64, Hashes] = {}
_LETTERS, _ALONE = _tables()
