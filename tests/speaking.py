"""Texts whose sources are given by their words, resolved for the tests of speakers."""

from datetime import date

from framing.protocols import ArticleStatements
from framing.speakers.names import Names
from framing.types import Article, QuoteType, Span, Speaker, Statement, statement_id

NATO = "framing:aliases/nato.yaml"


def resolve(
    text: str,
    *sources: str,
    quote: str | None = None,
    aliases: str | None = None,
    published: date | None = None,
    article_id: str = "a",
    names: Names | None = None,
) -> tuple[list[Statement], dict[str, Speaker]]:
    """Resolve sources given by their words, each looked for behind the one before; the first says `quote` directly."""
    article = Article(article_id, text, published=published)
    statements = []
    position = 0
    for source in sources:
        start = text.index(source, position)
        position = start + len(source)
        statements.append(said(article, Span(start, position), Span(len(text) - 1, len(text))))
    if quote is not None:
        start = text.index(quote)
        statements.append(said(article, statements[0].source, Span(start, start + len(quote)), QuoteType.DIRECT))
    (resolved,) = (names or Names(aliases=aliases))([ArticleStatements(article, tuple(statements))])
    return list(resolved.statements), {speaker.speaker_id: speaker for speaker in resolved.speakers}


def said(article: Article, source: Span | None, content: Span, quote_type: QuoteType = QuoteType.INDIRECT) -> Statement:
    spans = (content,)
    name = statement_id(article.article_id, spans)
    return Statement(name, article.article_id, spans, None, source, quote_type, None, 1.0, "test")


def names(text: str, *sources: str, **options: str | date | None) -> list[str | None]:
    statements, speakers = resolve(text, *sources, **options)  # type: ignore[arg-type]
    return [speakers[s.speaker_id].name if s.speaker_id else None for s in statements]


def one(text: str, source: str, **options: str | date | None) -> Speaker:
    statements, speakers = resolve(text, source, **options)  # type: ignore[arg-type]
    return speakers[statements[0].speaker_id or ""]
