"""Figures, comparisons and mistakes as small tables of text, for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from framing.evaluate.figures import Figure
from framing.evaluate.layout import Table, aligned, cell, listed
from framing.evaluate.stance.answers import LABELS
from framing.evaluate.stance.comparison import Comparison, Difference, McNemar
from framing.evaluate.stance.groups import MEAN
from framing.evaluate.stance.mistakes import KINDS
from framing.evaluate.stance.study import StanceEvaluation

DIGITS = 3
PARTS = (
    ("F1", ("macro_f1_4", "macro_f1_3", "forced_f1", "coverage")),
    ("shares right", ("accuracy", "accuracy_covered", "neutral_recall", "no_stance_recall")),
    ("calibration", ("accuracy_at_80", "accuracy_at_60", "coverage_at_precision_85", "ece", "brier")),
)
"""The figures in tables narrow enough for a terminal; coverage stands beside every F1."""
BY_GROUP = ("macro_f1_4", "macro_f1_3", "forced_f1", "accuracy")
NOTED = "* has a note in the JSON: few clusters, one cluster, or the same value in all; or no probabilities."

Cells = dict[tuple[tuple[str, str], ...], dict[str, Figure]]


def summary(evaluation: StanceEvaluation) -> str:
    """Say what was scored, and how the intervals were made."""
    redraw = evaluation.redraw
    unused = f" ({evaluation.unused} predictions belong to no gold line)" if evaluation.unused else ""
    small = f", {evaluation.small_targets} of them too small for figures of their own" * bool(evaluation.small_targets)
    level, resamples = 100 * redraw.interval.level, redraw.interval.resamples
    return (
        f"{_counted(evaluation.lines, 'gold line')}{unused}, {_counted(evaluation.targets, 'target')}{small}; with "
        f"{level:g}% intervals from {resamples} resamples of the {_counted(evaluation.clusters, 'cluster')} with one "
        f"{redraw.cluster} (seed {redraw.seed})"
    )


def tables(evaluation: StanceEvaluation, *, by: Collection[str] | None = None) -> list[Table]:
    """Return the figures by target and by each grouping, the confusion of labels, and every comparison.

    Comparisons are shown by the groupings that `by` names, by all if it is None.
    """
    groups: Cells = {}
    for figure in evaluation.figures:
        groups.setdefault(tuple(figure.group.items()), {})[figure.name] = figure
    everything = groups.pop(())
    by_name: dict[str, list[tuple[str, Mapping[str, Figure]]]] = {"target": [("all", everything)]}
    for ((name, value),), figures in groups.items():
        by_name.setdefault(name, []).append((value, figures))
    found = [table for name, rows in by_name.items() for table in _grouped(name, rows)]
    return [
        *found,
        _confusion(evaluation),
        *(table for each in evaluation.comparisons for table in _compared(each, by)),
    ]


def as_text(evaluation: StanceEvaluation) -> str:
    """Return figures, comparisons and the first mistakes of each kind for a terminal."""
    found = tables(evaluation, by=["target"])
    parts = [summary(evaluation), *map(aligned, found)]
    if any("*" in entry for table in found for row in table.rows for entry in row):
        parts.append(NOTED)
    wrong = [
        (each.kind, f"{each.line.statement_id} ({each.line.target})", each.text("text")) for each in evaluation.mistakes
    ]
    return "\n\n".join([*parts, "\n".join(listed(wrong, KINDS))])


def _grouped(name: str, rows: Sequence[tuple[str, Mapping[str, Figure]]]) -> Iterator[Table]:
    for title, columns in PARTS:
        cells = [
            (value, *(cell(own[column], digits=DIGITS) for column in columns), str(own["accuracy"].units))
            for value, own in rows
        ]
        last = "lines (mean: targets)" if any(value == MEAN["target"] for value, _ in rows) else "lines"
        yield Table(f"{title} by {name}", (name, *columns, last), cells)


def _confusion(evaluation: StanceEvaluation) -> Table:
    rows = [
        (str(gold), *map(str, counts), str(sum(counts))) for gold, counts in zip(LABELS, evaluation.counts, strict=True)
    ]
    return Table("lines by gold label (rows) and label given (columns)", ("", *map(str, LABELS), "gold"), rows)


def _compared(comparison: Comparison, by: Collection[str] | None) -> Iterator[Table]:
    told = f"against {comparison.name} ({comparison.meaning})"
    if not comparison.lines:
        yield Table(told, ("",), [(comparison.note or "no line to compare",)])
        return
    note = f"; {comparison.note}" if comparison.note else ""
    figures = {figure.name: figure for figure in comparison.figures}
    pooled = [each for each in comparison.differences if not each.group]
    rows: list[tuple[str, ...]] = [
        (
            each.name,
            f"{each.ours:.{DIGITS}f}",
            cell(figures[each.name], digits=DIGITS),
            difference_cell(each),
            _p(each.p_value),
        )
        for each in pooled
    ]
    test = next(each for each in comparison.mcnemar if not each.group)
    columns = ("", "ours", comparison.name, "ours ahead by", "p")
    yield Table(f"{told}, {_counted(comparison.lines, 'line')}{note}; {_tested(test)}", columns, rows)
    yield from _by_group(comparison, by)


def _by_group(comparison: Comparison, by: Collection[str] | None) -> Iterator[Table]:
    by_name: dict[str, dict[str, dict[str, Difference]]] = {}
    for each in comparison.differences:
        for name, value in each.group.items():
            if by is not None and name not in by:
                continue
            by_name.setdefault(name, {}).setdefault(value, {})[each.name] = each
    tests = {tuple(test.group.items()): test for test in comparison.mcnemar}
    for name, groups in by_name.items():
        rows = [
            (
                value,
                *(difference_cell(own[column]) if column in own else "–" for column in BY_GROUP),
                _p(tests[((name, value),)].p_value),
            )
            for value, own in groups.items()
        ]
        yield Table(f"ahead of {comparison.name} by {name}", (name, *BY_GROUP, "McNemar p"), rows)


def difference_cell(each: Difference) -> str:
    """Write a difference with its interval, and an asterisk where it has a note."""
    noted = "*" if each.note else ""
    if each.low is None or each.high is None:
        return f"{each.difference:+.{DIGITS}f}{noted}"
    return f"{each.difference:+.{DIGITS}f} [{each.low:+.{DIGITS}f}, {each.high:+.{DIGITS}f}]{noted}"


def _p(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if value >= 0.0005 else "<0.001"


def _tested(test: McNemar) -> str:
    return f"McNemar: {test.ours_only} right only here, {test.theirs_only} only there, p {_p(test.p_value)}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
