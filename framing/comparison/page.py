"""The page of a comparison: in the form of a run's report, with the changed labels between figures and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from framing import evidence, tables
from framing.comparison.combined import PAIR, numbered
from framing.comparison.labels import STATES, LabelChanges
from framing.comparison.runs import ComparedRun
from framing.estimate_tables import PAGE, Cell, estimate_tables
from framing.measure.grouping import RUN
from framing.protocols import Tables
from framing.report import inline, marked_articles
from framing.summary import FOOTNOTE, with_interval
from framing.templating import render
from framing.types import Label

CHANGED = 200  # rows of changed labels


class Compared(NamedTuple):
    """All that a comparison found; `counterparts` maps statements of later runs to those of the first."""

    runs: Sequence[ComparedRun]
    tables: Tables
    by: Sequence[str]
    estimates: pl.DataFrame
    changes: pl.DataFrame
    labels: Sequence[LabelChanges]
    counterparts: Sequence[pl.DataFrame]
    sentences: Sequence[str]
    warnings: Sequence[str]
    facts: Sequence[Mapping[str, Any]]


class Details(NamedTuple):
    """What the page is called, what it warns of and what made it."""

    title: str
    warnings: Sequence[str]
    versions: Mapping[str, str]


class ChangedRow(NamedTuple):
    """One statement whose label changed."""

    before: str
    after: Cell
    content: str
    speaker: str
    outlet: str


class ShownChanges(NamedTuple):
    """What became of the labels of one target, as the page shows it."""

    target: str
    run: str
    against: str
    both: str
    before: Cell
    after: Cell
    agreement: str
    changed: int
    states: Sequence[str]
    crossed: list[tuple[str, list[Cell]]]
    rows: list[ChangedRow]
    left_out: int


def write(folder: Path, found: Compared, figures: Mapping[str, Mapping[str, Path]], *, articles: int) -> Path:
    """Write `report.html` with at most `articles` articles, those whose labels changed first, and return its path."""
    shown = _shown(found, articles)
    fields = _fields(found, shown["statements"]["statement_id"].to_list())
    marked, statements = marked_articles(shown, fields)
    runs = shown["articles"][RUN].to_list()
    page = render(
        "compare.html",
        styles=("report.css",),
        script="report.js",
        details=Details(" / ".join(run.label for run in found.runs), found.warnings, found.runs[0].manifest.versions),
        runs=found.facts,
        sentences=found.sentences,
        footnote=FOOTNOTE,
        figures={name: inline(files["svg"]) for name, files in figures.items()},
        labels_changed=[_changes(found, each, fields) for each in found.labels],
        tables=estimate_tables(found.estimates, found.tables["speakers"], (RUN, *found.by), PAGE),
        articles=[
            each._replace(outlet=" · ".join(filter(None, [run, each.outlet])))
            for run, each in zip(runs, marked, strict=True)
        ],
        left_out=found.tables["articles"].height - len(marked),
        without_text=shown["articles"]["text"].null_count(),
        data={"articles": evidence.article_fields(shown["articles"]), "statements": statements},
        targets=sorted({target for run in found.runs for target in run.targets}),
        labels=[str(label) for label in Label],
    )
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


def _shown(found: Compared, count: int) -> Tables:
    """Choose the articles for the page, each beside its counterpart, and read their texts."""
    changed = pl.concat([found.changes.select(pair="article_id"), pl.DataFrame(schema={PAIR: pl.String})]).unique()
    order = pl.col(PAIR).is_in(changed[PAIR].implode()).fill_null(False)
    articles = found.tables["articles"].with_columns(order=order)
    articles = articles.sort("order", pl.col(PAIR).is_null(), PAIR, "article_id", descending=[True, *[False] * 3])
    articles = articles.drop("order").head(count)
    texts = []
    for number, run in enumerate(found.runs):
        prefix = f"{number}/"
        ids = [name.removeprefix(prefix) for name in articles["article_id"] if name.startswith(prefix)]
        rows = pl.scan_parquet(run.folder / "articles.parquet").filter(pl.col("article_id").is_in(ids))
        texts.append(rows.select(numbered("article_id", number), "text").collect())
    articles = articles.join(pl.concat(texts), on="article_id", how="left", maintain_order="left")
    statements = found.tables["statements"].join(articles.select("article_id"), on="article_id", how="semi")
    shown = {"articles": articles, "statements": statements.sort(tables.KEYS["statements"])}
    shown["speakers"] = found.tables["speakers"]
    if "stances" in found.tables:
        chosen = statements.select("statement_id")
        shown["stances"] = found.tables["stances"].join(chosen, on="statement_id", how="semi")
    return shown


def _fields(found: Compared, shown: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Give each statement on the page the number that it shares with its counterparts, and where these are.

    The field `in_2` says whether the third run has a statement of the first, `in_0` if the first has one of another.
    """
    articles = found.tables["articles"].filter(pl.col(PAIR).is_not_null())
    paired = found.tables["statements"].join(articles, on="article_id", how="semi")
    in_both = set(paired["statement_id"])
    fields: dict[str, dict[str, Any]] = {name: {} for name in shown}
    first = {name: number for number, name in enumerate(sorted(name for name in shown if name.startswith("0/")))}
    for name, number in first.items():
        fields[name]["match"] = number
    for place, table in enumerate(found.counterparts, start=1):
        of = dict(table.iter_rows())
        back = set(of.values())
        for name in shown:
            if name in in_both and name.startswith(f"{place}/"):
                fields[name] |= {"match": first.get(of.get(name, "")), "in_0": "yes" if name in of else "no"}
            elif name in in_both and name in first:
                fields[name][f"in_{place}"] = "yes" if name in back else "no"
    return fields


