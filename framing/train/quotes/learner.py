"""The learner of the tagger: its batches, varied in every epoch, and the losses of both heads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from framing.corpora.gold_records import GoldArticle
from framing.encoders.pieces import mask_id, special_ids
from framing.quotes.tagger import decode
from framing.quotes.tagger.network import BIO, QuoteNetwork, chain_loss
from framing.quotes.tagger.windows import marked
from framing.train.quotes.batches import IGNORED, Batch, batches, collate, relations
from framing.train.quotes.examples import Example, examples
from framing.train.quotes.options import QuoteOptions
from framing.train.quotes.styles import restyled
from framing.types import Span

FALSE_CUE = 0.25
"""Probability from which on a piece that opens no gold cue is shown to the relation head as a false one."""

FALSE_CUES = 3
"""How many false cues of a window are shown at most."""

TOKEN_WEIGHTS = (1.0, 0.3, 0.3)
"""Weights of the first head's losses on cues, contents and sources; the last two only teach the encoder."""


class QuoteLearner:
    """Learn from gold articles; `held` follows the training."""

    def __init__(
        self,
        options: QuoteOptions,
        network: QuoteNetwork,
        tokenizer: Tokenizer,
        train: Sequence[GoldArticle],
        held: Sequence[GoldArticle],
    ) -> None:
        self.network = network
        self._options, self._tokenizer, self._train, self._held_out = options, tokenizer, train, held
        self._special, self._mask = special_ids(tokenizer), mask_id(tokenizer)
        self._device = next(network.parameters()).device

    def batches(self, epoch: int) -> Sequence[Batch]:
        """Return the batches of an epoch: in random order, with some pieces masked."""
        order = np.random.default_rng([self._options.seed, epoch])
        chosen = list(batches(self.examples(self._train, epoch), self._options.batch, order))
        return [collate([self._masked(each, order) for each in batch], *self._special) for batch in chosen]

    def held(self) -> Sequence[Batch]:
        """Return the windows of what is kept apart, as they are."""
        chosen = batches(self.examples(self._held_out, 0), self._options.batch, np.random.default_rng(0))
        return [collate(batch, *self._special) for batch in chosen]

    def examples(self, rows: Sequence[GoldArticle], epoch: int) -> list[Example]:
        """Return the windows of the rows; from the second epoch on in varied typography, each time by any annotator."""
        random = np.random.default_rng([self._options.seed, epoch])
        texts, gold = [], []
        for row in rows:
            vary = epoch > 0 and random.random() < self._options.styles
            texts.append(restyled(row.text, random) if vary else row.text)
            gold.append(row.annotators[int(random.integers(len(row.annotators))) if epoch else 0])
        return [
            example
            for found, each in zip(marked(texts, self._tokenizer), gold, strict=True)
            for example in examples(found, each, self._options.pieces)
        ]

    def loss(self, batch: Batch) -> Tensor:
        """Return the negative log-likelihood of the gold labels a cue, of both heads together."""
        ids, mask, features, labels = (part.to(self._device) for part in batch[:4])
        with torch.autocast(self._device.type, dtype=torch.bfloat16):
            reading = self.network(ids, mask, features)
        tokens = reading.tokens.float()
        parts = [
            weight
            * nn.functional.cross_entropy(
                tokens[..., BIO * column : BIO * (column + 1)].flatten(0, 1),
                labels[..., column].flatten(),
                ignore_index=IGNORED,
                reduction="sum",
            )
            for column, weight in enumerate(TOKEN_WEIGHTS)
        ]
        found = relations(batch, false_cues(tokens.detach().cpu(), batch.examples))
        if found is not None:
            window, cues, places, roles, seen = (part.to(self._device) for part in found)
            with torch.autocast(self._device.type, dtype=torch.bfloat16):
                scores = self.network.relate(reading.views, window, cues, places)
            parts.append(chain_loss(scores.float(), self.network.transitions, roles, seen).sum())
        return torch.stack(parts).sum() / max(1, sum(len(each.cues) for each in batch.examples))

    def _masked(self, example: Example, random: np.random.Generator) -> Example:
        hidden = random.random(len(example.ids)) < self._options.masked
        return example._replace(ids=np.where(hidden, self._mask, example.ids).astype(np.int32))


def false_cues(tokens: Tensor, shown: Sequence[Example]) -> list[list[Span]]:
    """Return for each window the likeliest cues that the network sees and gold does not."""
    likely = tokens[..., :BIO].softmax(dim=-1).numpy()
    found = []
    for row, example in zip(likely, shown, strict=True):
        seen = decode.cues(row[1 : len(example.ids) + 1], FALSE_CUE)
        wrong = [cue for cue in seen if not example.labels[cue.pieces.start : cue.pieces.end, 0].any()]
        wrong.sort(key=lambda cue: -cue.probability)
        found.append([cue.pieces for cue in wrong[:FALSE_CUES]])
    return found
