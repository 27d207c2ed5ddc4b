"""Intervals from whole articles drawn again: the statements of an article share its event, reporter and sources.

On redrawing clusters: Field & Welsh 2007; Cameron, Gelbach & Miller 2008.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from framing.errors import ConfigError
from framing.measure.contrasts import draws, moment_rows
from framing.measure.functions import RATIO
from framing.protocols import SumFunction

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BLOCK = 1 << 20  # weights held at once: four megabytes, about what a core's cache can serve
SINGLE = 1 << 24  # whole numbers up to this one are exact in single precision
SPARSE = 16  # a row with more than one entry in so many columns is quicker dense
ROWS = 64  # ratios sorted at once: their resamples stay in the cache


class Limits(NamedTuple):
    """Lower and upper ends, and the share of resamples in which the ratio was undefined; one entry a ratio."""

    low: Floats
    high: Floats
    undefined: Floats


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Bootstrap over articles, percentile or studentised.

    Each resample draws as many articles as the group has, with replacement, and with an article all of its statements;
    articles without statements are drawn too. Numerator and denominator are redrawn together. All ratios of a group
    share its draws, so that differences between them stay paired, and the draws of a group depend only on the seed, its
    name and its articles: another outlet changes no interval that is redrawn. A group of several outlets draws from all
    of its articles: its interval includes chance in the mix of outlets, as strata of one article would have no spread.

    The percentile interval is too narrow with few articles and near the ends of a metric's range; estimates from few
    articles say so. The studentised interval (bootstrap-t; Efron & Tibshirani 1993, Hall 1992) divides by the standard
    error of each resample: it is closer to its level with few articles or unequal ones, and wider.
    """

    level: float = 0.95
    resamples: int = 2000
    cluster: Literal["article"] = "article"
    method: Literal["percentile", "studentised"] = "percentile"

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise ConfigError(f"interval.level is {self.level}, expected a number between 0 and 1 such as 0.95")
        if self.resamples < 1:
            raise ConfigError(f"interval.resamples is {self.resamples}, expected at least 1; 2000 is usual")

    @property
    def name(self) -> str:
        """Say what is redrawn and how the interval is made."""
        return "studentised article bootstrap" if self.method == "studentised" else "article bootstrap"

    @property
    def percent(self) -> str:
        """Write the level."""
        return f"{100 * self.level:g}%"

    def sums(self, rows: csr_array, generator: np.random.Generator, strata: Sequence[int] | None = None) -> Floats:
        """Return the sum of every row in each resample: rows × articles becomes rows × resamples.

        The columns may be other clusters than articles. Where `strata` gives the sizes of consecutive runs of columns,
        each run is redrawn within itself.
        """
        parts = _by_precision(rows)
        sums = np.empty((rows.shape[0], self.resamples))
        at = 0
        for times in self._weights(strata or [rows.shape[1]], generator):
            for chosen, part in parts:
                sums[chosen, at : at + times.shape[1]] = part @ times.astype(part.dtype, copy=False)
            at += times.shape[1]
        return sums

    def limits(
        self, sums: Floats, numerators: Integers, denominators: Integers, function: SumFunction = RATIO
    ) -> Limits:
        """Return the percentile interval of the ratio, or another function, of two rows of `sums`."""
        parts = [Limits(*(np.empty(0) for _ in Limits._fields))]
        for start in range(0, len(numerators), ROWS):
            chosen = slice(start, start + ROWS)
            parts.append(self.ends(function.value(sums[numerators[chosen]], sums[denominators[chosen]])))
        return Limits(*map(np.concatenate, zip(*parts, strict=True)))

    def studentised(
        self, above: csr_array, below: csr_array, function: SumFunction, generator: np.random.Generator
    ) -> Limits:
        """Return the studentised interval of each pair of rows, metrics × articles."""
        rows, articles = moment_rows([above, below]), above.shape[1]
        found = draws(rows.sum(axis=1)[:, None], [1.0], function=function, clusters=articles)
        drawn = draws(self.sums(rows, generator), [1.0], function=function, clusters=articles)
        ends = self.ends(drawn.studentised(found.value))
        value, error = found.value[:, 0], found.error[:, 0]
        return Limits(value - ends.high * error, value - ends.low * error, ends.undefined)

    def ends(self, values: Floats) -> Limits:
        """Return the quantiles of each row at both ends of the level, and the share of NaN; the rows are sorted."""
        values.sort(axis=1)  # undefined values come last
        defined = (~np.isnan(values)).sum(axis=1)
        low, high = (_quantile(values, defined, share) for share in ((1 - self.level) / 2, (1 + self.level) / 2))
        return Limits(low, high, 1 - defined / values.shape[1])

    def _weights(self, strata: Sequence[int], generator: np.random.Generator) -> Iterator[NDArray[np.float32]]:
        """Yield how often each article is drawn, articles × resamples, a block of resamples at a time."""
        block = max(16, BLOCK // sum(strata))
        for start in range(0, self.resamples, block):
            width = min(block, self.resamples - start)
            yield np.concatenate([_times_drawn(size, width, generator) for size in strata])


def generator_of(seed: int, labels: Mapping[str, str]) -> np.random.Generator:
    """Return the random numbers of one group: the same for the same seed and labels on every machine."""
    named = json.dumps([seed, sorted(labels.items())])
    return np.random.default_rng(int.from_bytes(hashlib.sha256(named.encode()).digest()[:16], "big"))


def _times_drawn(size: int, width: int, generator: np.random.Generator) -> NDArray[np.float32]:
    times = np.empty((size, width), np.float32)
    for resample, drawn in enumerate(generator.integers(0, size, size=(width, size))):
        times[:, resample] = np.bincount(drawn, minlength=size)
    return times


def _by_precision(rows: csr_array) -> list[tuple[Integers, csr_array | NDArray[np.float32]]]:
    """Split rows by how they are summed quickest, and number each part's rows.

    Whole numbers that are small enough are exact in single precision in whatever order they are summed: full rows of
    them are dense. All others keep double precision.
    """
    size = max(rows.shape[1], 1)
    unfit = (rows.data != np.rint(rows.data)) | (np.abs(rows.data) > SINGLE / size)
    single = np.diff(np.concatenate([[0], np.cumsum(unfit)])[rows.indptr]) == 0
    full = single & (np.diff(rows.indptr) > size / SPARSE)
    parts = (
        (full, rows[full].astype(np.float32).toarray()),
        (single & ~full, rows[single & ~full].astype(np.float32)),
        (~single, rows[~single]),
    )
    return [(np.flatnonzero(chosen), part) for chosen, part in parts if chosen.any()]


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
