"""What the settings of a trained stance encoder tell of where its weights came from."""

from __future__ import annotations

import dataclasses
import hashlib
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from framing.resources import locate
from framing.stance.codebook import codebook_hash
from framing.train.bases import named
from framing.train.stance.composition.material import COMPOSED
from framing.train.stance.options import StanceOptions


def notes(options: StanceOptions, n_train: int, n_held: int) -> dict[str, Any]:
    """Return the options with hashes in place of the paths of data, which say nothing elsewhere, and the versions."""
    fields = {field.name: getattr(options, field.name) for field in dataclasses.fields(options)}
    for private in ("output", "data", "public"):
        fields.pop(private)
    packages = ("framing", "torch", "transformers", "tokenizers", "numpy", "scipy")
    return {
        **fields,
        "labels": {str(name): label for name, label in options.labels.items()},
        "base": named(options.base),
        "data": {Path(name).name: _hash_of(name) for name in options.data},
        "composed_of": _hashes_of(COMPOSED) if options.composed else {},
        "public": sorted(options.public),
        "rows": {"train": n_train, "held": n_held},
        "codebook_sha256": codebook_hash(options.codebook),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in packages}},
    }


def _hashes_of(folder: str) -> dict[str, str]:
    return {path.name: _hash_of(str(path)) for path in sorted(locate(folder).glob("*.yaml"))}


def _hash_of(name: str) -> str:
    if name.startswith("hub:"):
        return name
    return hashlib.sha256(locate(name).read_bytes()).hexdigest()
