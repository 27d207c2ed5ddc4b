"""Find statements by rule: no model, no parser; a lexicon of cues, quote marks and light noun phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from framing.quotes.cues import SHIPPED, Cues, read_cues
from framing.quotes.rules.clauses import read_clauses
from framing.quotes.rules.closed_classes import CONTRACTED
from framing.quotes.rules.direct import find_direct
from framing.quotes.rules.found import Found, Tokens
from framing.quotes.rules.indirect import find_according, find_indirect
from framing.quotes.rules.openings import find_openings
from framing.quotes.rules.reading import Reading, read
from framing.quotes.rules.verb_groups import verb_groups
from framing.types import Article, CueClass, QuoteType, Span, Statement, statement_id

CONFIDENCE = {
    "quote source cue": 0.96,
    "quote cue source": 0.95,
    "colon": 0.83,
    "cue quote": 0.75,
    "according": 0.72,
    "alone": 0.64,
    "aside": 0.63,
    "headline": 0.67,
    "asked": 0.69,
    "quote source verb": 0.5,
    "finite that": 0.78,
    "finite clause": 0.69,
    "finite wh": 0.54,
    "finite to": 0.53,
    "finite object": 0.52,
    "gerund that": 0.65,
    "gerund clause": 0.49,
    "gerund to": 0.45,
    "gerund wh": 0.58,
    "gerund object": 0.34,
}
"""How often a rule was right on the training part of PolNeAR, in content and source (`alone`: in content)."""

OTHER_CONFIDENCE = {"finite": 0.57, "gerund": 0.3}
"""The same for cues with a preposition, by the voice of the cue."""


@dataclass(frozen=True)
class Rules:
    """Find direct, indirect and mixed statements by rule, with their source and cue.

    `cue_classes` keeps only statements whose cue is of one of these classes, and quotations without a cue. Each
    statement has the confidence of the rule that found it; those below `min_confidence` are left out.
    """

    cue_classes: tuple[CueClass, ...] | None = None
    lexicon: str = SHIPPED
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0

    def __call__(self, articles: Sequence[Article]) -> list[tuple[Statement, ...]]:
        """Return the statements of each article in text order."""
        cues = read_cues(self.lexicon)
        return [tuple(filter(self._wanted, _statements(article, cues))) for article in articles]

    def _wanted(self, statement: Statement) -> bool:
        known = self.cue_classes is None or statement.cue_class is None or statement.cue_class in self.cue_classes
        return known and statement.confidence >= self.min_confidence


def find(reading: Reading, cues: Cues) -> list[Found]:
    """Find the attributions of one article, those that quote first."""
    verbs = cues.verbs
    clauses = read_clauses(reading, list(verb_groups(reading, cues)), verbs)
    direct = find_direct(reading, {clause.group.head: clause for clause in clauses}, verbs)
    taken = {found.cue for found in direct if found.cue is not None}
    claimed = {reading.quoted[part[0]] for found in direct if found.cue is not None for part in found.content} - {-1}
    told = (
        find_openings(reading, verbs)
        + find_according(reading, verbs)
        + find_indirect(reading, clauses, taken, claimed, verbs)
    )
    return _join(reading, direct, told)


def _join(reading: Reading, direct: list[Found], told: list[Found]) -> list[Found]:
    """Give a quotation that stands alone to the statement of the sentence before it."""
    ends = {found.content[-1][1]: place for place, found in enumerate(told)}
    joined = []
    for found in direct:
        start = found.content[0][0]
        sentence = reading.sentence[start]
        place = None
        if found.cue is None and sentence > 0:
            last = reading.bounds[sentence - 1][1]
            place = next((ends[end] for end in (last, last - 1) if end in ends and last == start), None)
        if place is None:
            joined.append(found)
        else:
            before = told[place]
            told[place] = before._replace(content=before.content + found.content)
    return joined + told


def _statements(article: Article, cues: Cues) -> tuple[Statement, ...]:
    reading = read(article.text)
    kept: dict[str, Statement] = {}
    for found in find(reading, cues):
        content = tuple(reading.span(*tokens) for tokens in found.content)
        name = statement_id(article.article_id, content)
        if name not in kept:
            kept[name] = Statement(
                statement_id=name,
                article_id=article.article_id,
                content=content,
                cue=_span(reading, found.cue),
                source=_source_span(reading, found.source),
                quote_type=_quote_type(reading, found.content),
                cue_class=found.cue_class,
                confidence=_confidence(found.rule),
                extractor="rules",
            )
    return tuple(sorted(kept.values(), key=lambda statement: (statement.content[0], statement.content[-1].end)))


def _confidence(rule: str) -> float:
    return CONFIDENCE[rule] if rule in CONFIDENCE else OTHER_CONFIDENCE[rule.partition(" ")[0]]


def _span(reading: Reading, tokens: Tokens | None) -> Span | None:
    return None if tokens is None else reading.span(*tokens)


def _source_span(reading: Reading, tokens: Tokens | None) -> Span | None:
    """Return the span of a source, without the verb of "he's"."""
    if tokens is None or reading.lower[tokens[1] - 1] not in CONTRACTED:
        return _span(reading, tokens)
    start, end = reading.span(*tokens)
    return Span(start, max(reading.text.rfind(mark, start, end) for mark in "'’"))


def _quote_type(reading: Reading, content: Sequence[Tokens]) -> QuoteType:
    quoted = [reading.quoted[token] >= 0 for start, end in content for token in range(start, end)]
    if all(quoted):
        return QuoteType.DIRECT
    return QuoteType.MIXED if any(quoted) else QuoteType.INDIRECT
