"""How sure a tagged statement is: the network's probabilities, weighed on articles it was not trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.quotes.tagger import decode
from framing.quotes.tagger.decode import Tagged
from framing.types import Span

Floats = NDArray[np.float64]

FEATURES = ("cue", "content", "content_begin", "content_end", "source", "no_source", "fragments")
_FLOOR = 1e-4


class Calibration(NamedTuple):
    """A logistic regression over `FEATURES`: the probability that content and source of a statement are right."""

    weights: tuple[float, ...]
    intercept: float

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Calibration:
        """Read the calibration of a model folder."""
        found = settings["calibration"]
        return cls(tuple(found["weights"]), float(found["intercept"]))

    def __call__(self, tagged: Sequence[Tagged]) -> Floats:
        """Return the probability of each statement."""
        if not tagged:
            return np.zeros(0)
        logits = np.array([features(each) for each in tagged]) @ np.array(self.weights) + self.intercept
        return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)))


def features(tagged: Tagged) -> list[float]:
    """Return the values of `FEATURES` for a statement: logits of its probabilities and how many pieces it has."""
    likely = tagged.marginals
    content = likely[:, decode.CONTENT] + likely[:, decode.CONTENT_IN]
    source = likely[:, decode.SOURCE] + likely[:, decode.SOURCE_IN]
    first, last = tagged.content[0], tagged.content[-1]
    after = content[last.end] if last.end < len(content) else 0.0
    return [
        _logit(tagged.cue.probability),
        _logit(_mean(content, tagged.content)),
        _logit(float(likely[first.start, decode.CONTENT])),
        _logit(float(content[last.end - 1] * (1 - after))),
        _logit(_mean(source, tagged.source)) if tagged.source else 0.0,
        0.0 if tagged.source else 1.0,
        float(len(tagged.content) > 1),
    ]


def _mean(values: NDArray[np.float32], spans: Sequence[Span]) -> float:
    return float(np.concatenate([values[span.start : span.end] for span in spans]).mean())


def _logit(probability: float) -> float:
    bounded = min(1 - _FLOOR, max(_FLOOR, probability))
    return float(np.log(bounded / (1 - bounded)))