def _changes(found: Compared, each: LabelChanges, fields: Mapping[str, Mapping[str, Any]]) -> ShownChanges:
    first = found.runs[0].label
    place = [run.label for run in found.runs].index(each.run)
    rows = found.changes.filter((pl.col(RUN) == each.run) & (pl.col("target") == each.target))

    def cell(text: str, said: str, **where: Sequence[Any]) -> Cell:
        conditions = {"target": each.target, "where": where, "unless": {}, "said": f"{each.target} · {said}"}
        return Cell(text, conditions if text != "0" and all(where.values()) else {})

    def matches(ids: pl.Series) -> list[int]:
        return [fields[name]["match"] for name in ids if name in fields]

    both = [each.run, first]
    states = [state for state in STATES if state in {*each.states["state"], *each.states["state_after"]}]
    crossed = []
    for state in states:
        cells = []
        for other in states:
            chosen = (pl.col("state") == state) & (pl.col("state_after") == other)
            ids = each.states.filter(chosen)["statement_before"]
            cells.append(cell(f"{len(ids):,}", f"{state} → {other}", run=both, match=matches(ids)))
        crossed.append((state, cells))
    listed = [
        ChangedRow(
            row["label_before"],
            cell(
                row["label_after"],
                f"{row['label_before']} → {row['label_after']}",
                run=both,
                match=[fields[row["statement_before"]]["match"]] if row["statement_before"] in fields else [],
            ),
            row["content"],
            row["speaker"] or "–",
            row["outlet"] or "–",
        )
        for row in rows.head(CHANGED).iter_rows(named=True)
    ]
    return ShownChanges(
        target=each.target,
        run=each.run,
        against=first,
        both=f"{each.both:,}",
        before=cell(f"{each.before:,}", f"in {first} only", run=[first], **{f"in_{place}": ["no"]}),
        after=cell(f"{each.after:,}", f"in {each.run} only", run=[each.run], in_0=["no"]),
        agreement=agreement(each),
        changed=each.changed,
        states=states,
        crossed=crossed,
        rows=listed,
        left_out=max(0, rows.height - CHANGED),
    )


def agreement(each: LabelChanges) -> str:
    """Say how far two runs agree in their labels, each figure with its interval."""
    said = [
        f"{name} {with_interval(figure._asdict(), share=figure.coefficient == 'percent')}"
        for name, figure in zip(
            ("Same label (an abstention counts as one)", "kappa", "alpha"), each.agreement, strict=False
        )
    ]
    return "; ".join(said) + "." if said else ""
