"""Find the statements that render one utterance: runs of words in common, confirmed by words in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.corpora.wire.shingles import Hashes, shingles_of, words
from framing.measure.alignment.overlap import in_order

COMMON = 500
"""Statements that have a run of five words; one that more have is a phrase, and tells nothing of an utterance."""

Integers = NDArray[np.int64]


class Said(NamedTuple):
    """Statements in the order of their ids: content, number of the outlet, and day, `UNDATED` where it is not known."""

    contents: Sequence[str]
    outlets: Integers
    days: Integers


class Version(NamedTuple):
    """One rendering of an utterance: the statement, its words, and the `places` of those it has in the longest one."""

    statement: int
    words: int
    places: Integers


class Utterance(NamedTuple):
    """The versions of one utterance, the longest first, with the number of words of the longest."""

    words: int
    versions: tuple[Version, ...]


UNDATED = -(10**9)


def utterances(said: Said, *, min_words: int, containment: float, within_days: int | None) -> Iterator[Utterance]:
    """Yield the utterances that two outlets or more render, the longest first.

    The longest statement that is not yet a version of another is compared with those that have a run of five words in
    common with it; those with at least `containment` of their words in it, in the same order, are its versions.
    Looking up every run, and not a sketch of a statement, finds pieces of a few words in long utterances, too, which
    are those that have been cut the most.
    """
    hashed = [words(content) for content in said.contents]
    sizes = np.array([len(each) for each in hashed], np.int64)
    index = _Index.of([shingles_of(each) for each in hashed], said.outlets, sizes >= min_words)
    taken = np.zeros(len(sizes), np.bool_)
    for longest in np.argsort(-sizes, kind="stable").tolist():
        if taken[longest]:
            continue
        near = index.near(longest)
        near = near[~taken[near] & (near != longest)]
        if within_days is not None and said.days[longest] != UNDATED:
            apart = np.abs(said.days[near] - said.days[longest])
            near = near[(apart <= within_days) | (said.days[near] == UNDATED)]
        found = [version for one in near.tolist() if (version := _version(hashed, longest, one, containment))]
        if any(said.outlets[version.statement] != said.outlets[longest] for version in found):
            size = int(sizes[longest])
            yield Utterance(size, (Version(longest, size, np.arange(size)), *found))
            taken[[longest, *(version.statement for version in found)]] = True


def _version(hashed: Sequence[Hashes], longest: int, one: int, containment: float) -> Version | None:
    places = in_order(hashed[longest], hashed[one])
    size = len(hashed[one])
    return Version(one, size, places) if len(places) >= containment * size else None


class _Index(NamedTuple):
    """Which statements have which shingle: `statements` of `values`, sorted by these; and the shingles of each."""

    values: NDArray[np.uint32]
    statements: Integers
    own: Sequence[NDArray[np.uint32]]

    @classmethod
    def of(cls, own: Sequence[NDArray[np.uint32]], outlets: Integers, chosen: NDArray[np.bool_]) -> _Index:
        """Keep the shingles that several outlets have, and not too many statements."""
        own = [each if keep else each[:0] for each, keep in zip(own, chosen, strict=True)]
        statements = np.repeat(np.arange(len(own)), [len(each) for each in own])
        values = np.concatenate([np.empty(0, np.uint32), *own])
        order = np.lexsort((statements, values))
        values, statements = values[order], statements[order]
        starts = np.flatnonzero(np.append(True, values[1:] != values[:-1])) if len(values) else np.empty(0, np.int64)
        counts = np.diff(np.append(starts, len(values)))
        of = outlets[statements]
        several = np.minimum.reduceat(of, starts) != np.maximum.reduceat(of, starts) if len(starts) else starts > 0
        keep = np.repeat(several & (counts <= COMMON), counts)
        return cls(values[keep], statements[keep], own)

    def near(self, statement: int) -> Integers:
        """Return the statements that share a shingle with one."""
        own = self.own[statement]
        starts, ends = (np.searchsorted(self.values, own, side) for side in ("left", "right"))
        ranges = [self.statements[start:end] for start, end in zip(starts, ends, strict=True) if start < end]
        return np.unique(np.concatenate([np.empty(0, np.int64), *ranges]))
