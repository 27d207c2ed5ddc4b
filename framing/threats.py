"""Threats to the validity of a run: which of them it checked, what that found, and which are left to its reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from framing import curves, tables
from framing.charts import counted
from framing.error_tables import error_tables
from framing.measure.counts import NONE
from framing.measure.differences import AGAINST, OVER
from framing.measure.scopes import ALL
from framing.measure.wire import WIRE
from framing.methods import Record, few

CHECKED, NOT_CHECKED = "checked", "not checked"


class Threat(NamedTuple):
    """One threat; `anchor` is the section of the page that shows more, if there is one."""

    name: str
    status: str
    found: str
    anchor: str | None = None


def threats(folder: Path, record: Record) -> list[Threat]:
    """List the threats to a run, whether or not it checked them.

    Raises:
        CorpusError: a table of the run is missing.
    """
    return [
        *_of_labels(folder),
        *_of_corpus(folder, record),
        *_of_inference(folder),
    ]


def _of_labels(folder: Path) -> Iterator[Threat]:
    errors = error_tables(folder)
    asked = (folder / "stances.parquet").exists()
    if asked:
        name, found = "classifier error", "no hand codes were given; `framing sample` draws articles for them"
        if errors:
            others = sorted({*tables.read(folder, "stances", ["target"])["target"]} - {errors.target})
            found = f"toward {errors.target} by hand codes; corrected estimates stand beside the others"
            found += f"; not checked toward {', '.join(others)}" if others else ""
        yield Threat(name, CHECKED if errors else NOT_CHECKED, found, "errors" if errors else None)
        name = "differential error between groups"
        if errors:
            yield Threat(name, CHECKED, errors.verdict, "errors")
        else:
            yield Threat(name, NOT_CHECKED, "a difference between outlets may be one in the classifier's mistakes")
        yield Threat(
            "agreement of coders",
            NOT_CHECKED,
            "a run takes codes as they are; `framing agree CODES` compares coders with each other"
            if errors
            else "there are no hand codes",
        )
        yield _abstention(folder)
    yield Threat(
        "statements missed or wrongly found", NOT_CHECKED, "`framing evaluate quotes` scores the extractor against gold"
    )
    statements = tables.read(folder, "statements", ["article_id", "speaker_id"])
    nobody = statements.with_columns(missing=pl.col("speaker_id").is_null())
    if statements.height:
        anchor = "tables" if _measured(folder, "source_share") else None
        yield Threat("unresolved speakers", CHECKED, _by_outlet(folder, nobody, "without a speaker"), anchor)


def _abstention(folder: Path) -> Threat:
    stances = tables.read(folder, "stances", ["statement_id", "abstained"])
    owners = tables.read(folder, "statements", ["statement_id", "article_id"])
    rows = stances.join(owners, on="statement_id").with_columns(missing="abstained")
    if rows.is_empty():
        return Threat("abstention", NOT_CHECKED, "no statement was asked about")
    anchor = "tables" if _measured(folder, "abstention_rate") else None
    return Threat("abstention", CHECKED, _by_outlet(folder, rows, "abstained from"), anchor)


def _measured(folder: Path, kind: str) -> bool:
    return tables.read(folder, "estimates", ["metric"])["metric"].str.starts_with(kind).any()


def _by_outlet(folder: Path, rows: pl.DataFrame, what: str) -> str:
    """Say what share of rows is missing, and between which outlets it ranges."""
    outlets = tables.read(folder, "articles", ["article_id", "outlet"]).with_columns(pl.col("outlet").fill_null(NONE))
    by = rows.join(outlets, on="article_id").group_by("outlet").agg(pl.col("missing").mean()).sort("missing", "outlet")
    said = f"{rows['missing'].sum() / rows.height:.1%} {what}"
    if by.height > 1:
        (low, least), (high, most) = by.row(0), by.row(-1)
        said += f", from {least:.1%} in {low} to {most:.1%} in {high}"
    return said


def _of_corpus(folder: Path, record: Record) -> Iterator[Threat]:
    yield Threat(
        "which articles came into the corpus", NOT_CHECKED, "a run sees only the articles that it is given", "articles"
    )
    rejected = record.counts.get("rejected", 0)
    yield Threat("rows that could not be read", CHECKED, f"{counted(rejected, 'row')}; rejected.jsonl has the reasons")
    if (folder / "wire.parquet").exists():
        ledger, estimates = tables.read(folder, WIRE), tables.read(folder, "estimates")
        twice = WIRE in estimates.columns and estimates[WIRE].null_count() < estimates.height
        found = f"{counted(ledger.height, 'article')} share a text with another outlet"
        found += "; estimates are shown with and without" if twice else ""
        found += "" if ledger.is_empty() else "; copies that are kept count as independent articles in intervals"
        found = "; ".join([found, *record.wire_notes])
        yield Threat("wire copy", CHECKED, found, "wire")
    else:
        yield Threat("wire copy", NOT_CHECKED, "no copies were looked for")


def _of_inference(folder: Path) -> Iterator[Threat]:
    estimates = tables.read(folder, "estimates")
    small, valued = few(estimates)
    yield Threat(
        "few clusters", CHECKED, f"{small:,} of {valued:,} estimates rest on few articles or events (†)", "tables"
    )
    compared = AGAINST in estimates.columns
    if compared:
        tested = estimates.filter(pl.col("p_value").is_not_null())
        bare = tested.filter(pl.col("p_adjusted").is_null()).height
        found = (
            f"{tested.height:,} tests, {bare:,} of them without adjustment; families are not adjusted for each other"
        )
        yield Threat("many comparisons", CHECKED, found, "tables")
        shared = OVER in estimates.columns and estimates.filter(pl.col(OVER).str.starts_with("shared ")).height > 0
        events = tables.read(folder, "articles", ["event_id"])["event_id"].drop_nulls().n_unique()
        if shared:
            yield Threat(
                "outlets report different events", CHECKED, "differences are shown over shared events too", "tables"
            )
        else:
            found = f"differences are over {ALL}" + ("; there are no event ids" if not events else "")
            yield Threat("outlets report different events", NOT_CHECKED, found)
        split = "term" in estimates.columns
        found = "differences are split into who is heard and how the same voices are shown"
        yield Threat(
            "selection of speakers taken for presentation",
            CHECKED if split else NOT_CHECKED,
            found if split else "`measure.decompose` splits differences",
            "tables" if split else None,
        )
    varied = (folder / f"{curves.TABLE}.parquet").exists()
    yield Threat(
        "choices of the analyst",
        CHECKED if varied else NOT_CHECKED,
        "the measures were run again under other choices" if varied else "`framing multiverse` varies them",
        "specifications" if varied else None,
    )
