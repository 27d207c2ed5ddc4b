"""The marker lexicon of the linear classifier: words and phrases that coding rules make matter, read from YAML."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from framing.errors import ConfigError
from framing.resources import read_yaml

SHIPPED = "framing:lexicon/stance.yaml"


class Marker(BaseModel):
    """Phrases that mean the same to a coding rule; `side` is the side taken where the phrase is not negated."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: Annotated[int, Field(ge=1)]
    side: Literal[-1, 0, 1]
    phrases: Annotated[tuple[str, ...], Field(min_length=1)]


class Lexicon(BaseModel):
    """Negators, the words that end their scope, words that are no names, states to mask, and the markers by name.

    `reversers` are phrases that turn round, or speak ill of, what stands beside them in their clause.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    negators: tuple[str, ...]
    scope_ends: tuple[str, ...]
    plain: tuple[str, ...]
    countries: tuple[str, ...]
    reversers: tuple[str, ...]
    markers: Annotated[dict[str, Marker], Field(min_length=1)]


@functools.cache
def read_lexicon(path: str | Path = SHIPPED) -> Lexicon:
    """Read and check a marker lexicon; the result is cached by path.

    Raises:
        ConfigError: a key is unknown or a value does not fit; the message names the place in the file.
    """
    try:
        return Lexicon.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{path}: {where}: {first['msg']}, found {first['input']!r}") from error
