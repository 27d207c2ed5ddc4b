from datetime import date

from framing.protocols import ArticleStatements
from framing.speakers.names import Names
from framing.types import Article, QuoteType, Resolution, Span, Speaker, SpeakerKind, Statement, statement_id

NATO = "framing:aliases/nato.yaml"


def resolve(
    text: str,
    *sources: str | int,
    quotes: tuple[str, ...] = (),
    aliases: str | None = None,
    published: date | None = None,
    article_id: str = "a",
) -> tuple[list[Statement], dict[str, Speaker]]:
    """Resolve sources given by their words, each found after the one before; `quotes` are said by the last source."""
    article = Article(article_id, text, published=published)
    statements = []
    position = 0
    for source in sources:
        start = text.index(str(source), position)
        position = start + len(str(source))
        statements.append(statement(article, Span(start, position), Span(len(text) - 1, len(text))))
    for quote in quotes:
        start = text.index(quote)
        direct = statement(article, statements[-1].source, Span(start, start + len(quote)), QuoteType.DIRECT)
        statements.append(direct)
    (resolved,) = Names(aliases=aliases)([ArticleStatements(article, tuple(statements))])
    return list(resolved.statements), {speaker.speaker_id: speaker for speaker in resolved.speakers}


def statement(
    article: Article, source: Span | None, content: Span, quote_type: QuoteType = QuoteType.INDIRECT
) -> Statement:
    spans = (content,)
    name = statement_id(article.article_id, spans)
    return Statement(name, article.article_id, spans, None, source, quote_type, None, 1.0, "test")


def names(text: str, *sources: str, **options: object) -> list[str | None]:
    statements, speakers = resolve(text, *sources, **options)  # type: ignore[arg-type]
    return [speakers[s.speaker_id].name if s.speaker_id else None for s in statements]


def kinds(text: str, *sources: str) -> list[SpeakerKind]:
    statements, speakers = resolve(text, *sources)
    return [speakers[s.speaker_id or ""].kind for s in statements]


def test_surname_means_the_person_named_in_full_before() -> None:
    text = "NATO Secretary-General Jens Stoltenberg spoke. Stoltenberg said the door is open."
    statements, speakers = resolve(text, "NATO Secretary-General Jens Stoltenberg", "Stoltenberg")
    assert [s.speaker_id for s in statements] == ["person:jens-stoltenberg"] * 2
    assert [s.resolution for s in statements] == [Resolution.EXACT, Resolution.ALIAS]
    assert speakers["person:jens-stoltenberg"].role == "secretary general"
    assert speakers["person:jens-stoltenberg"].affiliation == "NATO"


def test_title_tells_spouses_apart() -> None:
    text = "Hillary Clinton and Bill Clinton came. Mrs. Clinton said no. Mr. Clinton said yes."
    assert names(text, "Mrs. Clinton", "Mr. Clinton") == ["Hillary Clinton", "Bill Clinton"]


def test_office_alone_means_its_holder_in_the_article() -> None:
    text = "Norwegian Foreign Minister Anniken Huitfeldt met Jens Stoltenberg. The minister said so. She agreed."
    assert names(text, "The minister", "She") == ["Anniken Huitfeldt"] * 2
