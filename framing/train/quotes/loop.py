"""The training loop of the tagger: the losses of both heads, false cues on the way, a running mean of the weights."""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from framing.corpora.gold_records import GoldArticle
from framing.encoders.pieces import special_ids
from framing.progress import tracked
from framing.quotes.tagger import decode
from framing.quotes.tagger.network import BIO, QuoteNetwork, chain_loss
from framing.quotes.tagger.windows import marked
from framing.train.checkpoint import load_checkpoint, save_checkpoint
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


class Epoch(NamedTuple):
    """One epoch of a training: its mean losses a cue, on what was learnt and on what was kept apart."""

    epoch: int
    loss: float
    held_loss: float
    seconds: float


class Loop:
    """Train a network on rows; `means` are the weights that count, a running mean over steps."""

    def __init__(self, options: QuoteOptions, network: QuoteNetwork, tokenizer: Tokenizer) -> None:
        """Prepare the optimizer: the encoder learns slowly, the fresh heads fast."""
        self.options, self.network, self.tokenizer = options, network, tokenizer
        self._special = special_ids(tokenizer)
        body = list(network.encoder.parameters())
        known = {id(parameter) for parameter in body}
        heads = [parameter for parameter in network.parameters() if id(parameter) not in known]
        groups = [{"params": body, "lr": options.rate}, {"params": heads, "lr": options.head_rate}]
        self._optimizer = torch.optim.AdamW(groups, weight_decay=options.decay)
        self.means = {name: value.detach().clone() for name, value in network.state_dict().items()}
        self._device = next(network.parameters()).device

    def __call__(self, train: Sequence[GoldArticle], held: Sequence[GoldArticle], folder: Path) -> list[Epoch]:
        """Train, resuming from a checkpoint in `folder` if there is one, and return a line an epoch."""
        mark = _fingerprint(self.options, [*train, *held])
        progress = load_checkpoint(folder, self.network, self.means, self._optimizer, mark) or {"step": 0, "epochs": []}
        done = [Epoch(*line) for line in progress["epochs"]]
        step = int(progress["step"])
        steps = self.options.epochs * -(-len(self.examples(train, 0)) // self.options.batch)
        for epoch in range(len(done), self.options.epochs):
            started = time.perf_counter()
            torch.manual_seed(self.options.seed + epoch)
            losses = []
            chosen = list(
                batches(
                    self.examples(train, epoch), self.options.batch, np.random.default_rng([self.options.seed, epoch])
                )
            )
            self.network.train()
            for batch in tracked(chosen, f"epoch {epoch + 1} of {self.options.epochs}", total=len(chosen)):
                self._set_rate(step, steps)
                losses.append(self._learn(batch))
                step += 1
                self._average(step)
            line = Epoch(epoch, float(np.mean(losses)), self._held_loss(held), round(time.perf_counter() - started, 1))
            done.append(line)
            save_checkpoint(
                folder, self.network, self.means, self._optimizer, {"step": step, "epochs": done, "fingerprint": mark}
            )
        return done

    def examples(self, rows: Sequence[GoldArticle], epoch: int) -> list[Example]:
        """Return the windows of the rows; from the second epoch on in varied typography, each time by any annotator."""
        random = np.random.default_rng([self.options.seed, epoch])
        texts, gold = [], []
        for row in rows:
            vary = epoch > 0 and random.random() < self.options.styles
            texts.append(restyled(row.text, random) if vary else row.text)
            gold.append(row.annotators[int(random.integers(len(row.annotators))) if epoch else 0])
        return [
            example
            for found, each in zip(marked(texts, self.tokenizer), gold, strict=True)
            for example in examples(found, each, self.options.pieces)
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

    def _learn(self, chosen: Sequence[Example]) -> float:
        loss = self.loss(collate(chosen, *self._special))
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimizer.step()
        return float(loss.detach())

    @torch.no_grad()
    def _held_loss(self, rows: Sequence[GoldArticle]) -> float:
        """Return the mean loss of the running mean of the weights on rows kept apart."""
        current = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.network.load_state_dict(self.means)
        self.network.eval()
        order = np.random.default_rng(0)
        losses = [
            float(self.loss(collate(each, *self._special)))
            for each in batches(self.examples(rows, 0), self.options.batch, order)
        ]
        self.network.load_state_dict(current)
        return float(np.mean(losses))

    def _set_rate(self, step: int, steps: int) -> None:
        warm = max(1.0, self.options.warmup * steps)
        share = min((step + 1) / warm, max(0.02, (steps - step) / max(1.0, steps - warm)))
        for group, rate in zip(self._optimizer.param_groups, (self.options.rate, self.options.head_rate), strict=True):
            group["lr"] = rate * share

    def _average(self, step: int) -> None:
        keep = min(self.options.mean, (1 + step) / (10 + step))
        for name, value in self.network.state_dict().items():
            if value.dtype.is_floating_point:
                self.means[name].lerp_(value.detach(), 1 - keep)


def _fingerprint(options: QuoteOptions, rows: Sequence[GoldArticle]) -> str:
    """Name a training by its settings, but for where it writes, and by its articles."""
    settings = {key: value for key, value in dataclasses.asdict(options).items() if key != "output"}
    digest = hashlib.sha256(repr(sorted(settings.items())).encode())
    for row in rows:
        digest.update(repr((row.article_id, row.text, row.annotators)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


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
