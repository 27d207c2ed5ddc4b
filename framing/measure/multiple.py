"""Corrections for many comparisons at once; a family is what a reader would pick the most striking result from.

A comparison without a p-value (NaN) is no member of its family and stays NaN.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def holm(p_values: Floats) -> Floats:
    """Adjust p-values so that the chance of any false finding in the family is bounded (Holm 1979).

    The k-th smallest of m is multiplied by m − k + 1; each is at least as large as those before it.
    """
    return _stepped(p_values, lambda ordered: np.maximum.accumulate(ordered * np.arange(len(ordered), 0, -1)))


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjust p-values so that the expected share of false findings among all findings is bounded.

    The k-th smallest of m is multiplied by m / k; each is at most as large as those after it. Independent or positively
    dependent tests are assumed (Benjamini & Hochberg 1995; Benjamini & Yekutieli 2001).
    """

    def adjusted(ordered: Floats) -> Floats:
        raised = ordered * len(ordered) / np.arange(1, len(ordered) + 1)
        return np.minimum.accumulate(raised[::-1])[::-1]

    return _stepped(p_values, adjusted)


def max_t(statistics: Floats, largest: Floats) -> Floats:
    """Return the p-values of studentised statistics against the largest of the family in each resample.

    `largest` is max |t*| over the family, each t* centred at its own estimate, so that dependence between comparisons
    is kept (single-step; Westfall & Young 1993, Romano & Wolf 2005).
    """
    ordered = np.sort(largest)
    above = len(ordered) - np.searchsorted(ordered, np.abs(statistics) * (1 - 1e-9), side="left")
    return np.where(np.isnan(statistics), np.nan, (1 + above) / (1 + len(ordered)))


def _stepped(p_values: Floats, adjust: Callable[[Floats], Floats]) -> Floats:
    """Adjust the p-values that there are in rising order, and put them back in their places."""
    out = np.full(len(p_values), np.nan)
    given = np.flatnonzero(~np.isnan(p_values))
    order = given[np.argsort(p_values[given], kind="stable")]
    out[order] = np.minimum(adjust(p_values[order]), 1.0)
    return out
