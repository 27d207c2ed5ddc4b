"""One corrected value before and after it becomes an estimate, with what to be careful of."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from framing.measure.interval import rule_of_three
from framing.measure.prediction_powered import Corrected, Floats
from framing.types import Estimate

# Simulated with one to eight statements an article and 75 coded: 95% intervals cover 94% at a prevalence of .30, where
# about 41 coded articles have something to count, and 90% at .05, where about 9 have.
# Of a single speaker, whose statements are in few articles, they cover 69% to 80% with fewer than 5 coded articles that
# have them on target, 85% to 90% with 10 to 15 and 92% to 95% with 20 or more, if degrees of freedom count only these.
FEW_CODED = 20
PPI = "PPI++"
NO_ERROR = "the coded articles show no error of any kind"


class Cell(NamedTuple):
    """One corrected value with the articles and statements behind it.

    `coded` counts the articles coded by hand, `carrying` those of them with something in the numerator (of a
    difference: in the group with fewer); a cell with too few statements for its metric is `suppressed`. `influence` is
    what each article of the group adds to the error, in the order of their numbers. Of a single speaker `heard` counts
    the coded articles in which coders found this speaker on target.
    """

    labels: dict[str, str]
    found: Corrected
    articles: int
    statements: int
    coded: int
    carrying: int
    suppressed: bool = False
    influence: Floats = np.zeros(0)
    heard: int | None = None

    def minus(self, other: Cell, labels: dict[str, str], found: Corrected) -> Cell:
        """Return the cell of a difference that was `found` between two cells."""
        return Cell(
            labels,
            found,
            self.articles + other.articles,
            self.statements + other.statements,
            min(self.coded, other.coded),
            min(self.carrying, other.carrying),
            self.suppressed or other.suppressed,
            heard=None if self.heard is None or other.heard is None else min(self.heard, other.heard),
        )

    @property
    def refused(self) -> bool:
        """Tell whether too few coded articles have something of the speaker to be corrected by."""
        return self.heard is not None and self.heard < FEW_CODED


def as_estimate(
    metric: str, cell: Cell, bounds: tuple[float, float], level: float, *, method: str = PPI, alike: str = NO_ERROR
) -> Estimate:
    """Turn a corrected value into an estimate within the bounds of its metric, with notes on what to be careful of.

    `alike` is what the note says of coded articles without any spread.
    """
    found, notes = cell.found, []
    correction = f"{method}, {cell.coded} coded articles"
    if math.isnan(found.value) or cell.suppressed or cell.refused:
        why = "coders found nothing to count" if method == PPI else "the errors leave nothing to invert"
        note = why if cell.coded else "no article of the group was coded"
        if cell.refused:
            note = (
                f"not corrected: on target in {cell.heard} coded articles, of a speaker {FEW_CODED} or more are needed"
            )
        note = "suppressed: too few statements" if cell.suppressed else note
        return Estimate(
            metric, cell.labels, None, None, None, cell.articles, cell.statements, None, "ratio", correction, note=note
        )
    kind = "ratio of inverted shares"
    if not math.isnan(found.lam):
        kind = "prediction-powered ratio"
        correction += f", lambda {found.lam:.2f}"
    estimator = f"{kind}, article-clustered {100 * level:g}%"
    low, high = found.limits(level)
    value = min(max(found.value, bounds[0]), bounds[1])
    if value != found.value:
        notes.append(f"the corrected value {found.value:.3f} lies outside its range and was cut")
    if math.isnan(found.variance):
        notes.append(f"{cell.coded} coded articles: no interval")
    elif not found.spread:
        wide = rule_of_three(value, cell.coded, bounds, level)
        low, high = min(low, wide[0]), max(high, wide[1])
        estimator += ", widened by the rule of three"
        notes.append(alike)
    if cell.carrying < FEW_CODED:
        notes.append(f"rests on few articles ({cell.carrying} coded that add to it): the interval may be too narrow")
    known = not math.isnan(found.variance)
    return Estimate(
        metric=metric,
        group=cell.labels,
        value=value,
        low=max(low, bounds[0]) if known else None,
        high=min(high, bounds[1]) if known else None,
        articles=cell.articles,
        statements=cell.statements,
        design_effect=None,
        estimator=estimator,
        correction=correction,
        note="; ".join(notes) or None,
    )
