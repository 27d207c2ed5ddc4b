"""Permutation tests of the difference between two groups: which article is whose is shuffled, its statements stay.

Labels are shuffled within strata, which are events where articles report the same ones, so that no difference between
events can look like one between outlets. The statistic is studentised, so that the test keeps its level for equal
means also where the groups differ in spread (Janssen 1997; Chung & Romano 2013).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from framing.measure.contrasts import draws, moment_rows
from framing.protocols import SumFunction

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

HELD_AT_ONCE = 1 << 20  # labels


def permutation_p(
    above: csr_array,
    below: csr_array,
    first: NDArray[np.bool_],
    strata: Integers,
    *,
    function: SumFunction,
    permutations: int,
    generator: np.random.Generator,
) -> Floats:
    """Return the two-sided p-value of each row, (1 + as extreme) / (1 + permutations); NaN where it is undefined.

    `above` and `below` are the sums of a metric, rows × articles of both groups; `first` marks the articles of the
    first group and `strata` numbers the events.
    """
    rows = moment_rows([above, below])
    whole = rows.sum(axis=1)[:, None]
    sizes = int(first.sum()), int((~first).sum())

    def statistic(labels: Floats) -> Floats:
        ours = rows @ labels
        one = draws(ours, [1.0], function=function, clusters=sizes[0])
        other = draws(whole - ours, [1.0], function=function, clusters=sizes[1])
        difference, error = one.value - other.value, np.hypot(one.error, other.error)
        difference[np.abs(difference) < 1e-12] = 0.0  # else two equal groups without spread would seem far apart
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.abs(np.where(difference == 0, 0.0, difference / error))

    observed = statistic(first[:, None].astype(np.float64))
    extreme, defined = np.zeros(len(observed)), np.zeros(len(observed))
    for labels in _shuffled(first, strata, permutations, generator):
        shuffled = statistic(labels)
        extreme += (shuffled >= observed * (1 - 1e-9)).sum(axis=1)
        defined += (~np.isnan(shuffled)).sum(axis=1)
    return np.where(np.isnan(observed[:, 0]), np.nan, (1 + extreme) / (1 + defined))


def _shuffled(
    first: NDArray[np.bool_], strata: Integers, permutations: int, generator: np.random.Generator
) -> Iterator[Floats]:
    """Yield labels, articles × permutations; in each stratum as many articles are of the first group as before."""
    _, codes = np.unique(strata, return_inverse=True)
    in_order = first[np.lexsort((~first, codes))].astype(np.float64)[:, None]
    width = max(1, HELD_AT_ONCE // len(first))
    for start in range(0, permutations, width):
        count = min(width, permutations - start)
        order = np.argsort(codes[:, None] + generator.random((len(first), count)), axis=0)
        labels = np.empty(order.shape)
        np.put_along_axis(labels, order, np.broadcast_to(in_order, order.shape), axis=0)
        yield labels
