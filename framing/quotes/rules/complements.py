"""What follows a cue: a clause, a question, an infinitive, an object or a preposition with its phrase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from framing.quotes.cues import Cue, Form, Frame
from framing.quotes.rules.closed_classes import (
    ADDRESSED,
    AUXILIARIES,
    BE,
    CONTRACTED,
    FINITE,
    HAVE,
    OTHER_PRONOUNS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    TIMES,
    WH,
    is_adverb,
)
from framing.quotes.rules.found import Tokens
from framing.quotes.rules.noun_phrases import phrase_after
from framing.quotes.rules.reading import Reading
from framing.quotes.rules.verb_groups import VerbGroup, Voice
from framing.types import CueClass

LONGEST = 150
"""No content reaches further than this many words from its cue unless quote marks hold it."""

_ADJUNCTS = frozenset(("in", "on", "at", "during", "after", "before", "from", "via", "to", "with", "by", "of"))
_PERIODS = frozenset(("week", "month", "year", "night", "summer", "autumn", "fall", "winter", "spring", "morning"))
_CLAUSAL = frozenset(("despite", "without", "like", "unlike", "until", "since", "if", "while", "because", "although"))
_TURNS = frozenset(("but", "though", "however", "while", "although", "whereas", "who", "which"))
_AFTER_ADDRESSEE = WH | PREPOSITIONS | SUBJECT_PRONOUNS | CONTRACTED
_RESUMES = BE | HAVE | {"will", "would"}
_CLOSING = frozenset((".", ",", "!", "?", ";", ":", "and", "but", "—", "–", "-", "while", "as"))


class Complement(NamedTuple):
    """The frame of a complement, its first token, and the end of the cue (which takes in a preposition)."""

    frame: str
    start: int
    cue_end: int


def find_complement(reading: Reading, group: VerbGroup, verbs: dict[str, Cue]) -> Complement | None:
    """Return what follows the cue, if the cue takes it."""
    lower, frames = reading.lower, group.cue.frames
    last = reading.bounds[reading.sentence[group.head]][1]
    at = _skip_addressee(reading, group, last, verbs)
    if at > group.end and at < last and lower[at] == "to" and (Frame.TO in frames or Frame.OBJECT in frames):
        return Complement(Frame.TO, group.end, group.end)
    at = _skip_time(reading, at, last)
    if at >= last:
        return None
    word = lower[at]
    if word == "that" and Frame.THAT in frames:
        return Complement(Frame.THAT, at, group.end)
    if word == "to" and (Frame.TO in frames or "to" not in frames):
        passive = group.cue.form is Form.PAST and group.start == group.head and lower[at + 1 : at + 2] == ["be"]
        return Complement(Frame.TO, at, group.end) if Frame.TO in frames and not passive else None
    if word == "about" and at + 1 < last and Frame.CLAUSE in frames and _is_number(lower[at + 1]):
        return Complement(Frame.CLAUSE, at, group.end)
    if word in PREPOSITIONS or word in ("out", "if", "because", "although", "while"):
        return _behind_preposition(reading, group, at, last, verbs)
    if word in WH:
        return Complement(Frame.WH, at, group.end) if Frame.WH in frames else None
    if not (word[0].isalnum() or reading.quoted[at] >= 0 or word in "$("):
        return None
    if Frame.CLAUSE in frames and (Frame.OBJECT not in frames or _has_finite(reading, at, last)):
        return (
            Complement(Frame.CLAUSE, at, group.end)
            if _has_finite(reading, at, last) or group.cue.lemma == "say"
            else None
        )
    if Frame.OBJECT in frames and word not in AUXILIARIES and word not in ("and", "or", "but", "so", "as"):
        return Complement(Frame.OBJECT, at, group.end)
    return None


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in ("half", "one", "two", "three", "four", "five", "six", "a")


def _skip_time(reading: Reading, at: int, last: int) -> int:
    """Step over "on Tuesday", "last week", "earlier this month" and adverbs."""
    lower = reading.lower
    while at < last:
        word, following = lower[at], lower[at + 1] if at + 1 < last else ""
        if word in TIMES or (is_adverb(word) and word not in WH):
            at += 1
        elif (word in ("on", "in", "since") and following in TIMES) or (
            word in ("last", "this", "next", "late") and (following in _PERIODS or following in TIMES)
        ):
            at += 2
        elif word == "," and following in ("however", "though", "meanwhile") and lower[at + 2 : at + 3] == [","]:
            at += 3
        else:
            break
    return at


def _skip_addressee(reading: Reading, group: VerbGroup, last: int, verbs: dict[str, Cue]) -> int:
    lower, at = reading.lower, group.end
    if at >= last or group.cue.lemma not in ADDRESSED:
        return at
    if lower[at] in ("that", "to") or lower[at] in WH or lower[at] in PREPOSITIONS:
        return at
    addressee = phrase_after(reading, at, last, verbs)
    if addressee is not None and addressee.end < last:
        following = lower[addressee.end]
        if following in ("that", "to", "the") or following in _AFTER_ADDRESSEE:
            return addressee.end
        if following in ".,;:!?":
            return addressee.end
        if lower[at] in OTHER_PRONOUNS:
            return at + 1
    return at


def _behind_preposition(
    reading: Reading, group: VerbGroup, at: int, last: int, verbs: dict[str, Cue]
) -> Complement | None:
    """Read "said in a statement that", "called for an end" and "said on Monday it would"."""
    lower, frames = reading.lower, group.cue.frames
    if Frame.THAT in frames:
        for place in range(at, min(last, at + 14)):
            if lower[place] == "that":
                return Complement(Frame.THAT, place, group.end)
            if lower[place] in ",;:—" or reading.quoted[place] >= 0:
                break
    if lower[at] in frames and at + 1 < last:
        return Complement(lower[at], at + 1, at + 1)
    if Frame.CLAUSE not in frames:
        return Complement(Frame.WH, at, group.end) if lower[at] in WH and Frame.WH in frames else None
    if lower[at] in _CLAUSAL:
        return Complement(Frame.CLAUSE, at, group.end)
    place = at
    while place < last and lower[place] in _ADJUNCTS:
        phrase = phrase_after(reading, place + 1, last, verbs)
        place = place + 2 if phrase is None else phrase.end
    if at < place < last and lower[place] in SUBJECT_PRONOUNS | CONTRACTED | {"the", "there"}:
        return Complement(Frame.CLAUSE, place, group.end)
    return None


def _has_finite(reading: Reading, at: int, last: int) -> bool:
    lower = reading.lower
    if lower[at] in CONTRACTED or lower[at] in SUBJECT_PRONOUNS or lower[at] == "there":
        return True
    for place in range(at + 1, min(last, at + 20)):
        word = lower[place]
        if word in AUXILIARIES or word in FINITE or word in CONTRACTED or word.endswith("ed"):
            return True
        if word in ",;:—" or word in ("who", "which", "that", "as"):
            return False
    return False


def content_end(
    reading: Reading, groups: Sequence[VerbGroup], own: Sequence[Tokens | None], number: int, complement: Complement
) -> int:
    """Return where the content of a complement ends: at another cue, at a turn of the sentence or at its end."""
    lower, start = reading.lower, complement.start
    end = reading.bounds[reading.sentence[start]][1]
    end = min(end, start + LONGEST)
    if reading.quoted[end - 1] >= 0:
        end = max(end, reading.quotes[reading.quoted[end - 1]][1])
    loose = complement.frame not in (Frame.THAT, Frame.CLAUSE, Frame.WH)
    for place in range(number + 1, len(groups)):
        other, source = groups[place], own[place]
        if other.start >= end:
            break
        if other.start > start and _goes_on(reading, groups[number], other, source, start, loose=loose):
            end = other.start - 1 if source is None else source[0] - 1
    end = next((place for place in range(start + 1, end) if _turns(reading, place, loose=loose)), end)
    while end > start and lower[end - 1] in _CLOSING:
        end -= 1
    return end


def _turns(reading: Reading, place: int, *, loose: bool) -> bool:
    """Tell whether the sentence leaves the content at a token that stands outside quote marks."""
    word, lower = reading.lower[place], reading.lower
    if reading.quoted[place] >= 0:
        return False
    if word in ";:":
        return True
    if lower[place - 1] != ",":
        return False
    following = lower[place + 1] if place + 1 < len(lower) else ""
    if (word in ("and", "but") and following in _RESUMES) or (word == "as" and following in ("if", "though")):
        return True
    return word == "according" or (loose and word in _TURNS)


def _goes_on(
    reading: Reading, group: VerbGroup, other: VerbGroup, source: Tokens | None, start: int, *, loose: bool
) -> bool:
    """Tell whether another cue begins a new statement rather than being told by this one."""
    lower = reading.lower
    before = lower[other.start - 1]
    if other.voice is Voice.GERUND:
        inside = reading.quoted[other.start - 1] >= 0 and lower[other.start - 2] == ","
        return (before == "," or inside) and other.cue.cue_class in (CueClass.SPEECH, CueClass.WRITING)
    if other.voice is not Voice.FINITE:
        return False
    if before in ("and", "but"):
        return loose or other.cue.form == group.cue.form
    if source is None or source[0] <= start:
        return False
    turn = lower[source[0] - 1]
    if turn == ",":
        return other.end < len(lower) and lower[other.end] in ".,"
    return turn in ("and", "but", "while", "though", "although", "as") and lower[source[0] - 2] == ","
