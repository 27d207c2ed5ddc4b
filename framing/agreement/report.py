"""An agreement study as text for the terminal and as plain values for JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from framing.agreement.compare import Agreement, Disagreement
from framing.measure.interval import Bootstrap

COEFFICIENTS = ("alpha", "ac1", "kappa", "percent")
SHOWN = 10
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Study:
    """Codes compared: who coded how much, every figure, and the units whose codes differ."""

    coders: Mapping[str, int]
    categories: tuple[str, ...]
    level: str
    figures: tuple[Agreement, ...]
    disagreements: tuple[Disagreement, ...]
    interval: Bootstrap
    redrawn: str
    seed: int
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; figures are fractions, and null where they are undefined."""
        return {
            "coders": dict(self.coders),
            "categories": list(self.categories),
            "level": self.level,
            "interval": {"level": self.interval.level, "resamples": self.interval.resamples, "redrawn": self.redrawn},
            "seed": self.seed,
            "notes": list(self.notes),
            "figures": [figure._asdict() for figure in self.figures],
            "disagreements": [each._asdict() for each in self.disagreements],
        }

    def as_text(self) -> str:
        """Return the tables, the notes and the first disagreements."""
        counts = ", ".join(f"{coder} ({count:,} units)" for coder, count in self.coders.items())
        head = (
            f"{counts}; alpha is {self.level}; with {100 * self.interval.level:g}% intervals from "
            f"{self.interval.resamples} resamples of {self.redrawn} (seed {self.seed})"
        )
        overall = [figure for figure in self.figures if figure.category is None]
        single = [figure for figure in self.figures if figure.category is not None]
        parts = [head, *self.notes, _table("all categories", overall)]
        if single:
            parts.append(_table("each category against the rest (percent: of its codes, those shared)", single))
        reasons = sorted({f"* {figure.note}" for figure in self.figures if figure.note})
        return "\n\n".join([*parts, *(["\n".join(reasons)] if reasons else []), "\n".join(self._differing())])

    def _differing(self) -> Iterator[str]:
        yield f"{len(self.disagreements):,} units whose codes differ" + (":" if self.disagreements else "")
        for each in self.disagreements[:SHOWN]:
            given = ", ".join(f"{coder}: {label}" for coder, label in each.labels.items())
            yield f"  {each.unit}  {given}"
            if each.text:
                yield f"    {textwrap.shorten(each.text, WIDTH, placeholder=' …')}"
        if len(self.disagreements) > SHOWN:
            yield f"  … and {len(self.disagreements) - SHOWN:,} more; --json lists all"


def _table(title: str, figures: Sequence[Agreement]) -> str:
    rows: dict[tuple[str, str], dict[str, Agreement]] = {}
    for figure in figures:
        rows.setdefault((figure.comparison, figure.category or ""), {})[figure.coefficient] = figure
    lines = [["", "", *COEFFICIENTS, "units"]]
    for (comparison, category), found in rows.items():
        cells = [_cell(found[name]) for name in COEFFICIENTS]
        lines.append([comparison, category, *cells, f"{found['alpha'].units:,}"])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join([title, *(f"  {line}".rstrip() for line in padded)])


def _cell(figure: Agreement) -> str:
    noted = "*" if figure.note else ""
    if figure.value is None:
        return f"undefined{noted}"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}{noted}"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]{noted}"
