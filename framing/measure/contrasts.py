"""Values and standard errors in every draw: of one group's metric, or of the difference between two groups.

A contrast is a signed sum of f(N, D) over groups, N and D being the two sums of a metric and f its function. With the
derivatives g of the contrast by all its sums, the residual of cluster c is e_c = Σ g_i v_ic, where v_ic is what the
cluster adds to sum i, and the variance is n / (n − 1) · Σ (e_c − ē)² over n clusters (the linearisation of Cochran 1977
for ratios). Expanded into sums of products v_i v_j it is linear in how often each cluster is drawn, so that the
standard errors of all resamples come from one matrix product.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from framing.protocols import SumFunction

Floats = NDArray[np.float64]

ROUNDING = 1e-12  # relative; sums of products that ought to cancel leave about 1e-16 for each term


class Draws(NamedTuple):
    """Values and standard errors, contrasts × draws: NaN where a value is undefined, error 0 where nothing varies."""

    value: Floats
    error: Floats

    def studentised(self, centre: Floats) -> Floats:
        """Return how many standard errors each value is from the centre; NaN where there is no standard error."""
        out = np.full(self.value.shape, np.nan)
        np.divide(self.value - centre, self.error, out=out, where=self.error > 0)
        return out


def moment_rows(rows: Sequence[csr_array]) -> csr_array:
    """Stack what contrasts sum: `rows` are N and D of each group, contrasts × clusters, then their products by twos."""
    products = [rows[i].multiply(rows[j]) for i, j in combinations_with_replacement(range(len(rows)), 2)]
    return csr_array(vstack([*rows, *products]))


def draws(sums: Floats, signs: Sequence[float], *, function: SumFunction, clusters: int) -> Draws:
    """Return values and standard errors from the sums of `moment_rows` in each draw, groups in the order of `signs`."""
    n_sums = 2 * len(signs)
    pairs = list(combinations_with_replacement(range(n_sums), 2))
    blocks = sums.reshape(n_sums + len(pairs), -1, sums.shape[1])
    value = np.zeros(blocks.shape[1:])
    slopes: list[Floats] = []
    with np.errstate(invalid="ignore", divide="ignore"):
        for group, sign in enumerate(signs):
            above, below = blocks[2 * group], blocks[2 * group + 1]
            value += sign * function.value(above, below)
            slopes += [sign * slope for slope in function.slopes(above, below)]
        total, scale = np.zeros_like(value), np.zeros_like(value)
        for (i, j), block in zip(pairs, blocks[n_sums:], strict=True):
            part = (1 if i == j else 2) * slopes[i] * slopes[j] * block
            total += part
            scale += np.abs(part)
        mean = sum((slope * block for slope, block in zip(slopes, blocks, strict=False)), np.zeros_like(value))
        variance = (total - mean**2 / clusters) * clusters / max(clusters - 1, 1)
        error = np.sqrt(np.where(variance > ROUNDING * scale, variance, 0.0))
    return Draws(value, np.where(np.isnan(value), np.nan, error))
