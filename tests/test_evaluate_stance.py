from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scored_stance import QUICK, answers, figure, gold, lines, score, sure

from framing.errors import ConfigError, CorpusError
from framing.evaluate.figures import Figure
from framing.evaluate.stance.answers import Answer, Answers
from framing.evaluate.stance.comparison import Comparison, Difference, Rival
from framing.evaluate.stance.lines import Lines
from framing.evaluate.stance.scores import FROM_PROBABILITIES, Scores, observed
from framing.evaluate.stance.scores import NAMES as FIGURES
from framing.evaluate.stance.study import Asked, evaluate
from framing.types import Label

LETTERS = st.sampled_from("sonu")


def value(found: Lines, name: str) -> float:
    return float(observed(found)[FIGURES.index(name)])


def width(found: Figure) -> float:
    assert found.low is not None
    assert found.high is not None
    return found.high - found.low


def rival(labels: str) -> Rival:
    return Rival("other", "another model", answers(labels).answers)


def difference(comparison: Comparison, name: str, **group: str) -> Difference:
    [found] = [each for each in comparison.differences if (each.name, each.group) == (name, group)]
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("macro_f1_4", (1 / 2 + 2 / 3 + 1 / 2 + 0) / 4),
        ("macro_f1_3", (1 / 2 + 2 / 3 + 2 / 3) / 3),  # without the unrelated line
        ("forced_f1", (2 / 3 + 2 / 3) / 2),  # lines 1 to 3
        ("neutral_recall", 1 / 2),
        ("no_stance_recall", 2 / 3),
        ("accuracy", 3 / 6),
        ("coverage", 1),
    ],
)
def test_figures_of_labels_are_those_worked_out_by_hand(name: str, expected: float) -> None:
    assert value(lines("ssonun", answers("soonns").answers), name) == pytest.approx(expected)


def test_an_unrelated_answer_counts_as_neutral_among_three_classes() -> None:
    assert value(lines("nn", answers("un").answers), "macro_f1_3") == 1


def test_only_labels_of_the_gold_enter_the_mean_f1() -> None:
    assert value(lines("ss", answers("sn").answers), "macro_f1_4") == pytest.approx(2 / 3)


def test_the_forced_choice_goes_by_the_more_probable_side_where_there_are_probabilities() -> None:
    leaning = Answer(Label.NEUTRAL, False, {Label.SUPPORT: 0.3, Label.OPPOSE: 0.1, Label.NEUTRAL: 0.6})
    assert value(lines("s", [leaning]), "forced_f1") == 1
    assert value(lines("s", [Answer(Label.NEUTRAL)]), "forced_f1") == 0


def test_accuracy_is_also_given_for_what_is_not_abstained() -> None:
    given_ = [Answer(Label.SUPPORT), Answer(Label.OPPOSE, True), Answer(Label.SUPPORT), Answer(Label.SUPPORT, True)]
    found = lines("ssos", given_)
    assert [value(found, name) for name in ("coverage", "accuracy_covered", "accuracy")] == [0.5, 0.5, 0.5]


def test_calibration_error_and_brier_score_are_those_worked_out_by_hand() -> None:
    one = Answer(Label.SUPPORT, False, {Label.SUPPORT: 0.9, Label.OPPOSE: 0.1})
    other = Answer(Label.NEUTRAL, False, {Label.NEUTRAL: 0.6, Label.UNRELATED: 0.4})
    found = lines("su", [one, other])
    assert value(found, "ece") == pytest.approx((0.1 + 0.6) / 2)
    assert value(found, "brier") == pytest.approx((0.1**2 + 0.1**2 + 0.6**2 + 0.6**2) / 2)


def test_lines_of_one_bin_may_make_up_for_each_other() -> None:
    found = lines("s" * 30, sure(*[("s", 0.5), ("o", 0.5)] * 15))
    assert value(found, "ece") == pytest.approx(0)


