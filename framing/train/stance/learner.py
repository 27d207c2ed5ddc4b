"""The learner of the stance encoder: its batches, varied in every epoch, and the loss of its four heads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from framing.encoders.pieces import mask_id, special_ids
from framing.stance.encoder.batches import inputs
from framing.stance.encoder.inputs import Part, Reading, readings
from framing.stance.encoder.network import StanceNetwork
from framing.stance.propositions import Sides
from framing.stance.weights import HEADS
from framing.train.stance.examples import UNKNOWN, Example, strangers
from framing.train.stance.sources import Sources

POOL = 16
"""Batches among which inputs of similar length are put together."""


class Variation(NamedTuple):
    """How examples are varied in each epoch.

    Shares of the pieces and of the holders that are masked, of the examples that are asked about the negation, and of
    strangers that are added: examples with the target of another.
    """

    pieces: float = 0.08
    holders: float = 0.2
    turned: float = 0.1
    strangers: float = 0.1


class Batch(NamedTuple):
    """Inputs as tensors with the answers of each head, shape (rows, 4)."""

    ids: Tensor
    mask: Tensor
    parts: Tensor
    pools: Tensor
    answers: Tensor


class StanceLearner:
    """Learn from examples; `size` is the most pieces of an input."""

    def __init__(
        self,
        network: StanceNetwork,
        tokenizer: Tokenizer,
        train: Sources,
        held: Sequence[Example],
        *,
        batch: int,
        size: int,
        seed: int,
        variation: Variation,
        class_weights: bool = False,
    ) -> None:
        self.network = network
        self._tokenizer = tokenizer
        self._special = special_ids(tokenizer)
        self._mask = mask_id(tokenizer)
        self._train, self._held_out = train, held
        self._batch, self._size, self._seed, self._variation = batch, size, seed, variation
        self._device = next(network.parameters()).device
        even = torch.ones(len(HEADS), 2)
        self._weights = _weights(train.epoch(np.random.default_rng(seed))) if class_weights else even

    def batches(self, epoch: int) -> Sequence[Batch]:
        """Return the batches of an epoch: some sides turned, some pieces and holders masked, strangers added."""
        random = np.random.default_rng([self._seed, epoch])
        examples = self._train.epoch(random)
        examples += strangers(examples, int(self._variation.strangers * len(examples)), random)
        turned = [_turned(example) if random.random() < self._variation.turned else example for example in examples]
        read = [self._masked(each, random) for each in self._read(turned)]
        return self._group(turned, read, random)

    def held(self) -> Sequence[Batch]:
        """Return what is kept apart, as it is."""
        read = list(self._read(self._held_out))
        return self._group(self._held_out, read, np.random.default_rng(0))

    def loss(self, batch: Batch) -> Tensor:
        """Return the mean binary cross-entropy over the answers that are known."""
        ids, mask, parts, pools, answers = (part.to(self._device) for part in batch)
        with torch.autocast(self._device.type, dtype=torch.bfloat16):
            logits = self.network(ids, mask, parts, pools).float()
        known = answers != UNKNOWN
        losses = nn.functional.binary_cross_entropy_with_logits(logits, answers.clamp(min=0).float(), reduction="none")
        weights = self._weights.to(self._device)
        weighed = known * torch.where(answers == 1, weights[:, 1], weights[:, 0])
        return (losses * weighed).sum() / weighed.sum().clamp(min=1e-6)

    def _read(self, examples: Sequence[Example]) -> list[Reading]:
        propositions = [example.asked.proposition for example in examples]
        queries = [example.query for example in examples]
        return list(readings(queries, propositions, self._tokenizer, self._size))

    def _masked(self, read: Reading, random: np.random.Generator) -> Reading:
        passage = read.parts >= Part.CONTEXT
        hidden = passage & (random.random(len(read.ids)) < self._variation.pieces)
        if random.random() < self._variation.holders:
            hidden |= read.parts == Part.HOLDER
        return read._replace(ids=np.where(hidden, self._mask, read.ids).astype(np.int32))

    def _group(self, examples: Sequence[Example], read: Sequence[Reading], random: np.random.Generator) -> list[Batch]:
        order = random.permutation(len(read))
        groups: list[list[int]] = []
        for start in range(0, len(order), self._batch * POOL):
            near = sorted(order[start : start + self._batch * POOL].tolist(), key=lambda at: len(read[at].ids))
            groups += [near[at : at + self._batch] for at in range(0, len(near), self._batch)]
        random.shuffle(groups)
        return [self._collate([examples[at] for at in group], [read[at] for at in group]) for group in groups]

    def _collate(self, examples: Sequence[Example], read: Sequence[Reading]) -> Batch:
        ids, mask, parts, pools = (torch.from_numpy(part) for part in inputs(read, *self._special))
        answers = torch.tensor([example.answers for example in examples])
        return Batch(ids.long(), mask.long(), parts.long(), pools, answers)


def _weights(examples: Sequence[Example]) -> Tensor:
    """Return for each head what a no and a yes count, so that both count alike in all: shape (heads, 2).

    `examples` are those of an epoch; what others draw and compose has about the same shares.
    """
    answers = np.array([example.answers for example in examples])
    counts = np.stack([(answers == answer).sum(axis=0) for answer in (0, 1)], axis=1).clip(min=1)
    return torch.tensor(counts.sum(axis=1, keepdims=True) / (2 * counts), dtype=torch.float32)


def _turned(example: Example) -> Example:
    """Ask about the negation: who supports the one opposes the other."""
    proposition, negation = example.asked
    support = example.answers.support
    turned = support if support == UNKNOWN else 1 - support
    return example._replace(asked=Sides(negation, proposition), answers=example.answers._replace(support=turned))
