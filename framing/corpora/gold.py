"""Read gold articles, to train an extractor from or to score one against, from the forms that corpora come in."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from framing.corpora import bio, brat, gum, jsonl
from framing.corpora.gold_records import GoldArticle, attributions
from framing.corpora.rows import Row
from framing.errors import CorpusError
from framing.resources import locate


def read_gold(paths: Sequence[str | Path], texts: str | Path | None = None) -> list[GoldArticle]:
    """Read gold from folders with `text/` and `attributions/` (brat), JSON lines, `.json` lists (GUM), `.bio` columns.

    A line has `article_id`, `text` and `attributions` with lists of [start, end) under content, cue and source, and
    perhaps `speaker` and `speaker_kind`; its other texts (`outlet`) are fields that articles can be grouped by. A line
    without `text` takes it, and the fields that it lacks, from the line of that `article_id` in the file `texts`.

    Raises:
        CorpusError: a file cannot be read, a line is damaged, or a span does not fit its text; file and line are named.
    """
    known = {str(values.get("article_id")): values for _, values in objects(locate(texts))} if texts else {}
    return [article for path in map(locate, paths) for article in _articles(path, known)]


def objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a file of JSON lines, each with its place.

    Raises:
        CorpusError: the file cannot be read, or a line is no object.
    """
    try:
        for row in jsonl.rows(path, "utf-8"):
            if not isinstance(row, Row):
                raise CorpusError(f"{path} line {row.number}: {row.reason}")
            yield f"{path} line {row.number}", dict(row.values)
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})") from error


def _articles(path: Path, known: Mapping[str, Mapping[str, Any]]) -> Iterator[GoldArticle]:
    if path.is_dir():
        return brat.articles(path)
    if path.suffix in bio.SUFFIXES:
        return bio.articles(path)
    return gum.articles(path) if path.suffix == ".json" else _lines(path, known)


def _lines(path: Path, known: Mapping[str, Mapping[str, Any]]) -> Iterator[GoldArticle]:
    for place, row in objects(path):
        for name in ("article_id", "attributions"):
            if name not in row:
                raise CorpusError(f"{place}: has no {name}, expected article_id, text and attributions")
        article_id = str(row["article_id"])
        values = {**known.get(article_id, {}), **row}
        text = values.get("text")
        if not isinstance(text, str):
            raise CorpusError(
                f"{place}: text is {reprlib.repr(text)}, expected a text; add it, or name the file that has it "
                f"under {article_id!r} as texts (--texts)"
            )
        found = attributions(values["attributions"], text, place)
        fields = {name: value for name, value in values.items() if isinstance(value, str) and name not in _NOT_FIELDS}
        yield GoldArticle(article_id, text, (found,), fields)


_NOT_FIELDS = ("article_id", "text")
