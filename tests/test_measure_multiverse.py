"""Other weights, other units and other choices: each does what it says, and what changes nothing counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from coded import Hidden, hidden
from measured import NET, QUICK, estimate, lean, outlets_of, tables

from framing.errors import ConfigError, CorpusError
from framing.measure import measure, parse
from framing.measure.choices import Choices, Window, effective, specifications
from framing.measure.correction import corrected
from framing.measure.multiverse import MAIN, Coded, multiverse
from framing.measure.reweighed import Reweighed, is_sum
from framing.types import Label

LABELS = [label.value for label in Label]
ONE = Choices((0.0,), (None,), ("statement",), ("statement",), ("keep",), (Window("all"),))
SAID = [
    ("a1", "lee", "support"),
    ("a1", "lee", "oppose"),
    ("a1", "kim", "support"),
    ("a2", "lee", "oppose"),
    ("a2", "lee", "unrelated"),
    ("b1", None, "neutral"),
]
WORDS = [1, 2, 3, 6, 50, 4]


def small() -> Any:
    made = tables(SAID, {"a1": "Ledger", "a2": "Ledger", "b1": "Herald"})
    content = pl.Series([" ".join(["word"] * count) for count in WORDS])
    return {**made, "statements": made["statements"].with_columns(content=content)}


def value(made: Any, weight: Any, unit: Any) -> float | None:
    return estimate(measure(made, [Reweighed(NET[0], weight, unit)], by=(), interval=QUICK)).value


def test_with_the_units_of_the_metric_nothing_changes() -> None:
    made = small()
    assert measure(made, [Reweighed(NET[0])], interval=QUICK) == measure(made, NET, interval=QUICK)


def test_statements_weigh_as_their_words_do() -> None:
    assert value(small(), "word", "statement") == pytest.approx((1 - 2 + 3 - 6) / (1 + 2 + 3 + 6 + 4))


def test_articles_weigh_the_same_whatever_they_hold() -> None:
    assert value(small(), "statement", "article") == pytest.approx(np.mean([1 / 3, -1, 0]))
    assert value(small(), "word", "article") == pytest.approx(np.mean([(1 - 2 + 3) / 6, -1, 0]))


def test_the_voices_of_an_article_weigh_the_same() -> None:
    assert value(small(), "statement", "speaker") == pytest.approx(np.mean([0, 1, -1, 0]))


@pytest.mark.parametrize("unit", ["statement", "speaker", "article"])
def test_the_order_of_the_rows_does_not_matter(unit: Any) -> None:
    said = lean("p", 12, seed=3)
    made = tables(said, outlets_of(said))
    shuffled = {name: table.sample(fraction=1.0, shuffle=True, seed=5) for name, table in made.items()}
    metric = [Reweighed(NET[0], "word", unit)]
    assert measure(shuffled, metric, interval=QUICK) == measure(made, metric, interval=QUICK)


def test_other_units_state_no_design_effect_since_none_is_known() -> None:
    said = lean("p", 12, seed=3)
    found = measure(tables(said, outlets_of(said)), [Reweighed(NET[0], unit="article")], by=(), interval=QUICK)[0]
    assert found.design_effect is None
    assert found.low is not None
    assert found.articles == 12


def test_a_metric_that_looks_at_whole_articles_is_no_sum_over_statements() -> None:
    made = small()
    assert is_sum(NET[0], made)
    assert not is_sum(parse("source_share(weight=article)"), made)
    with pytest.raises(ConfigError, match=r"source_share has no single value that is a sum over statements"):
        multiverse(made, [parse("source_share")], ONE)


def full(n_articles: int = 16) -> Any:
    """Make a run with confidences, probabilities and dates; every fourth stance was abstained from."""
    said = lean("p", n_articles, seed=1) + lean("q", n_articles, seed=2)
    dates: dict[str, date | None] = {article: date(2024, 1, 1 + int(article[1:])) for article, _, _ in said}
    made = tables(said, outlets_of(said), dates)
    number = pl.int_range(pl.len())
    certain = pl.when(number % 4 == 0).then(0.4).otherwise(0.9)
    probabilities = {
        f"p_{label}": pl.when(pl.col("label") == label).then(certain).otherwise((1 - certain) / 3) for label in LABELS
    }
    made["stances"] = made["stances"].with_columns(abstained=number % 4 == 0, **probabilities)
    made["statements"] = made["statements"].with_columns(confidence=pl.when(number % 3 == 0).then(0.6).otherwise(1.0))
    return made


def left(made: Any, **choice: Any) -> Any:
    choices = Choices(**{**{name: getattr(ONE, name) for name in ONE.__dataclass_fields__}, **choice})
    return next(iter(specifications(choices, made)))[0]


def test_the_least_confidence_leaves_out_statements_and_their_stances() -> None:
    kept = left(full(), confidence=(0.8,))
    assert set(kept["statements"]["confidence"]) == {1.0}
    assert kept["stances"]["statement_id"].to_list() == kept["statements"]["statement_id"].to_list()


def test_the_least_probability_takes_the_place_of_the_abstentions_of_the_run() -> None:
    made = full()
    assert left(made, abstention=(0.0,))["stances"]["abstained"].sum() == 0
    assert left(made, abstention=(0.95,))["stances"]["abstained"].all()
    assert left(made)["stances"].equals(made["stances"])


def test_the_halves_part_the_articles_at_the_median_day() -> None:
    made = full()
    first, second = (left(made, window=(Window(name),))["articles"] for name in ("first_half", "second_half"))
    assert (first.height, second.height) == (16, 16)
    assert first["published"].max() < second["published"].min()
    named = left(made, window=(Window("middle", date(2024, 1, 3), date(2024, 1, 4)),))
    assert sorted(named["articles"]["article_id"]) == ["p02", "p03", "q02", "q03"]
    assert set(named["statements"]["article_id"]) <= {"p02", "p03", "q02", "q03"}


def test_choices_that_change_nothing_are_left_out_and_told() -> None:
    made = full()
    varied, notes = effective(Choices(confidence=(0.0, 0.5, 0.8)), made)
    assert varied.confidence == (0.0, 0.8)
    assert varied.wire == ("keep",)
    assert "confidence 0.5 leaves the same data as 0.0 and is left out" in notes
    assert "wire drop leaves the same data as keep and is left out" in notes
    undated = {**made, "articles": made["articles"].with_columns(published=pl.lit(None, pl.Date))}
    assert effective(Choices(), undated)[0].window == (Window("all"),)


def test_every_estimand_has_a_row_in_every_specification() -> None:
    made = full()
    found = multiverse(made, NET, Choices(window=(Window("all"),)), interval=QUICK)
    assert len(found.choices) == 2 * 2 * 2 * 2  # a least probability of 0.6 gives the abstentions of the run
    assert found.table.height == 16 * 2  # over everything, and p minus q
    assert found.table.filter(MAIN).height == 2
    plain = measure(made, NET, by=(), interval=QUICK)[0]
    main = found.table.filter(pl.col(MAIN) & pl.col("group").is_null()).row(0, named=True)
    assert (main["value"], main["low"], main["high"]) == (plain.value, plain.low, plain.high)
    apart = [estimate(measure(made, NET, interval=QUICK), outlet=name).value or 0.0 for name in "pq"]
    main = found.table.filter(pl.col(MAIN) & (pl.col("group") == "p")).row(0, named=True)
    assert main["value"] == pytest.approx(apart[0] - apart[1])


def test_a_specification_that_leaves_nothing_keeps_an_empty_row() -> None:
    late = Window("late", date(2025, 1, 1), None)
    choices = Choices((0.0,), (None,), ("statement",), ("statement",), ("keep",), (Window("all"), late))
    found = multiverse(full(), NET, choices, baseline="q", interval=QUICK).table
    empty = found.filter(pl.col("window") == "late")
    assert empty.height == 2
    assert empty["value"].null_count() == 2
    assert all(empty["note"].str.contains("nothing"))


def test_a_baseline_that_no_group_has_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"compare\.baseline: no outlet is called 'pp'; did you mean 'p'"):
        multiverse(full(), NET, ONE, baseline="pp")


def chosen(table: pl.DataFrame, **values: str | None) -> pl.DataFrame:
    return table.filter(pl.col(name).eq_missing(pl.lit(value)) for name, value in values.items())


def with_confidence(run: Hidden) -> Any:
    confidence = pl.Series([0.9, 0.2, 0.9] * (run.tables["statements"].height // 3))
    return {**run.tables, "statements": run.tables["statements"].with_columns(confidence=confidence)}


def test_hand_codes_correct_every_specification_they_can() -> None:
    run = hidden({"a": 0.05, "b": 0.6}, seed=3)
    made, choices = with_confidence(run), replace(ONE, confidence=(0.0, 0.5), unit=("statement", "article"))
    rate = parse("abstention_rate(target=open_door)")
    table = multiverse(made, [*NET, rate], choices, coded=Coded(run.coding, "open_door"), interval=QUICK).table
    right = table.filter(pl.col("corrected") == "PPI++")
    assert set(right["metric"]) == {str(NET[0])}
    assert right.height == 4 * 2  # over everything and one difference, under two by two choices
    main = chosen(right.filter("main"), group=None).row(0, named=True)
    alone = corrected(run.tables, NET, run.coding, by=())[0]
    assert (main["value"], main["low"], main["correction"]) == (alone.value, alone.low, alone.correction)
    between = chosen(right, group="a")
    assert between.filter((pl.col("low") < 0) & (pl.col("high") > 0)).height == 4
    assert chosen(table, group="a", corrected=None).filter(pl.col("metric") == str(NET[0]))["low"].min() > 0  # type: ignore[operator]
    assert set(chosen(right, group=None, confidence="0.5")["statements"]) == {1600}


def test_codes_without_a_probability_sample_are_refused() -> None:
    run = hidden({"a": 0.05, "b": 0.6}, seed=3)
    sample = run.coding.sample.with_columns(inclusion_probability=pl.lit(None, pl.Float64))
    coded = Coded(run.coding._replace(sample=sample), "open_door")
    with pytest.raises(CorpusError, match="expected a number above 0"):
        multiverse(with_confidence(run), NET, ONE, coded=coded, interval=QUICK)


def test_a_choice_that_leaves_no_coded_article_has_an_empty_corrected_estimate() -> None:
    run = hidden({"a": 0.05, "b": 0.6}, seed=3)
    days = pl.when(pl.col("article_id").is_in(run.coding.sample["article_id"].to_list())).then(date(2024, 1, 1))
    dated = run.tables["articles"].with_columns(published=days.otherwise(date(2024, 3, 1)))
    late = Window("late", first=date(2024, 2, 1))
    choices = replace(ONE, window=(Window("all"), late))
    made = {**with_confidence(run), "articles": dated}
    table = multiverse(made, NET, choices, coded=Coded(run.coding, "open_door"), interval=QUICK).table
    row = chosen(table, window="late", corrected="PPI++", group=None).row(0, named=True)
    assert (row["value"], row["note"]) == (None, "no article of the group was coded")
    assert chosen(table, window="late", corrected=None, group=None)["value"].item() is not None
