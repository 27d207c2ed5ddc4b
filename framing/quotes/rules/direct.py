"""Quotations and who said them: the attribution before or behind the marks, and the quotations that go on after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from framing.quotes.cues import Cue, Frame
from framing.quotes.rules.clauses import Clause
from framing.quotes.rules.closed_classes import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    FINITE,
    SUBJECT_PRONOUNS,
    is_adverb,
)
from framing.quotes.rules.found import Found, Tokens
from framing.quotes.rules.noun_phrases import phrase_after, phrase_before
from framing.quotes.rules.reading import Reading
from framing.quotes.rules.verb_groups import VerbGroup, Voice
from framing.types import CueClass

_REACH = 30
_SCARE = 4
_OPEN_NAMES = DETERMINERS | SUBJECT_PRONOUNS
_PAUSES = frozenset((",", "?", "!", "—", "–", "-", "…"))


class _Attribution(NamedTuple):
    cue: Tokens
    source: Tokens | None
    cue_class: CueClass
    rule: str
    lemma: str
    opening: Tokens | None = None


def find_direct(reading: Reading, clauses: Mapping[int, Clause], verbs: Mapping[str, Cue]) -> list[Found]:
    """Attribute each outermost quotation that is more than part of a clause.

    `clauses` holds the clauses of cues by the token of their head.
    """
    drafts: list[tuple[_Attribution | None, list[Tokens]]] = []
    for (start, end), continues in zip(reading.quotes, reading.continues, strict=True):
        last, parts = drafts[-1] if drafts else (None, [])
        before = _before(reading, clauses, verbs, start, end)
        if before is not None and last is not None and last.cue == before.cue:
            parts.append(_to_the_end(reading, start, end) if parts[-1][1] <= before.cue[0] else (start, end))
            continue
        after = _after(reading, clauses, verbs, start, end) if before is None or before.rule == "colon" else None
        found = after or before
        if found is not None:
            part = _to_the_end(reading, start, end) if found is before and found.opening else (start, end)
            earlier = drafts.pop()[1] if continues and parts and last is None else []
            drafts.append((found, [*earlier, *(piece for piece in (found.opening, part) if piece)]))
        elif parts and (continues or _goes_on(reading, last, parts[-1][1], start, end)):
            parts.append((start, end))
        elif _stands_alone(reading, start, end):
            drafts.append((None, [(start, end)]))
    return [
        Found(tuple(parts), None, None, None, "alone")
        if attribution is None
        else Found(
            tuple(parts),
            attribution.cue,
            attribution.source,
            attribution.cue_class,
            attribution.rule,
            attribution.lemma,
        )
        for attribution, parts in drafts
    ]


def _goes_on(reading: Reading, attribution: _Attribution | None, reach: int, start: int, end: int) -> bool:
    """Tell whether a quotation that begins a sentence follows on the last one or on its attribution."""
    if start != reading.bounds[reading.sentence[start]][0]:
        return False
    ends = reading.paragraph_bounds[reading.paragraph[reading.sentence[start]]][1]
    if end < ends and reading.paragraph[reading.sentence[reach - 1]] != reading.paragraph[reading.sentence[start]]:
        return False
    if attribution is not None:
        reach = max(reach, attribution.cue[1])
    return start <= _sentence_end(reading, reach)


def _to_the_end(reading: Reading, start: int, end: int) -> Tokens:
    """Return what follows an attribution to the end of the sentence: ", she said, “never” to yield."""
    last = reading.bounds[reading.sentence[start]][1]
    if _ends_sentence(reading, end) or last <= end:
        return start, end
    return start, last - (reading.lower[last - 1] in ".!?")


def _sentence_end(reading: Reading, token: int) -> int:
    """Return the end of the sentence in which the token before `token` stands."""
    return reading.bounds[reading.sentence[token - 1]][1]


def _is_short(reading: Reading, start: int, end: int) -> bool:
    return sum(word[0].isalnum() for word in reading.lower[start : min(end, start + 12)]) <= _SCARE


def _before(
    reading: Reading, clauses: Mapping[int, Clause], verbs: Mapping[str, Cue], start: int, end: int
) -> _Attribution | None:
    """Read "she said: “…”", "she said, “…”" and "she said “…”."."""
    lower, sentence = reading.lower, reading.sentence[start]
    first = reading.bounds[sentence][0]
    if start == first:
        if sentence == 0 or lower[start - 1] != ":":
            return None
        first = reading.bounds[sentence - 1][0]
    first = max(first, start - _REACH)
    mark = lower[start - 1]
    at = start - 1 if mark in ",:" else start
    for place in range(at - 1, first - 1, -1):
        if lower[place] == ";" or (reading.quoted[place] >= 0 and mark != ":"):
            break
        clause = clauses.get(place)
        if clause is None or Frame.QUOTE not in clause.group.cue.frames:
            continue
        if clause.group.voice is Voice.PASSIVE or (clause.group.voice is Voice.INFINITIVE and mark not in ",:"):
            continue
        loose = mark not in ",:"
        if loose and (clause.group.end != at or not _ends_sentence(reading, end) or _is_short(reading, start, end)):
            return None
        if mark == "," and "," in lower[place + 1 : at] and reading.quoted[place - 1] < 0:
            return None
        cue = (clause.group.start, clause.group.end)
        source = clause.source
        if clause.group.start == reading.bounds[reading.sentence[place]][0] and clause.group.voice is Voice.FINITE:
            source = phrase_after(reading, clause.group.end, at, verbs)
        opening = _before_aside(reading, source, clause.group, start) if mark == "," else None
        return _Attribution(cue, source, clause.group.cue.cue_class, "cue quote", clause.group.cue.lemma, opening)
    return _colon(reading, verbs, start) if mark == ":" else None


