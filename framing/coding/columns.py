"""Codes in columns: plain `unit,coder,label`, and the CSV export of Label Studio."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from framing.coding.codes import Code, Codes, NoUnitError, is_conditional, target_of, unit_of
from framing.corpora.delimited import rows
from framing.corpora.rows import Row
from framing.errors import CorpusError


def read_columns(path: Path) -> Codes:
    """Read a table with a header.

    Plain codes have the columns unit, coder and label, perhaps conditional and target; other columns are ignored. A row
    without a label is left blank. Where no row names its coder, the coder is the name of the file. A Label Studio
    export has the columns annotator, label and those of its tasks, of which `unit` is needed.

    Raises:
        CorpusError: a row cannot be read, a column is missing, or only some rows name their coder.
    """
    records = list(_records(path))
    columns = set(records[0].values) if records else {"unit", "coder", "label"}
    exported = "annotator" in columns
    needed = {"unit", "label"} if exported else {"unit", "coder", "label"}
    if missing := sorted(needed - columns):
        raise CorpusError(
            f"{path}: no column is called {missing[0]!r}; found {', '.join(sorted(columns))}, "
            "expected unit, coder, label, or the columns of a Label Studio export"
        )
    coder_column = "annotator" if exported else "coder"
    named = [bool(_cell(record.values, coder_column)) for record in records if _cell(record.values, "label")]
    if any(named) and not all(named):
        at = next(r for r in records if _cell(r.values, "label") and not _cell(r.values, coder_column))
        raise CorpusError(
            f"{path} row {at.number}: {coder_column} is empty, while other rows name theirs; name it in all rows or in "
            f"none (the coder is then {path.stem!r})"
        )
    codes, left_blank = [], 0
    for record in records:
        place = f"{path} row {record.number}"
        label = _label(_cell(record.values, "label"), place)
        try:
            unit = unit_of(record.values)
        except NoUnitError as error:
            raise CorpusError(f"{place}: {error}") from error
        if label:
            coder, limited = _cell(record.values, coder_column) or path.stem, _cell(record.values, "conditional")
            target = target_of(record.values)
            codes.append(Code(unit, coder, label, place, None, is_conditional(limited, place), target))
        left_blank += not label
    return Codes(tuple(codes), left_blank)


def _records(path: Path) -> Iterator[Row]:
    for record in rows(path):
        if not isinstance(record, Row):
            raise CorpusError(f"{path} row {record.number}: {record.reason}")
        yield record


def _cell(values: Mapping[str, object], column: str) -> str:
    return str(values.get(column) or "").strip()


def _label(cell: str, place: str) -> str:
    """Return the one label of a cell; Label Studio writes several choices as JSON."""
    if not cell.startswith(("{", "[")):
        return cell
    try:
        loaded = json.loads(cell)
    except json.JSONDecodeError as error:
        raise CorpusError(f"{place}: label is {cell!r}, expected a label or the JSON of an export") from error
    chosen = loaded.get("choices") if isinstance(loaded, dict) else None
    if not isinstance(chosen, list) or len(chosen) != 1 or not isinstance(chosen[0], str):
        raise CorpusError(
            f"{place}: label is {cell!r}, expected one choice; export marked passages and several choices as JSON"
        )
    return chosen[0].strip()
