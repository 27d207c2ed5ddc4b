"""Gold attributions in brat's stand-off form, as PolNeAR publishes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from framing.corpora.gold_records import ROLES, Attribution, GoldArticle, checked, read_exactly
from framing.errors import CorpusError
from framing.types import Span

_ANNOTATION = re.compile(r"(?:[TEAMNR]\d|#|\*)")
_TEXT_BOUND = re.compile(r"(T\d+)\t\S+ (\d+ \d+(?:;\d+ \d+)*)(?:\t|\s*$)")
_EVENT = re.compile(r"E\d+\t(.+)")


def articles(folder: Path) -> Iterator[GoldArticle]:
    """Yield the articles of a folder: `text/NAME.txt` with an `attributions/NAME_ANNOTATOR.ann` of each annotator.

    The outlet is the part of NAME before its first underscore, as in PolNeAR.

    Raises:
        CorpusError: there is no annotation, a file cannot be read, a line is damaged, or a span does not fit.
    """
    files = sorted((folder / "attributions").glob("*.ann"))
    if not files:
        raise CorpusError(f"{folder}: no attributions/*.ann here; give the folder that holds text/ and attributions/")
    by_article: dict[str, list[Path]] = {}
    for path in files:
        by_article.setdefault(path.stem.rpartition("_")[0], []).append(path)
    for name, annotated in by_article.items():
        text = read_exactly(folder / "text" / f"{name}.txt")
        outlet, underscore, _ = name.partition("_")
        fields = {"outlet": outlet} if underscore else {}
        yield GoldArticle(name, text, tuple(tuple(_attributions(path, text)) for path in annotated), fields)


def _attributions(path: Path, text: str) -> Iterator[Attribution]:
    """Read one annotator's file, whose events may stand before the spans that they name."""
    lines = read_exactly(path).split("\n")
    spans = _spans(lines, path, text)
    for number, line in enumerate(lines, start=1):
        if found := _EVENT.match(line):
            yield _attribution(found[1], spans, f"{path} line {number}")


def _spans(lines: list[str], path: Path, text: str) -> dict[str, list[Span]]:
    """Map the id of each text-bound annotation to its spans, and refuse lines that are no annotation.

    The text that a text-bound line quotes may hold a line break; the next line then goes on with it.
    """
    spans: dict[str, list[Span]] = {}
    may_go_on = False
    for number, line in enumerate(lines, start=1):
        place = f"{path} line {number}"
        if found := _TEXT_BOUND.match(line):
            ranges = (part.split() for part in found[2].split(";"))
            spans[found[1]] = [checked(int(start), int(end), text, place) for start, end in ranges]
        elif line.startswith(("T", "E")) and _ANNOTATION.match(line) and not _EVENT.match(line):
            raise CorpusError(f"{place}: {line[:60]!r} is no brat annotation; mend or remove the line")
        elif not _ANNOTATION.match(line) and line.strip() and not may_go_on:
            raise CorpusError(f"{place}: {line[:60]!r} belongs to no annotation; mend or remove the line")
        if _ANNOTATION.match(line):
            may_go_on = line.startswith("T")
    return spans


def _attribution(event: str, spans: dict[str, list[Span]], place: str) -> Attribution:
    roles: dict[str, set[Span]] = {role: set() for role in ROLES}
    for argument in event.split()[1:]:
        role, _, key = argument.partition(":")
        if key not in spans:
            raise CorpusError(f"{place}: names {key!r}, which stands nowhere in the file")
        roles.get(role.rstrip("0123456789").lower(), set()).update(spans[key])
    content, cue, source = (tuple(sorted(roles[role])) for role in ROLES)
    return Attribution(content, cue, source)
