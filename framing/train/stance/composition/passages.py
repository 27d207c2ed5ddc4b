"""Fill patterns with wordings of targets, and frame them as a newspaper does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from framing.train.stance.composition.material import HOLDER, SLOT, Frames, Pattern, Position, Role
from framing.train.stance.composition.targets import Target

BARE = 0.2
"""Share of the statements in the form `say` that stand without a holder, as claims and comments do."""
BESIDE = 0.25
"""Share of passages with another sentence before or after."""

PRONOUN = 0.1
"""Share of pronouns among the holders that are the subject of their frame."""
PRONOUNS = ("he", "she", "they")

_DOUBLE_STOP = re.compile(r"([?!…][\"'”’]?)[.,;](?!\.)")
"""A sentence that ends with its own mark and the one of the pattern or frame behind it."""
_MARKED = re.compile(r"<<(.+?)>>", re.DOTALL)


class Passage(NamedTuple):
    """A passage, the statement in it, and the position of each holder toward the targets by role."""

    context: str
    text: str
    positions: tuple[tuple[str | None, Mapping[Role, Position]], ...]


class Filler:
    """Fills patterns; every draw comes from `random`."""

    def __init__(self, frames: Frames, random: np.random.Generator) -> None:
        self._frames, self._random = frames, random

    def passage(self, patterns: Sequence[Pattern], targets: Mapping[Role, Target], beside: Sequence[str]) -> Passage:
        """Make a passage of a pattern, or of two that can be said in one breath: the second is about target b.

        A sentence of `beside` may be put before or behind it.
        """
        first = patterns[0]
        if first.context:
            made = self._whole(first, targets)
        else:
            filled = [self._filled(pattern, targets, is_second=at > 0) for at, pattern in enumerate(patterns)]
            positions: dict[Role, Position] = {**first.labels}
            if len(patterns) > 1:
                positions["b"] = patterns[1].labels["a"]
            text = filled[0] if len(filled) == 1 else self._joined(*filled)
            made = self._framed(text, positions, is_quote=first.say is not None)
        if beside and self._random.random() < BESIDE:
            sentence = _tidy(f"{self._pick(beside)}.")
            joined = (sentence, made.context) if self._random.random() < 0.5 else (made.context, sentence)
            made = made._replace(context=" ".join(joined))
        return made

    def _joined(self, first: str, second: str) -> str:
        joint = self._pick(self._frames.joints)
        return _tidy(joint.format(first, _capital(second) if ". {1}" in joint else second))

    def _filled(self, pattern: Pattern, targets: Mapping[Role, Target], *, is_second: bool) -> str:
        """Fill the slots of a pattern; the second of a passage speaks of target b."""
        used: set[str] = set()

        def word(slot: re.Match[str]) -> str:
            target = targets["b" if is_second or slot[1] in "bB" else "a"]
            words = [each for each in target.words(slot[2]) if each not in used] or list(target.words(slot[2]))
            used.add(chosen := self._pick(words))
            return _capital(chosen) if slot[1].isupper() else chosen

        return _tidy(SLOT.sub(word, pattern.text))

    def _whole(self, pattern: Pattern, targets: Mapping[Role, Target]) -> Passage:
        holder, other = self._holder(), self._holder()
        while other.lower() == holder.lower():
            other = self._holder()
        names = {"holder": holder, "other": other}
        filled = HOLDER.sub(
            lambda found: _capital(names[found[1].lower()]) if found[1][0].isupper() else names[found[1]],
            self._filled(pattern, targets, is_second=False),
        )
        text = " ".join(_MARKED.findall(filled))
        positions: list[tuple[str | None, Mapping[Role, Position]]] = [(holder, pattern.labels)]
        if pattern.other:
            positions.append((other, pattern.other))
        return Passage(_tidy(_MARKED.sub(r"\1", filled)), text, tuple(positions))

    def _framed(self, text: str, positions: Mapping[Role, Position], *, is_quote: bool) -> Passage:
        if is_quote and self._random.random() < BARE:
            whole = _tidy(f"{text}.")
            return Passage(whole, whole, ((None, positions),))
        frame = self._pick(self._frames.say if is_quote else self._frames.that)
        is_subject = "{Holder}" in frame
        holder = self._pick(PRONOUNS) if is_subject and self._random.random() < PRONOUN else self._holder()
        context = _tidy(frame.format(text=text, holder=holder, Holder=_capital(holder)))
        return Passage(context, text, ((holder, positions),))

    def _holder(self) -> str:
        """Return a holder: a role, or an office with a place."""
        if self._random.random() < 0.5:
            return self._pick(self._frames.holders)
        return f"{self._pick(self._frames.offices)} {self._pick(self._frames.places)}"

    def _pick(self, words: Sequence[str]) -> str:
        return words[int(self._random.integers(len(words)))]


def _tidy(text: str) -> str:
    return _DOUBLE_STOP.sub(r"\1", text)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
