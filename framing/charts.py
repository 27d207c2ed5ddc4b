"""The charts of a report: who is heard, on which side, by whom, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from framing.errors import ConfigError, did_you_mean
from framing.plot import COLOURS, FAINT, INK, canvas, label_rows, panels, point

Tables = Mapping[str, pl.DataFrame]
ROW = 0.24  # inches of height for one row of a panel
PERIODS = ("month", "week")


@dataclass(frozen=True)
class Voice:
    """Who is heard: the share of an outlet's statements that each of the most quoted speakers has."""

    speakers: int = 10
    outlets: int = 12

    def __call__(self, tables: Tables) -> Figure:
        """Draw one panel an outlet, one row a speaker."""
        rows = select(tables, "source_share", ("outlet", "speaker"))
        chosen = most_heard(select(tables, "source_share", ("speaker",)), self.speakers)

        def draw(axes: Axes, outlet: str) -> None:
            here = rows.filter(pl.col("outlet") == outlet)
            _draw_speakers(axes, here, chosen, 0.0, COLOURS["support"])
            label_rows(axes, speaker_names(tables, chosen))
            axes.set_xlim(left=0)
            axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))

        outlets, cut = _outlets(rows, self.outlets)
        title = f"Who is heard: the {len(chosen)} most quoted speakers{cut}"
        return panels(title, "share of the outlet's statements, 95% interval", outlets, draw, height=ROW * len(chosen))


@dataclass(frozen=True)
class StanceByOutlet:
    """Net stance by outlet: support minus oppose over all statements that address the target."""

    target: str

    def __call__(self, tables: Tables) -> Figure:
        """Draw one row an outlet, the most supportive first."""
        rows = select(tables, f"net_stance(target={self.target})", ("outlet",))
        rows = rows.sort("value", "outlet", descending=[True, False], nulls_last=True)
        title = f"Stance toward {readable(self.target)}, by outlet"
        with canvas(title, 7.6, 1.1 + 0.32 * max(rows.height, 1)) as figure:
            axes = figure.subplots()
            for y, row in enumerate(rows.iter_rows(named=True)):
                point(axes, row, y, _side(row["value"]))
                counts = f"{row['statements']} statements\nin {row['articles']} articles"
                axes.annotate(counts, (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=7, color=INK)
            label_rows(axes, rows["outlet"].to_list())
            axes.set_xlim(-1.05, 1.05)
            axes.axvline(0, color=INK, linewidth=0.6)
            axes.set_xlabel("oppose  ←  net stance, 95% interval  →  support")
        return figure


@dataclass(frozen=True)
class SpeakerStance:
    """On which side each speaker is heard: shares of support and oppose among a speaker's statements on the target."""

    target: str
    speakers: int = 8
    outlets: int = 12

    def __call__(self, tables: Tables) -> Figure:
        """Draw one panel an outlet, one row a speaker, one mark for each side."""
        metric = f"stance_share(target={self.target})"
        rows = select(tables, metric, ("outlet", "speaker", "label"))
        chosen = most_heard(select(tables, metric, ("speaker", "label")), self.speakers)

        def draw(axes: Axes, outlet: str) -> None:
            for offset, label in ((-0.15, "support"), (0.15, "oppose")):
                here = rows.filter((pl.col("outlet") == outlet) & (pl.col("label") == label))
                _draw_speakers(axes, here, chosen, offset, COLOURS[label])
            label_rows(axes, speaker_names(tables, chosen))
            axes.set_xlim(-0.05, 1.05)
            axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))

        outlets, cut = _outlets(rows, self.outlets)
        title = f"Who is heard on which side of {readable(self.target)}: support blue, oppose orange{cut}"
        label = "share of the speaker's statements on the target, 95% interval"
        return panels(title, label, outlets, draw, height=ROW * 1.3 * len(chosen))


@dataclass(frozen=True)
class Timeline:
    """Net stance by week or month, one panel an outlet."""

    target: str
    outlets: int = 12

    def __call__(self, tables: Tables) -> Figure:
        """Draw the series of each outlet; a period without a statement on the target has no mark."""
        period = next((name for name in PERIODS if name in tables["estimates"].columns), None)
        if period is None:
            raise ConfigError("report.charts: timeline needs measure.period: month (or week) and dated articles")
        rows = select(tables, f"net_stance(target={self.target})", ("outlet", period)).sort(period)
        rows = rows.filter(pl.col("value").is_not_null() & ~pl.col(period).str.starts_with("("))

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

        outlets, cut = _outlets(rows, self.outlets)
        title = f"Stance toward {readable(self.target)}, by {period}{cut}"
        return panels(title, f"{period}; net stance with 95% interval, support above 0", outlets, draw, height=1.3)


def select(tables: Tables, metric: str, keys: Sequence[str]) -> pl.DataFrame:
    """Return the estimates of one metric that are grouped by just these keys.

    Raises:
        ConfigError: the run has no such estimates.
    """
    estimates = tables["estimates"]
    found = estimates.filter(pl.col("metric") == metric)
    if found.is_empty():
        known = estimates["metric"].unique().to_list()
        raise ConfigError(f"report.charts: the run has no estimate of {metric}; {did_you_mean(metric, known)}")
    groups = estimates.columns[1 : estimates.columns.index("value")]
    for key in keys:
        if key not in groups:
            raise ConfigError(f"report.charts: {metric} is not grouped by {key}; add {key} to measure.by")
    return found.filter(*(pl.col(group).is_not_null() == (group in keys) for group in groups))


def most_heard(rows: pl.DataFrame, count: int) -> list[str]:
    """Return the ids of the named speakers with the largest sums of value × statements, the largest first."""
    weight = (pl.col("value") * pl.col("statements")).sum().alias("weight")
    ranked = rows.filter(~pl.col("speaker").str.starts_with("(")).group_by("speaker").agg(weight)
    return ranked.sort("weight", "speaker", descending=[True, False])["speaker"].head(count).to_list()


def speaker_names(tables: Tables, speaker_ids: Sequence[str]) -> list[str]:
    """Return what a reader calls each speaker."""
    names = dict(tables["speakers"].select("speaker_id", "name").iter_rows())
    return [names.get(speaker_id, speaker_id) for speaker_id in speaker_ids]


def readable(target: str) -> str:
    """Return the name of a target as words."""
    return f"“{target.replace('_', ' ')}”"


def first_day(period: str) -> date:
    """Return the first day of a period written as `2024-03` or `2024-W11`."""
    if "W" in period:
        year, week = period.split("-W")
        return date.fromisocalendar(int(year), int(week), 1)
    return date.fromisoformat(f"{period}-01")


def _draw_speakers(axes: Axes, rows: pl.DataFrame, chosen: Sequence[str], offset: float, colour: str) -> None:
    found = {row["speaker"]: row for row in rows.iter_rows(named=True)}
    for y, speaker in enumerate(chosen):
        if speaker in found:
            point(axes, found[speaker], y + offset, colour)


def _outlets(rows: pl.DataFrame, limit: int) -> tuple[list[str], str]:
    """Return the outlets with the most statements, by name, and what the title says where others are left out."""
    size = pl.col("statements").max()
    ranked = rows.group_by("outlet").agg(size).sort("statements", "outlet", descending=[True, False])
    shown = sorted(ranked["outlet"].head(limit))
    return shown, "" if len(shown) == ranked.height else f" ({len(shown)} of {ranked.height} outlets)"


def _side(value: float | None) -> str:
    return COLOURS["oppose"] if (value or 0) < 0 else COLOURS["support"]
