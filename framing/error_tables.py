"""How the classifier errs, and what is left of its estimates when hand codes correct them, for a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from framing import tables
from framing.charts import counted, group_keys
from framing.measure.classifier_error import RATES, ROGAN_GLADEN
from framing.measure.corrected_cell import PPI
from framing.measure.corrected_speakers import SPEAKER, TOO_FEW, by_speaker
from framing.measure.correction import obstacle
from framing.measure.counts import OTHER
from framing.measure.names import parse
from framing.measure.stance import ON_TARGET
from framing.measure.wire import CORRECTED, WIRE
from framing.particulars import particulars
from framing.summary import FEW, FOOTNOTE, SMALL_P, group_name, is_few, is_share, p_text, with_interval
from framing.types import Label

LABELS = tuple(Label)
METHODS = (None, PPI, ROGAN_GLADEN)
COLUMNS = ("classifier's labels", f"corrected ({PPI})", f"second opinion ({ROGAN_GLADEN})")


class RateRow(NamedTuple):
    """The error rates for one label in one group, each with the articles / statements that it rests on."""

    label: str
    group: str
    cells: list[str]
    made: list[str]


class TestRow(NamedTuple):
    """A test of whether one rate is the same in all groups."""

    rate: str
    label: str
    groups: str
    statistic: str
    p: str
    adjusted: str


class CorrectedRow(NamedTuple):
    """One estimate in the order of `COLUMNS`, how each was made, and what to be careful of."""

    metric: str
    group: str
    cells: list[str]
    made: list[str]
    note: str


class RateTable(NamedTuple):
    """Error rates; `said` tells how all of them were made, the columns `made` what of it varies."""

    said: str
    made: list[str]
    rows: list[RateRow]


class CorrectedTable(NamedTuple):
    """Estimates with and without correction, laid out as in `RateTable`."""

    columns: tuple[str, ...]
    said: str
    made: list[str]
    rows: list[CorrectedRow]


class ErrorTables(NamedTuple):
    """What hand codes say about a run; `uncorrected` are the metrics that they leave as they are, with the reason."""

    target: str
    sentence: str
    drawn: list[str]
    rates: RateTable
    tests: list[TestRow]
    verdict: str
    corrected: CorrectedTable
    uncorrected: list[str]


def error_tables(folder: Path) -> ErrorTables | None:
    """Return how the classifier of a run errs; None if the run had no hand codes."""
    if not (folder / "error_rates.parquet").exists():
        return None
    codes, sample = tables.read(folder, "hand_codes"), tables.read(folder, "sample")
    rates, tests = tables.read(folder, "error_rates"), tables.read(folder, "differential_error")
    estimates, target = tables.read(folder, "estimates"), codes["target"][0]
    verdict = _verdict(tests)
    return ErrorTables(
        target=target,
        sentence=_sentence(target, codes, sample, rates) + f" {verdict}",
        drawn=_drawn(sample, tables.read(folder, "articles", ["article_id", "outlet"])),
        rates=_rates(rates),
        tests=[_test(row) for row in tests.iter_rows(named=True)],
        verdict=verdict,
        corrected=_corrected(estimates),
        uncorrected=_uncorrected(estimates, target),
    )


def as_text(found: ErrorTables) -> str:
    """Return what a reader has to know before any comparison, as lines of text."""
    rates = [["label", "group", *RATES, *found.rates.made]]
    rates += [[row.label, row.group, *row.cells, *row.made] for row in found.rates.rows]
    corrected = [["metric", "group", *COLUMNS, *found.corrected.made]]
    corrected += [[row.metric, row.group, *row.cells, *row.made] for row in found.corrected.rows]
    few = any("†" in cell for row in found.corrected.rows for cell in row.cells)
    return "\n".join(
        [
            "errors of the classifier, by hand codes",
            found.sentence,
            *found.drawn,
            *_aligned(rates),
            f"  {found.rates.said}",
            "estimates with and without correction",
            *_aligned(corrected),
            *[f"  {FOOTNOTE}"] * few,
            f"  {found.corrected.said}",
            *(f"not corrected: {line}" for line in found.uncorrected),
        ]
    )


def _aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    ]


def _sentence(target: str, codes: pl.DataFrame, sample: pl.DataFrame, rates: pl.DataFrame) -> str:
    rates = rates.filter(pl.col("metric") == "sensitivity")
    over = rates.filter(pl.all_horizontal(pl.col(_groups(rates)).is_null())) if _groups(rates) else rates
    found = [
        f"{with_interval(row, share=True)} of what they call {row['label']}"
        for row in sorted(over.drop("metric").iter_rows(named=True), key=lambda row: LABELS.index(row["label"]))
        if row["value"] is not None and row["label"] in ON_TARGET
    ]
    said = f"{target}: coders labelled {counted(codes.height, 'statement')} in {counted(sample.height, 'article')}, "
    said += "drawn with known probabilities. "
    return said + (f"The classifier finds {'; '.join(found)}." if found else "They found no position.")


def _drawn(sample: pl.DataFrame, articles: pl.DataFrame) -> list[str]:
    """Say how many articles of each outlet were coded, and with what probabilities."""
    placed = articles.with_columns(pl.col("outlet").fill_null("(none)")).join(sample, on="article_id", how="left")
    probability = pl.col("inclusion_probability")
    rows = placed.group_by("outlet").agg(
        pl.len(), coded=probability.count(), least=probability.min(), most=probability.max()
    )
    said = []
    for outlet, articles_in, coded, least, most in rows.sort("outlet").iter_rows():
        probabilities = "" if not coded else f", inclusion probability {least:.4f}"
        probabilities += "" if not coded or least == most else f" to {most:.4f}"
        said.append(f"{outlet}: {coded:,} of {counted(articles_in, 'article')} coded{probabilities}")
    return said


def _groups(rates: pl.DataFrame) -> list[str]:
    return [key for key in group_keys(rates) if key != "label"]


def _rates(rates: pl.DataFrame) -> RateTable:
    keys = _groups(rates)
    found: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    for kind, row in zip(rates["metric"], rates.drop("metric").iter_rows(named=True), strict=True):
        found.setdefault((row["label"], group_name({key: row[key] for key in keys})), {})[kind] = row
    listed = sorted(found.items(), key=lambda item: LABELS.index(item[0][0]))
    lines = [[by_rate[rate] for rate in RATES] for _, by_rate in listed]
    made = particulars(lines, RATES)
    rows = [
        RateRow(label, group, [_rate(row) for row in line], how)
        for ((label, group), _), line, how in zip(listed, lines, made.cells, strict=True)
    ]
    return RateTable(made.said, made.columns, rows)


def _rate(row: Mapping[str, Any]) -> str:
    written = "–" if row["value"] is None else with_interval(row, share=True)
    return f"{written} · {row['articles']:,} / {row['statements']:,}"


def _test(row: Mapping[str, Any]) -> TestRow:
    if row["p"] is None:
        return TestRow(row["rate"], row["label"], f"{row['groups']}", "–", "–", "–")
    statistic = f"χ²({row['freedom']}) = {row['statistic']:.2f}"
    return TestRow(
        row["rate"], row["label"], f"{row['groups']}", statistic, p_text(row["p"]), p_text(row["p_adjusted"])
    )


def _verdict(tests: pl.DataFrame) -> str:
    """Say whether error rates were seen to differ between groups; that none was is no proof that none does."""
    tested = tests.drop_nulls("p_adjusted")
    if tested.is_empty():
        return "Whether its errors differ between groups could not be tested."
    small = tested.filter(pl.col("p_adjusted") < SMALL_P).sort("p_adjusted")
    if small.is_empty():
        return (
            f"Of {counted(tested.height, 'test')} none shows error rates that differ between groups at p < {SMALL_P} "
            "(Holm); with few coded articles a difference can go unseen."
        )
    named = [f"{row['rate']} for {row['label']}, {p_text(row['p_adjusted'])}" for row in small.iter_rows(named=True)]
    return (
        f"Its error rates differ between groups ({'; '.join(named)}; Holm over {counted(tested.height, 'test')}): a "
        "difference in its labels may be one in its mistakes."
    )


def _corrected(estimates: pl.DataFrame) -> CorrectedTable:
    """Set every corrected estimate beside the one that it corrects, under the main policy on wire copy.

    Single speakers stand in the tables of estimates, where there is room.
    """
    apart = [name for name in (WIRE, SPEAKER) if name in estimates.columns]
    main = estimates.filter(pl.all_horizontal(pl.lit(True), *(pl.col(name).is_null() for name in apart)))
    keys = [key for key in group_keys(estimates) if key not in (WIRE, CORRECTED)]
    found: dict[tuple[str | None, ...], dict[str | None, Mapping[str, Any]]] = {}
    for row in main.iter_rows(named=True):
        found.setdefault((row["metric"], *(row[key] for key in keys)), {})[row[CORRECTED]] = row
    shown = {key: by_method for key, by_method in found.items() if PPI in by_method}
    lines = [[by_method.get(method) for method in METHODS] for by_method in shown.values()]
    made = particulars(lines, COLUMNS)
    rows = [
        CorrectedRow(
            metric=str(metric),
            group=group_name(dict(zip(keys, group, strict=True))),
            cells=[_written(row) for row in line],
            made=how,
            note=_note([row for row in line if row is not None]),
        )
        for (metric, *group), line, how in zip(shown, lines, made.cells, strict=True)
    ]
    return CorrectedTable(COLUMNS, made.said, made.columns, rows)


def _note(rows: Sequence[Mapping[str, Any]]) -> str:
    notes = [note for row in rows for note in (row["note"] or "").split("; ")]
    return "; ".join(dict.fromkeys(note for note in notes if note and FEW not in note))


def _speakers(estimates: pl.DataFrame) -> str:
    """Say how many single speakers are corrected in any group, and why the others are not."""
    everyone = estimates.filter(pl.col(CORRECTED).is_null() & (pl.col(SPEAKER) != OTHER))[SPEAKER].n_unique()
    put_right = estimates.filter(pl.col(CORRECTED).is_not_null() & pl.col("value").is_not_null())[SPEAKER].n_unique()
    if not put_right:
        return f"each of {counted(everyone, 'speaker')} is {TOO_FEW}"
    return f"{everyone - put_right:,} of {counted(everyone, 'speaker')} are {TOO_FEW}; the others stand in its tables"


def _written(row: Mapping[str, Any] | None) -> str:
    if row is None or row["value"] is None:
        return "–"
    written = with_interval(row, share=is_share(row["metric"])) + (" †" if is_few(row) else "")
    return f"{written} · {row['articles']:,} / {row['statements']:,}"


def _uncorrected(estimates: pl.DataFrame, target: str) -> list[str]:
    """Name the stance metrics that hand codes leave as they are; the others do not rest on the classifier at all."""
    corrected = set(estimates.filter(pl.col(CORRECTED).is_not_null())["metric"])
    said = []
    for name in estimates["metric"].unique().sort():
        metric = parse(name)
        if getattr(metric, "target", None) == target and by_speaker(metric) and obstacle(metric) is None:
            said.append(f"{name}: {_speakers(estimates.filter(pl.col('metric') == name))}")
            continue
        if name in corrected or not hasattr(metric, "target"):
            continue
        other = None if metric.target == target else f"the codes are toward {target}"
        said.append(f"{name}: {other or obstacle(metric) or 'no reason known'}")
    if any(period in estimates.columns for period in ("week", "month", "year")):
        said.append("time series: each period has too few coded articles")
    return said
