"""Candidates for a pronoun: the people and voices named before it, with the features by which one is chosen."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from typing import NamedTuple

from framing.speakers.clusters import Person
from framing.speakers.lexicon import Lexicon
from framing.speakers.salience import Candidate
from framing.speakers.voices import Voice
from framing.text import paragraphs, sentences
from framing.types import QuoteType, Span, Statement

QUOTE_MARKS = "\"“”'‘’«»„‚"
_WINDOW = 60
_PREPOSITION = re.compile(
    r"\b(?:of|to|with|for|by|against|about|from|at|on|in|into|over|under|between|toward|towards|like|behind|than|told|"
    r"asked|called|urged|met|support\w*|backed|criticized|attacked)\s+(?:[\w.'’-]+\s+){0,3}$"
)
_LOOK_BACK = 40


class Appearance(NamedTuple):
    """A place where a person is named, or where a voice was a source."""

    start: int
    end: int
    key: int
    subject: bool
    object: bool
    possessive: bool


class Antecedents:
    """All appearances of one article in text order; sources are added as they are resolved."""

    def __init__(self, text: str, people: Sequence[Person], statements: Sequence[Statement], lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon
        self._quoted = sorted(
            (span, statement.source)
            for statement in statements
            if statement.quote_type is not QuoteType.INDIRECT and statement.source is not None
            for span in statement.content
            if text[span.start] in QUOTE_MARKS
        )
        self._quote_starts = [quote.start for quote, _ in self._quoted]
        self._people = people
        self._appearances: list[Appearance] | None = None
        self._sentences: list[int] = []
        self._paragraphs: list[int] = []
        self.keyed: dict[int, Person | Voice] = {}
        self._waiting: list[Appearance] = []
        self.sources: list[tuple[int, int]] = []

    def quote_of(self, position: int) -> Span | None:
        """Return the quotation that holds a position."""
        index = bisect_right(self._quote_starts, position) - 1
        return self._quoted[index][0] if index >= 0 and position < self._quoted[index][0].end else None

    def source_around(self, span: Span) -> Span | None:
        """Return the source of the quotation that holds a span."""
        index = bisect_right(self._quote_starts, span.start) - 1
        return self._quoted[index][1] if index >= 0 and span.end <= self._quoted[index][0].end else None

    def add_source(self, span: Span, who: Person | Voice) -> None:
        """Remember that a voice spoke at a source span; later pronouns may mean it."""
        key = id(who)
        self.keyed[key] = who
        self.sources.append((span.start, key))
        appearance = Appearance(span.start, span.end, key, subject=True, object=False, possessive=False)
        if self._appearances is None:
            self._waiting.append(appearance)
        else:
            insort(self._appearances, appearance)

    def candidates(self, position: int, gender: str) -> list[tuple[Person | Voice, Candidate]]:
        """Return those of one gender or an unknown one who are named before a position, nearest first.

        Inside a quotation only those named in it are candidates, if there are any; its speaker never is one.
        """
        appearances = self._ready()
        quote = self.quote_of(position)
        stop = bisect_left(appearances, (position,))
        sentence = bisect_right(self._sentences, position)
        paragraph = bisect_right(self._paragraphs, position)
        found: dict[int, tuple[Person | Voice, Candidate]] = {}
        last = self.sources[-1][1] if self.sources else None
        spoken = {key for _, key in self.sources}
        for index in range(stop - 1, max(-1, stop - 1 - _WINDOW), -1):
            at = appearances[index]
            who = self.keyed[at.key]
            if who.gender not in (None, gender) or at.end > position:
                continue
            old = found.get(at.key)
            distance = sentence - bisect_right(self._sentences, at.start)
            inside = self.quote_of(at.start)
            if old is not None:
                if old[1].sentences == distance and at.subject and not old[1].subject:
                    found[at.key] = (who, old[1]._replace(subject=True))
                continue
            total = sum(1 for m in who.mentions if m.start < position) if isinstance(who, Person) else 1
            candidate = Candidate(
                sentences=distance,
                same_paragraph=paragraph == bisect_right(self._paragraphs, at.start),
                subject=at.subject,
                object=at.object,
                possessive=at.possessive,
                in_quote=inside is not None and inside != quote,
                last_source=at.key == last,
                was_source=at.key in spoken,
                gender_known=who.gender is not None,
                mentions=min(total, 50),
                order=len(found),
            )
            found[at.key] = (who, candidate)
        ordered = list(found.values())
        if quote is not None:
            inner = [pair for pair in ordered if any(m.start >= quote.start for m in _before(pair[0], position))]
            return inner or ordered
        return ordered

    def _ready(self) -> list[Appearance]:
        if self._appearances is None:
            self._sentences = [sentence.start for sentence in sentences(self.text)]
            self._paragraphs = [paragraph.start for paragraph in paragraphs(self.text)]
            named = [
                self._appearance(person, m.start, m.end, m.possessive)
                for person in self._people
                for m in person.mentions
            ]
            self._appearances = sorted([*named, *self._waiting])
        return self._appearances

    def _appearance(self, person: Person, start: int, end: int, possessive: bool) -> Appearance:
        key = id(person)
        self.keyed[key] = person
        before = self.text[max(0, start - _LOOK_BACK) : start]
        is_object = _PREPOSITION.search(before) is not None
        sentence = self._sentences[max(0, bisect_right(self._sentences, start) - 1)] if self._sentences else 0
        subject = (
            not is_object and not possessive and (start - sentence < _LOOK_BACK or before.endswith((", ", "that ")))
        )
        return Appearance(start, end, key, subject, is_object, possessive)


def _before(who: Person | Voice, position: int) -> list[Span]:
    if isinstance(who, Person):
        return [Span(m.start, m.end) for m in who.mentions if m.start < position]
    return []
