"""What every figure shares: one palette, points that carry their interval, panels by outlet, and files without a date.

A value without an interval (one article) is drawn hollow, so that it cannot be mistaken for one with a narrow interval.
Colours are from the palette of Okabe and Ito (2008), which colour-blind readers can tell apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Row = Mapping[str, Any]

LABEL = 34  # characters of a name
INK, FAINT = "#23272E", "#D9DCE1"
SERIES = tuple(f"series {n}" for n in range(1, 7))
"""Sides of points that mean no side: one for each of several runs, or kinds of estimate."""

COLOURS = {
    "support": "#0072B2",
    "oppose": "#D55E00",
    "neither": INK,
    **dict(zip(SERIES, ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"), strict=True)),
}
MARKS = {"support": "o", "oppose": "s", "neither": "D", **dict(zip(SERIES, "os^vDP", strict=True))}
COLUMNS = 3
RULE = "rule of three"  # in the estimator of intervals that no redrawing could give; they are dotted
STYLE: Any = {
    "font.size": 9.0,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "framing",
    "text.parse_math": False,  # a name may hold dollar signs
    "pdf.fonttype": 42,
}
UNDATED: dict[str, dict[str, Any]] = {
    "svg": {"Date": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "ModDate": None},
}


@contextmanager
def canvas(title: str, width: float, height: float) -> Iterator[Figure]:
    """Give a figure of `width` by `height` inches to draw on in the style of this project."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        yield figure


def panels(title: str, label: str, names: Sequence[str], draw: Callable[[Axes, str], None], *, height: float) -> Figure:
    """Draw one panel of `height` inches for each name, on shared axes, at most `COLUMNS` in a line."""
    columns = min(COLUMNS, max(1, len(names)))
    lines = max(1, math.ceil(len(names) / columns))
    with canvas(title, 2.2 + 2.6 * columns, 0.9 + lines * (0.5 + height)) as figure:
        grid = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
        for axes, name in zip(grid.flat, names, strict=False):
            draw(axes, name)
            axes.set_title(shortened(name))
        for axes in list(grid.flat)[len(names) :]:
            axes.set_visible(False)
        for axes in list(grid.flat)[max(0, len(names) - columns) : len(names)]:
            axes.tick_params(labelbottom=True)
        if not names:
            figure.text(0.5, 0.5, "no statement to show", ha="center", color=INK)
        figure.supxlabel(label, fontsize=9)
    return figure


def point(axes: Axes, estimate: Row, at: float, side: str, *, vertical: bool = False) -> None:
    """Draw an estimate with its interval at a place on the other axis; an estimate without a value draws nothing.

    `side` is support, oppose, neither or one of `SERIES`; colour and shape of the mark tell them apart.
    """
    colour, mark = COLOURS[side], MARKS[side]
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    if value is None:
        return
    known = low is not None and high is not None
    if known:
        ends, places = (low, high), (at, at)
        line = ":" if RULE in estimate["estimator"] else "-"
        axes.plot(*((places, ends) if vertical else (ends, places)), line, color=colour, linewidth=1.6, zorder=2)
    x, y = (at, value) if vertical else (value, at)
    axes.plot(x, y, mark, color=colour, markerfacecolor=colour if known else "white", markersize=4.5, zorder=3)


def label_rows(axes: Axes, labels: Sequence[str]) -> None:
    """Name the rows 0, 1, … of a panel from top to bottom."""
    axes.set_yticks(range(len(labels)), [shortened(label) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)


def shortened(name: str) -> str:
    """Cut a name that would take the room of the figure."""
    return name if len(name) <= LABEL else name[: LABEL - 1].rstrip() + "…"


def save(figure: Figure, folder: Path, name: str) -> dict[str, Path]:
    """Write a figure as SVG, PNG and PDF, the same bytes for the same figure, and return the files by suffix."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {suffix: folder / f"{name}.{suffix}" for suffix in UNDATED}
    with mpl.rc_context(STYLE):
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # the three files share the layout that was found once
        for suffix, path in written.items():
            figure.savefig(path, dpi=160, metadata=UNDATED[suffix])
    return written
