"""Find the noun phrase that ends before, or begins at, a token: names, titles, determiners, appositions.

There is no parser behind this. A phrase is a run of words none of which can stand outside a noun phrase; closed classes
of words and a few endings decide.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from framing.quotes.rules.closed_classes import (
    AUXILIARIES,
    CONJUNCTIONS,
    CONTRACTED,
    DETERMINERS,
    FINITE,
    LINKS,
    OTHER_PRONOUNS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    TIMES,
    is_adverb,
)
from framing.quotes.rules.reading import Reading

LONGEST = 40
"""No phrase reaches further than this many tokens, so that no text makes the search quadratic."""

_OUTSIDE = (AUXILIARIES | CONJUNCTIONS | SUBJECT_PRONOUNS | CONTRACTED | FINITE | PREPOSITIONS) - frozenset(("may",))


_INNER_LINKS = frozenset(("of", "from", "for", "in", "at", "with", "to"))


class Phrase(NamedTuple):
    """A noun phrase as a range of tokens."""

    start: int
    end: int


def phrase_before(reading: Reading, end: int, first: int, verbs: Container[str]) -> Phrase | None:
    """Return the noun phrase that ends where the tokens of a verb begin; `first` is the first token it may hold."""
    lower = reading.lower
    first = max(first, end - LONGEST)
    stop = end
    while stop > first and (lower[stop - 1] in ",—–-)" or is_adverb(lower[stop - 1])):
        if lower[stop - 1] == ",":
            head = _before_apposition(reading, stop - 1, first, verbs)
            if head is not None:
                return head
            return None
        if lower[stop - 1] in "—–-)":
            return None
        stop -= 1
    return _run_before(reading, stop, first, verbs)


def _before_apposition(reading: Reading, comma: int, first: int, verbs: Container[str]) -> Phrase | None:
    """Return "NAME, the chairman" for a verb behind ", the chairman," or ", who once was chairman,"."""
    lower = reading.lower
    commas = [place for place in range(comma - 1, first, -1) if lower[place] == ","]
    for place in commas:
        opening = lower[place + 1] if place + 1 < comma else ""
        head = _run_before(reading, place, first, verbs)
        if head is None or head.start == place:
            continue
        if opening in ("who", "which", "whose", "where", "when"):
            return Phrase(head.start, comma)
        if place == commas[-1] or head.start == first or lower[head.start - 1] in (",", "and", "but", "that"):
            if opening in PREPOSITIONS or opening.endswith("ing") or is_adverb(opening):
                return head
            return Phrase(head.start, comma)
    return _run_before(reading, comma, first, verbs)


def _run_before(reading: Reading, end: int, first: int, verbs: Container[str]) -> Phrase | None:
    lower, words = reading.lower, reading.words
    if end <= first:
        return None
    last = lower[end - 1]
    if last in SUBJECT_PRONOUNS or last in OTHER_PRONOUNS or last in CONTRACTED:
        return Phrase(end - 1, end)
    start = end
    while start > first:
        word = lower[start - 1]
        if word in DETERMINERS and start < end:
            start -= 1
            if start - 1 > first and lower[start - 1] in _INNER_LINKS and _is_nominal(reading, start - 2, verbs):
                start -= 1
                continue
            break
        if word in LINKS:
            if start == end or start - 1 == first or not _is_nominal(reading, start - 2, verbs):
                break
            if word == "and" and not (words[start - 2][0].isupper() and words[start][0].isupper()):
                break
        elif not _is_nominal(reading, start - 1, verbs):
            break
        start -= 1
    while start < end and (lower[start] in LINKS or lower[start] in TIMES or is_adverb(lower[start])):
        start += 1
    return Phrase(start, end) if start < end else None


def _is_nominal(reading: Reading, token: int, verbs: Container[str]) -> bool:
    word, lower = reading.words[token], reading.lower[token]
    if not (word[0].isalnum() or word in ("$", "%", "’", "'")):
        return False
    if word[0].isupper() and (lower not in _OUTSIDE or (lower in FINITE and token > 0)):
        return True
    if lower in _OUTSIDE:
        return False
    if lower in verbs or lower in OTHER_PRONOUNS:
        return lower in DETERMINERS or not lower.endswith(("ed", "ing", "said", "told", "wrote", "says"))
    return not is_adverb(lower)


def phrase_after(
    reading: Reading, start: int, limit: int, verbs: Container[str], *, apposition: bool = True
) -> Phrase | None:
    """Return the noun phrase that begins at a token and ends before `limit`, by default with its apposition."""
    lower, words = reading.lower, reading.words
    limit = min(limit, start + LONGEST)
    if start >= limit:
        return None
    if lower[start] in SUBJECT_PRONOUNS or (lower[start] in OTHER_PRONOUNS and lower[start] not in DETERMINERS):
        return Phrase(start, start + 1)
    end = start
    while end < limit:
        word = lower[end]
        if word in LINKS and end > start:
            following = lower[end + 1] if end + 1 < limit else ""
            if following in TIMES or word in ("on", "to", "with") or not following or not words[end + 1][0].isalnum():
                break
            if word == "and" and not words[end + 1][0].isupper():
                break
            if word == "in" and not words[end + 1][0].isupper():
                break
        elif word in DETERMINERS and end > start and lower[end - 1] not in DETERMINERS | LINKS | {","}:
            break
        elif word in DETERMINERS or (_is_nominal(reading, end, verbs) and (word not in TIMES or end == start)):
            if word in verbs and not words[end][0].isupper() and word.endswith(("ed", "ing")):
                break
        elif apposition and word == "," and end > start and _apposition_at(reading, end + 1, limit):
            pass
        else:
            break
        end += 1
    while end > start and lower[end - 1] in LINKS:
        end -= 1
    return Phrase(start, end) if end > start else None


def _apposition_at(reading: Reading, token: int, limit: int) -> bool:
    return token < limit and reading.lower[token] in (
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "who",
        "chairman",
        "director",
    )
