"""The verb groups of cues: "has repeatedly claimed", "declined to say", "is demanding", ", arguing"."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from framing.quotes.closed_classes import (
    AUXILIARIES,
    BE,
    CATENATIVES,
    CONTRACTED,
    DETERMINERS,
    HAVE,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    is_adverb,
)
from framing.quotes.cues import Cue, Form
from framing.quotes.reading import Reading

_LONGEST = 8


class Voice(StrEnum):
    """How a verb group takes its subject."""

    FINITE = "finite"
    GERUND = "gerund"
    INFINITIVE = "infinitive"
    PASSIVE = "passive"


class VerbGroup(NamedTuple):
    """The tokens `[start, end)` of a cue; its word of meaning is `head`."""

    start: int
    head: int
    end: int
    cue: Cue
    voice: Voice


def verb_groups(reading: Reading, verbs: dict[str, Cue]) -> Iterator[VerbGroup]:
    """Yield the verb groups whose head is one of the verbs, in text order."""
    for head, word in enumerate(reading.lower):
        cue = verbs.get(word)
        if cue is not None:
            group = _group_at(reading, head, cue)
            if group is not None:
                yield group


def _group_at(reading: Reading, head: int, cue: Cue) -> VerbGroup | None:
    lower = reading.lower
    first = max(reading.bounds[reading.sentence[head]][0], head - _LONGEST)
    start = head
    helpers: list[str] = []
    while start > first:
        word = lower[start - 1]
        if word in AUXILIARIES or word == "to":
            helpers.append(word)
        elif word in CONTRACTED:
            helpers.append("has" if cue.form in (Form.PAST, Form.PARTICIPLE) else "is")
            break
        elif word in CATENATIVES and helpers and helpers[-1] == "to":
            pass
        elif not is_adverb(word) or (word == "not" and not helpers) or word in ("on", "back"):
            break
        start -= 1
    while start < head and is_adverb(lower[start]) and lower[start] != "not":
        start += 1
    voice = _voice(reading, head, start, cue, helpers)
    return None if voice is None else VerbGroup(start, head, head + 1, cue, voice)


def _voice(reading: Reading, head: int, start: int, cue: Cue, helpers: list[str]) -> Voice | None:
    nearest = helpers[0] if helpers else ""
    before = reading.lower[head - 1] if head else ""
    capital = reading.words[head][0].isupper() and head != reading.bounds[reading.sentence[head]][0]
    if capital and reading.sentence[head] > 0:
        return None
    if cue.form is Form.GERUND:
        if before in DETERMINERS or before in PREPOSITIONS:
            return None if before in DETERMINERS else Voice.GERUND
        return Voice.FINITE if nearest in BE else Voice.GERUND
    if cue.form in (Form.PAST, Form.PARTICIPLE):
        if nearest in BE:
            return Voice.PASSIVE
        if nearest in HAVE:
            return Voice.FINITE
        return None if cue.form is Form.PARTICIPLE or before in DETERMINERS else Voice.FINITE
    if nearest == "to":
        return Voice.INFINITIVE if start == head - 1 else Voice.FINITE
    if cue.form is Form.BASE:
        if nearest:
            return Voice.FINITE if nearest not in BE and nearest not in HAVE else None
        plural = before in SUBJECT_PRONOUNS or (before.endswith("s") and not before.endswith(("'s", "ss")))
        return Voice.FINITE if plural or before in ("people", "and", "some", "many", "that") else None
    if before in DETERMINERS or before in PREPOSITIONS or before.endswith(("'s", "s'")) or nearest:
        return None
    return Voice.FINITE
