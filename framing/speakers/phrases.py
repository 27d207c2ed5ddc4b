"""Sources that name no person: what kind of voice a noun phrase is, and how it is called."""

from __future__ import annotations

import re
from typing import NamedTuple

from framing.speakers.folding import fold
from framing.speakers.lexicon import Lexicon
from framing.types import SpeakerKind

_HEAD_END = re.compile(
    r"\s*(?:[,(:;–—]|\s(?:who|which|that|of|for|from|at|to|with|in|on|near|outside|by|whose|inside|across|close|among|"
    r"familiar|behind|before|after|under|within|against|based|this|last|next|earlier)\s)"
)
_DETERMINER = re.compile(
    r"(?:the|a|an|one|another|some|his|her|its|their|this|that|these|those|both)\s+", re.IGNORECASE
)
_FRONT = re.compile(
    r"[(\"“‘\[\s]*(?:(?:Meanwhile|However|Moreover|Furthermore|Instead|Indeed|Earlier|Later|Still|Yet|But|And|So),?\s+)?"
)
_BACK = re.compile(r"(?:['’]s|(?<=s)['’]|\swho|[\s,;:)\"”\]])+$")
_SLANT = re.compile(r"^[\w.]+-(?:led|backed|dominated|controlled|based)\s")
_HEAD_WORD = re.compile(r"[\w.'’&-]+")
_LOOK_BACK = 4
_NO_HEAD = ("ed", "ing", "ly", "present", "alike", "likewise", "available", "involved", "familiar", "made")
_PLURAL = ("people", "men", "media", "children")
_OF = re.compile(r"\s+of\s+[^,;:(]+?(?=,|$|\s(?:who|which|and)\b)")
_COLLECTIONS = frozenset({"group", "groups", "panel", "coalition", "mix", "number", "team", "pair", "numbers"})
INDEFINITE = frozenset({"a", "an", "one", "another", "some"})
POSSESSIVE = frozenset({"his", "her", "its", "their"})


class Phrase(NamedTuple):
    """A noun phrase: its determiner, the words up to its head, the head itself folded, and where the head part ends."""

    text: str
    determiner: str
    core: str
    head: str
    head_end: int
    skipped: int

    @property
    def whole(self) -> bool:
        """Whether nothing behind the head part narrows it down, as "of the club" would in "the leaders of the club"."""
        return self.head_end == len(self.text) or self.text.startswith((",", " who ", " (", " which "), self.head_end)

    @property
    def title(self) -> str:
        """The head part with an "of" behind it: "the president of Ukraine" of "the president of Ukraine, who"."""
        after = _OF.match(self.text, self.head_end)
        return self.text[: after.end() if after else self.head_end]


def read_phrase(text: str, lexicon: Lexicon) -> Phrase:
    """Take a noun phrase apart; what follows a comma, a preposition or a relative pronoun is not its head.

    Where the last word is no known noun, one up to three words before it is the head ("two senators present").
    `text` is without marks around it and without an adverb in front ("Meanwhile, the Kremlin"); `skipped` says how long
    what stood in front was.
    """
    adverb = _FRONT.match(text)
    skipped = adverb.end() if adverb and adverb.end() < len(text) else 0
    text = _BACK.sub("", text[skipped:]) or text[skipped:]
    found = _HEAD_END.search(text, 1)
    head_end = found.start() if found else len(text)
    determiner = _DETERMINER.match(text)
    begin = determiner.end() if determiner and determiner.end() < head_end else 0
    core = _SLANT.sub("", text[begin:head_end]).strip()
    words = _HEAD_WORD.findall(core)[-_LOOK_BACK:]
    head = fold(words[-1]).removesuffix("'s") if words else ""
    if words and head not in lexicon.nouns and (head in lexicon.times or head.endswith(_NO_HEAD)):
        known = (fold(word) for word in reversed(words[:-1]))
        head = next((word for word in known if word in lexicon.nouns), head)
    return Phrase(text, determiner[0].strip().lower() if determiner and begin else "", core, head, head_end, skipped)


def kind_of(phrase: Phrase, lexicon: Lexicon) -> SpeakerKind | None:
    """Return the kind of voice that the head of a phrase tells, None if it tells none."""
    head = phrase.head
    if phrase.core.endswith("%"):
        return SpeakerKind.GROUP
    if head in _COLLECTIONS and phrase.text.startswith(" of ", phrase.head_end):
        return SpeakerKind.GROUP
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
    return (head.endswith("s") and not head.endswith(("ss", "us", "is"))) or head.endswith(_PLURAL)


def describe(text: str, lexicon: Lexicon) -> str:
    """Return a phrase as the name of a voice: without "the", in lower case where only its place made it a capital."""
    plain = " ".join(text.split())
    if plain[:4].lower() == "the ":
        return plain[4:]
    first = plain.split(" ", 1)[0]
    word = fold(first)
    common = word not in lexicon.proper and (
        word in lexicon.not_names
        or word in lexicon.groups
        or word in lexicon.anonymous
        or word in lexicon.governments
        or word in lexicon.documents
        or word in lexicon.organisations
        or word in lexicon.office_modifiers
    )
    return plain[:1].lower() + plain[1:] if (common and first[1:].islower()) or first == "A" else plain
