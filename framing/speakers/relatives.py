"""The noun phrase that stands right before "who" or "which": "legal experts, who worry"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from framing.speakers.folding import fold
from framing.speakers.lexicon import Lexicon
from framing.speakers.mentions import Mention
from framing.types import Span

_LOOK_BACK = 60
_MOST_WORDS = 5
_BREAK = re.compile(r"[,;:()\"“”\n–—]|(?<!\.\w)[.!?]\s")
_WORD = re.compile(r"[\w'’.-]+")
_BEGINS = frozenset(
    {
        "the",
        "a",
        "an",
        "some",
        "many",
        "several",
        "most",
        "two",
        "three",
        "all",
        "few",
        "those",
        "his",
        "her",
        "its",
        "their",
    }
)
_NEVER = frozenset({"be", "been"})


def phrase_before(
    text: str, position: int, mentions: Sequence[Mention], starts: Sequence[int], lexicon: Lexicon
) -> Span | None:
    """Return the noun phrase that ends right before a position: its head is a known noun or a name of the text."""
    end = len(text[max(0, position - 3) : position].rstrip(" ,")) + max(0, position - 3)
    first = max(0, end - _LOOK_BACK)
    words = list(_WORD.finditer(text, _after_break(text, first, end), end))
    if not words or words[-1].end() != end:
        return None
    index = bisect_left(starts, end) - 1
    name = mentions[index] if index >= 0 and mentions[index].end == end else None
    if name is None and fold(words[-1][0]) not in lexicon.nouns:
        return None
    start = name.start if name is not None else words[-1].start()
    for word in reversed(words[-_MOST_WORDS:]):
        folded = fold(word[0])
        if word.start() >= start:
            continue
        begins = folded in _BEGINS
        stops = folded in lexicon.takes_object or folded in lexicon.not_names or folded in _NEVER
        if not begins and (stops or folded.endswith("ed")):
            break
        start = word.start()
        if begins:
            break
    return Span(start, end)


def _after_break(text: str, start: int, end: int) -> int:
    """Return where the clause that ends at `end` begins, not before `start`, at the front of a word."""
    if start and text[start - 1].isalnum():
        following = text.find(" ", start, end)
        start = following if following >= 0 else end
    return max((match.end() for match in _BREAK.finditer(text, start, end)), default=start)
