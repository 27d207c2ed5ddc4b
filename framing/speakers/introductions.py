"""People without a name who open a sentence, "A student in the same city" or "His neighbour": "she" may mean them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from framing.speakers.folding import fold
from framing.speakers.lexicon import Lexicon

_OPENING = re.compile(r"(?:An?|One|Another|His|Her|Their)((?:\s[\w’'-]+){1,4})")
_PLACE = re.compile(r"\s(?:in|of|from|at|near|outside|on)\s(?:(?:the|a|an|his|her)\s(?:same\s)?\w+|[A-Z]\w+)")


class Introduction(NamedTuple):
    """The words at `[start, end)` and the noun among them that says what the person is."""

    start: int
    end: int
    head: str


def find_introductions(text: str, sentences: Sequence[int], lexicon: Lexicon) -> list[Introduction]:
    """Return the people without a name who open one of the sentences that begin at the offsets given."""
    found = []
    for start in sentences:
        match = _OPENING.match(text, start)
        if match is None:
            continue
        end = match.start(1)
        for word in match[1].split():
            end = text.index(word, end) + len(word)
            head = fold(word)
            if head in lexicon.anonymous or head in lexicon.offices:
                place = _PLACE.match(text, end)
                found.append(Introduction(start, place.end() if place else end, head))
                break
    return found
