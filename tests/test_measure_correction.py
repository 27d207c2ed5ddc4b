"""Corrected estimates: what they find that the classifier hid, and what they refuse."""

from __future__ import annotations

import re

import polars as pl
import pytest
from coded import TARGET, Hidden, hidden

from framing.errors import ConfigError, CorpusError, FramingError
from framing.measure import Bootstrap, measure, parse
from framing.measure.correction import Coding, corrected, differences
from framing.types import Estimate

NET = [parse(f"net_stance(target={TARGET})")]
SHARES = [parse(f"stance_share(target={TARGET},by_speaker=false)")]
TRUE_NET = 0.4 - 0.6


@pytest.fixture(scope="module")
def run() -> Hidden:
    return hidden({"a": 0.05, "b": 0.5}, seed=3)


def resampled(coding: Coding, **columns: pl.Expr) -> Coding:
    return Coding(coding.codes, coding.sample.with_columns(**columns))


def test_the_corrected_net_stance_covers_the_truth_that_the_classifier_misses(run: Hidden) -> None:
    plain = {each.group["outlet"]: each for each in measure(run.tables, NET, interval=Bootstrap(resamples=200))}
    found = {each.group["outlet"]: each for each in corrected(run.tables, NET, run.coding)}
    assert plain["b"].high is not None
    assert plain["b"].high < TRUE_NET
    for estimate in found.values():
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low < TRUE_NET < estimate.high


def test_a_corrected_estimate_names_estimator_correction_and_counts(run: Hidden) -> None:
    estimate = corrected(run.tables, NET, run.coding)[1]
    assert estimate.metric == str(NET[0])
    assert estimate.estimator == "prediction-powered ratio, article-clustered 95%"
    assert estimate.correction.startswith("PPI++, 60 coded articles, lambda ")
    assert (estimate.articles, estimate.statements) == (300, 1200)


def test_the_difference_between_outlets_that_only_the_errors_made_goes_away(run: Hidden) -> None:
    (difference,) = differences(run.tables, NET, run.coding)
    assert difference.group == {"outlet": "a", "against": "b", "over": "all articles"}
    assert difference.low is not None
    assert difference.high is not None
    assert difference.low < 0 < difference.high
    assert difference.p_value is not None
    assert difference.p_value > 0.05


def test_a_difference_that_is_there_is_found() -> None:
    one, other = (hidden({name: 0.3}, seed=9, support=support) for name, support in (("a", 0.2), ("b", 0.8)))
    renamed = {
        name: table.with_columns(pl.col("^statement_id$").str.replace("s", "t")) for name, table in other.tables.items()
    }
    tables = {name: pl.concat([table, renamed[name]]).unique(maintain_order=True) for name, table in one.tables.items()}
    codes = pl.concat([one.coding.codes, other.coding.codes.with_columns(pl.col("statement_id").str.replace("s", "t"))])
    (difference,) = differences(tables, NET, Coding(codes, pl.concat([one.coding.sample, other.coding.sample])))
    assert difference.value == pytest.approx((0.2 - 0.8) - (0.8 - 0.2), abs=0.25)
    assert difference.p_value is not None
    assert difference.p_value < 0.001


def test_corrected_shares_of_all_labels_sum_to_about_one(run: Hidden) -> None:
    shares = corrected(run.tables, SHARES, run.coding, by=())
    assert {each.group["label"] for each in shares} == {"support", "oppose", "neutral"}
    assert sum(each.value or 0 for each in shares) == pytest.approx(1, abs=0.01)


def test_a_label_that_nobody_gave_has_an_interval_by_the_rule_of_three(run: Hidden) -> None:
    neutral = next(each for each in corrected(run.tables, SHARES, run.coding) if each.group["label"] == "neutral")
    assert neutral.value == 0
    assert neutral.high == pytest.approx(1 - 0.05 ** (1 / 60))
    assert "rule of three" in neutral.estimator


def test_the_order_of_all_rows_changes_nothing(run: Hidden) -> None:
    shuffled = {name: table.sample(fraction=1, shuffle=True, seed=1) for name, table in run.tables.items()}
    coding = Coding(*(table.sample(fraction=1, shuffle=True, seed=2) for table in run.coding))
    for one, other in zip(corrected(run.tables, NET, run.coding), corrected(shuffled, NET, coding), strict=True):
        assert one.group == other.group
        assert [one.value, one.low] == pytest.approx([other.value, other.low])


