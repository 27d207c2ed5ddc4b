"""What an epoch of a training learns: all of some sources, a draw of others, and statements composed anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from framing.train.stance.composition.examples import compose
from framing.train.stance.composition.material import Material
from framing.train.stance.examples import Example


class Sources(NamedTuple):
    """Examples by their source.

    `draws` says how many examples an epoch takes of a source; of a source that is not named it takes all. `composed`
    examples are made of `material` in addition.
    """

    examples: Mapping[str, Sequence[Example]]
    draws: Mapping[str, int] = {}
    composed: int = 0
    material: Material | None = None

    def all(self) -> list[Example]:
        """Return every example that was read, in order."""
        return [example for each in self.examples.values() for example in each]

    def epoch(self, random: np.random.Generator) -> list[Example]:
        """Return the examples of one epoch, as many in each."""
        chosen: list[Example] = []
        for name, examples in self.examples.items():
            n = self.draws.get(name, len(examples))
            chosen += examples if n >= len(examples) else _drawn(examples, n, random)
        if self.material is not None:
            chosen += compose(self.material, self.composed, random)
        return chosen


def _drawn(examples: Sequence[Example], n: int, random: np.random.Generator) -> list[Example]:
    """Draw without replacement; a label counts by the root of how often it comes, so that rare ones come more often."""
    counts = Counter(example.label for example in examples)
    weights = np.array([counts[example.label] ** -0.5 for example in examples])
    places = random.choice(len(examples), size=n, replace=False, p=weights / weights.sum())
    return [examples[at] for at in sorted(places.tolist())]
