"""Canonical names of metrics: `str(metric)` writes one, `parse` reads it back to an equal metric."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

from framing import registry
from framing.errors import ConfigError

if TYPE_CHECKING:
    from framing.protocols import Metric, Needs

_NAME = re.compile(r"\s*(\w+)\s*(?:\((.*)\))?\s*", re.DOTALL)
_OPTION = re.compile(r'\s*(\w+)\s*=\s*("(?:[^"\\]|\\.)*"|[^,"()]*?)\s*(?:,|$)')
_BARE = re.compile(r"[\w.:/+-]+")


class Named:
    """Gives a metric, a frozen dataclass, its canonical name: the class in snake case and the options that were set.

    An option that has its default is left out, so that a new option does not rename the estimates of old runs.
    """

    __slots__ = ()

    def __str__(self) -> str:
        options = [
            f"{field.name}={_written(getattr(self, field.name))}"
            for field in dataclasses.fields(self)  # type: ignore[arg-type]  # every subclass is a dataclass
            if getattr(self, field.name) != field.default
        ]
        kind = re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()
        return f"{kind}({','.join(options)})" if options else kind


def parse(text: str, *, place: str = "metrics") -> Metric:
    """Build the metric that a canonical name such as `net_stance(target=ukraine_in_nato)` means.

    Raises:
        ConfigError: the text is not of that form, or the metric or an option is unknown or does not fit.
    """
    found = _NAME.fullmatch(text)
    if not found:
        raise ConfigError(f"{place}: {text!r} is no metric; expected a form such as net_stance(target=NAME)")
    kind, inner = found.groups(default="")
    metric: Metric = registry.build("metrics", kind, _options(inner, text, place), place=place)
    return metric


def fits(metric: Metric, needs: Needs) -> bool:
    """Tell whether a metric gives the estimates that a chart needs, whatever its other options are."""
    kind = str(metric).partition("(")[0]
    return (kind, getattr(metric, "target", None), metric.keys) == (needs.metric, needs.target, needs.keys)


def _options(inner: str, text: str, place: str) -> dict[str, str]:
    options: dict[str, str] = {}
    at = 0
    while at < len(inner.rstrip()):
        option = _OPTION.match(inner, at)
        if not option:
            raise ConfigError(f"{place}: {text!r} cannot be read from {inner[at:]!r} on; expected option=value")
        name, value = option.groups()
        options[name] = json.loads(value) if value.startswith('"') else value
        at = option.end()
    return options


def _written(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=True)