def test_a_group_without_coded_articles_is_empty_and_says_so(run: Hidden) -> None:
    statements, sample = run.tables["statements"], run.coding.sample.filter(pl.col("article_id").str.starts_with("a"))
    mine = statements.filter(pl.col("article_id").str.starts_with("a"))
    codes = run.coding.codes.join(mine, on="statement_id", how="semi")
    estimate = corrected(run.tables, NET, Coding(codes, sample))[1]
    assert (estimate.value, estimate.note) == (None, "no article of the group was coded")


def test_a_cell_with_too_few_statements_for_its_metric_is_suppressed(run: Hidden) -> None:
    rare = [parse(f"stance_share(target={TARGET},by_speaker=false,min_cell=2000)")]
    assert {each.note for each in corrected(run.tables, rare, run.coding)} == {"suppressed: too few statements"}


def test_few_coded_articles_are_said_to_be_few() -> None:
    small = hidden({"a": 0.2}, seed=5, drawn=8)
    (estimate,) = corrected(small.tables, NET, small.coding)
    assert "rests on few articles (5 coded that add to it)" in (estimate.note or "")


def test_a_label_that_few_coded_articles_have_rests_on_few_articles() -> None:
    rare = hidden({"a": 0.0}, seed=6, support=0.03)
    shares = {each.group["label"]: each for each in corrected(rare.tables, SHARES, rare.coding)}
    assert "rests on few articles" in (shares["support"].note or "")
    assert "rests on few articles" not in (shares["oppose"].note or "")


@pytest.mark.parametrize("value", [0.0, -0.1, 1.01, None, float("nan")])
def test_a_probability_that_cannot_be_one_is_refused(run: Hidden, value: float | None) -> None:
    first = run.coding.sample["article_id"][0]
    wrong = pl.when(pl.col("article_id") == first).then(pl.lit(value, pl.Float64)).otherwise("inclusion_probability")
    with pytest.raises(
        CorpusError, match=rf"sample row 1 \(article '{first}'\).*above 0 and at most 1.*framing sample"
    ):
        corrected(run.tables, NET, resampled(run.coding, inclusion_probability=wrong))


def test_a_sample_without_probabilities_is_refused_with_the_way_out(run: Hidden) -> None:
    bare = Coding(run.coding.codes, run.coding.sample.drop("inclusion_probability"))
    with pytest.raises(CorpusError, match=r"no column 'inclusion_probability'.*framing sample"):
        corrected(run.tables, NET, bare)


def test_articles_that_were_simply_there_to_be_coded_are_no_sample(run: Hidden) -> None:
    certain = resampled(run.coding, inclusion_probability=pl.lit(1.0))
    with pytest.raises(CorpusError, match=r"60 articles of a .* stand for 60 articles, but the run has 300"):
        corrected(run.tables, NET, certain)