def test_accuracy_at_a_share_takes_the_most_confident_lines() -> None:
    found = lines("sssss", sure(("s", 0.9), ("o", 0.5), ("s", 0.8), ("s", 0.7), ("o", 0.6)))
    assert value(found, "accuracy_at_80") == 3 / 4
    assert value(found, "accuracy_at_60") == 1


def test_coverage_at_precision_is_the_most_that_a_threshold_keeps() -> None:
    right, wrong = [("s", 0.99 - 0.01 * n) for n in range(6)], ("o", 0.8)
    assert value(lines("s" * 7, sure(*right, wrong)), "coverage_at_precision_85") == 1  # 6 of 7 are right
    assert value(lines("s" * 8, sure(*right, wrong, ("o", 0.7))), "coverage_at_precision_85") == 7 / 8
    assert value(lines("s" * 7, sure(("o", 1.0), *right)), "coverage_at_precision_85") == 1  # the first is among 7
    assert value(lines("s" * 6, sure(("o", 1.0), *right[:5])), "coverage_at_precision_85") == 0


def test_no_threshold_parts_lines_of_the_same_confidence() -> None:
    assert value(lines("ss", sure(("s", 0.9), ("o", 0.9))), "coverage_at_precision_85") == 0


def test_of_equal_probabilities_the_first_in_the_file_is_the_most_probable() -> None:
    tied = {Label.OPPOSE: 0.5, Label.SUPPORT: 0.5}
    assert value(lines("s", [Answer(Label.SUPPORT, False, tied)]), "accuracy_at_80") == 0


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(LETTERS, LETTERS, st.sampled_from([0.3, 0.5, 0.7, 0.9]), st.integers(0, 3)), min_size=1))
def test_a_resample_scores_like_a_file_that_repeats_its_lines(rows: list[tuple[str, str, float, int]]) -> None:
    times = np.array([row[3] for row in rows])
    if not times.sum():
        return
    golds, given_ = "".join(row[0] for row in rows), sure(*((row[1], row[2]) for row in rows))
    scores = Scores(lines(golds, given_), len(rows))
    found = scores.values((scores.rows @ times.astype(float))[:, None])[:, 0]
    repeated = [at for at, n in enumerate(times) for _ in range(n)]
    expected = observed(lines("".join(golds[at] for at in repeated), [given_[at] for at in repeated]))
    assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_figures_need_probabilities_on_every_line_of_their_group() -> None:
    given_ = Answers((*sure(("s", 0.9)), Answer(Label.SUPPORT)))
    evaluation = evaluate(gold("ss", holder=["a", "b"]), given_, Asked(by=["holder"], interval=QUICK))
    missing = figure(evaluation, "ece")
    assert (missing.value, missing.note) == (None, "1 of 2 lines have no probabilities")
    assert figure(evaluation, "ece", holder="a").value == pytest.approx(0.1)
    assert evaluation.reliability == ()


def test_targets_have_figures_of_their_own_and_a_mean_where_they_have_enough_lines() -> None:
    both = [*gold("ssss"), *gold("oo", target="war", start=4), *gold("n", target="sea", start=6)]
    evaluation = evaluate(both, answers("sssoons"), Asked(min_items=2, interval=QUICK))
    targets = {value: figure(evaluation, "accuracy", target=value) for value in ("tax", "war", "(mean)")}
    assert {name: (each.value, each.units) for name, each in targets.items()} == {
        "tax": (0.75, 4),
        "war": (0.5, 2),
        "(mean)": (0.625, 2),
    }
    assert (evaluation.targets, evaluation.small_targets) == (3, 1)
    assert figure(evaluation, "accuracy").value == pytest.approx(4 / 7)


def test_the_mean_leaves_out_targets_for_which_a_figure_is_undefined() -> None:
    both = [*gold("nn"), *gold("ss", target="war", start=2)]
    evaluation = evaluate(both, answers("nsss"), Asked(min_items=1, interval=QUICK))
    assert figure(evaluation, "neutral_recall", target="(mean)").value == 0.5
    assert figure(evaluation, "neutral_recall", target="(mean)").units == 1


