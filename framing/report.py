"""One self-contained HTML page for a run: plain words, figures, tables, and every sentence behind them.

Everything that comes from a corpus is escaped by the template engine; the page loads nothing from anywhere, and its
security policy lets only its own script run.
"""

from __future__ import annotations

import base64
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import polars as pl

from framing import curves, evidence, summary, tables
from framing.aligned_tables import aligned_tables
from framing.error_tables import error_tables
from framing.estimate_tables import PAGE, estimate_tables
from framing.marking import Segment, segments
from framing.measure.names import parse
from framing.methods import Record, methods
from framing.protocols import Tables
from framing.templating import render
from framing.threats import threats
from framing.types import Label, Statement
from framing.wire_tables import wire_tables

TITLE = 80  # characters of the text, where an article has no title


class MarkedArticle(NamedTuple):
    """An article for the page; the numbers in its segments count statements over the whole page, from `first`."""

    title: str
    outlet: str
    published: str
    first: int
    n_statements: int
    segments: list[Segment]


class Details(NamedTuple):
    """What a run's manifest says about it, as far as the page shows it."""

    title: str
    started: str
    config_sha256: str
    versions: Mapping[str, str]
    counts: Mapping[str, int]
    warnings: list[str]
    by: tuple[str, ...]
    wire_notes: Sequence[str] = ()
    of: str = "outlet"
    record: Record | None = None


def write(
    folder: Path,
    charts: Mapping[str, Mapping[str, Path]],
    details: Details,
    *,
    articles: int,
    curve_figures: Mapping[str, Mapping[str, Path]] = MappingProxyType({}),
) -> Path:
    """Write `report.html` into a run folder from its tables and figures, and return its path.

    At most `articles` articles are put on the page, the first by id; the page says how many are left out. Of an article
    whose text the run did not keep, the page shows the statements alone.

    Raises:
        CorpusError: a table of the run is missing.
    """
    estimates = tables.read(folder, "estimates")
    shown, targets = _shown(folder, articles)
    aligned = aligned_tables(folder)
    marked, statements = marked_articles(shown, aligned.fields if aligned else {})
    facts = summary.facts(folder, details.counts)
    copied, errors = wire_tables(folder, details.wire_notes), error_tables(folder)
    told = summary.sentences(folder, facts, details.by, errors=errors.sentence if errors else None)
    page = render(
        "report.html",
        styles=("report.css",),
        script="report.js",
        details=details,
        errors=errors,
        methods=methods(folder, details.record) if details.record else None,
        threats=threats(folder, details.record) if details.record else [],
        sentences=[*told, *([copied.sentence] if copied else [])],
        footnote=summary.FOOTNOTE,
        figures={name: inline(files["svg"]) for name, files in charts.items()},
        tables=estimate_tables(estimates, tables.read(folder, "speakers"), details.by, PAGE),
        articles=marked,
        left_out=details.counts["articles"] - len(marked),
        without_text=shown["articles"]["text"].null_count(),
        wire=copied,
        curves=curves.curve_table(curves.read(folder), details.of),
        curve_figures={name: inline(files["svg"]) for name, files in curve_figures.items()},
        aligned=aligned,
        data={"articles": evidence.article_fields(shown["articles"], _copies(folder)), "statements": statements},
        targets=sorted(targets, key=lambda target: (-_measured(estimates)[target], target)),
        labels=[str(label) for label in Label],
    )
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


def _copies(folder: Path) -> list[str]:
    """Return the ids of the articles that are dropped where wire copy is."""
    if not (folder / "wire.parquet").exists():
        return []
    return tables.read(folder, "wire", ["article_id", "kept"]).filter(~pl.col("kept"))["article_id"].to_list()


def _measured(estimates: pl.DataFrame) -> Counter[str]:
    """Count the metrics that ask about each target."""
    return Counter(getattr(parse(name), "target", "") for name in estimates["metric"].unique())


