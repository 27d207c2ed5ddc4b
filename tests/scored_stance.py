"""Stance gold and predictions as files and as records, for tests of their evaluation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from framing.evaluate.figures import Figure
from framing.evaluate.stance.answers import Answer, Answers, GoldLine
from framing.evaluate.stance.comparison import Rival
from framing.evaluate.stance.lines import Lines, lines_of
from framing.evaluate.stance.study import Asked, StanceEvaluation, evaluate
from framing.measure.interval import Bootstrap
from framing.types import Label

NAMES = {"s": Label.SUPPORT, "o": Label.OPPOSE, "n": Label.NEUTRAL, "u": Label.UNRELATED}
QUICK = Bootstrap(resamples=200)


def gold(labels: str, *, target: str = "tax", start: int = 0, **fields: Sequence[Any]) -> list[GoldLine]:
    """Make a gold line for each letter (s, o, n, u), with ids from `start` on; a field has one value a line."""
    found = []
    for at, letter in enumerate(labels):
        values = {"id": str(start + at), "target": target, **{name: each[at] for name, each in fields.items()}}
        found.append(GoldLine(f"gold line {at}", values["id"], target, NAMES[letter], values))
    return found


def answers(labels: str) -> Answers:
    """Make an answer without probabilities for each letter."""
    return Answers(tuple(Answer(NAMES[letter]) for letter in labels))


def sure(*each: tuple[str, float]) -> tuple[Answer, ...]:
    """Make answers from a label and its probability; the other three labels share the rest."""
    found = []
    for letter, p in each:
        label = NAMES[letter]
        found.append(Answer(label, False, {other: p if other is label else (1 - p) / 3 for other in Label}))
    return tuple(found)


def lines(labels: str, answered: Iterable[Answer], clusters: Sequence[str] | None = None) -> Lines:
    """Make lines, each its own cluster unless `clusters` names them."""
    return lines_of(gold(labels), tuple(answered), clusters or [str(n) for n in range(len(labels))])


def score(labels: str, answered: str, *rivals: Rival, **asked: Any) -> StanceEvaluation:
    """Evaluate labels without probabilities, with few resamples."""
    fields = {name: asked.pop(name) for name in ("article", "holder") if name in asked}
    return evaluate(gold(labels, **fields), answers(answered), Asked(**{"interval": QUICK, **asked}), rivals)


def figure(evaluation: StanceEvaluation, name: str, **group: str) -> Figure:
    """Return one figure of a group."""
    [found] = [each for each in evaluation.figures if (each.name, each.group) == (name, group)]
    return found


def written(path: Path, *rows: dict[str, Any]) -> Path:
    """Write rows as JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
