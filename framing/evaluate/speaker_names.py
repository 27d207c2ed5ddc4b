"""Whether two names mean one speaker, as far as their words tell."""

from __future__ import annotations

import re

from framing.evaluate.tokens import FUNCTION_WORDS
from framing.speakers.folding import fold

_WORD = re.compile(r"\w+(?:'\w+)*")


def equal(name: str, other: str) -> bool:
    """Tell whether two names have the same words in one order; case, accents and punctuation do not count."""
    return _words(name) == _words(other)


def part(name: str, other: str) -> bool:
    """Tell whether one name has all words of the other and perhaps more: a title, a given name, "the"."""
    words, others = ({word for word in _words(each) if word not in FUNCTION_WORDS} for each in (name, other))
    return bool(words) and bool(others) and (words <= others or others <= words)


def _words(name: str) -> list[str]:
    return _WORD.findall(fold(name))
