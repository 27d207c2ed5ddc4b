"""What the stance encoder learns from: queries with the sides they are asked about and the answers of each head."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from framing.protocols import StanceQuery
from framing.stance.codebook import Codebook
from framing.stance.propositions import Sides, sides, sides_of
from framing.train.stance.public import Labelled
from framing.train.stance.rows import StanceRow
from framing.types import Label

UNKNOWN = -1


class Answers(NamedTuple):
    """The answer to each head: 1 yes, 0 no, -1 not known or not asked."""

    relevant: int
    position: int
    support: int
    conditional: int


class Example(NamedTuple):
    """A query, the two sides, the answers, the label and what must stay on one side of a split."""

    query: StanceQuery
    asked: Sides
    answers: Answers
    label: Label
    group: str


def from_rows(rows: Iterable[StanceRow], codebook: Codebook) -> list[Example]:
    """Make an example of each row; where no row is conditional at all, conditions have not been coded."""
    chosen = list(rows)
    coded = any(row.conditional for row in chosen)
    return [_from_row(row, codebook, coded=coded) for row in chosen]


def _from_row(row: StanceRow, codebook: Codebook, *, coded: bool) -> Example:
    answers = answers_of(row.label)._replace(
        conditional=int(row.conditional) if coded and row.label is not Label.UNRELATED else UNKNOWN
    )
    return Example(row.query, sides_of(row.query.target, codebook), answers, row.label, row.family)


def from_public(found: Iterable[Labelled]) -> list[Example]:
    """Make an example of each item of a public set."""
    examples = []
    for each in found:
        answers = answers_of(each.label)
        if not each.relevance and each.label is Label.NEUTRAL:
            answers = answers._replace(relevant=UNKNOWN)
        if not each.neutrals:
            answers = answers._replace(position=UNKNOWN)
        examples.append(Example(each.query, sides(each.query.target), answers, each.label, each.group))
    return examples


def answers_of(label: Label) -> Answers:
    """Return what a label says to each head; the condition is not known."""
    if label is Label.UNRELATED:
        return Answers(0, UNKNOWN, UNKNOWN, UNKNOWN)
    if label is Label.NEUTRAL:
        return Answers(1, 0, UNKNOWN, UNKNOWN)
    return Answers(1, 1, int(label is Label.SUPPORT), UNKNOWN)


def strangers(examples: Sequence[Example], n: int, random: np.random.Generator) -> list[Example]:
    """Return up to `n` examples asked about a target of another: unrelated, easy to tell, and common in use.

    A target that anybody labelled the text for is no stranger to it, however it was asked about.
    """
    known = {(example.query.text, example.query.target) for example in examples}
    found = []
    for at, other in random.integers(len(examples), size=(n, 2)).tolist():
        one, two = examples[at], examples[other]
        if one.group != two.group and (one.query.text, two.query.target) not in known:
            found.append(one._replace(asked=two.asked, answers=answers_of(Label.UNRELATED), label=Label.UNRELATED))
    return found
