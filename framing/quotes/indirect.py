"""Statements told in a clause, an infinitive or an object, with or without words in quote marks."""

from __future__ import annotations

from collections.abc import Iterable

from framing.quotes.closed_classes import (
    ADDRESSED,
    AUXILIARIES,
    CONTRACTED,
    FINITE,
    OTHER_PRONOUNS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    TIMES,
    WH,
    is_adverb,
)
from framing.quotes.cues import Cue, Frame
from framing.quotes.found import Found, Tokens
from framing.quotes.noun_phrases import phrase_after, phrase_before
from framing.quotes.reading import Reading
from framing.quotes.verb_groups import VerbGroup, Voice
from framing.types import CueClass

_LONGEST = 150


def find_indirect(reading: Reading, groups: Iterable[VerbGroup], taken: set[int], verbs: dict[str, Cue]) -> list[Found]:
    """Find the statements told without a quotation of their own; `taken` holds the heads that introduce one."""
    found: list[Found] = []
    groups = [group for group in groups if reading.quoted[group.head] < 0]
    sentence, main, nested_until = -1, None, 0
    for number, group in enumerate(groups):
        if reading.sentence[group.head] != sentence:
            sentence, main, nested_until = reading.sentence[group.head], None, 0
        source = _source(reading, group, main, verbs)
        if source is not None and group.voice is Voice.FINITE and group.start >= nested_until:
            main = source
        if group.head in taken or group.voice in (Voice.INFINITIVE, Voice.PASSIVE):
            continue
        complement = _complement(reading, group, verbs) if source is not None else None
        if complement is not None:
            frame, start, cue_end = complement
            end = _content_end(reading, groups, number, start)
            if end > start:
                nested_until = max(nested_until, end)
                found.append(
                    Found(
                        ((start, end),),
                        (group.start, cue_end),
                        source,
                        group.cue.cue_class,
                        f"{group.voice} {frame}",
                        group.cue.lemma,
                    )
                )
            continue
        tail = _parenthetical(reading, group, source, verbs)
        if tail is not None:
            found.append(tail)
    return found


def _source(reading: Reading, group: VerbGroup, main: Tokens | None, verbs: dict[str, Cue]) -> Tokens | None:
    lower = reading.lower
    first = reading.bounds[reading.sentence[group.head]][0]
    before = lower[group.start - 1] if group.start > first else ""
    if group.voice is Voice.PASSIVE:
        for place in range(group.head + 1, min(group.head + 4, len(lower))):
            if lower[place] == "by":
                return phrase_after(reading, place + 1, reading.bounds[reading.sentence[group.head]][1], verbs)
        return None
    if group.voice is Voice.FINITE and before not in ("and", "but", "or", "then", ""):
        return phrase_before(reading, group.start, first, verbs)
    if group.voice is Voice.GERUND and before not in (
        ",",
        "and",
        "but",
        "or",
        "by",
        "in",
        "after",
        "before",
        "for",
        "of",
        "without",
        "",
    ):
        return phrase_before(reading, group.start, first, verbs)
    if main is not None:
        return main
    if before == "":
        comma = next((t for t in range(group.head, min(group.head + _LONGEST, len(lower))) if lower[t] == ","), None)
        if comma is None:
            return None
        return phrase_after(reading, comma + 1, reading.bounds[reading.sentence[group.head]][1], verbs)
    return _subject(reading, first, group.start, verbs)


def _subject(reading: Reading, first: int, end: int, verbs: dict[str, Cue]) -> Tokens | None:
    """Return the subject of a sentence: the phrase before its first finite verb, or the first phrase of it."""
    lower = reading.lower
    for place in range(first + 1, min(end, first + _LONGEST)):
        if (
            lower[place] in AUXILIARIES
            or lower[place] in FINITE
            or lower[place].endswith("ed")
            or lower[place] in verbs
        ) and lower[place] not in ("may",):
            phrase = phrase_before(reading, place, first, verbs)
            if phrase is not None:
                return phrase
    return phrase_after(reading, first, end, verbs)


