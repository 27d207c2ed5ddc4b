"""How estimates were made, for a reader: said once where it holds for a whole table, in a column where it varies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

DESIGN_EFFECT = "design_effect"
PARTICULARS = {
    DESIGN_EFFECT: "design effect",
    "estimator": "estimator",
    "correction": "correction",
    "wire_policy": "wire copy",
}
"""The columns of a table of estimates that say how these were made, and what a reader calls them."""

COUNTS = ("articles", "statements")
NOTHING = "–"

Row = Mapping[str, Any]
Line = Sequence[Row | None]


class Particulars(NamedTuple):
    """What is said of a whole table, and the columns that say the rest line by line."""

    said: str
    columns: list[str]
    cells: list[list[str]]


def particulars(lines: Sequence[Line], columns: Sequence[str] = ("",), *, counts: bool = False) -> Particulars:
    """Lay out how the estimates of a table were made; each line has an estimate, or None, for each of the `columns`.

    A design effect belongs to its estimate and always has a column. Estimator, correction and policy on wire copy have
    one only where they vary from line to line; estimates without a value do not count for that, as nothing was made.
    The estimates of one line stand in one cell, in the order of the columns. With `counts` articles and statements have
    columns as well.
    """
    said, varied = [], [*(COUNTS if counts else ()), DESIGN_EFFECT]
    for name in (name for name in PARTICULARS if name != DESIGN_EFFECT):
        by_column = [_values(lines, name, column) for column in range(len(columns))]
        if any(len(values) > 1 for values in by_column):
            varied.append(name)
        elif len(different := dict.fromkeys(value for values in by_column for value in values)) == 1:
            said.append(f"{PARTICULARS[name]}: {next(iter(different))}")
        elif different:
            each = (f"{values[0]} ({column})" for column, values in zip(columns, by_column, strict=True) if values)
            said.append(f"{PARTICULARS[name]}: {'; '.join(each)}")
    text = ". ".join(part[0].upper() + part[1:] for part in said)
    titles = [PARTICULARS.get(name, name) for name in varied]
    return Particulars(f"{text}." if text else "", titles, [[_cell(line, name) for name in varied] for line in lines])


def _values(lines: Sequence[Line], name: str, column: int) -> list[str]:
    """Return the different values that the estimates of a column have, or those without a value if all are such."""
    found = [row for line in lines if (row := line[column]) is not None]
    made = [row for row in found if row["value"] is not None]
    return list(dict.fromkeys(str(row[name]) for row in made or found))


def _cell(line: Line, name: str) -> str:
    texts = [NOTHING if row is None else _written(row[name]) for row in line]
    same = len(set(texts)) == 1 and (name != DESIGN_EFFECT or texts[0] == NOTHING)
    return texts[0] if same else " / ".join(texts)


def _written(value: object) -> str:
    if value is None:
        return NOTHING
    return f"{value:.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
