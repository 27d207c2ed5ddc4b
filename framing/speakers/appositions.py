"""Offices that stand beside a name: "Sergei Lavrov, the foreign minister", "Russia's minister, Sergei Lavrov"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from framing.speakers.lexicon import Lexicon
from framing.speakers.mentions import Mention
from framing.speakers.offices import Office, read_office

_BEHIND = re.compile(r",\s+((?:the|a|an|his|her|its|their|[A-Z][\w.]*(?:['’]s)?)\s[^,.;:()\"“”\n]{3,70})(?=[,.;:)])")
_ROLE = re.compile(r"^(.*?)(?:\s(?:who|which|that|in|at|on|for|from|and|to)\b.*)?$")
_BREAK = re.compile(r"[,.;:()\"“”\n]")
_OF = re.compile(r" of ((?:the )?[A-Z][\w.]*(?: [A-Z][\w.]*)?)")
_LONGEST = 70
_MOST_WORDS = 6


def offices_beside(text: str, mention: Mention, lexicon: Lexicon) -> Iterator[Office]:
    """Yield the offices that the text gives to a name right before a comma, behind one, or with an "of" behind it."""
    behind = _BEHIND.match(text, mention.end) if text.startswith(",", mention.end) else None
    role = _ROLE.match(behind[1]) if behind else None
    yield from _office(role[1] if role else "", lexicon)
    if text.endswith(", ", 0, mention.start):
        before = text[max(0, mention.start - _LONGEST) : mention.start - 2]
        words = _BREAK.split(before)[-1].split()[-_MOST_WORDS:]
        if words and words[-1].lower() in lexicon.offices:
            yield from _office(" ".join(words), lexicon)
    if mention.office is not None and mention.office.of is None:
        owner = _OF.match(text, mention.end)
        if owner:
            yield from _office(f"{owner[1]} {mention.office.role}", lexicon)


def _office(phrase: str, lexicon: Lexicon) -> Iterator[Office]:
    office = read_office(phrase, lexicon) if phrase else None
    if office is not None:
        yield office