def test_lines_are_grouped_by_a_field_and_those_without_it_are_apart() -> None:
    evaluation = score("ssoo", "soso", holder=["a", "a", None, 7], by=["holder"])
    values = {name: figure(evaluation, "accuracy", holder=name).value for name in ("a", "(none)", "7")}
    assert values == {"a": 0.5, "(none)": 0.0, "7": 1.0}


def test_whole_articles_are_redrawn() -> None:
    articles = [str(n // 10) for n in range(100)]
    labels = "".join("s" * 10 if n % 2 else "o" * 10 for n in range(10))
    wide = figure(score("s" * 100, labels, article=articles), "accuracy")
    narrow = figure(score("s" * 100, labels, article=articles, cluster="id"), "accuracy")
    assert (wide.value, wide.clusters, narrow.clusters) == (0.5, 10, 100)
    assert width(wide) == pytest.approx(2 * 1.96 * 0.5 / 10**0.5, abs=0.15)
    assert width(narrow) == pytest.approx(2 * 1.96 * 0.5 / 100**0.5, abs=0.06)


def test_lines_are_redrawn_by_article_by_default_and_else_by_id() -> None:
    gold_, given_ = gold("ssss", article_id=["a", "a", "b", "b"]), answers("ssso")
    by_article, by_id = (evaluate(lines_, given_, Asked(interval=QUICK)) for lines_ in (gold_, gold("ssss")))
    assert (by_article.redraw.cluster, by_article.clusters, by_article.redraw.noun) == ("article_id", 2, "article")
    assert (by_id.redraw.cluster, by_id.clusters, by_id.redraw.noun) == ("id", 4, "cluster")


def test_one_article_has_no_interval_and_no_spread_gives_the_rule_of_three() -> None:
    alone = figure(score("ss", "so", article=["a", "a"]), "accuracy")
    assert (alone.value, alone.low, alone.note) == (0.5, None, "one article: no interval")
    alike = figure(score("s" * 30, "s" * 30), "accuracy")
    assert (alike.value, alike.high) == (1, 1)
    assert alike.low == pytest.approx(0.05 ** (1 / 30))
    assert "rule of three" in (alike.note or "")


def test_a_label_in_few_clusters_makes_a_mean_of_labels_doubtful() -> None:
    evaluation = score("s" * 40 + "n", "s" * 38 + "nnn")
    assert "few clusters (1)" in (figure(evaluation, "macro_f1_4").note or "")
    assert figure(evaluation, "accuracy").note is None


def test_the_seed_alone_decides_the_intervals() -> None:
    first, again, other = (score("sosnu" * 8, "ssonu" * 8, seed=seed) for seed in (1, 1, 2))
    assert first.figures == again.figures != other.figures


def test_mcnemar_is_exact() -> None:
    [comparison] = score("s" * 10, "sssss" + "o" + "ssss", rival("ooooo" + "s" + "ssss")).comparisons
    assert (comparison.mcnemar[0].ours_only, comparison.mcnemar[0].theirs_only) == (5, 1)
    assert comparison.mcnemar[0].p_value == pytest.approx(2 * (1 + 6) / 2**6)


def test_a_difference_is_redrawn_with_both_answers_together() -> None:
    [comparison] = score("so" * 20, "so" * 18 + "oooo", rival("so" * 14 + "oooo" * 3)).comparisons
    found = difference(comparison, "accuracy")
    assert (found.ours, found.theirs) == (38 / 40, 34 / 40)
    assert found.difference == pytest.approx(0.1)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low < 0.1 < found.high < 0.25


def test_a_clear_difference_has_the_least_p_value_that_the_resamples_allow() -> None:
    [comparison] = score("s" * 30, "s" * 30, rival("o" * 30)).comparisons
    assert difference(comparison, "accuracy").p_value == pytest.approx(2 / 201)


def test_equal_answers_differ_by_nothing() -> None:
    [comparison] = score("sonu" * 8, "ssss" * 8, rival("ssss" * 8)).comparisons
    found = difference(comparison, "macro_f1_3")
    assert (found.difference, found.low, found.high, found.p_value) == (0, 0, 0, 1)
    assert found.note == "the same in every resample"


def test_answers_are_compared_in_every_group() -> None:
    fields = {"holder": ["a", "a", "b", "b"]}
    [comparison] = score("ssss", "ssoo", rival("ooss"), by=["holder"], min_items=1, **fields).comparisons
    found = [difference(comparison, "accuracy", **group).difference for group in ({"holder": "a"}, {"holder": "b"}, {})]
    assert found == [1, -1, 0]
    assert [dict(test.group) for test in comparison.mcnemar] == [
        {},
        {"target": "tax"},
        {"holder": "a"},
        {"holder": "b"},
    ]


def test_answers_to_some_lines_are_compared_on_those() -> None:
    some = Rival("other", "", [Answer(Label.OPPOSE), None, None, Answer(Label.SUPPORT)])
    [comparison] = score("ssss", "soos", some).comparisons
    assert comparison.lines == 2
    assert (difference(comparison, "accuracy").ours, difference(comparison, "accuracy").theirs) == (1, 0.5)


def test_confusion_and_reliability_carry_counts_and_intervals() -> None:
    spread = [0.9 + n / 1000 for n in range(20)], [0.6 - n / 1000 for n in range(10)]
    given_ = Answers(sure(*(("s", p) for p in spread[0]), *(("o", p) for p in spread[1])))
    evaluation = evaluate(gold("s" * 15 + "o" * 15), given_, Asked(interval=QUICK))
    assert evaluation.counts == ((15, 0, 0, 0), (5, 10, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0))
    cell = evaluation.confusion[4]
    assert cell.name == "oppose as support"
    assert cell.value == pytest.approx(100 / 3)
    assert cell.low is not None
    assert [each.right.units for each in evaluation.reliability] == [2] * 15
    assert evaluation.reliability[0].confidence == pytest.approx(0.5915)
    assert evaluation.reliability[0].right.value == 100


def test_lines_of_one_confidence_are_one_point_of_the_reliability_figure() -> None:
    given_ = Answers(sure(*[("s", 0.9)] * 20, *[("o", 0.6)] * 10))
    evaluation = evaluate(gold("s" * 15 + "o" * 15), given_, Asked(interval=QUICK))
    assert [each.right.units for each in evaluation.reliability] == [10, 20]
    assert [each.confidence for each in evaluation.reliability] == pytest.approx([0.6, 0.9])


def test_everything_is_plain_json() -> None:
    found = json.loads(json.dumps(score("sonu", "ssnu", rival("sonu"), by=["id"]).as_dict()))
    assert found["lines"] == 4
    assert {each["name"] for each in found["figures"] if not each["group"]} == set(FIGURES)
    assert all(each["value"] is None for each in found["figures"] if each["name"] in FROM_PROBABILITIES)
    assert found["mistakes"] == {"oppose as support": 1}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"by": ["holders"]}, "--by holders: no gold line has such a field; did you mean 'holder'"),
        ({"cluster": "articel"}, "--cluster articel: no gold line has such a field"),
        ({"min_items": 0}, "--min-items is 0, expected at least 1"),
    ],
)
def test_a_field_that_no_line_has_is_named(asked: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        score("so", "so", holder=["a", "b"], **asked)


@pytest.mark.parametrize(
    ("values", "message"), [(["a", None], "gold line 1: has no holder"), ([["a"], "b"], "gold line 0: holder is")]
)
def test_a_line_that_cannot_be_redrawn_with_others_is_named(values: Sequence[object], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        score("so", "so", holder=values, cluster="holder")
