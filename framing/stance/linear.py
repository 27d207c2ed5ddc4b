"""The transparent stance classifier: logistic heads over features that the coding rules suggest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from framing.protocols import StanceQuery
from framing.stance.checks import check_texts, check_threshold
from framing.stance.codebook import read_codebook
from framing.stance.features import feature_reader
from framing.stance.gate import Closed, relevance_gate
from framing.stance.lexicon import read_lexicon
from framing.stance.weights import CONDITIONAL_AT, HEADS, Floats, LinearWeights, load_weights
from framing.types import Label, Stance

BATCH = 512
REASONS = 3

_TOWARDS: dict[Label, dict[str, int]] = {
    Label.SUPPORT: {"relevant": 1, "position": 1, "support": 1},
    Label.OPPOSE: {"relevant": 1, "position": 1, "support": -1},
    Label.NEUTRAL: {"relevant": 1, "position": -1},
    Label.UNRELATED: {"relevant": -1},
}


@dataclass(frozen=True)
class Linear:
    """Classify statements with logistic regressions over markers, negation scope, target words and masked n-grams.

    What has no words of its target around it is held back as unrelated before they are asked (see `RelevanceGate`).
    `targets` are names of the codebook; left empty it stands for all of them. `model` is a folder written by the
    training task `stance_linear`. A stance whose best label has a probability below `threshold` is marked as
    abstained; None takes the model's own, chosen in its training on held-out folds (see its card).
    """

    codebook: str = "framing:codebooks/nato_expansion.yaml"
    targets: tuple[str, ...] = ()
    model: str = "framing:models/stance_linear"
    threshold: float | None = None

    def __post_init__(self) -> None:
        """Check codebook, targets and threshold, so that a mistake shows before any article is read."""
        book = read_codebook(self.codebook)
        for target in self.targets:
            book.require(target, place="stance.targets")
        check_threshold(self.threshold)
        object.__setattr__(self, "targets", self.targets or tuple(book.targets))

    def __call__(self, queries: Sequence[StanceQuery]) -> list[Stance]:
        """Label the queries, in their order; of a text longer than 400 words only these are read.

        Raises:
            ConfigError: a query asks for a target that the codebook does not have.
            CorpusError: the text of a query is empty.
            ModelError: the model folder is missing, damaged or made for another task.
        """
        model = load_weights(self.model)
        book = read_codebook(self.codebook)
        check_texts(queries)
        for query in queries:
            book.require(query.target, place=f"statement {query.statement_id}")
        batches = (queries[start : start + BATCH] for start in range(0, len(queries), BATCH))
        return [stance for batch in batches for stance in self._decide(batch, model)]

    def _decide(self, queries: Sequence[StanceQuery], model: LinearWeights) -> Iterator[Stance]:
        closed = [relevance_gate(self.codebook, query.target)(query) for query in queries]
        labelled = iter(self.judge([query for query, why in zip(queries, closed, strict=True) if why is None]))
        for query, why in zip(queries, closed, strict=True):
            yield next(labelled) if why is None else self._unrelated(query, why, model)

    def judge(self, queries: Sequence[StanceQuery]) -> list[Stance]:
        """Label queries that may be about their targets, without asking the gate."""
        return list(self._label(queries, load_weights(self.model))) if queries else []

    def _unrelated(self, query: StanceQuery, why: Closed, model: LinearWeights) -> Stance:
        threshold = model.threshold if self.threshold is None else self.threshold
        return Stance(
            statement_id=query.statement_id,
            target=query.target,
            label=Label.UNRELATED,
            conditional=False,
            probabilities=why.probabilities,
            abstained=why.unrelated < threshold,
            model=model.name,
            reasons=(why.reason,),
        )

    def _label(self, queries: Sequence[StanceQuery], model: LinearWeights) -> Iterator[Stance]:
        features = [feature_reader(self.codebook, query.target)(query) for query in queries]
        known = [[name for name in each if name in model.vocabulary] for each in features]
        indices = [model.indices(each) for each in known]
        probabilities, conditional = model.probabilities(model.logits(indices))
        threshold = model.threshold if self.threshold is None else self.threshold
        for at, query in enumerate(queries):
            best = list(Label)[int(np.argmax(probabilities[at]))]
            yield Stance(
                statement_id=query.statement_id,
                target=query.target,
                label=best,
                conditional=bool(best is not Label.UNRELATED and conditional[at] >= CONDITIONAL_AT),
                probabilities=_named(probabilities[at]),
                abstained=bool(probabilities[at].max() < threshold),
                model=model.name,
                reasons=_reasons(features[at], known[at], _gains(indices[at], best, model)),
            )


def _named(probabilities: Floats) -> dict[Label, float]:
    return {label: float(p) for label, p in zip(Label, probabilities, strict=True)}


def _gains(indices: Sequence[int], label: Label, model: LinearWeights) -> list[float]:
    """Return how much each feature adds to the heads that lead to a label."""
    signs = np.array([_TOWARDS[label].get(head, 0) for head in HEADS]) * model.slopes
    gains: list[float] = (signs @ model.weights[:, indices]).tolist()
    return gains


def _reasons(features: Mapping[str, str], known: Sequence[str], gains: Sequence[float]) -> tuple[str, ...]:
    """Name what speaks most for a label: rules with the words that called them, n-grams, and how the target comes up.

    The several features of one marker, and all of the target, add up. Counts, signs and pairs of markers are not named.
    """
    target = next((name.removeprefix("t:levels=") for name in features if name.startswith("t:levels=")), "")
    total: defaultdict[str, float] = defaultdict(float)
    for feature, gain in zip(known, gains, strict=True):
        kind = feature[0]
        # An n-gram stands alone, so one that speaks against the label need not be named at all.
        if kind in "mnt" or (kind in "wx" and gain > 0):
            total[_reason(kind, feature, features[feature], target)] += gain
    chosen: list[str] = []
    for reason in sorted(total, key=lambda reason: (-total[reason], reason)):
        if len(chosen) == REASONS or total[reason] <= 0:
            break
        if not any(_words(reason) in other for other in chosen):
            chosen.append(reason)
    return tuple(chosen)


def _reason(kind: str, feature: str, words: str, target: str) -> str:
    if kind in "mn":
        marker = feature[2:].removeprefix("!")
        return f"rule {read_lexicon().markers[marker].rule} {marker.replace('_', ' ')}: {words}"
    if kind == "t":
        here, sentence, passage = target.split(">")
        return f"target: {here} in the text, {sentence} in its sentence, {passage} in the passage"
    return f"words: {words}" if kind == "w" else f"beside: {words}"


def _words(reason: str) -> str:
    return reason.partition(": ")[2]
