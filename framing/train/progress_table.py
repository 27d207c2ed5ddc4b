"""How a training went, an epoch a line: as a table and as a figure."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

TABLE, FIGURE = "epochs.csv", "epochs"


def write_epochs(epochs: Sequence[NamedTuple], folder: Path) -> None:
    """Write the epochs as `epochs.csv` and, with every figure whose name speaks of a loss, as `epochs.svg`."""
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=epochs[0]._fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(epoch._asdict() for epoch in epochs)
    from framing.plot import COLOURS, canvas, save

    rows = [epoch._asdict() for epoch in epochs]
    names = [name for name in rows[0] if "loss" in name]
    with canvas("Training: mean loss by epoch", 5.5, 3.2) as figure:
        axes = figure.subplots()
        for name, colour in zip(names, COLOURS.values(), strict=False):
            axes.plot(
                [row["epoch"] + 1 for row in rows],
                [row[name] for row in rows],
                label=name.replace("_", " "),
                color=colour,
                marker="o",
            )
        axes.set_xlabel("epoch")
        axes.set_ylabel("loss a cue")
        axes.legend(frameon=False)
    save(figure, folder, FIGURE)
