"""Runs side by side once more, as the hand codes of each correct them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from framing.comparison.combined import MATCHED, PAIR, numbered
from framing.comparison.runs import ComparedRun
from framing.measure.between_corrected import between_corrected, of_runs, values_corrected
from framing.measure.corrected_cell import PPI
from framing.measure.correction import Coding, correctable
from framing.measure.grouping import RUN
from framing.measure.wire import CORRECTED
from framing.protocols import Metric, Tables
from framing.types import Estimate


class Correctable(NamedTuple):
    """The runs that have hand codes toward the same target as the first, their tables and codes, and the metrics."""

    runs: Sequence[ComparedRun]
    tables: Tables
    coding: Coding
    metrics: list[Metric]


def correctable_runs(runs: Sequence[ComparedRun], combined: Tables, metrics: Sequence[Metric]) -> Correctable | None:
    """Choose what can be compared after the correction; None where the first run or all others have no such codes."""
    target = runs[0].coded_target
    numbers = [n for n, run in enumerate(runs) if target is not None and run.coded_target == target]
    asked = correctable(metrics, target) if target is not None else []
    if len(numbers) < 2 or not asked:
        return None
    codings = [coding for n in numbers if (coding := _numbered(runs[n], n)) is not None]
    codes, sample = (pl.concat(parts, how="diagonal") for parts in zip(*codings, strict=True))
    chosen = [runs[n] for n in numbers]
    left = of_runs(combined, [run.label for run in chosen])
    return Correctable(chosen, left, Coding(codes, sample), asked)


def corrected_estimates(found: Correctable, by: Sequence[str]) -> list[Estimate]:
    """Estimate the corrected values of runs and their differences, set apart from those of labels by their group."""
    first, measured = found.runs[0], found.runs[0].experiment.measure
    level, asked = measured.interval.level, measured.compare
    made = values_corrected(found.tables, found.metrics, found.coding, by=by, level=level)
    made += between_corrected(
        found.tables,
        found.metrics,
        found.coding,
        first=first.label,
        tie=MATCHED,
        by=by,
        correction=asked.correction if asked else "holm",
        level=level,
    )
    return [replace(each, group={**each.group, CORRECTED: PPI}) for each in made]


def said_of_correction(runs: Sequence[ComparedRun], found: Correctable | None) -> Iterator[str]:
    """Say which runs are compared after the correction, which are not and why, and what to read with care."""
    if found is None:
        for run in runs:
            if run.coding is not None:
                yield (
                    f"{run.label} has hand codes, but is compared before the correction: that takes codes toward one "
                    "target in the first run and another, and a metric of stance toward it"
                )
        return
    names, target = " and ".join(run.label for run in found.runs), found.runs[0].coded_target
    yield f"{names}: compared by the labels and once more as the hand codes of each toward {target} correct them"
    for run in runs:
        if run not in found.runs:
            yield f"{run.label} has no hand codes toward {target}: compared by its labels alone"
    pairs = found.tables["articles"].filter(pl.col(RUN) != found.runs[0].label)[PAIR]
    if pairs.count():
        yield (
            "what hand codes say of the same statements is the same in two runs: of a difference between corrected "
            "runs over the same statements only chance is left"
        )


def _numbered(run: ComparedRun, number: int) -> Coding | None:
    if run.coding is None:
        return None
    codes = run.coding.codes.with_columns(numbered("statement_id", number))
    return Coding(codes, run.coding.sample.with_columns(numbered("article_id", number)))
