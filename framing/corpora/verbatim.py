"""Articles exactly as given, for `framing extract`: offsets into them are offsets into the user's own texts."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from framing.corpora import formats, jsonl, pages
from framing.corpora.articles import without_surrogates
from framing.corpora.decoding import flaw, whole
from framing.corpora.paths import File, files, printable
from framing.corpora.rows import ROW_OF_PAGE, WHOLE_FILE, Row, Unreadable
from framing.protocols import Rejection
from framing.resources import locate
from framing.types import Article

SUFFIXES = formats.LINES | formats.TEXT | formats.HTML


@dataclass(frozen=True)
class Verbatim:
    """Read text files, web pages and JSON lines (`article_id`, `text`) without changing a character of a text.

    The byte order mark of a file is no part of its text, and a lone surrogate, which cannot be written, becomes U+FFFD;
    neither moves an offset within a JSON line. Of a web page the text is what trafilatura finds in it. The id of a
    file is its path as given, and of a JSON line without `article_id` that path with the number of the line.

    Raises:
        CorpusError: a path does not exist or holds nothing to read; no article is yielded then.
    """

    paths: tuple[str, ...]

    def __call__(self) -> Iterator[Article | Rejection]:
        """Read the paths in the order given, and folders in the order of their files."""
        found = [file for path in self.paths for file in files(locate(path), SUFFIXES)]
        for file in found:
            if isinstance(file, Rejection):
                yield file
                continue
            try:
                for row in _rows(file.path):
                    yield _article(row, file) if isinstance(row, Row) else _rejected(row, file)
            except OSError as error:
                yield Rejection(file.name, WHOLE_FILE, f"cannot be read ({error.strerror or error})")


def _rows(path: Path) -> Iterator[Row | Unreadable]:
    suffix = path.suffix.lower()
    if suffix in formats.LINES:
        return jsonl.rows(path)
    return pages.html_rows(path) if suffix in formats.HTML else _text_row(path)


def _text_row(path: Path) -> Iterator[Row | Unreadable]:
    text = whole(path)
    reason = flaw(text)
    yield Unreadable(ROW_OF_PAGE, reason) if reason else Row(ROW_OF_PAGE, {"text": text})


def _rejected(row: Unreadable, file: File) -> Rejection:
    return Rejection(file.name, row.number, without_surrogates(row.reason))


def _article(row: Row, file: File) -> Article | Rejection:
    text = row.values.get("text")
    if not isinstance(text, str):
        return Rejection(file.name, row.number, f"text is {reprlib.repr(text)}, expected a text; give each line one")
    is_line = file.path.suffix.lower() in formats.LINES
    path = printable(file.path.as_posix())
    article_id = row.values.get("article_id", f"{path}:{row.number}" if is_line else path)
    if isinstance(article_id, bool) or not isinstance(article_id, str | int):
        reason = f"article_id is {reprlib.repr(article_id)}, expected text or a whole number; mend it or leave it out"
        return Rejection(file.name, row.number, reason)
    return Article(without_surrogates(str(article_id)), without_surrogates(text))
