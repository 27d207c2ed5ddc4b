"""Score a trained encoder on labelled queries with the figures of `framing evaluate stance`.

The command asks through a classifier, which refuses targets that it cannot make sense of; public sets have some. Here
the network is asked alone, without the second voice and the gate that the classifier has: on targets that these know
its figures differ from those of the command.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from framing.evaluate.stance.answers import Answers, GoldLine, answer
from framing.evaluate.stance.controls import CONTROLS, Ask, Control, controls
from framing.evaluate.stance.study import Asked, StanceEvaluation, evaluate
from framing.protocols import StanceQuery
from framing.stance.codebook import Codebook
from framing.stance.encoder.decision import LABELS
from framing.stance.encoder.model import StanceModel
from framing.stance.propositions import sides_of
from framing.train.stance.public import Labelled

GROUP = "group"
"""The field of a gold line by which lines of a public set are drawn again together."""


def gold_lines(found: Iterable[Labelled]) -> list[GoldLine]:
    """Make a gold line of each item of a public set."""
    return [
        GoldLine(
            each.query.statement_id, each.query.statement_id, each.query.target, each.label, {GROUP: each.group}
        )
        for each in found
    ]  # fmt: skip


def evaluate_model(
    model: StanceModel,
    codebook: Codebook,
    queries: Sequence[StanceQuery],
    gold: Sequence[GoldLine],
    asked: Asked,
    *,
    among: Sequence[Control] = CONTROLS,
) -> StanceEvaluation:
    """Ask a model one query for each gold line, and again under those controls that change a query at all.

    Raises:
        ConfigError: no gold line has a field that was asked for.
        CorpusError: a gold line lacks the field to redraw by.
    """
    ask = asking(model, codebook)
    answers = tuple(answer(line, f"answer {number}") for number, line in enumerate(ask(queries), start=1))
    changing = [each for each in among if any(each.change(query) not in (None, query) for query in queries)]
    return evaluate(gold, Answers(answers), asked, list(controls(queries, ask, among=changing)))


def asking(model: StanceModel, codebook: Codebook) -> Ask:
    """Return the model as something that can be asked: it gives its best label, abstained or not."""

    def ask(queries: Iterable[StanceQuery]) -> Iterator[Mapping[str, Any]]:
        chosen = list(queries)
        read = model.read(chosen, [sides_of(query.target, codebook) for query in chosen], both=False)
        probabilities, _ = model.decision.probabilities(read.logits)
        for query, row, agrees in zip(chosen, probabilities, read.agrees.tolist(), strict=True):
            yield {
                "id": query.statement_id,
                "target": query.target,
                "label": LABELS[row.argmax()],
                "probabilities": dict(zip(LABELS, row.tolist(), strict=True)),
                "abstained": model.decision.why_silent(row, agrees) is not None,
            }

    return ask