def _shown(folder: Path, count: int) -> tuple[Tables, list[str]]:
    """Read the first articles with what belongs to them, and the names of all targets of the run."""
    articles = pl.scan_parquet(folder / "articles.parquet").head(count).collect()
    chosen = articles.select("article_id").lazy()
    statements = pl.scan_parquet(folder / "statements.parquet").join(chosen, on="article_id", how="semi").collect()
    shown = {"articles": articles, "statements": statements.sort(tables.KEYS["statements"])}
    shown["speakers"] = tables.read(folder, "speakers")
    path = folder / "stances.parquet"
    if not path.exists():
        return shown, []
    chosen = statements.select("statement_id").lazy()
    shown["stances"] = pl.scan_parquet(path).join(chosen, on="statement_id", how="semi").collect()
    return shown, tables.read(folder, "stances", ["target"])["target"].unique().sort().to_list()


def marked_articles(
    shown: Tables, more: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
) -> tuple[list[MarkedArticle], list[dict[str, Any]]]:
    """Cut the articles into segments, and make one plain record of each statement for the page's script.

    `more` are further fields of statements, by id, that conditions can ask for.
    """
    records = _records(shown)
    by_article: dict[str, list[Statement]] = {}
    for statement in tables.statements_from(shown["statements"]):
        by_article.setdefault(statement.article_id, []).append(statement)
    contents = dict(shown["statements"].select("statement_id", "content").iter_rows())
    marked: list[MarkedArticle] = []
    listed: list[dict[str, Any]] = []
    for number, row in enumerate(shown["articles"].iter_rows(named=True)):
        found = sorted(by_article.get(row["article_id"], []), key=lambda statement: statement.content)
        cut = segments(row["text"], found) if row["text"] is not None else _contents(found, contents)
        marked.append(
            MarkedArticle(
                title=row["title"] or textwrap.shorten(row["text"] or row["article_id"], TITLE, placeholder="…"),
                outlet=row["outlet"] or "",
                published=row["published"].isoformat() if row["published"] else "",
                first=len(listed),
                n_statements=len(found),
                segments=[_numbered(segment, len(listed)) for segment in cut],
            )
        )
        ids = (statement.statement_id for statement in found)
        listed += [{"article": number, **records[name], **more.get(name, {})} for name in ids]
    return marked, listed


def _records(shown: Tables) -> dict[str, dict[str, Any]]:
    """Map the id of each statement to what the page shows of it."""
    speakers = {row["speaker_id"]: row for row in shown["speakers"].iter_rows(named=True)}
    stances = _stances(shown.get("stances"))
    records = {}
    rows = shown["statements"].iter_rows(named=True)
    for row, fields in zip(rows, evidence.statement_fields(shown), strict=True):
        speaker = speakers.get(row["speaker_id"], {"name": None, "role": None})
        records[row["statement_id"]] = {
            **fields,
            "name": speaker["name"],
            "role": speaker["role"],
            "resolution": row["resolution"],
            "confidence": round(row["confidence"], 2),
            "stances": stances.get(row["statement_id"], {}),
        }
    return records


def _stances(stances: pl.DataFrame | None) -> dict[str, dict[str, Any]]:
    """Map statement and target to what the page shows of a stance."""
    found: dict[str, dict[str, Any]] = {}
    for row in stances.iter_rows(named=True) if stances is not None else ():
        found.setdefault(row["statement_id"], {})[row["target"]] = {
            "state": evidence.state(row),
            "label": row["label"],
            "p": round(row[f"p_{row['label']}"], 2),
            "conditional": row["conditional"],
            "reasons": row["reasons"],
        }
    return found


def _contents(statements: Sequence[Statement], contents: Mapping[str, str]) -> list[Segment]:
    """Stand the contents of the statements, a line each, for a text that was not kept."""
    pieces = ((contents[statement.statement_id], (n,)) for n, statement in enumerate(statements))
    return [Segment(text, numbers, (), ()) for content, n in pieces for text, numbers in ((content, n), ("\n", ()))]


def _numbered(segment: Segment, first: int) -> Segment:
    contents, cues, sources = (tuple(first + number for number in numbers) for numbers in segment[1:])
    return Segment(segment.text, contents, cues, sources)


def inline(svg: Path) -> str:
    """Return a picture as an address that holds it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.read_bytes()).decode()}"
