"""The tagger's network as two OpenVINO graphs: windows to views of their pieces, cues to the roles of the pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from openvino import opset13 as ops

from framing.encoders.graph import Arrays, Compiled, Weights, bert, cores, largest_of, largest_seen
from framing.encoders.padding import Padded
from framing.quotes.tagger.places import SIZES
from framing.quotes.tagger.windows import FEATURE_SIZES

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]

ROWS = 16
"""Cues that are related to their windows at once: memory stays bounded, and few shapes occur."""


class Views(NamedTuple):
    """What the encoder says of a batch of windows; see `network.Reading`."""

    tokens: Floats
    views: Floats


class QuoteGraph:
    """The network on the processor, without torch; the same calls as the torch form, from as many threads as cores."""

    threads = cores()

    def __init__(self, arrays: Arrays, config: Mapping[str, Any]) -> None:
        """Build and compile both graphs from the arrays of a model folder and the encoder's configuration.

        Where the folder holds the encoder's largest inputs, its matrix products are done in 8-bit numbers.
        """
        self._read = Compiled(*_reading(Weights(arrays, largest_of(arrays)), config))
        self._relate = _relation(Weights(arrays))

    def read(self, ids: Integers, mask: Integers, features: Integers) -> Views:
        """Read windows: ids and mask of shape (windows, pieces), features of shape (windows, pieces, 3)."""
        return Views(*self._read(ids, mask, features))

    def relate(self, views: Floats, window: Integers, cues: Floats, places: Integers) -> Floats:
        """Score the roles of each piece to each cue; see `QuoteNetwork.relate`."""
        blocks = [slice(start, start + ROWS) for start in range(0, len(window), ROWS)]
        parts = [self._relate(views, *map(_filled, (window[b], cues[b], places[b])))[0] for b in blocks]
        return np.concatenate(parts)[: len(window)]


def largest_inputs(arrays: Arrays, config: Mapping[str, Any], batches: Iterable[Padded]) -> dict[str, Floats]:
    """Measure the largest input of every column of the encoder's matrix products, under names for a model folder."""
    inputs: dict[str, Any] = {}
    _, parameters = _reading(Weights(arrays, inputs=inputs), config)
    return largest_seen(inputs, parameters, batches)


def _reading(weights: Weights, config: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    ids, mask = (ops.parameter([-1, -1], np.int32, name) for name in ("ids", "mask"))
    features = ops.parameter([-1, -1, len(FEATURE_SIZES)], np.int32, "features")
    encoder = weights.below("encoder")
    embedded = encoder.below("embeddings").lookup(ids, "word_embeddings")
    for number in range(len(FEATURE_SIZES)):
        embedded = ops.add(embedded, weights.lookup(_column(features, number), f"features.{number}"))
    states = bert(encoder, config, embedded, mask)
    return [weights.linear(states, "tokens"), weights.linear(states, "views")], [ids, mask, features]


def _relation(weights: Weights) -> Compiled:
    width = int(weights.size("near.bias"))
    views = ops.parameter([-1, -1, 4 * width], np.float32, "views")
    window = ops.parameter([-1], np.int32, "window")
    cues = ops.parameter([-1, -1], np.float32, "cues")
    places = ops.parameter([-1, -1, len(SIZES)], np.int32, "places")
    piece, factor, added, scaled = ops.split(ops.gather(views, window, ops.constant(0)), ops.constant(2), 4).outputs()
    share = ops.unsqueeze(ops.divide(cues, ops.reduce_sum(cues, ops.constant(1), True)), ops.constant(1))
    read = ops.add(piece, ops.matmul(share, added, False, False))
    read = ops.add(read, ops.multiply(factor, ops.matmul(share, scaled, False, False)))
    for number in range(len(SIZES)):
        read = ops.add(read, weights.lookup(_column(places, number), f"places.{number}"))
    read = ops.gelu(read, "erf")
    turned = ops.constant(np.array([0, 2, 1]))
    near = ops.convolution(ops.transpose(read, turned), weights.constant("near.weight"), [1], [2], [2], [1])
    near = ops.add(ops.transpose(near, turned), weights.constant("near.bias"))
    read = ops.add(read, ops.gelu(near, "erf"))
    return Compiled([weights.linear(read, "roles")], [views, window, cues, places])


def _filled(rows: NDArray[Any]) -> NDArray[Any]:
    """Repeat the first row until there are `ROWS` of them."""
    return np.concatenate([rows, np.repeat(rows[:1], ROWS - len(rows), axis=0)])


def _column(values: Any, number: int) -> Any:
    return ops.gather(values, ops.constant(number), ops.constant(2))
