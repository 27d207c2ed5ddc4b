"""Whom a pronoun means: candidates with their features, and a choice by weighted salience.

The weights of `Salience` were set by hand; `weights` reads others that were learnt.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from operator import mul
from typing import NamedTuple

_SURE = 7.0


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
    """The place of the chosen candidate and the margin by which it won over the second, in salience.

    `confidence` is the probability that it is right, where the weights came with a calibration.
    """

    place: int
    margin: float
    confidence: float | None = None


Ranker = Callable[[Sequence[Candidate]], Choice]
"""Chooses among at least one candidate."""


@dataclass(frozen=True, slots=True)
class Salience:
    """Choose the candidate with the largest weighted sum of its features.

    The weights were set by hand. With any one of them halved, doubled or set to zero, 63 to 65 of the 68 pronouns of
    `experiments/polnear_pronouns.py` are right. With a `slope`, the confidence is the logistic function of the slope
    times the logit of the share that the choice has in the exponentiated scores, plus the `shift`.
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
    slope: float | None = None
    shift: float = 0.0

    def __call__(self, candidates: Sequence[Candidate]) -> Choice:
        """Return the choice among at least one candidate; of equals the first wins."""
        weights = self.weights
        scores = [math.fsum(map(mul, weights, features(candidate))) for candidate in candidates]
        best = max(range(len(scores)), key=scores.__getitem__)
        rest = [score for index, score in enumerate(scores) if index != best]
        confidence = None
        if self.slope is not None:
            confidence = 1 / (1 + math.exp(-self.slope * lead(scores, best) - self.shift))
        return Choice(best, scores[best] - max(rest) if rest else math.inf, confidence)

    def score(self, candidate: Candidate) -> float:
        """Return the salience of one candidate."""
        return math.fsum(map(mul, self.weights, features(candidate)))

    @property
    def weights(self) -> tuple[float, ...]:
        """Return the weights in the order of `FEATURES`."""
        return tuple(getattr(self, name) for name in FEATURES)


FEATURES = tuple(field.name for field in fields(Salience) if field.name not in ("slope", "shift"))
"""What `features` returns, in order."""


def features(candidate: Candidate) -> tuple[float, ...]:
    """Return the features of a candidate as numbers."""
    return (
        min(candidate.sentences, 10),
        candidate.same_paragraph,
        candidate.subject,
        candidate.object,
        candidate.possessive,
        candidate.in_quote,
        candidate.last_source,
        candidate.was_source,
        candidate.gender_known,
        candidate.named,
        math.log1p(candidate.mentions),
        min(candidate.order, 5),
    )


def lead(scores: Sequence[float], best: int) -> float:
    """Return the log odds of the best score against the exponentiated rest, at most 7: that of one candidate alone."""
    others = sum(math.exp(score - scores[best]) for index, score in enumerate(scores) if index != best)
    return min(-math.log(others), _SURE) if others else _SURE
