"""Small gold articles for the tests of evaluation, with spans given by their words."""

from __future__ import annotations

from collections.abc import Sequence

from framing.corpora.gold_records import Attribution, GoldArticle, Spans
from framing.types import Span

MAYOR = 'The mayor said the old bridge will stay. "It is safe," he added.'
BRIDGE = ("the old bridge will stay", "said", "The mayor")
SAFE = ('"It is safe,"', "added", "he")


def place(text: str, words: str | None) -> Spans:
    """Find words in a text; parts are separated by a bar."""
    parts = words.split("|") if words else []
    return tuple(Span(start := text.index(part), start + len(part)) for part in parts)


def said(
    text: str, content: str, cue: str | None = None, source: str | None = None, *, speaker: str | None = None
) -> Attribution:
    return Attribution(place(text, content), place(text, cue), place(text, source), speaker)


def article(text: str, *statements: Attribution, article_id: str = "a", outlet: str | None = None) -> GoldArticle:
    return GoldArticle(article_id, text, (statements,), {"outlet": outlet} if outlet else {})


def mayor(*statements: Sequence[str]) -> tuple[Attribution, ...]:
    """Return statements of the article `MAYOR`, each from content, cue and source."""
    return tuple(said(MAYOR, *each) for each in statements)
