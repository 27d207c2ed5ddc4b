"""The people of one article: mentions joined by surname, with titles and gender agreeing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from framing.speakers.aliases import Aliases, Entry
from framing.speakers.appositions import offices_beside
from framing.speakers.folding import fold
from framing.speakers.lexicon import Lexicon
from framing.speakers.mentions import MAYBE_PERSON, Mention, Sort
from framing.speakers.offices import Office, fits, read_office
from framing.speakers.surnames import misspelt, undressed
from framing.types import Span

_WITH_OFFICE = 3
_ITS = 60


@dataclass(slots=True, eq=False)
class Person:
    """One person of an article, with the mentions that name them in text order; `entry` is theirs in the alias file."""

    name: tuple[str, ...]
    folded: tuple[str, ...]
    gender: str | None
    entry: Entry | None = None
    sure: bool = True
    offices: list[Office] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    def named_before(self, position: int) -> int:
        """Return where they were last named before a position, -1 if they were not."""
        index = bisect_left(self.mentions, (position,)) - 1
        return self.mentions[index].start if index >= 0 else -1

    def holds(self, asked: Office) -> bool:
        """Say whether an office asked for may be one of theirs."""
        return any(fits(asked, office) for office in self.offices)

    def holds_of(self, asked: Office) -> bool:
        """Say whether one of their offices is that of the state or body asked for."""
        return any(fits(asked, office) and office.of == asked.of for office in self.offices)


class People:
    """All people of one article, found by name, place in the text or office."""

    def __init__(
        self,
        text: str,
        mentions: Sequence[Mention],
        sources: Iterable[Span],
        lexicon: Lexicon,
        aliases: Aliases,
        day: date | None,
    ) -> None:
        self._text = text
        self.lexicon = lexicon
        self.aliases = aliases
        self.day = day
        self.people: list[Person] = []
        self.at: dict[int, Person] = {}
        self._surnames: dict[str, list[Person]] = {}
        self._given: dict[str, list[Person]] = {}
        self._entries: dict[str, Person] = {}
        self._holders: dict[str, list[Person]] = {}
        edges, wholes = _inside(text, mentions, sources)
        surnames = frozenset(mention.folded[-1] for mention in mentions if mention.sort is Sort.PERSON)
        mentions = [undressed(mention, surnames, lexicon) for mention in mentions]
        for mention in mentions:
            if len(mention.name) > 1 and mention.sort in MAYBE_PERSON:
                self._add_full(mention, mention.start in edges)
        for mention in mentions:
            if len(mention.name) != 1 or mention.start in self.at:
                continue
            namesakes = self._surnames.get(mention.folded[0], ())
            surname = mention.sort in (Sort.PLACE, Sort.BODY) and any(person.sure for person in namesakes)
            if surname or mention.sort in MAYBE_PERSON:
                self._add_single(mention, mention.start in wholes)
        self.people = [person for person in self.people if person.sure]
        places = [mention for mention in mentions if mention.sort is Sort.PLACE]
        self._places = [mention.start for mention in places]
        self._states = [lexicon.countries.get(" ".join(mention.folded)) for mention in places]
        for person in self.people:
            self._read_offices(text, person)
            for head in {office.head for office in person.offices}:
                self._holders.setdefault(head, []).append(person)
        self.at = {mention.start: person for person in self.people for mention in person.mentions}
        self._named = sorted(mention for person in self.people for mention in person.mentions)

    def of_entry(self, entry: Entry) -> Person | None:
        """Return the person of this article whom an entry of the alias file describes, if the article names them."""
        return self._entries.get(entry.speaker_id)

    def namesake(self, mention: Mention) -> Person | None:
        """Return the person of the article whose name fits a mention that was read apart from the text."""
        if len(mention.name) > 1:
            return self._same_name(mention)
        return self._nearest(self._surnames.get(mention.folded[0], ()), mention) if mention.folded else None

    def holder(self, asked: Office, position: int) -> Person | None:
        """Return the holder of an office who was named last before a position, else the first named after it.

        Where the state or body of the office is asked for, only those qualify of whom the article says it.
        """
        return self._last_named(position, [p for p in self._holding(asked) if asked.of is None or p.holds_of(asked)])

    def likely_holder(self, asked: Office, position: int) -> Person | None:
        """Return who holds an office of which the article does not say the state or body, if named before."""
        return self._last_named(position, [p for p in self._holding(asked) if p.named_before(position) >= 0])

    def _holding(self, asked: Office) -> list[Person]:
        return [person for person in self._holders.get(asked.head, ()) if person.holds(asked)]

    def _last_named(self, position: int, holders: Sequence[Person]) -> Person | None:
        return max(holders, key=lambda person: person.named_before(position), default=None)

    def before(self, position: int) -> tuple[Mention, Person] | None:
        """Return the last mention of a person before a position."""
        index = bisect_left(self._named, (position,)) - 1
        return (self._named[index], self.at[self._named[index].start]) if index >= 0 else None

    def _add_full(self, mention: Mention, said: bool) -> None:
        entry = self.aliases.by_name(" ".join(mention.folded), self.day)
        if entry is not None and entry.kind != "person":
            return
        known = self._entries.get(entry.speaker_id) if entry else None
        person = known or self._same_name(mention)
        if person is None:
            person = Person(mention.name, mention.folded, mention.gender, sure=False)
            self.people.append(person)
            self._surnames.setdefault(mention.folded[-1], []).append(person)
            self._given.setdefault(mention.folded[0], []).append(person)
        if entry is not None:
            person.entry = person.entry or entry
            person.gender = entry.gender or person.gender
            self._entries[entry.speaker_id] = person
        person.sure |= mention.sort is Sort.PERSON or entry is not None or (said and self._may_be_person(mention))
        person.gender = person.gender or mention.gender
        if len(mention.name) > len(person.name):
            person.name, person.folded = mention.name, mention.folded
        self._attach(mention, person)

    def _may_be_person(self, mention: Mention) -> bool:
        words = mention.folded
        common = self.lexicon.not_people, self.lexicon.countries, self.lexicon.nouns
        if len(words) > 1 and words[-1] in self.lexicon.capitals:
            words = words[:-1]
        if any(word.isupper() and len(word) > 2 for word in mention.name):
            return False
        return len(words) <= 4 and not any(word in each or word[:-1] in each for word in words for each in common)

    def _plural(self, mention: Mention) -> bool:
        """Say whether a word may be a plural that is a capital only at the front of its sentence."""
        before = self._text[max(0, mention.start - 3) : mention.start].rstrip(" \"“‘'(")
        return mention.folded[0].endswith("s") and (not before or before[-1] in ".!?\n:")

    def _same_name(self, mention: Mention) -> Person | None:
        for person in self._surnames.get(mention.folded[-1], ()):
            first, second = mention.folded[0], person.folded[0]
            initials = (len(first) == 1 or len(second) == 1) and first[0] == second[0]
            shorter, longer = sorted((mention.folded, person.folded), key=len)
            if first == second or initials or longer[-len(shorter) :] == shorter:
                return person
        return None

    def _add_single(self, mention: Mention, said: bool) -> None:
        word = mention.folded[0]
        titled = mention.sort is Sort.PERSON
        person = self._by_single(word, mention, titled=titled, said=said)
        if person is None:
            entry = self.aliases.by_name(word, self.day)
            if entry is not None and entry.kind != "person":
                return
            if entry is not None and mention.gender and entry.gender and mention.gender != entry.gender:
                entry = None
            if (
                entry is None
                and not titled
                and not (said and self._may_be_person(mention) and not self._plural(mention))
            ):
                return
            person = self._entries.get(entry.speaker_id) if entry else None
            if person is None:
                gender = (entry.gender if entry else None) or mention.gender
                person = Person(mention.name, mention.folded, gender, entry)
                self.people.append(person)
                self._surnames.setdefault(word, []).append(person)
                if entry is not None:
                    self._entries[entry.speaker_id] = person
        person.sure |= titled or (said and self._may_be_person(mention))
        person.gender = person.gender or mention.gender
        self._attach(mention, person)

    def _by_single(self, word: str, mention: Mention, *, titled: bool, said: bool) -> Person | None:
        """Return whom a surname means; else whom a given name, or a family name that goes first ("Mr. Ban")."""
        person = self._nearest(self._surnames.get(word, ()), mention)
        if person is not None:
            return person
        given = word in self.lexicon.given_names
        people = [each for each in self._given.get(word, ()) if each.sure and (given or "-" in each.folded[-1])]
        if given or titled:
            person = self._nearest(people, mention)
        if person is None and (titled or said):
            person = self._nearest(self._surnames.get(misspelt(word, self._surnames) or "", ()), mention)
        return person

    def _nearest(self, people: Sequence[Person], mention: Mention) -> Person | None:
        """Return the person last named in full before a mention, else the first named after it."""
        if not people:
            return None
        fitting = [p for p in people if not mention.gender or not p.gender or p.gender == mention.gender]
        before = [p for p in fitting if p.mentions and p.mentions[0].start < mention.start]
        if len(before) > 1:
            return max(before, key=lambda p: p.named_before(mention.start))
        return before[0] if before else fitting[0] if fitting else None

    def _attach(self, mention: Mention, person: Person) -> None:
        person.mentions.append(mention)
        self.at[mention.start] = person

    def _read_offices(self, text: str, person: Person) -> None:
        person.mentions.sort()
        seen = 0
        for mention in person.mentions:
            if mention.office is not None and mention.office not in person.offices:
                person.offices.append(mention.office)
            if len(mention.name) > 1 and seen < _WITH_OFFICE:
                seen += 1
                for office in offices_beside(text, mention, self.lexicon):
                    person.offices.append(self._owned(text, mention, office))
                    person.gender = person.gender or self.lexicon.gender.get(office.head)
        if person.entry is not None and self.day is not None:
            for held in person.entry.offices:
                if held.since <= self.day <= (held.until or date.max):
                    listed = read_office(f"{held.of} {held.role}", self.lexicon)
                    person.offices.extend([listed] if listed else [])

    def _owned(self, text: str, mention: Mention, office: Office) -> Office:
        """Return an office with its state: in "Lithuania ...; its president, Gitanas Nausėda" the one named before."""
        before = text[max(0, mention.start - _ITS) : mention.start]
        if office.of is not None or not before.endswith(", ") or " its " not in before:
            return office
        index = bisect_left(self._places, mention.start)
        state = self._states[index - 1] if index else None
        return replace(office, of=fold(state), owner=state) if state else office


def _inside(text: str, mentions: Sequence[Mention], sources: Iterable[Span]) -> tuple[set[int], set[int]]:
    """Return the starts of the mentions at the front or end of a source, and of those that are all of one."""
    ordered = sorted(set(sources))
    edges, wholes = set(), set()
    position = 0
    for mention in mentions:
        while position < len(ordered) and ordered[position].end < mention.end:
            position += 1
        source = ordered[position] if position < len(ordered) else None
        if source is None or mention.start < source.start or (mention.possessive and mention.end < source.end - 2):
            continue
        if mention.start - source.start <= 4 or not text[mention.end : source.end].strip(" ,"):
            edges.add(mention.start)
        if mention.start == source.start and (mention.end == source.end or text[mention.end] in ",('’"):
            wholes.add(mention.start)
    return edges, wholes
