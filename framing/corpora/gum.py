"""Attributions derived from GUM's relations, dependencies and coreference: one JSON list of documents."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from framing.corpora.gold_records import Attribution, GoldArticle, Spans, checked, read_exactly
from framing.errors import CorpusError
from framing.types import SpeakerKind


def articles(path: Path) -> Iterator[GoldArticle]:
    """Yield the documents of a file with the fields `genre` and `split`; the speaker is the longest name of the source.

    Only persons get a kind, since GUM's `organization` holds governments too.

    Raises:
        CorpusError: the file cannot be read, has another form, or a span does not fit its text.
    """
    try:
        documents = json.loads(read_exactly(path))
    except json.JSONDecodeError as error:
        raise CorpusError(f"{path} line {error.lineno}: not JSON ({error.msg}, column {error.colno})") from error
    if not isinstance(documents, list):
        raise CorpusError(f"{path}: found a JSON {type(documents).__name__}, expected a list of documents")
    for number, document in enumerate(documents, start=1):
        place = f"{path} document {number}"
        try:
            text = document["text"]
            found = tuple(_attribution(each, text, place) for each in document["attributions"])
            fields = {name: document[name] for name in ("genre", "split")}
            yield GoldArticle(document["id"], text, (found,), fields)
        except (KeyError, TypeError, ValueError) as error:
            raise CorpusError(
                f"{place}: expected id, genre, split, text and attributions, found {reprlib.repr(document)} ({error!r})"
            ) from error


def _attribution(values: dict[str, Any], text: str, place: str) -> Attribution:
    is_person = values["entity_type"] == SpeakerKind.PERSON
    content = tuple(sorted(checked(start, end, text, place) for start, end in values["content"]))
    cue, source = (_span(values[role], text, place) for role in ("cue", "source"))
    return Attribution(content, cue, source, values["full_name"], SpeakerKind.PERSON if is_person else None)


def _span(pair: list[int] | None, text: str, place: str) -> Spans:
    return (checked(pair[0], pair[1], text, place),) if pair else ()
