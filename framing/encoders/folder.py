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

LARGE = 2**16
"""Entries from which on a matrix is kept in 8-bit steps."""
STEPS = 127
SCALE = "/scale"

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
        arrays = unpacked(load(data))
    except (SafetensorError, KeyError) as error:
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
    """Write a model folder, its weights in the form of `packed`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ARRAYS).write_bytes(save(packed(arrays), metadata={"task": str(settings["task"])}))
    text = json.dumps(settings, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / SETTINGS).write_text(text + "\n", encoding="utf-8")
    (folder / CARD).write_text(card, encoding="utf-8")


def packed(arrays: Arrays) -> dict[str, NDArray[Any]]:
    """Return arrays as they are kept: large matrices in 8-bit steps, each row with a scale of its own, others halved.

    That is a quarter of the size of what they were trained in; a number moves by at most 0.4 % of the largest one of
    its row.
    """
    kept: dict[str, NDArray[Any]] = {}
    for name, array in sorted(arrays.items()):
        if array.ndim == 2 and array.size >= LARGE:
            rows = np.asarray(array, dtype=np.float32)
            scale = np.maximum(np.abs(rows).max(axis=1, keepdims=True), np.float32(1e-12)) / np.float32(STEPS)
            kept[name] = np.ascontiguousarray(np.rint(rows / scale), dtype=np.int8)
            kept[name + SCALE] = scale
        else:
            kept[name] = np.ascontiguousarray(array, dtype=np.float16)
    return kept


def unpacked(kept: Arrays) -> dict[str, NDArray[Any]]:
    """Return the arrays that were `packed`."""
    return {
        name: array if array.dtype != np.int8 else array * kept[name + SCALE]
        for name, array in kept.items()
        if not name.endswith(SCALE)
    }
