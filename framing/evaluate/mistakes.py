"""What an extractor got wrong, statement by statement, each with the passage where it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from framing.corpora.gold_records import ROLES, Attribution
from framing.evaluate import speaker_names
from framing.evaluate.matching import Compared, Side
from framing.evaluate.spans import cue_class
from framing.text import sentences
from framing.types import Span


class MistakeKind(StrEnum):
    """What is wrong; a matched statement can be wrong in several ways and is then several mistakes."""

    MISSED = "missed"
    SPURIOUS = "spurious"
    BOUNDARY = "boundary"
    WRONG_SPEAKER = "wrong speaker"
    WRONG_NAME = "wrong name"


MEANINGS = {
    MistakeKind.MISSED: "gold statements that match no predicted one",
    MistakeKind.SPURIOUS: "predicted statements that match no gold one",
    MistakeKind.BOUNDARY: "matched statements whose content has not the same words",
    MistakeKind.WRONG_SPEAKER: "matched statements with another source",
    MistakeKind.WRONG_NAME: "matched statements whose source was resolved to another name, or to none",
}


class Mistake(NamedTuple):
    """A mistake in an article; `passage` are the sentences that hold both statements.

    Of a missed or spurious statement the other side is the statement that it shares some words with, if there is one.
    `quote_type` and `cue_class` are those of the gold statement, and without one of the predicted statement.
    """

    kind: MistakeKind
    article_id: str
    quote_type: str
    cue_class: str
    gold: Attribution | None
    predicted: Attribution | None
    passage: Span
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; offsets are into the whole article."""
        sides = {"gold": self.gold, "predicted": self.predicted}
        return {**self._asdict(), **{name: _plain(side) for name, side in sides.items()}}


def mistakes(compared: Compared) -> list[Mistake]:
    """Return the mistakes in one article: those of its gold statements in their order, then what is spurious."""
    found = sentences(compared.article.text)
    return [_mistake(*wrong, compared, found) for wrong in (*_wrong_gold(compared), *_spurious(compared))]


def _wrong_gold(compared: Compared) -> Iterator[tuple[MistakeKind, Side, Side | None, Side]]:
    pairs = {pair.gold: pair for pair in compared.pairs}
    for number, gold in enumerate(compared.gold):
        pair = pairs.get(number)
        predicted = compared.predicted[pair.predicted] if pair else None
        if pair is None or predicted is None or not pair.matched:
            yield MistakeKind.MISSED, gold, predicted, gold
            continue
        if not pair.exact:
            yield MistakeKind.BOUNDARY, gold, predicted, gold
        if not pair.right_source:
            yield MistakeKind.WRONG_SPEAKER, gold, predicted, gold
        wanted, named = gold.attribution.speaker, predicted.attribution.speaker
        if wanted and not speaker_names.part(named or "", wanted):
            yield MistakeKind.WRONG_NAME, gold, predicted, gold


def _spurious(compared: Compared) -> Iterator[tuple[MistakeKind, Side | None, Side, Side]]:
    pairs = {pair.predicted: pair for pair in compared.pairs}
    for number, predicted in enumerate(compared.predicted):
        pair = pairs.get(number)
        if pair is None or not pair.matched:
            yield MistakeKind.SPURIOUS, compared.gold[pair.gold] if pair else None, predicted, predicted


def _mistake(
    kind: MistakeKind,
    gold: Side | None,
    predicted: Side | None,
    described: Side,
    compared: Compared,
    found: Sequence[Span],
) -> Mistake:
    shown = [side.attribution for side in (gold, predicted) if side]
    passage = _passage([span for each in shown for role in ROLES for span in getattr(each, role)], found)
    return Mistake(
        kind=kind,
        article_id=compared.article.article_id,
        quote_type=str(compared.tokens.quote_type(described.content)),
        cue_class=cue_class(described, compared),
        gold=gold.attribution if gold else None,
        predicted=predicted.attribution if predicted else None,
        passage=passage,
        text=passage.of(compared.article.text),
    )


def _passage(spans: Sequence[Span], found: Sequence[Span]) -> Span:
    """Return the hull of spans, widened to the sentences in which it begins and ends."""
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    first = found[max(0, bisect_right(found, start, key=_start) - 1)]
    last = found[max(0, bisect_right(found, end - 1, key=_start) - 1)]
    return Span(min(start, first.start), max(end, last.end))


def _start(span: Span) -> int:
    return span.start


def _plain(side: Attribution | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {**{role: [list(span) for span in getattr(side, role)] for role in ROLES}, "speaker": side.speaker}
