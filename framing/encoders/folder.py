"""A model folder: `framing.json` with its task and settings, `model.safetensors`, `tokenizer.json` and its card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from framing.errors import ModelError
from framing.resources import locate

SETTINGS = "framing.json"
ARRAYS = "model.safetensors"
CARD = "README.md"

Arrays = Mapping[str, NDArray[Any]]


class ModelFolder(NamedTuple):
    """The parts of a model; `name` is the task with the first eight hex digits of a hash over its weights."""

    path: Path
    settings: dict[str, Any]
    arrays: Arrays
    name: str


def read_folder(path: str | Path, task: str) -> ModelFolder:
    """Read the model folder of one task.

    Raises:
        ModelError: a file is missing, damaged or truncated, or the model was made for another task.
    """
    folder = locate(path)
    try:
        settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        data = (folder / ARRAYS).read_bytes()
    except OSError as error:
        place = error.filename or folder
        raise ModelError(f"{place}: cannot be read ({error.strerror}); is {folder} a model folder?") from error
    except ValueError as error:
        raise ModelError(f"{folder / SETTINGS}: not JSON ({error}); copy or train the model again") from error
    found = settings.get("task") if isinstance(settings, dict) else None
    if found != task:
        raise ModelError(f"{folder}: made for the task {found!r}, expected {task!r}; give the folder of such a model")
    try:
        arrays = load(data)
    except SafetensorError as error:
        raise ModelError(f"{folder / ARRAYS}: damaged or truncated ({error}); copy or train the model again") from error
    return ModelFolder(folder, settings, arrays, f"{task}-{hashlib.sha256(data).hexdigest()[:8]}")


def check_settings(folder: ModelFolder, *names: str) -> None:
    """Check that a folder of an encoder has these settings, and reads no more pieces at once than its encoder can.

    Raises:
        ModelError: a setting is missing, or `pieces` and the two special ones are too many.
    """
    for name in ("encoder", "pieces", *names):
        if name not in folder.settings:
            raise ModelError(f"{folder.path / SETTINGS}: has no {name!r}; copy or train the model again")
    positions = int(folder.settings["encoder"].get("max_position_embeddings", 0))
    if folder.settings["pieces"] + 2 > positions:
        raise ModelError(
            f"{folder.path}: windows of {folder.settings['pieces']} pieces, the encoder reads {positions - 2}"
        )


def write_folder(folder: Path, settings: Mapping[str, Any], arrays: Arrays, card: str) -> None:
    """Write a model folder; weights are kept as 16-bit floats, half the size of what they were trained in."""
    folder.mkdir(parents=True, exist_ok=True)
    halves = {name: np.ascontiguousarray(array, dtype=np.float16) for name, array in sorted(arrays.items())}
    (folder / ARRAYS).write_bytes(save(halves, metadata={"task": str(settings["task"])}))
    text = json.dumps(settings, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / SETTINGS).write_text(text + "\n", encoding="utf-8")
    (folder / CARD).write_text(card, encoding="utf-8")
