"""Which file is read how: by the end of its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from framing.corpora import delimited, jsonl, pages, parquet
from framing.corpora.rows import Row, Unreadable

LINES = frozenset({".jsonl", ".ndjson"})
DELIMITED = frozenset({".csv", ".tsv"})
PARQUET = frozenset({".parquet"})
TEXT = frozenset({".txt"})
HTML = frozenset({".html", ".htm", ".xhtml"})
EVERY = LINES | DELIMITED | PARQUET | TEXT | HTML


def rows(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> Iterator[Row | Unreadable]:
    """Yield the rows of a file in one of the formats, a few at a time.

    Raises:
        OSError: the file cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in LINES:
        return jsonl.rows(path, encoding)
    if suffix in DELIMITED:
        return delimited.rows(path, encoding, delimiter)
    if suffix in PARQUET:
        return parquet.rows(path)
    return pages.text_rows(path, encoding) if suffix in TEXT else pages.html_rows(path, encoding)


def header(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> list[str] | None:
    """Return the columns that a file names before its first row, or None where its format names none.

    Raises:
        OSError: the file cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in DELIMITED:
        return delimited.header(path, encoding, delimiter)
    return parquet.header(path) if suffix in PARQUET else None
