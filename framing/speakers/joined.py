"""Two or more people who speak as one source: "Sanna Marin, the prime minister, and Sauli Niinistö"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from framing.speakers.clusters import People, Person
from framing.speakers.lexicon import Lexicon
from framing.speakers.mentions import Mention, Sort
from framing.speakers.offices import read_office
from framing.types import Span

_SEAT = re.compile(r"\([^()]*\)|,\s(?:R|D|I)-[A-Z][\w.]*(?:,(?=\s))?")
_DETERMINER = 4


def joined_people(
    text: str, span: Span, inside: Sequence[Mention], people: People, lexicon: Lexicon
) -> list[Person | str] | None:
    """Return the people whom a source joins by commas and "and", those of the article or else their names.

    Party and seat in brackets or between commas ("(D-Ore.)") count as part of a name. None where no names are joined.
    """
    named = [mention for mention in inside if _is_name(mention, people) and not mention.possessive]
    if len(named) < 2 or not _opens(text[span.start : named[0].start], lexicon):
        return None
    joined: list[Person | str] = [_who(named[0], people)]
    end = named[0].end
    for mention in named[1:]:
        between = _SEAT.sub("", text[end : mention.start]).strip()
        known = mention.start in people.at
        last = between == "and" or (known and between.startswith(",") and between.endswith("and"))
        if not last and between != ",":
            if known:
                return None
            continue
        who = _who(mention, people)
        if who in joined:
            return None
        joined.append(who)
        end = mention.end
        if last:
            return joined
    return None


def _is_name(mention: Mention, people: People) -> bool:
    return mention.start in people.at or (mention.sort is Sort.OTHER and len(mention.name) > 1)


def _who(mention: Mention, people: People) -> Person | str:
    return people.at.get(mention.start) or " ".join(mention.name)


def _opens(before: str, lexicon: Lexicon) -> bool:
    return len(before) <= _DETERMINER or read_office(before, lexicon) is not None
