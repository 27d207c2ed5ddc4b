"""The tables of the report: estimates as a reader wants them, each with the way to the statements behind it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from framing import tables
from framing.charts import group_keys, most_heard
from framing.evidence import COPIED, Conditions, conditions
from framing.measure.alignment.pairs import ALIGNED as QUOTES
from framing.measure.counts import OTHER
from framing.measure.decompose import SPLIT, TERM
from framing.measure.differences import AGAINST, OVER
from framing.measure.grouping import RUN, STATEMENT_GROUPS
from framing.measure.names import parse
from framing.measure.stance import ON_TARGET
from framing.measure.wire import CORRECTED, WIRE
from framing.particulars import particulars
from framing.protocols import Metric
from framing.summary import FEW, FOOTNOTE, HEARD, is_difference, is_few, is_share, with_interval

ESTIMATE = "estimate [interval]"
COMPARED = (AGAINST, OVER, SPLIT, TERM)
SPLIT_INTO = (
    "Difference, a group minus the one it stands against, as the sum of selection, who is heard, and presentation, how "
    "the same voices are shown. Of: "
)
DIFFERENCE = "Difference, a group minus the one it stands against, with the p-value of its test. Of: "


class Room(NamedTuple):
    """How many rows a table may have, and of how many speakers in each group; the most heard are kept."""

    rows: int = sys.maxsize
    heard: int = sys.maxsize


ALL = Room()
PAGE = Room(rows=120)


class Cell(NamedTuple):
    """One estimate as text, with the conditions on the statements behind it."""

    text: str
    conditions: Conditions


class TableRow(NamedTuple):
    """One line of a table: the group as a reader names it, and an estimate for each column of the table.

    `made` says how, in the order of the table's columns `made`.
    """

    names: list[str]
    cells: list[Cell]
    articles: int
    statements: int
    made: list[str]
    note: str


class EstimateTable(NamedTuple):
    """The estimates of one metric under one grouping; `left_out` rows are in the file only.

    `said` tells how all of them were made, the columns `made` what of it varies.
    """

    metric: str
    meaning: str
    said: str
    keys: list[str]
    columns: list[str]
    made: list[str]
    rows: list[TableRow]
    left_out: int
    few: bool


def estimate_tables(
    estimates: pl.DataFrame, speakers: pl.DataFrame, by: Sequence[str], room: Room = ALL
) -> list[EstimateTable]:
    """Lay out all estimates, for each metric the experiment's groups first, then differences; labels become columns."""
    names = dict(speakers.select("speaker_id", "name").iter_rows())
    made = [_table(*found, names, room) for found in _groupings(estimates)]

    def order(table: EstimateTable) -> tuple[str, bool, bool, int]:
        return table.metric, _groups(table) != list(by), AGAINST not in table.keys, len(table.keys)

    return sorted(made, key=order)


def main_table(folder: Path, by: Sequence[str]) -> str:
    """Return the estimates of a run by its groups and the differences as text, with the `HEARD` most heard speakers."""
    made = estimate_tables(tables.read(folder, "estimates"), tables.read(folder, "speakers"), by, Room(heard=HEARD))
    return "\n\n".join(as_text(table) for table in made if _groups(table) == list(by) or AGAINST in table.keys)


def every_estimate(folder: Path, by: Sequence[str]) -> str:
    """Return all estimates of a run as text, one block for each metric and grouping."""
    made = estimate_tables(tables.read(folder, "estimates"), tables.read(folder, "speakers"), by)
    return "\n\n".join(map(as_text, made))


def as_text(table: EstimateTable) -> str:
    """Return a table as lines of text."""
    header = [*table.keys, *table.columns, "articles", "statements", *table.made, "note"]
    lines = [
        [
            *row.names,
            *(cell.text for cell in row.cells),
            f"{row.articles:,}",
            f"{row.statements:,}",
            *row.made,
            row.note,
        ]
        for row in table.rows
    ]
    widths = [max(len(line[column]) for line in [header, *lines]) for column in range(len(header))]
    if not any(row.note for row in table.rows):
        header[-1] = ""
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in [header, *lines]]
    below = [*[table.said] * bool(table.said), *[FOOTNOTE] * table.few]
    return "\n".join([table.metric, *(f"  {line}".rstrip() for line in [*text, *below])])


def _groups(table: EstimateTable) -> list[str]:
    return [key for key in table.keys if key != "speaker"]


