"""Find the files that ship inside the package (`framing:lexicon/cues.yaml`) and read YAML safely."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from framing.errors import ConfigError

PREFIX = "framing:"
DATA = Path(__file__).parent / "data"


def locate(path: str | Path) -> Path:
    """Resolve `framing:NAME` to a file or folder of the package and anything else to itself.

    Raises:
        ConfigError: the package holds no such file, or the name leaves the package's data folder.
    """
    name = str(path)
    if not name.startswith(PREFIX):
        return Path(name)
    found = Path(os.path.normpath(DATA / name.removeprefix(PREFIX)))
    if not found.is_relative_to(DATA) or not found.exists():
        shipped = ", ".join(sorted(PREFIX + item.name for item in DATA.iterdir() if not item.name.startswith("_")))
        raise ConfigError(f"{name}: the package holds nothing of that name; it holds {shipped}")
    return found


def read_yaml(path: str | Path) -> dict[str, Any]:
    """Read a YAML file that holds one mapping.

    Raises:
        ConfigError: the file is missing, is not UTF-8, is not YAML or does not hold a mapping.
    """
    place = locate(path)
    try:
        loaded = yaml.safe_load(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {error}") from error
    if not isinstance(loaded, dict):
        raise ConfigError(f"{path}: expected a mapping of keys to values, found {type(loaded).__name__}")
    return loaded
