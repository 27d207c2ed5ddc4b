"""Learnt weights of the ranker of pronouns: one JSON file in a model folder, read without scikit-learn."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from framing.errors import ModelError
from framing.resources import locate
from framing.speakers.salience import FEATURES, Salience

TASK = "speakers"
FILE = "ranker.json"
RULE = "rule"


@functools.cache
def read_ranker(name: str) -> Salience:
    """Return the ranker by hand-set weights for "rule", else the one of a model folder; the result is cached.

    Raises:
        ModelError: the file is missing or damaged, or the model was made for another task or with other features.
    """
    if name == RULE:
        return Salience()
    path = locate(name) / FILE
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror}); give the folder of a trained ranker, or {RULE!r}"
        ) from error
    except ValueError as error:
        raise ModelError(f"{path}: not JSON ({error}); copy or train the model again") from error
    task = config.get("task") if isinstance(config, dict) else None
    if task != TASK:
        raise ModelError(f"{path}: made for the task {task!r}, expected {TASK!r}; give the folder of such a model")
    values = config.get("weights")
    expected = {*FEATURES, "slope", "shift"}
    if not isinstance(values, dict) or set(values) != expected or not all(map(_is_number, values.values())):
        raise ModelError(
            f"{path}: weights is {values!r}, expected a number for each of {', '.join(sorted(expected))}; "
            "train the model again with this version"
        )
    return Salience(**values)


def save_ranker(ranker: Salience, notes: dict[str, Any], folder: Path) -> None:
    """Write a model folder; `notes` is what is known about the training."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: round(value, 6) for name, value in asdict(ranker).items()}
    text = json.dumps({"task": TASK, **notes, "weights": weights}, ensure_ascii=False, indent=2)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
