"""The release of BASIL: articles of three outlets on the same events, with the spans that annotators found biased.

A folder with `articles/YEAR/ID_N.json` and `annotations/YEAR/ID_N_ann.json`; ID is the event, N one of its three
articles. Fan et al. 2019, "In Plain Sight: Media Bias Through the Lens of Factual Reporting".
"""

from __future__ import annotations

import json
import reprlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from framing.corpora.gold_records import read_exactly
from framing.errors import CorpusError
from framing.types import Article, Span

BIAS: Mapping[str, Literal["informational", "lexical"]] = {"inf": "informational", "lex": "lexical"}
POLARITY: Mapping[str, Literal["positive", "negative"]] = {"pos": "positive", "neg": "negative"}
QUOTED = {"yes": True, "no": False}
TITLE = "title"  # in place of the number of a sentence


class BiasedSpan(NamedTuple):
    """One annotation: how a span colours its target; `direct` is false where it does so by way of somebody else.

    `span` is in the text of the article, None where it is in the title. `target` has blanks between its words.
    """

    span: Span | None
    bias: Literal["informational", "lexical"]
    polarity: Literal["positive", "negative"]
    target: str
    direct: bool
    quoted: bool
    speaker: str | None


class AnnotatedArticle(NamedTuple):
    """An article with its annotations in the order of the release."""

    article: Article
    spans: tuple[BiasedSpan, ...]


class _Body(NamedTuple):
    article: Article
    sentences: tuple[Span, ...]


def read_articles(folder: Path) -> list[Article]:
    """Read every article in the order of outlet, then file; sentences are joined by blanks, paragraphs by empty lines.

    Raises:
        CorpusError: there is no article, or a file cannot be read or has another form.
    """
    return [body.article for body in _bodies(folder)]


def read_annotated(folder: Path) -> list[AnnotatedArticle]:
    """Read every article with its annotations, in the order of outlet, then file.

    Raises:
        CorpusError: an article has no file of annotations, a file cannot be read or has another form, or a span does
            not cover the words that it is said to.
    """
    return [
        _annotated(body, folder / "annotations" / f"{body.article.article_id}_ann.json") for body in _bodies(folder)
    ]


def _bodies(folder: Path) -> list[_Body]:
    found = [_body(path) for path in (folder / "articles").glob("*/*.json")]
    if not found:
        raise CorpusError(f"{folder}: no files articles/YEAR/ID.json, expected the folder of a release of BASIL")
    return sorted(found, key=lambda body: (body.article.outlet or "", body.article.article_id))


def _body(path: Path) -> _Body:
    values = _object(path)
    text, sentences = "", []
    try:
        for paragraph in values["body-paragraphs"]:
            for number, sentence in enumerate(paragraph):
                text += " " if number else "\n\n" if text else ""
                sentences.append(Span(len(text), len(text) + len(sentence)))
                text += sentence
        article = Article(
            article_id=f"{path.parent.name}/{path.stem}",
            text=text,
            outlet=values["source"].lower(),  # a few files have it in capitals
            published=date.fromisoformat(values["date"]),
            title=values["title"],
            url=values["url"],
            event_id=values["triplet-uuid"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CorpusError(
            f"{path}: expected body-paragraphs (lists of sentences), source, date, title, url and triplet-uuid, "
            f"found {reprlib.repr(values)} ({error!r})"
        ) from error
    return _Body(article, tuple(sentences))


def _annotated(body: _Body, path: Path) -> AnnotatedArticle:
    listed = _object(path).get("phrase-level-annotations")
    if not isinstance(listed, list):
        raise CorpusError(f"{path}: phrase-level-annotations is {reprlib.repr(listed)}, expected a list")
    places = (f"{path}: annotation {number}" for number in range(1, len(listed) + 1))
    return AnnotatedArticle(
        body.article, tuple(_span(each, body, place) for each, place in zip(listed, places, strict=True))
    )


def _span(values: dict[str, Any], body: _Body, place: str) -> BiasedSpan:
    try:
        within = Span(values["start"], values["end"])
        if values["id"] == TITLE:
            span, covered = None, within.of(body.article.title or "")
        else:
            start = body.sentences[int(values["id"].removeprefix("p"))].start
            span = Span(start + within.start, start + within.end)
            covered = span.of(body.article.text)
        made = BiasedSpan(
            span=span,
            bias=BIAS[values["bias"]],
            polarity=POLARITY[values["polarity"]],
            target=values["target"].replace("_", " "),
            direct=values["aim"] == "dir",
            quoted=QUOTED[values["quote"]],
            speaker=values["speaker"].replace("_", " ") or None,
        )
        words = values["txt"]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise CorpusError(
            f"{place}: expected id (p and the number of a sentence, or title), start, end, txt, bias, polarity, "
            f"target, aim, quote and speaker, found {reprlib.repr(values)} ({error!r})"
        ) from error
    if not covered or covered != words:
        raise CorpusError(
            f"{place}: [{within.start}, {within.end}) of {values['id']} covers {reprlib.repr(covered)}, expected its "
            f"txt {reprlib.repr(words)}; articles and annotations must be of the same release"
        )
    return made


def _object(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(read_exactly(path))
    except json.JSONDecodeError as error:
        raise CorpusError(f"{path} line {error.lineno}: not JSON ({error.msg}, column {error.colno})") from error
    if not isinstance(values, dict):
        raise CorpusError(f"{path}: found a JSON {type(values).__name__}, expected an object")
    return values
