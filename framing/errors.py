"""The errors a user can cause. Each message names the place, the value seen, what was expected and the way out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class FramingError(Exception):
    """A user's mistake: the command line prints it without a traceback and exits with status 2."""


class ConfigError(FramingError):
    """A configuration, codebook, alias or lexicon file is wrong."""


class CorpusError(FramingError):
    """A corpus as a whole cannot be read; a single bad row is rejected instead."""


class ModelError(FramingError):
    """A model folder is missing, damaged or made for another task."""


class MissingExtraError(FramingError):
    """An optional dependency is not installed."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Say which known name is nearest to `name`, or list them all: the tail of a message about an unknown name."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names) or 'none'}"
