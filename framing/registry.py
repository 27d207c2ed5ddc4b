"""Names for parts: a seam and a kind lead to a dotted path, and nothing is imported until a part is built.

Third parties add kinds as entry points in the group `framing.SEAM`, for example

    [project.entry-points."framing.quotes"]
    mine = "my_package.extractor:Extractor"
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import importlib.util
from collections.abc import Mapping
from importlib.metadata import distributions
from itertools import chain
from pathlib import Path
from typing import Any

from framing.errors import ConfigError, did_you_mean

SHIPPED: dict[str, dict[str, str]] = {
    "corpus": {"files": "framing.corpora.files:Files"},
    "wire": {"minhash": "framing.corpora.wire.finder:WireCopy"},
    "events": {"text": "framing.corpora.events.finder:TextEvents"},
    "quotes": {"rules": "framing.quotes.rules.extractor:Rules", "tagger": "framing.quotes.tagger.extractor:Tagger"},
    "speakers": {"names": "framing.speakers.names:Names"},
    "stance": {
        "encoder": "framing.stance.encoder.classifier:Encoder",
        "linear": "framing.stance.linear:Linear",
    },
    "metrics": {
        "source_share": "framing.measure.voice:SourceShare",
        "quote_length_share": "framing.measure.voice:QuoteLengthShare",
        "directness": "framing.measure.voice:Directness",
        "prominence": "framing.measure.prominence:Prominence",
        "source_diversity": "framing.measure.diversity:SourceDiversity",
        "coverage": "framing.measure.coverage:Coverage",
        "omission": "framing.measure.coverage:Omission",
        "net_stance": "framing.measure.stance:NetStance",
        "balance": "framing.measure.stance:Balance",
        "logit_balance": "framing.measure.stance:LogitBalance",
        "expression_rate": "framing.measure.stance:ExpressionRate",
        "abstention_rate": "framing.measure.stance:AbstentionRate",
        "stance_share": "framing.measure.stance:StanceShare",
        "aligned": "framing.measure.alignment.outcomes:Aligned",
    },
    "charts": {
        "voice": "framing.charts:Voice",
        "stance_by_outlet": "framing.charts:StanceByOutlet",
        "speaker_stance": "framing.charts:SpeakerStance",
        "timeline": "framing.charts:Timeline",
    },
    "train": {
        "quotes": "framing.train.quotes.training:TrainQuotes",
        "speakers": "framing.train.speakers.training:TrainSpeakers",
        "stance": "framing.train.stance.training:TrainStance",
        "stance_linear": "framing.train.stance.linear:TrainStanceLinear",
    },
}


def kinds(seam: str) -> dict[str, str]:
    """Map every kind known for a seam, shipped or installed, to its dotted path; shipped names cannot be replaced.

    Raises:
        ConfigError: there is no such seam.
    """
    if seam not in SHIPPED:
        raise ConfigError(f"no seam is called {seam!r}; {did_you_mean(seam, SHIPPED)}")
    return dict(sorted({**_installed().get(seam, {}), **SHIPPED[seam]}.items()))


def load(seam: str, kind: str, *, place: str = "") -> type[Any]:
    """Import the part of one kind; `place` says where in the configuration its name stands.

    Raises:
        ConfigError: the kind is unknown.
    """
    known = kinds(seam)
    if kind not in known:
        raise ConfigError(f"{place or seam}: no {seam} part is called {kind!r}; {did_you_mean(kind, known)}")
    module, _, name = known[kind].partition(":")
    part: type[Any] = getattr(importlib.import_module(module), name)
    return part


def build(seam: str, kind: str, options: Mapping[str, Any], *, place: str = "") -> Any:
    """Make the part of one kind from its options, checked against the annotations of its fields.

    Raises:
        ConfigError: the kind or an option is unknown, or the value of an option does not fit.
    """
    from pydantic import TypeAdapter, ValidationError

    place = place or seam
    part = load(seam, kind, place=place)
    known = [field.name for field in dataclasses.fields(part) if field.init]
    for option in options:
        if option not in known:
            raise ConfigError(f"{place}.{option}: {kind!r} has no such option; {did_you_mean(str(option), known)}")
    try:
        return TypeAdapter(part).validate_python(dict(options))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join([place, *map(str, first["loc"])])
        raise ConfigError(f"{where}: {first['msg']}, found {first['input']!r}") from error


def describe(path: str) -> str:
    """Return the first line of the docstring of the class at a dotted path, read from its file without importing it."""
    module, _, name = path.partition(":")
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return f"(not importable: {path})"
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    found = next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name), None)
    return (ast.get_docstring(found) or "").partition("\n")[0] if found else f"(reexported by {module})"


@functools.cache
def _installed() -> dict[str, dict[str, str]]:
    """Read the entry points of all installed packages once."""
    found: dict[str, dict[str, str]] = {}
    for point in chain.from_iterable(package.entry_points for package in distributions()):
        if point.group.startswith("framing."):
            found.setdefault(point.group.removeprefix("framing."), {})[point.name] = point.value
    return found
