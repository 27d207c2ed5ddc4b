"""The groups of lines that figures are given for, and the figures of each with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from framing.errors import ConfigError, CorpusError, did_you_mean
from framing.evaluate.figures import Drawn, Figure, Rests, with_interval
from framing.evaluate.stance.answers import GoldLine
from framing.evaluate.stance.lines import Flags, Floats, Lines
from framing.evaluate.stance.scores import BOUNDS, FROM_PROBABILITIES, NAMES, drawn_together, observed, rests_on
from framing.measure.counts import NONE
from framing.measure.functions import RATIO
from framing.measure.interval import Bootstrap, generator_of

ARTICLES = ("article", "article_id")
"""Fields that name the article of a line."""
MEAN = {"target": "(mean)"}
"""The group of the mean over targets."""
NO_SPREAD = 1e-12


class Redraw(NamedTuple):
    """How intervals are made: which lines are drawn again together, by the values of the field `cluster`."""

    cluster: str
    interval: Bootstrap
    seed: int

    @property
    def noun(self) -> str:
        """Say what is drawn again."""
        return "article" if self.cluster in ARTICLES else "cluster"


class Group(NamedTuple):
    """Some of the gold lines, with the labels that name them."""

    labels: Mapping[str, str]
    chosen: Flags


def clusters_of(gold: Sequence[GoldLine], field: str | None) -> tuple[str, list[str]]:
    """Return the field that lines are redrawn together by, and its value on each line.

    Without a `field` it is `article` or `article_id`, where the gold has one, and else `id`.

    Raises:
        CorpusError: a line does not have the field.
        ConfigError: none has.
    """
    known = (name for name in ARTICLES if any(name in line.values for line in gold))
    chosen = field or next(known, "id")
    _check_field(chosen, gold, "--cluster")
    for line in gold:
        if line.values.get(chosen) is None:
            raise CorpusError(
                f"{line.place}: has no {chosen}, by which lines are drawn again together; add it, or choose another "
                "field with --cluster (id: each statement by itself)"
            )
    return chosen, [_text(line, chosen) for line in gold]


def groups_of(gold: Sequence[GoldLine], by: Sequence[str], min_items: int) -> Iterator[Group]:
    """Yield everything, each target with at least `min_items` lines, and each value of every field in `by`.

    Raises:
        ConfigError: no line has a field of `by`.
        CorpusError: the value of a field is a list or an object.
    """
    yield Group({}, np.ones(len(gold), np.bool_))
    yield from (group for group in _by("target", gold) if group.chosen.sum() >= min_items)
    for field in by:
        _check_field(field, gold, "--by")
        yield from _by(field, gold)


def figures_of(lines: Lines, labels: Mapping[str, str], redraw: Redraw) -> list[Figure]:
    """Return every figure of some lines."""
    [drawn] = drawn_together([lines], lines.n_clusters, redraw.interval, generator_of(redraw.seed, labels))
    values = observed(lines)
    rests = [_rests(name, lines, value, each) for name, value, each in zip(NAMES, values, drawn, strict=True)]
    found = _figures(values, drawn, rests, labels, redraw)
    if missing := lines.without_probabilities:
        why = f"{missing} of {len(lines)} lines have no probabilities"
        found = [each._replace(note=why) if each.name in FROM_PROBABILITIES else each for each in found]
    return found


def mean_figures(lines: Lines, targets: Sequence[Group], redraw: Redraw) -> list[Figure]:
    """Return the means of every figure over targets; a target for which one is undefined is left out of its mean."""
    among = np.logical_or.reduce([target.chosen for target in targets])
    parts = [lines.of(target.chosen, among=among) for target in targets]
    clusters = len(np.unique(lines.clusters[among]))
    drawn = _mean(np.stack(drawn_together(parts, clusters, redraw.interval, generator_of(redraw.seed, MEAN))))
    values = np.stack([observed(part) for part in parts])
    counted = (~np.isnan(values)).sum(axis=0)
    rests = [
        Rests(clusters if n else 0, int(n), clusters, spreadless(each)) for n, each in zip(counted, drawn, strict=True)
    ]
    return _figures(_mean(values), drawn, rests, MEAN, redraw)


def spreadless(values: Floats) -> bool:
    """Tell whether all draws that define a figure give it one value."""
    defined = values[~np.isnan(values)]
    return not defined.size or bool(np.ptp(defined) < NO_SPREAD)


def _figures(
    values: Floats, drawn: Floats, rests: Sequence[Rests], labels: Mapping[str, str], redraw: Redraw
) -> list[Figure]:
    ends = redraw.interval.ends(drawn)
    return [
        with_interval(
            Figure(name, labels),
            float(values[at]),
            rests[at],
            Drawn(*(float(end[at]) for end in ends)),
            redraw.interval,
            noun=redraw.noun,
            bounds=BOUNDS.get(name, (0.0, 1.0)),
        )
        for at, name in enumerate(NAMES)
    ]


def _rests(name: str, lines: Lines, value: float, drawn: Floats) -> Rests:
    counted, decisive = rests_on(name, lines)
    if np.isnan(value):
        return Rests(0, 0, 0, alike=True)
    carrying = min(len(np.unique(lines.clusters[flags])) for flags in decisive)
    return Rests(len(np.unique(lines.clusters[counted])), int(counted.sum()), carrying, spreadless(drawn))


def _mean(values: Floats) -> Floats:
    """Return the mean over the first axis of what is defined, NaN where nothing is."""
    return RATIO.value(np.nansum(values, axis=0), (~np.isnan(values)).sum(axis=0).astype(np.float64))


def _by(field: str, gold: Sequence[GoldLine]) -> Iterator[Group]:
    values = np.array([_text(line, field) for line in gold], dtype=object)
    for value in sorted(set(values)):
        yield Group({field: value}, values == value)


def _text(line: GoldLine, field: str) -> str:
    value = line.values.get(field)
    if isinstance(value, dict | list):
        raise CorpusError(f"{line.place}: {field} is {value!r}, expected a text or a number to group lines by")
    return NONE if value is None else str(value)


def _check_field(name: str, gold: Sequence[GoldLine], option: str) -> None:
    known = {field for line in gold for field in line.values}
    if name not in known:
        raise ConfigError(f"{option} {name}: no gold line has such a field; {did_you_mean(name, known)}")
