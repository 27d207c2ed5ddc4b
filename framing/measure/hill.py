"""Hill numbers of a sample, thinned to a sample coverage so that samples of different size can be compared.

A sample is the counts of its kinds. Its coverage is the share of the whole population that belongs to kinds in the
sample; it is estimated from the kinds seen once and twice (Good 1953; Chao & Jost 2012; Chao et al. 2014).
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]


def coverage(counts: Floats) -> float:
    """Estimate the coverage of a whole sample, in [0, 1] (Chao et al. 2014, eq. 4a)."""
    n = float(counts.sum())
    once, twice = float((counts == 1).sum()), float((counts == 2).sum())
    if not once:
        return 1.0
    unseen = (n - 1) / n * (once**2 / (2 * twice) if twice else once * (once - 1) / 2)
    return 1 - once / n * (n * unseen / (n * unseen + once))


def coverage_at(counts: Floats, size: int) -> float:
    """Estimate the coverage of a smaller sample drawn without replacement (Chao & Jost 2012)."""
    n = float(counts.sum())
    if size >= n:
        return coverage(counts)
    kinds, how_many = np.unique(counts[counts > 0], return_counts=True)
    possible = n - kinds >= size
    x, f = kinds[possible], how_many[possible]
    missed = np.exp(_log_choose(n - x, size) - _log_choose(n - 1, size))
    return float(1 - (f * x / n * missed).sum())


def hill_at(counts: Floats, size: int, order: int) -> float:
    """Estimate the Hill number of order 0, 1 or 2 of a smaller sample: how many equally common kinds it is worth.

    The expected frequencies of frequencies of such a sample are those of draws without replacement (Chao et al. 2014).
    """
    n = float(counts.sum())
    x, f = np.unique(counts[counts > 0], return_counts=True)
    size = min(size, int(n))
    if order == 0:
        unseen = np.where(n - x >= size, np.exp(_log_choose(np.maximum(n - x, size), size) - _log_choose(n, size)), 0)
        return float((f * (1 - unseen)).sum())
    if order == 2:
        pairs = float((f * x * (x - 1)).sum()) / (n * (n - 1)) if n > 1 else 0.0
        return 1 / (1 / size + (size - 1) / size * pairs)
    k = np.arange(1, min(size, int(x.max())) + 1, dtype=np.float64)[:, None]
    possible = (k <= x) & (size - k <= n - x)
    of_x, rest = np.where(possible, x, k), np.where(possible, n - x, np.maximum(size - k, 0))
    expected = _log_choose(of_x, k) + _log_choose(rest, np.maximum(size - k, 0)) - _log_choose(n, size)
    seen = np.where(possible, np.exp(expected), 0) @ f.astype(np.float64)
    share = k[:, 0] / size
    return float(np.exp(-(share * np.log(share) * seen).sum()))


def hill_at_coverage(counts: Floats, level: float, order: int) -> float:
    """Thin a sample until its coverage is `level`, between two sizes in proportion; a poorer one is kept whole."""
    below, above = 1, int(counts.sum())
    top = coverage_at(counts, above)
    if top <= level:
        return hill_at(counts, above, order)
    bottom = coverage_at(counts, below)
    if bottom >= level:
        return hill_at(counts, below, order)
    while above - below > 1:
        middle = (below + above) // 2
        found = coverage_at(counts, middle)
        if found < level:
            below, bottom = middle, found
        else:
            above, top = middle, found
    part = (level - bottom) / (top - bottom)
    return (1 - part) * hill_at(counts, below, order) + part * hill_at(counts, above, order)


def _log_choose(n: Floats | float, k: Floats | float) -> Floats:
    n, k = np.asarray(n, np.int64), np.asarray(k, np.int64)
    factorials = _log_factorials(1 << int(n.max(initial=1)).bit_length())
    found: Floats = factorials[n] - factorials[k] - factorials[n - k]
    return found


@functools.lru_cache(maxsize=4)
def _log_factorials(size: int) -> Floats:
    """Return log k! for whole numbers below `size`, to be looked up many times."""
    return np.asarray(gammaln(np.arange(size) + 1.0), np.float64)
