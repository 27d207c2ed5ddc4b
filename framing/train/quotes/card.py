"""The card of a trained extractor: what it reads, what it learnt from, how sure it is and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence

from framing.train.bases import named
from framing.train.loop import Epoch
from framing.train.quotes.calibration import Calibrated
from framing.train.quotes.options import QuoteOptions

_CARD = """# Statement extractor

A small network that finds attributed statements in English news: cues, and for each cue the pieces of its source and of
its content. An encoder ({base}) reads windows of up to {pieces} word pieces, packed from whole paragraphs, with the
letter case of each piece and its place among quote marks; one head marks cues, a second reads the window once more for
each cue, and a chain of transitions joins its answers.

- Files: `model.safetensors` (8-bit and 16-bit numbers), `framing.json` (settings, calibration), `tokenizer.json`,
  `epochs.csv`.
- Data: {data}. Seed {seed}, {epochs} epochs, rate {rate:g} (heads {head_rate:g}); kept is a running mean of weights.
- Statements less sure than {min_confidence:.2f} are left out unless `quotes.min_confidence` says otherwise.
{note}
## Training

{epoch_table}

Losses are negative log-likelihoods a cue; `held` is on articles kept apart.

## Confidence

A logistic regression turns the network's probabilities into the probability that a statement is right: its content
overlaps a gold one by half or more and both have the same source. It was fitted on the {held} articles kept apart, the
table is on the same ones: read it as the shape of the trade, not as a test.

| least confidence | precision | recall |
|---|---|---|
{curve}

## Limits

It learnt the habits of its annotators: what counts as an attribution, where a content ends. Statements whose cue and
content stand in different windows, and nested ones, are found only by the passes around it. Its text is English.
"""


def card(options: QuoteOptions, found: Calibrated, held: int, epochs: Sequence[Epoch]) -> str:
    """Write the model card in Markdown."""
    lines = ["| epoch | loss | held | seconds |", "|---|---|---|---|"]
    lines += [f"| {e.epoch + 1} | {e.loss:.3f} | {e.held_loss:.3f} | {e.seconds:.0f} |" for e in epochs]
    return _CARD.format(
        base=f"`{named(options.base)}`",
        pieces=min(options.pieces, options.read_pieces),
        data=", ".join(f"`{path.rstrip('/').rpartition('/')[2]}`" for path in options.data),
        seed=options.seed,
        epochs=options.epochs,
        rate=options.rate,
        head_rate=options.head_rate,
        min_confidence=found.min_confidence,
        note=f"- {options.note}\n" if options.note else "",
        epoch_table="\n".join(lines),
        held=held,
        curve="\n".join(
            f"| {least:.2f} | {precision:.3f} | {recall:.3f} |" for least, precision, recall in found.curve
        ),
    )
