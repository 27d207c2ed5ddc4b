"""Labelled statements for training a stance classifier, read from JSONL and checked line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from framing.errors import CorpusError, did_you_mean
from framing.protocols import StanceQuery
from framing.resources import locate
from framing.stance.codebook import Codebook
from framing.types import Label

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Fields(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: Text
    text: Text
    context: str | None = None
    speaker: str | None = None
    target: Text
    label: Label
    conditional: bool = False
    phenomenon: str = "other"
    family: str | None = None
    on_topic: bool = True


class StanceRow(NamedTuple):
    """A query with its gold label; rows of one `family` are variants of each other and must not be split.

    A row is `on_topic` if its passage stands for one of an article about the target, whatever the passage itself says.
    """

    query: StanceQuery
    label: Label
    conditional: bool
    phenomenon: str
    family: str
    on_topic: bool = True


def read_rows(paths: Sequence[str | Path], codebook: Codebook) -> list[StanceRow]:
    """Read the rows of several files, in order.

    Raises:
        CorpusError: a file cannot be read or holds no row, a field is missing or wrong, a label is not in the codebook,
            an id comes twice, or all rows of a target have one label. The message names file and line.
        ConfigError: a row names a target that the codebook does not have.
    """
    seen: dict[str, str] = {}
    rows: list[StanceRow] = []
    for path in paths:
        for place, row in _lines(path, codebook):
            if row.query.statement_id in seen:
                raise CorpusError(
                    f"{place}: id {row.query.statement_id!r} stands at {seen[row.query.statement_id]} too"
                )
            seen[row.query.statement_id] = place
            rows.append(row)
    for target in sorted({row.query.target for row in rows}):
        labels = {row.label for row in rows if row.query.target == target}
        if len(labels) == 1:
            raise CorpusError(
                f"{', '.join(map(str, paths))}: every row of target {target!r} is labelled {min(labels).value!r}; "
                "a classifier needs at least two labels"
            )
    return rows


def _lines(path: str | Path, codebook: Codebook) -> Iterator[tuple[str, StanceRow]]:
    try:
        text = locate(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    empty = True
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            empty = False
            place = f"{path} line {number}"
            yield place, _row(line, place, codebook)
    if empty:
        raise CorpusError(f"{path}: holds no rows")


def _row(line: str, place: str, codebook: Codebook) -> StanceRow:
    try:
        fields = _Fields.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise CorpusError(f"{place}: not JSON ({error.msg} at character {error.pos + 1})") from error
    except ValidationError as error:
        raise CorpusError(f"{place}: {_explain(error, codebook)}") from error
    codebook.require(fields.target, place=place)
    if fields.label not in codebook.labels:
        labels = ", ".join(codebook.labels)
        raise CorpusError(f"{place}: label {fields.label.value!r} is not in the codebook; it has {labels}")
    return StanceRow(
        StanceQuery(fields.id, fields.text, fields.context or fields.text, fields.speaker, fields.target),
        label=fields.label,
        conditional=fields.conditional,
        phenomenon=fields.phenomenon,
        family=fields.family or fields.id,
        on_topic=fields.on_topic,
    )


def _explain(error: ValidationError, codebook: Codebook) -> str:
    first = error.errors()[0]
    field = ".".join(map(str, first["loc"])) or "the line"
    if first["type"] == "missing":
        return f"the field {field!r} is missing"
    if first["type"] == "enum":
        labels = [label.value for label in codebook.labels]
        return f"no label is called {first['input']!r}; {did_you_mean(str(first['input']), labels)}"
    return f"{field}: {first['msg']}, found {first['input']!r}"
