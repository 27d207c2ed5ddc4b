"""The charts of a report: who is heard, on which side, by whom, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from framing.errors import ConfigError
from framing.measure.corrected_cell import PPI
from framing.measure.counts import is_pooled
from framing.measure.names import fits, parse
from framing.measure.wire import CORRECTED
from framing.plot import FAINT, INK, RULE, SERIES, canvas, label_rows, panels, point
from framing.protocols import Needs, Tables

ROW = 0.24  # inches of height for one row of a panel
PERIODS = ("year", "month", "week")
ALL = "all outlets"


@dataclass(frozen=True)
class Voice:
    """Who is heard: the share of an outlet's statements that each of the most quoted speakers has."""

    speakers: int = 10
    outlets: int = 12

    @property
    def needs(self) -> Needs:
        """Ask for the shares of speakers."""
        return Needs("source_share", keys=("speaker",))

    def __call__(self, tables: Tables) -> Figure:
        """Draw one panel an outlet, one row a speaker."""
        rows = select(tables, self.needs, ("outlet",))
        chosen = _named(select(tables, self.needs, ()), self.needs.keys, self.speakers)

        def draw(axes: Axes, outlet: str) -> None:
            _draw_speakers(axes, rows.filter(pl.col("outlet") == outlet), chosen, 0.0, "support")
            label_rows(axes, speaker_names(tables, chosen))
            axes.set_xlim(0, highest)
            axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))

        outlets, cut = _outlets(rows, self.outlets)
        shown = rows.filter(pl.col("outlet").is_in(outlets) & pl.col("speaker").is_in(chosen))
        ends = pl.concat([shown["value"], shown["high"]]).drop_nulls()
        highest = 1.05 * max(ends, default=1.0) or 1.0
        title = f"Who is heard: the {len(chosen)} most quoted speakers{cut}"
        label = f"share of the outlet's statements, {interval_label(rows)}"
        return panels(title, label, outlets, draw, height=ROW * len(chosen))


@dataclass(frozen=True)
class StanceByOutlet:
    """Net stance by outlet: support minus oppose over all statements that address the target."""

    target: str
    outlets: int = 40

    @property
    def needs(self) -> Needs:
        """Ask for net stance."""
        return Needs("net_stance", self.target)

    def __call__(self, tables: Tables) -> Figure:
        """Draw one row an outlet, the most supportive first; what hand codes make of it stands below."""
        rows = select(tables, self.needs, ("outlet",))
        put_right = {row["outlet"]: row for row in _corrected(tables, self.needs).iter_rows(named=True)}
        outlets, cut = _outlets(rows, self.outlets)
        rows = rows.filter(pl.col("outlet").is_in(outlets))
        rows = rows.sort("value", "outlet", descending=[True, False], nulls_last=True)
        title = f"Stance toward {readable(self.target)}, by outlet{cut}"
        with canvas(title, 7.6, 1.1 + 0.36 * max(rows.height, 1)) as figure:
            axes = figure.subplots()
            for y, row in enumerate(rows.iter_rows(named=True)):
                right = put_right.get(row["outlet"])
                point(axes, row, y - 0.16 * bool(right), SERIES[0] if put_right else _side(row["value"]))
                if right:
                    point(axes, right, y + 0.16, SERIES[1])
                counts = "\nin ".join(counted(row[name], name[:-1]) for name in ("statements", "articles"))
                axes.annotate(counts, (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=7, color=INK)
            label_rows(axes, rows["outlet"].to_list())
            axes.set_xlim(-1.05, 1.05)
            axes.axvline(0, color=INK, linewidth=0.6)
            sides = "\nblue circle: labels of the classifier; orange square: corrected by hand codes" * bool(put_right)
            axes.set_xlabel(f"oppose  ←  net stance, {interval_label(rows)}  →  support{sides}")
        return figure


@dataclass(frozen=True)
class SpeakerStance:
    """On which side each speaker is heard: shares of support and oppose among a speaker's statements on the target."""

    target: str
    speakers: int = 8
    outlets: int = 11

    @property
    def needs(self) -> Needs:
        """Ask for the shares of labels within speakers."""
        return Needs("stance_share", self.target, keys=("speaker", "label"))

    def __call__(self, tables: Tables) -> Figure:
        """Draw a panel for all outlets and one for each, one row a speaker; a cell too small shows its count."""
        together, apart = select(tables, self.needs, ()), select(tables, self.needs, ("outlet",))
        chosen = _named(together, self.needs.keys, self.speakers)
        outlets, cut = _outlets(apart, self.outlets)
        rows = _joined(together, apart)

        def draw(axes: Axes, outlet: str) -> None:
            here = rows.filter(pl.col("outlet") == outlet)
            for offset, label in ((-0.15, "support"), (0.15, "oppose")):
                _draw_speakers(axes, here.filter(pl.col("label") == label), chosen, offset, label)
            small = here.filter(pl.col("value").is_null() & (pl.col("label") == "support"))
            for speaker, count in small.select("speaker", "statements").iter_rows():
                if speaker in chosen:
                    axes.text(
                        0.5, chosen.index(speaker), f"n = {count}", ha="center", va="center", fontsize=7, color=INK
                    )
            label_rows(axes, speaker_names(tables, chosen))
            axes.set_xlim(-0.05, 1.05)
            axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))

        title = f"Who is heard on which side of {readable(self.target)}{cut}"
        label = f"share of the speaker's statements on the target, {interval_label(rows)}"
        few = "; n: too few statements" if rows["value"].null_count() else ""
        sides = f"support: blue circle; oppose: orange square{few}"
        names = [ALL, *outlets] if chosen else []
        return panels(title, f"{label}\n{sides}", names, draw, height=ROW * 1.3 * len(chosen))


