"""What one group adds to a comparison: its sums by article, and what their spread says about its own value."""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from framing.measure.contrasts import draws, moment_rows
from framing.measure.functions import RATIO
from framing.measure.interval import rule_of_three
from framing.measure.ratio import Ratios
from framing.protocols import SumFunction

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Side(NamedTuple):
    """One group of a pair, with an entry for each compared key.

    `above` and `below` are the sums by article, keys × articles. `error` is the standard error with whole articles
    redrawn, `independent` the variance that independent statements would have. `units` are the articles by the weights
    that they have on average, `carrying` counts those that add to the numerator.
    """

    above: csr_array
    below: csr_array
    ratio: Floats
    total: Floats
    value: Floats
    error: Floats
    independent: Floats
    articles: Integers
    units: Floats
    carrying: Integers
    statements: Integers

    def limits(self, i: int, function: SumFunction, bounds: tuple[float, float], level: float) -> tuple[float, float]:
        """Return an interval of the group's own value: normal, or the rule of three where all articles are alike."""
        if self.error[i] > 0:
            reach = NormalDist().inv_cdf((1 + level) / 2) * self.error[i]
            low, high = np.clip([self.value[i] - reach, self.value[i] + reach], *bounds)
            return float(low), float(high)
        domain = bounds if function is RATIO else (0.0, 1.0)
        ends = rule_of_three(float(self.ratio[i]), float(self.units[i]), domain, level)
        low, high = function.value(np.array(ends) * self.total[i], np.full(2, self.total[i]))
        return float(low), float(high)


class Sums(NamedTuple):
    """The sums of a metric as matrices over articles: rows are its ratios, or what these are divided by."""

    values: Ratios
    above: csr_array
    squares: csr_array
    products: csr_array
    below: csr_array
    squares_below: csr_array
    statements: csr_array

    @classmethod
    def of(cls, values: Ratios, articles: int) -> Sums:
        """Lay the entries of a metric out."""
        over, under, each = values.numerators, values.denominators, values.independent
        shape = len(values.value), articles
        below_shape = int(under.row.max(initial=-1)) + 1, articles

        def above(entries: Floats) -> csr_array:
            return csr_array((entries, (over.row, over.article)), shape=shape)

        def below(entries: Floats) -> csr_array:
            return csr_array((entries, (under.row, under.article)), shape=below_shape)

        return cls(
            values,
            above(over.value),
            above(each.squares),
            above(each.products),
            below(under.value),
            below(each.squares_below),
            below(each.statements.astype(np.float64)),
        )

    def side(self, ratios: Integers, articles: Flags) -> Side:
        """Restrict the listed ratios, all of one group, to some articles of this group."""
        bases, of = self.values.base[ratios], np.flatnonzero(articles)
        above, below = self.above[ratios][:, of], self.below[bases][:, of]
        function = self.values.function
        moments = moment_rows([above, below]).sum(axis=1)[:, None]
        found = draws(moments, [1.0], function=function, clusters=max(len(of), 1))
        numerator, total = moments[: len(ratios)], moments[len(ratios) : 2 * len(ratios)]
        weights = articles.astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            by_above, by_below = (slope[:, 0] for slope in function.slopes(numerator, total))
            statements = self.statements[bases] @ weights
            independent = (
                by_above**2 * (self.squares[ratios] @ weights)
                + 2 * by_above * by_below * (self.products[ratios] @ weights)
                + by_below**2 * (self.squares_below[bases] @ weights)
            )
            independent *= statements / (statements - 1)
            ratio = numerator[:, 0] / total[:, 0]
        counted = (below > 0).sum(axis=1)
        return Side(
            above=above,
            below=below,
            ratio=ratio,
            total=total[:, 0],
            value=found.value[:, 0],
            error=found.error[:, 0],
            independent=independent,
            articles=np.asarray(counted),
            units=counted * self.values.units[ratios] / self.values.articles[ratios],
            carrying=np.asarray((above != 0).sum(axis=1)),
            statements=statements.astype(np.int64),
        )
