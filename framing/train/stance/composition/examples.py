"""Make training examples of composed passages: who holds what toward the targets in them and toward others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from framing.protocols import StanceQuery
from framing.stance.propositions import Sides
from framing.train.stance.composition.material import APART, Material, Pattern, Position, Role
from framing.train.stance.composition.passages import Filler, Passage
from framing.train.stance.composition.targets import KINDS, Target
from framing.train.stance.examples import Example, answers_of
from framing.types import Label

GROUP = "composed"
JOINED = 0.3
"""Share of passages for which a second pattern is drawn, to be joined if the two go together."""
STRANGERS = 0.1
"""Share of holders who are also asked about a target which is not in their passage."""
SHARES = {Label.SUPPORT: 0.27, Label.OPPOSE: 0.27, Label.NEUTRAL: 0.28, Label.UNRELATED: 0.18}
"""Shares of the labels of patterns that are drawn, where a phenomenon has all: none shall give its label away."""

_TURNED = {Label.SUPPORT: Label.OPPOSE, Label.OPPOSE: Label.SUPPORT}


def compose(material: Material, n: int, random: np.random.Generator) -> list[Example]:
    """Compose `n` examples; several of them may be about one passage."""
    found: list[Example] = []
    composer = _Composer(material, random)
    while len(found) < n:
        found += composer.examples()
    return found[:n]


class _Composer:
    def __init__(self, material: Material, random: np.random.Generator) -> None:
        self._material, self._random = material, random
        self._filler = Filler(material.frames, random)
        self._phenomena = {kind: [_by_label(group) for group in material.fitting(kind)] for kind in KINDS}

    def examples(self) -> Iterator[Example]:
        """Yield the examples of one passage: of each holder toward each target in it, at times toward another."""
        field = self._material.fields[int(self._random.integers(len(self._material.fields)))]
        patterns = self._patterns(self._phenomena[type(field[0])])
        chosen = self._targets(field)
        targets: dict[Role, Target] = {"a": chosen[0], "b": chosen[1]}
        stranger = chosen[2]
        passage = self._filler.passage(patterns, targets, (*stranger.near, *stranger.fact))
        for holder, positions in passage.positions:
            for role, position in positions.items():
                yield self._example(passage, holder, targets[role], position)
            if self._random.random() < STRANGERS:
                yield self._example(passage, holder, stranger, "unrelated")

    def _patterns(self, phenomena: Sequence[Mapping[Label, Sequence[Pattern]]]) -> list[Pattern]:
        """Return a pattern, at times with a second one that goes with it."""
        first = self._pattern(phenomena)
        if first.roles != {"a"} or first.context or self._random.random() > JOINED:
            return [first]
        second = self._pattern(phenomena)
        fits = second.roles == {"a"} and bool(second.say) == bool(first.say) and not second.context
        return [first, second] if fits else [first]

    def _pattern(self, phenomena: Sequence[Mapping[Label, Sequence[Pattern]]]) -> Pattern:
        """Return a pattern of any phenomenon, with any label that this has."""
        group = phenomena[int(self._random.integers(len(phenomena)))]
        shares = np.array([SHARES[label] for label in group])
        patterns = group[list(group)[int(self._random.choice(len(group), p=shares / shares.sum()))]]
        return patterns[int(self._random.integers(len(patterns)))]

    def _targets(self, field: tuple[Target, ...]) -> list[Target]:
        """Return three targets of a field of which no two overlap."""
        found: list[Target] = []
        while len(found) < APART:
            at = int(self._random.integers(len(field)))
            found = [each for each in found if each.is_apart(field[at])] + [field[at]]
        return found

    def _example(self, passage: Passage, holder: str | None, target: Target, position: Position) -> Example:
        label = Label(position.rstrip("*"))
        asked, turned = self._asked(target)
        if turned:
            label = _TURNED.get(label, label)
        answers = answers_of(label)
        if label is not Label.UNRELATED:
            answers = answers._replace(conditional=int(position.endswith("*")))
        query = StanceQuery(GROUP, passage.text, passage.context, holder, target.target)
        return Example(query, asked, answers, label, GROUP)

    def _asked(self, target: Target) -> tuple[Sides, bool]:
        """Return a proposition on the target, and whether it wants the contrary."""
        ways = target.ways
        way = ways[int(self._random.choice(len(ways), p=[each.share for each in ways]))]
        return way.asked[int(self._random.integers(len(way.asked)))], way.turned


def _by_label(patterns: Sequence[Pattern]) -> dict[Label, list[Pattern]]:
    found: dict[Label, list[Pattern]] = {}
    for pattern in patterns:
        found.setdefault(Label(pattern.labels["a"].rstrip("*")), []).append(pattern)
    return found
