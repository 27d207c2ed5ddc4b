"""Agreement coefficients against published values, hand-worked tables and an independent computation."""

from __future__ import annotations

import functools
import itertools
from random import Random

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from framing.agreement.coefficients import (
    MISSING,
    Alpha,
    Codings,
    Coefficient,
    GwetAC1,
    Kappa,
    Level,
    Percent,
    SpecificAgreement,
)

POINTS = (1.0, 2.0, 3.0, 4.0, 5.0)
FOUR_OBSERVERS = """
    1 2 3 3 2 1 4 1 2 . . .
    1 2 3 3 2 2 4 1 2 5 . 3
    . 3 3 3 2 3 4 2 2 5 1 .
    1 2 3 3 2 4 4 1 2 5 1 .
"""


def codings(text: str, n_categories: int) -> Codings:
    """Read a line a coder, a column a unit; categories are numbered from 1 and "." is missing."""
    coders = [[MISSING if cell == "." else int(cell) - 1 for cell in line.split()] for line in text.split("\n")]
    return Codings(np.array([coder for coder in coders if coder]).T, n_categories)


def value(coefficient: Coefficient, coded: Codings) -> float:
    return float(coefficient.value(coefficient.terms(coded).sum(axis=1, keepdims=True), coded.n_categories)[0])


def by_definition(values: NDArray[np.int64], level: Level) -> float:
    """Compute alpha from its definition, pair by pair: 1 minus mean observed over mean expected distance."""
    units = [[int(code) for code in unit if code != MISSING] for unit in values]
    pool = [code for unit in units if len(unit) > 1 for code in unit]

    @functools.cache
    def distance(one: int, other: int) -> float:
        if level is Level.NOMINAL:
            return float(one != other)
        if level is Level.INTERVAL:
            return float((one - other) ** 2)
        low, high = sorted((one, other))
        between = sum(pool.count(code) for code in range(low, high + 1))
        return (between - (pool.count(low) + pool.count(high)) / 2) ** 2

    observed = sum(
        sum(distance(one, other) for one, other in itertools.permutations(unit, 2)) / (len(unit) - 1)
        for unit in units
        if len(unit) > 1
    ) / len(pool)
    expected = sum(distance(one, other) for one, other in itertools.permutations(pool, 2)) / (
        len(pool) * (len(pool) - 1)
    )
    return 1 - observed / expected


def random_codings(seed: int) -> Codings:
    random = np.random.default_rng(seed)
    units, coders = int(random.integers(4, 30)), int(random.integers(2, 6))
    truth = random.integers(0, 5, size=units)
    values = np.where(random.random((units, coders)) < 0.6, truth[:, None], random.integers(0, 5, (units, coders)))
    return Codings(np.where(random.random((units, coders)) < 0.25, MISSING, values), 5)


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_is_that_of_the_published_example_of_four_observers(level: str, published: float) -> None:
    coded = codings(FOUR_OBSERVERS, 5)
    alpha = value(Alpha(Level(level), POINTS), coded)
    assert alpha == pytest.approx(published, abs=0.0005)
    assert alpha == pytest.approx(by_definition(coded.values, Level(level)), abs=1e-12)


def test_ac1_of_the_four_observers_is_the_value_that_gwet_published() -> None:
    assert value(GwetAC1(), codings(FOUR_OBSERVERS, 5)) == pytest.approx(0.77544, abs=5e-6)


def test_alpha_of_two_observers_with_two_categories_is_worked_by_hand() -> None:
    # Krippendorff 2011, section A: coincidences 10, 4, 4, 2; alpha = 1 - 19 * 4 / (14 * 6) = 8 / 84.
    coded = codings("1 2 1 1 1 1 1 1 2 1\n2 2 2 1 1 2 1 1 1 1", 2)
    assert value(Alpha(), coded) == pytest.approx(8 / 84)


@pytest.mark.parametrize("level", list(Level))
def test_alpha_equals_the_definition_and_the_package_on_a_hundred_tables_with_missing_codes(level: Level) -> None:
    for seed in range(100):
        coded = random_codings(seed)
        ours = value(Alpha(level, POINTS), coded)
        reference = np.where(coded.values == MISSING, np.nan, coded.values + 1.0).T
        theirs = krippendorff.alpha(
            reliability_data=reference, level_of_measurement=level.value, value_domain=list(POINTS)
        )
        assert ours == pytest.approx(theirs, abs=1e-10), seed
        assert ours == pytest.approx(by_definition(coded.values, level), abs=1e-10), seed


