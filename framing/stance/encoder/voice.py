"""A second voice beside the encoder: the linear classifier, asked about the targets it was trained for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from framing.protocols import StanceQuery
from framing.stance.codebook import read_codebook
from framing.stance.encoder.decision import LABELS, Floats
from framing.stance.linear import Linear
from framing.stance.weights import load_weights
from framing.types import Label


class Voice(NamedTuple):
    """What the linear classifier says of a statement: its label, label probabilities, shape (4,), and its reasons."""

    label: Label
    probabilities: Floats
    reasons: tuple[str, ...]

    def told(self, label: Label) -> tuple[str, ...]:
        """Give its reasons for the label that both came to, or say that it would have come to another."""
        if self.label is label:
            return self.reasons
        return (f"linear classifier: rather {self.label.value} ({self.probabilities.max():.2f})",)


def heard(model: str, codebook: str, queries: Sequence[StanceQuery]) -> Mapping[int, Voice]:
    """Return what a linear classifier says, by the number of the query; of targets it was not trained for nothing.

    A target of `codebook` that has a name it knows and other words is another target.
    """
    trained = str(load_weights(model).notes["codebook"])
    known = [at for at, query in enumerate(queries) if _is_same(query.target, trained, codebook)]
    said = Linear(codebook=trained, model=model).judge([queries[at] for at in known])
    return {
        at: Voice(stance.label, np.array([stance.probabilities[label] for label in LABELS]), stance.reasons)
        for at, stance in zip(known, said, strict=True)
    }


def _is_same(target: str, one: str, other: str) -> bool:
    books = read_codebook(one), read_codebook(other)
    return all(target in book.targets for book in books) and books[0].terms(target) == books[1].terms(target)
