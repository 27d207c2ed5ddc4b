"""Gold statements as records: an article with the attributions of its annotators, every span fitting its text."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from framing.errors import CorpusError
from framing.types import Span

Spans = tuple[Span, ...]

ROLES = ("content", "cue", "source")


class Attribution(NamedTuple):
    """One attribution; cue and source may be empty, and who speaks may be unknown."""

    content: Spans
    cue: Spans
    source: Spans
    speaker: str | None = None
    speaker_kind: str | None = None


class GoldArticle(NamedTuple):
    """A text with the attributions of each of its annotators, at least one; `fields` are what articles group by."""

    article_id: str
    text: str
    annotators: tuple[tuple[Attribution, ...], ...]
    fields: Mapping[str, str] = {}


def attributions(listed: object, text: str, place: str) -> tuple[Attribution, ...]:
    """Read attributions as JSON has them: lists of [start, end) under content, cue and source, and perhaps a speaker.

    Raises:
        CorpusError: one has another form, or a span does not fit the text.
    """
    if not isinstance(listed, list):
        raise CorpusError(f"{place}: attributions is {reprlib.repr(listed)}, expected a list")
    return tuple(_attribution(each, text, f"{place}: attribution {number}") for number, each in enumerate(listed, 1))


def checked(start: int, end: int, text: str, place: str) -> Span:
    """Return a span that fits a text.

    Raises:
        CorpusError: it is empty or leaves the text.
    """
    if not 0 <= start < end <= len(text):
        raise CorpusError(f"{place}: the span [{start}, {end}) does not fit a text of {len(text)} characters")
    return Span(start, end)


def read_exactly(path: Path) -> str:
    """Return the text of a file without touching its line ends, which offsets count.

    Raises:
        CorpusError: it cannot be read, or is not UTF-8.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error


def _attribution(values: Any, text: str, place: str) -> Attribution:
    if not isinstance(values, dict) or "content" not in values:
        raise CorpusError(f"{place}: found {reprlib.repr(values)}, expected an object with content, cue and source")
    for name in ("speaker", "speaker_kind"):
        if not isinstance(values.get(name), str | None):
            raise CorpusError(f"{place}: {name} is {reprlib.repr(values[name])}, expected a text or null")
    content, cue, source = (_spans(values.get(role), text, f"{place}: {role}") for role in ROLES)
    return Attribution(content, cue, source, values.get("speaker"), values.get("speaker_kind"))


def _spans(listed: Any, text: str, place: str) -> Spans:
    if listed is None:
        return ()
    if not isinstance(listed, list) or not all(map(_is_span, listed)):
        raise CorpusError(f"{place} is {reprlib.repr(listed)}, expected a list of [start, end) in whole numbers")
    return tuple(sorted(checked(start, end, text, place) for start, end in listed))


def _is_span(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(number) is int for number in value)
