"""A run in plain words, and how an estimate is written for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from framing import tables
from framing.charts import by_method, counted, grouped, speaker_names
from framing.measure.corrected_cell import PPI
from framing.measure.counts import NAMELESS, NONE, is_pooled
from framing.measure.decompose import SPLIT, TERM, TERMS
from framing.measure.differences import AGAINST, OVER
from framing.measure.grouping import ARTICLE_GROUPS
from framing.measure.names import parse
from framing.measure.scopes import ALL
from framing.measure.wire import CORRECTED, WIRE

Row = Mapping[str, Any]
HEARD = 3  # speakers named
SMALL_P = 0.05
GROUPED = (*ARTICLE_GROUPS, "speaker", "label")
FEW = "rests on few "  # articles or events
FOOTNOTE = "† rests on few articles or events: the interval may be too narrow"


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


def sentences(folder: Path, known: Facts, by: Sequence[str], *, errors: str | None = None) -> list[str]:
    """Say in plain words what the corpus is, who is heard most and where the groups stand.

    What is known about the `errors` of the classifier comes before anything that rests on its labels. Differences
    between groups are told where they were estimated as such: two intervals side by side are no test.
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
    said += [errors] if errors else []
    metrics = estimates["metric"].unique().sort().to_list()
    for metric in (metric for metric in metrics if metric.startswith("net_stance(")):
        said += _stance_sentences(metric, estimates, by)
    for metric in (metric for metric in metrics if metric.startswith("abstention_rate(")):
        for row in grouped(estimates, metric, ()).drop_nulls("value").iter_rows(named=True):
            share = with_interval(row, share=True)
            said.append(f"{_target(metric)}: no label was given to {share} of the statements that may address it.")
    return [*said, *_difference_sentences(estimates), *_split_sentences(estimates)]


def number(value: float, *, share: bool = False, signed: bool = True) -> str:
    """Write a value for a reader: a share in per cent, anything else with two decimals and, if it may be, signed."""
    if share or not signed:
        return f"{100 * value:z.1f}%" if share else f"{value:.2f}"
    return f"{value:+z.2f}".replace("-", "−")  # a line may not break at a minus


def with_interval(row: Row, *, share: bool = False) -> str:
    """Write an estimate with its interval, or why it has none; of a difference, the p-value as well."""
    if row["value"] is None:
        return f"– ({row['note']})"
    in_points = share and is_difference(row)
    signed = is_difference(row) or "metric" not in row or parse(row["metric"]).bounds[0] < 0
    write = _points if in_points else partial(number, share=share, signed=signed)
    ends = "no interval" if row["low"] is None else ", ".join(write(row[end]) for end in ("low", "high"))
    return f"{write(row['value'])} [{ends}]{' points' * in_points}{_p_value(row)}"


def is_difference(row: Row) -> bool:
    """Tell whether an estimate is the difference between two groups."""
    return row.get(AGAINST) is not None


def is_share(metric: str) -> bool:
    """Tell whether a metric is a share, so that per cent is its unit."""
    return parse(metric).bounds == (0.0, 1.0)


def is_few(row: Row) -> bool:
    """Tell whether an estimate needs the footnote on few articles or events."""
    return FEW in (row["note"] or "")


