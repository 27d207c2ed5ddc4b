"""The clauses of cues: whose they are, what follows the cue, and where that ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from framing.quotes.cues import Cue, Form
from framing.quotes.rules.closed_classes import (
    AUXILIARIES,
    CONJUNCTIONS,
    CONTRACTED,
    DETERMINERS,
    FINITE,
    NOUNS_TOO,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    SUBORDINATES,
    is_adverb,
)
from framing.quotes.rules.complements import Complement, content_end, find_complement
from framing.quotes.rules.found import Tokens
from framing.quotes.rules.noun_phrases import phrase_after, phrase_before
from framing.quotes.rules.reading import Reading
from framing.quotes.rules.verb_groups import VerbGroup, Voice
from framing.types import CueClass

_COORDINATES = frozenset(("and", "but", "or", "then", ""))
_NO_SUBJECT = _COORDINATES | {",", "by", "in", "after", "before", "for", "of", "without", "when", "while"}
_RELATIVES = frozenset(("who", "which", "that"))
_SPOKEN = (CueClass.SPEECH, CueClass.WRITING)
_LEADS = frozenset((",", "and", "but", "—", "–", "-", ";", ":", "”", '"', "’", "''", "while", "though", "although"))
_REACH = 40


class Clause(NamedTuple):
    """A verb group with its source and complement, whose content is `[complement.start, end)`.

    `holder` is the place in the list of clauses of the one whose content this cue stands in, or -1.
    """

    group: VerbGroup
    source: Tokens | None
    complement: Complement | None
    end: int
    holder: int


def read_clauses(reading: Reading, groups: Sequence[VerbGroup], verbs: dict[str, Cue]) -> list[Clause]:
    """Read the clause of every verb group that stands outside quote marks."""
    outside = [group for group in groups if reading.quoted[group.head] < 0]
    own = [_own_source(reading, group, verbs) for group in outside]
    clauses: list[Clause] = []
    sentence, main, holder, held_until = -1, None, -1, 0
    for place, (group, source) in enumerate(zip(outside, own, strict=True)):
        if reading.sentence[group.head] != sentence:
            sentence, main, holder, held_until = reading.sentence[group.head], None, -1, 0
        nested = group.start < held_until
        if source is None and group.voice is not Voice.PASSIVE:
            source = main if main is not None else _subject(reading, group, verbs)
        if source is not None and group.voice is Voice.FINITE and not nested and _leads(reading, source):
            main = source
        complement = None
        if source is not None and not _is_noun(reading, group, source):
            complement = find_complement(reading, group, verbs)
        end = 0
        if complement is not None:
            end = content_end(reading, outside, own, place, complement)
        clauses.append(Clause(group, source, complement, end, holder if nested else -1))
        if end > held_until:
            holder, held_until = place, end
    return clauses


def _leads(reading: Reading, source: Tokens) -> bool:
    """Tell whether a source is the subject of a main clause: it opens its sentence or follows a pause."""
    start = source[0]
    return start == reading.bounds[reading.sentence[start]][0] or reading.lower[start - 1] in _LEADS


def _is_noun(reading: Reading, group: VerbGroup, source: Tokens) -> bool:
    """Tell "informal talks that" from "the minister claims that": a subject needs a determiner or a name."""
    if group.cue.lemma not in NOUNS_TOO or group.cue.form is not Form.PRESENT or group.start < group.head:
        return False
    opening = reading.lower[source[0]]
    return not (reading.words[source[0]][0].isupper() or opening in DETERMINERS or opening in SUBJECT_PRONOUNS)


def _own_source(reading: Reading, group: VerbGroup, verbs: dict[str, Cue]) -> Tokens | None:
    """Return the source that stands with its verb; None where another verb of the sentence has it."""
    lower = reading.lower
    first, last = reading.bounds[reading.sentence[group.head]]
    before = lower[group.start - 1] if group.start > first else ""
    if group.voice is Voice.PASSIVE:
        for place in range(group.head + 1, min(group.head + 4, last)):
            if lower[place] == "by":
                return phrase_after(reading, place + 1, last, verbs)
        return None
    if group.voice is Voice.INFINITIVE or before in (_COORDINATES if group.voice is Voice.FINITE else _NO_SUBJECT):
        return None
    spoken = group.voice is Voice.FINITE and group.cue.cue_class in _SPOKEN
    if (
        spoken
        and follows_comma(reading, group.start)
        and is_clause(reading, max(first, group.start - _REACH), group.start - 1, verbs, spoken=False)
    ):
        behind = phrase_after(reading, group.end, last, verbs)
        own = behind is not None and lower[behind.start] not in ("his", "her", "its", "their", "our", "my")
        if behind is not None and own and (behind.end >= last or lower[behind.end] in ".,;"):
            return behind
    phrase = phrase_before(reading, group.start, first, verbs)
    if phrase is not None and phrase.end - phrase.start == 1 and lower[phrase.start] in _RELATIVES:
        antecedent = phrase_before(reading, phrase.start, first, verbs)
        comma = phrase.start - 1
        if antecedent is None and comma > first and lower[comma] == ",":
            antecedent = phrase_before(reading, comma, first, verbs)
        if antecedent is not None:
            return antecedent.start, phrase.end
    return phrase


def _subject(reading: Reading, group: VerbGroup, verbs: dict[str, Cue]) -> Tokens | None:
    """Return the subject of the sentence: the phrase before its first verb, or behind an opening participle."""
    lower = reading.lower
    first, last = reading.bounds[reading.sentence[group.head]]
    if group.start == first:
        comma = next((t for t in range(group.head, min(group.head + _REACH, last)) if lower[t] == ","), None)
        return None if comma is None else phrase_after(reading, comma + 1, last, verbs)
    if lower[first] in PREPOSITIONS or lower[first] in CONJUNCTIONS or is_adverb(lower[first]):
        first = next((t + 1 for t in range(first, min(group.start - 1, first + _REACH)) if lower[t] == ","), first)
    for place in range(first + 1, min(group.start, first + _REACH)):
        word = lower[place]
        if (word in AUXILIARIES or word in FINITE or word in verbs or word.endswith("ed")) and word != "may":
            phrase = phrase_before(reading, place, first, verbs)
            if phrase is not None:
                return phrase
    return phrase_after(reading, first, group.start, verbs)


def follows_comma(reading: Reading, token: int) -> bool:
    """Tell whether a comma stands before a token, be it inside quote marks."""
    lower = reading.lower
    return token > 1 and (lower[token - 1] == "," or (reading.quoted[token - 1] >= 0 and lower[token - 2] == ","))


def is_clause(reading: Reading, start: int, end: int, verbs: dict[str, Cue], *, spoken: bool) -> bool:
    """Tell whether words before ", she said" can be a sentence rather than "On Monday" or "Speaking in Oslo".

    Before a verb of saying anything else is a sentence; before another verb it must hold a verb of its own.
    """
    lower = reading.lower
    while start < end - 1 and lower[start] in ("but", "and", "so", "even", "yet"):
        start += 1
    word = lower[start]
    if (word in PREPOSITIONS and word not in ("to", "about")) or word in SUBORDINATES or word.endswith("ing"):
        comma = next((t for t in range(start, end) if lower[t] == ","), None)
        if comma is None:
            return False
        start = comma + 1
    if spoken and end - start > 3:
        return True
    return any(
        word in AUXILIARIES or word in FINITE or word in CONTRACTED or word in verbs or word.endswith("ed")
        for place, word in enumerate(lower[start + 1 : end], start + 1)
        if reading.words[place][0].islower()
    )
