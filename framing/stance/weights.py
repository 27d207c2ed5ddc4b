"""The weights of the linear classifier: one folder with safetensors and a config, read without scikit-learn or pickle.

Four heads share one vocabulary: is the target addressed (`relevant`), is a side taken (`position`), is it the side of
support (`support`), does it hang on a condition (`conditional`). A head's logit is the sum of the weights of the
features present and its intercept; `slopes` and `shifts` calibrate it.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from framing.errors import ModelError
from framing.resources import locate
from framing.types import Label

TASK = "stance_linear"
HEADS = ("relevant", "position", "support", "conditional")
"""Is the target addressed? Is a side taken? That of support? Under a condition?"""

ARRAYS = "model.safetensors"
CONFIG = "config.json"

CONDITIONAL_AT = 0.3
"""P(conditional) from which a position counts as conditional: chosen by its F1 on held-out rows, where
one position in six is conditional and .5 would find too few of them."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LinearWeights:
    """Weights of shape (heads, features) with the calibration; `notes` holds what is known about their training."""

    vocabulary: dict[str, int]
    weights: NDArray[np.float32]
    intercepts: Floats
    slopes: Floats
    shifts: Floats
    threshold: float
    notes: dict[str, Any]

    @functools.cached_property
    def name(self) -> str:
        """The model's name in tables: its task with the first eight hex digits of a hash over its weights."""
        digest = hashlib.sha256(self.weights.tobytes())
        digest.update(np.concatenate([self.intercepts, self.slopes, self.shifts]).tobytes())
        return f"linear-{digest.hexdigest()[:8]}"

    def indices(self, features: Iterable[str]) -> list[int]:
        """Return the positions of those features that the model knows."""
        known = self.vocabulary
        return [known[feature] for feature in features if feature in known]

    def logits(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Return uncalibrated logits of shape (rows, heads) for rows of feature positions."""
        ends = np.cumsum([0, *map(len, rows)])
        flat = np.fromiter((at for row in rows for at in row), dtype=np.int64, count=int(ends[-1]))
        gathered = self.weights[:, flat].astype(np.float64)
        sums = np.concatenate([np.zeros((len(HEADS), 1)), np.cumsum(gathered, axis=1)], axis=1)
        totals = np.stack([sums[:, end] - sums[:, start] for start, end in pairwise(ends)], axis=0)
        return np.asarray(totals + self.intercepts)

    def probabilities(self, logits: Floats) -> tuple[Floats, Floats]:
        """Return calibrated label probabilities, shape (rows, 4) in the order of `Label`, and P(conditional)."""
        return factorise(logits * self.slopes + self.shifts)


def factorise(logits: Floats) -> tuple[Floats, Floats]:
    """Turn logits of shape (rows, heads) into label probabilities that sum to one, and P(conditional)."""
    relevant, position, support, conditional = sigmoid(logits).T
    taken = relevant * position
    labels = {
        Label.SUPPORT: taken * support,
        Label.OPPOSE: taken * (1 - support),
        Label.NEUTRAL: relevant * (1 - position),
        Label.UNRELATED: 1 - relevant,
    }
    return np.stack([labels[label] for label in Label], axis=1), conditional


def sigmoid(logits: Floats) -> Floats:
    """Return the logistic function, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)))


def save_weights(model: LinearWeights, folder: Path) -> None:
    """Write a model folder: `model.safetensors` and `config.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[Any]] = {
        "weights": np.ascontiguousarray(model.weights, dtype=np.float32),
        "intercepts": model.intercepts,
        "slopes": model.slopes,
        "shifts": model.shifts,
    }
    (folder / ARRAYS).write_bytes(save(arrays, metadata={"task": TASK}))
    config = {
        "task": TASK,
        "heads": HEADS,
        "labels": [label.value for label in Label],
        "threshold": model.threshold,
        **model.notes,
        "features": sorted(model.vocabulary, key=model.vocabulary.__getitem__),
    }
    text = json.dumps(config, ensure_ascii=False, indent=0)
    (folder / CONFIG).write_text(text + "\n", encoding="utf-8")


@functools.cache
def load_weights(path: str | Path) -> LinearWeights:
    """Read a model folder; the result is cached by path.

    Raises:
        ModelError: a file is missing, damaged or truncated, or the model was made for another task.
    """
    folder = locate(path)
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{folder / CONFIG}: cannot be read ({error.strerror}); is this a model folder?") from error
    except ValueError as error:
        raise ModelError(f"{folder / CONFIG}: not JSON ({error}); copy or train the model again") from error
    task = config.get("task") if isinstance(config, dict) else None
    if task != TASK or tuple(config.get("heads", ())) != HEADS:
        raise ModelError(f"{folder}: made for the task {task!r}, expected {TASK!r}; give the folder of such a model")
    try:
        arrays = load((folder / ARRAYS).read_bytes())
    except OSError as error:
        raise ModelError(f"{folder / ARRAYS}: cannot be read ({error.strerror})") from error
    except SafetensorError as error:
        raise ModelError(f"{folder / ARRAYS}: damaged or truncated ({error}); copy or train the model again") from error
    features = config.get("features", [])
    expected = {
        "weights": (len(HEADS), len(features)),
        **{name: (len(HEADS),) for name in ("intercepts", "slopes", "shifts")},
    }
    for name, shape in expected.items():
        found = arrays[name].shape if name in arrays else None
        if found != shape:
            raise ModelError(f"{folder / ARRAYS}: {name} has the shape {found}, expected {shape} from {CONFIG}")
    known = {"task", "heads", "labels", "threshold", "features"}
    return LinearWeights(
        vocabulary={feature: at for at, feature in enumerate(features)},
        threshold=float(config.get("threshold", 0.0)),
        notes={key: value for key, value in config.items() if key not in known},
        **{name: arrays[name] for name in expected},
    )