def p_text(p: float) -> str:
    """Write a p-value."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def group_name(values: Mapping[str, str | None]) -> str:
    """Name a group, or the two that are compared, by the values of its keys; how it was corrected comes last."""
    against, method = values.get(AGAINST), values.get(CORRECTED)
    groups = [value for key, value in values.items() if value is not None and key not in (AGAINST, OVER, CORRECTED)]
    over = [str(values[OVER])] if values.get(OVER) else []
    named = [f"{groups[0]} − {against}", *groups[1:], *over] if against else groups
    return (" × ".join(named) or "everything") + (f", {method}" if method else "")


def _points(value: float) -> str:
    return f"{100 * value:+z.1f}".replace("-", "−")


def _p_value(row: Row) -> str:
    adjusted = row.get("p_adjusted")
    p = row.get("p_value") if adjusted is None else adjusted
    if p is None:
        return ""
    return f", {p_text(p)}" + (f" ({row['correction'].rpartition('; ')[2]})" if adjusted is not None else "")


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
    said += _corrected_too(estimates, metric)
    rows = grouped(estimates, metric, by).drop_nulls("low").filter(*(pl.col(key) != NONE for key in by))
    if by and rows.height > 1:
        ordered = rows.sort("value", *by)
        ends = [
            f"{' × '.join(row[key] for key in by)}, {with_interval(row)}"
            for row in (ordered.row(0, named=True), ordered.row(-1, named=True))
        ]
        said += f"; of those with an interval, by {' × '.join(by)} it runs from {ends[0]}, to {ends[1]}"
    yield said + "."


def _corrected_too(estimates: pl.DataFrame, metric: str) -> str:
    """Say what a metric is over everything when hand codes correct it, if there are any."""
    found = grouped(by_method(estimates, PPI), metric, ()).drop_nulls("value")
    return "".join(f"; corrected by hand codes it is {with_interval(row)}" for row in found.iter_rows(named=True))


def _difference_sentences(estimates: pl.DataFrame) -> Iterator[str]:
    """Say of each metric how many of its tested differences have a small p-value, and which are the clearest."""
    if AGAINST not in estimates.columns:
        return
    yield from _tested(by_method(estimates, PPI), "corrected by hand codes, ")
    yield from _tested(by_method(estimates, None), "")


def _tested(estimates: pl.DataFrame, how: str) -> Iterator[str]:
    tested = estimates.filter(pl.col(AGAINST).is_not_null() & pl.col("p_value").is_not_null())
    tested = tested.filter(pl.col(WIRE).is_null()) if WIRE in tested.columns else tested
    tested = tested.with_columns(p=pl.coalesce("p_adjusted", "p_value"))
    quiet: dict[str, list[str]] = {}
    for (metric, over), rows in tested.group_by("metric", OVER, maintain_order=True):
        correction = str(rows["correction"][0]).rpartition("; ")[2]
        small = rows.filter(pl.col("p") < SMALL_P).sort("p", pl.col("value").abs(), descending=[False, True])
        said = f"{how}of {counted(rows.height, 'difference')} tested over {over}, {small.height} "
        said += f"{'has' if small.height == 1 else 'have'} p < {SMALL_P}"
        adjusted = rows["p_adjusted"].count() > 0
        said += f" (corrected by {correction})" if adjusted else " (uncorrected)"
        share = is_share(str(metric))
        named = [f"{_named(row)}, {with_interval(row, share=share)}" for row in small.head(HEARD).iter_rows(named=True)]
        if named:
            yield f"{metric}: {said}: {'; '.join(named)}."
        else:
            quiet.setdefault(said, []).append(str(metric))
    for said, metrics in quiet.items():
        yield f"{', '.join(metrics)}: {'each, ' * (len(metrics) > 1)}{said}."


def _split_sentences(estimates: pl.DataFrame) -> Iterator[str]:
    """Say of the largest differences of each metric how much is who is heard, and how much how the same are shown."""
    if TERM not in estimates.columns:
        return
    split = estimates.filter(pl.col(TERM).is_not_null() & (pl.col(OVER) == ALL) & (pl.col(SPLIT) == "speaker"))
    split = split.filter(pl.col(WIRE).is_null()) if WIRE in split.columns else split
    for (metric,), rows in split.group_by("metric", maintain_order=True):
        share = is_share(str(metric))
        whole = rows.filter(pl.col(TERM) == TERMS[0]).sort(pl.col("value").abs(), descending=True, nulls_last=True)
        parts = {(_named(row), row[TERM]): row for row in rows.iter_rows(named=True)}
        for row in whole.head(HEARD).iter_rows(named=True):
            selection, presentation = (parts[_named(row), term] for term in TERMS[1:])
            if selection["value"] is not None:
                yield (
                    f"{metric}, {_named(row)}: of a difference of {with_interval(row, share=share)}, "
                    f"{with_interval(selection, share=share)} is who is heard and "
                    f"{with_interval(presentation, share=share)} how the same speakers are shown."
                )


def _named(row: Row) -> str:
    """Name what is compared: the two groups, and the speaker or label if there is one."""
    groups = [text for key, text in row.items() if key in GROUPED and text is not None]
    return " × ".join([f"{groups[0]} against {row[AGAINST]}", *groups[1:]])


def _target(metric: str) -> str:
    return str(getattr(parse(metric), "target", metric))
