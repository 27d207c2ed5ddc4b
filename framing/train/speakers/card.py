"""The card of a trained ranker of pronouns: what it learnt from, and how often it is right where it did not look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from framing.speakers.salience import FEATURES, Salience

if TYPE_CHECKING:
    from framing.train.speakers.training import TrainSpeakers

CARD = "README.md"

_CARD = """# Ranker of pronouns

Weights by which the speaker resolver chooses whom a "he" or "she" means that is the source of a statement: twelve
features of each person or voice named before it, summed. Use it with

    speakers: {{kind: names, ranker: "framing:models/speakers"}}

The default is `ranker: rule`, weights of the same features set by hand, which are the baseline below.

## Held-out accuracy

{questions} pronouns whose antecedent is certain, in {folds} folds by article; the learnt weights never saw the article.

| data | kind | pronouns | rule | learnt |
|---|---|---|---|---|
{scores}

"gold speaker": the annotation names the speaker. "gender hidden": only one person named before has the gender of the
pronoun, and those of the other gender are offered as well; harder than real pronouns, whose gender is known.

## Confidence

Platt scaling of the share that the choice has among the candidates, fitted on the held-out choices; three parts by
confidence, with the share of them that was right:

| mean confidence | right | pronouns |
|---|---|---|
{reliability}

## Weights

| feature | rule | learnt |
|---|---|---|
{weights}

Fitted by conditional logit with a penalty of {pull:g} times the squared distance from the weights of the rule.
{note}"""


class Score(NamedTuple):
    """How many pronouns of one kind in one source of data the rule and the held-out weights got right."""

    data: str
    hidden: bool
    of: int
    rule: int
    learnt: int


def card(
    scores: Sequence[Score],
    weights: Mapping[str, float],
    reliability: Sequence[tuple[float, float, int]],
    options: TrainSpeakers,
) -> str:
    """Write the model card in Markdown."""
    total = Score("all", False, *(sum(getattr(each, name) for each in scores) for name in ("of", "rule", "learnt")))
    lines = [_line(score, "gender hidden" if score.hidden else "gold speaker") for score in scores]
    rule = dict(zip(FEATURES, Salience().weights, strict=True))
    return _CARD.format(
        questions=total.of,
        folds=options.folds,
        scores="\n".join([*lines, _line(total, "")]),
        reliability="\n".join(f"| {mean:.3f} | {right:.3f} | {of} |" for mean, right, of in reliability),
        weights="\n".join(f"| {name} | {rule[name]:g} | {weights[name]:.3f} |" for name in FEATURES),
        pull=options.pull,
        note=f"\n{options.note.strip()}\n" if options.note else "",
    )


def _line(score: Score, kind: str) -> str:
    name = "/".join(Path(score.data).parts[-3:])
    return f"| {name} | {kind} | {score.of} | {score.rule / score.of:.1%} | {score.learnt / score.of:.1%} |"
