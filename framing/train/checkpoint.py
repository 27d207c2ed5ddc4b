"""Stop and go on: the state of a training in safetensors and JSON, never in a pickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from framing.errors import ModelError

CHECKPOINT = "checkpoint.safetensors"
_PROGRESS = "progress"


def save_checkpoint(
    folder: Path,
    network: nn.Module,
    means: dict[str, Tensor],
    optimizer: torch.optim.Optimizer,
    progress: dict[str, Any],
) -> None:
    """Write network, running means, optimizer and progress into one file, which appears only when it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"network/{name}": value.contiguous() for name, value in network.state_dict().items()}
    tensors |= {f"means/{name}": value.contiguous() for name, value in means.items()}
    for number, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer/{number}/{name}": torch.as_tensor(value) for name, value in state.items()}
    part = folder / f"{CHECKPOINT}.part"
    save_file(tensors, part, metadata={_PROGRESS: json.dumps(progress)})
    part.replace(folder / CHECKPOINT)


def load_checkpoint(
    folder: Path, network: nn.Module, means: dict[str, Tensor], optimizer: torch.optim.Optimizer, fingerprint: str
) -> dict[str, Any] | None:
    """Restore what `save_checkpoint` wrote and return its progress, or None where there is none.

    Raises:
        ModelError: the checkpoint is damaged, or is of a training with other settings or data (`fingerprint`).
    """
    path = folder / CHECKPOINT
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            progress: dict[str, Any] = json.loads((file.metadata() or {})[_PROGRESS])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(f"{path}: cannot be resumed ({error}); remove it to start anew") from error
    if progress.get("fingerprint") != fingerprint:
        raise ModelError(f"{path}: of a training with other settings or data; remove it or choose another output")
    network.load_state_dict(_below(tensors, "network/"))
    for name, value in _below(tensors, "means/").items():
        means[name].copy_(value)
    saved = optimizer.state_dict()
    states: dict[int, dict[str, Tensor]] = {}
    for name, value in _below(tensors, "optimizer/").items():
        number, _, field = name.partition("/")
        states.setdefault(int(number), {})[field] = value
    optimizer.load_state_dict({**saved, "state": states})
    return progress


def _below(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
