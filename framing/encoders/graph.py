"""A BERT encoder as an OpenVINO graph, from the arrays of a model folder: the fast path on a CPU, without torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as ops

Arrays = Mapping[str, NDArray[Any]]
Node = Any
"""openvino.Node; its stubs do not know that operators return one."""


class Weights:
    """The arrays of a model below one prefix, as constants of a graph."""

    def __init__(self, arrays: Arrays, prefix: str) -> None:
        self._arrays = arrays
        self._prefix = prefix

    def below(self, prefix: str) -> Weights:
        """Return the weights below a longer prefix."""
        return Weights(self._arrays, f"{self._prefix}{prefix}.")

    def constant(self, name: str) -> Node:
        """Return one array as a constant of 32-bit floats."""
        return ops.constant(self._arrays[self._prefix + name].astype(np.float32))

    def size(self, name: str) -> int:
        """Return the length of one array."""
        return len(self._arrays[self._prefix + name])

    def linear(self, x: Node, name: str) -> Node:
        """Multiply by a weight matrix stored as torch does, outputs first, and add its bias."""
        return ops.add(ops.matmul(x, self.constant(f"{name}.weight"), False, True), self.constant(f"{name}.bias"))

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


def compiled(outputs: list[Node], inputs: list[Node]) -> ov.CompiledModel:
    """Compile a graph for this machine's processor, in bfloat16 where it has instructions for it."""
    core = ov.Core()
    settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
    if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        settings["INFERENCE_PRECISION_HINT"] = "bf16"
    return core.compile_model(ov.Model(outputs, inputs, "framing"), "CPU", settings)
