"""Agreement among people beside agreement with the model: every figure with an interval from units drawn again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from framing.agreement.coefficients import Alpha, Codings, Coefficient, GwetAC1, Kappa, Percent, SpecificAgreement
from framing.measure.estimate import MANY_UNDEFINED
from framing.measure.interval import Bootstrap, Floats, Integers, generator_of, rule_of_three

FEW_UNITS = 20
ROUNDING = 1e-12

_UNDEFINED = {
    "alpha": "nothing varies",
    "ac1": "nothing varies",
    "kappa": "nothing varies, or two coders have no unit in common",
    "percent": "nobody used the category",
}


class Comparison(NamedTuple):
    """Who is compared: each part is a set of coders, and a figure is the mean over the parts.

    `where` is a coder; units that this coder did not code are left out.
    """

    name: str
    parts: tuple[tuple[int, ...], ...]
    where: int | None = None


class Agreement(NamedTuple):
    """One coefficient of one comparison, over all categories or (`category`) for one against the rest.

    `value` is None where the codes do not define it, `low` and `high` where they show no spread; `note` then says why.
    `units` are those with two codes or more.
    """

    comparison: str
    category: str | None
    coefficient: str
    value: float | None
    low: float | None
    high: float | None
    units: int
    note: str | None


class Disagreement(NamedTuple):
    """A unit whose codes differ: the label of each coder, and the text if it is known."""

    unit: str
    labels: Mapping[str, str]
    text: str | None


def comparisons(coders: Sequence[str], model: str | None = None, *, partial: bool = False) -> list[Comparison]:
    """Compare all people, all people with the model, and each pair; `coders` has the model too, if there is one.

    Where the model is `partial`, people are compared on the units that it decided as well: it abstains from hard ones,
    so that its agreement with people would not be comparable with theirs on all units.
    """
    people = [number for number, coder in enumerate(coders) if coder != model]
    found = []
    if len(people) > 1:
        found.append(Comparison("human–human", (tuple(people),)))
    if model is not None:
        machine = list(coders).index(model)
        if partial and len(people) > 1:
            found.append(Comparison("human–human, where the model decided", (tuple(people),), machine))
        found.append(Comparison("human–model", tuple((person, machine) for person in people)))
    pairs = [(one, other) for at, one in enumerate(people) for other in people[at + 1 :]]
    if model is not None:
        pairs += [(person, machine) for person in people]
    if len(pairs) > 1:
        found += [Comparison(f"{coders[one]} – {coders[other]}", ((one, other),)) for one, other in pairs]
    return found


def agreements(
    codings: Codings,
    categories: Sequence[str],
    compared: Sequence[Comparison],
    *,
    alpha: Alpha | None = None,
    clusters: Integers | None = None,
    interval: Bootstrap | None = None,
    seed: int = 0,
) -> list[Agreement]:
    """Return alpha, AC1, kappa and percent of each comparison, over all categories and for each against the rest.

    `clusters` numbers what is drawn again: the articles of the units; without it, each unit by itself. All figures
    share the draws, so that the difference of two is one of the same units.
    """
    every: list[Coefficient] = [alpha or Alpha(), GwetAC1(), Kappa(), Percent()]
    of_category: list[Coefficient] = [Alpha(), GwetAC1(), Kappa(), SpecificAgreement()]
    asked = [_Asked(each, None, codings, every) for each in compared]
    for each in compared:
        for number, category in enumerate(categories):
            asked.append(_Asked(each, category, codings.against_the_rest(number), of_category))
    clusters = np.arange(len(codings.values)) if clusters is None else clusters
    drawing = _Drawing(clusters, interval or Bootstrap(), seed)
    return [found for each in asked for found in each.answers(drawing)]


class _Drawing(NamedTuple):
    clusters: Integers
    interval: Bootstrap
    seed: int

    def sums(self, terms: Floats) -> Floats:
        """Sum over all units, in the first column, and over the units of each resample."""
        units = len(self.clusters)
        membership = csr_array((np.ones(units), (np.arange(units), self.clusters)))
        drawn = self.interval.sums(csr_array(terms @ membership), generator_of(self.seed, {}))
        return np.concatenate([terms.sum(axis=1, keepdims=True), drawn], axis=1)


class _Asked(NamedTuple):
    comparison: Comparison
    category: str | None
    codings: Codings
    coefficients: Sequence[Coefficient]

    def answers(self, drawing: _Drawing) -> list[Agreement]:
        codings = self.codings.where(self.comparison.where)
        parts = [codings.among(part) for part in self.comparison.parts]
        paired = np.logical_or.reduce([part.paired() for part in parts])
        clusters = len(np.unique(drawing.clusters[paired]))
        named = [
            Agreement(self.comparison.name, self.category, each.name, None, None, None, int(paired.sum()), None)
            for each in self.coefficients
        ]
        if not all(part.paired().any() for part in parts):
            return [each._replace(note="undefined: coders without a unit in common") for each in named]
        terms = [each.terms(part) for each in self.coefficients for part in parts]
        sums = np.split(drawing.sums(np.concatenate(terms)), np.cumsum([len(each) for each in terms])[:-1])
        found = []
        for number, each in enumerate(self.coefficients):
            own = sums[number * len(parts) : (number + 1) * len(parts)]
            values = np.mean([each.value(some, self.codings.n_categories) for some in own], axis=0)
            found.append(_with_interval(named[number], values, clusters=clusters, level=drawing.interval.level))
        return found


def _with_interval(named: Agreement, values: Floats, *, clusters: int, level: float) -> Agreement:
    """Fill in a figure from its value, the first entry, and those of the resamples."""
    value, drawn = float(values[0]), values[1:]
    if np.isnan(value):
        return named._replace(note=f"undefined: {_UNDEFINED[named.coefficient]}")
    named = named._replace(value=value)
    defined = drawn[~np.isnan(drawn)]
    if clusters < 2:
        return named._replace(note="one article or unit: no interval")
    if not len(defined) or np.ptp(defined) < ROUNDING:
        if named.coefficient != "percent":
            return named._replace(note="all units agree alike: no interval")
        low, high = rule_of_three(value, clusters, (0.0, 1.0), level)
        return named._replace(low=low, high=high, note="all units agree alike: rule of three")
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    notes = [f"rests on few articles or units ({clusters}): the interval may be too narrow"] * (clusters < FEW_UNITS)
    if (undefined := 1 - len(defined) / len(drawn)) > MANY_UNDEFINED:
        notes.append(f"{undefined:.0%} of resamples were undefined and left out")
    return named._replace(low=float(low), high=float(high), note="; ".join(notes) or None)


def disagreements(
    codes: Mapping[str, Mapping[str, str]], texts: Mapping[str, str], model: str | None = None
) -> list[Disagreement]:
    """Return the units whose codes differ: first those on which people differ, then those where the model is alone."""
    differing = [
        Disagreement(unit, labels, texts.get(unit)) for unit, labels in codes.items() if len(set(labels.values())) > 1
    ]

    def people_agree(found: Disagreement) -> bool:
        return len({label for coder, label in found.labels.items() if coder != model}) == 1

    return sorted(differing, key=lambda found: (people_agree(found), found.unit))