@dataclass(frozen=True)
class Timeline:
    """Net stance by week, month or year: all outlets together, then one panel an outlet."""

    target: str
    outlets: int = 11

    @property
    def needs(self) -> Needs:
        """Ask for net stance over time."""
        return Needs("net_stance", self.target, over_time=True)

    def __call__(self, tables: Tables) -> Figure:
        """Draw the series; a period without a statement on the target has no mark."""
        period = next(name for name in PERIODS if name in tables["estimates"].columns)
        together, apart = select(tables, self.needs, (period,)), select(tables, self.needs, ("outlet", period))
        outlets, cut = _outlets(apart, self.outlets)
        rows = _joined(together, apart).filter(pl.col("value").is_not_null() & (pl.col(period) != "(none)"))
        rows = rows.sort(period)

        def draw(axes: Axes, outlet: str) -> None:
            here = rows.filter(pl.col("outlet") == outlet)
            days = [date2num(first_day(text)) for text in here[period]]
            axes.plot(days, here["value"].to_list(), color=FAINT, linewidth=1.2, zorder=1)
            for day, row in zip(days, here.iter_rows(named=True), strict=True):
                point(axes, row, day, _side(row["value"]), vertical=True)
            axes.axhline(0, color=INK, linewidth=0.6)
            axes.set_ylim(-1.1, 1.1)
            locator = AutoDateLocator(maxticks=6)
            axes.xaxis.set_major_locator(locator)
            axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))

        title = f"Stance toward {readable(self.target)}, by {period}{cut}"
        label = f"net stance by {period} (support above 0), {interval_label(rows)}"
        return panels(title, label, [ALL, *outlets] if rows.height else [], draw, height=1.3)


def select(tables: Tables, needs: Needs, by: Sequence[str]) -> pl.DataFrame:
    """Return the estimates that a chart needs, grouped by just `by` and the keys of the metric.

    Raises:
        ConfigError: the run did not measure such a metric.
    """
    estimates = tables["estimates"]
    metric = _metric(estimates, needs)
    if metric is None:
        raise ConfigError(f"report.charts: the run did not measure {needs.metric} as {needs}")
    return grouped(estimates, metric, (*by, *needs.keys))


def by_method(estimates: pl.DataFrame, method: str | None) -> pl.DataFrame:
    """Return the estimates that were corrected by a method, or for None by none, without the column that says so."""
    if CORRECTED not in estimates.columns:
        return estimates if method is None else estimates.clear()
    chosen = pl.col(CORRECTED).is_null() if method is None else pl.col(CORRECTED) == method
    return estimates.filter(chosen).drop(CORRECTED)


def grouped(estimates: pl.DataFrame, metric: str, keys: Sequence[str]) -> pl.DataFrame:
    """Return the estimates of a metric that are grouped by just these keys.

    There are none where nothing was counted in the whole corpus; the columns of the keys are there even then.
    """
    groups = group_keys(estimates)
    found = estimates.filter(pl.col("metric") == metric)
    found = found.with_columns(pl.lit(None, pl.String).alias(key) for key in keys if key not in groups)
    return found.filter(*(pl.col(name).is_not_null() == (name in keys) for name in (*groups, *keys)))