# Ten, five, three and two units in the cells of a two-by-two table: 12 of 20 agree; of category 1 are 15 and 13 of 20.
TWO_CODERS = codings("1 " * 15 + "2 " * 5 + "\n" + "1 " * 10 + "2 " * 5 + "1 " * 3 + "2 " * 2, 2)


def test_percent_kappa_and_ac1_of_two_coders_are_worked_by_hand() -> None:
    assert value(Percent(), TWO_CODERS) == pytest.approx(12 / 20)
    chance = 0.75 * 0.65 + 0.25 * 0.35
    assert value(Kappa(), TWO_CODERS) == pytest.approx((0.6 - chance) / (1 - chance))
    share = (0.75 + 0.65) / 2
    random = 2 * share * (1 - share)
    assert value(GwetAC1(), TWO_CODERS) == pytest.approx((0.6 - random) / (1 - random))


def test_specific_agreement_is_the_share_of_a_categorys_codes_that_the_other_coder_shares() -> None:
    assert value(SpecificAgreement(), TWO_CODERS.against_the_rest(0)) == pytest.approx(2 * 10 / (15 + 13))
    assert value(SpecificAgreement(), TWO_CODERS.against_the_rest(1)) == pytest.approx(2 * 2 / (5 + 7))


def test_kappa_of_two_coders_equals_that_of_scikit_learn_where_both_have_codes() -> None:
    for seed in range(50):
        two = random_codings(seed).among((0, 1))
        both = two.values[two.paired()]
        if len(both) > 3:
            assert value(Kappa(), two) == pytest.approx(cohen_kappa_score(both[:, 0], both[:, 1])), seed


def test_kappa_of_three_coders_is_the_mean_of_the_pairs() -> None:
    coded = codings("1 1 2 2 1 2\n1 2 2 2 1 1\n1 1 2 1 1 2", 2)
    pairs = [value(Kappa(), coded.among(pair)) for pair in ((0, 1), (0, 2), (1, 2))]
    assert value(Kappa(), coded) == pytest.approx(sum(pairs) / 3)


def test_where_nothing_varies_alpha_and_kappa_are_undefined_and_ac1_is_one() -> None:
    coded = codings("1 1 1 1\n1 1 1 .", 2)
    assert np.isnan(value(Alpha(), coded))
    assert np.isnan(value(Alpha(Level.ORDINAL), coded))
    assert np.isnan(value(Kappa(), coded))
    assert value(GwetAC1(), coded) == 1
    assert value(Percent(), coded) == 1
    assert np.isnan(value(SpecificAgreement(), coded.against_the_rest(1)))


def test_a_unit_with_one_code_changes_no_alpha_kappa_or_percent() -> None:
    with_single = codings(FOUR_OBSERVERS, 5)
    without = Codings(with_single.values[with_single.paired()], 5)
    assert len(without.values) == len(with_single.values) - 1
    for coefficient in (Alpha(), Alpha(Level.ORDINAL), Kappa(), Percent()):
        assert value(coefficient, with_single) == pytest.approx(value(coefficient, without))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.randoms(use_true_random=False))
def test_the_order_of_units_and_coders_changes_nothing(seed: int, order: Random) -> None:
    coded = random_codings(seed)
    units, coders = (list(range(size)) for size in coded.values.shape)
    order.shuffle(units)
    order.shuffle(coders)
    shuffled = Codings(coded.values[units][:, coders], 5)
    for coefficient in (Alpha(), Alpha(Level.ORDINAL), Alpha(Level.INTERVAL, POINTS), GwetAC1(), Kappa(), Percent()):
        assert value(coefficient, shuffled) == pytest.approx(value(coefficient, coded), nan_ok=True), coefficient


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), names=st.permutations(range(5)))
def test_the_names_of_categories_change_nothing_that_is_nominal(seed: int, names: list[int]) -> None:
    coded = random_codings(seed)
    renamed = Codings(np.where(coded.values == MISSING, MISSING, np.array(names)[coded.values]), 5)
    for coefficient in (Alpha(), GwetAC1(), Kappa(), Percent()):
        assert value(coefficient, renamed) == pytest.approx(value(coefficient, coded), nan_ok=True), coefficient


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_coefficient_exceeds_one(seed: int) -> None:
    for coefficient in (Alpha(), Alpha(Level.ORDINAL), GwetAC1(), Kappa(), Percent()):
        found = value(coefficient, random_codings(seed))
        assert np.isnan(found) or found <= 1 + 1e-12
