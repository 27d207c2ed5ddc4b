"""Surnames as articles get them wrong or dress them up: a letter amiss, or words of a headline in front."""

from __future__ import annotations

from collections.abc import Iterable

from framing.speakers.lexicon import Lexicon
from framing.speakers.mentions import Mention, Sort

_SHORTEST = 7
_MOST_EDITS = 2
_NO_NAME = ("ing", "ed")


def misspelt(surname: str, known: Iterable[str]) -> str | None:
    """Return the one known surname that differs in one or two letters; short surnames are too often close by chance."""
    if len(surname) < _SHORTEST:
        return None
    close = [other for other in known if len(other) >= _SHORTEST and other[0] == surname[0] and _near(surname, other)]
    return close[0] if len(close) == 1 else None


def undressed(mention: Mention, surnames: frozenset[str], lexicon: Lexicon) -> Mention:
    """Return a mention without the words before a surname that are no given name: "Washington Post Trump".

    `surnames` are those of people surely named. What stands in front is no name if a word list knows it or it ends like
    a verb.
    """
    if mention.sort is Sort.PERSON or len(mention.name) < 2 or mention.folded[-1] not in surnames:
        return mention
    if not any(_is_common(word, lexicon) for word in mention.folded[:-1]):
        return mention
    return mention._replace(name=mention.name[-1:], folded=mention.folded[-1:])


def _is_common(word: str, lexicon: Lexicon) -> bool:
    lists = lexicon.not_people, lexicon.countries, lexicon.nouns, lexicon.not_names
    return any(word in each for each in lists) or (len(word) > 5 and word.endswith(_NO_NAME))


def _near(first: str, second: str) -> bool:
    """Say whether two words are at most two insertions, deletions or changes of a letter apart."""
    if abs(len(first) - len(second)) > _MOST_EDITS:
        return False
    row = list(range(len(second) + 1))
    for index, letter in enumerate(first, start=1):
        above, row[0] = row[0], index
        for place, other in enumerate(second, start=1):
            above, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, above + (letter != other))
    return row[-1] <= _MOST_EDITS
