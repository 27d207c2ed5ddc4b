"""Corrected estimates with copies kept, dropped and weighted, on runs small enough to count by hand."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from coded import TARGET, Hidden, hidden
from measured import NET, QUICK, Said, estimate, tables

from framing.errors import CorpusError
from framing.measure import Compare, measure, parse
from framing.measure.classifier_error import judged
from framing.measure.correction import Coding
from framing.measure.wire import (
    ALL_COPIED,
    CORRECTED,
    NONE_CODED,
    compare_corrected_under,
    correct_under,
    measure_under,
)

# Coders see support wherever the classifier sees neutral.
SAID: list[Said] = [
    ("l1", "lee", "support"),
    ("l1", "kim", "neutral"),
    ("l2", "lee", "oppose"),
    ("h1", "lee", "support"),
    ("h1", "kim", "neutral"),
    ("h2", "kim", "oppose"),
    ("h3", "kim", "oppose"),
]
OUTLETS = {"l1": "Ledger", "l2": "Ledger", "h1": "Herald", "h2": "Herald", "h3": "Herald"}
METRICS = [*NET, parse(f"stance_share(target={TARGET},by_speaker=false)")]


def run(*cluster: str) -> Any:
    rows = [(one, len(cluster), one == cluster[0]) for one in cluster]
    schema = {"article_id": pl.String, "articles": pl.Int64, "kept": pl.Boolean}
    return {**tables(SAID, OUTLETS), "wire": pl.DataFrame(rows, schema=schema, orient="row")}


def all_coded(found: Any) -> Coding:
    label = pl.when(pl.col("label") == "neutral").then(pl.lit("support")).otherwise("label")
    codes = found["stances"].select("statement_id", label=label)
    return Coding(codes, found["articles"].select("article_id", inclusion_probability=pl.lit(1.0)))


@pytest.fixture(scope="module")
def errant() -> Hidden:
    return hidden({"a": 0.05, "b": 0.5, "c": 0.3}, seed=3)


@pytest.mark.parametrize(
    ("policy", "ledger", "herald"), [("keep", 1 / 3, 0.0), ("drop", 1 / 3, -1.0), ("weight", 0.0, -1 / 3)]
)
def test_what_coders_saw_counts_as_the_policy_says(policy: Any, ledger: float, herald: float) -> None:
    found = run("l1", "h1")
    made = correct_under(policy, found, NET, all_coded(found), by=("outlet",))
    values = {each.group["outlet"]: each for each in made if each.group[CORRECTED] == "PPI++"}
    assert values["Ledger"].value == pytest.approx(ledger)
    assert values["Herald"].value == pytest.approx(herald)
    assert {each.wire_policy for each in made} == {policy}


def test_under_weights_a_classifier_that_makes_no_error_is_hardly_corrected(errant: Hidden) -> None:
    """Copies are what supports most, so that weights move the value far more than the sample does."""
    stances = errant.tables["stances"].join(errant.tables["statements"], on="statement_id")
    copied = stances.filter(pl.col("label") == "support").group_by("article_id").len().filter(pl.col("len") > 1)
    wire = copied.select("article_id", articles=pl.lit(10), kept=pl.lit(False))
    right = {**errant.tables, "wire": wire}
    coded = stances.join(errant.coding.sample, on="article_id").select("statement_id", "label")
    made = correct_under("weight", right, NET, Coding(coded, errant.coding.sample), by=("outlet",))
    plain = measure_under("weight", right, NET, by=("outlet",), interval=QUICK)
    bare = measure(right, NET, by=("outlet",), interval=QUICK)
    for each in made:
        weighed, unweighed = (estimate(found, outlet=each.group["outlet"]).value or 0 for found in (plain, bare))
        assert each.value == pytest.approx(weighed, abs=0.05)
        assert unweighed > weighed + 0.1


def test_every_corrected_estimate_names_its_correction(errant: Hidden) -> None:
    made = correct_under("keep", errant.tables, METRICS, errant.coding, by=("outlet",))
    assert {each.group[CORRECTED] for each in made} == {"PPI++", "Rogan–Gladen"}
    assert all(each.correction.startswith(f"{each.group[CORRECTED]}, 60 coded articles") for each in made)


def test_groups_all_dropped_and_samples_all_dropped_are_empty_and_say_why() -> None:
    found = run("h1", "l1", "l2")
    made = correct_under("drop", found, NET, all_coded(found), by=("outlet",))
    assert {(each.group["outlet"], each.note) for each in made if each.value is None} == {("Ledger", ALL_COPIED)}
    coded = all_coded(found)
    only = Coding(coded.codes[:2], pl.DataFrame({"article_id": ["l1"], "inclusion_probability": [0.5]}))
    made = correct_under("drop", found, NET, only, by=("outlet",))
    assert {(each.group["outlet"], each.note) for each in made} == {("Herald", NONE_CODED), ("Ledger", ALL_COPIED)}
    assert {each.correction for each in made} == {"PPI++", "Rogan–Gladen"}
    pairs = compare_corrected_under("drop", found, Compare(), [NET], only)
    assert [(each.value, each.note) for each in pairs] == [(None, f"{ALL_COPIED} (Ledger)")]


def test_a_sample_of_another_run_is_refused_even_where_its_articles_would_be_dropped() -> None:
    found = run("l1", "h1")
    coding = all_coded(found)
    other = Coding(coding.codes, coding.sample.with_columns(pl.col("article_id") + "x"))
    with pytest.raises(CorpusError, match="5 articles are not in the run"):
        correct_under("drop", found, NET, other, by=())


def test_corrected_differences_are_to_the_baseline_and_their_tests_are_corrected_by_family(errant: Hidden) -> None:
    compare = Compare(baseline="b", correction="holm")
    made = compare_corrected_under("keep", errant.tables, compare, [NET], errant.coding)
    assert [(each.group["outlet"], each.group["against"]) for each in made] == [("a", "b"), ("c", "b")]
    smaller, larger = sorted(made, key=lambda each: each.p_value or 0)
    assert smaller.p_adjusted == pytest.approx(min(1, 2 * (smaller.p_value or 0)))
    assert all(each.correction.startswith("PPI++, 60 coded") for each in made)
    assert all(each.correction.endswith("; Holm, 2 comparisons") for each in made)
    every = compare_corrected_under("keep", errant.tables, Compare(correction="none"), [NET], errant.coding)
    assert [(each.group["outlet"], each.group["against"]) for each in every] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert {each.p_adjusted for each in every} == {None}
    mirrored = next(each for each in every if each.group["outlet"] == "b" and each.group["against"] == "c")
    assert larger.value is not None
    assert next(e.value for e in made if e.group["outlet"] == "c") == pytest.approx(-(mirrored.value or 0))


def test_the_errors_of_a_classifier_are_tabled_by_label_and_group_with_corrected_tests(errant: Hidden) -> None:
    rates, tests = judged(errant.tables, errant.coding, target=TARGET, by=("outlet",))
    support = rates.filter((pl.col("metric") == "sensitivity") & (pl.col("label") == "support"))
    by_outlet = dict(support.drop_nulls("outlet").select("outlet", "value").iter_rows())
    assert by_outlet["a"] > 0.85
    assert by_outlet["b"] < 0.65
    assert support["outlet"].null_count() == 1
    tested = tests.filter((pl.col("rate") == "sensitivity") & (pl.col("label") == "support")).row(0, named=True)
    assert tested["p"] < tested["p_adjusted"] < 0.001
    assert tests.filter(pl.col("label") == "neutral", pl.col("rate") == "sensitivity")["p"].to_list() == [None]


def test_what_articles_weigh_leaves_the_errors_of_the_classifier_as_they_are(errant: Hidden) -> None:
    half = errant.tables["articles"].with_columns(weight=pl.lit(0.5))
    weighed = judged({**errant.tables, "articles": half}, errant.coding, target=TARGET)
    assert weighed[0].equals(judged(errant.tables, errant.coding, target=TARGET)[0])
