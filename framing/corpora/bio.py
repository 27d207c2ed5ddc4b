"""Gold attributions in columns: a token and its tag a line, a blank line after each sentence (`.bio`, `.conll`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from framing.corpora.gold_records import ROLES, Attribution, GoldArticle, read_exactly
from framing.errors import CorpusError
from framing.types import Span

SUFFIXES = (".bio", ".conll")
_DOCUMENT = re.compile(r"^-DOCSTART-.*$|^# newdoc.*$", re.MULTILINE)
_TAG = re.compile(r"^(?:O|([BI])-(content|cue|source))$", re.IGNORECASE)


class _Tagged(NamedTuple):
    role: str
    span: Span


def articles(path: Path) -> Iterator[GoldArticle]:
    """Yield the documents of a file, parted by lines that begin with -DOCSTART- or # newdoc.

    The first column is the token, the last its tag: O, or B- or I- with content, cue or source. Tokens are joined by
    blanks. The tags do not say what belongs together: each content and each source goes to the nearest cue.

    Raises:
        CorpusError: the file cannot be read, a line has no tag, or an I- goes on with nothing; the line is named.
    """
    text = read_exactly(path).replace("\r\n", "\n")
    line = 1
    number = 0
    for part in _DOCUMENT.split(text):
        if part.strip():
            number += 1
            yield _article(f"{path.stem}-{number}", part, path, line)
        line += part.count("\n")


def _article(name: str, part: str, path: Path, first: int) -> GoldArticle:
    tokens: list[str] = []
    length = 0
    found: list[_Tagged] = []
    before = "O"
    for number, line in enumerate(part.split("\n"), start=first):
        columns = line.split()
        if not columns or columns[0] == "#":
            before = "O"
            continue
        tag = _TAG.match(columns[-1]) if len(columns) > 1 else None
        if tag is None:
            raise CorpusError(
                f"{path} line {number}: {line[:60]!r} has no tag, expected O, B-ROLE or I-ROLE at its end"
            )
        role = (tag[2] or "").lower()
        span = Span(length, length + len(columns[0]))
        if tag[1] in ("I", "i"):
            if before != role:
                raise CorpusError(f"{path} line {number}: {columns[-1]} goes on with a {role} that did not begin")
            found[-1] = _Tagged(role, Span(found[-1].span.start, span.end))
        elif role:
            found.append(_Tagged(role, span))
        before = role or "O"
        tokens.append(columns[0])
        length = span.end + 1
    return GoldArticle(name, " ".join(tokens), (_linked(found),))


def _linked(found: Sequence[_Tagged]) -> tuple[Attribution, ...]:
    cues = [tagged.span for tagged in found if tagged.role == "cue"]
    parts: list[dict[str, list[Span]]] = [{role: [] for role in ROLES} for _ in cues]
    for role, span in found:
        if cues:
            nearest = min(range(len(cues)), key=lambda at: _apart(cues[at], span))
            parts[nearest][role].append(span)
    told = [{role: tuple(spans) for role, spans in part.items()} for part in parts if part["content"]]
    return tuple(Attribution(each["content"], each["cue"], each["source"]) for each in told)


def _apart(a: Span, b: Span) -> int:
    return max(a.start - b.end, b.start - a.end, -1)
