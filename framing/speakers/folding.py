"""Two spellings of one name made equal: case, accents, apostrophes and white space folded."""

from __future__ import annotations

import functools
import re
import unicodedata

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "’": "'", "‘": "'"}
)
_NOT_SLUG = re.compile(r"[^\w]+")


@functools.lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return `text` in lower case without accents, with straight apostrophes and single spaces."""
    lowered = text.lower()
    if not lowered.isascii():
        decomposed = unicodedata.normalize("NFKD", lowered.translate(_LETTERS))
        lowered = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(lowered.split())


def slug(text: str) -> str:
    """Return folded `text` with hyphens between its words: the part of a speaker id that stands for a name."""
    return _NOT_SLUG.sub("-", fold(text).replace("'", "").replace(".", "")).strip("-")