def _before_aside(reading: Reading, source: Tokens | None, group: VerbGroup, start: int) -> Tokens | None:
    """Return the first words of "The plan, she said, “is dead”"."""
    first = reading.bounds[reading.sentence[group.head]][0]
    if source is None or source[1] > group.start or source[0] - 1 <= first or reading.lower[source[0] - 1] != ",":
        return None
    return (first, source[0] - 1) if reading.words[start + 1][:1].islower() else None


def _ends_sentence(reading: Reading, end: int) -> bool:
    """Tell whether a quotation is not followed by more of its clause."""
    lower = reading.lower
    return end >= len(lower) or lower[end] in ".,;!?" or lower[end - 2] in ".,!?" or reading.quoted[end] >= 0


def _colon(reading: Reading, verbs: Mapping[str, Cue], start: int) -> _Attribution | None:
    """Read "NAME: “…”"."""
    colon = start - 1
    first = reading.bounds[reading.sentence[colon]][0]
    name = phrase_before(reading, colon, first, verbs)
    if name is None or name.start != first or not reading.words[first][0].isupper():
        return None
    return _Attribution((colon, colon + 1), name, CueClass.SPEECH, "colon", ":")


def _after(
    reading: Reading, clauses: Mapping[int, Clause], verbs: Mapping[str, Cue], start: int, end: int
) -> _Attribution | None:
    """Read "“…,” she said" and "“…,” said the minister"."""
    lower = reading.lower
    if end >= len(lower) or reading.quoted[end] >= 0 or lower[end] in ".;:":
        return None
    if reading.paragraph[reading.sentence[end]] != reading.paragraph[reading.sentence[start]]:
        return None
    first = end + 1 if lower[end] == "," else end
    last = min(reading.bounds[reading.sentence[end]][1], first + _REACH)
    pauses = lower[end - 2] in _PAUSES or first > end
    while first < last and is_adverb(lower[first]):
        first += 1
    if first >= last or (lower[first] in CONJUNCTIONS and lower[first] != "who"):
        return None
    if start > reading.bounds[reading.sentence[start]][0] and _is_short(reading, start, end):
        return None
    opening = _opening(reading, clauses, start)
    for place in range(first, last):
        if reading.quoted[place] >= 0 or lower[place] in ";:":
            return None
        clause = clauses.get(place)
        if clause is None or Frame.QUOTE not in clause.group.cue.frames or clause.group.voice is not Voice.FINITE:
            continue
        group = clause.group
        cue, lemma = (group.start, group.end), group.cue.lemma
        if group.start <= first:
            source: Tokens | None = phrase_after(reading, group.end, last, verbs)
            return _Attribution(cue, source, group.cue.cue_class, "quote cue source", lemma, opening)
        source = phrase_before(reading, group.start, first, verbs)
        if source is None or source[0] > first or not (pauses or _is_last(reading, group.end)):
            return None
        return _Attribution(cue, source, group.cue.cue_class, "quote source cue", lemma, opening)
    return _unknown_verb(reading, verbs, first, last) if pauses else None


def _is_last(reading: Reading, end: int) -> bool:
    """Tell whether a sentence is over behind its cue: "“….” Trump said."."""
    return end >= len(reading.lower) or (reading.lower[end] == "." and end + 1 == _sentence_end(reading, end))


def _opening(reading: Reading, clauses: Mapping[int, Clause], start: int) -> Tokens | None:
    """Return the words of a sentence before its quotation: "But “it is better,” he added"."""
    first = reading.bounds[reading.sentence[start]][0]
    if first == start or start - first > _REACH:
        return None
    if any(reading.quoted[place] >= 0 or place in clauses for place in range(first, start)):
        return None
    return first, start


def _unknown_verb(reading: Reading, verbs: Mapping[str, Cue], first: int, last: int) -> _Attribution | None:
    """Read "“…,” Sanders thundered.": behind a name, a verb that no lexicon needs to list."""
    source = phrase_after(reading, first, last, verbs)
    if source is None or not (reading.words[first][0].isupper() or reading.lower[first] in _OPEN_NAMES):
        return None
    place = source.end
    while place < last and is_adverb(reading.lower[place]):
        place += 1
    if place >= last:
        return None
    word = reading.lower[place]
    if word in AUXILIARIES or not (word.endswith("ed") or word in FINITE):
        return None
    return _Attribution((source.end, place + 1), source, CueClass.SPEECH, "quote source verb", word)


def _stands_alone(reading: Reading, start: int, end: int) -> bool:
    lower = reading.lower
    opens = start == reading.bounds[reading.sentence[start]][0]
    closes = end >= len(lower) or lower[end] == "." or end == reading.bounds[reading.sentence[end - 1]][1]
    return opens and closes and not _is_short(reading, start, end)
