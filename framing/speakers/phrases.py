"""Sources that name no person: what kind of voice a noun phrase is, and how it is called."""

from __future__ import annotations

import re
from typing import NamedTuple

from framing.speakers.folding import fold
from framing.speakers.lexicon import Lexicon
from framing.types import SpeakerKind

_HEAD_END = re.compile(
    r"\s*(?:[,(:;–—]|\s(?:who|which|that|of|for|from|at|to|with|in|on|near|outside|by|whose|inside|across|close|among|"
    r"familiar|behind|before|after|under|within|against|based)\s)"
)
_DETERMINER = re.compile(
    r"(?:the|a|an|one|another|some|his|her|its|their|this|that|these|those|both|our|my)\s+", re.IGNORECASE
)
_LAST_WORD = re.compile(r"([\w.'’&-]+)[^\w]*$")
_OF = re.compile(r"\s+of\s+[^,;:(]+?(?=,|$|\s(?:who|which|and)\b)")
INDEFINITE = frozenset({"a", "an", "one", "another", "some"})
POSSESSIVE = frozenset({"his", "her", "its", "their"})


class Phrase(NamedTuple):
    """A noun phrase: its determiner, the words up to its head, the head itself folded, and where the head part ends."""

    text: str
    determiner: str
    core: str
    head: str
    head_end: int

    @property
    def title(self) -> str:
        """The head part with an "of" behind it: "the president of Ukraine" of "the president of Ukraine, who"."""
        after = _OF.match(self.text, self.head_end)
        return self.text[: after.end() if after else self.head_end]


def read_phrase(text: str) -> Phrase:
    """Take a noun phrase apart; what follows a comma, a preposition or a relative pronoun is not its head."""
    found = _HEAD_END.search(text, 1)
    head_end = found.start() if found else len(text)
    determiner = _DETERMINER.match(text)
    begin = determiner.end() if determiner and determiner.end() < head_end else 0
    core = text[begin:head_end].strip()
    last = _LAST_WORD.search(core)
    head = fold(last[1]) if last else ""
    head = head.removesuffix("'s")
    return Phrase(text, determiner[0].strip().lower() if determiner and begin else "", core, head, head_end)


def kind_of(phrase: Phrase, lexicon: Lexicon) -> SpeakerKind | None:
    """Return the kind of voice that the head of a phrase tells, None if it tells none."""
    head = phrase.head
    singular = head[:-3] + "y" if head.endswith("ies") else head.removesuffix("s")
    if head in lexicon.governments or (singular in lexicon.governments and singular != head):
        return SpeakerKind.GOVERNMENT
    if head in lexicon.documents:
        return SpeakerKind.DOCUMENT
    if head in lexicon.anonymous or head in lexicon.offices:
        return SpeakerKind.ANONYMOUS
    if head in lexicon.groups:
        return SpeakerKind.GROUP
    if head in lexicon.organisations:
        return SpeakerKind.ORGANISATION
    if singular != head and (singular in lexicon.organisations or singular in lexicon.offices):
        return SpeakerKind.GROUP
    if singular != head and singular in lexicon.anonymous:
        return SpeakerKind.ANONYMOUS
    return None


def is_plural(head: str) -> bool:
    """Guess from its form whether a head is plural."""
    return (head.endswith("s") and not head.endswith(("ss", "us", "is"))) or head in ("people", "men", "women", "media")


def describe(text: str, lexicon: Lexicon) -> str:
    """Return a phrase as the name of a voice: without "the", in lower case where only its place made it a capital."""
    plain = " ".join(text.split())
    if plain[:4].lower() == "the ":
        return plain[4:]
    first = plain.split(" ", 1)[0]
    word = fold(first)
    common = (
        word in lexicon.not_names
        or word in lexicon.groups
        or word in lexicon.anonymous
        or word in lexicon.governments
        or word in lexicon.documents
        or word in lexicon.organisations
        or word in lexicon.office_modifiers
    )
    return plain[:1].lower() + plain[1:] if (common and first[1:].islower()) or first == "A" else plain
