"""CSV and TSV: one record a row below a header; cells in quote marks may hold line ends.

Quoting is read strictly: a text with a stray quote mark would otherwise be mangled in silence. After a mistake reading
goes on at the line where it showed, so that an unclosed quote mark takes no further row with it.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from framing.corpora.decoding import flaw, lines
from framing.corpora.rows import LONGEST_RECORD, WHOLE_FILE, Row, Unreadable

DELIMITERS = ",;\t|"

_LONE_RETURN = re.compile(r"(?<=\r)(?!\n)")


class _Record(NamedTuple):
    cells: list[str]
    line: int
    reason: str | None


def rows(path: Path, encoding: str | None = None, delimiter: str | None = None) -> Iterator[Row | Unreadable]:
    """Yield one row a record; the first record below the header has number 1, and blank lines are none.

    Raises:
        OSError: the file cannot be read.
    """
    source = _lines(path, encoding)
    first = next(source, "")
    delimiter = delimiter or _delimiter(first)
    records = _records(source, delimiter, first)
    header = next(records, None)
    if header is None or header.reason:
        reason = f"the header cannot be read: {header.reason}" if header else "the file is empty, expected a header"
        yield Unreadable(WHOLE_FILE, reason)
        return
    names = [cell.strip("\0\ufeff \t\r\n") for cell in header.cells]
    if repeated := sorted({name for name in names if name and names.count(name) > 1}):
        yield Unreadable(WHOLE_FILE, f"two columns are called {repeated[0]!r}, expected different names; rename one")
        return
    for number, record in enumerate(records, start=1):
        yield _row(number, record, names, encoding)


def header(path: Path, encoding: str | None = None, delimiter: str | None = None) -> list[str]:
    """Return the names of the columns.

    Raises:
        OSError: the file cannot be read.
    """
    source = _lines(path, encoding)
    first = next(source, "")
    record = next(_records(source, delimiter or _delimiter(first), first), None)
    return [cell.strip("\0\ufeff \t\r\n") for cell in record.cells] if record else []


def _row(number: int, record: _Record, names: list[str], encoding: str | None) -> Row | Unreadable:
    reason = record.reason or next((found for cell in record.cells if (found := flaw(cell, encoding))), None)
    if reason is None and len(record.cells) != len(names):
        reason = (
            f"{len(record.cells)} cells, expected {len(names)} as in the header; put cells that hold the delimiter or "
            "a line end in quote marks"
        )
    if reason:
        return Unreadable(number, f"{reason} (line {record.line})")
    return Row(number, dict(zip(names, record.cells, strict=True)))


def _lines(path: Path, encoding: str | None) -> Iterator[str]:
    for line in lines(path, encoding):
        if "\r" not in line.rstrip("\r\n"):
            yield line
        else:  # old spreadsheets end their lines so; inside quote marks csv puts the pieces together again
            yield from filter(None, _LONE_RETURN.split(line))


def _delimiter(line: str) -> str:
    """Return the delimiter that parts a header into the most cells."""
    return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([line], delimiter=delimiter), [])))


def _records(source: Iterator[str], delimiter: str, first: str) -> Iterator[_Record]:
    """Yield the records from the line `first` on, each with the number of its first line."""
    waiting = deque([first] if first else [])
    n_columns = None
    number = 1
    while True:
        taken: list[str] = []
        ended: list[bool] = []
        try:
            cells = _parse(_take(waiting, source, taken, ended), delimiter)
            reason, back = None, 0
        except csv.Error as error:
            cells = []
            reason, back = _mistake(taken, bool(ended), delimiter, n_columns or 0)
            reason = reason or str(error)
        if not taken:
            return
        if back:
            waiting.extendleft(reversed(taken[-back:]))
        if cells or reason:
            yield _Record(cells, number, reason)
            n_columns = n_columns or len(cells)
        number += len(taken) - back


def _take(waiting: deque[str], source: Iterator[str], taken: list[str], ended: list[bool]) -> Iterator[str]:
    while (line := waiting.popleft() if waiting else next(source, None)) is not None:
        taken.append(line)
        yield line
    ended.append(True)


def _parse(some_lines: Iterator[str], delimiter: str) -> list[str]:
    """Parse one record; the module's limit on the length of a cell is raised for that long and put back."""
    limit = csv.field_size_limit(LONGEST_RECORD)
    try:
        return next(csv.reader(some_lines, delimiter=delimiter, strict=True), [])
    finally:
        csv.field_size_limit(limit)


def _mistake(taken: list[str], ended: bool, delimiter: str, n_columns: int) -> tuple[str | None, int]:
    """Say what is wrong with a record that strict quoting refuses, and how many of its lines are to be read again."""
    if not ended and sum(map(len, taken)) <= LONGEST_RECORD:
        if len(taken) == 1:
            return 'a quote mark inside a cell, expected it doubled (""); double it or leave it out', 0
        return "a quote mark is not closed in this record, expected it before the next one; close it", 1
    opening = max((i for i, line in enumerate(taken) if '"' in line), default=0)
    after = taken[opening + 1 :]
    if after and all(line.strip() and line.count(delimiter) == n_columns - 1 for line in after):
        return "a quote mark is not closed in this record, expected it before the next one; close it", len(after)
    return (
        f"a quote mark is not closed, so that {len(taken)} lines from here on are no record; close it, or complete the "
        "file where it was cut off"
    ), 0
