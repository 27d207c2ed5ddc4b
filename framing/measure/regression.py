"""Linear and logistic regression on labels that a classifier gave, corrected by a sample coded by hand.

The score of a statement is x (y − g(xβ)); everything else is as in `prediction_powered`, with articles as units.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from framing.errors import FramingError
from framing.measure.prediction_powered import Corrected, Floats, covariance, tuned

STEPS = 50
SMALL = 1e-10


class Outcomes(NamedTuple):
    """One outcome a statement: as predicted, as coded (not looked at outside the sample), its article's number and 1/π.

    `weights` has an entry an article, 0 outside the sample.
    """

    predicted: Floats
    gold: Floats
    article: NDArray[np.int64]
    weights: Floats


class Fitted(NamedTuple):
    """One corrected coefficient for each column of the design, and their covariance."""

    coefficients: list[Corrected]
    covariance: Floats


def regress(
    design: Floats, outcomes: Outcomes, *, link: Literal["linear", "logistic"] = "linear", lam: float | None = None
) -> Fitted:
    """Regress the outcome on the columns of `design`, a row a statement; give it a column of ones for an intercept.

    λ is tuned to make the sum of the variances of all coefficients least, unless `lam` fixes it.

    Raises:
        FramingError: the columns are collinear, an article is not numbered, or a logistic fit does not settle.
    """
    model = _Model(design, outcomes, link)
    freedom = model.coded - design.shape[1] - (lam is None)
    if freedom < 1:
        raise FramingError(
            f"regression: {model.coded} coded articles for {design.shape[1]} coefficients; code more articles, or "
            "leave columns out"
        )
    if lam is None:
        beta = model.solved(1.0) if link == "linear" else model.solved(0.0)
        inverse = np.linalg.inv(model.slope(beta, 1.0))
        by_hand, by_machine = model.scores(beta)
        lam = tuned(by_hand @ inverse, by_machine @ inverse, model.scaled, model.sampled)
    beta = model.solved(lam)
    inverse = np.linalg.inv(model.slope(beta, lam))
    spread = covariance(*model.scores(beta), model.scaled, model.sampled, lam=lam, freedom=freedom)
    variance = inverse @ spread @ inverse
    found = [
        Corrected(float(value), float(each), freedom, lam) for value, each in zip(beta, np.diag(variance), strict=True)
    ]
    return Fitted(found, variance)


class _Model:
    """The pseudo-scores of a regression and their slope."""

    def __init__(self, design: Floats, outcomes: Outcomes, link: Literal["linear", "logistic"]) -> None:
        articles = len(outcomes.weights)
        if len(outcomes.article) and not 0 <= outcomes.article.min() <= outcomes.article.max() < articles:
            raise FramingError(f"regression: articles are numbered from 0 to below {articles}, one weight each")
        self.design, self.outcomes, self.link, self.articles = design, outcomes, link, articles
        self.sampled = outcomes.weights > 0
        self.coded = int(self.sampled.sum())
        if np.linalg.matrix_rank(design) < design.shape[1]:
            raise FramingError("regression: a column is a sum of others; leave one category of each variable out")
        factor = articles / outcomes.weights.sum() if self.coded else 0.0
        self.scaled = outcomes.weights[self.sampled] * factor
        self.of_statement = outcomes.weights[outcomes.article] * factor
        self.gold = np.where(self.of_statement > 0, outcomes.gold, 0.0)

    def mean(self, beta: Floats) -> Floats:
        """Return g(xβ)."""
        index = self.design @ beta
        return index if self.link == "linear" else np.asarray(expit(index), np.float64)

    def scores(self, beta: Floats) -> tuple[Floats, Floats]:
        """Return the score of each sampled article by hand, and of each article by the classifier."""
        mean = self.mean(beta)
        by_hand = self._summed(self.gold - mean)[self.sampled]
        return by_hand, self._summed(self.outcomes.predicted - mean)

    def slope(self, beta: Floats, lam: float) -> Floats:
        """Return minus the derivative of the summed pseudo-scores."""
        mean = self.mean(beta)
        curve = np.ones(len(mean)) if self.link == "linear" else mean * (1 - mean)
        share = lam + self.of_statement * (1 - lam)
        return np.asarray(self.design.T @ (self.design * (curve * share)[:, None]), np.float64)

    def solved(self, lam: float) -> Floats:
        """Find the β at which the pseudo-scores sum to 0, by Newton's method."""
        beta = np.zeros(self.design.shape[1])
        predicted, weight = self.outcomes.predicted, self.of_statement
        pseudo = lam * predicted + weight * (self.gold - lam * predicted)
        share = lam + weight * (1 - lam)
        for _ in range(STEPS):
            step = self._step(beta, self.design.T @ (pseudo - share * self.mean(beta)), lam)
            beta = beta + step
            if np.abs(step).max() < SMALL * (1 + np.abs(beta).max()):
                return beta
        raise FramingError(
            "regression: the fit does not settle; a category without variation in the coded articles has no finite "
            "coefficient: merge it with another"
        )

    def _step(self, beta: Floats, scores: Floats, lam: float) -> Floats:
        try:
            return np.asarray(np.linalg.solve(self.slope(beta, lam), scores), np.float64)
        except np.linalg.LinAlgError as error:
            raise FramingError(
                "regression: the coded articles do not tell the columns apart; code more articles or merge categories"
            ) from error

    def _summed(self, residuals: Floats) -> Floats:
        """Sum x times the residual over the statements of each article."""
        columns = [np.bincount(self.outcomes.article, x * residuals, minlength=self.articles) for x in self.design.T]
        return np.stack(columns, axis=1)
