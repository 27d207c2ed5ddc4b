"""The extractor that ships: what it finds in the demonstration corpus, in both of its forms."""

from __future__ import annotations

from functools import cache

from framing.corpora.gold import read_gold
from framing.corpora.gold_records import Attribution
from framing.encoders.forms import Engine
from framing.evaluate.quotes import articles, evaluate
from framing.measure.interval import Bootstrap
from framing.quotes.tagger.extractor import Tagger
from framing.types import Article, CueClass, QuoteType, Statement

GOLD = read_gold(["framing:demo/gold.jsonl"], "framing:demo/articles.jsonl")


@cache
def found(engine: Engine) -> list[tuple[Statement, ...]]:
    return Tagger(engine=engine)(articles(GOLD))


def figures(engine: Engine) -> dict[str, float]:
    predicted = {
        article.article_id: tuple(
            Attribution(s.content, (s.cue,) if s.cue else (), (s.source,) if s.source else ()) for s in statements
        )
        for article, statements in zip(GOLD, found(engine), strict=True)
    }
    scored = evaluate(GOLD, predicted, interval=Bootstrap(resamples=100))
    return {figure.name: figure.value for figure in scored.figures if not figure.group and figure.value is not None}


def test_most_gold_statements_of_the_demonstration_are_found_with_their_source() -> None:
    scores = figures("fast")
    assert scores["joint_f1"] > 80
    assert scores["token_f1"] > 90
    assert scores["speaker_accuracy"] > 93


def test_the_form_in_8_bit_numbers_scores_as_the_form_in_torch_does() -> None:
    fast, torch = figures("fast"), figures("torch")
    assert all(abs(fast[name] - torch[name]) < 2.5 for name in ("exact_f1", "token_f1", "overlap_f1", "joint_f1"))


def test_a_statement_has_source_cue_content_type_and_class() -> None:
    text = "Germany’s defence minister, Boris Pistorius, wrote in a letter that the plan “cannot wait” any longer."
    (statement,) = Tagger()([Article("a", text)])[0]
    assert statement.source is not None
    assert statement.source.of(text) == "Germany’s defence minister, Boris Pistorius,".rstrip(",")
    assert statement.cue is not None
    assert statement.cue.of(text).startswith("wrote")
    assert statement.content[0].of(text).removeprefix("that ") == "the plan “cannot wait” any longer"
    assert (statement.quote_type, statement.cue_class) == (QuoteType.MIXED, CueClass.WRITING)


def test_the_result_for_an_article_hardly_depends_on_the_articles_beside_it() -> None:
    alone = [Tagger()([article])[0] for article in articles(GOLD)[:3]]
    together = found("fast")[:3]
    for one, other in zip(alone, together, strict=True):
        assert len({s.content for s in one} ^ {s.content for s in other}) <= 1
