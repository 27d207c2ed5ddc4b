"""How often a classifier is right, and what its shares become when that is taken into account.

Sensitivity is the share of the statements with a label by hand that the classifier gives the label too, specificity the
share of those without it that it leaves without. Articles are the units: errors cluster in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from framing.measure.prediction_powered import Corrected, Floats


class Linear(NamedTuple):
    """A value with what each article adds to its error, so that any smooth function of values gets its variance."""

    value: float
    influence: Floats

    def corrected(self) -> Corrected:
        """Return value and variance with Satterthwaite's degrees of freedom, for articles of unequal influence.

        They are 2 V² / var(V) of V = Σψ²; a normal ψ of variance σ² has var(ψ²) = 2σ⁴, and ψ⁴ / 3 estimates σ⁴.
        """
        squares = self.influence**2
        n = int((squares > 0).sum())
        if not n:
            return Corrected(self.value, 0.0, 1, np.nan, spread=False)
        freedom = min(3 * float(squares.sum() ** 2 / (squares**2).sum()), n) - 1
        variance = float(squares.sum()) * n / (n - 1) if n > 1 else np.nan
        return Corrected(self.value, variance, max(freedom, 1), np.nan)


class Rate(NamedTuple):
    """A share of statements with its interval and the number of independent statements that it is worth."""

    value: float
    low: float
    high: float
    articles: int
    statements: int
    design_effect: float

    @property
    def variance(self) -> float:
        """Variance of the share with two successes and two failures added, so that 0 and 1 have one too."""
        worth = self.statements / self.design_effect
        shrunk = (self.value * worth + 2) / (worth + 4)
        return shrunk * (1 - shrunk) / (worth + 4)


class Differential(NamedTuple):
    """A test of whether a rate is the same in all groups; small p: the classifier errs differently between them."""

    measure: str
    groups: int
    statistic: float
    freedom: int
    p: float


def share(numerator: Floats, denominator: Floats, weights: Floats) -> Linear:
    """Return a weighted ratio of sums over articles; NaN where nothing is in the denominator."""
    total = float(weights @ denominator)
    if total <= 0:
        return Linear(np.nan, np.zeros(len(weights)))
    value = float(weights @ numerator) / total
    return Linear(value, weights * (numerator - value * denominator) / total)


def rogan_gladen(seen: Linear, sensitivity: Linear, specificity: Linear) -> Linear:
    """Return the share (q + specificity − 1) / (sensitivity + specificity − 1) for the share q that a classifier saw.

    NaN where the classifier is no better than chance. Rogan & Gladen 1978; the error of all three is carried on.
    """
    better = sensitivity.value + specificity.value - 1
    if not better > 0:
        return Linear(np.nan, np.zeros(len(seen.influence)))
    value = (seen.value + specificity.value - 1) / better
    moved = seen.influence + specificity.influence - value * (sensitivity.influence + specificity.influence)
    return Linear(value, moved / better)


def rate(numerator: Floats, denominator: Floats, weights: Floats, *, level: float) -> Rate:
    """Return a rate with Wilson's interval for as many statements as the clustered ones are worth (Korn & Graubard)."""
    found = share(numerator, denominator, weights)
    carrying = (weights > 0) & (denominator > 0)
    articles, statements = int(carrying.sum()), int(denominator[carrying].sum())
    if not statements:
        return Rate(np.nan, np.nan, np.nan, 0, 0, np.nan)
    value, variance = found.value, found.corrected().variance
    independent = value * (1 - value) / statements
    # Where all statements are alike no effect can be seen; then each article counts as one observation.
    effect = max(variance / independent, 1.0) if independent > 0 and variance > 0 else statements / articles
    worth = statements / effect
    z2 = float(stats.norm.ppf((1 + level) / 2)) ** 2
    middle = (value + z2 / (2 * worth)) / (1 + z2 / worth)
    half = float(np.sqrt(z2 * (value * (1 - value) / worth + z2 / (4 * worth**2)))) / (1 + z2 / worth)
    return Rate(value, max(middle - half, 0.0), min(middle + half, 1.0), articles, statements, effect)


def differential(measure: str, rates: Sequence[Rate]) -> Differential:
    """Test whether a rate is the same in all groups (Wald, clustered by article); groups without it are left out."""
    known = [each for each in rates if each.statements]
    freedom = len(known) - 1
    if freedom < 1:
        return Differential(measure, len(known), np.nan, max(freedom, 0), np.nan)
    values, precision = np.array([each.value for each in known]), 1 / np.array([each.variance for each in known])
    middle = precision @ values / precision.sum()
    statistic = float(precision @ (values - middle) ** 2)
    return Differential(measure, len(known), statistic, freedom, float(stats.chi2.sf(statistic, freedom)))
