"""Stop and go on: the state of a training in safetensors and JSON, never in a pickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from framing.errors import ModelError

FOLDER = "checkpoint"
_TENSORS, _PROGRESS = "state.safetensors", "progress.json"


def save_checkpoint(
    folder: Path,
    network: nn.Module,
    means: dict[str, Tensor],
    optimizer: torch.optim.Optimizer,
    progress: dict[str, Any],
) -> None:
    """Write network, running means, optimizer and progress; a checkpoint appears only when it is whole."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    tensors = {f"network/{name}": value.contiguous() for name, value in network.state_dict().items()}
    tensors |= {f"means/{name}": value.contiguous() for name, value in means.items()}
    for number, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer/{number}/{name}": torch.as_tensor(value) for name, value in state.items()}
    part = place / f"{_TENSORS}.part"
    save_file(tensors, part)
    part.replace(place / _TENSORS)
    (place / _PROGRESS).write_text(json.dumps(progress), encoding="utf-8")


def load_checkpoint(
    folder: Path, network: nn.Module, means: dict[str, Tensor], optimizer: torch.optim.Optimizer
) -> dict[str, Any] | None:
    """Restore what `save_checkpoint` wrote and return its progress, or None where there is none.

    Raises:
        ModelError: the checkpoint is damaged or belongs to another network.
    """
    place = folder / FOLDER
    if not (place / _PROGRESS).exists():
        return None
    try:
        tensors = load_file(place / _TENSORS)
        progress: dict[str, Any] = json.loads((place / _PROGRESS).read_text(encoding="utf-8"))
        network.load_state_dict(_below(tensors, "network/"))
        means.update(_below(tensors, "means/"))
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"{place}: cannot be resumed ({error}); remove the folder to start anew") from error
    saved = optimizer.state_dict()
    states: dict[int, dict[str, Tensor]] = {}
    for name, value in _below(tensors, "optimizer/").items():
        number, _, field = name.partition("/")
        states.setdefault(int(number), {})[field] = value
    optimizer.load_state_dict({**saved, "state": states})
    return progress


def _below(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
