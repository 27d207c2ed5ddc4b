"""What a label hangs on: how its probability changes when a negation or a condition is taken out of the statement."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from framing.protocols import StanceQuery
from framing.stance.encoder.decision import LABELS
from framing.stance.encoder.model import StanceModel
from framing.stance.propositions import Sides
from framing.types import Label

_NEGATION = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|neither|nor|without)\b\s?|(?<=\w)n['’]t\b", re.IGNORECASE
)
_CONDITION = re.compile(
    r",?\s?\b(?:(?:only|even) )?(?:if|unless|until|once|provided|as (?:long|soon) as|on condition)\b[^,.;:!?]*",
    re.IGNORECASE,
)
MOST = 2
"""Changes that are told of one statement."""


class Change(NamedTuple):
    """What was taken out, and the probability of the label without it."""

    kind: str
    words: str
    after: float

    def told(self, label: Label, before: float) -> str:
        """Say it in words."""
        return f'without the {self.kind} "{self.words}": {label.value} {before:.2f} → {self.after:.2f}'


def changes(
    queries: Sequence[StanceQuery], asked: Sequence[Sides], labels: Sequence[Label], model: StanceModel
) -> dict[int, list[Change]]:
    """Return the changes of the statements that take a side and hold a negation or a condition, by their number."""
    tried = [
        (at, kind, words, query._replace(text=text, context=context))
        for at, (query, label) in enumerate(zip(queries, labels, strict=True))
        if label in (Label.SUPPORT, Label.OPPOSE)
        for kind, words, text, context in _without(query)
    ]
    logits = model.answers([query for *_, query in tried], [asked[at] for at, *_ in tried])
    probabilities, _ = model.decision.probabilities(logits)
    found: dict[int, list[Change]] = defaultdict(list)
    for (at, kind, words, _), row in zip(tried, probabilities, strict=True):
        found[at].append(Change(kind, words, float(row[LABELS.index(labels[at])])))
    return dict(found)


def _without(query: StanceQuery) -> Iterator[tuple[str, str, str, str]]:
    """Yield kind, words, text and context without each of the first negations and conditions of a statement."""
    marks = [("negation", found) for found in _NEGATION.finditer(query.text)]
    marks += [("condition", found) for found in _CONDITION.finditer(query.text)]
    for kind, found in marks[:MOST]:
        text = (query.text[: found.start()] + query.text[found.end() :]).strip()
        if text:
            yield kind, found.group().strip(" ,"), text, query.context.replace(query.text, text)
