"""From tables to estimates: metrics are ratios, and every ratio gets its interval in the same way.

The names are loaded when they are used, so that listing the metrics does not import polars and scipy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framing.measure.compare import Compare
    from framing.measure.estimate import measure
    from framing.measure.interval import Bootstrap
    from framing.measure.names import parse

__all__ = ["Bootstrap", "Compare", "measure", "parse"]

_MODULES = {"measure": "estimate", "Bootstrap": "interval", "Compare": "compare", "parse": "names"}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
