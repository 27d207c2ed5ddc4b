"""Agreement beyond chance: Krippendorff's alpha, Gwet's AC1, Cohen's kappa, beside plain agreement.

Every coefficient is a function of sums over units. `terms` gives what each unit adds to them, `value` reads the sums,
so that a value and its bootstrap come from the same lines. A value is NaN where the codes do not define it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MISSING = -1


class Level(StrEnum):
    """What the distance between two categories means: none, their order, or the difference of their values."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class Codings:
    """Units × coders: the number of the category that a coder gave to a unit, or `MISSING`."""

    values: Integers
    n_categories: int

    def among(self, coders: tuple[int, ...]) -> Codings:
        """Keep some coders."""
        return Codings(self.values[:, list(coders)], self.n_categories)

    def where(self, coder: int | None) -> Codings:
        """Leave out the codes of units that one coder did not code; None leaves out nothing."""
        if coder is None:
            return self
        return Codings(np.where(self.values[:, [coder]] == MISSING, MISSING, self.values), self.n_categories)

    def against_the_rest(self, category: int) -> Codings:
        """Let category 1 stand for one category and 0 for every other."""
        one = np.where(self.values == MISSING, MISSING, (self.values == category).astype(np.int64))
        return Codings(one, 2)

    def counts(self) -> Floats:
        """Count the coders that gave each category to each unit: units × categories."""
        return np.stack([(self.values == each).sum(axis=1) for each in range(self.n_categories)], axis=1).astype(float)

    def paired(self) -> NDArray[np.bool_]:
        """Tell which units have two codes or more; only these can show agreement."""
        return np.asarray((self.values != MISSING).sum(axis=1) > 1)


class Coefficient(Protocol):
    """A measure of agreement."""

    @property
    def name(self) -> str:
        """Name the coefficient in tables."""
        ...

    def terms(self, codings: Codings) -> Floats:
        """Return what each unit adds to each sum: sums × units."""
        ...

    def value(self, sums: Floats, n_categories: int) -> Floats:
        """Return the coefficient for each column of sums, NaN where it is not defined."""
        ...


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's α = 1 − observed / expected disagreement, at most 1; any number of coders, codes may be missing.

    Undefined where all codes that can be paired are of one category: nothing varies, so nothing can be reproduced.
    `points` are the values of the categories at the level `interval`; their order counts at the level `ordinal`.
    Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability".
    """

    level: Level = Level.NOMINAL
    points: tuple[float, ...] = ()
    name: str = "alpha"

    def terms(self, codings: Codings) -> Floats:
        """Return each unit's coincidences: pairs of categories, in both orders, over its number of codes less one."""
        counts = codings.counts()
        pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(codings.n_categories)
        others = np.maximum(counts.sum(axis=1) - 1, 1)
        return np.asarray((pairs / others[:, None, None]).reshape(len(counts), -1).T)

    def value(self, sums: Floats, n_categories: int) -> Floats:
        """Compare the disagreement among coincidences with that among all codes, drawn without replacement."""
        coincidences = sums.reshape(n_categories, n_categories, -1)
        totals = coincidences.sum(axis=1)
        distances = self._distances(totals)
        observed = (coincidences * distances).sum(axis=(0, 1))
        expected = (totals[:, None] * totals[None, :] * distances).sum(axis=(0, 1))
        return 1 - _over(observed * (totals.sum(axis=0) - 1), expected)

    def _distances(self, totals: Floats) -> Floats:
        if self.level is Level.NOMINAL:
            return (1 - np.eye(len(totals)))[:, :, None]
        # Ordinal: ranks stand where the codes lie, half of a category's own codes on either side (Krippendorff 2011).
        at = np.cumsum(totals, axis=0) - totals / 2 if self.level is Level.ORDINAL else np.array(self.points)[:, None]
        return np.asarray((at[:, None] - at[None, :]) ** 2)


@dataclass(frozen=True, slots=True)
class GwetAC1:
    """Gwet's AC1 = (p − e) / (1 − e), with e = Σ π(1 − π) / (q − 1) over the q categories that coders could choose.

    It stays defined where nothing varies, and is 1 there. Units with one code count in π only. Gwet 2008, 2014.
    """

    name: str = "ac1"

    def terms(self, codings: Codings) -> Floats:
        """Return pairs that agree, units with pairs, the share of each category, units with a code."""
        counts = codings.counts()
        coded = counts.sum(axis=1)
        shares = counts / np.maximum(coded, 1)[:, None]
        return np.concatenate([Percent().terms(codings), shares.T, (coded > 0)[None].astype(float)])

    def value(self, sums: Floats, n_categories: int) -> Floats:
        """Correct plain agreement for the chance that comes from codes given at random."""
        agreed = _over(sums[0], sums[1])
        shares = _over(sums[2:-1], sums[-1])
        chance = (shares * (1 - shares)).sum(axis=0) / (n_categories - 1)
        return _over(agreed - chance, 1 - chance)


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's κ = (p − e) / (1 − e), with e from the two coders' own shares; over several coders the mean of all pairs.

    Undefined where a pair has no unit in common, or both gave one and the same category only. Cohen 1960; Light 1971.
    """

    name: str = "kappa"

    def terms(self, codings: Codings) -> Floats:
        """Return the cross table of each pair of coders, a unit at a time."""
        n = codings.n_categories
        found = []
        for one, other in combinations(codings.values.T, 2):
            cell = np.where((one == MISSING) | (other == MISSING), MISSING, one * n + other)
            found.append(cell[None] == np.arange(n * n)[:, None])
        return np.concatenate(found).astype(float)

    def value(self, sums: Floats, n_categories: int) -> Floats:
        """Average the pairs."""
        crossed = sums.reshape(-1, n_categories, n_categories, sums.shape[-1])
        total = crossed.sum(axis=(1, 2))
        agreed = np.einsum("pccr->pr", crossed) * total
        chance = (crossed.sum(axis=1) * crossed.sum(axis=2)).sum(axis=1)
        return np.asarray(_over(agreed - chance, total**2 - chance).mean(axis=0))


@dataclass(frozen=True, slots=True)
class Percent:
    """Share of agreeing pairs of codes in a unit, averaged over units with two codes or more, in [0, 1]."""

    name: str = "percent"

    def terms(self, codings: Codings) -> Floats:
        """Return the share of agreeing pairs, and whether there are pairs."""
        counts, paired = codings.counts(), codings.paired()
        coded = counts.sum(axis=1)
        agreeing = (counts * (counts - 1)).sum(axis=1) / np.maximum(coded * (coded - 1), 1)
        return np.stack([np.where(paired, agreeing, 0.0), paired.astype(float)])

    def value(self, sums: Floats, n_categories: int) -> Floats:
        """Average over units."""
        return _over(sums[0], sums[1])


@dataclass(frozen=True, slots=True)
class SpecificAgreement:
    """Of the codes of category 1 that can be paired, the share that another coder shares, in [0, 1].

    Undefined where nobody gave the category. Dice 1945; Spitzer & Fleiss 1974.
    """

    name: str = "percent"

    def terms(self, codings: Codings) -> Floats:
        """Return agreeing and all codes of category 1."""
        given = codings.counts()[:, 1]
        others = np.maximum((codings.values != MISSING).sum(axis=1) - 1, 1)
        return np.stack([given * (given - 1) / others, np.where(codings.paired(), given, 0.0)])

    def value(self, sums: Floats, n_categories: int) -> Floats:
        """Divide the sums."""
        return _over(sums[0], sums[1])


def _over(above: Floats, below: Floats) -> Floats:
    above, below = np.broadcast_arrays(above, below)
    found: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    return found
