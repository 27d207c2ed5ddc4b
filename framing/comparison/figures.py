"""Runs side by side: the values of a metric by group, and beside them the differences from the first run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, PercentFormatter

from framing.charts import by_method, interval_label
from framing.measure.differences import AGAINST, OVER
from framing.measure.grouping import RUN
from framing.measure.scopes import ALL
from framing.plot import COLOURS, INK, MARKS, SERIES, canvas, label_rows, point, shortened
from framing.summary import is_share

EVERYTHING = "everything"
GROUPS = 30
SPREAD = 0.5  # of a row, over which the marks of the runs are spread

Row = Mapping[str, Any]


def difference_figure(metric: str, estimates: pl.DataFrame, runs: Sequence[str], group: str | None) -> Figure:
    """Draw one metric of at most as many runs as there are `SERIES`; the first run stands against all others.

    The values are those of the labels; corrected ones stand in the tables.
    """
    runs = runs[: len(SERIES)]
    rows = by_method(estimates, None).filter((pl.col("metric") == metric) & pl.col(RUN).is_in(runs))
    name = pl.col(group).fill_null(EVERYTHING) if group in rows.columns else pl.lit(EVERYTHING)
    rows = rows.with_columns(name=name)
    values, differences = rows.filter(pl.col(AGAINST).is_null()), headline(rows)
    sizes = values.filter(pl.col("name") != EVERYTHING).group_by("name").agg(pl.col("statements").sum())
    kept = sizes.sort("statements", "name", descending=[True, False]).head(GROUPS)["name"].sort().to_list()
    names = [EVERYTHING, *kept]
    cut = f" ({len(kept)} of {sizes.height} groups)" if len(kept) < sizes.height else ""
    height = 1.7 + max(0.3, 0.13 * len(runs) + 0.1) * len(names)
    with canvas(f"{metric}{cut}", 9.4, height) as figure:
        left, right = figure.subplots(1, 2, sharey=True)
        _draw(left, values, names, runs)
        _draw(right, differences, names, runs)
        label_rows(left, names)
        right.tick_params(axis="y", labelleft=False, length=0)
        left.set_xlabel(interval_label(values), fontsize=8)
        over = differences[OVER].unique().sort().to_list()
        right.set_xlabel(
            "; ".join([f"over {' / '.join(over)}"] * bool(over) + [interval_label(differences)]), fontsize=8
        )
        left.set_title("each run")
        right.set_title(f"minus {shortened(runs[0])}")
        if is_share(metric):
            left.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
            right.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:+.0f}".replace("-", "−")))
        right.axvline(0, color=INK, linewidth=0.8)
        _legend(figure, runs)
    return figure


def headline(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep one difference of each comparison: that over the articles both runs have, where it stands apart."""
    differences = rows.filter(pl.col(AGAINST).is_not_null())
    keys = [key for key in rows.columns[: rows.columns.index("value")] if key != OVER]
    first = differences.with_columns(apart=pl.col(OVER) != ALL).sort("apart", descending=True, maintain_order=True)
    return first.unique(keys, keep="first", maintain_order=True).drop("apart")


def _draw(axes: Axes, rows: pl.DataFrame, names: Sequence[str], runs: Sequence[str]) -> None:
    step = SPREAD / max(len(runs) - 1, 1)
    for row in rows.iter_rows(named=True):
        if row["name"] in names:
            place = runs.index(row[RUN])
            point(axes, row, names.index(row["name"]) - SPREAD / 2 + step * place, SERIES[place])


def _legend(figure: Figure, runs: Sequence[str]) -> None:
    axes = figure.axes[0]
    marks = [
        axes.plot([], [], MARKS[side], color=COLOURS[side], markersize=4.5, label=shortened(run))[0]
        for run, side in zip(runs, SERIES, strict=False)
    ]
    figure.legend(handles=marks, loc="outside lower left", ncols=3, frameon=False, fontsize=8)
