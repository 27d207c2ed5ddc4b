"""What does the linear stance classifier know: the position, the target, or who speaks?

Data: the statements written for the project (framing:stance/*.jsonl). Every figure is on held-out families of rows,
of the four heads alone: the gate that asks before them whether the passage names the target is left out.
Run `python experiments/stance_linear.py`; about two minutes on two cores. Found on 1,598 rows of 567 families (accuracy
over four labels / forced side, nato_expansion and ukraine_in_nato): full .64/.79 and .68/.75; without n-grams .56/.72
and .63/.73; without the sentence around the statement .61/.78 and .66/.75; target masked .33/.78 and .56/.74; the
speaker's name only .21/.61 and .26/.58; always support .27/.34 and .24/.34. So the target is what tells the labels
apart and not the sides. Speakers say a little about the side in these rows, which is why names are masked.
The rows that follow for related targets repeat a text with another label, so models that cannot see the target are
worse than they would be without those rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import yaml

from framing.stance.codebook import read_codebook
from framing.stance.features import feature_reader
from framing.stance.masking import words_of
from framing.stance.weights import Floats, factorise
from framing.train.stance.linear import TrainStanceLinear, transferred
from framing.train.stance.linear_heads import calibrate_across, head_data, held_out
from framing.train.stance.rows import StanceRow, read_rows
from framing.train.stance.scores import scores_of

CONFIG = Path(__file__).parents[1] / "configs" / "train" / "stance_linear.yaml"
MASKS = ("SUBJECT", "OBJECT", "OTHER", "COUNTRY", "HOLDER")

FIGURES = ("accuracy", "macro_f1", "forced_f1", "f1_conditional", "ece")

Features = Sequence[Sequence[str]]


def main() -> None:
    """Print one line a model: the full one, with one part left out, and the controls that should fail."""
    options = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    options.pop("kind")
    training = TrainStanceLinear(**options)
    codebook = read_codebook(training.codebook)
    own = read_rows(training.data, codebook)
    rows = own + transferred(own, codebook)
    features = [list(feature_reader(training.codebook, row.query.target)(row.query)) for row in rows]
    variants: dict[str, Features] = {
        "full": features,
        "without n-grams": keep(features, lambda name: name[0] not in "wx" or name.startswith("x:m:")),
        "only n-grams": keep(features, lambda name: name[0] == "w"),
        "without the sentence around it": keep(
            features, lambda name: not name.startswith(("x:", "t:sentence", "t:passage", "t:levels"))
        ),
        "control: target masked": [[name for name in map(without_target, row) if name] for row in features],
        "control: speaker's name only": [list(words_of(row.query.speaker or "nobody").lower) for row in rows],
    }
    print(f"{len(own)} rows, {len({row.family for row in own})} families")
    heads = head_data(rows)
    for name, variant in variants.items():
        held = held_out(
            variant, rows, heads, folds=training.folds, seed=training.seed, min_count=training.min_count,
            regularisation=training.regularisation,
        )  # fmt: skip
        labels, conditional = factorise(calibrate_across(held, heads))
        show(name, own, labels[: len(own)], conditional[: len(own)])
    majority = np.tile(np.eye(4)[0], (len(own), 1))
    show("control: always support", own, majority, np.zeros(len(own)))


def keep(features: Features, wanted: Callable[[str], bool]) -> Features:
    """Leave out the features that are not wanted."""
    return [[name for name in row if wanted(name)] for row in features]


def without_target(name: str) -> str:
    """Blank out what a feature knows of the target; empty where nothing is left."""
    if name.startswith(("g:", "t:", "n:", "s:clause", "s:before")):
        return ""
    for mask in MASKS:
        name = name.replace(mask, "NAME")
    return name


def show(name: str, rows: Sequence[StanceRow], labels: Floats, conditional: Floats) -> None:
    """Print the figures of one model: for all rows, and by target."""
    for target in ("all", *sorted({row.query.target for row in rows})):
        own = np.array([target in {"all", row.query.target} for row in rows])
        part = [row for row, take in zip(rows, own, strict=True) if take]
        scores = scores_of(part, labels[own], conditional[own])
        shown = "  ".join(f"{key} {scores[key]:.3f}" for key in FIGURES)
        print(f"{name:32} {target:16} {shown}")


if __name__ == "__main__":
    main()