def test_groups_across_the_strata_of_the_sample_may_have_few_coded_articles(run: Hidden) -> None:
    numbers = pl.col("article_id").str.slice(1).cast(pl.Int64)
    languages = run.tables["articles"].with_columns(language=(numbers // 10).cast(pl.String))
    made = corrected({**run.tables, "articles": languages}, NET, run.coding, by=("language",))
    assert len(made) == 30
    assert sum(each.value is not None for each in made) > 25


def test_codes_from_outside_the_sample_are_refused(run: Hidden) -> None:
    with pytest.raises(CorpusError, match=r"not in the sample.*labels gathered otherwise"):
        corrected(run.tables, NET, Coding(run.coding.codes, run.coding.sample[1:]))


def test_sampled_statements_without_a_code_are_refused(run: Hidden) -> None:
    with pytest.raises(CorpusError, match=r"1 of 480 statements of sampled articles are not coded"):
        corrected(run.tables, NET, Coding(run.coding.codes[1:], run.coding.sample))


def test_codes_that_do_not_say_which_of_two_targets_they_are_toward_are_refused(run: Hidden) -> None:
    other = run.tables["stances"].with_columns(target=pl.lit("nato"))
    two = {**run.tables, "stances": pl.concat([run.tables["stances"], other])}
    with pytest.raises(CorpusError, match="no column 'target', but the run has nato, open_door"):
        corrected(two, NET, run.coding)
    named = Coding(run.coding.codes.with_columns(target=pl.lit(TARGET)), run.coding.sample)
    assert corrected(two, NET, named) == corrected(run.tables, NET, run.coding)


MISTAKES = {
    "listed twice": lambda c: Coding(c.codes, pl.concat([c.sample, c.sample[:1]])),
    "not in the run": lambda c: resampled(c, article_id=pl.col("article_id") + "x"),
    "coded twice": lambda c: Coding(pl.concat([c.codes, c.codes[:1]]), c.sample),
    "were not asked": lambda c: Coding(c.codes.with_columns(pl.col("statement_id") + "x"), c.sample),
    "did you mean 'support'": lambda c: Coding(c.codes.with_columns(label=pl.lit("suport")), c.sample),
    "no column 'label'": lambda c: Coding(c.codes.drop("label"), c.sample),
    "no article was drawn": lambda c: Coding(c.codes, c.sample.clear()),
}


@pytest.mark.parametrize("message", MISTAKES)
def test_mistakes_in_codes_and_samples_are_named(run: Hidden, message: str) -> None:
    with pytest.raises(FramingError, match=message):
        corrected(run.tables, NET, MISTAKES[message](run.coding))


@pytest.mark.parametrize("name", ["source_share", f"abstention_rate(target={TARGET})"])
def test_metrics_that_codes_of_stances_cannot_correct_are_refused(run: Hidden, name: str) -> None:
    with pytest.raises(ConfigError, match="correct"):
        corrected(run.tables, [parse(name)], run.coding)


def test_a_grouping_of_statements_is_refused(run: Hidden) -> None:
    with pytest.raises(ConfigError, match="articles are sampled"):
        corrected(run.tables, NET, run.coding, by=("quote_type",))


def spoken(run: Hidden, every: int) -> dict[str, pl.DataFrame]:
    """Let one article in every few be told by kim, and the others by lee."""
    number = pl.col("article_id").str.slice(1).cast(pl.Int64)
    name = pl.when(number % every == 0).then(pl.lit("kim")).otherwise(pl.lit("lee"))
    speakers = pl.DataFrame({"speaker_id": ["kim", "lee"], "kind": ["person", "person"]})
    return {**run.tables, "statements": run.tables["statements"].with_columns(speaker_id=name), "speakers": speakers}


def test_a_speaker_in_enough_coded_articles_is_corrected_by_outlet(run: Hidden) -> None:
    found = corrected(spoken(run, 2), [parse(f"stance_share(target={TARGET})")], run.coding)
    assert {each.group["speaker"] for each in found} == {"kim", "lee"}
    support = [each for each in found if each.group["label"] == "support"]
    assert len(support) == 4
    for estimate in support:
        assert estimate.low is not None
        assert estimate.low < 0.4 < (estimate.high or 0)
        assert estimate.statements == 600
    together = {(each.group["outlet"], each.group["label"]): each for each in corrected(run.tables, SHARES, run.coding)}
    for estimate in support:  # half of the statements say less than all
        assert width(estimate) > width(together[estimate.group["outlet"], "support"])


def width(estimate: Estimate) -> float:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.high - estimate.low


def test_a_speaker_in_too_few_coded_articles_is_refused_with_the_reason(run: Hidden) -> None:
    metric = [parse(f"stance_share(target={TARGET})")]
    found = [each for each in corrected(spoken(run, 5), metric, run.coding) if each.group["speaker"] == "kim"]
    assert found
    for estimate in found:
        assert (estimate.value, estimate.low) == (None, None)
        assert re.fullmatch(
            r"not corrected: on target in \d+ coded articles, of a speaker 20 or more are needed", estimate.note or ""
        )
    over = [each for each in corrected(spoken(run, 5), metric, run.coding, by=()) if each.group["speaker"] == "kim"]
    assert all(each.value is not None for each in over)  # in both outlets together there are enough
    assert {each.group["speaker"] for each in corrected(spoken(run, 30), metric, run.coding)} == {"lee"}


def test_speakers_whom_the_run_counts_together_are_not_corrected_one_by_one(run: Hidden) -> None:
    pooled = [parse(f"stance_share(target={TARGET},min_statements=1000)")]
    assert {each.group["speaker"] for each in corrected(spoken(run, 3), pooled, run.coding)} == {"lee"}


def test_the_difference_of_one_speaker_between_outlets_is_corrected(run: Hidden) -> None:
    found = differences(spoken(run, 2), [parse(f"stance_share(target={TARGET})")], run.coding)
    support = [each for each in found if each.group["label"] == "support"]
    assert {each.group["speaker"] for each in support} == {"kim", "lee"}
    assert all(each.low is not None and each.low < 0 < (each.high or 0) for each in support)
