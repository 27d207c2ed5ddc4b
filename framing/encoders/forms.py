"""Two forms of one trained network: a graph on the processor, and torch for GPUs and for any encoder of the Hub."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from framing.encoders.folder import Arrays, ModelFolder
from framing.errors import MissingExtraError, ModelError

if TYPE_CHECKING:
    from torch import nn

Engine = Literal["fast", "torch"]
Form = TypeVar("Form")
Network = TypeVar("Network", bound="nn.Module")
LARGEST = "largest."
"""Prefix of the arrays that only the fast form reads."""


def fast_form(folder: ModelFolder, build: Callable[[Arrays, Mapping[str, Any]], Form]) -> Form:
    """Build the graph of a model folder from its arrays and the configuration of its encoder.

    Raises:
        ModelError: the encoder has no fast form, or the arrays do not fit it.
    """
    kind = folder.settings["encoder"].get("model_type")
    if not has_fast_form(folder.settings["encoder"]):
        raise ModelError(f"{folder.path}: the fast form reads BERT encoders, this is {kind!r}; set engine to torch")
    try:
        return build(folder.arrays, folder.settings["encoder"])
    except KeyError as error:
        raise ModelError(f"{folder.path}: the weights lack {error}; copy or train the model again") from error
    except RuntimeError as error:
        raise ModelError(f"{folder.path}: the weights do not fit their settings ({error})") from error


def has_fast_form(encoder: Mapping[str, Any]) -> bool:
    """Return whether there is a graph for the encoder of this configuration."""
    return encoder.get("model_type") == "bert" and encoder.get("hidden_act", "gelu") == "gelu"


def torch_network(folder: ModelFolder, build: Callable[[nn.Module, int], Network]) -> Network:
    """Build the network of a model folder in torch, around an encoder and the size of its states.

    Raises:
        MissingExtraError: torch or transformers is not installed.
        ModelError: the arrays do not fit the encoder that the settings describe.
    """
    try:
        import torch
        from transformers import AutoConfig, AutoModel
    except ImportError as error:
        raise MissingExtraError("the torch form needs torch and transformers: pip install 'framing[train]'") from error
    values = dict(folder.settings["encoder"])
    hidden = int(values["hidden_size"])
    encoder = AutoModel.from_config(AutoConfig.for_model(values.pop("model_type"), **values))  # type: ignore[no-untyped-call]
    network = build(encoder, hidden)
    weights = {name: array for name, array in folder.arrays.items() if not name.startswith(LARGEST)}
    states = {name: torch.from_numpy(array.astype(np.float32)) for name, array in weights.items()}
    try:
        missing, unexpected = network.load_state_dict(states, strict=False)
    except RuntimeError as error:
        raise ModelError(f"{folder.path}: the weights do not fit their settings ({error})") from error
    if wrong := [name for name in [*missing, *unexpected] if "pooler" not in name]:
        raise ModelError(
            f"{folder.path}: the weights do not fit their settings: {', '.join(wrong[:3])}; copy or train it again"
        )
    return network.eval()
