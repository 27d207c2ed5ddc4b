"""How a classifier errs in each group, and what Rogan and Gladen would make of its shares: read before any comparison.

Both rest on the coded articles of each group alone; error rates pooled over outlets would turn a difference in errors
into a difference in coverage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import polars as pl

from framing.measure.codes import gold_stances, inclusion
from framing.measure.corrected_cell import Cell, as_estimate
from framing.measure.correction import Coding, Group, grouped_articles
from framing.measure.error_rates import Differential, Linear, Rate, differential, rate, rogan_gladen, share
from framing.measure.multiple import holm
from framing.measure.prediction_powered import Floats
from framing.measure.stance import ON_TARGET, NetStance, StanceShare
from framing.measure.weights import WEIGHT, weights
from framing.protocols import Tables
from framing.tables import estimates_table
from framing.types import Estimate, Label

RATES = ("sensitivity", "specificity")
ROGAN_GLADEN = "Rogan–Gladen"
Labels = frozenset[str]


class Crossed(NamedTuple):
    """Every statement asked about one target: its article's number, the label seen and, where coded, the label by hand.

    A statement that the classifier abstained from is seen as `(abstained)`, which is none of the labels.
    """

    statements: pl.DataFrame
    groups: list[Group]

    def sums(self, group: Group, condition: pl.Expr, *, weighed: bool = False) -> Floats:
        """Count the statements that meet a condition in each article of a group, or add up what these weigh."""
        rows = self.statements.filter(pl.col("number").is_between(group.start, group.end - 1) & condition)
        each = rows[WEIGHT].to_numpy() if weighed else None
        counts = np.bincount(rows["number"].to_numpy() - group.start, each, minlength=group.end - group.start)
        return np.asarray(counts, np.float64)


class ErrorRates(NamedTuple):
    """Sensitivity and specificity for one label in every group, with a test of each for differences between groups."""

    estimates: list[Estimate]
    tests: list[Differential]


def crossed(tables: Tables, coding: Coding, *, target: str, by: Sequence[str]) -> Crossed:
    """Put the classifier's labels beside those given by hand.

    Raises:
        ConfigError: the grouping is not one of articles.
        CorpusError: the codes are not those of a probability sample of this run.
    """
    drawn = inclusion(tables["articles"], coding.sample)
    numbers, groups = grouped_articles(tables["articles"], drawn, by)
    gold = gold_stances(tables, coding.codes, drawn, target=target)
    seen = pl.when("abstained").then(pl.lit("(abstained)")).otherwise("label")
    asked = tables["stances"].filter(pl.col("target") == target).select("statement_id", seen=seen)
    asked = asked.join(tables["statements"].select("statement_id", "article_id"), on="statement_id")
    asked = asked.join(numbers, on="article_id").join(weights(tables["articles"]), on="article_id")
    by_hand = gold.select("statement_id", gold="label")
    return Crossed(asked.join(by_hand, on="statement_id", how="left").select("number", WEIGHT, "seen", "gold"), groups)


def error_rates(
    tables: Tables, coding: Coding, *, target: str, label: str, by: Sequence[str] = ("outlet",), level: float = 0.95
) -> ErrorRates:
    """Estimate how often a label is found where coders see it, and left out where they do not.

    Each statement counts once, whatever its article weighs. The groups of a rate without a single coded statement give
    an empty estimate and stay out of the tests.

    Raises:
        ConfigError: as for `crossed`.
        CorpusError: as for `crossed`.
    """
    both = crossed(tables, coding, target=target, by=by)
    estimates, tests = [], []
    for name in RATES:
        found = [
            rate(*_right(both, group, frozenset({label}), name), group.weights, level=level) for group in both.groups
        ]
        metric = f"{name}(target={target},label={label})"
        estimates += [_as_estimate(metric, group, each, level) for group, each in zip(both.groups, found, strict=True)]
        tests.append(differential(metric, found))
    return ErrorRates(estimates, tests)


def judged(
    tables: Tables, coding: Coding, *, target: str, by: Sequence[str] = ("outlet",), level: float = 0.95
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the error rates of every label, over everything and by group, and the tests of their differences.

    The estimates are of `sensitivity` and `specificity`, grouped by `label` and `by`. The tests have rate, label,
    groups, statistic, freedom, p and p_adjusted, by Holm over all of them.

    Raises:
        ConfigError: as for `crossed`.
        CorpusError: as for `crossed`.
    """
    estimates: list[Estimate] = []
    tests: list[Differential] = []
    for label in Label:
        groupings = dict.fromkeys(((), tuple(by)))
        over = [error_rates(tables, coding, target=target, label=label, by=each, level=level) for each in groupings]
        for each in (estimate for found in over for estimate in found.estimates):
            kind = each.metric.partition("(")[0]
            estimates.append(replace(each, metric=kind, group={"label": str(label), **each.group}))
        tests += over[-1].tests
    adjusted = holm(np.array([test.p for test in tests]))
    rows = [
        {
            "rate": test.measure.partition("(")[0],
            "label": test.measure.rpartition("label=")[2].removesuffix(")"),
            **{name: value for name, value in test._asdict().items() if name != "measure"},
            "p_adjusted": p,
        }
        for test, p in zip(tests, adjusted.tolist(), strict=True)
    ]
    return estimates_table(estimates), pl.DataFrame(rows).with_columns(pl.selectors.float().fill_nan(None))


