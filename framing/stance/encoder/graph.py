"""The stance network as an OpenVINO graph: the fast path on a processor, without torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from openvino import opset13 as ops

from framing.encoders.graph import Arrays, Compiled, Node, Weights, bert, cores, largest_of, largest_seen
from framing.stance.encoder.batches import POOLS, Floats, Inputs


class StanceGraph:
    """The network on the processor; the same call as the torch form, from as many threads as cores."""

    threads = cores()

    def __init__(self, arrays: Arrays, config: Mapping[str, Any]) -> None:
        """Build and compile the graph from the arrays of a model folder and the encoder's configuration.

        Where the folder holds the encoder's largest inputs, its matrix products are done in 8-bit numbers.
        """
        self._graph = Compiled(*_graph(Weights(arrays, largest_of(arrays)), config))

    def __call__(self, batch: Inputs) -> Floats:
        """Return the logits of `StanceNetwork` for a batch, shape (rows, 4)."""
        return self._graph(*batch)[0]


def largest_inputs(arrays: Arrays, config: Mapping[str, Any], batches: Iterable[Inputs]) -> dict[str, Floats]:
    """Measure the largest input of every column of the encoder's matrix products, under names for a model folder."""
    inputs: dict[str, Node] = {}
    _, parameters = _graph(Weights(arrays, inputs=inputs), config)
    return largest_seen(inputs, parameters, batches)


def _graph(weights: Weights, config: Mapping[str, Any]) -> tuple[list[Node], list[Node]]:
    ids, mask, parts = (ops.parameter([-1, -1], np.int32, name) for name in ("ids", "mask", "parts"))
    pools = ops.parameter([-1, POOLS, -1], np.float32, "pools")
    encoder = weights.below("encoder")
    embedded = encoder.below("embeddings").lookup(ids, "word_embeddings")
    states = bert(encoder, config, ops.add(embedded, weights.lookup(parts, "parts")), mask)
    means = ops.matmul(pools, states, False, False)
    whole, proposition, statement, holder = (ops.gather(means, ops.constant(n), ops.constant(1)) for n in range(POOLS))
    start = ops.gather(states, ops.constant(0), ops.constant(1))
    read = [start, whole, proposition, statement, ops.multiply(proposition, statement), holder]
    wide = ops.gelu(weights.linear(ops.concat(read, 1), "wide"), "erf")
    return [weights.linear(wide, "answers")], [ids, mask, parts, pools]