def _complement(reading: Reading, group: VerbGroup, verbs: dict[str, Cue]) -> tuple[str, int, int] | None:
    lower, frames = reading.lower, group.cue.frames
    last = reading.bounds[reading.sentence[group.head]][1]
    at = cue_end = group.head + 1
    if group.voice is Voice.PASSIVE and at < last and lower[at] == "by":
        return None
    if (
        at < last
        and group.cue.lemma in ADDRESSED
        and lower[at] not in ("that", "to")
        and lower[at] not in WH
        and lower[at] not in PREPOSITIONS
    ):
        addressee = phrase_after(reading, at, last, verbs)
        if addressee is not None and addressee[1] < last:
            following = lower[addressee[1]]
            if following in ("that", "to") or following in WH or following in PREPOSITIONS:
                at = addressee[1]
            elif lower[at] in OTHER_PRONOUNS:
                at = at + 1
    while at < last and (is_adverb(lower[at]) or lower[at] in TIMES) and lower[at] not in WH:
        at += 1
    if at >= last or (
        reading.quoted[at] >= 0
        and reading.quoted[at] != reading.quoted[group.head]
        and Frame.OBJECT not in frames
        and Frame.CLAUSE not in frames
    ):
        return None
    word = lower[at]
    if word == "that" and Frame.THAT in frames:
        return Frame.THAT, at, cue_end
    if word in PREPOSITIONS or word in ("out",):
        that = _that_behind(reading, at, last)
        if that is not None and Frame.THAT in frames:
            return Frame.THAT, that, cue_end
        if word in frames:
            return word, at + 1, at + 1
        return None
    if word == "to" and Frame.TO in frames:
        return Frame.TO, at, cue_end
    if word in WH:
        return (Frame.WH, at, cue_end) if Frame.WH in frames else None
    if not (word[0].isalnum() or reading.quoted[at] >= 0 or word in "$("):
        return None
    if Frame.CLAUSE in frames and _has_finite(reading, at, last):
        return Frame.CLAUSE, at, cue_end
    if Frame.OBJECT in frames and word not in AUXILIARIES and word not in ("and", "or", "but"):
        return Frame.OBJECT, at, cue_end
    return None


def _that_behind(reading: Reading, at: int, last: int) -> int | None:
    for place in range(at, min(last, at + 14)):
        if reading.lower[place] == "that":
            return place
        if reading.lower[place] in ",;:—" or reading.quoted[place] >= 0:
            return None
    return None


def _has_finite(reading: Reading, at: int, last: int) -> bool:
    lower = reading.lower
    if lower[at] in CONTRACTED or lower[at] in SUBJECT_PRONOUNS or lower[at] == "there":
        return True
    for place in range(at + 1, min(last, at + 20)):
        word = lower[place]
        if word in AUXILIARIES or word in FINITE or word in CONTRACTED:
            return True
        if word in ",;:—" or word in ("who", "which", "that", "as"):
            return False
        if word.endswith("ed"):
            return True
    return False


def _content_end(reading: Reading, groups: list[VerbGroup], number: int, start: int) -> int:
    lower = reading.lower
    sentence = reading.sentence[start]
    end = reading.bounds[sentence][1]
    if reading.quoted[end - 1] >= 0:
        end = max(end, reading.quotes[reading.quoted[end - 1]][1])
    end = min(end, start + _LONGEST)
    for other in groups[number + 1 :]:
        if other.start >= end:
            break
        before = lower[other.start - 1]
        if other.start == start:
            continue
        adds = other.voice is Voice.GERUND and before == ","
        goes_on = other.voice is Voice.FINITE and before in ("and", "but") and other.cue.form == groups[number].cue.form
        if adds or goes_on:
            end = other.start - 1
    for place in range(start, end):
        if (lower[place] == "according" and place > start and lower[place - 1] == ",") or lower[place] == ";":
            end = place - (lower[place] == "according")
            break
    while end > start and lower[end - 1] in (".", ",", "!", "?", ";", ":", "and", "but", "—", "-"):
        end -= 1
    return end


def _parenthetical(reading: Reading, group: VerbGroup, source: Tokens | None, verbs: dict[str, Cue]) -> Found | None:
    """Read "…, she said." and "…, she said, …"."""
    lower = reading.lower
    first, last = reading.bounds[reading.sentence[group.head]]
    if group.voice is not Voice.FINITE or source is None or Frame.CLAUSE not in group.cue.frames:
        return None
    comma = source[0] - 1
    if comma <= first or lower[comma] != ",":
        return None
    content: list[Tokens] = [(max(first, comma - _LONGEST), comma)]
    after = group.head + 1
    while after < last and lower[after] not in ".,":
        after += 1
    if after < last - 2 and lower[after] == ",":
        end = last
        while end > after and lower[end - 1] in ".,!?":
            end -= 1
        if end > after + 1:
            content.append((after + 1, min(end, after + _LONGEST)))
    return Found(
        tuple(content), (group.start, group.head + 1), source, group.cue.cue_class, "parenthetical", group.cue.lemma
    )


def find_according(reading: Reading, verbs: dict[str, Cue]) -> list[Found]:
    """Read "according to NAME" at the start and at the end of what NAME says."""
    lower = reading.lower
    found = []
    for at, word in enumerate(lower[:-2]):
        if word != "according" or lower[at + 1] != "to":
            continue
        first, last = reading.bounds[reading.sentence[at]]
        source = phrase_after(reading, at + 2, last, verbs)
        if source is None:
            continue
        if at - first <= 1:
            comma = next((t for t in range(source[1], min(last, source[1] + 25)) if lower[t] == ","), None)
            if comma is None:
                continue
            content = (comma + 1, min(last, comma + _LONGEST))
        else:
            content = (max(first, at - _LONGEST), at)
        start, end = content
        while end > start and lower[end - 1] in ".,!?;—-":
            end -= 1
        if end > start:
            found.append(Found(((start, end),), (at, at + 2), source, CueClass.SPEECH, "according", "according"))
    return found
