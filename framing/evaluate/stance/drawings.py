"""Two figures of an evaluation: which labels are taken for which, and how often a confidence is right."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import PercentFormatter

from framing.evaluate.figures import Figure
from framing.evaluate.stance.answers import LABELS
from framing.evaluate.stance.scores import BINS
from framing.evaluate.stance.study import StanceEvaluation
from framing.plot import COLOURS, FAINT, INK, canvas, point

_SHADES = LinearSegmentedColormap.from_list("shares", ["#FFFFFF", COLOURS["support"]])
_DARK = 60  # per cent of the darkest shade, from which on ink cannot be read on it


def confusion(evaluation: StanceEvaluation) -> Drawing:
    """Draw gold labels by labels given; a cell has the share of the gold label's lines, its interval and the count."""
    level = f"{100 * evaluation.redraw.interval.level:g}%"
    names = [str(label) for label in LABELS]
    with canvas(f"Labels given to {evaluation.lines:,} lines, by gold label", 5.6, 4.6) as drawing:
        axes = drawing.subplots()
        size = len(LABELS)
        cells = [evaluation.confusion[row * size : (row + 1) * size] for row in range(size)]
        axes.imshow([[cell.value or 0.0 for cell in row] for row in cells], cmap=_SHADES, vmin=0, vmax=100)
        for y, row in enumerate(cells):
            for x, cell in enumerate(row):
                _write(axes, x, y, cell, evaluation.counts[y][x])
        axes.set_xticks(range(size), names)
        axes.set_yticks(range(size), names)
        axes.tick_params(length=0)
        axes.grid(visible=False)
        axes.set_xlabel(f"label given; per cent of the row with {level} interval, and lines")
        axes.set_ylabel("gold label")
    return drawing


def reliability(evaluation: StanceEvaluation) -> Drawing:
    """Draw the share that is right against the confidence, in the bins of the calibration error."""
    level = f"{100 * evaluation.redraw.interval.level:g}%"
    with canvas("How often the most probable label is right", 4.8, 4.6) as drawing:
        axes = drawing.subplots()
        axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1.2, zorder=1)
        for each in evaluation.reliability:
            right = each.right
            row = {name: _share(getattr(right, name)) for name in ("value", "low", "high")}
            point(axes, {**row, "estimator": right.note or ""}, each.confidence, "support", vertical=True)
        axes.set_xlim(0, 1.02)
        axes.set_ylim(-0.02, 1.02)
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_xlabel(f"mean confidence, in at most {BINS} bins of equally many lines")
        axes.set_ylabel(f"right, {level} interval; dotted: all alike; hollow: none")
        if not evaluation.reliability:
            drawing.text(0.5, 0.5, "not every line has probabilities", ha="center", color=INK)
    return drawing


def _write(axes: Axes, x: int, y: int, cell: Figure, count: int) -> None:
    if cell.value is None:
        axes.text(x, y, "no line", ha="center", va="center", fontsize=8, color=INK)
        return
    interval = f"[{cell.low:.0f}, {cell.high:.0f}]\n" if cell.low is not None and cell.high is not None else ""
    colour = "white" if cell.value >= _DARK else INK
    told = f"{cell.value:.0f}%\n{interval}n = {count:,}"
    axes.text(x, y, told, ha="center", va="center", fontsize=8, color=colour)


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100
