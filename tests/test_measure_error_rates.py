"""Error rates, Rogan–Gladen and the test for differential error, on hand-worked and drawn figures."""

from __future__ import annotations

import numpy as np
import pytest

from framing.measure.error_rates import Linear, Rate, differential, rate, rogan_gladen, share

ONES = np.ones(4)


def test_a_share_weights_articles_by_the_inverse_of_their_probability() -> None:
    found = share(np.array([1.0, 0, 2, 0]), np.array([2.0, 2, 2, 5]), np.array([1.0, 3, 1, 0]))
    assert found.value == pytest.approx(3 / 10)
    assert found.influence.sum() == pytest.approx(0)
    assert found.influence[3] == 0


def test_rogan_gladen_gives_back_the_prevalence_that_the_errors_hid() -> None:
    seen = 0.30 * 0.85 + 0.70 * 0.10
    found = rogan_gladen(Linear(seen, ONES), Linear(0.85, ONES), Linear(0.90, ONES))
    assert found.value == pytest.approx(0.30)


def test_the_influence_of_rogan_gladen_is_its_derivative() -> None:
    values, step = (0.325, 0.85, 0.9), 1e-6
    for moved in range(3):
        inputs = [Linear(value, np.array([1.0 if i == moved else 0.0])) for i, value in enumerate(values)]
        nudged = [Linear(value + step * (i == moved), np.zeros(1)) for i, value in enumerate(values)]
        slope = (rogan_gladen(*nudged).value - rogan_gladen(*inputs).value) / step
        assert rogan_gladen(*inputs).influence[0] == pytest.approx(slope, rel=1e-4)


def test_a_classifier_no_better_than_chance_corrects_nothing() -> None:
    assert np.isnan(rogan_gladen(Linear(0.5, ONES), Linear(0.4, ONES), Linear(0.6, ONES)).value)


def test_a_rate_without_a_statement_is_empty() -> None:
    assert np.isnan(rate(np.zeros(4), np.zeros(4), ONES, level=0.95).value)


def test_a_rate_of_one_statement_an_article_has_about_the_interval_of_wilson() -> None:
    right = np.array([1.0] * 40 + [0.0] * 10)
    found = rate(right, np.ones(50), np.ones(50), level=0.95)
    # Wilson for 40 of 50 (Newcombe 1998, method 3); the variance has 49 for 50.
    assert [found.value, found.low, found.high] == pytest.approx([0.8, 0.6696, 0.8876], abs=0.002)


def test_articles_that_are_right_or_wrong_as_a_whole_widen_the_interval() -> None:
    right = np.array([1.0] * 40 + [0.0] * 10)
    alone, together = (rate(size * right, size * np.ones(50), np.ones(50), level=0.95) for size in (1.0, 4.0))
    assert together.design_effect == pytest.approx(4 * 50 / 49)
    assert together.high - together.low == pytest.approx(alone.high - alone.low, rel=0.02)


def test_a_rate_of_one_has_an_interval() -> None:
    found = rate(4 * np.ones(20), 4 * np.ones(20), np.ones(20), level=0.95)
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(20 / (20 + 1.96**2), abs=1e-3)


def rate_of(right: int, statements: int) -> Rate:
    return Rate(right / statements, 0, 1, statements, statements, 1.0)


def test_errors_that_differ_between_outlets_are_found() -> None:
    found = differential("sensitivity", [rate_of(85, 100), rate_of(70, 100)])
    assert (found.groups, found.freedom) == (2, 1)
    assert found.p == pytest.approx(0.011, abs=0.005)  # Agresti & Caffo 2000: shrunk variances, plain difference


def test_a_test_of_one_outlet_says_that_there_is_none() -> None:
    assert np.isnan(differential("sensitivity", [rate_of(85, 100)]).p)


def test_equal_errors_are_called_different_about_as_often_as_asked() -> None:
    random = np.random.default_rng(11)
    drawn = random.binomial(100, 0.85, size=(1000, 2))
    called = [differential("sensitivity", [rate_of(one, 100), rate_of(other, 100)]).p < 0.05 for one, other in drawn]
    assert 0.02 < float(np.mean(called)) < 0.07
