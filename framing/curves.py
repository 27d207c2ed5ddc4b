"""Specification curves: every estimate of one quantity in order, above a matrix of the choices behind each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from framing import tables
from framing.evidence import Conditions, conditions
from framing.measure.choices import CHOICES
from framing.measure.differences import AGAINST
from framing.measure.multiverse import MAIN
from framing.measure.names import parse
from framing.measure.wire import CORRECTED
from framing.particulars import particulars
from framing.plot import COLOURS, FAINT, INK, canvas
from framing.summary import is_share, number, with_interval

TABLE = "specifications"
UNCLEAR, GREY = "unclear", "#8A919B"
DRAWN = 24  # curves; the table has all
READABLE = {
    "confidence": "least confidence",
    "abstention": "least probability",
    "weight": "weight of a statement",
    "unit": "unit",
    "wire": "wire copy",
    "window": "window",
}


class Curve(NamedTuple):
    """All specifications of one estimand, lowest estimate first, and what they say together.

    `same_sign` is the share of specifications whose estimate has the sign of the median, `excluding` that of those
    whose interval leaves out 0; both of the specifications with an estimate. `empty` have none.
    """

    metric: str
    group: str | None
    against: str | None
    corrected: str | None
    rows: pl.DataFrame
    empty: int
    median: float
    same_sign: float
    excluding: float

    @property
    def title(self) -> str:
        """Name the estimand."""
        what = "over everything" if self.group is None else f"{self.group} minus {self.against}"
        return f"{self.metric}, {what}" + ("" if self.corrected is None else ", corrected by hand codes")

    @property
    def main(self) -> dict[str, Any] | None:
        """Return the main specification, None if it has no estimate."""
        return next(self.rows.filter(pl.col(MAIN)).iter_rows(named=True), None)

    def written(self, value: float) -> str:
        """Write a value in the unit of the estimand."""
        points = is_share(self.metric) and self.group is not None
        return (
            number(100 * value).replace(".00", "") + " points" if points else number(value, share=is_share(self.metric))
        )


class CurveRow(NamedTuple):
    """One curve as a line of the report, with the way to the statements that the main specification rests on.

    `made` says how the estimate of the main specification was made, in the order of the table's columns `made`.
    """

    title: str
    main: str
    made: list[str]
    conditions: Conditions
    median: str
    lowest: str
    highest: str
    same_sign: str
    excluding: str
    specifications: int
    empty: int


class CurveTable(NamedTuple):
    """All curves; `said` tells how every main specification was estimated, the columns `made` what of it varies."""

    said: str
    made: list[str]
    rows: list[CurveRow]


def curves(table: pl.DataFrame) -> list[Curve]:
    """Return the curves of a table of specifications, in its order; estimands without any estimate are left out."""
    made = []
    for key, rows in table.group_by("metric", "group", AGAINST, CORRECTED, maintain_order=True):
        found = rows.filter(pl.col("value").is_not_null()).sort("value", *CHOICES)
        if found.is_empty():
            continue
        values = found["value"].to_numpy()
        median = float(np.median(values))
        metric, *labels = (None if part is None else str(part) for part in key)
        group, against, corrected = labels
        apart = ((pl.col("low") > 0) | (pl.col("high") < 0)).fill_null(False)
        made.append(
            Curve(
                metric=str(metric),
                group=group,
                against=against,
                corrected=corrected,
                rows=found,
                empty=rows.height - found.height,
                median=median,
                same_sign=float((np.sign(values) == np.sign(median)).mean()),
                excluding=float(found.select(apart.mean()).item()),
            )
        )
    return made


def read(folder: Path) -> list[Curve]:
    """Return the curves of a run, none where its choices were not varied."""
    if not (folder / f"{TABLE}.parquet").exists():
        return []
    table = tables.read(folder, TABLE)
    if CORRECTED not in table.columns:  # made before specifications were corrected
        table = table.with_columns(pl.lit(None, pl.String).alias(CORRECTED), correction=pl.lit("none"))
    return curves(table)


def figures(made: list[Curve]) -> Iterator[tuple[str, Figure]]:
    """Yield a name and a figure for each of the first `DRAWN` curves."""
    for place, curve in enumerate(made[:DRAWN], start=1):
        yield f"curve-{place:02}", draw(curve)


def draw(curve: Curve) -> Figure:
    """Draw one curve: estimates with intervals above, the choices of each below; the main one has a wider mark."""
    matrix = [(name, value) for name in CHOICES for value in _values(curve, name)]
    hollow = "; hollow: no interval" if curve.rows["low"].null_count() else ""
    key = f"blue and orange: the interval leaves out 0; diamond: the main specification{hollow}"
    subtitle = f"{sentence(curve)}\n({key})"
    with canvas(f"{curve.title}\n{subtitle}", 9.4, 3.9 + 0.19 * len(matrix)) as figure:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[2.7, max(1.0, 0.19 * len(matrix))])
        _estimates(above, curve)
        rows = {each: place for place, each in enumerate(matrix)}
        for name in dict.fromkeys(name for name, _ in matrix):
            places = [rows[name, value] for value in curve.rows[name]]
            below.plot(range(len(places)), places, "|", color=INK, markersize=5, markeredgewidth=_width(curve))
        below.set_yticks(range(len(matrix)), [f"{READABLE[name]}: {value}" for name, value in matrix], fontsize=7)
        below.set_ylim(len(matrix) - 0.5, -0.5)
        below.tick_params(axis="y", length=0)
        below.grid(visible=False)
        edges = [place for place in range(1, len(matrix)) if matrix[place][0] != matrix[place - 1][0]]
        for edge in edges:
            below.axhline(edge - 0.5, color=FAINT, linewidth=0.8)
        below.set_xlabel("specifications, by estimate")
    return figure


def sentence(curve: Curve) -> str:
    """Say what the specifications of a curve have in common."""
    count = curve.rows.height
    said = f"{count:,} specification{'' if count == 1 else 's'}: median {curve.written(curve.median)}"
    said += f", from {curve.written(curve.rows['value'][0])} to {curve.written(curve.rows['value'][-1])}"
    said += f"; {curve.same_sign:.0%} have the sign of the median, {curve.excluding:.0%} an interval without 0"
    return said + (f"; {curve.empty:,} more leave nothing to count" if curve.empty else "")


def curve_table(made: list[Curve], of: str) -> CurveTable:
    """Lay out curves for the report; `of` is what groups are compared by."""
    how = particulars([[curve.main] for curve in made], counts=True)
    rows = [_line(curve, of, cells) for curve, cells in zip(made, how.cells, strict=True)]
    return CurveTable(how.said, how.columns, rows)


def _line(curve: Curve, of: str, made: list[str]) -> CurveRow:
    behind = conditions(parse(curve.metric), {} if curve.group is None else {of: curve.group}, ())
    if curve.group is not None:
        behind["where"][of].append(curve.against)
    main = curve.main
    told = {**main, "p_value": None, "metric": curve.metric} if main else None
    if told and curve.group is None:
        told.pop(AGAINST)
    return CurveRow(
        title=curve.title,
        main=with_interval(told, share=is_share(curve.metric)) if told else "– (nothing to count)",
        made=made,
        conditions=behind,
        median=curve.written(curve.median),
        lowest=curve.written(curve.rows["value"][0]),
        highest=curve.written(curve.rows["value"][-1]),
        same_sign=f"{curve.same_sign:.0%}",
        excluding=f"{curve.excluding:.0%}",
        specifications=curve.rows.height,
        empty=curve.empty,
    )


def _estimates(axes: Axes, curve: Curve) -> None:
    width = _width(curve)
    rows = curve.rows.with_row_index("x")
    sides = pl.when(pl.col("low") > 0).then(pl.lit("support")).when(pl.col("high") < 0).then(pl.lit("oppose"))
    for side, part in rows.group_by(sides.otherwise(pl.lit(UNCLEAR)).alias("side"), maintain_order=True):
        colour = COLOURS.get(str(side[0]), GREY)
        known = part.drop_nulls("low")
        axes.vlines(known["x"], known["low"], known["high"], color=colour, linewidth=width, alpha=0.55, zorder=2)
        axes.plot(known["x"], known["value"], "o", color=colour, markersize=min(3.5, 1.5 + width), zorder=3)
        alone = part.filter(pl.col("low").is_null())
        axes.plot(alone["x"], alone["value"], "o", color=colour, markerfacecolor="white", markersize=3.5, zorder=3)
    main = rows.filter(pl.col(MAIN))
    axes.plot(main["x"], main["value"], "D", color=INK, markersize=6.0, zorder=4)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.axhline(curve.median, color=INK, linewidth=0.8, linestyle=":")
    axes.annotate("median", (1.002, curve.median), xycoords=("axes fraction", "data"), fontsize=7, va="center")
    level = next((found for text in curve.rows["estimator"] if (found := _level(text))), "")
    axes.set_ylabel(f"estimate, {level} interval".replace(",  ", " "), fontsize=8)
    axes.margins(x=0.01)


def _level(estimator: str) -> str:
    return next((word.strip(",") for word in estimator.split() if word.strip(",").endswith("%")), "")


def _width(curve: Curve) -> float:
    """Return a line width at which neighbouring specifications stay apart."""
    return float(np.clip(350 / curve.rows.height, 0.4, 1.6))


def _values(curve: Curve, name: str) -> list[str]:
    """Return what was chosen, in the order of the configuration; a choice that was no choice is not shown."""
    values = curve.rows[name].unique(maintain_order=True).to_list()
    first = curve.rows.filter(pl.col(MAIN))[name].to_list()
    ordered = sorted(values, key=lambda value: (value not in first, value))
    return ordered if len(ordered) > 1 else []
