"""Train the ranker of pronouns on pronouns whose antecedent is certain, and write its weights and its card."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from framing.corpora.gold import read_gold
from framing.errors import CorpusError
from framing.resources import locate
from framing.speakers.salience import FEATURES, Salience, features, lead
from framing.speakers.weights import save_ranker
from framing.train.speakers import litbank
from framing.train.speakers.card import CARD, Score, card
from framing.train.speakers.questions import Question, questions

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TrainSpeakers:
    """Fit the weights of the ranker by conditional logit, drawn towards those that were set by hand.

    `data` are gold files and folders as `framing evaluate quotes` reads them; articles of another `split` than train
    are left out. `litbank` are folders of LitBank's quotations, of which only pronouns with a gold speaker are taken,
    since news is not told like fiction. `pull` is the strength of the penalty on the distance from the hand-set
    weights. Every figure of the card is on articles that the weights were not fitted to, one of `folds` parts at a
    time; a logistic regression on the same held-out choices gives the confidence. `note` goes into the card.
    """

    data: tuple[str, ...]
    output: Path
    litbank: tuple[str, ...] = ()
    folds: Annotated[int, Field(ge=2)] = 10
    pull: Annotated[float, Field(gt=0)] = 20.0
    note: str = ""

    def __call__(self) -> Path:
        """Train, write the model folder and return its path; the same data give the same weights.

        Raises:
            CorpusError: a file cannot be read, or the data hold too few certain pronouns.
        """
        asked = [(name, question) for name in (*self.data, *self.litbank) for question in self._questions(name)]
        everything = [question for _, question in asked]
        if len({_fold(question, self.folds) for question in everything}) < self.folds:
            raise CorpusError(
                f"{', '.join((*self.data, *self.litbank))}: the {len(everything)} pronouns with a certain antecedent "
                f"do not fill {self.folds} folds; give more articles or lower folds"
            )
        held = held_out(everything, self.folds, self.pull)
        slope, shift = calibration(everything, held)
        fitted = replace(fit(everything, self.pull), slope=slope, shift=shift)
        save_ranker(fitted, {"questions": len(everything), "folds": self.folds, "pull": self.pull}, self.output)
        text = card(_scores(asked, held), asdict(fitted), reliability(everything, held, fitted), self)
        (self.output / CARD).write_text(text, encoding="utf-8")
        return self.output

    def _questions(self, name: str) -> list[Question]:
        fiction = name in self.litbank
        gold = litbank.articles(locate(name)) if fiction else read_gold([name])
        learnt = (article for article in gold if article.fields.get("split", "train") == "train")
        return [question for article in learnt for question in questions(article, hide_gender=not fiction)]


def fit(asked: Sequence[Question], pull: float) -> Salience:
    """Return the weights that make the right candidates likeliest, drawn to those of the rule by `pull`."""
    start = np.array(Salience().weights)
    matrices = [np.array([features(each) for each in question.candidates], dtype=float) for question in asked]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total = pull * float(((weights - start) ** 2).sum())
        slope = 2 * pull * (weights - start)
        for question, matrix in zip(asked, matrices, strict=True):
            scores = matrix @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            total -= float(np.log(shares[question.right]))
            slope += shares @ matrix - matrix[question.right]
        return total, slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B")
    return Salience(**dict(zip(FEATURES, map(float, found.x), strict=True)))


def held_out(asked: Sequence[Question], folds: int, pull: float) -> list[Salience]:
    """Return for each question the weights fitted to the articles of all folds but its own."""
    fold_of = [_fold(question, folds) for question in asked]
    fitted = {
        fold: fit([each for each, other in zip(asked, fold_of, strict=True) if other != fold], pull)
        for fold in sorted(set(fold_of))
    }
    return [fitted[fold] for fold in fold_of]


def calibration(asked: Sequence[Question], held: Sequence[Salience]) -> tuple[float, float]:
    """Return slope and shift of a logistic regression from the lead of each held-out choice to whether it was right."""
    leads = np.array([[_lead(question, ranker)] for question, ranker in zip(asked, held, strict=True)])
    right = [ranker(question.candidates).place == question.right for question, ranker in zip(asked, held, strict=True)]
    if len(set(right)) < 2:
        return 1.0, 0.0
    fitted = LogisticRegression(max_iter=1000).fit(leads, right)
    return float(fitted.coef_[0][0]), float(fitted.intercept_[0])


def reliability(
    asked: Sequence[Question], held: Sequence[Salience], fitted: Salience
) -> list[tuple[float, float, int]]:
    """Return mean confidence, share right and number of the held-out choices, in three parts by confidence."""
    told = []
    for question, ranker in zip(asked, held, strict=True):
        choice = replace(ranker, slope=fitted.slope, shift=fitted.shift)(question.candidates)
        told.append((choice.confidence or 0.0, float(choice.place == question.right)))
    parts = np.array_split(np.array(sorted(told)), 3)
    return [(float(part[:, 0].mean()), float(part[:, 1].mean()), len(part)) for part in parts if len(part)]


def _lead(question: Question, ranker: Salience) -> float:
    scores = [ranker.score(each) for each in question.candidates]
    return lead(scores, max(range(len(scores)), key=scores.__getitem__))


def _scores(asked: Sequence[tuple[str, Question]], held: Sequence[Salience]) -> list[Score]:
    rule = Salience()
    groups: dict[tuple[str, bool], list[tuple[bool, bool]]] = {}
    for (name, question), ranker in zip(asked, held, strict=True):
        answers = rule(question.candidates).place, ranker(question.candidates).place
        first, second = (place == question.right for place in answers)
        groups.setdefault((name, question.hidden), []).append((first, second))
    return [
        Score(name, hidden, len(found), sum(first for first, _ in found), sum(second for _, second in found))
        for (name, hidden), found in groups.items()
    ]


def _fold(question: Question, folds: int) -> int:
    return zlib.crc32(question.article_id.encode()) % folds
