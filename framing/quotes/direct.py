"""Quotations and who said them: the attribution before or behind the marks, and the quotations that go on after it."""

from __future__ import annotations

from typing import NamedTuple

from framing.quotes.cues import Cue, Form, Frame
from framing.quotes.found import Found, Tokens
from framing.quotes.noun_phrases import phrase_after, phrase_before
from framing.quotes.reading import Reading
from framing.quotes.verb_groups import VerbGroup, Voice
from framing.types import CueClass

_REACH = 30
_SCARE = 4


class _Attribution(NamedTuple):
    cue: Tokens
    source: Tokens | None
    cue_class: CueClass | None
    rule: str
    lemma: str


def find_direct(reading: Reading, groups: dict[int, VerbGroup], verbs: dict[str, Cue]) -> list[Found]:
    """Attribute each outermost quotation that is more than part of a clause."""
    drafts: list[tuple[_Attribution | None, list[Tokens]]] = []
    end_of_last = -1
    for start, end in reading.quotes:
        before = _before(reading, groups, verbs, start)
        after = None
        if before is None or not drafts or drafts[-1][0] is None or drafts[-1][0].cue != before.cue:
            after = _after(reading, groups, verbs, start, end)
        goes_on = bool(drafts) and start <= end_of_last
        if before is not None and drafts and drafts[-1][0] is not None and drafts[-1][0].cue == before.cue:
            drafts[-1][1].append((start, end))
        elif before is not None and before.rule != "colon":
            drafts.append((before, [(start, end)]))
        elif after is not None:
            drafts.append((after, [(start, end)]))
        elif before is not None:
            drafts.append((before, [(start, end)]))
        elif goes_on:
            drafts[-1][1].append((start, end))
        elif _stands_alone(reading, start, end):
            drafts.append((None, [(start, end)]))
        else:
            continue
        attribution = drafts[-1][0]
        reach = end
        if attribution is not None and attribution.cue[0] >= end:
            reach = reading.bounds[reading.sentence[attribution.cue[0]]][1]
        elif end < len(reading.lower) and reading.lower[end] in ".,":
            reach = end + 1
        end_of_last = reach
    return [
        Found(tuple(parts), a.cue, a.source, a.cue_class, a.rule, a.lemma)
        if a is not None
        else Found(tuple(parts), None, None, None, "alone")
        for a, parts in drafts
    ]


def _before(reading: Reading, groups: dict[int, VerbGroup], verbs: dict[str, Cue], start: int) -> _Attribution | None:
    lower = reading.lower
    sentence = reading.sentence[start]
    first = max(reading.bounds[sentence][0], start - _REACH)
    if start == first:
        if sentence == 0 or lower[start - 1] != ":" or reading.bounds[sentence - 1][1] != start:
            return None
        first = max(reading.bounds[sentence - 1][0], start - _REACH)
    mark = lower[start - 1]
    at = start - 1 if mark in ",:" else start
    for place in range(at - 1, first - 1, -1):
        if lower[place] in ";." or (reading.quoted[place] >= 0 and mark != ":"):
            break
        group = groups.get(place)
        if group is None or Frame.QUOTE not in group.cue.frames or group.voice is Voice.PASSIVE:
            continue
        if mark not in ",:" and place != at - 1 and lower[at - 1] not in ("that", "as"):
            return None
        if mark == "," and any(lower[t] == "," for t in range(place + 1, at)) and reading.quoted[place - 1] < 0:
            return None
        source = phrase_before(reading, group.start, reading.bounds[reading.sentence[place]][0], verbs)
        if group.voice is Voice.GERUND:
            return None
        return _Attribution((group.start, place + 1), source, group.cue.cue_class, "cue quote", group.cue.lemma)
    if mark == ":":
        return _colon(reading, verbs, start)
    return None


def _colon(reading: Reading, verbs: dict[str, Cue], start: int) -> _Attribution | None:
    colon = start - 1
    first = reading.bounds[reading.sentence[colon]][0]
    name = phrase_before(reading, colon, first, verbs)
    if name is None or name.start != first or not reading.words[first][0].isupper():
        return None
    return _Attribution((colon, colon + 1), name, CueClass.SPEECH, "colon", ":")


def _after(
    reading: Reading, groups: dict[int, VerbGroup], verbs: dict[str, Cue], start: int, end: int
) -> _Attribution | None:
    lower = reading.lower
    if end >= len(lower) or reading.quoted[end] >= 0:
        return None
    if reading.paragraph[reading.sentence[end]] != reading.paragraph[reading.sentence[start]]:
        return None
    first = end + 1 if lower[end] == "," else end
    if lower[end - 2] == "." and not (first < len(lower) and first in groups):
        return None
    if lower[end] in ".;:":
        return None
    last = min(reading.bounds[reading.sentence[end]][1], first + _REACH)
    for place in range(first, last):
        if reading.quoted[place] >= 0 or lower[place] in ";:":
            return None
        group = groups.get(place)
        if group is None or Frame.QUOTE not in group.cue.frames or group.voice in (Voice.PASSIVE, Voice.INFINITIVE):
            continue
        if group.cue.form is Form.GERUND and group.voice is Voice.GERUND:
            continue
        if group.start <= first:
            source: Tokens | None = phrase_after(reading, place + 1, last, verbs)
            return _Attribution(
                (group.start, place + 1), source, group.cue.cue_class, "quote cue source", group.cue.lemma
            )
        source = phrase_before(reading, group.start, first, verbs)
        return _Attribution((group.start, place + 1), source, group.cue.cue_class, "quote source cue", group.cue.lemma)
    return None


def _stands_alone(reading: Reading, start: int, end: int) -> bool:
    lower = reading.lower
    words = sum(word[0].isalnum() for word in lower[start:end])
    opens = start == reading.bounds[reading.sentence[start]][0]
    closes = end >= len(lower) or lower[end] == "." or end == reading.bounds[reading.sentence[end - 1]][1]
    return words > _SCARE and opens and closes
