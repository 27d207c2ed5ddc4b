"""Write small files and read them, in the few ways that the tests of the readers ask for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from framing.corpora.files import Files
from framing.protocols import Rejection
from framing.types import Article

ENGLISH = "The ministers met in the capital on Friday and agreed that the talks should go on next week, officials said."
GERMAN = "Die Minister trafen sich am Freitag in der Hauptstadt und beschlossen, die Gespräche bald fortzusetzen."


def stream(path: Path, **options: Any) -> Iterator[Article | Rejection]:
    """Return the stream of a reader."""
    return Files(str(path), **{"languages": None, **options})()


def written(tmp_path: Path, name: str, content: bytes | str) -> Path:
    """Write a file and return its path."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def texts(path: Path, **options: Any) -> list[str]:
    """Return the texts of a file in which no row is rejected."""
    found = list(stream(path, **options))
    assert not [item for item in found if isinstance(item, Rejection)]
    return [item.text for item in found if isinstance(item, Article)]


def mixed(path: Path, **options: Any) -> tuple[list[str], dict[int, str]]:
    """Return the texts of a file and the reasons of its rejected rows."""
    found = list(stream(path, **options))
    rejected = {item.row: item.reason for item in found if isinstance(item, Rejection)}
    return [item.text for item in found if isinstance(item, Article)], rejected


def read_rows(tmp_path: Path, *rows: object, **options: Any) -> list[Article | Rejection]:
    """Read rows that are written as JSON lines."""
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return list(Files(str(path), **options)())


def article(tmp_path: Path, row: object, **options: Any) -> Article:
    """Read one row that is an article."""
    (found,) = read_rows(tmp_path, row, **options)
    assert isinstance(found, Article), found
    return found


def reason(tmp_path: Path, row: object, **options: Any) -> str:
    """Read one row that is rejected, and return the reason."""
    (found,) = read_rows(tmp_path, row, **options)
    assert isinstance(found, Rejection), found
    assert (found.file, found.row) == ("news.jsonl", 1)
    return found.reason
