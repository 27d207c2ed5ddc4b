"""A BERT encoder as an OpenVINO graph, from the arrays of a model folder: the fast path on a CPU, without torch."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as ops

from framing.encoders.forms import LARGEST

Arrays = Mapping[str, NDArray[Any]]
Node = Any
"""openvino.Node; its stubs do not know that operators return one."""


Largest = Mapping[str, NDArray[Any]]
"""The largest input of each column of a matrix product, by the full name of its weights."""

LEVELS = 255
"""Steps of an 8-bit number, as many below zero as above."""

MOST_CORES = 8
"""Each core that reads a batch of its own needs memory for it."""

EVENED = 0.85
"""How much of the differences between columns goes from the inputs into the weights before both are rounded."""


def largest_of(arrays: Arrays) -> dict[str, NDArray[Any]]:
    """Return the largest inputs that a model folder holds, by the full name of their weights."""
    return {name.removeprefix(LARGEST): array for name, array in arrays.items() if name.startswith(LARGEST)}


class Weights:
    """The arrays of a model below one prefix, as constants of a graph.

    Matrix products whose `largest` inputs are known are done in 8-bit numbers. `inputs` collects the inputs of all
    products by the name of their weights, so that they can be measured.
    """

    def __init__(
        self, arrays: Arrays, largest: Largest | None = None, inputs: dict[str, Node] | None = None, prefix: str = ""
    ) -> None:
        self._arrays = arrays
        self._largest: Largest = {} if largest is None else largest
        self._inputs: dict[str, Node] = {} if inputs is None else inputs
        self._prefix = prefix

    def below(self, prefix: str) -> Weights:
        """Return the weights below a longer prefix."""
        return Weights(self._arrays, self._largest, self._inputs, f"{self._prefix}{prefix}.")

    def constant(self, name: str) -> Node:
        """Return one array as a constant of 32-bit floats."""
        return ops.constant(self._arrays[self._prefix + name].astype(np.float32))

    def size(self, name: str) -> int:
        """Return the length of one array."""
        return len(self._arrays[self._prefix + name])

    def linear(self, x: Node, name: str) -> Node:
        """Multiply by a weight matrix stored as torch does, outputs first, and add its bias."""
        self._inputs[self._prefix + name] = x
        matrix = self.constant(f"{name}.weight")
        if (largest := self._largest.get(self._prefix + name)) is not None:
            x, matrix = _rounded(x, self._arrays[f"{self._prefix}{name}.weight"].astype(np.float32), largest)
        return ops.add(ops.matmul(x, matrix, False, True), self.constant(f"{name}.bias"))

    def lookup(self, indices: Node, name: str) -> Node:
        """Return the rows of an embedding table."""
        return ops.gather(self.constant(f"{name}.weight"), indices, ops.constant(0))

    def layer_norm(self, x: Node, name: str, epsilon: float) -> Node:
        """Normalise over the last axis, then scale and shift."""
        axes = ops.constant(np.array([-1], dtype=np.int64))
        normal = ops.mvn(x, axes, True, epsilon, "inside_sqrt")
        return ops.add(ops.multiply(normal, self.constant(f"{name}.weight")), self.constant(f"{name}.bias"))


def bert(weights: Weights, config: Mapping[str, Any], embedded: Node, mask: Node) -> Node:
    """Return the last states of a BERT encoder, shape (windows, pieces, hidden).

    `embedded` are word embeddings with whatever features were added to them, `mask` is 1 for pieces and 0 for padding.
    """
    epsilon = float(config["layer_norm_eps"])
    table = weights.below("embeddings")
    length = ops.gather(ops.shape_of(mask), ops.constant(1), ops.constant(0))
    position = ops.range(ops.constant(np.int64(0)), length, ops.constant(np.int64(1)), "i64")
    kind = ops.gather(table.constant("token_type_embeddings.weight"), ops.constant(0), ops.constant(0))
    x = ops.add(ops.add(embedded, table.lookup(position, "position_embeddings")), kind)
    x = table.layer_norm(x, "LayerNorm", epsilon)
    hidden = ops.multiply(ops.subtract(ops.convert(mask, "f32"), np.float32(1)), np.float32(1e4))
    hidden = ops.unsqueeze(hidden, ops.constant(np.array([1, 2])))
    for number in range(int(config["num_hidden_layers"])):
        x = _layer(weights.below(f"encoder.layer.{number}"), config, x, hidden)
    return x


def _layer(weights: Weights, config: Mapping[str, Any], x: Node, hidden: Node) -> Node:
    epsilon, heads = float(config["layer_norm_eps"]), int(config["num_attention_heads"])
    size = int(config["hidden_size"])
    split = ops.constant(np.array([0, 0, heads, size // heads]))
    whole = ops.constant(np.array([0, 0, size]))
    turned = ops.constant(np.array([0, 2, 1, 3]))

    def by_head(name: str) -> Node:
        return ops.transpose(ops.reshape(weights.linear(x, f"attention.self.{name}"), split, True), turned)

    seen = ops.scaled_dot_product_attention(by_head("query"), by_head("key"), by_head("value"), hidden)
    seen = ops.reshape(ops.transpose(seen, turned), whole, True)
    seen = ops.add(weights.linear(seen, "attention.output.dense"), x)
    seen = weights.layer_norm(seen, "attention.output.LayerNorm", epsilon)
    wide = ops.gelu(weights.linear(seen, "intermediate.dense"), "erf")
    return weights.layer_norm(ops.add(weights.linear(wide, "output.dense"), seen), "output.LayerNorm", epsilon)


def _rounded(x: Node, matrix: NDArray[np.float32], largest: NDArray[Any]) -> tuple[Node, Node]:
    """Round inputs and weights of a product to 8-bit steps.

    A few columns have inputs far larger than the others, which one scale for all would drown. So columns are evened
    first: divided in the inputs and multiplied in the weights by the same factor (Xiao et al. 2023, SmoothQuant).
    """
    inputs = np.maximum(largest.astype(np.float32), np.float32(1e-3))
    factor = inputs**EVENED / np.maximum(np.abs(matrix).max(axis=0), np.float32(1e-3)) ** (1 - EVENED)
    evened = ops.multiply(x, ops.constant((1 / factor).reshape(1, 1, -1)))
    high = (inputs / factor).max().reshape(1, 1, 1)
    weights = matrix * factor
    highs = np.maximum(np.abs(weights).max(axis=1, keepdims=True), np.float32(1e-8))
    return _stepped(evened, high), _stepped(ops.constant(weights), highs)


def _stepped(x: Node, high: NDArray[np.float32]) -> Node:
    low_end, high_end = ops.constant(-high), ops.constant(high)
    return ops.fake_quantize(x, low_end, high_end, low_end, high_end, LEVELS)


class Compiled:
    """A graph compiled for this processor, to be called from several threads at once, each on a core of its own.

    What is not in 8-bit numbers is in bfloat16 where the processor has instructions for it.
    """

    def __init__(self, outputs: Sequence[Node], inputs: Sequence[Node]) -> None:
        core = ov.Core()
        settings: dict[str, Any] = {"NUM_STREAMS": cores(), "INFERENCE_NUM_THREADS": cores()}
        if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            settings["INFERENCE_PRECISION_HINT"] = "bf16"
        self._model = core.compile_model(ov.Model(list(outputs), list(inputs), "framing"), "CPU", settings)
        self._local = threading.local()

    def __call__(self, *inputs: NDArray[Any]) -> list[NDArray[Any]]:
        """Return the outputs of the graph, in their order."""
        request = getattr(self._local, "request", None)
        if request is None:
            request = self._local.request = self._model.create_infer_request()
        return [np.array(values) for values in request.infer(list(inputs)).values()]


def largest_seen(
    inputs: Mapping[str, Node], parameters: Sequence[Node], batches: Iterable[Sequence[NDArray[Any]]]
) -> dict[str, NDArray[np.float32]]:
    """Return the largest input of each column of the encoder's matrix products, under names for a model folder.

    `inputs` are those that `Weights` collected while the graph of `parameters` was built. The second array of a batch
    is its mask.
    """
    products = {name: node for name, node in inputs.items() if name.startswith("encoder.")}
    watch = Compiled(list(products.values()), parameters)
    found: dict[str, NDArray[np.float32]] = {}
    for batch in batches:
        seen = batch[1] > 0
        for name, values in zip(products, watch(*batch), strict=True):
            highest = np.abs(values[seen]).max(axis=0).astype(np.float32)
            found[LARGEST + name] = np.maximum(found.get(LARGEST + name, highest), highest)
    return found


def cores() -> int:
    """Return how many cores to use: those of this process, but no more than `MOST_CORES`."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(own, MOST_CORES)
