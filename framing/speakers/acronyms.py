"""What the acronyms of an article stand for: "WHO" after "the World Health Organization"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SMALL = r"(?:of|for|and|the|on|in|to|de|&)"
_NAME = re.compile(rf"[A-Z][\w'’-]+(?:(?:[ \u00a0]{_SMALL}){{0,2}}[ \u00a0][A-Z][\w'’-]+)+")
_WORD = re.compile(r"[\w'’-]+")
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,8}$")


def is_acronym(word: str) -> bool:
    """Say whether a word is made of two to eight capitals, with or without full stops."""
    return _ACRONYM.match(word) is not None


def find_names(text: str) -> dict[str, str]:
    """Map each run of initials to the first name of the text that has them; words in front of a name cost nothing.

    "The World Health Organization" is both "TWHO" and "WHO"; two initials need a name of two words, since so many
    runs of capitals end in any two letters.
    """
    found: dict[str, str] = {}
    for match in _NAME.finditer(text):
        for initials, name in _suffixes(match[0]):
            found.setdefault(initials, name)
    return found


def _suffixes(run: str) -> Iterator[tuple[str, str]]:
    words = [word for word in _WORD.finditer(run) if word[0][0].isupper()]
    for first in range(max(0, len(words) - 8), len(words) - 1):
        if first and len(words) - first < 3:
            return
        yield "".join(word[0][0] for word in words[first:]), run[words[first].start() :]
