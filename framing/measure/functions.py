"""What is made of the two sums of a metric: their ratio, or another smooth function that the metric names.

Value, resamples, standard error and tests all go through the same two sums, so that a function is all a metric adds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.protocols import Counts, SumFunction

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ratio:
    """The first sum over the second; undefined where the second is 0."""

    def __str__(self) -> str:
        return "ratio"

    def value(self, above: Floats, below: Floats) -> Floats:
        """Divide where there is something to divide by."""
        out = np.full(np.shape(below), np.nan)
        np.divide(above, below, out=out, where=below > 0)
        return out

    def slopes(self, above: Floats, below: Floats) -> tuple[Floats, Floats]:
        """Return the derivatives 1 / D and −N / D²."""
        value = self.value(above, below)
        inverse = self.value(np.ones_like(below), below)
        return inverse, -value * inverse


@dataclass(frozen=True, slots=True)
class LogOdds:
    """Log odds log((N + ½) / (D − N + ½)) of a part N of a whole D; undefined where the whole is 0."""

    def __str__(self) -> str:
        return "log odds"

    def value(self, above: Floats, below: Floats) -> Floats:
        """Compare the part with the rest, each with half a count added."""
        odds = np.log((above + 0.5) / (np.maximum(below - above, 0) + 0.5))
        return np.where(below > 0, odds, np.nan)

    def slopes(self, above: Floats, below: Floats) -> tuple[Floats, Floats]:
        """Return the derivatives by part and whole."""
        rest = 1 / (np.maximum(below - above, 0) + 0.5)
        return 1 / (above + 0.5) + rest, -rest


RATIO = Ratio()


def function_of(counts: Counts) -> SumFunction:
    """Return the function that a metric names, the ratio where it names none."""
    return RATIO if counts.function is None else counts.function
