"""Prediction-powered estimates: what a classifier says of every article, put right by the articles coded by hand.

Every estimate solves Σ_a s_a(β) = 0, where s_a is the score of article a: x (y − g(xβ)) summed over its statements, or
N_a − β D_a for a ratio. The score is known from the classifier for all articles (ŝ_a) and by hand (s_a) for a sample
that article a enters with probability π_a. The pseudo-score

    λ ŝ_a + w_a (s_a − λ ŝ_a),    w_a = 1/π_a in the sample, 0 outside it, scaled to sum to the number of articles,

has the right mean whatever the classifier does and whatever λ is, because the sample was drawn by known probabilities:
design-based supervised learning (Egami et al. 2023) where λ is 1, hand labels only where λ is 0. PPI++ (Angelopoulos,
Duchi & Zrnic 2023; Angelopoulos et al. 2023) chooses the λ that makes the variance least. Articles are the units
throughout, so that statements of an article may depend on each other in any way.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_ROUNDING = 1e-12


class Corrected(NamedTuple):
    """A corrected value, its variance, the degrees of freedom of that variance, and the λ that was used.

    `spread` is false where the sample shows no difference at all between articles, so that the variance says nothing
    about what the sample may have missed. Value and variance are NaN where the sample does not define them.
    """

    value: float
    variance: float
    freedom: float
    lam: float
    spread: bool = True

    def limits(self, level: float) -> tuple[float, float]:
        """Return the ends of the interval by Student's t."""
        half = float(stats.t.ppf((1 + level) / 2, max(self.freedom, 1))) * float(np.sqrt(self.variance))
        return self.value - half, self.value + half

    @property
    def p_value(self) -> float | None:
        """Return the two-sided p of the value being 0, or None where the sample shows no spread to test with."""
        if not self.spread or not self.variance > 0:
            return None
        return float(2 * stats.t.sf(abs(self.value) / np.sqrt(self.variance), max(self.freedom, 1)))

    def minus(self, other: Corrected) -> Corrected:
        """Return the difference to an estimate from other articles; degrees of freedom by Welch and Satterthwaite."""
        both = self.variance + other.variance
        below = self.variance**2 / max(self.freedom, 1) + other.variance**2 / max(other.freedom, 1)
        freedom = both**2 / below if below > 0 else min(self.freedom, other.freedom)
        return Corrected(
            self.value - other.value, both, freedom, (self.lam + other.lam) / 2, self.spread and other.spread
        )


class Influenced(NamedTuple):
    """A corrected value with what each article of its group adds to its error; their squares sum to its variance."""

    found: Corrected
    influence: Floats

    def minus(self, other: Influenced, tied: tuple[Integers, Integers]) -> Corrected:
        """Return the difference to an estimate that shares articles, those at the places `tied` in either.

        An article that both read adds the difference of its two influences, so that what they share cancels. All other
        articles are independent. With shared articles the degrees of freedom are the fewer of the two.
        """
        apart = self.found.minus(other.found)
        if not len(tied[0]) or not apart.variance > 0:
            return apart
        shared = 2 * float(self.influence[tied[0]] @ other.influence[tied[1]])
        variance = apart.variance - shared
        left = variance > _ROUNDING * apart.variance  # nothing is where both read every article in the same way
        return apart._replace(
            variance=variance if left else 0.0,
            freedom=min(self.found.freedom, other.found.freedom),
            spread=apart.spread and left,
        )


class Sums(NamedTuple):
    """Numerator and denominator of a ratio in each article of a group."""

    numerator: Floats
    denominator: Floats


def ratio(predicted: Sums, gold: Sums, weights: Floats, *, lam: float | None = None) -> Corrected:
    """Estimate ΣN / ΣD over articles; `weights` is 1/π in the sample and 0 outside, where `gold` is not looked at.

    `lam` fixes λ; otherwise it is tuned. The value is NaN if nothing was counted in the sample.
    """
    return influenced_ratio(predicted, gold, weights, lam=lam).found


