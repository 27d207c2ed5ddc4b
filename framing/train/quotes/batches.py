"""Batches for the tagger: windows padded to the longest, and a row for each cue with its places and roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from framing.encoders.padding import padded
from framing.quotes.tagger.places import places
from framing.train.quotes.examples import Example
from framing.types import Span

IGNORED = -100


class Batch(NamedTuple):
    """Windows of a batch, each with a special piece at either end; `labels` ignores these and the padding."""

    ids: Tensor
    mask: Tensor
    features: Tensor
    labels: Tensor
    examples: tuple[Example, ...]


class Relations(NamedTuple):
    """The cues of a batch: the window of each, its pieces, the places of the window's pieces and their roles."""

    window: Tensor
    cues: Tensor
    places: Tensor
    roles: Tensor
    mask: Tensor


def batches(examples: Sequence[Example], size: int, random: np.random.Generator) -> Iterator[list[Example]]:
    """Yield the examples in random order, those of similar length together."""
    order = random.permutation(len(examples))
    pool = size * 16
    groups = []
    for start in range(0, len(order), pool):
        near = sorted(order[start : start + pool], key=lambda at: len(examples[at].ids))
        groups += [near[i : i + size] for i in range(0, len(near), size)]
    for at in random.permutation(len(groups)):
        yield [examples[i] for i in groups[at]]


def collate(chosen: Sequence[Example], begin: int, end: int) -> Batch:
    """Pad windows into one batch; `begin` and `end` are the ids of the special pieces."""
    ids, mask, features = padded([each.ids for each in chosen], [each.features for each in chosen], begin, end)
    labels = np.full((*ids.shape, 3), IGNORED, dtype=np.int64)
    for row, each in zip(labels, chosen, strict=True):
        row[1 : 1 + len(each.ids)] = each.labels
    return Batch(
        ids=_long(ids), mask=_long(mask), features=_long(features), labels=_long(labels), examples=tuple(chosen)
    )


def relations(batch: Batch, false_cues: Sequence[Sequence[Span]]) -> Relations | None:
    """Make one row for each gold cue and each false one, which has no source and no content; None without any cue."""
    length = batch.ids.shape[1]
    rows: list[tuple[int, NDArray[np.float32], NDArray[np.int32], NDArray[np.int64], NDArray[np.float32]]] = []
    for number, (example, extra) in enumerate(zip(batch.examples, false_cues, strict=True)):
        n = len(example.ids)
        cues = [*example.cues, *extra]
        starts = sorted(cue.start for cue in cues)
        for at, cue in enumerate(cues):
            role = np.zeros(length, dtype=np.int64)
            if at < len(example.cues):
                role[1 : n + 1] = example.roles[at]
            own, mask = np.zeros(length, dtype=np.float32), np.zeros(length, dtype=np.float32)
            own[cue.start + 1 : cue.end + 1] = 1
            mask[: n + 2] = 1
            place = np.zeros((length, 3), dtype=np.int32)
            place[1 : n + 1] = places(example.sentence, cue, starts)
            rows.append((number, own, place, role, mask))
    if not rows:
        return None
    window, own, place, role, mask = (np.stack(column) for column in zip(*rows, strict=True))
    return Relations(*map(torch.from_numpy, (window, own, place.astype(np.int64), role, mask)))


def _long(array: NDArray[Any]) -> Tensor:
    return torch.from_numpy(array.astype(np.int64))
