"""Candidates for a pronoun: the people and voices named before it, with the features by which one is chosen."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from typing import NamedTuple

from framing.speakers.clusters import Person
from framing.speakers.introductions import Introduction, find_introductions
from framing.speakers.phrases import describe
from framing.speakers.salience import Candidate
from framing.speakers.voices import Voice, Voices
from framing.text import sentences
from framing.types import QuoteType, Span, SpeakerKind, Statement

QUOTE_MARKS = "\"“”'‘’«»„‚"
_WINDOW = 60
_NEAR = 2
_LOOK_BACK = 40
_LONGEST_MODIFIER = 3
_CLAUSE_END = re.compile(r"[,;:!?()\"“”–—]|\.\s")


class Appearance(NamedTuple):
    """A place where a person is named, or where a voice was a source (`source`); `key` is the place in `known`."""

    start: int
    end: int
    key: int
    possessive: bool
    source: bool


class Antecedents:
    """All appearances of one article in text order; sources are added as they are resolved.

    Nothing is computed before the first pronoun asks.
    """

    def __init__(self, text: str, people: Sequence[Person], statements: Sequence[Statement], voices: Voices) -> None:
        self.text = text
        self._voices = voices
        self._people = people
        self._quoted = sorted(
            (span, statement.source)
            for statement in statements
            if statement.quote_type is not QuoteType.INDIRECT and statement.source is not None
            for span in statement.content
            if text[span.start] in QUOTE_MARKS
        )
        self._known: list[Person | Voice] = list(people)
        self._keys = {id(person): key for key, person in enumerate(people)}
        self._appearances: list[Appearance] | None = None
        self._waiting: list[Appearance] = []
        self._sentences: list[int] = []
        self._paragraphs: list[int] = []
        self._spoken: set[int] = set()
        self._last: int | None = None

    def source_around(self, span: Span) -> Span | None:
        """Return the source of the quotation that holds a span."""
        index = bisect_right(self._quoted, span.start, key=lambda pair: pair[0].start) - 1
        return self._quoted[index][1] if index >= 0 and span.end <= self._quoted[index][0].end else None

    def quote_of(self, position: int) -> Span | None:
        """Return the quotation that holds a position."""
        index = bisect_right(self._quoted, position, key=lambda pair: pair[0].start) - 1
        return self._quoted[index][0] if index >= 0 and position < self._quoted[index][0].end else None

    def word_before(self, position: int) -> str:
        """Return the last word before a position, without the marks behind it; empty at the front."""
        words = self.text[max(0, position - _LOOK_BACK) : position].split()
        return words[-1].strip(",;:()") if words else ""

    def last_speaker(self, position: int) -> Person | Voice | None:
        """Return who spoke last, if that was in the sentence of a position or one of the two before it."""
        appearances = self._ready()
        sentence = bisect_right(self._sentences, position)
        first = self._sentences[max(0, sentence - 1 - _NEAR)] if self._sentences else 0
        near = appearances[bisect_left(appearances, (first,)) : bisect_left(appearances, (position,))]
        return next((self._known[at.key] for at in reversed(near) if at.source), None)

    def add_source(self, span: Span, who: Person | Voice) -> None:
        """Remember that somebody spoke at a source span; later pronouns may mean them."""
        key = self._keys.setdefault(id(who), len(self._known))
        if key == len(self._known):
            self._known.append(who)
        self._spoken.add(key)
        self._last = key
        appearance = Appearance(span.start, span.end, key, possessive=False, source=True)
        if self._appearances is None:
            self._waiting.append(appearance)
        else:
            insort(self._appearances, appearance)

    def candidates(
        self, position: int, gender: str | None, silent: Voice | None = None
    ) -> list[tuple[Person | Voice, Candidate]]:
        """Return those of one gender or an unknown one who are named before a position, nearest first; None is any.

        `silent` is no candidate. Inside a quotation only those named in it are, if there are any.
        """
        appearances = self._ready()
        quote = self.quote_of(position)
        stop = bisect_left(appearances, (position,))
        sentence = bisect_right(self._sentences, position)
        paragraph = bisect_right(self._paragraphs, position)
        found: dict[int, Candidate] = {}
        inner: list[int] = []
        barred = (silent, silent.person) if silent else ()
        for at in reversed(appearances[max(0, stop - _WINDOW) : stop]):
            who = self._known[at.key]
            if (gender and who.gender not in (None, gender)) or at.end > position or who in barred:
                continue
            distance = sentence - bisect_right(self._sentences, at.start)
            old = found.get(at.key)
            if old is not None:
                if old.sentences == distance and not old.subject and self._is_subject(at):
                    found[at.key] = old._replace(subject=True)
                continue
            inside = self.quote_of(at.start)
            if quote is not None and inside == quote:
                inner.append(at.key)
            named = bisect_left(who.mentions, (position,)) if isinstance(who, Person) else 1
            is_object = self._is_object(at)
            found[at.key] = Candidate(
                sentences=distance,
                same_paragraph=paragraph == bisect_right(self._paragraphs, at.start),
                subject=self._is_subject(at),
                object=is_object,
                possessive=at.possessive,
                in_quote=inside is not None and inside != quote,
                last_source=at.key == self._last,
                was_source=at.key in self._spoken,
                gender_known=who.gender is not None,
                named=isinstance(who, Person),
                mentions=named,
                order=len(found),
            )
        return [(self._known[key], found[key]) for key in inner or found]

    def _ready(self) -> list[Appearance]:
        if self._appearances is None:
            spans = sentences(self.text)
            self._sentences = [sentence.start for sentence in spans]
            ends = [0, *(sentence.end for sentence in spans)]
            self._paragraphs = [
                start for end, start in zip(ends, self._sentences, strict=False) if "\n" in self.text[end:start]
            ]
            for opening in find_introductions(self.text, self._sentences, self._voices.lexicon):
                self._introduce(opening)
            named = [
                Appearance(mention.start, mention.end, key, mention.possessive, source=False)
                for key, person in enumerate(self._people)
                for mention in person.mentions
            ]
            self._appearances = sorted([*named, *self._waiting])
        return self._appearances

    def _introduce(self, opening: Introduction) -> None:
        words = describe(self.text[opening.start : opening.end], self._voices.lexicon)
        voice = self._voices.other(SpeakerKind.ANONYMOUS, words, named=False, head=opening.head)
        key = self._keys.setdefault(id(voice), len(self._known))
        if key == len(self._known):
            self._known.append(voice)
        if not voice.plural:
            self._waiting.append(Appearance(opening.start, opening.end, key, possessive=False, source=False))

    def _is_subject(self, at: Appearance) -> bool:
        """Guess whether a name is the subject of its clause: a source, or near the front and nobody's object."""
        if at.source:
            return True
        if at.possessive or self._is_object(at):
            return False
        front = self._sentences[max(0, bisect_right(self._sentences, at.start) - 1)]
        return at.start - front < _LOOK_BACK or self.text.startswith(", ", at.start - 2)

    def _is_object(self, at: Appearance) -> bool:
        """Guess whether a name is an object: a preposition or a verb that takes one stands up to three words before."""
        if at.source:
            return False
        takers = self._voices.lexicon.takes_object
        clause = _CLAUSE_END.split(self.text[max(0, at.start - _LOOK_BACK) : at.start])[-1]
        before = clause.split()[-_LONGEST_MODIFIER - 1 :]
        return any(word.lower() in takers for word in before)
