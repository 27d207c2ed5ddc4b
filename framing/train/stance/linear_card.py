"""The card of a trained linear stance classifier: its data, what it reaches, what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from framing.stance.weights import CONDITIONAL_AT, Floats, LinearWeights
from framing.train.stance.linear_heads import Mask
from framing.train.stance.rows import StanceRow
from framing.train.stance.scores import LABELS, scores_of

_COLUMNS = ("rows", "accuracy", "macro_f1", "forced_f1", "f1_conditional", "ece")

_CARD = """# Linear stance classifier

Logistic regressions over markers, negation scope, target words and masked word n-grams answer four questions about a
statement and a target: is the target addressed, is a side taken, is it support, does it hang on a condition. Their
product gives the probabilities of support, oppose, neutral and unrelated. Names are masked in training and prediction.

- Files: `model.safetensors` (weights {shape}, calibration), `config.json` (vocabulary, hashes, seed, versions),
  `scores.csv` (one line a fold).
- Model name in tables: `{name}`. Codebook: `{codebook}`.
- Data: {data}; {n_rows} rows, {n_trained} with those that follow
  for related targets: what addresses a sub-target addresses its parent, and what never names a sub-target is unrelated
  to it.
- The relevance gate (`framing/stance/gate.py`) holds back passages without the words of their target; the heads are not
  asked about them, and what they are asked was trained without them. It held back {n_closed} rows, {closed_right:.0%}
  of them rightly. {n_off} rows are everyday news, written to be held back; of these it let through {n_let}.
- Threshold {threshold:.2f}: the lowest at which held-out labels that are kept are right in {precision:.0%} of cases,
  leaving out what the gate holds back; it keeps {coverage:.1%} of the held-out rows, of which {kept_accuracy:.1%} are
  right.

## Scores on held-out rows

Every row was scored by heads that saw no row of its family ({folds} folds over families), and calibrated on the
other folds. `macro_f1` is over four labels; `forced_f1` is support against oppose on rows with a side;
`f1_conditional` is the F1 of `conditional` on rows that are not unrelated; `ece` is the calibration error of the top
probability.

{fold_table}

By target:

{target_table}

F1 of each label:

{label_table}

By phenomenon:

{phenomenon_table}

## Limits

The rows were written for this project, by few hands, so held-out rows resemble training rows more than news does:
expect less on real articles. The lexicon was written with the coding rules in view and improved while looking at
training rows, and lexicon and rows while looking at errors on the gold statements of the demonstration corpus, so
figures on these flatter. The classifier reads words, not their construction: a position that takes two clauses to
understand, irony and quotations inside quotations are beyond it. Conditions are its weakest part. Its text is English.
"""


def card(
    rows: Sequence[StanceRow],
    labels: Floats,
    conditional: Floats,
    *,
    kept: Mask,
    closed: Mask,
    model: LinearWeights,
    scores: Sequence[dict[str, float | str]],
) -> str:
    """Write the model card in Markdown from the held-out probabilities of the rows, `closed` by the gate or not."""
    notes = model.notes
    targets = {name: _target_scores(rows, labels, conditional, name) for name in _targets(rows)}
    by_target = ([name, *map(found.get, _COLUMNS)] for name, found in targets.items())
    by_label = ([name, *(found[f"f1_{label.value}"] for label in LABELS)] for name, found in targets.items())
    right = np.array([LABELS[at] is row.label for at, row in zip(labels.argmax(axis=1), rows, strict=True)])
    off_topic = np.array([not row.on_topic for row in rows])
    return _CARD.format(
        shape=" × ".join(map(str, model.weights.shape)),
        name=model.name,
        codebook=notes["codebook"],
        data=", ".join(f"`{name}`" for name in notes["data"]),
        n_rows=len(rows),
        n_trained=notes["rows"],
        n_closed=closed.sum(),
        closed_right=right[closed].mean() if closed.any() else 1.0,
        n_off=off_topic.sum(),
        n_let=(off_topic & ~closed).sum(),
        threshold=model.threshold,
        precision=notes["precision"],
        coverage=kept.mean(),
        kept_accuracy=right[kept].mean(),
        folds=notes["folds"],
        fold_table=_table(("fold", *_COLUMNS), ([line["fold"], *map(line.get, _COLUMNS)] for line in scores)),
        target_table=_table(("target", *_COLUMNS), by_target),
        label_table=_table(("target", *LABELS), by_label),
        phenomenon_table=_table(
            ("phenomenon", "rows", "right", "conditional right"), _phenomena(rows, right, conditional)
        ),
    )


def _targets(rows: Sequence[StanceRow]) -> list[str]:
    return sorted({row.query.target for row in rows})


def _target_scores(rows: Sequence[StanceRow], labels: Floats, conditional: Floats, target: str) -> dict[str, float]:
    own = np.array([row.query.target == target for row in rows])
    return scores_of([row for row in rows if row.query.target == target], labels[own], conditional[own])


def _phenomena(rows: Sequence[StanceRow], right: Mask, conditional: Floats) -> Iterable[list[object]]:
    names = np.array([row.phenomenon for row in rows])
    hit = (conditional >= CONDITIONAL_AT) == np.array([row.conditional for row in rows])
    for name in sorted(set(names)):
        own = names == name
        yield [str(name), float(own.sum()), float(right[own].mean()), float(hit[own].mean())]


def _table(head: Sequence[object], lines: Iterable[Sequence[object]]) -> str:
    shown = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in shown)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if value > 1 else f"{value:.3f}"
    return str(value)
