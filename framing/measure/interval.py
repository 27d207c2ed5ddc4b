"""Intervals from whole articles drawn again: the statements of an article share its event, reporter and sources.

On redrawing clusters: Field & Welsh 2007; Cameron, Gelbach & Miller 2008.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from framing.errors import ConfigError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BLOCK = 1 << 20  # weights held at once: eight megabytes, about what a core's cache can serve
ROWS = 512  # ratios sorted at once


class Limits(NamedTuple):
    """Lower and upper ends, and the share of resamples in which the ratio was undefined; one entry a ratio."""

    low: Floats
    high: Floats
    undefined: Floats


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Percentile bootstrap over articles.

    Each resample draws as many articles as the group has, with replacement, and with an article all of its statements;
    articles without statements are drawn too. Numerator and denominator are redrawn together. All ratios of a group
    share its draws, so that differences between them stay paired, and the draws of a group depend only on the seed, its
    name and its articles: another outlet changes no interval that is redrawn. A group of several outlets draws from all
    of its articles: its interval includes chance in the mix of outlets, as strata of one article would have no spread.

    The percentile interval is too narrow with few articles and near the ends of a metric's range; estimates from few
    articles say so.
    """

    level: float = 0.95
    resamples: int = 2000
    cluster: Literal["article"] = "article"

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise ConfigError(f"interval.level is {self.level}, expected a number between 0 and 1 such as 0.95")
        if self.resamples < 1:
            raise ConfigError(f"interval.resamples is {self.resamples}, expected at least 1; 2000 is usual")

    def sums(self, rows: csr_array, generator: np.random.Generator) -> Floats:
        """Return the sum of every row in each resample: rows × articles becomes rows × resamples."""
        drawn = [rows @ weights for weights in self._weights(rows.shape[1], generator)]
        return np.concatenate(drawn, axis=1)

    def limits(self, sums: Floats, numerators: Integers, denominators: Integers) -> Limits:
        """Return the percentile interval of each ratio of two rows of `sums`, where the second is not 0."""
        ends = np.empty((2, len(numerators)))
        undefined = np.empty(len(numerators))
        for start in range(0, len(numerators), ROWS):
            chosen = slice(start, start + ROWS)
            below = sums[denominators[chosen]]
            ratios = np.full(below.shape, np.nan)
            np.divide(sums[numerators[chosen]], below, out=ratios, where=below > 0)
            ratios.sort(axis=1)  # undefined ratios come last
            defined = (below > 0).sum(axis=1)
            undefined[chosen] = 1 - defined / self.resamples
            for end, share in zip(ends, ((1 - self.level) / 2, (1 + self.level) / 2), strict=True):
                end[chosen] = _quantile(ratios, defined, share)
        return Limits(ends[0], ends[1], undefined)

    def _weights(self, articles: int, generator: np.random.Generator) -> Iterator[Floats]:
        """Yield how often each article is drawn, articles × resamples, a block of resamples at a time."""
        block = max(16, BLOCK // articles)
        for start in range(0, self.resamples, block):
            width = min(block, self.resamples - start)
            drawn = generator.integers(0, articles, size=(width, articles))
            drawn *= width
            drawn += np.arange(width)[:, None]
            yield np.bincount(drawn.ravel(), minlength=articles * width).reshape(articles, width).astype(np.float64)


def generator_of(seed: int, labels: Mapping[str, str]) -> np.random.Generator:
    """Return the random numbers of one group: the same for the same seed and labels on every machine."""
    named = json.dumps([seed, sorted(labels.items())])
    return np.random.default_rng(int.from_bytes(hashlib.sha256(named.encode()).digest()[:16], "big"))


def rule_of_three(value: float, units: float, bounds: tuple[float, float], level: float) -> tuple[float, float]:
    """Return the interval where all articles have the same value, so that redrawing them shows no spread.

    If a share q of all observations is like these, `units` in a row are with probability q^units; q is at least
    (1 − level)^(1/units), and the others can have any value within `bounds`. For a share of 0 at 95% the upper end is
    about 3 / units (Hanley & Lippman-Hand 1983).
    """
    alike = (1 - level) ** (1 / units)
    low, high = bounds
    return low + alike * (value - low), high - alike * (high - value)


def effective_size(articles: int, statements: int, usual_effect: float) -> float:
    """Return how many independent observations the statements of articles are worth that are all alike.

    These are the statements over a design effect, at least 1, that was estimated elsewhere (Korn & Graubard 1998).
    Where none could be (`usual_effect` is NaN), and always at the least, each article is one observation.
    """
    return float(articles) if np.isnan(usual_effect) else max(articles, statements / max(usual_effect, 1.0))


def _quantile(rows: Floats, counts: Integers, share: float) -> Floats:
    """Interpolate a quantile among the first `counts` values of each sorted row."""
    at = np.maximum(counts - 1, 0) * share
    left = np.floor(at).astype(np.int64)
    right = np.minimum(left + 1, np.maximum(counts - 1, 0))
    each = np.arange(len(rows))
    first: Floats = rows[each, left]
    return first + (rows[each, right] - first) * (at - left)
