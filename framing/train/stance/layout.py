"""How a file of labelled statements is laid out: the column of every field, and what its labels are called."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath
from typing import NamedTuple, TypeAlias

from framing.coding.codes import is_conditional
from framing.errors import ConfigError, CorpusError, did_you_mean

REQUIRED = ("id", "text", "target", "label")
FIELDS = (
    *REQUIRED,
    "context",
    "speaker",
    "conditional",
    "phenomenon",
    "family",
    "on_topic",
    "article_id",
)  # fmt: skip
NEVER_UNREAD = ("text", "label")

Columns: TypeAlias = Mapping[str, str | None]
Labels: TypeAlias = Mapping[str | bool | int | float, str]
"""The keys as YAML gives them, so that an unquoted `yes` is seen to be no name."""


class Record(NamedTuple):
    """One labelled statement as its file gives it: the file and the line, row or task, and the values by column."""

    source: str
    unit: str
    number: str
    values: Mapping[str, object]

    @property
    def place(self) -> str:
        """Name the file and the record in it."""
        return f"{self.source} {self.unit} {self.number}"


@dataclass(frozen=True)
class Layout:
    """Which column holds which field, and which label of the codebook a label of the file stands for.

    `columns` names the column of a field that is not called the same (`{text: sentence}`); null leaves a field unread
    (`{speaker: null}`), and with `{id: null}` rows are named by their file and number. `labels` maps labels of the
    file to those of the codebook (`{FAVOR: support}`); what it does not name has to be a label of the codebook.
    `target` is that of all rows; where it is given, the column of targets is not read.

    Raises:
        ConfigError: there is no such field, or a label to map from is no name.
    """

    columns: Columns = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)
    target: str | None = None

    def __post_init__(self) -> None:
        for name, column in self.columns.items():
            if name not in FIELDS:
                raise ConfigError(
                    f"columns.{name}: labelled statements have no such field; {did_you_mean(name, FIELDS)}"
                )
            if column is None and name in NEVER_UNREAD:
                raise ConfigError(f"columns.{name}: found null, expected a column; every row needs its {name}")
        for label in self.labels:
            if isinstance(label, bool):
                raise ConfigError(
                    f"labels: found the key {str(label).lower()}, which YAML makes of yes, no, on, off, true and "
                    "false; put the label in quote marks"
                )

    def column(self, name: str) -> str | None:
        """Return the column of a field, or None where it is not read."""
        return None if name == "target" and self.target is not None else self.columns.get(name, name)

    def expected(self) -> set[str]:
        """Return the columns that `columns` names: each has to be in every file, be it in a single row."""
        return {column for name in self.columns if (column := self.column(name)) is not None}

    def unmet(self, missing: Iterable[str], source: str, known: Iterable[str]) -> CorpusError:
        """Return the error that says that no row of a file has a column which `columns` names."""
        column = min(missing)
        name = next(name for name in self.columns if self.column(name) == column)
        return CorpusError(
            f"{source}: no row has a column {column!r}, where columns.{name} expects the {name}; mend the name or set "
            f"columns.{name} to null; {did_you_mean(column, map(str, known))}"
        )

    def fields(self, record: Record) -> dict[str, object]:
        """Return the values of a record by field, without those that are blank.

        Raises:
            CorpusError: a field that every row needs has no column or is blank; the message names the place.
        """
        found: dict[str, object] = {}
        for name in FIELDS:
            value = self._value(name, record)
            if value is not None:
                found[name] = value
        if isinstance(given := found.get("conditional"), str):
            found["conditional"] = is_conditional(given, record.place)
        found["label"] = self._label(found["label"])
        return found

    def _value(self, name: str, record: Record) -> object:
        column = self.column(name)
        if column is None:
            return _made(record) if name == "id" else self.target if name == "target" else None
        if name in REQUIRED and column not in record.values:
            raise CorpusError(f"{record.place}: {self._missing(name, column, record.values)}")
        value = record.values.get(column)
        if not _is_blank(value):
            return value
        if name in REQUIRED:
            raise CorpusError(
                f"{record.place}: {name}: found {reprlib.repr(value)}, expected the {name} of the statement; fill it, "
                f"or take the {record.unit} out of the file"
            )
        return None

    def _missing(self, name: str, column: str, values: Mapping[str, object]) -> str:
        known = list(islice(map(str, values), 20))
        ways = {
            "id": "; name its column in columns.id, or set that to null to have rows named by their number",
            "target": "; name its column in columns.target, or give the one target of all rows as target",
        }
        way = ways.get(name, f"; name its column in columns.{name}")
        if name in self.columns:
            return (
                f"there is no column {column!r}, where columns.{name} expects the {name}; {did_you_mean(column, known)}"
            )
        return f"the field {name!r} is missing{way}; {did_you_mean(name, known)}"

    def _label(self, value: object) -> object:
        mapped = {_name(label): to for label, to in self.labels.items()}
        return mapped.get(_name(value), value)


def _made(record: Record) -> str:
    """Name a record by its file and number: rows without ids may repeat each other word by word."""
    return f"{PurePath(record.source).name}:{record.number}"


def _name(label: object) -> str:
    """Return a label as it is written: whole numbers without a point, which tables lose and gain on their way."""
    if isinstance(label, bool):
        return str(label).lower()
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    return str(label).strip()


def _is_blank(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, float) and math.isnan(value))