def second_opinion(
    tables: Tables,
    metrics: Sequence[NetStance | StanceShare],
    coding: Coding,
    *,
    by: Sequence[str] = ("outlet",),
    level: float = 0.95,
) -> list[Estimate]:
    """Correct net stance and shares of labels by the error rates of each group, after Rogan and Gladen.

    Each label and "on target" are corrected as shares of all statements asked about, then divided; conditional
    positions count whole. Wider than `corrected`, and without an estimate where errors leave nothing to invert.

    Raises:
        ConfigError: as for `crossed`.
        CorpusError: as for `crossed`.
    """
    made = []
    for metric in metrics:
        both = crossed(tables, coding, target=metric.target, by=by)
        for group in both.groups:
            on_target = _inverted(both, group, frozenset(ON_TARGET))
            shares = {label: _inverted(both, group, frozenset({label})) for label in ON_TARGET}
            for labels, part in _parts(metric, shares):
                cell = _cell({**group.labels, **labels}, both, group, _over(part, on_target))
                made.append(as_estimate(str(metric), cell, metric.bounds, level, method=ROGAN_GLADEN))
    return made


def _parts(metric: NetStance | StanceShare, shares: dict[str, Linear]) -> list[tuple[dict[str, str], Linear]]:
    if isinstance(metric, StanceShare):
        return [({"label": label}, shares[label]) for label in sorted(shares)]
    support, oppose = shares["support"], shares["oppose"]
    return [({}, Linear(support.value - oppose.value, support.influence - oppose.influence))]


def _over(part: Linear, whole: Linear) -> Linear:
    if not whole.value > 0:
        return Linear(np.nan, np.zeros(len(part.influence)))
    value = part.value / whole.value
    return Linear(value, (part.influence - value * whole.influence) / whole.value)


def _inverted(both: Crossed, group: Group, labels: Labels) -> Linear:
    """Correct the share of all statements asked about that are seen with one of the labels."""
    everything = both.sums(group, pl.lit(True), weighed=True)
    shown = both.sums(group, pl.col("seen").is_in(labels), weighed=True)
    seen = share(shown, everything, np.ones(len(everything)))
    rates = [share(*_right(both, group, labels, name, weighed=True), group.weights) for name in RATES]
    never, always = (bool(np.isnan(each.value)) for each in rates)
    if never != always:  # coders gave the labels to none of the statements, or to all: there is one rate only
        return Linear(float(always), np.zeros(len(everything)))
    return rogan_gladen(seen, *rates)


def _right(both: Crossed, group: Group, labels: Labels, name: str, *, weighed: bool = False) -> tuple[Floats, Floats]:
    """Count the coded statements with (or, for specificity, without) the labels, and those also seen so."""
    gold, seen = pl.col("gold").is_in(labels), pl.col("seen").is_in(labels)
    of, right = (gold, gold & seen) if name == "sensitivity" else (~gold, ~gold & ~seen)
    coded = pl.col("gold").is_not_null()
    return both.sums(group, coded & right, weighed=weighed), both.sums(group, coded & of, weighed=weighed)


def _cell(labels: dict[str, str], both: Crossed, group: Group, found: Linear) -> Cell:
    counted = both.sums(group, pl.lit(True))
    sided = pl.col("gold").is_in([labels["label"]] if "label" in labels else ["support", "oppose"])
    return Cell(
        labels,
        found.corrected(),
        articles=int((counted > 0).sum()),
        statements=int(counted.sum()),
        coded=int((group.weights > 0).sum()),
        carrying=int((both.sums(group, sided) > 0).sum()),
    )


def _as_estimate(metric: str, group: Group, found: Rate, level: float) -> Estimate:
    if not found.statements:
        note = "no coded statement to judge by"
        return Estimate(metric, group.labels, None, None, None, 0, 0, None, "weighted ratio", note=note)
    return Estimate(
        metric=metric,
        group=group.labels,
        value=found.value,
        low=found.low,
        high=found.high,
        articles=found.articles,
        statements=found.statements,
        design_effect=found.design_effect,
        estimator=f"weighted ratio, article-clustered Wilson {100 * level:g}%",
    )
