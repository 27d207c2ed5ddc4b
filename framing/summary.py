"""A run in plain words and plain text: for the first lines of the report and for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from framing import tables
from framing.charts import speaker_names

Row = Mapping[str, Any]
HEARD = 3  # speakers of each outlet in the main table


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
    return Facts(counts, articles["outlet"].n_unique(), first, last)


def sentences(folder: Path, known: Facts) -> list[str]:
    """Say in plain words what the corpus is, who is heard most and where the outlets stand.

    Nothing is said about differences between outlets: two intervals side by side are no test of one.
    """
    estimates = tables.read(folder, "estimates")
    names = {"speakers": tables.read(folder, "speakers")}
    counts = known.counts
    dates = f", from {known.first} to {known.last}" if known.first else ", none of them dated"
    said = [
        f"{counts['articles']:,} articles of {known.outlets:,} outlets{dates}; {counts['statements']:,} statements by "
        f"{counts['speakers']:,} speakers. {counts['rejected']:,} rows of the corpus could not be read."
    ]
    heard = _grouped(estimates, "source_share", ("speaker",)).filter(~pl.col("speaker").str.starts_with("("))
    if not heard.is_empty():
        top = heard.sort("value", "speaker", descending=[True, False], nulls_last=True).head(HEARD)
        shares = zip(speaker_names(names, top["speaker"].to_list()), top.iter_rows(named=True), strict=True)
        said.append(
            "Most heard: " + "; ".join(f"{name}, {with_interval(row, share=True)}" for name, row in shares) + "."
        )
    for metric in estimates["metric"].unique().sort():
        if metric.startswith("net_stance("):
            said += _stance_sentences(metric, estimates)
        if metric.startswith("abstention_rate("):
            for row in _grouped(estimates, metric, ()).iter_rows(named=True):
                said.append(f"{_target(metric)}: no label was given to {with_interval(row, share=True)} of statements.")
    return said


def _stance_sentences(metric: str, estimates: pl.DataFrame) -> Iterator[str]:
    rows = _grouped(estimates, metric, ("outlet",)).drop_nulls("value").sort("value", "outlet")
    if rows.is_empty():
        yield f"{_target(metric)}: no statement addresses it."
        return
    low, high = rows.row(0, named=True), rows.row(-1, named=True)
    yield (
        f"{_target(metric)}: net stance runs from {low['outlet']}, {with_interval(low)}, "
        f"to {high['outlet']}, {with_interval(high)}."
    )


def main_table(folder: Path) -> str:
    """Return the estimates by outlet as text, one block a metric; of the speakers the `HEARD` most heard an outlet."""
    estimates = tables.read(folder, "estimates")
    names = {"speakers": tables.read(folder, "speakers")}
    blocks = []
    for metric in estimates["metric"].unique(maintain_order=True):
        plain = _grouped(estimates, metric, ("outlet",)).sort("outlet")
        heard = _grouped(estimates, metric, ("outlet", "speaker"))
        if not heard.is_empty():
            order = heard.sort("outlet", "value", "speaker", descending=[False, True, False], nulls_last=True)
            plain = order.group_by("outlet", maintain_order=True).head(HEARD)
            labels = speaker_names(names, plain["speaker"].to_list())
            plain = plain.with_columns(pl.Series("speaker", labels))
        if not plain.is_empty():
            blocks.append(_block(metric, plain, ["outlet", *(["speaker"] if not heard.is_empty() else [])]))
    return "\n\n".join(blocks)


def every_estimate(folder: Path) -> str:
    """Return all estimates of a run as text, one block for each metric and grouping."""
    estimates = tables.read(folder, "estimates")
    keys = group_keys(estimates)
    blocks: dict[tuple[str, ...], list[Row]] = {}
    for row in estimates.iter_rows(named=True):
        blocks.setdefault((row["metric"], *(key for key in keys if row[key] is not None)), []).append(row)
    schema = estimates.schema
    return "\n\n".join(
        _block(metric, pl.DataFrame(rows, schema=schema), used) for (metric, *used), rows in blocks.items()
    )


def group_keys(estimates: pl.DataFrame) -> list[str]:
    """Return the grouping columns of a table of estimates."""
    return estimates.columns[1 : estimates.columns.index("value")]


def number(value: float | None, *, share: bool = False) -> str:
    """Write a value for a reader: a share in per cent, anything else with its sign and two decimals."""
    if value is None:
        return "not defined"
    return f"{100 * value:.1f}%" if share else f"{value:+.2f}"


def with_interval(row: Row, *, share: bool = False) -> str:
    """Write an estimate with its interval."""
    if row["low"] is None:
        return f"{number(row['value'], share=share)} (no interval: {row['note']})"
    return (
        f"{number(row['value'], share=share)} [{number(row['low'], share=share)}, {number(row['high'], share=share)}]"
    )


def is_share(metric: str) -> bool:
    """Tell whether a metric is a share of statements or articles, so that per cent is its unit."""
    return metric.partition("(")[0].endswith(("_share", "_rate"))


def _block(metric: str, rows: pl.DataFrame, keys: Sequence[str]) -> str:
    share = is_share(metric)
    header = [*keys, "estimate [interval]", "articles", "statements", "design effect"]
    lines = [
        [
            *(str(row[key]) for key in keys),
            with_interval(row, share=share),
            f"{row['articles']:,}",
            f"{row['statements']:,}",
            "" if row["design_effect"] is None else f"{row['design_effect']:.2f}",
        ]
        for row in rows.iter_rows(named=True)
    ]
    widths = [max(len(line[column]) for line in [header, *lines]) for column in range(len(header))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in [header, *lines]]
    return "\n".join([metric, *(f"  {line.rstrip()}" for line in text)])


def _grouped(estimates: pl.DataFrame, metric: str, keys: Sequence[str]) -> pl.DataFrame:
    if any(key not in estimates.columns for key in keys):
        return estimates.clear()
    found = estimates.filter(pl.col("metric") == metric)
    return found.filter(*(pl.col(group).is_not_null() == (group in keys) for group in group_keys(estimates)))


def _target(metric: str) -> str:
    return metric.partition("target=")[2].rstrip(")").partition(",")[0]