class _Layout(NamedTuple):
    """How the rows of one metric and grouping become lines; `named` are the speakers kept apart in each part."""

    metric: Metric
    keys: list[str]
    columns: list[str]
    parts: list[str]
    named: Mapping[tuple[str, ...], set[str]]
    names: Mapping[str, str]

    def in_columns(self, found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Put the estimates of a line into the columns: one, or one for each label."""
        by_column = {row.get("label") or ESTIMATE: row for row in found}
        return [by_column.get(column, found[0]) for column in self.columns]

    def line(self, found: Sequence[Mapping[str, Any]], made: list[str]) -> TableRow:
        """Make a line from its estimates and how they were made."""
        first = found[0]
        return TableRow(
            names=[self.names.get(first[key], first[key] or "–") for key in self.keys],
            cells=[self.cell(row) for row in self.in_columns(found)],
            articles=first["articles"],
            statements=first["statements"],
            made=made,
            note=_note(found),
        )

    def cell(self, row: Mapping[str, Any]) -> Cell:
        """Write one estimate and find the way to its statements."""
        text = "–" if row["value"] is None else with_interval(row, share=is_share(str(self.metric)))
        keys = [key for key in (*self.keys, "label") if key not in (*COMPARED, CORRECTED, WIRE)]
        group = {key: row[key] for key in keys if row.get(key) is not None}
        named = self.named.get(tuple(row[key] for key in self.parts), set())
        behind = conditions(self.metric, group, named)
        if is_difference(row):  # the groups that are compared come first among the keys
            behind["where"][self.keys[0]].append(row[AGAINST])
        if row.get(OVER) == QUOTES:
            behind["where"]["aligned"] = ["yes"]
        if row["wire_policy"] == "drop":
            behind["where"][COPIED] = ["no"]
        return Cell(text + (" †" if is_few(row) else ""), behind)


def _groupings(estimates: pl.DataFrame) -> Iterator[tuple[Metric, list[str], pl.DataFrame]]:
    """Yield each metric once for each grouping that it was measured in, with the names of the groups and the rows."""
    for name in estimates["metric"].unique(maintain_order=True):
        metric = parse(name)
        groups = [key for key in group_keys(estimates) if key not in metric.keys]
        groups.sort(key=lambda key: (key == CORRECTED, key in COMPARED, key != RUN, key))
        used = [pl.col(key).is_not_null().alias(f"by {key}") for key in groups]
        rows = estimates.filter(pl.col("metric") == name)
        for flags, part in rows.group_by(used or [pl.lit(True)], maintain_order=True):
            yield metric, [key for key, flag in zip(groups, flags, strict=False) if flag], part


def _table(
    metric: Metric, groups: Sequence[str], rows: pl.DataFrame, names: Mapping[str, str], room: Room
) -> EstimateTable:
    keys = [*groups, *metric.keys]
    rows = rows.with_columns(pl.lit(None, pl.String).alias(key) for key in keys if key not in rows.columns)
    kept = rows
    if "speaker" in keys:
        each = room.rows // (rows.select(groups).n_unique() if groups else 1)
        kept = most_heard(rows, groups, keys, min(room.heard, max(HEARD, each)))
    line_keys = [key for key in keys if key != "label"]
    labels = sorted({*ON_TARGET, *rows["label"].drop_nulls()}, key=_label_order) if "label" in keys else [ESTIMATE]
    parts = [key for key in groups if key in STATEMENT_GROUPS]
    layout = _Layout(metric, line_keys, labels, parts, _named(rows, parts) if "speaker" in keys else {}, names)
    lines: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in kept.iter_rows(named=True):
        lines.setdefault(tuple(row[key] for key in line_keys), []).append(row)
    shown = list(lines.values())[: room.rows]
    made = particulars([layout.in_columns(found) for found in shown], labels)
    return EstimateTable(
        metric=str(metric),
        meaning=_difference(keys) + (inspect.getdoc(type(metric)) or "").partition("\n")[0],
        said=made.said,
        keys=line_keys,
        columns=labels,
        made=made.columns,
        rows=[layout.line(*line) for line in zip(shown, made.cells, strict=True)],
        left_out=(rows.select(line_keys).n_unique() if line_keys else 1) - len(shown),
        few=any(is_few(row) for found in shown for row in found),
    )


def _difference(keys: Sequence[str]) -> str:
    """Say what is meant where two groups are compared."""
    return SPLIT_INTO if TERM in keys else DIFFERENCE * (AGAINST in keys)


def _named(rows: pl.DataFrame, parts: Sequence[str]) -> dict[tuple[str, ...], set[str]]:
    named: dict[tuple[str, ...], set[str]] = {}
    for *part, speaker in rows.filter(pl.col("speaker") != OTHER).select(*parts, "speaker").iter_rows():
        named.setdefault(tuple(part), set()).add(speaker)
    return named


def _label_order(label: str) -> tuple[int, str]:
    return (ON_TARGET.index(label) if label in ON_TARGET else len(ON_TARGET), label)


def _note(found: Sequence[Mapping[str, Any]]) -> str:
    """Join what the notes of a line say beside the footnote."""
    notes = [note for row in found for note in (row["note"] or "").split("; ") if note and FEW not in note]
    return "; ".join(dict.fromkeys(notes))
