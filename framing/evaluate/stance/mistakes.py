"""Labels that differ from the gold, the most confident first, with what was said."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from framing.evaluate.stance.answers import LABELS, Answer, GoldLine

KINDS = tuple(f"{gold} as {label}" for gold in LABELS for label in LABELS if gold is not label)
_OWN = ("id", "target", "label")


class Mistake(NamedTuple):
    """A gold line with a wrong answer."""

    line: GoldLine
    answer: Answer

    @property
    def kind(self) -> str:
        """Name the gold label and the one that was given."""
        return f"{self.line.label} as {self.answer.label}"

    def text(self, field: str) -> str:
        """Return a text of the gold line, empty where it has none."""
        value = self.line.values.get(field)
        return value if isinstance(value, str) else ""


def mistakes(gold: Sequence[GoldLine], answers: Sequence[Answer]) -> list[Mistake]:
    """Return the wrong answers, the most confident first."""
    found = [Mistake(*pair) for pair in zip(gold, answers, strict=True) if pair[0].label is not pair[1].label]
    return sorted(found, key=lambda each: -each.answer.probabilities.get(each.answer.label, 0.0))


def as_csv(found: Sequence[Mistake]) -> str:
    """Return a table of mistakes: the labels, the probabilities, and every field of the gold."""
    fields = [name for name in dict.fromkeys(name for each in found for name in each.line.values) if name not in _OWN]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["id", "target", "gold", "predicted", "abstained", *(f"p_{label}" for label in LABELS), "reasons", *fields]
    )
    for line, answer in found:
        given = [answer.probabilities.get(label, 0.0) if answer.probabilities else "" for label in LABELS]
        own = [line.statement_id, line.target, line.label, answer.label, str(answer.abstained).lower()]
        writer.writerow([*own, *given, "; ".join(answer.reasons), *(_plain(line.values.get(name)) for name in fields)])
    return text.getvalue()


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
