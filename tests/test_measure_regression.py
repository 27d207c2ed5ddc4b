"""Regressions on predicted labels: equal to plain ones where they must be, and unbiased where plain ones are not."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from framing.errors import FramingError
from framing.measure.prediction_powered import Sums, ratio
from framing.measure.regression import Outcomes, regress

Floats = NDArray[np.float64]


def drawn(seed: int, *, articles: int = 400, coded: int = 80) -> tuple[Floats, Outcomes]:
    """Draw 3 statements an article, half of the articles of a second outlet, in which positives are often missed."""
    random = np.random.default_rng(seed)
    article = np.repeat(np.arange(articles), 3)
    second = (article % 2).astype(np.float64)
    lean = random.normal(size=articles)[article]
    true = (random.random(len(article)) < expit(lean)).astype(np.float64)
    missed = random.random(len(article)) < np.where(second > 0, 0.5, 0.05)
    weights = np.zeros(articles)
    weights[random.choice(articles, coded, replace=False)] = articles / coded
    gold = np.where(weights[article] > 0, true, np.nan)
    return np.stack([np.ones(len(article)), second], axis=1), Outcomes(
        np.where(missed, 0.0, true), gold, article, weights
    )


def everything(outcomes: Outcomes) -> Outcomes:
    gold = np.nan_to_num(outcomes.gold)
    return outcomes._replace(gold=gold, weights=np.ones(len(outcomes.weights)))


def test_an_intercept_alone_is_the_corrected_mean() -> None:
    design, outcomes = drawn(1)
    (found,) = regress(design[:, :1], outcomes).coefficients
    size = np.bincount(outcomes.article).astype(np.float64)
    predicted, gold = (
        Sums(np.bincount(outcomes.article, np.nan_to_num(each)).astype(np.float64), size)
        for each in (outcomes.predicted, outcomes.gold)
    )
    mean = ratio(predicted, gold, outcomes.weights)
    assert [found.value, found.variance, found.freedom, found.lam] == pytest.approx(
        [mean.value, mean.variance, mean.freedom, mean.lam]
    )


def test_a_corpus_coded_as_a_whole_gives_least_squares_with_clustered_errors() -> None:
    design, outcomes = drawn(2)
    full = everything(outcomes)
    fitted = regress(design, full)
    beta = np.linalg.lstsq(design, full.gold, rcond=None)[0]
    inverse = np.linalg.inv(design.T @ design)
    scores = [
        (design[full.article == a] * (full.gold - design @ beta)[full.article == a, None]).sum(axis=0)
        for a in range(len(full.weights))
    ]
    plain = inverse @ np.transpose(scores) @ np.array(scores) @ inverse
    freedom = fitted.coefficients[0].freedom
    assert [each.value for each in fitted.coefficients] == pytest.approx(beta)
    assert fitted.covariance * freedom / len(full.weights) == pytest.approx(plain)


def test_a_corpus_coded_as_a_whole_gives_the_logistic_fit_of_scikit_learn() -> None:
    design, outcomes = drawn(3)
    full = everything(outcomes)
    fitted = regress(design, full, link="logistic")
    plain = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10).fit(design, full.gold)
    assert [each.value for each in fitted.coefficients] == pytest.approx(plain.coef_[0], abs=1e-5)


@pytest.mark.parametrize("link", ["linear", "logistic"])
def test_intervals_cover_a_difference_of_zero_that_the_predictions_deny(link: Literal["linear", "logistic"]) -> None:
    held = plain = 0
    for seed in range(100):
        design, outcomes = drawn(seed, articles=240, coded=60)
        low, high = regress(design, outcomes, link=link).coefficients[1].limits(0.95)
        held += low <= 0 <= high
        naive = everything(outcomes._replace(gold=outcomes.predicted))
        low, high = regress(design, naive).coefficients[1].limits(0.95)
        plain += low <= 0 <= high
    assert 88 <= held <= 99
    assert plain < 10


def test_tuning_makes_intervals_no_wider_than_labels_alone_or_full_trust() -> None:
    design, outcomes = drawn(4)
    tuned, alone, trusting = (regress(design, outcomes, lam=lam).covariance.trace() for lam in (None, 0.0, 1.0))
    assert tuned <= 1.03 * min(alone, trusting)  # the tuned one pays a degree of freedom


def test_collinear_columns_are_refused() -> None:
    design, outcomes = drawn(5)
    with pytest.raises(FramingError, match="leave one category"):
        regress(np.column_stack([design, 1 - design[:, 1]]), outcomes)


def test_fewer_coded_articles_than_coefficients_are_refused() -> None:
    design, outcomes = drawn(6, coded=3)
    with pytest.raises(FramingError, match="3 coded articles for 2 coefficients"):
        regress(design, outcomes)


def test_a_category_without_variation_has_no_finite_coefficient() -> None:
    design, outcomes = drawn(7)
    certain = outcomes._replace(predicted=design[:, 1], gold=design[:, 1])
    with pytest.raises(FramingError, match="merge"):
        regress(design, certain, link="logistic")
