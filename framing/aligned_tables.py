"""Aligned quotes for a reader: how outlets compare over the utterances that they share, and every version of these."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from framing import tables
from framing.charts import counted
from framing.evidence import Conditions
from framing.measure.alignment.outcomes import OUTCOMES, Aligned
from framing.measure.differences import AGAINST
from framing.measure.wire import WIRE
from framing.particulars import particulars
from framing.summary import is_few, is_share, with_interval

UTTERANCE = "utterance"
"""The field of a statement that numbers the utterance it is a version of."""

SHOWN = 50  # utterances that a page shows, those of most outlets
OUTCOME_NAMES = {
    "kept": "share of the words kept",
    "direct": "all in quote marks",
    "plain_verb": "plain verb",
    "speech": "cue of speech",
    "lead": "in the first three paragraphs",
    "position": "place in the article",
}


class PairRow(NamedTuple):
    """Two outlets and an estimate for each outcome; `quotes` says over how many utterances, `made` how it was made."""

    pair: str
    cells: list[str]
    quotes: str
    made: list[str]


class PairTable(NamedTuple):
    """Pairs of outlets; `said` tells how all of them were compared, the columns `made` what of it varies."""

    columns: list[str]
    said: str
    made: list[str]
    rows: list[PairRow]


class ShownVersion(NamedTuple):
    """One version of an utterance, as the page shows it."""

    outlet: str
    published: str
    speaker: str
    cue: str
    kept: str
    place: str
    content: str


class ShownUtterance(NamedTuple):
    """One utterance: its longest version, the way to its statements, and the versions, the fullest first."""

    text: str
    outlets: int
    conditions: Conditions
    versions: list[ShownVersion]


class AlignedTables(NamedTuple):
    """What a page says about aligned quotes; `left_out` utterances are in the file only."""

    sentence: str
    pairs: PairTable
    utterances: list[ShownUtterance]
    left_out: int
    fields: Mapping[str, Mapping[str, str]]


def aligned_tables(folder: Path) -> AlignedTables | None:
    """Return what a run found of aligned quotes, and the fields that its statements get; None if it looked for none."""
    if not (folder / "aligned.parquet").exists():
        return None
    aligned = tables.read(folder, "aligned")
    ids = aligned["utterance"].unique().sort()
    numbers = dict(zip(ids, map(str, range(1, len(ids) + 1)), strict=True))
    contents = dict(tables.read(folder, "statements", ["statement_id", "content"]).iter_rows())
    names = dict(tables.read(folder, "speakers", ["speaker_id", "name"]).iter_rows())
    ordered = aligned.with_columns(outlets=pl.col("outlet").n_unique().over("utterance"))
    order = ["outlets", "utterance", "kept", "outlet", "statement_id"]
    ordered = ordered.sort(order, descending=[name in ("outlets", "kept") for name in order])
    made = [
        _utterance(rows, numbers, contents, names)
        for _, rows in ordered.head(_rows_of(ordered, SHOWN)).group_by("utterance", maintain_order=True)
    ]
    said = aligned.select("statement_id", "utterance").iter_rows()
    return AlignedTables(
        sentence=sentence(aligned),
        pairs=_pairs(tables.read(folder, "estimates")),
        utterances=made,
        left_out=len(ids) - len(made),
        fields={statement: {"aligned": "yes", UTTERANCE: numbers[utterance]} for statement, utterance in said},
    )


def sentence(aligned: pl.DataFrame) -> str:
    """Say how many utterances several outlets render."""
    if aligned.is_empty():
        return "No utterance was found that two outlets or more render in the same words."
    found = aligned["utterance"].n_unique()
    statements, outlets = counted(aligned.height, "statement"), counted(aligned["outlet"].n_unique(), "outlet")
    whole = aligned.filter(pl.col("statement_id") != pl.col("utterance"))["kept"].median()
    kept = f"; the median version keeps {whole:.0%} of the longest one's words" if isinstance(whole, float) else ""
    return f"{counted(found, 'utterance')} rendered by two outlets or more, in {statements} of {outlets}{kept}."


def _rows_of(ordered: pl.DataFrame, count: int) -> int:
    """Count the rows of the first utterances."""
    return int((ordered["utterance"].rle_id() < count).sum())


def _pairs(estimates: pl.DataFrame) -> PairTable:
    columns = list(OUTCOME_NAMES.values())
    if AGAINST not in estimates.columns:
        return PairTable(columns, "", [], [])
    names = [str(Aligned(outcome)) for outcome in OUTCOMES]
    chosen = estimates.filter(pl.col("metric").is_in(names) & pl.col(AGAINST).is_not_null())
    chosen = chosen.filter(pl.col(WIRE).is_null()) if WIRE in chosen.columns else chosen
    found: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    for row in chosen.iter_rows(named=True):
        found.setdefault((row["outlet"], row[AGAINST]), {})[row["metric"]] = row
    pairs = sorted(found.items())
    lines = [[rows[name] for name in names] for _, rows in pairs]
    made = particulars(lines, columns, counts=True)
    rows = [
        PairRow(f"{first} − {second}", [_written(row) for row in line], _quotes(line[0]), how)
        for ((first, second), _), line, how in zip(pairs, lines, made.cells, strict=True)
    ]
    return PairTable(columns, made.said, made.columns, rows)


def _quotes(row: Mapping[str, Any]) -> str:
    return (row["note"] or "").partition(";")[0]


def _written(row: Mapping[str, Any]) -> str:
    if row["value"] is None:
        return "–"
    return with_interval(row, share=is_share(row["metric"])) + (" †" if is_few(row) else "")


def _utterance(
    rows: pl.DataFrame, numbers: Mapping[str, str], contents: Mapping[str, str], names: Mapping[str, str]
) -> ShownUtterance:
    first = rows.row(0, named=True)
    where = {UTTERANCE: [numbers[first["utterance"]]]}
    return ShownUtterance(
        text=contents[first["utterance"]],
        outlets=first["outlets"],
        conditions={"target": None, "where": where, "unless": {}},
        versions=[
            ShownVersion(
                outlet=row["outlet"],
                published=row["published"].isoformat() if row["published"] else "",
                speaker=names.get(row["speaker_id"], "") if row["speaker_id"] else "",
                cue=row["cue"] or "",
                kept=f"{row['kept']:.0%}",
                place=f"{row['position']:.0%}",
                content=contents[row["statement_id"]],
            )
            for row in rows.iter_rows(named=True)
        ],
    )
