"""A run in plain words, and how an estimate is written for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from framing import tables
from framing.charts import counted, grouped, speaker_names
from framing.measure.counts import NAMELESS, NONE, is_pooled
from framing.measure.names import parse

Row = Mapping[str, Any]
HEARD = 3  # speakers named
FEW = "rests on few articles"
FOOTNOTE = "† rests on few articles: the interval may be too narrow"


class Facts(NamedTuple):
    """What a run was made from: counts of records, outlets, and the range of dates (ISO; None where none is known)."""

    counts: Mapping[str, int]
    outlets: int
    first: str | None
    last: str | None


def facts(folder: Path, counts: Mapping[str, int]) -> Facts:
    """Collect the facts of a run; `counts` are those of its manifest."""
    articles = tables.read(folder, "articles", ["outlet", "published"])
    days = articles["published"].drop_nulls()
    first, last = (str(days.min()), str(days.max())) if len(days) else (None, None)
    return Facts(counts, articles["outlet"].drop_nulls().n_unique(), first, last)


def sentences(folder: Path, known: Facts, by: Sequence[str]) -> list[str]:
    """Say in plain words what the corpus is, who is heard most and where the groups stand.

    Nothing is said about differences between groups: two intervals side by side are no test of one.
    """
    estimates = tables.read(folder, "estimates")
    names = {"speakers": tables.read(folder, "speakers")}
    named = names["speakers"].filter(~pl.col("kind").is_in(list(NAMELESS))).height
    said = [_corpus_sentence(known, named)]
    heard = grouped(estimates, "source_share", ("speaker",)).drop_nulls("value")
    top = heard.filter(~is_pooled("speaker")).sort("value", "speaker", descending=[True, False]).head(HEARD)
    if not top.is_empty():
        shares = zip(speaker_names(names, top["speaker"].to_list()), top.iter_rows(named=True), strict=True)
        said.append(
            "Most heard: " + "; ".join(f"{name}, {with_interval(row, share=True)}" for name, row in shares) + "."
        )
    pooled = {row["speaker"]: with_interval(row, share=True) for row in heard.iter_rows(named=True)}
    without = {
        NONE: "have no source in the text",
        **{name: f"are by {name[1:-1]} speakers" for name in NAMELESS.values()},
    }
    if parts := [f"{pooled[name]} {text}" for name, text in without.items() if name in pooled]:
        said.append(f"Of all statements, {'; '.join(parts)}.")
    metrics = estimates["metric"].unique().sort().to_list()
    for metric in (metric for metric in metrics if metric.startswith("net_stance(")):
        said += _stance_sentences(metric, estimates, by)
    for metric in (metric for metric in metrics if metric.startswith("abstention_rate(")):
        for row in grouped(estimates, metric, ()).drop_nulls("value").iter_rows(named=True):
            share = with_interval(row, share=True)
            said.append(f"{_target(metric)}: no label was given to {share} of the statements that may address it.")
    return said


def number(value: float, *, share: bool = False) -> str:
    """Write a value for a reader: a share in per cent, anything else with its sign and two decimals."""
    return f"{100 * value:z.1f}%" if share else f"{value:+z.2f}".replace("-", "−")  # a line may not break at a minus


def with_interval(row: Row, *, share: bool = False) -> str:
    """Write an estimate with its interval, or why it has none."""
    if row["value"] is None:
        return f"– ({row['note']})"
    if row["low"] is None:
        return f"{number(row['value'], share=share)} [no interval]"
    ends = ", ".join(number(row[end], share=share) for end in ("low", "high"))
    return f"{number(row['value'], share=share)} [{ends}]"


def is_share(metric: str) -> bool:
    """Tell whether a metric is a share of statements or articles, so that per cent is its unit."""
    return metric.partition("(")[0].endswith(("_share", "_rate"))


def is_few(row: Row) -> bool:
    """Tell whether an estimate needs the footnote on few articles."""
    return FEW in (row["note"] or "")


def _corpus_sentence(known: Facts, named: int) -> str:
    counts = known.counts
    dates = f", from {known.first} to {known.last}" if known.first else ", none of them dated"
    rejected = counts.get("rejected", 0)
    unread = f"{counted(rejected, 'row')} of the corpus could not be read" if rejected else "every row could be read"
    outlets = f"of {counted(known.outlets, 'outlet')}" if known.outlets else "without an outlet"
    return (
        f"{counted(counts['articles'], 'article')} {outlets}{dates}; "
        f"{counted(counts['statements'], 'statement')}, with {counted(named, 'named speaker')}; {unread}."
    )


def _stance_sentences(metric: str, estimates: pl.DataFrame, by: Sequence[str]) -> Iterator[str]:
    overall = grouped(estimates, metric, ()).row(0, named=True)
    if overall["value"] is None:
        yield f"{_target(metric)}: no statement addresses it."
        return
    said = f"{_target(metric)}: net stance over everything is {with_interval(overall)}"
    rows = grouped(estimates, metric, by).drop_nulls("low").filter(*(pl.col(key) != NONE for key in by))
    if by and rows.height > 1:
        ordered = rows.sort("value", *by)
        ends = [
            f"{' × '.join(row[key] for key in by)}, {with_interval(row)}"
            for row in (ordered.row(0, named=True), ordered.row(-1, named=True))
        ]
        said += f"; of those with an interval, by {' × '.join(by)} it runs from {ends[0]}, to {ends[1]}"
    yield said + "."


def _target(metric: str) -> str:
    return str(getattr(parse(metric), "target", metric))
