"""Statements at the opening of a sentence that have no verb group to themselves."""

from __future__ import annotations

from framing.quotes.cues import Cue
from framing.quotes.rules.closed_classes import WH, words
from framing.quotes.rules.complements import LONGEST
from framing.quotes.rules.found import Found
from framing.quotes.rules.noun_phrases import phrase_after
from framing.quotes.rules.reading import Reading
from framing.types import CueClass

_LONGEST_NAME = 6
_LONGEST_HEADLINE = 40
_LONGEST_ACRONYM = 3
_NO_SPEAKERS = words("latest breaking exclusive watch video live updated update opinion analysis photos read listen")
_ASKED = WH | {"about", "to", "by", "for"}


def find_openings(reading: Reading, verbs: dict[str, Cue]) -> list[Found]:
    """Read "Graham: Plan puts peace at risk" in the first line and "Asked whether it rained, …" in any sentence."""
    found = _headline(reading)
    for first, last in reading.bounds:
        at = first + 1 if reading.lower[first] == "when" else first
        if at + 3 < last and reading.lower[at] == "asked" and reading.lower[at + 1] in _ASKED:
            found += _question(reading, at, last, verbs)
    return found


def _headline(reading: Reading) -> list[Found]:
    if not reading.bounds:
        return []
    last = reading.bounds[0][1]
    if len(reading.paragraph_bounds) < 2 or reading.paragraph_bounds[0][1] > _LONGEST_HEADLINE:
        return []
    colon = next((t for t in range(1, min(last, _LONGEST_NAME)) if reading.lower[t] == ":"), None)
    if colon is None or colon + 2 >= last or reading.quoted[colon + 1] >= 0:
        return []
    name = reading.words[:colon]
    if not all(word[0].isupper() for word in name) or not _NO_SPEAKERS.isdisjoint(reading.lower[:colon]):
        return []
    if all(word.isupper() for word in name) and len("".join(name)) > _LONGEST_ACRONYM:
        return []
    end = min(last, colon + LONGEST)
    end -= reading.lower[end - 1] in ".!?"
    return [Found(((colon + 1, end),), (colon, colon + 1), (0, colon), CueClass.SPEECH, "headline", ":")]


def _question(reading: Reading, at: int, last: int, verbs: dict[str, Cue]) -> list[Found]:
    lower, start, source = reading.lower, at + 1, None
    if lower[start] == "by":
        source = phrase_after(reading, start + 1, last, verbs, apposition=False)
        if source is None or source.end >= last or lower[source.end] not in _ASKED:
            return []
        start = source.end
    comma = next((t for t in range(start + 1, min(last, start + LONGEST)) if lower[t] == ","), None)
    start += lower[start] in ("about", "for")
    if comma is None or comma <= start:
        return []
    return [Found(((start, comma),), (at, at + 1), source, CueClass.SPEECH, "asked", "ask")]
