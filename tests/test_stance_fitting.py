"""Logits become calibrated probabilities, sets of labels, and silence with a reason."""

from __future__ import annotations

import numpy as np
import pytest
from stance_training import TARGETS, decision, query

from framing.stance.encoder.decision import conformal_least
from framing.stance.propositions import sides
from framing.train.stance.examples import Example, answers_of
from framing.train.stance.fitting import Answered, Fitting, error_left_out, fit_decision, scores
from framing.types import Label


@pytest.mark.parametrize(
    ("probabilities", "agrees", "why"),
    [
        ((0.7, 0.1, 0.1, 0.1), (1, -1), None),
        ((0.3, 0.3, 0.2, 0.2), (1, -1), "low confidence: no label is probable enough"),
        ((0.45, 0.05, 0.05, 0.45), (1, -1), "perhaps off target: support or unrelated"),
        ((0.45, 0.05, 0.45, 0.05), (1, -1), "perhaps no position: support or neutral"),
        ((0.45, 0.45, 0.05, 0.05), (1, -1), "low confidence: support or oppose"),
        ((0.45, 0.45, 0.05, 0.05), (1, 2), "proposition and negation disagree: support or oppose"),
    ],
)
def test_silence_has_a_reason(probabilities: tuple[float, ...], agrees: tuple[float, float], why: str | None) -> None:
    assert decision().why_silent(np.array(probabilities), agrees) == why


def test_conformal_sets_hold_the_right_label_as_often_as_asked() -> None:
    random = np.random.default_rng(0)
    probabilities = random.dirichlet([1, 1, 1, 1], size=4000)
    gold = [list(Label)[random.choice(4, p=p)] for p in probabilities]
    least = conformal_least(gold[:2000], probabilities[:2000], 0.8)
    assert least is not None
    held = [p[list(Label).index(label)] >= least for label, p in zip(gold[2000:], probabilities[2000:], strict=True)]
    assert np.mean(held) == pytest.approx(0.8, abs=0.03)
    assert conformal_least(gold[:3], probabilities[:3], 0.8) is None


def test_a_threshold_is_the_least_probability_of_the_best_label() -> None:
    unsure = np.array([0.4, 0.3, 0.2, 0.1])
    assert decision().why_silent(unsure, (1, -1), 0.0) is None
    assert decision().why_silent(unsure, (1, -1), 0.4) is None
    assert decision().why_silent(unsure, (1, -1), 0.5) == "low confidence: no label is probable enough"


def _asked(n: int, seed: int) -> tuple[np.ndarray, list[Example]]:
    """Make examples of ten groups and logits that are three times too sure of their answers."""
    random = np.random.default_rng(seed)
    found, logits = [], []
    for at in range(n):
        label = list(Label)[int(random.integers(4))]
        found.append(
            Example(query("we will join", TARGETS[0]), sides(TARGETS[0]), answers_of(label), label, f"g{at % 10}")
        )
        yes = np.where(np.array(found[-1].answers) == 1, 1.0, -1.0)
        logits.append(3 * (yes + random.normal(size=4)) * 2)
    return np.array(logits, dtype=np.float32), found


def test_a_few_rows_leave_the_calibration_of_the_model_they_started_from() -> None:
    logits, found = _asked(12, 0)
    start = decision()._replace(slopes=(0.5,) * 4, shifts=(0.1,) * 4, least=0.37, conditional=0.3)
    fitted = fit_decision(logits, found, Fitting(0.95, start))
    assert (fitted.slopes, fitted.shifts) == (start.slopes, start.shifts)
    assert (fitted.least, fitted.conditional, fitted.level) == (0.37, 0.3, start.level)
    assert fit_decision(logits, found, Fitting(0.95)).level == 0
    many = fit_decision(*_asked(400, 0), Fitting(0.95, start))
    assert many.slopes[:3] != start.slopes[:3]
    assert many.least != 0.37
    assert many.level == 0.95


def test_scores_of_a_part_come_from_a_calibration_that_has_not_seen_it() -> None:
    logits, found = _asked(600, 1)
    assert scores(logits, found, Fitting(0.8))["accuracy"] > 0.6
    # Two groups whose logits mean the contrary of each other's: what calibrates the one misleads about the other.
    first = np.arange(600) < 300
    apart = [example._replace(group=str(is_first)) for example, is_first in zip(found, first, strict=True)]
    assert scores(np.where(first[:, None], logits, -logits), apart, Fitting(0.8))["accuracy"] < 0.4


def test_what_calibrates_beside_moves_slopes_and_no_bound() -> None:
    logits, found = _asked(400, 1)
    surer, others = _asked(2000, 2)
    start = Fitting(0.8)
    alone = fit_decision(logits, found, start)
    beside = fit_decision(logits, found, start._replace(beside=Answered(4 * surer, others)))
    assert all(with_them < without for with_them, without in zip(beside.slopes[:3], alone.slopes[:3], strict=True))
    probabilities, _ = beside.probabilities(logits)
    assert beside.least == conformal_least([example.label for example in found], probabilities, 0.8)
    assert scores(logits, found, start._replace(beside=Answered(4 * surer, others)))["rows"] == 400


def test_the_error_of_a_target_left_out_stands_beside_what_chance_makes_of_right_probabilities() -> None:
    logits, found = _asked(900, 2)
    named = [example._replace(query=example.query._replace(target=f"t{at % 3}")) for at, example in enumerate(found)]
    told = error_left_out(logits, named, Fitting(0.8))
    assert [(each.target, each.rows) for each in told] == [("t0", 300), ("t1", 300), ("t2", 300)]
    assert all(0.02 < each.by_chance < 0.12 for each in told)
    assert all(each.error < 3 * each.by_chance for each in told)
    assert error_left_out(logits, found, Fitting(0.8)) == []


def test_targets_that_were_not_learnt_calibrate_slopes_but_no_shifts() -> None:
    logits, found = _asked(600, 3)
    moved = logits + np.float32(2)
    alike, apart = (fit_decision(moved, found, Fitting(0.8, shifted=shifted)) for shifted in (True, False))
    assert any(abs(shift) > 0.2 for shift in alike.shifts[:3])
    assert apart.shifts == (0.0,) * 4
    assert all(0.05 <= slope < 0.9 for slope in apart.slopes[:3])
