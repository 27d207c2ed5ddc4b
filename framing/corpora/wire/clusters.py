"""Which articles are copies of one text: pairs confirmed by containment, gathered around a centre."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.corpora.wire.shingles import Shingles

Integers = NDArray[np.int64]


class Containment(NamedTuple):
    """How much of each of two texts stands in the other, as shares of their shingles."""

    of_first: float
    of_second: float


class Cluster(NamedTuple):
    """Articles by number, sorted; each other than the centre is confirmed to share its text with the centre."""

    centre: int
    members: tuple[int, ...]


def containment(first: Shingles, second: Shingles) -> Containment:
    """Return the share of each text's shingles that are in the other (Broder 1997); a text without any shares none."""
    shared = len(np.intersect1d(first, second, assume_unique=True))
    return Containment(*(shared / len(own) if len(own) else 0.0 for own in (first, second)))


def stars(links: Sequence[tuple[int, int]], sizes: Mapping[int, int]) -> list[Cluster]:
    """Gather linked articles around centres (star clusters, Aslam, Pelekhov & Rus 2004).

    The article with most links is a centre, the longest of equals; it takes those linked to it, and so on with the
    rest. So no chain of ever other versions makes one cluster of texts that share nothing.
    """
    near: dict[int, set[int]] = defaultdict(set)
    for first, second in links:
        near[first].add(second)
        near[second].add(first)
    order = sorted(near, key=lambda one: (-len(near[one]), -sizes[one], one))
    taken: set[int] = set()
    found = []
    for centre in order:
        members = near[centre] - taken
        if centre not in taken and members:
            found.append(Cluster(centre, tuple(sorted({centre, *members}))))
            taken |= {centre, *members}
    return found