def influenced_ratio(predicted: Sums, gold: Sums, weights: Floats, *, lam: float | None = None) -> Influenced:
    """Estimate a ratio as `ratio` does, and say what each article adds to its error."""
    sampled = weights > 0
    n, size = int(sampled.sum()), len(weights)
    if not n or not (gold.denominator[sampled] != 0).any():
        return Influenced(Corrected(np.nan, np.nan, 0, np.nan), np.zeros(size))
    scaled = weights[sampled] * (size / weights[sampled].sum())

    def solved(share: float) -> tuple[float, float]:
        """Return the ratio and its denominator for one λ."""
        totals = [
            share * predicted[i].sum() + scaled @ (gold[i][sampled] - share * predicted[i][sampled]) for i in (0, 1)
        ]
        return (totals[0] / totals[1] if totals[1] > 0 else np.nan), totals[1]

    def scores(at: float) -> tuple[Floats, Floats]:
        by_hand = gold.numerator[sampled] - at * gold.denominator[sampled]
        return by_hand[:, None], (predicted.numerator - at * predicted.denominator)[:, None]

    freedom = n - 1 if lam is not None else n - 2  # a tuned λ takes one more from the sample
    if lam is None:
        first = solved(1.0)[0]
        lam = tuned(*scores(first if np.isfinite(first) else solved(0.0)[0]), scaled, sampled)
    if not np.isfinite(solved(lam)[0]):
        lam = 0.0  # the classifier saw so much where coders saw nothing that the denominator became negative
    value, total = solved(lam)
    by_hand, by_machine = scores(value)
    errors = (by_hand - lam * by_machine[sampled])[:, 0]
    variance, influence = np.nan, np.zeros(size)
    if freedom > 0:
        parts = _parts(by_hand, by_machine, scaled, sampled, lam=lam)[:, 0]
        influence = parts * (np.sqrt(n / freedom) / total)
        variance = float(influence @ influence)
    spread = bool(np.ptp(errors) > 1e-9 * max(1.0, float(np.abs(predicted.denominator).max())))
    return Influenced(Corrected(float(value), variance, freedom, lam, spread), influence)


def tuned(by_hand: Floats, by_machine: Floats, scaled: Floats, sampled: NDArray[np.bool_]) -> float:
    """Return the λ in [0, 1] that makes the variance least, summed over the columns of the scores.

    `by_hand` and `scaled` have a row a sampled article, `by_machine` a row for every article. The covariance is taken
    from the sample, with the weight w (w − 1) that an article has in the variance; the variance of the predicted
    scores from all articles. With equal probabilities it is the λ of PPI++, times the share 1 + n/N by which its
    classifier's mean over unlabelled articles differs from the mean over all articles used here.
    """
    noise = scaled * np.maximum(scaled - 1, 0)
    if noise.sum() <= 0 or len(scaled) < 2:
        return 0.0  # every article was coded: the classifier has nothing to add
    noise = noise / noise.sum()
    machine = by_machine[sampled]
    shared = noise @ ((by_hand - noise @ by_hand) * (machine - noise @ machine)).sum(axis=1)
    spread = by_machine.var(axis=0, ddof=1).sum()
    return float(np.clip(shared / spread, 0, 1)) if spread > 0 else 0.0


def covariance(
    by_hand: Floats, by_machine: Floats, scaled: Floats, sampled: NDArray[np.bool_], *, lam: float, freedom: int
) -> Floats:
    """Return the covariance of the summed pseudo-scores over articles, between their columns.

    The corpus counts as drawn from all that the outlets could have published, as in the other intervals. The factor
    n / freedom belongs to the n coded articles, whose spread around means fitted to them is what dominates.
    """
    parts = _parts(by_hand, by_machine, scaled, sampled, lam=lam)
    return np.asarray(parts.T @ parts * (len(scaled) / freedom), np.float64)


def _parts(by_hand: Floats, by_machine: Floats, scaled: Floats, sampled: NDArray[np.bool_], *, lam: float) -> Floats:
    """Return what each article adds to the error of the summed pseudo-scores."""
    errors = by_hand - lam * by_machine[sampled]
    parts = lam * (by_machine - by_machine.mean(axis=0))
    parts[sampled] += scaled[:, None] * (errors - scaled @ errors / scaled.sum())
    return np.asarray(parts, np.float64)
