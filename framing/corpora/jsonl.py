"""JSON lines: one object a line; the number of a record is the number of its line."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Iterator
from pathlib import Path

from framing.corpora.decoding import flaw, lines
from framing.corpora.rows import Row, Unreadable

BLANK = "\0\ufeff \t\r\n"
"""What may stand around an object: white space, and what a crash or a concatenation leaves between lines."""


def rows(path: Path, encoding: str | None = None) -> Iterator[Row | Unreadable]:
    """Yield one row a line; blank lines are none.

    Raises:
        OSError: the file cannot be read.
    """
    for number, line in enumerate(lines(path, encoding), start=1):
        if line.strip(BLANK):
            yield _row(number, line, encoding)


def _row(number: int, line: str, encoding: str | None) -> Row | Unreadable:
    if reason := flaw(line, encoding):
        return Unreadable(number, reason)
    try:
        values = json.loads(line.strip(BLANK), strict=False)
    except json.JSONDecodeError as error:
        return Unreadable(
            number,
            f"not JSON ({error.msg} at column {error.colno}), found {reprlib.repr(line.strip())}, "
            "expected one whole JSON object a line",
        )
    except (ValueError, RecursionError) as error:
        return Unreadable(number, f"not JSON that can be read ({error}), expected one flat JSON object a line")
    if not isinstance(values, dict):
        return Unreadable(
            number,
            f"found a JSON {type(values).__name__}, {reprlib.repr(values)}, expected an object with the fields of one "
            "article; write one object a line",
        )
    return Row(number, values)
