"""The verb groups of cues: "has repeatedly claimed", "declined to say", "is demanding", ", arguing"."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from framing.quotes.cues import Cue, Cues, Form
from framing.quotes.rules.closed_classes import (
    AUXILIARIES,
    BE,
    CATENATIVES,
    CONJUNCTIONS,
    CONTRACTED,
    DETERMINERS,
    GOES,
    HAVE,
    NOUN_OPENERS,
    NOUNS_TOO,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    is_adverb,
)
from framing.quotes.rules.reading import Reading

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


def verb_groups(reading: Reading, cues: Cues) -> Iterator[VerbGroup]:
    """Yield the verb groups whose head is a cue, in text order."""
    lower, verbs, phrasal = reading.lower, cues.verbs, cues.phrasal
    for head, word in enumerate(lower):
        cue, end = verbs.get(word), head + 1
        if word in phrasal and end < len(lower) and lower[end] in phrasal[word]:
            cue, end = phrasal[word][lower[end]], head + 2
        if cue is not None:
            group = _group_at(reading, head, end, cue)
            if group is not None:
                yield group


def _group_at(reading: Reading, head: int, end: int, cue: Cue) -> VerbGroup | None:
    lower = reading.lower
    first = max(reading.bounds[reading.sentence[head]][0], head - _LONGEST)
    start = head
    helpers: list[str] = []
    while start > first:
        word = lower[start - 1]
        if word in ("last", "least") and lower[start - 2] == "at":
            start -= 2
            continue
        if word in AUXILIARIES or word == "to":
            helpers.append(word)
        elif helpers and helpers[-1] == "to" and (word in CATENATIVES or (word == "on" and lower[start - 2] in GOES)):
            helpers[-1] = "" if word == "on" else "to"
        elif helpers and helpers[-1] == "" and word in GOES:
            helpers[-1] = "to"
        elif word in CONTRACTED:
            helpers.append("has" if cue.form in (Form.PAST, Form.PARTICIPLE) else "is")
            break
        elif not is_adverb(word) or (word == "not" and not helpers) or word in ("on", "back"):
            break
        start -= 1
    while start < head and is_adverb(lower[start]) and lower[start] != "not":
        start += 1
    voice = _voice(reading, head, start, cue, helpers)
    return None if voice is None else VerbGroup(start, head, end, cue, voice)


def _voice(reading: Reading, head: int, start: int, cue: Cue, helpers: list[str]) -> Voice | None:
    nearest = helpers[0] if helpers else ""
    before = reading.lower[head - 1] if head else ""
    capital = reading.words[head][0].isupper() and head != reading.bounds[reading.sentence[head]][0]
    if capital and reading.sentence[head] > 0:
        return None
    if cue.form is Form.GERUND:
        if before in DETERMINERS or before.endswith(("'s", "s'")):
            return None
        if before in PREPOSITIONS:
            return Voice.GERUND
        return Voice.FINITE if nearest in BE else Voice.GERUND
    if cue.form in (Form.PAST, Form.PARTICIPLE):
        if nearest in BE:
            return Voice.PASSIVE
        if nearest in HAVE:
            return Voice.FINITE
        return None if cue.form is Form.PARTICIPLE or before in DETERMINERS else Voice.FINITE
    if nearest == "to":
        return Voice.INFINITIVE if start == head - 1 else Voice.FINITE
    if nearest and nearest not in BE and nearest not in HAVE:
        return Voice.FINITE if cue.form is Form.BASE else None
    if nearest or before in DETERMINERS or before in PREPOSITIONS or before.endswith(("'s", "s'")):
        return None
    if before in SUBJECT_PRONOUNS or before in ("and", "that", "people") or (before in CONJUNCTIONS and before != "or"):
        return Voice.FINITE
    follows = head + 1 < len(reading.lower)
    following = reading.lower[head + 1] if follows else "."
    opens = following in NOUN_OPENERS or (follows and reading.words[head + 1][0].isupper())
    plural = before.endswith("s") and not before.endswith("ss")
    if cue.lemma in NOUNS_TOO and not opens and not (plural and cue.form is Form.BASE and following in ".,"):
        return None
    if cue.form is Form.BASE:
        subject = cue.lemma not in NOUNS_TOO or (head > 0 and reading.words[head - 1][0].isupper())
        return Voice.FINITE if plural or (following in NOUN_OPENERS and subject) else None
    return Voice.FINITE
