"""One self-contained HTML page of figures and mistakes, gold and predicted statements marked one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from framing.corpora.gold_records import Attribution
from framing.evaluate.layout import NOTED, Table, summary, tables
from framing.evaluate.mistakes import MEANINGS, Mistake, MistakeKind
from framing.evaluate.quotes import Evaluation
from framing.marking import Segment, cut
from framing.templating import render
from framing.types import Span

SHOWN = 400
"""Mistakes of a kind on the page; JSON lines hold all."""


class Side(NamedTuple):
    """One line of a mistake, such as one of two statements: a passage with its spans marked, and the speaker."""

    name: str
    segments: list[Segment]
    speaker: str | None


class Shown(NamedTuple):
    """A mistake as the page shows it."""

    article_id: str
    described: str
    sides: tuple[Side, ...]


class Kind(NamedTuple):
    """The mistakes of one kind, and how many more there are than the page shows."""

    name: str
    meaning: str
    found: int
    left_out: int
    mistakes: list[Shown]


class Content(NamedTuple):
    """What a page holds; `legend` says how mistakes are marked, `rest` where those are that it does not show.

    `images` are data addresses by what they show.
    """

    title: str
    summary: str
    tables: Sequence[Table]
    noted: str
    kinds: Sequence[Kind]
    legend: str
    rest: str
    images: Mapping[str, str] = {}


def filled(content: Content) -> str:
    """Return the page; what comes from a corpus is escaped."""
    return render("evaluation.html", styles=("report.css", "evaluation.css"), **content._asdict())


def as_page(evaluation: Evaluation) -> str:
    """Return the page of an evaluation."""
    return filled(
        Content(
            title="Extracted statements against gold",
            summary=summary(evaluation),
            tables=tables(evaluation),
            noted=NOTED,
            kinds=[_kind(kind, evaluation) for kind in MistakeKind],
            legend="A box is the content, a line below it the source, dots below it the cue.",
            rest="the JSON lines (--errors)",
        )
    )


def _kind(kind: MistakeKind, evaluation: Evaluation) -> Kind:
    found = [mistake for mistake in evaluation.mistakes if mistake.kind == kind]
    shown = [_shown(mistake) for mistake in found[:SHOWN]]
    return Kind(str(kind), MEANINGS[kind], len(found), len(found) - len(shown), shown)


def _shown(mistake: Mistake) -> Shown:
    described = f"{mistake.quote_type}, cue of {'speech' if mistake.cue_class == 'speech' else 'another kind'}"
    return Shown(mistake.article_id, described, (_side("gold", mistake), _side("predicted", mistake)))


def _side(name: str, mistake: Mistake) -> Side:
    side: Attribution | None = getattr(mistake, name)
    if side is None:
        return Side(name, [], None)
    roles = [_moved(spans, mistake.passage.start) for spans in (side.content, side.cue, side.source)]
    return Side(name, list(cut(mistake.text, *roles)), side.speaker)


def _moved(spans: Iterable[Span], by: int) -> list[tuple[Span, int]]:
    return [(Span(span.start - by, span.end - by), number) for number, span in enumerate(spans)]
