"""Wire copy for a reader: every headline with and without it, and the ledger of copied texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from framing import tables
from framing.charts import counted, group_keys
from framing.measure.wire import WIRE
from framing.particulars import particulars
from framing.summary import FOOTNOTE, group_name, is_few, is_share, with_interval

CLUSTERS = 50  # that a page shows, the largest
COUNTED = "the articles / statements that it rests on"
POLICIES = {"keep": "with wire copy", "drop": "without", "weight": "each text weighing 1"}


class Headline(NamedTuple):
    """One estimate under each policy on wire copy, in the order of the columns; `made` says how in those of `made`."""

    metric: str
    group: str
    cells: list[str]
    made: list[str]


class Copy(NamedTuple):
    """One article of a cluster, as the page shows it."""

    outlet: str
    published: str
    title: str
    share: str
    cue: str
    kept: bool


class CopiedText(NamedTuple):
    """One cluster: where it seems to come from, and its articles."""

    origin: str
    basis: str
    outlets: int
    articles: list[Copy]


class Headlines(NamedTuple):
    """Estimates side by side; `said` tells how all of them were made, the columns `made` what of it varies."""

    columns: list[str]
    said: str
    made: list[str]
    rows: list[Headline]


class WireTables(NamedTuple):
    """What a page says about wire copy; `left_out` clusters are in the file only."""

    sentence: str
    notes: list[str]
    headlines: Headlines
    clusters: list[CopiedText]
    left_out: int


PAIRED = "aligned("
"""How metrics of pairs of aligned quotes begin."""


def wire_tables(folder: Path, notes: Sequence[str]) -> WireTables | None:
    """Return what the ledger of a run says and does; None if the run looked for no copies."""
    if not (folder / "wire.parquet").exists():
        return None
    ledger = tables.read(folder, WIRE)
    articles = tables.read(folder, "articles", ["article_id", "title"])
    clusters = _clusters(ledger, dict(articles.iter_rows()))
    return WireTables(
        sentence=sentence(ledger, articles.height),
        notes=list(notes),
        headlines=with_and_without(tables.read(folder, "estimates")),
        clusters=clusters[:CLUSTERS],
        left_out=max(0, len(clusters) - CLUSTERS),
    )


def sentence(ledger: pl.DataFrame, articles: int) -> str:
    """Say how much of a corpus is wire copy."""
    if ledger.is_empty():
        return f"Of {counted(articles, 'article')}, none shares its text with one of another outlet."
    texts = ledger["cluster_id"].n_unique()
    agencies = ledger.unique("cluster_id").filter(pl.col("origin_basis").str.contains(r" of \d+ of \d+ articles$"))
    return (
        f"{ledger.height:,} of {counted(articles, 'article')} print {counted(texts, 'text')} that other outlets print "
        f"too; a news agency is credited in {agencies.height:,} of these texts."
    )


def with_and_without(estimates: pl.DataFrame) -> Headlines:
    """Set every estimate that was made under several policies side by side, but for those of single speakers.

    Pairs of aligned quotes are left out as well: copies of one text are most of them.
    The columns are the policies, the main one first; there are none where only one was measured.
    """
    if WIRE not in estimates.columns:
        return Headlines([], "", [], [])
    main = estimates.filter(pl.col(WIRE).is_null())["wire_policy"][0]
    others = estimates[WIRE].drop_nulls().unique().sort().to_list()
    keys = [key for key in group_keys(estimates) if key != WIRE]
    rows: dict[tuple[str | None, ...], dict[str | None, Mapping[str, Any]]] = {}
    for row in estimates.iter_rows(named=True):
        if row.get("speaker") is None and not row["metric"].startswith(PAIRED):
            rows.setdefault((row["metric"], *(row[key] for key in keys)), {})[row[WIRE]] = row
    shown = {key: found for key, found in rows.items() if None in found and len(found) > 1}
    columns = [POLICIES[policy] for policy in (main, *others)]
    lines = [[found.get(policy) for policy in (None, *others)] for found in shown.values()]
    made = particulars(lines, columns)
    headlines = [
        Headline(str(metric), group_name(dict(zip(keys, group, strict=True))), [_written(row) for row in line], how)
        for (metric, *group), line, how in zip(shown, lines, made.cells, strict=True)
    ]
    return Headlines(columns, made.said, made.columns, headlines)


def as_text(found: WireTables) -> str:
    """Return what a run found of wire copy as lines of text, without the single articles."""
    shown = found.headlines
    lines = [["metric", "group", *shown.columns, *shown.made]]
    lines += [[row.metric, row.group, *row.cells, *row.made] for row in shown.rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    rows = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    said = [found.sentence, *found.notes]
    if shown.rows:
        said += [f"after each estimate: {COUNTED}", *(f"  {row}" for row in (*rows, shown.said))]
    few = any("†" in cell for headline in shown.rows for cell in headline.cells)
    return "\n".join(["wire copy", *said, *[f"  {FOOTNOTE}"] * few])


def _written(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "–"
    written = with_interval(row, share=is_share(row["metric"])) + (" †" if is_few(row) else "")
    return f"{written} · {row['articles']:,} / {row['statements']:,}"


def _clusters(ledger: pl.DataFrame, titles: Mapping[str, str | None]) -> list[CopiedText]:
    made = []
    ordered = ledger.sort("articles", "cluster_id", descending=[True, False], maintain_order=True)
    for _, rows in ordered.group_by("cluster_id", maintain_order=True):
        first = rows.row(0, named=True)
        made.append(
            CopiedText(
                origin=first["origin"] or "unknown",
                basis=first["origin_basis"].removeprefix("unknown: "),
                outlets=first["outlets"],
                articles=[_copy(row, titles) for row in rows.iter_rows(named=True)],
            )
        )
    return made


def _copy(row: Mapping[str, Any], titles: Mapping[str, str | None]) -> Copy:
    return Copy(
        outlet=row["outlet"],
        published=row["published"].isoformat() if row["published"] else "",
        title=titles.get(row["article_id"]) or row["article_id"],
        share=f"{row['share_in_centre']:.0%} of it, {row['share_of_centre']:.0%} of the other",
        cue=row["cue"] or "",
        kept=row["kept"],
    )
