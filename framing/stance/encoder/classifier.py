"""The stance classifier over a small encoder that reads a statement together with a proposition and its negation."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from framing.encoders.forms import Engine
from framing.errors import ConfigError
from framing.protocols import StanceQuery
from framing.stance.checks import check_texts, check_threshold
from framing.stance.codebook import read_codebook
from framing.stance.encoder.decision import LABELS
from framing.stance.encoder.explain import Change, changes
from framing.stance.encoder.model import StanceModel, cached_model
from framing.stance.encoder.voice import heard
from framing.stance.gate import Closed, relevance_gate
from framing.stance.propositions import Sides, sides_of
from framing.types import Label, Stance

AT_ONCE = 1024
_NAME = re.compile(r"\w*_\w*")


@dataclass(frozen=True)
class Encoder:
    """Classify statements with a trained encoder that knows the target, and says nothing where it is not sure.

    `model` is a folder written by the training task `stance`. `targets` are names of the codebook, or propositions,
    things or persons in free words ("Tariffs should be raised", "the carbon tax"); left empty it stands for all targets
    of the codebook. In an article that has nothing to do with a target of the codebook a statement is unrelated without
    asking the network (see `RelevanceGate`). `voice` is a folder of the linear classifier, which is asked too about the
    targets of the codebook it was trained with: the mean of both counts, and its rules and words are told among the
    reasons. A stance whose best label has a probability below `threshold` is marked as abstained; with None, the
    default, one whose conformal set does not hold exactly one label (see the card of the model; the sets were fitted
    without the voice). `explain` adds to the reasons of a position how its probability for the encoder changes without
    a negation or a condition, and to those of silence between both sides whether the statement agrees with the negation
    of the proposition as well; that halves the speed. `engine` is "fast" (the processor, without torch) or "torch" (a
    GPU where there is one, and any encoder).
    """

    model: str = "framing:models/stance"
    codebook: str = "framing:codebooks/foreign_policy.yaml"
    targets: tuple[str, ...] = ()
    threshold: float | None = None
    voice: str | None = "framing:models/stance_linear"
    explain: bool = True
    engine: Engine = "fast"

    def __post_init__(self) -> None:
        """Check codebook, targets and threshold, so that a mistake shows before any article is read."""
        book = read_codebook(self.codebook)
        for target in self.targets:
            self._sides(target, place="stance.targets")
        check_threshold(self.threshold)
        object.__setattr__(self, "targets", self.targets or tuple(book.targets))

    def __call__(self, queries: Sequence[StanceQuery]) -> list[Stance]:
        """Label the queries, in their order; of a long text only its beginning is read.

        Raises:
            ConfigError: a query asks for a target that reads like a name of the codebook and is none.
            CorpusError: the text of a query is empty.
            ModelError: the model folder is missing, damaged or made for another task.
        """
        model = cached_model(self.model, self.engine)
        asked = [self._sides(query.target, place=f"statement {query.statement_id}") for query in queries]
        check_texts(queries)
        blocks = (slice(start, start + AT_ONCE) for start in range(0, len(queries), AT_ONCE))
        return [stance for block in blocks for stance in self._decide(queries[block], asked[block], model)]

    def _sides(self, target: str, *, place: str) -> Sides:
        book = read_codebook(self.codebook)
        if target not in book.targets:
            is_word = " " not in target.strip()
            if _NAME.fullmatch(target) or (is_word and difflib.get_close_matches(target, book.targets, cutoff=0.8)):
                book.require(target, place=place)
            if not any(map(str.isalpha, target)):
                raise ConfigError(f"{place}: target {target!r} has no letter; give a proposition, a thing or a person")
        return sides_of(target, book)

    def _decide(self, queries: Sequence[StanceQuery], asked: Sequence[Sides], model: StanceModel) -> Iterator[Stance]:
        closed = [self._closed(query) for query in queries]
        open_ = [at for at, why in enumerate(closed) if why is None]
        chosen, theirs = [queries[at] for at in open_], [asked[at] for at in open_]
        found = self._label(chosen, theirs, model)
        for query, why in zip(queries, closed, strict=True):
            yield next(found) if why is None else self._unrelated(query, why, model)

    def _closed(self, query: StanceQuery) -> Closed | None:
        """Ask the gate only where the whole article is known: a passage may speak of the target without its words."""
        if not query.article or query.target not in read_codebook(self.codebook).targets:
            return None
        return relevance_gate(self.codebook, query.target)(query)

    def _unrelated(self, query: StanceQuery, why: Closed, model: StanceModel) -> Stance:
        probabilities = np.array([why.probabilities[label] for label in LABELS])
        silent = model.decision.why_silent(probabilities, (np.nan, np.nan), self.threshold)
        return Stance(
            statement_id=query.statement_id,
            target=query.target,
            label=Label.UNRELATED,
            conditional=False,
            probabilities=why.probabilities,
            abstained=silent is not None,
            model=model.name,
            reasons=(*((f"abstained, {silent}",) if silent else ()), why.reason),
        )

    def _label(self, queries: Sequence[StanceQuery], asked: Sequence[Sides], model: StanceModel) -> Iterator[Stance]:
        read = model.read(queries, asked, both=self.explain)
        probabilities, conditional = model.decision.probabilities(read.logits)
        alone = probabilities.copy()
        said = heard(self.voice, self.codebook, queries) if self.voice else {}
        for at, voice in said.items():
            probabilities[at] = (alone[at] + voice.probabilities) / 2
        best = probabilities.argmax(axis=1)
        labels = [LABELS[at] for at in best]
        changed = self._changes(queries, asked, labels, model)
        for at, query in enumerate(queries):
            silent = model.decision.why_silent(probabilities[at], read.agrees[at].tolist(), self.threshold)
            reasons = [f"abstained, {silent}"] if silent else []
            reasons += [change.told(labels[at], float(alone[at, best[at]])) for change in changed.get(at, ())]
            reasons += said[at].told(labels[at]) if at in said else ()
            yield Stance(
                statement_id=query.statement_id,
                target=query.target,
                label=labels[at],
                conditional=bool(labels[at] is not Label.UNRELATED and conditional[at] >= model.decision.conditional),
                probabilities={label: float(p) for label, p in zip(LABELS, probabilities[at], strict=True)},
                abstained=silent is not None,
                model=model.name,
                reasons=tuple(reasons),
            )

    def _changes(
        self, queries: Sequence[StanceQuery], asked: Sequence[Sides], labels: Sequence[Label], model: StanceModel
    ) -> dict[int, list[Change]]:
        if not self.explain:
            return {}
        return changes(queries, asked, labels, model)
