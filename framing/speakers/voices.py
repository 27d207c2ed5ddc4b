"""The voices of one article: each speaker once, with what pronouns and later phrases agree with."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import NamedTuple

from framing.speakers.aliases import Aliases, Entry, speaker_of
from framing.speakers.clusters import Person
from framing.speakers.confidence import Rule
from framing.speakers.folding import fold, slug
from framing.speakers.lexicon import Lexicon
from framing.speakers.offices import Office
from framing.speakers.phrases import is_plural
from framing.types import Resolution, Speaker, SpeakerKind

_WITHHELD = (SpeakerKind.ANONYMOUS, SpeakerKind.UNKNOWN)


class Voice(NamedTuple):
    """A speaker of the article; `person` is set for people named in it, `head` is the noun that takes it up again."""

    speaker: Speaker
    person: Person | None
    gender: str | None
    plural: bool
    head: str


class Found(NamedTuple):
    """A voice with how it was found; `confidence` is that of this one choice, where more is known than of its rule."""

    voice: Voice
    resolution: Resolution
    rule: Rule
    confidence: float | None = None


class Voices:
    """Make the voices of one article; asked twice for one speaker it gives the same voice."""

    def __init__(self, article_id: str, day: date | None, lexicon: Lexicon, aliases: Aliases) -> None:
        self.article_id, self.day, self.lexicon, self.aliases = article_id, day, lexicon, aliases
        self._known: dict[str, Voice] = {}
        self._people: dict[int, Voice] = {}

    def person(self, person: Person) -> Voice:
        """Return the voice of a person named in the article."""
        known = self._people.get(id(person))
        if known is None:
            made = self._make(person) if person.entry is None else self.entry(person.entry, person)
            known = self._people[id(person)] = made
        return known

    def _make(self, person: Person) -> Voice:
        name = " ".join(person.name)
        office = _office(person)
        speaker = Speaker(
            speaker_id=f"person:{slug(_without_initials(person.name))}",
            name=name,
            kind=SpeakerKind.PERSON,
            role=office.role if office else None,
            affiliation=office.owner if office else None,
            aliases=_spellings(person, name),
        )
        return self._once(Voice(speaker, person, person.gender, plural=False, head=person.folded[-1]))

    def entry(self, entry: Entry, person: Person | None = None) -> Voice:
        """Return the voice of a speaker of the alias file, with the spellings of the article."""
        spellings = _spellings(person, entry.name) if person is not None else ()
        speaker = speaker_of(entry, self.day, spellings)
        office = _office(person) if person is not None and speaker.role is None else None
        if office is not None:
            affiliation = speaker.affiliation or office.owner
            speaker = dataclasses.replace(speaker, role=office.role, affiliation=affiliation)
        plural = entry.kind is SpeakerKind.GROUP
        return self._once(Voice(speaker, person, entry.gender, plural, fold(entry.name).rsplit(" ", 1)[-1]))

    def state(self, state: str) -> Voice:
        """Return the government of a state, which its capital and "the government of" it mean as well."""
        entry = self.aliases.by_name(fold(state), self.day)
        if entry is not None:
            return self.entry(entry)
        return self.other(SpeakerKind.GOVERNMENT, state, named=True, head=fold(state), affiliation=state)

    def other(self, kind: SpeakerKind, name: str, *, named: bool, head: str, affiliation: str | None = None) -> Voice:
        """Return a voice that is no person of the article; without a name it belongs to this article alone."""
        own = kind in _WITHHELD or not named
        speaker_id = f"{kind}:{slug(name) or 'unnamed'}" + (f"@{self.article_id}" if own else "")
        speaker = Speaker(speaker_id=speaker_id, name=name, kind=kind, affiliation=affiliation)
        plural = is_plural(head) or kind is SpeakerKind.GROUP
        return self._once(Voice(speaker, None, self.lexicon.gender.get(head), plural, head))

    def _once(self, voice: Voice) -> Voice:
        return self._known.setdefault(voice.speaker.speaker_id, voice)


def _office(person: Person) -> Office | None:
    """Return the office that says most about a person."""
    return max(person.offices, key=lambda each: (each.of is not None, len(each.role)), default=None)


def _spellings(person: Person, name: str) -> tuple[str, ...]:
    return tuple(sorted({" ".join(mention.name) for mention in person.mentions} - {name}))


def _without_initials(name: tuple[str, ...]) -> str:
    """Leave out middle initials: outlets differ in them for one and the same person."""
    middle = [word for word in name[1:-1] if len(word.strip(".")) > 1]
    return " ".join([*name[:1], *middle, *name[1:][-1:]])
