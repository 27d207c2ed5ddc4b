"""Figures and mistakes as a reader wants them: small tables of text, for the terminal and for the page."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from framing.evaluate.figures import Figure
from framing.evaluate.mistakes import MistakeKind
from framing.evaluate.quotes import Evaluation
from framing.evaluate.spans import RECALLS, SCORES

SHOWN = 3
WIDTH = 90

_MEASURES = ("precision", "recall", "f1")
_GROUPED = tuple(f"{name}_f1" for name in ("exact", "token", "overlap", "joint"))
_RECALLED = tuple(f"{name}_recall" for name in RECALLS)

NOTED = "* has a note in the JSON: few articles, one article, or the same value in all."


class Table(NamedTuple):
    """A heading, the names of the columns and the rows; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def summary(evaluation: Evaluation) -> str:
    """Say what was scored, and how the intervals were made."""
    interval = evaluation.interval
    missing = f" ({evaluation.without_prediction} without prediction)" if evaluation.without_prediction else ""
    noun = "article" if evaluation.articles == 1 else "articles"
    return (
        f"{evaluation.articles} {noun}{missing}, {evaluation.gold} gold and {evaluation.predicted} predicted "
        f"statements; in per cent, with {100 * interval.level:g}% intervals from {interval.resamples} resamples of "
        f"articles (seed {evaluation.seed})"
    )


def tables(evaluation: Evaluation) -> list[Table]:
    """Return the figures: of everything, by kind of gold statement, and by each grouping of articles."""
    groups: dict[tuple[tuple[str, str], ...], dict[str, Figure]] = {}
    for figure in evaluation.figures:
        groups.setdefault(tuple(figure.group.items()), {})[figure.name] = figure
    everything = groups.pop(())
    scores = [(name, *(cell(everything[f"{name}_{part}"]) for part in _MEASURES)) for name in SCORES]
    speakers = [name for name in everything if name.startswith("speaker_")]
    found = [
        Table("all statements", ("", *_MEASURES), scores),
        Table("matched statements", ("", "share right", "of"), list(_shares(speakers, everything))),
    ]
    by_name: dict[str, list[tuple[str, Mapping[str, Figure]]]] = {}
    for ((name, value),), figures in groups.items():
        by_name.setdefault(name, []).append((value, figures))
    for name, rows in by_name.items():
        columns = (*(_GROUPED if _GROUPED[0] in rows[0][1] else _RECALLED), *speakers)
        cells = [(value, *(cell(own[column]) for column in columns), str(_statements(own))) for value, own in rows]
        found.append(Table(f"by {name}", (name, *columns, "gold"), cells))
    return found


def as_text(evaluation: Evaluation) -> str:
    """Return figures and the first mistakes of each kind for a terminal."""
    found = tables(evaluation)
    parts = [summary(evaluation), *map(aligned, found)]
    if any("*" in cell for table in found for row in table.rows for cell in row):
        parts.append(NOTED)
    mistakes = [(str(mistake.kind), mistake.article_id, mistake.text) for mistake in evaluation.mistakes]
    return "\n\n".join([*parts, "\n".join(listed(mistakes, MistakeKind))])


def _shares(names: Sequence[str], figures: Mapping[str, Figure]) -> Iterator[tuple[str, ...]]:
    for name in names:
        yield name, cell(figures[name]), str(figures[name].units)


def cell(figure: Figure, *, digits: int = 1) -> str:
    """Write a figure with its interval, and an asterisk where it has a note."""
    if figure.value is None:
        return "–"
    noted = "*" if figure.note else ""
    if figure.low is None or figure.high is None:
        return f"{figure.value:.{digits}f}{noted}"
    return f"{figure.value:.{digits}f} [{figure.low:.{digits}f}, {figure.high:.{digits}f}]{noted}"


def _statements(figures: Mapping[str, Figure]) -> int:
    return figures["exact_recall"].units


def aligned(table: Table) -> str:
    """Return a table with its columns below each other."""
    rows = [table.columns, *table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join([table.title, *(f"  {line}" for line in lines)])


def listed(mistakes: Sequence[tuple[str, str, str]], kinds: Iterable[str]) -> Iterator[str]:
    """Yield how many mistakes each kind has, with the first of them; a mistake is its kind, its place and its text."""
    counts = Counter(kind for kind, _, _ in mistakes)
    for kind in kinds:
        if not counts[kind]:
            continue
        yield f"{kind}: {counts[kind]}"
        for _, place, text in [each for each in mistakes if each[0] == kind][:SHOWN]:
            yield f"  {place}: {textwrap.shorten(text, WIDTH, placeholder=' …')}"
