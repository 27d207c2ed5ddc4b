"""From logits to labels: calibrated probabilities, conformal sets of labels, and why nothing is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.stance.weights import HEADS, factorise
from framing.types import Label

Floats = NDArray[np.float64]
LABELS = tuple(Label)


class Decision(NamedTuple):
    """How logits become labels; fitted on targets that training never saw.

    `slopes` and `shifts` calibrate the heads. A label is in the set of a statement if its probability is at least
    `least`: at that value the sets held the right label in the share `level` of the statements it was fitted on
    (split conformal prediction; Vovk, Gammerman and Shafer 2005). A level of 0 says that they were too few to fit it.
    `conditional` is the probability from which on a position counts as conditional.
    """

    slopes: tuple[float, ...]
    shifts: tuple[float, ...]
    least: float
    level: float
    conditional: float

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Decision:
        """Read what `_asdict` wrote into the settings of a model folder."""
        return cls(
            slopes=tuple(settings["slopes"]),
            shifts=tuple(settings["shifts"]),
            least=float(settings["least"]),
            level=float(settings["level"]),
            conditional=float(settings["conditional"]),
        )

    def probabilities(self, logits: NDArray[Any]) -> tuple[Floats, Floats]:
        """Return label probabilities, shape (rows, 4) in the order of `Label`, and P(conditional)."""
        heads = logits[:, : len(HEADS)].astype(np.float64)
        return factorise(heads * np.array(self.slopes) + np.array(self.shifts))

    def why_silent(self, probabilities: Floats, agrees: Sequence[float], threshold: float | None = None) -> str | None:
        """Return why a statement gets no label, or None where its set of labels holds exactly one.

        With a `threshold` it gets its best label if that is as probable as this.

        `agrees` are the logits of agreeing with the proposition and with its negation, NaN where that was not asked.
        """
        if threshold is not None:
            return None if probabilities.max() >= threshold else "low confidence: no label is probable enough"
        inside = [label for label, p in zip(LABELS, probabilities, strict=True) if p >= self.least]
        if len(inside) == 1:
            return None
        if not inside:
            return "low confidence: no label is probable enough"
        named = " or ".join(label.value for label in inside)
        if Label.UNRELATED in inside:
            return f"perhaps off target: {named}"
        if Label.NEUTRAL in inside:
            return f"perhaps no position: {named}"
        if agrees[0] * agrees[1] > 0:
            return f"proposition and negation disagree: {named}"
        return f"low confidence: {named}"


def conformal_least(gold: Sequence[Label], probabilities: Floats, level: float) -> float | None:
    """Return the highest bound at which the sets of labels hold the right one in the share `level` of rows.

    There is none where the rows are too few for that.
    """
    right = np.array([p[LABELS.index(label)] for label, p in zip(gold, probabilities, strict=True)])
    rank = int(np.ceil((len(right) + 1) * level))
    return None if rank > len(right) else float(np.sort(right)[::-1][rank - 1])
