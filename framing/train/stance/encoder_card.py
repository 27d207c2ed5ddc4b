"""The card of a trained stance encoder: what it reads, what it learnt from, how sure it is and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from framing.stance.encoder.decision import Decision
from framing.train.bases import named
from framing.train.loop import Epoch
from framing.train.stance.fitting import LeftOut
from framing.train.stance.options import StanceOptions

_CARD = """# Stance encoder

A small network that reads a statement in its passage, with its holder marked, together with a proposition, and says
whether it addresses the proposition, whether it takes a side, which one, and whether under a condition. Where either
side is likely it is asked about the negation as well, to tell a statement that agrees with both. An encoder ({base})
reads up to {pieces} word pieces.

- Files: `model.safetensors` (8-bit and 16-bit numbers), `framing.json` (settings, calibration), `tokenizer.json`,
  `epochs.csv`, `trials.csv`.
- Data: {data}; {n_train} examples to learn from, {n_held} kept apart ({apart}).{mixture}
- A statement gets a label where its conformal set at level {level:g} holds exactly one: the bound is {least:.3f}.
{note}
## Training

{epochs}

Losses are mean binary cross-entropies of the answers; `held` is on the examples kept apart. Every trial:

{trials}

## Scores on the examples kept apart

{scores}

Calibration and bound that score a fifth of them were fitted on the other fifths.{beside}
Calibration error (15 bins of equal numbers) of each target when the others calibrate, and what right probabilities
would show on as many rows:

{left_out}

## Limits

It learnt from single sentences and short passages in English, most of them written to a codebook and not sampled from
news. It knows little of the world: who argues by consequence, irony or example is often misread. Shares of labels in
its training data mean nothing; check a sample by hand before publishing its shares (`framing sample`, `framing agree`).
"""


class Trained(NamedTuple):
    """What is known of a training when it is over."""

    options: StanceOptions
    epochs: Sequence[Epoch]
    trials: Sequence[Mapping[str, float]]
    n_train: int
    n_held: int
    n_beside: Mapping[str, int]
    scores: Mapping[str, float]
    left_out: Sequence[LeftOut]
    decision: Decision


def card(told: Trained) -> str:
    """Write the model card in Markdown."""
    options = told.options
    sources = [f"`{Path(name).name}`" for name in options.data] + sorted(options.public)
    apart = "targets " + ", ".join(options.held_targets) if options.held_targets else f"a share of {options.tune:g}"
    return _CARD.format(
        base=f"`{named(options.base)}`",
        pieces=options.pieces,
        data=", ".join(sources),
        n_train=told.n_train,
        n_held=told.n_held,
        apart=apart,
        mixture=_mixture(options),
        beside=_beside(told.n_beside),
        level=told.decision.level,
        least=told.decision.least,
        note=f"- {options.note}\n" if options.note else "",
        epochs=_table([epoch._asdict() for epoch in told.epochs]),
        trials=_table(told.trials),
        scores=_table([{"figure": name, "value": value} for name, value in told.scores.items()]),
        left_out=_table([each._asdict() for each in told.left_out]) or "There is one target only.",
    )


def _mixture(options: StanceOptions) -> str:
    """Tell what of the examples an epoch takes, and what it learns beside them."""
    drawn = [f"{n} of {'the rows' if name == 'data' else name}" for name, n in options.draws.items()]
    told = f"\n  An epoch draws {', '.join(drawn)}, and takes all others." if drawn else ""
    if options.composed:
        told += f"\n  In each epoch {options.composed} statements more are composed, of `framing/data/stance/composed`."
    return told


def _beside(counts: Mapping[str, int]) -> str:
    """Tell what calibrates beside the rows that are kept apart."""
    if not counts:
        return ""
    listed = ", ".join(f"{n} of {name}" for name, n in counts.items())
    return (
        f"\nDev parts ({listed}) calibrate as well, wherever rows calibrate;"
        "\nthe halves that these come from judge no calibration."
    )


def _table(lines: Sequence[Mapping[str, object]]) -> str:
    if not lines:
        return ""
    head = [f"| {' | '.join(lines[0])} |", f"|{'---|' * len(lines[0])}"]
    return "\n".join([*head, *(f"| {' | '.join(map(_cell, line.values()))} |" for line in lines)])


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
