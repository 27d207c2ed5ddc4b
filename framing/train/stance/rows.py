"""Labelled statements for training a stance classifier, from files of many forms, checked row by row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from framing.errors import ConfigError, CorpusError, did_you_mean
from framing.protocols import StanceQuery
from framing.stance.codebook import Codebook
from framing.train.stance.formats import records
from framing.train.stance.layout import Layout, Record
from framing.types import Label


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[Text, BeforeValidator(_as_text)]


class _Fields(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: Id
    text: Text
    context: str | None = None
    speaker: str | None = None
    target: Text
    label: Label
    conditional: bool = False
    phenomenon: str = "other"
    family: Id | None = None
    on_topic: bool = True
    article_id: Id | None = None


class StanceRow(NamedTuple):
    """A query with its gold label; rows of one `family` are variants of each other and must not be split.

    A row is `on_topic` if its passage stands for one of an article about the target, whatever the passage itself says.
    `article_id` names the article it was taken from, if that is known, so that articles can be kept apart.
    """

    query: StanceQuery
    label: Label
    conditional: bool
    phenomenon: str
    family: str
    on_topic: bool = True
    article_id: str | None = None


def read_rows(
    sources: Sequence[str | Path], codebook: Codebook, *, layout: Layout | None = None, free: bool = False
) -> list[StanceRow]:
    """Read the rows of several sources, in order; what a source can be is told by `formats.records`.

    With `free`, a target that the codebook does not have is taken as it is worded ("Zoos should be closed"), unless it
    is written like a name ("ukraine_nato"). Such targets are many and small, so each may have one label only.

    Raises:
        CorpusError: a source cannot be read or holds no row, a field is missing or wrong, a label is neither in the
            layout nor in the codebook, an id comes twice for a target, or all rows of a target of the codebook have one
            label. The message names the place.
        ConfigError: a row names a target, or the layout a label, that the codebook does not have.
        MissingExtraError: a data set of the Hub is asked for without the package `datasets`.
    """
    layout = layout or Layout()
    _check_labels(layout, codebook)
    seen: dict[tuple[str, str], str] = {}
    rows: list[StanceRow] = []
    for source in sources:
        for record in records(source, layout):
            row = _row(record, layout, codebook, free=free)
            key = (row.query.statement_id, row.query.target)
            if key in seen:
                raise CorpusError(
                    f"{record.place}: id {key[0]!r} stands at {seen[key]} too, with the same target; give one of the "
                    "two another id, name another column in columns.id, or set that to null"
                )
            seen[key] = record.place
            rows.append(row)
    for target in sorted({row.query.target for row in rows} & codebook.targets.keys()):
        labels = {row.label for row in rows if row.query.target == target}
        if len(labels) == 1:
            raise CorpusError(
                f"{', '.join(map(str, sources))}: every row of target {target!r} is labelled {min(labels).value!r}; "
                "a classifier needs at least two labels"
            )
    return rows


def _check_labels(layout: Layout, codebook: Codebook) -> None:
    for name, label in layout.labels.items():
        if label not in codebook.labels:
            known = [each.value for each in codebook.labels]
            raise ConfigError(f"labels.{name}: the codebook has no label {label!r}; {did_you_mean(str(label), known)}")


def _row(record: Record, layout: Layout, codebook: Codebook, *, free: bool) -> StanceRow:
    place = record.place
    try:
        fields = _Fields.model_validate(layout.fields(record))
    except ValidationError as error:
        raise CorpusError(f"{place}: {_explain(error, codebook)}") from error
    if not free or "_" in fields.target:
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
        article_id=fields.article_id,
    )


def _explain(error: ValidationError, codebook: Codebook) -> str:
    first = error.errors()[0]
    if first["type"] == "enum":
        labels = [label.value for label in codebook.labels]
        near = did_you_mean(str(first["input"]), labels)
        return f"no label is called {first['input']!r}; {near} (map it in labels if it stands for one of them)"
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}, found {first['input']!r}"
