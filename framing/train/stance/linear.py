"""Train the linear stance classifier on labelled statements, and write its weights, its card and its scores."""

from __future__ import annotations

import csv
import hashlib
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from framing.errors import CorpusError
from framing.resources import locate
from framing.stance.codebook import Codebook, codebook_hash, read_codebook
from framing.stance.features import feature_reader
from framing.stance.gate import Closed, relevance_gate
from framing.stance.masking import words_of
from framing.stance.phrases import PhraseTree
from framing.stance.weights import HEADS, Floats, LinearWeights, factorise, save_weights
from framing.train.stance.linear_card import card
from framing.train.stance.linear_heads import (
    HeadData,
    HeldOut,
    calibrate,
    calibrate_across,
    fit_heads,
    head_data,
    held_out,
    matrix_of,
    scale_of,
    vocabulary_of,
)
from framing.train.stance.rows import StanceRow, read_rows
from framing.train.stance.scores import scores_of, threshold_for
from framing.types import Label

SCORES = "scores.csv"
CARD = "README.md"


@dataclass(frozen=True)
class TrainStanceLinear:
    """Fit the heads of the linear stance classifier with cross-validation over families of rows.

    `data` are JSONL files of rows (id, text, context, speaker, target, label, conditional, phenomenon, family);
    variants of one sentence share a `family` and are never split between training and held-out rows. With `transfer`,
    a row also teaches the targets above and below its own, as far as the codebook decides (see `transferred`). A
    feature needs `min_count` rows; `regularisation` is the inverse strength of the L2 penalty. The abstention threshold
    is the lowest at which the held-out labels that are kept reach the accuracy `precision`.
    """

    data: tuple[str, ...]
    output: Path
    codebook: str = "framing:codebooks/nato_expansion.yaml"
    seed: int = 13
    folds: Annotated[int, Field(ge=2)] = 5
    min_count: Annotated[int, Field(ge=1)] = 2
    regularisation: Annotated[float, Field(gt=0)] = 1.0
    precision: Annotated[float, Field(gt=0, lt=1)] = 0.9
    transfer: bool = True

    def __call__(self) -> Path:
        """Train, write the model folder and return its path; the same data and seed give the same weights.

        Raises:
            CorpusError: a row is wrong, or a head has nothing to learn from; the message names the place.
        """
        codebook = read_codebook(self.codebook)
        own = read_rows(self.data, codebook)
        rows = own + (transferred(own, codebook) if self.transfer else [])
        gated = [self._gate(row) for row in rows]
        closed = np.array([why is not None for why in gated])
        heads = head_data(rows, closed)
        self._require_both_answers(rows, heads)
        features = [list(feature_reader(self.codebook, row.query.target)(row.query)) for row in rows]
        held = held_out(
            features,
            rows,
            heads,
            folds=self.folds,
            seed=self.seed,
            min_count=self.min_count,
            regularisation=self.regularisation,
        )
        labels, conditional = factorise(calibrate_across(held, heads))
        for at, why in enumerate(gated):
            if why is not None:
                labels[at] = [why.probabilities[label] for label in Label]
        n_own = len(own)
        asked = np.flatnonzero(~closed[:n_own])
        threshold = threshold_for([own[at].label for at in asked], labels[asked], self.precision)
        scores = fold_scores(own, HeldOut(held.logits[:n_own], held.fold[:n_own]), labels[:n_own], conditional[:n_own])
        model = self._fit(features, held, heads, threshold)
        save_weights(model, self.output)
        _write_scores(scores, self.output / SCORES)
        kept = labels[:n_own].max(axis=1) >= threshold
        text = card(
            own, labels[:n_own], conditional[:n_own], kept=kept, closed=closed[:n_own], model=model, scores=scores
        )
        (self.output / CARD).write_text(text, encoding="utf-8")
        return self.output

    def _gate(self, row: StanceRow) -> Closed | None:
        return relevance_gate(self.codebook, row.query.target)(row.query, on_topic=row.on_topic)

    def _fit(
        self, features: Sequence[Sequence[str]], held: HeldOut, heads: dict[str, HeadData], threshold: float
    ) -> LinearWeights:
        everything = np.ones(len(features), dtype=bool)
        vocabulary = vocabulary_of(features, self.min_count)
        fitted = fit_heads(matrix_of(features, vocabulary), heads, among=everything, regularisation=self.regularisation)
        scaling = calibrate(held.logits, heads, everything)
        scales = np.array([scale_of(feature) for feature in vocabulary])
        return LinearWeights(
            vocabulary=vocabulary,
            weights=np.stack([fitted[name].coef_[0] * scales for name in HEADS]).astype(np.float32),
            intercepts=np.array([fitted[name].intercept_[0] for name in HEADS]),
            slopes=scaling.slopes,
            shifts=scaling.shifts,
            threshold=threshold,
            notes=self._notes(len(features)),
        )

    def _notes(self, n_rows: int) -> dict[str, Any]:
        return {
            "rows": n_rows,
            "data": {name: hashlib.sha256(locate(name).read_bytes()).hexdigest() for name in self.data},
            "codebook": self.codebook,
            "codebook_sha256": codebook_hash(self.codebook),
            "seed": self.seed,
            "folds": self.folds,
            "min_count": self.min_count,
            "regularisation": self.regularisation,
            "precision": self.precision,
            "transfer": self.transfer,
            "versions": {
                "python": platform.python_version(),
                **{name: version(name) for name in ("framing", "numpy", "scikit-learn", "scipy")},
            },
        }

    def _require_both_answers(self, rows: Sequence[StanceRow], heads: dict[str, HeadData]) -> None:
        for name, (used, answer) in heads.items():
            if len(set(answer[used].tolist())) < 2:
                raise CorpusError(
                    f"{', '.join(self.data)}: the rows give the question {name!r} one answer only; a classifier needs "
                    "supporting, opposing, neutral, unrelated, conditional and unconditional rows"
                )
        families = {row.family for row in rows}
        if len(families) < self.folds:
            raise CorpusError(
                f"{', '.join(self.data)}: {len(families)} families of rows cannot be divided into {self.folds} folds; "
                "lower folds or give each independent row a family of its own"
            )


