"""Find many phrases in a row of words at once: a small pattern language and the tree that matches it.

A phrase is words divided by blanks. `a|b` is either word, `word?` may be missing, `...` is up to four words with
no punctuation among them. Words are compared as they are, so the caller decides about case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

GAP = "..."
LONGEST_GAP = 4
STOPS = frozenset(".!?;:,")


class Match(NamedTuple):
    """A phrase found: the half-open range of its words, and the name it stands for."""

    start: int
    end: int
    name: str


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    gap: _Node | None = None
    names: list[str] = field(default_factory=list)


class PhraseTree:
    """A tree over phrases; matching costs one look-up for each word that begins none of them."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        """Build the tree from phrases by the name they stand for; names earlier in the mapping are found first."""
        self._root = _Node()
        for name, patterns in phrases.items():
            for pattern in patterns:
                self._add(pattern, name)

    def find(self, words: Sequence[str]) -> list[Match]:
        """Return, for every first word and name, the longest match; ordered by start, then by end."""
        found: dict[tuple[int, str], int] = {}
        roots = self._root.next
        for start, word in enumerate(words):
            node = roots.get(word)
            if node is not None:
                self._follow(node, words, start, start + 1, found)
        return [Match(start, end, name) for start, end, name in sorted((s, e, n) for (s, n), e in found.items())]

    def _follow(
        self, node: _Node, words: Sequence[str], start: int, at: int, found: dict[tuple[int, str], int]
    ) -> None:
        for name in node.names:
            if at > found.get((start, name), 0):
                found[start, name] = at
        if at < len(words):
            following = node.next.get(words[at])
            if following is not None:
                self._follow(following, words, start, at + 1, found)
        if node.gap is not None:
            for skipped in range(min(LONGEST_GAP + 1, len(words) - at)):
                following = node.gap.next.get(words[at + skipped])
                if following is not None:
                    self._follow(following, words, start, at + skipped + 1, found)
                if words[at + skipped] in STOPS:
                    break

    def _add(self, pattern: str, name: str) -> None:
        ends = [self._root]
        for part in pattern.split():
            if part == GAP:
                ends = [_gap(node) for node in ends]
                continue
            optional = len(part) > 1 and part.endswith("?")
            choices = part.removesuffix("?").split("|") if optional else part.split("|")
            further = [node.next.setdefault(choice, _Node()) for node in ends for choice in choices]
            ends = ends + further if optional else further
        for node in ends:
            if name not in node.names:
                node.names.append(name)


def _gap(node: _Node) -> _Node:
    if node.gap is None:
        node.gap = _Node()
    return node.gap
