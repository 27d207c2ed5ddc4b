"""Turn statements into the questions that a stance classifier answers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from framing.protocols import ArticleStatements, StanceQuery
from framing.text import paragraphs, sentences
from framing.types import Span, Statement


def queries(found: ArticleStatements, targets: Sequence[str]) -> list[StanceQuery]:
    """Ask about every statement of an article and every target.

    The context of a statement is its sentence with one neighbour on each side, inside its paragraph: the codebook lets
    a coder read that much and no more.
    """
    if not found.statements:
        return []
    text = found.article.text
    sentence_spans, paragraph_spans = sentences(text), paragraphs(text)
    asked = []
    for statement in found.statements:
        context = context_of(statement, sentence_spans, paragraph_spans).of(text)
        content = " ".join(span.of(text) for span in statement.content)
        speaker = statement.source.of(text) if statement.source else None
        asked += [StanceQuery(statement.statement_id, content, context, speaker, target, text) for target in targets]
    return asked


def context_of(statement: Statement, sentence_spans: Sequence[Span], paragraph_spans: Sequence[Span]) -> Span:
    """Return the passage that a coder may read for a statement; both span lists are sorted and do not overlap."""
    spans = [*statement.content, *(span for span in (statement.cue, statement.source) if span)]
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    starts = [span.start for span in sentence_spans]
    first = max(0, bisect_right(starts, start) - 2)
    last = min(len(starts) - 1, bisect_right(starts, end - 1))
    paragraph_starts = [span.start for span in paragraph_spans]
    opening = paragraph_spans[max(0, bisect_right(paragraph_starts, start) - 1)].start
    closing = paragraph_spans[max(0, bisect_right(paragraph_starts, end - 1) - 1)].end
    return Span(min(start, max(sentence_spans[first].start, opening)), max(end, min(sentence_spans[last].end, closing)))
