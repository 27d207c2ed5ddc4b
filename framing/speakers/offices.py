"""Offices in a comparable form: "Estonia's Foreign Minister" and "the Estonian foreign minister" are one."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from framing.speakers.folding import fold
from framing.speakers.lexicon import Lexicon

_WORD = re.compile(r"(?:[^\W\d_]\.)+|[^\W_]+")
_SPELLINGS = {"defense": "defence", "premier": "prime minister", "ex": "former", "late": "former", "onetime": "former"}
_COMPOUNDS = (
    (re.compile("secretary-general", re.IGNORECASE), "secretary general"),
    (re.compile("vice-president", re.IGNORECASE), "vice president"),
    (re.compile("['’]s\\b"), ""),
)
_ABBREVIATIONS = {"gov": "governor", "sen": "senator", "rep": "representative", "pres": "president", "sec": "secretary"}
_NO_OFFICE = ("ly", "ed", "ing", "est", "th")
_DETERMINERS = frozenset({"the", "a", "an", "of", "his", "her", "its", "their", "for", "s", "to"})


@dataclass(frozen=True, slots=True)
class Office:
    """The words of an office without its owner ("foreign minister"), and its state or body in lower case, if said.

    `owner` is the state or body as it is written.
    """

    role: str
    of: str | None
    owner: str | None = field(default=None, compare=False)

    @property
    def head(self) -> str:
        """The noun of the office: "secretary" of "secretary of state"."""
        return self.role.partition(" of ")[0].rpartition(" ")[2]


@functools.lru_cache(maxsize=16384)
def read_office(phrase: str, lexicon: Lexicon) -> Office | None:
    """Read the office that a phrase such as "the former Norwegian Foreign Minister" names; None if it names none.

    A word of the office that the lexicon does not know stays with it ("fisheries minister"), so that it is not taken
    for another one.
    """
    plain = " ".join(phrase.split())
    for compound, parts in _COMPOUNDS:
        plain = compound.sub(parts, plain)
    written = _WORD.findall(plain)
    words = [_ABBREVIATIONS.get(word, word) for word in map(fold, written)]
    role: list[str] = []
    owner: list[str] = []
    state = None
    skip = owned = False
    unsaid = _DETERMINERS, lexicon.office_qualifiers, lexicon.not_names
    for position, word in enumerate(words):
        following = words[position + 1] if position + 1 < len(words) else ""
        pair = f"{word} {following}"
        if skip:
            skip = False
        elif pair in lexicon.countries or word in lexicon.countries:
            skip = pair in lexicon.countries
            state = state or lexicon.countries[pair if skip else word]
        elif word in lexicon.offices or word in lexicon.office_modifiers:
            role.append(_SPELLINGS.get(word, word))
        elif word == "of" and role:
            role.extend([word] if following in lexicon.office_modifiers else [])
            owned = True
        elif word == "former" or word in _SPELLINGS:
            role.insert(0, _SPELLINGS.get(word, word))
        elif written[position] == "new" or any(word in each for each in unsaid):
            continue
        elif owned or (not role and not state and not written[position].islower()):
            owner.append(written[position])
        elif not role and not word.endswith(_NO_OFFICE):
            role.append(word)
    if not any(word in lexicon.offices for word in " ".join(role).split()):
        return None
    name = state or " ".join(owner) or None
    return Office(" ".join(role), fold(name) if name else None, name)


def fits(asked: Office, held: Office) -> bool:
    """Say whether the words asked for may mean an office held: "the minister" fits "Norwegian foreign minister"."""
    if asked.of and held.of and asked.of != held.of:
        return False
    asked_words, held_words = asked.role.split(), held.role.split()
    if "former" in asked_words and "former" not in held_words:
        return False
    if asked_words == ["minister"] and "prime" in held_words:
        return False
    return asked.head == held.head and set(asked_words) <= set(held_words)
