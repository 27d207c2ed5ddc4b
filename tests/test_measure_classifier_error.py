"""Error rates by outlet, their test, and the second opinion on corrected values."""

from __future__ import annotations

import polars as pl
import pytest
from coded import TARGET, Hidden, hidden

from framing.measure.classifier_error import ErrorRates, error_rates, second_opinion
from framing.measure.correction import Coding, corrected
from framing.measure.stance import NetStance, StanceShare

TRUE_NET = 0.4 - 0.6


@pytest.fixture(scope="module")
def run() -> Hidden:
    return hidden({"a": 0.05, "b": 0.5}, seed=3)


@pytest.fixture(scope="module")
def found(run: Hidden) -> ErrorRates:
    return error_rates(run.tables, run.coding, target=TARGET, label="support")


def test_sensitivity_and_specificity_cover_the_rates_of_each_outlet(found: ErrorRates) -> None:
    for estimate, true in zip(found.estimates, (0.95, 0.5, 1.0, 1.0), strict=True):
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low <= true <= estimate.high
    assert [each.metric.partition("(")[0] for each in found.estimates] == ["sensitivity"] * 2 + ["specificity"] * 2
    assert found.estimates[0].group == {"outlet": "a"}


def test_the_test_tells_the_rate_that_differs_from_the_one_that_does_not(found: ErrorRates) -> None:
    sensitivity, specificity = found.tests
    assert sensitivity.p < 0.001
    assert specificity.p > 0.5


def test_the_rates_count_the_statements_that_coders_gave_the_label(run: Hidden, found: ErrorRates) -> None:
    coded = run.coding.codes.filter(pl.col("label") == "support").height
    assert sum(each.statements for each in found.estimates[:2]) == coded
    assert sum(each.statements for each in found.estimates) == run.coding.codes.height


def test_an_abstention_misses_the_label(run: Hidden) -> None:
    silent = {**run.tables, "stances": run.tables["stances"].with_columns(abstained=pl.lit(True))}
    rates = error_rates(silent, run.coding, target=TARGET, label="support", by=()).estimates
    assert [each.value for each in rates] == [0.0, 1.0]


def test_a_label_that_coders_never_gave_has_no_sensitivity(run: Hidden) -> None:
    rates = error_rates(run.tables, run.coding, target=TARGET, label="unrelated")
    assert rates.estimates[0].value is None
    assert "no coded statement" in (rates.estimates[0].note or "")
    assert rates.tests[0].groups == 0


@pytest.mark.parametrize("metric", [NetStance(TARGET), StanceShare(TARGET, by_speaker=False)])
def test_the_second_opinion_agrees_with_the_first_but_is_no_narrower(
    run: Hidden, metric: NetStance | StanceShare
) -> None:
    first = {tuple(each.group.items()): each for each in corrected(run.tables, [metric], run.coding)}
    second = {tuple(each.group.items()): each for each in second_opinion(run.tables, [metric], run.coding)}
    assert first.keys() == second.keys()
    for group, one in first.items():
        other = second[group]
        assert (one.metric, one.articles, one.statements) == (other.metric, other.articles, other.statements)
        assert other.correction == "Rogan–Gladen, 60 coded articles"
        ends = [one.low, one.high, other.low, other.high]
        low, high, least, most = (end if end is not None else float("nan") for end in ends)
        assert max(low, least) <= min(high, most)
        assert (most - least) > 0.8 * (high - low)


def test_the_second_opinion_covers_the_truth(run: Hidden) -> None:
    for estimate in second_opinion(run.tables, [NetStance(TARGET)], run.coding):
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low < TRUE_NET < estimate.high


def test_errors_that_leave_nothing_to_invert_give_an_empty_estimate(run: Hidden) -> None:
    turned = pl.when(pl.col("label") == "support").then(pl.lit("neutral")).otherwise("label")
    blind = {**run.tables, "stances": run.tables["stances"].with_columns(label=turned)}
    shares = second_opinion(blind, [StanceShare(TARGET, by_speaker=False)], run.coding, by=())
    support = next(each for each in shares if each.group["label"] == "support")
    assert (support.value, support.note) == (None, "the errors leave nothing to invert")


def test_a_group_without_coded_articles_has_no_second_opinion(run: Hidden) -> None:
    sample = run.coding.sample.filter(pl.col("article_id").str.starts_with("a"))
    mine = run.tables["statements"].filter(pl.col("article_id").str.starts_with("a"))
    coding = Coding(run.coding.codes.join(mine, on="statement_id", how="semi"), sample)
    estimate = second_opinion(run.tables, [NetStance(TARGET)], coding)[1]
    assert (estimate.value, estimate.note) == (None, "no article of the group was coded")
