"""Average linkage of a sparse graph: groups whose members are alike on average (Sokal & Michener 1958)."""

from __future__ import annotations

import heapq
from collections.abc import Iterable


def average_linkage(size: int, similar: Iterable[tuple[int, int, float]], least: float) -> list[list[int]]:
    """Join the most similar groups as long as their members are `least` alike on average, and return the groups.

    `similar` are pairs of items and their similarities; a pair that is missing counts as 0. Every item is in one group;
    members are sorted, groups by their first. Among equals the pair whose groups were made first is joined first.
    """
    members = [[number] for number in range(size)]
    sums: list[dict[int, float]] = [{} for _ in range(size)]
    waiting: list[tuple[float, int, int]] = []
    for first, second, value in similar:
        sums[first][second] = sums[second][first] = value
        if value >= least:
            waiting.append((-value, min(first, second), max(first, second)))
    heapq.heapify(waiting)
    while waiting:
        _, first, second = heapq.heappop(waiting)
        if not (members[first] and members[second]):
            continue  # one of them was joined to another group since
        number = len(members)
        joined: dict[int, float] = {}
        for old in (first, second):
            for other, value in sums[old].items():
                if members[other] and other not in (first, second):
                    joined[other] = joined.get(other, 0.0) + value
            sums[old] = {}
        members.append(members[first] + members[second])
        members[first], members[second] = [], []
        sums.append(joined)
        for other, value in joined.items():
            sums[other][number] = value
            average = value / (len(members[other]) * len(members[number]))
            if average >= least:
                heapq.heappush(waiting, (-average, other, number))
    return sorted(sorted(group) for group in members if group)