def transferred(rows: Sequence[StanceRow], codebook: Codebook) -> list[StanceRow]:
    """Return the rows that follow for related targets from what the codebook says of them.

    A statement that addresses a sub-target addresses its parents too, and takes the same side there. One about a
    target whose passage holds no subject and no alias of a sub-target is unrelated to that sub-target.
    """
    added = []
    for row in rows:
        target = row.query.target
        words = words_of(f"{row.query.text} . {row.query.context}").lower
        for name in codebook.targets:
            if name == target:
                continue
            if row.label is not Label.UNRELATED and target in codebook.family(name):
                added.append(_about(row, name))
            elif name in codebook.family(target) and not _names(codebook, name).find(words):
                added.append(_about(row, name)._replace(label=Label.UNRELATED, conditional=False))
    return added


def _about(row: StanceRow, target: str) -> StanceRow:
    query = row.query._replace(statement_id=f"{row.query.statement_id}@{target}", target=target)
    return row._replace(query=query)


def _names(codebook: Codebook, target: str) -> PhraseTree:
    terms = codebook.terms(target)
    return PhraseTree({target: {" ".join(words_of(term).lower) for term in terms.subject | terms.aliases}})


def fold_scores(
    rows: Sequence[StanceRow], held: HeldOut, labels: Floats, conditional: Floats
) -> list[dict[str, float | str]]:
    """Score each held-out fold, and all rows together in the last line."""
    lines: list[dict[str, float | str]] = []
    for name, chosen in [
        *((str(fold), held.fold == fold) for fold in np.unique(held.fold)),
        ("all", np.ones(len(rows), dtype=bool)),
    ]:
        part = [row for row, take in zip(rows, chosen, strict=True) if take]
        lines.append({"fold": name, **scores_of(part, labels[chosen], conditional[chosen])})
    return lines


def _write_scores(lines: Sequence[dict[str, float | str]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(lines[0]), lineterminator="\n")
        writer.writeheader()
        for line in lines:
            writer.writerow({k: v if isinstance(v, str) else f"{v:.4f}" for k, v in line.items()})
