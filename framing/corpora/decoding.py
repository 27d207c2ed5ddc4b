"""Bytes to text for files of unknown encoding, a line at a time.

A file that names no encoding is read by its byte order mark, or as UTF-16 where every second byte is NUL, else line by
line: as UTF-8, and where a line holds no UTF-8 at all, as Windows-1252. A line that mixes UTF-8 with other bytes is
damaged, and no encoding would read it right; its damaged bytes come as lone surrogates, for `flaw` to find.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

from framing.corpora.rows import LONGEST_RECORD, TOO_LONG

HEAD = 4096
TOO_LONG_LINE = "\udcff\n"
WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
NO_TEXTS = ("idna", "punycode", "utf-7", "unicode-escape", "raw-unicode-escape")
WIDE_MARKS = (  # the marks of UTF-32 begin with those of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_DAMAGED = re.compile("[\udc80-\udcff]")
_UTF8_CHARACTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")


def text_encoding(name: str) -> str | None:
    """Return Python's name for an encoding of texts, or None where it knows none by that name."""
    try:
        "".encode(name)
        known = codecs.lookup(name).name
    except (LookupError, UnicodeError):
        return None
    return None if known in NO_TEXTS else known


def lines(path: Path, encoding: str | None = None) -> Iterator[str]:
    """Yield the lines of a file with their ends; a byte order mark is no part of the text.

    What the encoding cannot decode comes as lone surrogates (in UTF-16 and UTF-32 as U+FFFD), and `TOO_LONG_LINE` in
    place of a line of more than `LONGEST_RECORD` bytes; `flaw` finds both.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        wide = _wide_encoding(file, encoding)
        if wide:
            with io.TextIOWrapper(file, encoding=wide, errors="replace", newline="\n") as decoded:
                yield from _characters(decoded)
        else:
            yield from _decoded(file, encoding)


def whole(path: Path, encoding: str | None = None, *, declared: str | None = None) -> str:
    """Return the text of a file with its line ends as they are, or `TOO_LONG_LINE`; a byte order mark is left out.

    `declared` is what the file says about itself: it takes the place of Windows-1252 where the file is not UTF-8.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        wide = _wide_encoding(file, encoding)
        content = file.read(LONGEST_RECORD + 1)
    if len(content) > LONGEST_RECORD:
        return TOO_LONG_LINE
    if wide:
        return content.decode(wide, "replace").removeprefix("\ufeff")
    return decode(content.removeprefix(codecs.BOM_UTF8), encoding, declared=declared)


def decode(line: bytes, encoding: str | None = None, *, declared: str | None = None) -> str:
    """Decode bytes by the rule of this module, or by the encoding given; damage comes as lone surrogates."""
    try:
        return line.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        fallback = encoding or declared or ("utf-8" if _UTF8_CHARACTER.search(line) else "windows-1252")
    try:
        return line.decode(fallback, "surrogateescape")
    except UnicodeDecodeError:
        return line.decode("utf-8", "surrogateescape")


def flaw(line: str, encoding: str | None = None) -> str | None:
    """Say why decoded text is not what its file holds: a byte that could not be read, or a length beyond bounds."""
    found = _DAMAGED.search(line)
    if not found:
        return None
    if TOO_LONG_LINE in line:
        return TOO_LONG
    return (
        f"byte 0x{ord(found[0]) - 0xDC00:02X} behind {line[: found.start()][-20:]!r} cannot be decoded, expected "
        f"{encoding or 'UTF-8 or Windows-1252'}; save the file as UTF-8 or name its encoding in corpus.encoding"
    )


def _wide_encoding(file: BinaryIO, encoding: str | None) -> str | None:
    """Return the encoding of two or four bytes a character, if it is one; the file is left at its start."""
    head = file.read(HEAD)
    file.seek(0)
    if encoding:
        name = codecs.lookup(encoding).name
        return name if name in WIDE else None
    for mark, name in WIDE_MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > 0.2 * len(head) and min(even, odd) < 0.05 * len(head):
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _decoded(file: BinaryIO, encoding: str | None) -> Iterator[str]:
    mark = codecs.BOM_UTF8
    while line := file.readline(LONGEST_RECORD + 1):
        if len(line) <= LONGEST_RECORD:
            yield decode(line.removeprefix(mark), encoding)
        else:
            yield TOO_LONG_LINE
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_RECORD)
        mark = b""


def _characters(file: TextIO) -> Iterator[str]:
    mark = "\ufeff"
    while line := file.readline(LONGEST_RECORD + 1):
        if len(line) <= LONGEST_RECORD:
            yield line.removeprefix(mark)
        else:
            yield TOO_LONG_LINE
            while line and not line.endswith("\n"):
                line = file.readline(LONGEST_RECORD)
        mark = ""
