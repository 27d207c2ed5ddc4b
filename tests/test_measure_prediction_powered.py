"""Prediction-powered estimates against computations that share no code with them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from framing.measure.prediction_powered import Corrected, Sums, ratio

Floats = NDArray[np.float64]

BY_HAND = np.array([1.0, 0, 1, 1, 0, 0, 1, 0, 2, 1])
BY_MACHINE = np.array([1.0, 0, 1, 0, 0, 1, 1, 0, 1, 0])
ELSEWHERE = np.array([1.0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 2, 0, 0, 1, 0, 0, 1, 1, 1])
# What ppi-python 0.2.3 (ppi_mean_pointestimate, ppi_mean_ci with alpha=0.05) gives for the three arrays above.
# The package brings numba, pandas and gdown, 650 MB, so its figures stand here; the test below asks it where installed.
PACKAGE: dict[float | None, tuple[float, float, float]] = {
    None: (0.7225, 0.35249862475300037, 1.0925013752469994),
    0.0: (0.7, 0.3031375406410186, 1.0968624593589813),
    0.5: (0.7357142857142858, 0.3622949090689033, 1.1091336623596681),
    1.0: (0.7714285714285714, 0.323642402490371, 1.2192147403667717),
}


def mean(lam: float | None = None) -> Corrected:
    n, others = len(BY_HAND), len(ELSEWHERE)
    one_each = np.ones(n + others)
    predicted = Sums(np.concatenate([BY_MACHINE, ELSEWHERE]), one_each)
    gold = Sums(np.concatenate([BY_HAND, np.full(others, np.nan)]), one_each)
    weights = np.concatenate([np.full(n, (n + others) / n), np.zeros(others)])
    # The package compares with the unlabelled articles only, this one with all: its lambda is smaller by N / (n + N).
    return ratio(predicted, gold, weights, lam=None if lam is None else lam * (n + others) / others)


def half_width_of_the_package(found: Corrected) -> float:
    n = len(BY_HAND)  # the package divides variances by n and takes the normal distribution
    return 1.959963984540054 * float(np.sqrt(found.variance * found.freedom / n))


@pytest.mark.parametrize("lam", list(PACKAGE))
def test_the_mean_of_unclustered_articles_is_that_of_ppi_python(lam: float | None) -> None:
    value, low, high = PACKAGE[lam]
    found = mean(lam)
    assert found.value == pytest.approx(value, abs=1e-12)
    # Its variance is around the means of labelled and unlabelled articles, this one around that of all.
    assert half_width_of_the_package(found) == pytest.approx((high - low) / 2, rel=1e-3)


def test_the_mean_is_that_of_ppi_python_itself_where_it_is_installed() -> None:
    package = pytest.importorskip("ppi_py")
    for lam, figures in PACKAGE.items():
        value = np.ravel(package.ppi_mean_pointestimate(BY_HAND, BY_MACHINE, ELSEWHERE, lam=lam))
        ends = np.ravel(package.ppi_mean_ci(BY_HAND, BY_MACHINE, ELSEWHERE, alpha=0.05, lam=lam))
        assert [*value, *ends] == pytest.approx(figures, abs=1e-9)


def test_without_the_classifier_the_ratio_is_that_of_the_coded_articles() -> None:
    found = mean(0.0)
    assert found.value == pytest.approx(BY_HAND.mean())
    assert found.variance == pytest.approx(BY_HAND.var(ddof=1) / len(BY_HAND))


def test_a_corpus_coded_as_a_whole_needs_no_classifier() -> None:
    found = ratio(Sums(1 - BY_HAND, np.ones(10)), Sums(BY_HAND, np.ones(10)), np.ones(10))
    assert [found.value, found.lam] == pytest.approx([BY_HAND.mean(), 0.0])


def test_a_perfect_classifier_gives_the_value_of_the_whole_corpus() -> None:
    truth = np.concatenate([BY_HAND, ELSEWHERE])
    sizes = np.arange(1.0, len(truth) + 1)
    weights = np.where(np.arange(len(truth)) < 10, 3.1, 0.0)
    found = ratio(Sums(truth, sizes), Sums(truth, sizes), weights, lam=1.0)
    assert found.value == pytest.approx(truth.sum() / sizes.sum())
    assert not found.spread


def test_articles_drawn_with_a_small_probability_count_more() -> None:
    gold = Sums(np.array([1.0, 0.0, np.nan, np.nan]), np.array([1.0, 1.0, np.nan, np.nan]))
    found = ratio(Sums(np.zeros(4), np.ones(4)), gold, np.array([3.0, 1.0, 0, 0]), lam=0.0)
    assert found.value == pytest.approx(0.75)


def test_nothing_coded_gives_nothing() -> None:
    found = ratio(Sums(np.ones(3), np.ones(3)), Sums(np.zeros(3), np.zeros(3)), np.zeros(3))
    assert np.isnan(found.value)


def test_one_coded_article_gives_a_value_without_variance() -> None:
    found = ratio(Sums(np.ones(3), np.ones(3)), Sums(np.ones(3), np.ones(3)), np.array([3.0, 0, 0]))
    assert (found.value, np.isnan(found.variance)) == (1.0, True)


def test_the_variance_of_a_difference_is_the_sum_and_its_freedom_lies_between() -> None:
    found = Corrected(0.5, 0.04, 10, 1.0).minus(Corrected(0.2, 0.01, 30, 0.5))
    assert [found.value, found.variance] == pytest.approx([0.3, 0.05])
    assert found.freedom == pytest.approx(0.05**2 / (0.04**2 / 10 + 0.01**2 / 30))
