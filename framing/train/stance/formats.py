"""Records of labelled statements from the forms they come in: tables, JSON lines, Label Studio, data sets of the Hub.

Nothing is left out: what cannot be read ends the reading with a message that names the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from framing.coding.codes import Code
from framing.coding.label_studio import CONTROL, coded_tasks
from framing.corpora import formats
from framing.corpora.rows import WHOLE_FILE, Row
from framing.errors import CorpusError, MissingExtraError
from framing.resources import locate
from framing.train.stance.layout import Layout, Record

HUB = "hub:"
EXPORT = ".json"
TABLES = formats.LINES | formats.DELIMITED | formats.PARQUET
_HUB_ID = re.compile(r"(?P<name>\w[\w.-]*(?:/\w[\w.-]*)?)(?::(?P<split>[\w.\[\]%:+-]+))?")


def records(source: str | Path, layout: Layout) -> Iterator[Record]:
    """Yield the records of one source, in order.

    A source is a file that ends in .csv, .tsv, .jsonl, .ndjson or .parquet, a `.json` export of Label Studio, or
    `hub:owner/name[:split]` for a data set that the package `datasets` loads (without a split, its `train`). Text files
    are UTF-8. A task of Label Studio is one record: the data of the task, with the label its coders agree on.

    Raises:
        CorpusError: the source cannot be read as a whole, holds no row, or lacks a column that the layout names.
        MissingExtraError: a data set of the Hub is asked for without the package `datasets`.
    """
    missing, known, empty = layout.expected(), dict[str, None](), True
    for record in _read(str(source), layout):
        empty = False
        missing -= record.values.keys()
        known.update(dict.fromkeys(record.values))
        yield record
    if empty:
        raise CorpusError(f"{source}: holds no rows; expected one for each labelled statement")
    if missing:
        raise layout.unmet(missing, str(source), known)


def _read(source: str, layout: Layout) -> Iterator[Record]:
    if source.startswith(HUB):
        yield from _hub(source)
        return
    path = locate(source)
    suffix = path.suffix.lower()
    if suffix not in {EXPORT, *TABLES}:
        raise CorpusError(
            f"{source}: no form of labelled statements that is read here; expected a name that ends in "
            f"{', '.join(sorted({EXPORT, *TABLES}))}, or {HUB}owner/name"
        )
    try:
        if suffix not in formats.PARQUET:
            _require_utf8(path, source)
        yield from _export(path, source, layout) if suffix == EXPORT else _table(path, source)
    except OSError as error:
        raise CorpusError(f"{source}: cannot be read ({error.strerror or error})") from error


def _table(path: Path, source: str) -> Iterator[Record]:
    unit = "line" if path.suffix.lower() in formats.LINES else "row"
    for row in formats.rows(path, encoding="utf-8"):
        if not isinstance(row, Row):
            place = source if row.number == WHOLE_FILE else f"{source} {unit} {row.number}"
            raise CorpusError(f"{place}: {row.reason}")
        yield Record(source, unit, str(row.number), row.values)


def _require_utf8(path: Path, source: str) -> None:
    """Refuse other encodings: a wrong guess would train a model on mangled letters."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                before = line[: error.start].decode("utf-8")[-20:]
                raise CorpusError(
                    f"{source} line {number}: not UTF-8 (byte 0x{line[error.start]:02X} behind {before!r}); "
                    "save the file as UTF-8 (in a spreadsheet: CSV UTF-8)"
                ) from error


def _export(path: Path, source: str, layout: Layout) -> Iterator[Record]:
    """Yield one record a task; annotations of a task come together, or in the form JSON-MIN one after the other."""
    label = layout.column("label") or CONTROL
    data: dict[str, Mapping[str, Any]] = {}
    given: dict[str, list[Code | None]] = {}
    for task in coded_tasks(path, unit=_no_unit, control=label):
        data.setdefault(task.name, task.data)
        given.setdefault(task.name, []).extend(task.codes)
    for name, codes in given.items():
        code = _agreed(codes, f"{source} task {name}")
        values = {"id": name, **data[name], label: code.label, "conditional": code.conditional}
        yield Record(source, "task", name, values)


def _no_unit(data: Mapping[str, object]) -> str:
    """Ask for no unit: for training, a task needs not come from a coding sheet."""
    return ""


def _agreed(codes: list[Code | None], place: str) -> Code:
    if None in codes or not codes:
        raise CorpusError(
            f"{place}: an annotation without a label, or none; label the task, or leave it out of the export"
        )
    found = [code for code in codes if code is not None]
    if any(code.span for code in found):
        raise CorpusError(
            f"{place}: passages are marked in the text, expected one choice for the whole text; make each passage a "
            "task of its own"
        )
    answers = {(code.label, code.conditional): code for code in found}
    if len(answers) > 1:
        said = ", ".join(
            f"{code.coder}: {code.label}{' (conditional)' * code.conditional}" for code in answers.values()
        )
        raise CorpusError(f"{place}: coders differ ({said}); let them settle on one label, and export that alone")
    return found[0]


def _hub(source: str) -> Iterator[Record]:
    match = _HUB_ID.fullmatch(source.removeprefix(HUB))
    if match is None:
        raise CorpusError(f"{source}: expected {HUB}owner/name or {HUB}owner/name:split, as in {HUB}owner/name:train")
    try:
        import datasets
    except ImportError as error:
        raise MissingExtraError(f"{source}: data sets of the Hub need datasets: pip install 'framing[hub]'") from error
    try:
        loaded = datasets.load_dataset(match["name"], split=match["split"] or "train")
    except (OSError, ValueError, datasets.exceptions.DatasetsError) as error:
        raise CorpusError(
            f"{source}: cannot be loaded ({str(error).partition(chr(10))[0]}); mend name and split, or save the rows "
            "as Parquet and name that file"
        ) from error
    coded = {name: feature for name, feature in loaded.features.items() if isinstance(feature, datasets.ClassLabel)}
    for number, row in enumerate(loaded, start=1):
        yield Record(source, "row", str(number), {**row, **_named(row, coded)})


def _named(row: Mapping[str, object], coded: Mapping[str, Any]) -> dict[str, object]:
    """Give coded values their names; -1 stands for none."""
    return {
        name: feature.int2str(row[name]) if row[name] not in (None, -1) else None for name, feature in coded.items()
    }
