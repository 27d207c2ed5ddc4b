"""Gold lines and the answers to them, read from JSON lines and checked: nothing is skipped and nothing is guessed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from framing.corpora.gold import objects
from framing.errors import CorpusError, did_you_mean
from framing.types import Label

LABELS = tuple(Label)
SUM_WITHIN = 0.01
"""How far the sum of probabilities may be from one: what rounding four of them to two digits can leave."""

Placed = tuple[str, Mapping[str, Any]]
"""The fields of a line after the place where it stands."""


class GoldLine(NamedTuple):
    """One statement with one target and its human label; `values` are all fields of the line."""

    place: str
    statement_id: str
    target: str
    label: Label
    values: Mapping[str, Any]


class Answer(NamedTuple):
    """What a classifier said to a gold line.

    `probabilities` are in the order of the file, so that of equal ones the first counts as the most probable; empty
    where there are none.
    """

    label: Label
    abstained: bool = False
    probabilities: Mapping[Label, float] = {}
    reasons: tuple[str, ...] = ()


class Answers(NamedTuple):
    """One answer to each gold line, in its order, and how many predictions belong to no gold line."""

    answers: tuple[Answer, ...]
    unused: int = 0


def read_gold(path: Path) -> list[GoldLine]:
    """Read gold lines: `id`, `target` and `label`, and whatever fields the lines can be grouped or redrawn by.

    Raises:
        CorpusError: the file cannot be read or holds no line, a label is unknown, or an (id, target) comes twice.
    """
    found = [
        GoldLine(place, *key, _label(row, place), row) for place, row, key in _keyed(objects(path), "the gold line")
    ]
    if not found:
        raise CorpusError(f"{path}: holds no line; expected one JSON object a line with id, target and label")
    return found


def read_answers(path: Path, gold: Sequence[GoldLine]) -> Answers:
    """Read predictions in the form that `framing stance` writes.

    Raises:
        CorpusError: as `answers_from`; file and line are named.
    """
    return answers_from(objects(path), gold, source=str(path))


def answers_from(lines: Iterable[Placed], gold: Sequence[GoldLine], *, source: str) -> Answers:
    """Take one prediction for each gold line, found by (id, target).

    Raises:
        CorpusError: a gold line has no prediction, an (id, target) comes twice, a label is unknown, or probabilities
            are no numbers from 0 to 1 or do not sum to one.
    """
    found = {key: answer(row, place) for place, row, key in _keyed(lines, "the prediction")}
    missing = [line for line in gold if line[1:3] not in found]
    if missing:
        first = missing[0]
        raise CorpusError(
            f"{first.place}: id {first.statement_id!r} with target {first.target!r} has no prediction in {source} "
            f"({len(missing)} of {len(gold)} gold lines have none); predict every gold line, an abstained one too"
        )
    return Answers(tuple(found[line[1:3]] for line in gold), len(found) - len(gold))


def answer(row: Mapping[str, Any], place: str) -> Answer:
    """Check one prediction.

    Raises:
        CorpusError: a label or a probability is none.
    """
    abstained = row.get("abstained") or False
    if not isinstance(abstained, bool):
        raise CorpusError(f"{place}: abstained is {abstained!r}, expected true or false")
    reasons = row.get("reasons") or ()
    told = tuple(map(str, reasons)) if isinstance(reasons, list | tuple) else (str(reasons),)
    return Answer(_label(row, place), abstained, _probabilities(row.get("probabilities") or {}, place), told)


def _keyed(lines: Iterable[Placed], noun: str) -> Iterable[tuple[str, Mapping[str, Any], tuple[str, str]]]:
    seen: dict[tuple[str, str], str] = {}
    for place, row in lines:
        for field in ("id", "target"):
            if not isinstance(row.get(field), str) or not row[field].strip():
                raise CorpusError(f"{place}: {field} is {row.get(field)!r}, expected a text that is not empty")
        key = (row["id"], row["target"])
        if key in seen:
            raise CorpusError(
                f"{place}: id {key[0]!r} with target {key[1]!r} came before ({seen[key]}); keep one line, or give "
                f"{noun} an id of its own"
            )
        seen[key] = place
        yield place, row, key


def _label(row: Mapping[str, Any], place: str) -> Label:
    value = row.get("label")
    if not isinstance(value, str) or value not in LABELS:
        raise CorpusError(f"{place}: label is {value!r}; {did_you_mean(str(value), map(str, LABELS))}")
    return Label(value)


def _probabilities(values: Any, place: str) -> dict[Label, float]:
    if not isinstance(values, Mapping):
        raise CorpusError(f"{place}: probabilities is {values!r}, expected an object of labels and numbers")
    for label, p in values.items():
        if label not in LABELS:
            raise CorpusError(f"{place}: probabilities has {label!r}; {did_you_mean(label, map(str, LABELS))}")
        if isinstance(p, bool) or not isinstance(p, int | float) or not 0 <= p <= 1:
            raise CorpusError(f"{place}: the probability of {label} is {p!r}, expected a number from 0 to 1")
    total = math.fsum(values.values())
    if values and abs(total - 1) > SUM_WITHIN:
        raise CorpusError(
            f"{place}: the probabilities sum to {total:.4g}, expected 1; give all labels, or none to leave them out"
        )
    return {Label(label): float(p) for label, p in values.items()}
