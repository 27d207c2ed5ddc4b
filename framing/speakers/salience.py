"""Whom a pronoun means: candidates with their features, and a choice by weighted salience.

A learned ranker replaces `Salience` by another callable from candidates to a choice; the features stay.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Candidate(NamedTuple):
    """What is known of one candidate for a pronoun, from its best mention before the pronoun.

    `sentences` counts from the mention to the pronoun, `mentions` all mentions of the candidate before it, `order` the
    other people between both; `last_source` says that the statement before has this speaker.
    """

    sentences: int
    same_paragraph: bool
    subject: bool
    object: bool
    possessive: bool
    in_quote: bool
    last_source: bool
    was_source: bool
    gender_known: bool
    named: bool
    mentions: int
    order: int


class Choice(NamedTuple):
    """The place of the chosen candidate and the margin by which it won over the second, in salience."""

    place: int
    margin: float


Ranker = Callable[[Sequence[Candidate]], Choice]
"""Chooses among at least one candidate."""


@dataclass(frozen=True, slots=True)
class Salience:
    """Choose the candidate with the largest weighted sum of its features.

    The weights were set by hand. With any one of them halved, doubled or set to zero, 61 to 65 of the 68 pronouns of
    `experiments/polnear_pronouns.py` are right.
    """

    distance: float = -0.45
    paragraph: float = 0.3
    subject: float = 1.0
    object: float = -0.5
    possessive: float = -0.4
    quote: float = -1.2
    last_source: float = 0.5
    was_source: float = 0.3
    gender: float = 0.5
    named: float = 0.5
    frequency: float = 0.35
    order: float = -0.2

    def __call__(self, candidates: Sequence[Candidate]) -> Choice:
        """Return the choice among at least one candidate; of equals the first wins."""
        scores = [self.score(candidate) for candidate in candidates]
        best = max(range(len(scores)), key=scores.__getitem__)
        rest = [score for index, score in enumerate(scores) if index != best]
        return Choice(best, scores[best] - max(rest) if rest else math.inf)

    def score(self, candidate: Candidate) -> float:
        """Return the salience of one candidate."""
        return (
            self.distance * min(candidate.sentences, 10)
            + self.paragraph * candidate.same_paragraph
            + self.subject * candidate.subject
            + self.object * candidate.object
            + self.possessive * candidate.possessive
            + self.quote * candidate.in_quote
            + self.last_source * candidate.last_source
            + self.was_source * candidate.was_source
            + self.gender * candidate.gender_known
            + self.named * candidate.named
            + self.frequency * math.log1p(candidate.mentions)
            + self.order * min(candidate.order, 5)
        )
