"""Names and offices in a text: runs of capitalised words, taken apart into offices, names and owners."""

from __future__ import annotations

import functools
import re
from enum import StrEnum
from typing import NamedTuple

from framing.speakers.folding import fold
from framing.speakers.lexicon import Lexicon
from framing.speakers.offices import Office, read_office

_UPPER = "A-Z" + "".join(filter(str.isupper, map(chr, range(0xC0, 0x250))))
_TITLE = r"(?:Mrs?|Ms|Dr|Sens?|Reps?|Gov|Gen|Lt|Col|Sgt|Prof|Rev|Hon|Capt|Maj|Adm|Cmdr|Pres|Sec|St|Jr|Sr)\."
_TOKEN = rf"(?:{_TITLE}|(?:[{_UPPER}]\.-?)+|[{_UPPER}]\w*(?:['’\-]\w+)*)"
_PARTICLE = r"(?:de|der|den|von|van|da|di|du|dos|del|la|le|al|el|bin|ben|ibn|ter|ten|zu)"
_OF_STATE = r"of\ (?:the\ )?(?=State|Defen[cs]e|Treasury|Homeland|Staff|Justice|Commerce|Labor|Education|Energy)"
_RUN = re.compile(rf"(?<!\w){_TOKEN}(?:[ \u00a0](?:{_OF_STATE}|(?:{_PARTICLE}[ \u00a0]){{0,2}}){_TOKEN})*")
_WORD = re.compile(rf"{_TOKEN}|\w+")
_SLANTS = ("-led", "-backed", "-dominated", "-controlled", "-based")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_HONORIFICS = frozenset({"mr", "mrs", "ms", "miss", "dr"})
_BEFORE = 60
_POSSESSIVE = ("'s", "’s")
_ACRONYM = re.compile(rf"[{_UPPER}][{_UPPER}&-]+$")


class Sort(StrEnum):
    """What a run of capitals is: surely a person, a place, a body, an office without a name, or not to be told."""

    PERSON = "person"
    PLACE = "place"
    BODY = "body"
    OFFICE = "office"
    OTHER = "other"


class Mention(NamedTuple):
    """A name or office at `[start, end)`; `name` holds its words without office, titles and "Jr."."""

    start: int
    end: int
    sort: Sort
    name: tuple[str, ...]
    folded: tuple[str, ...]
    office: Office | None
    gender: str | None
    possessive: bool


def find_mentions(text: str, lexicon: Lexicon) -> list[Mention]:
    """Return the mentions in text order; a run such as "Ukraine's President Volodymyr Zelensky" holds two."""
    found = []
    for match in _RUN.finditer(text):
        start = match.start()
        pieces = _read_run(match[0], lexicon)
        for piece in pieces:
            mention = piece
            if piece.start == 0 and piece.office is None and len(piece.name) > 1 and piece.sort in MAYBE_PERSON:
                mention = _with_role_before(text, start, piece, lexicon)
            found.append(Mention(piece.start + start, piece.end + start, *mention[2:]))
    return found


MAYBE_PERSON = (Sort.PERSON, Sort.OTHER)
"""The sorts that may turn out to be people."""


def _with_role_before(text: str, start: int, piece: Mention, lexicon: Lexicon) -> Mention:
    """Add a role in lower case that stands right before a name: "campaign manager", "spokeswoman"."""
    before = text[max(0, start - _BEFORE) : start]
    if not before.endswith(" "):
        return piece
    words = before.split()
    if not words or words[-1] not in lexicon.offices:
        return piece
    first = len(words) - 1
    while first > 0 and words[first - 1].lower() in lexicon.office_modifiers | lexicon.office_qualifiers:
        first -= 1
    if first > 0 and words[first - 1][:1].isupper():
        first -= 1
    office = read_office(" ".join(words[first:]), lexicon)
    gender = lexicon.gender.get(words[-1]) or piece.gender
    return piece._replace(sort=Sort.PERSON, office=office, gender=gender)


