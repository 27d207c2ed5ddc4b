"""One self-contained HTML page for a run: plain words, figures, tables, and every sentence behind them.

Everything that comes from a corpus is escaped by the template engine; the page loads nothing from anywhere.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined

from framing import summary, tables
from framing.marking import Segment, segments
from framing.types import Label, Statement

TABLE_ROWS = 300  # of one metric on the page; all rows are in estimates.parquet


class MarkedArticle(NamedTuple):
    """An article for the page; the numbers in its segments count statements over the whole page, from `first`."""

    title: str
    outlet: str
    published: str
    first: int
    n_statements: int
    segments: list[Segment]


class Cell(NamedTuple):
    """One estimate for the page, with its group as a reader names it and the filter that opens its statements."""

    estimate: Mapping[str, Any]
    names: list[str]
    filter: dict[str, str]


class MetricTable(NamedTuple):
    """The estimates of one metric under one grouping; `left_out` rows are in the file only."""

    metric: str
    keys: list[str]
    cells: list[Cell]
    left_out: int


class Details(NamedTuple):
    """What a run's manifest says about it, as far as the page shows it."""

    title: str
    started: str
    config_sha256: str
    versions: Mapping[str, str]
    counts: Mapping[str, int]
    warnings: list[str]


def write(folder: Path, charts: Mapping[str, Mapping[str, Path]], details: Details, *, articles: int) -> Path:
    """Write `report.html` into a run folder from its tables and figures, and return its path.

    At most `articles` texts are put on the page, the first by id; the page says how many are left out.

    Raises:
        CorpusError: a table of the run is missing.
    """
    statements, speakers, estimates = (tables.read(folder, name) for name in ("statements", "speakers", "estimates"))
    stances = tables.read(folder, "stances") if (folder / "stances.parquet").exists() else None
    shown = pl.scan_parquet(folder / "articles.parquet").head(articles).collect()
    marked, listed = _marked(shown, statements, _speakers(speakers), _stances(stances))
    facts = summary.facts(folder, details.counts)
    environment = Environment(
        loader=PackageLoader("framing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"with_interval": summary.with_interval, "is_share": summary.is_share}
    page = environment.get_template("report.html").render(
        details=details,
        facts=facts,
        sentences=summary.sentences(folder, facts),
        figures={name: _inline(files["svg"]) for name, files in charts.items()},
        tables=_metric_tables(estimates, dict(speakers.select("speaker_id", "name").iter_rows())),
        articles=marked,
        left_out=details.counts["articles"] - shown.height,
        statements=listed,
        targets=sorted(stances["target"].unique()) if stances is not None else [],
        labels=[str(label) for label in Label],
    )
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


def _marked(
    articles: pl.DataFrame,
    statements: pl.DataFrame,
    speakers: Mapping[str, Mapping[str, Any]],
    stances: Mapping[str, Mapping[str, Any]],
) -> tuple[list[MarkedArticle], list[dict[str, Any]]]:
    """Cut the articles into segments, and make one plain record of each statement for the page's script."""
    by_article = statements.partition_by("article_id", as_dict=True)
    marked: list[MarkedArticle] = []
    listed: list[dict[str, Any]] = []
    for row in articles.iter_rows(named=True):
        found = tables.statements_from(by_article.get((row["article_id"],), statements.clear()))
        found.sort(key=lambda statement: statement.content)
        published = row["published"].isoformat() if row["published"] else ""
        title = row["title"] or row["article_id"]
        cut = [_numbered(segment, len(listed)) for segment in segments(row["text"] or "", found)]
        marked.append(MarkedArticle(title, row["outlet"] or "", published, len(listed), len(found), cut))
        for statement in found:
            named = speakers.get(statement.speaker_id or "", {"name": None, "kind": None, "role": None})
            listed.append(
                {
                    "outlet": row["outlet"],
                    "published": published,
                    "speaker": statement.speaker_id,
                    **named,
                    **_shown(statement),
                    "stances": stances.get(statement.statement_id, {}),
                }
            )
    return marked, listed


def _numbered(segment: Segment, first: int) -> Segment:
    contents, cues, sources = (tuple(first + number for number in numbers) for numbers in segment[1:])
    return Segment(segment.text, contents, cues, sources)


def _shown(statement: Statement) -> dict[str, Any]:
    return {
        "resolution": statement.resolution,
        "type": statement.quote_type,
        "cue": statement.cue_class,
        "confidence": round(statement.confidence, 2),
    }


def _speakers(speakers: pl.DataFrame) -> dict[str, dict[str, Any]]:
    rows = speakers.select("speaker_id", "name", "kind", "role").iter_rows(named=True)
    return {row.pop("speaker_id"): row for row in rows}


def _stances(stances: pl.DataFrame | None) -> dict[str, dict[str, Any]]:
    """Map statement and target to what the page shows of a stance."""
    found: dict[str, dict[str, Any]] = {}
    for row in stances.iter_rows(named=True) if stances is not None else ():
        found.setdefault(row["statement_id"], {})[row["target"]] = {
            "label": row["label"],
            "p": round(row[f"p_{row['label']}"], 2),
            "conditional": row["conditional"],
            "abstained": row["abstained"],
            "reasons": row["reasons"],
        }
    return found


def _metric_tables(estimates: pl.DataFrame, names: Mapping[str, str]) -> list[MetricTable]:
    keys = summary.group_keys(estimates)
    found: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in estimates.iter_rows(named=True):
        found.setdefault((row["metric"], *(key for key in keys if row[key] is not None)), []).append(row)
    made = []
    for (metric, *used), rows in found.items():
        target = metric.partition("target=")[2].rstrip(")").partition(",")[0]
        cells = [
            Cell(
                row,
                [names.get(row[key], row[key]) for key in used],
                {key: row[key] for key in used} | ({"target": target} if target else {}),
            )
            for row in rows[:TABLE_ROWS]
        ]
        made.append(MetricTable(metric, used, cells, max(0, len(rows) - TABLE_ROWS)))
    return sorted(made, key=lambda table: (len(table.keys), table.metric))


def _inline(svg: Path) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.read_bytes()).decode()}"
