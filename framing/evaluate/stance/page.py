"""One self-contained HTML page of figures and wrong labels, each with its passage, the gold and what was said."""

from __future__ import annotations

from collections.abc import Mapping

from framing.evaluate.layout import Table
from framing.evaluate.page import SHOWN, Content, Kind, Shown, Side, filled
from framing.evaluate.stance.layout import NOTED, summary, tables
from framing.evaluate.stance.mistakes import KINDS, Mistake
from framing.evaluate.stance.study import StanceEvaluation
from framing.marking import Segment, cut
from framing.types import Span


def as_page(evaluation: StanceEvaluation, images: Mapping[str, str]) -> str:
    """Return the page; what comes from a corpus is escaped. `images` are data addresses by what they show."""
    found: list[Table] = tables(evaluation)
    return filled(
        Content(
            title="Stance labels against gold",
            summary=summary(evaluation),
            tables=found,
            noted=NOTED,
            kinds=[_kind(kind, evaluation) for kind in KINDS],
            legend="The most confident come first. A box is the statement, a line below it its speaker.",
            rest="errors.csv",
            images=images,
        )
    )


def _kind(kind: str, evaluation: StanceEvaluation) -> Kind:
    found = [mistake for mistake in evaluation.mistakes if mistake.kind == kind]
    gold, _, given = kind.partition(" as ")
    meaning = f"lines whose gold label is {gold} and that were labelled {given}"
    return Kind(kind, meaning, len(found), max(0, len(found) - SHOWN), [_shown(each) for each in found[:SHOWN]])


def _shown(mistake: Mistake) -> Shown:
    answer = mistake.answer
    told = str(answer.label) + (", abstained" if answer.abstained else "")
    ranked = sorted(answer.probabilities.items(), key=lambda item: -item[1])
    probabilities = ", ".join(f"{label} {p:.2f}" for label, p in ranked)
    sides = [
        Side("statement", _passage(mistake), mistake.text("speaker") or None),
        Side("gold", [_boxed(str(mistake.line.label))], None),
        Side("predicted", [_boxed(told)], probabilities or None),
    ]
    if answer.reasons:
        sides.append(Side("reasons", [Segment("; ".join(answer.reasons), (), (), ())], None))
    return Shown(mistake.line.statement_id, mistake.line.target, tuple(sides))


def _boxed(text: str) -> Segment:
    return Segment(text, (0,), (), ())


def _passage(mistake: Mistake) -> list[Segment]:
    """Mark the statement in its context, and the speaker outside of it."""
    statement, speaker = mistake.text("text"), mistake.text("speaker")
    context = mistake.text("context") or statement
    at = context.find(statement)
    if at < 0:
        return [Segment(context, (), (), ())]
    content = Span(at, at + len(statement))
    named = _named(speaker, context, content)
    return list(cut(context, [(content, 0)] if statement else [], [], [(named, 0)] if named else []))


def _named(speaker: str, context: str, content: Span) -> Span | None:
    at = context.find(speaker) if speaker else -1
    while at >= 0 and content.start < at + len(speaker) and at < content.end:
        at = context.find(speaker, at + 1)
    return Span(at, at + len(speaker)) if at >= 0 else None