@functools.lru_cache(maxsize=65536)
def _read_run(run: str, lexicon: Lexicon) -> tuple[Mention, ...]:
    words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(run)]
    pieces: list[Mention] = []
    group: list[tuple[int, int, str]] = []
    for start, end, word in words:
        if word.endswith(_POSSESSIVE):
            group.append((start, end - 2, word[:-2]))
            pieces.extend(_read_group(run, group, lexicon, possessive=True))
            group = []
        else:
            group.append((start, end, word))
    pieces.extend(_read_group(run, group, lexicon, possessive=False))
    for position in range(1, len(pieces)):
        owner, owned = pieces[position - 1 : position + 1]
        if owner.possessive and owned.office and not owned.office.of and owner.end + 3 >= owned.start - 1:
            office = read_office(f"{run[owner.start : owner.end]} {owned.office.role}", lexicon)
            pieces[position] = owned._replace(office=office)
    return tuple(pieces)


def _read_group(run: str, group: list[tuple[int, int, str]], lexicon: Lexicon, *, possessive: bool) -> list[Mention]:
    words = [(start, end, word, fold(word).rstrip(".")) for start, end, word in group]
    while words and (words[0][3] in lexicon.not_names or words[0][3].endswith(_SLANTS)):
        words.pop(0)
    while words and words[-1][3] in lexicon.times:
        words.pop()
    if not words:
        return []
    name_from = _end_of_office(words, lexicon)
    rest = [word for word in words[name_from:] if word[3] not in _SUFFIXES]
    office_text = run[words[0][0] : words[name_from - 1][1]] if name_from else ""
    name = tuple(word[2] for word in rest)
    folded = tuple(word[3] for word in rest)
    titles = [word[3] for word in words[:name_from]]
    sort = _sort(name, folded, lexicon, titled=bool(name_from))
    if sort is Sort.PERSON and not name_from and len(name) > 2 and folded[0] in lexicon.countries:
        name, folded = name[1:], folded[1:]
    gender = next(filter(None, map(lexicon.gender.get, titles)), None)
    if sort in MAYBE_PERSON and gender is None and len(folded) > 1:
        gender = lexicon.gender.get(folded[0])
    office = read_office(office_text, lexicon) if office_text else None
    return [Mention(words[0][0], words[-1][1], sort, name, folded, office, gender, possessive)]


def _end_of_office(words: list[tuple[int, int, str, str]], lexicon: Lexicon) -> int:
    """Return how many words from the left are titles, offices and their owners."""
    last = 0
    for position, (_, _, _, folded) in enumerate(words):
        is_office = folded in lexicon.titles or folded.removeprefix("ex-") in lexicon.offices
        before = words[position - 1][3] if position else ""
        given_next = position + 1 < len(words) and words[position + 1][3] in lexicon.given_names
        surname = before in lexicon.given_names and not given_next
        surname = surname or (before in _HONORIFICS and folded not in lexicon.offices)
        if is_office and not surname:
            last = position + 1
    if not last:
        return _end_of_body(words, lexicon)
    while 0 < last < len(words) - 1 and words[last][3] == "of":
        last += 3 if words[last + 1][3] == "the" else 2
    return last


def _end_of_body(words: list[tuple[int, int, str, str]], lexicon: Lexicon) -> int:
    """Return where a name begins that follows the body its bearer heads: "Security Council Dmitry Medvedev"."""
    for position in range(1, len(words) - 1):
        body = words[position - 1][3]
        if words[position][3] in lexicon.given_names and (body in lexicon.organisations or body in lexicon.governments):
            return position
    return 0


def _sort(name: tuple[str, ...], folded: tuple[str, ...], lexicon: Lexicon, *, titled: bool) -> Sort:
    if not name:
        return Sort.OFFICE
    whole = " ".join(folded)
    if whole in lexicon.countries or whole in lexicon.metonyms:
        return Sort.PLACE
    if folded[-1] in lexicon.governments or folded[-1] in lexicon.organisations:
        return Sort.BODY
    if titled:
        return Sort.OTHER if all(word in lexicon.not_people for word in folded) else Sort.PERSON
    if len(name) == 1:
        return Sort.BODY if _ACRONYM.match(name[0]) else Sort.OTHER
    named = folded[0] in lexicon.given_names or (folded[0] in lexicon.countries and folded[1] in lexicon.given_names)
    if named and len(name) <= 5 and not any(word in lexicon.not_people for word in folded[1:]):
        return Sort.PERSON
    return Sort.OTHER
