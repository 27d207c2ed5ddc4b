"""Find statements by rule: no model, no parser; a lexicon of cues, quote marks and light noun phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from framing.quotes.cues import SHIPPED, Cues, read_cues
from framing.quotes.direct import find_direct
from framing.quotes.found import Found, Tokens
from framing.quotes.indirect import find_according, find_indirect
from framing.quotes.reading import Reading, read
from framing.quotes.verb_groups import verb_groups
from framing.types import Article, CueClass, QuoteType, Span, Statement, statement_id


@dataclass(frozen=True)
class Rules:
    """Find direct, indirect and mixed statements by rule, with their source and cue.

    `cue_classes` keeps only statements whose cue is of one of these classes, and those without a cue.
    """

    cue_classes: tuple[CueClass, ...] | None = None
    lexicon: str = SHIPPED

    def __call__(self, articles: Sequence[Article]) -> list[tuple[Statement, ...]]:
        """Return the statements of each article in text order."""
        cues = read_cues(self.lexicon, self.cue_classes)
        return [_statements(article, cues) for article in articles]


def find(reading: Reading, cues: Cues) -> list[Found]:
    """Find the attributions of one article, those that quote first."""
    groups = list(verb_groups(reading, cues.verbs))
    direct = find_direct(reading, {group.head: group for group in groups}, cues.verbs)
    taken = {found.cue[1] - 1 for found in direct if found.cue is not None}
    return direct + find_according(reading, cues.verbs) + find_indirect(reading, groups, taken, cues.verbs)


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
                source=_span(reading, found.source),
                quote_type=_quote_type(reading, found.content),
                cue_class=found.cue_class,
                confidence=0.5,
                extractor="rules",
            )
    return tuple(sorted(kept.values(), key=lambda statement: (statement.content[0], statement.content[-1].end)))


def _span(reading: Reading, tokens: Tokens | None) -> Span | None:
    return None if tokens is None else reading.span(*tokens)


def _quote_type(reading: Reading, content: Sequence[Tokens]) -> QuoteType:
    quoted = [reading.quoted[token] >= 0 for start, end in content for token in range(start, end)]
    if all(quoted):
        return QuoteType.DIRECT
    return QuoteType.MIXED if any(quoted) else QuoteType.INDIRECT
