"""Predicted statements, from a file of JSON lines or as an extractor yields them, checked against the gold articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from framing.corpora.gold import objects
from framing.corpora.gold_records import Attribution, GoldArticle, attributions
from framing.errors import CorpusError

Predictions = Mapping[str, tuple[Attribution, ...]]
"""The predicted statements by article id; an article that is missing here counts as one without."""


def read_predictions(path: Path, gold: Sequence[GoldArticle]) -> Predictions:
    """Read a line an article: `article_id` and `attributions` in the form of the gold.

    Raises:
        CorpusError: a line is damaged, an article is unknown or comes twice, or a span does not fit its text.
    """
    return _checked(objects(path), gold)


def from_lines(lines: Iterable[Mapping[str, Any]], gold: Sequence[GoldArticle]) -> Predictions:
    """Take the lines that an extraction yields for the gold articles."""
    return _checked(((f"predicted line {number}", line) for number, line in enumerate(lines, start=1)), gold)


def _checked(lines: Iterable[tuple[str, Mapping[str, Any]]], gold: Sequence[GoldArticle]) -> Predictions:
    texts = {article.article_id: article.text for article in gold}
    found: dict[str, tuple[Attribution, ...]] = {}
    for place, line in lines:
        article_id = str(line.get("article_id"))
        if article_id not in texts:
            raise CorpusError(f"{place}: article {article_id!r} is not in the gold ({len(texts)} articles)")
        if article_id in found:
            raise CorpusError(f"{place}: article {article_id!r} came before; give each article one line")
        found[article_id] = attributions(line.get("attributions"), texts[article_id], place)
    return found