def group_keys(estimates: pl.DataFrame) -> list[str]:
    """Return the grouping columns of a table of estimates."""
    return estimates.columns[1 : estimates.columns.index("value")]


def most_heard(rows: pl.DataFrame, by: Sequence[str], keys: Sequence[str], count: int) -> pl.DataFrame:
    """Keep the rows of the `count` speakers with the most statements in each group, the most heard first.

    `rows` hold a share that is split by `keys`: of the group's statements, or with the key `label` of the speaker's.
    """
    own = pl.col("statements").cast(pl.Float64) if "label" in keys else pl.col("value") * pl.col("statements")
    size = own.max().over(*by, "speaker").fill_null(0)
    order = [*by, "size", "speaker", *(["label"] if "label" in keys else [])]
    ordered = rows.with_columns(size=size).sort(order, descending=[name == "size" for name in order])
    place = pl.col("speaker").rle_id()
    return ordered.filter((place.over(by) if by else place) < count).drop("size")


def interval_label(rows: pl.DataFrame) -> str:
    """Name the interval that is drawn, and what a hollow mark or a dotted line means where there is one."""
    levels = {found[0] for text in rows["estimator"] if (found := re.search(r"[\d.]+%", text))}
    hollow = not rows.filter(pl.col("value").is_not_null() & pl.col("low").is_null()).is_empty()
    dotted = rows["estimator"].str.contains(RULE, literal=True).any()
    said = [f"{'/'.join(sorted(levels))} interval"] if levels else []
    said += ["dotted: all articles alike, rule of three"] * dotted + ["hollow: one article, no interval"] * hollow
    return "; ".join(said)


def speaker_names(tables: Tables, speaker_ids: Sequence[str]) -> list[str]:
    """Return what a reader calls each speaker."""
    names = dict(tables["speakers"].select("speaker_id", "name").iter_rows())
    return [names.get(speaker_id, speaker_id) for speaker_id in speaker_ids]


def counted(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def readable(target: str) -> str:
    """Return the name of a target as words."""
    return f"“{target.replace('_', ' ')}”"


def first_day(period: str) -> date:
    """Return the first day of a period written as `2024-03` or `2024-W11`."""
    if "W" in period:
        year, week = period.split("-W")
        return date.fromisocalendar(int(year), int(week), 1)
    return date.fromisoformat(f"{period}-01")


def _metric(estimates: pl.DataFrame, needs: Needs) -> str | None:
    return next((name for name in estimates["metric"].unique().sort() if fits(parse(name), needs)), None)


def _corrected(tables: Tables, needs: Needs) -> pl.DataFrame:
    """Return the estimates by outlet as hand codes correct them; none where there are no codes toward the target."""
    estimates = by_method(tables["estimates"], PPI)
    metric = _metric(estimates, needs)
    return grouped(estimates, metric, ("outlet", *needs.keys)) if metric else estimates


def _named(rows: pl.DataFrame, keys: Sequence[str], count: int) -> list[str]:
    """Return the ids of the most heard speakers, without those that are counted together."""
    apart = rows.filter(~is_pooled("speaker"))
    return most_heard(apart, (), keys, count)["speaker"].unique(maintain_order=True).to_list()


def _draw_speakers(axes: Axes, rows: pl.DataFrame, chosen: Sequence[str], offset: float, side: str) -> None:
    found = {row["speaker"]: row for row in rows.iter_rows(named=True)}
    for y, speaker in enumerate(chosen):
        if speaker in found:
            point(axes, found[speaker], y + offset, side)


def _joined(together: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    """Put the estimates over all outlets beside those of each."""
    return pl.concat([together.with_columns(outlet=pl.lit(ALL)).select(apart.columns), apart])


def _outlets(rows: pl.DataFrame, limit: int) -> tuple[list[str], str]:
    """Return the outlets with the most statements, by name, and what the title says where others are left out."""
    size = pl.col("statements").max()
    ranked = rows.group_by("outlet").agg(size).sort("statements", "outlet", descending=[True, False])
    shown = sorted(ranked["outlet"].head(limit))
    return shown, "" if len(shown) == ranked.height else f" ({len(shown)} of {ranked.height} outlets)"


def _side(value: float | None) -> str:
    return "neither" if not value else "support" if value > 0 else "oppose"
