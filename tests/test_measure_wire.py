"""The same metrics with copies kept, dropped and weighted, on runs small enough to count by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured import NET, QUICK, SHARE, Said, estimate, lean, outlets_of, tables

from framing.measure import Compare, measure, parse
from framing.measure.wire import ALL_COPIED, beside, compare_under, measure_under, under

SAID: list[Said] = [
    ("l1", "lee", "support"),
    ("l1", "kim", "support"),
    ("l2", "lee", "oppose"),
    ("h1", "lee", "support"),
    ("h1", "kim", "support"),
    ("h2", "kim", "oppose"),
    ("g1", "lee", "support"),
    ("g1", "kim", "support"),
]
OUTLETS = {"l1": "Ledger", "l2": "Ledger", "h1": "Herald", "h2": "Herald", "g1": "Gazette"}


def ledger(*clusters: Sequence[str]) -> pl.DataFrame:
    """List clusters of articles; the first of each is kept."""
    rows = [(one, len(cluster), one == cluster[0]) for cluster in clusters for one in cluster]
    schema = {"article_id": pl.String, "articles": pl.Int64, "kept": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def run(*clusters: Sequence[str]) -> Any:
    return {**tables(SAID, OUTLETS), "wire": ledger(*clusters)}


def test_kept_copies_leave_every_estimate_as_it_is() -> None:
    found = run(["l1", "h1", "g1"])
    assert measure_under("keep", found, NET, by=("outlet",), interval=QUICK) == measure(
        tables(SAID, OUTLETS), NET, by=("outlet",), interval=QUICK
    )


def test_dropped_copies_are_not_counted_and_the_estimate_says_so() -> None:
    found = measure_under("drop", run(["l1", "h1", "g1"]), NET, by=("outlet",), interval=QUICK)
    one, herald = (estimate(found, outlet=outlet) for outlet in ("Ledger", "Herald"))
    assert one.value == pytest.approx(1 / 3)
    assert (one.articles, one.statements) == (2, 3)
    assert (herald.value, herald.articles, herald.statements) == (-1.0, 1, 1)
    assert {each.wire_policy for each in found} == {"drop"}


def test_an_outlet_that_prints_nothing_but_copies_has_an_empty_estimate_that_says_why() -> None:
    gazette = estimate(measure_under("drop", run(["l1", "g1"]), NET, by=("outlet",), interval=QUICK), outlet="Gazette")
    assert (gazette.value, gazette.low, gazette.articles, gazette.note) == (None, None, 0, ALL_COPIED)


def test_dropping_equals_measuring_a_corpus_without_the_copies() -> None:
    own = {article: outlet for article, outlet in OUTLETS.items() if article not in ("h1", "g1")}
    apart = tables([row for row in SAID if row[0] in own], own)
    dropped = measure_under("drop", run(["l1", "h1", "g1"]), [*NET, *SHARE], by=(), interval=QUICK)
    assert [(each.value, each.low, each.high) for each in dropped] == [
        (each.value, each.low, each.high) for each in measure(apart, [*NET, *SHARE], by=(), interval=QUICK)
    ]


def test_each_of_three_weighted_copies_counts_a_third() -> None:
    found = measure_under("weight", run(["l1", "h1", "g1"]), NET, by=(), interval=QUICK)[0]
    assert found.value == pytest.approx((2 - 2) / 4)  # the copied text once, and two statements against it
    assert (found.articles, found.statements, found.wire_policy) == (5, 8, "weight")


def test_weights_reach_shares_by_article_and_prevalence() -> None:
    asked = [parse("source_share(weight=article)"), parse("source_share(weight=prevalence)")]
    found = measure_under("weight", run(["l1", "h1", "g1"]), asked, by=(), interval=QUICK)
    by_article, prevalence = (
        next(each.value for each in found if each.metric == str(metric) and each.group == {"speaker": "kim"})
        for metric in asked
    )
    assert by_article == pytest.approx((3 * 0.5 / 3 + 1) / 3)
    assert prevalence == pytest.approx(2 / 3)


def test_a_weight_of_one_for_all_changes_nothing() -> None:
    weighted = measure_under("weight", run(), [*NET, *SHARE], by=("outlet",), interval=QUICK)
    plain = measure(tables(SAID, OUTLETS), [*NET, *SHARE], by=("outlet",), interval=QUICK)
    assert [(each.value, each.low, each.high, each.design_effect) for each in weighted] == [
        (each.value, each.low, each.high, each.design_effect) for each in plain
    ]


def test_articles_that_are_all_alike_have_a_wider_interval_when_they_weigh_less() -> None:
    said: list[Said] = [(f"l{number}", "lee", "support") for number in range(6)]
    of = {article: article[0] for article, _, _ in said}
    found: Any = {**tables(said, of), "wire": ledger(["l0", "x"], ["l1", "y"], ["l2", "z"])}
    light, full = (measure_under(policy, found, NET, by=(), interval=QUICK)[0] for policy in ("weight", "keep"))
    assert light.low is not None
    assert full.low is not None
    assert light.low < full.low < 1.0


def test_a_metric_that_cannot_be_weighted_says_so_and_can_be_measured_without_copies() -> None:
    found = run(["l1", "h1"])
    asked = [parse("source_diversity")]
    weighted = measure_under("weight", found, asked, by=(), interval=QUICK)
    assert [each.value for each in weighted] == [None]
    assert "drop them instead" in (weighted[0].note or "")
    dropped = measure_under("drop", found, asked, by=(), interval=QUICK)
    assert dropped[0].statements == 6
    assert dropped[0].note == "suppressed: fewer than 20 statements"


def test_differences_are_made_of_what_the_policy_leaves() -> None:
    found = run(["l1", "h1", "g1"])
    made = compare_under("drop", found, Compare(permutations=0), [NET], interval=QUICK)
    pair = {"outlet": "Herald", "against": "Ledger", "over": "all articles"}
    assert estimate(made, **pair).value == pytest.approx(-1 - 1 / 3)
    assert {each.wire_policy for each in made} == {"drop"}
    gone = estimate(made, outlet="Gazette", against="Herald", over="all articles")
    assert gone.value is None
    assert gone.note == f"{ALL_COPIED} (Gazette)"
    assert len(made) == 3


def test_a_baseline_without_an_article_of_its_own_gives_empty_differences() -> None:
    made = compare_under("drop", run(["l1", "g1"]), Compare(baseline="Gazette"), [NET], interval=QUICK)
    assert [(each.group["outlet"], each.value) for each in made] == [("Herald", None), ("Ledger", None)]


def test_estimates_beside_the_main_ones_have_their_policy_in_the_group() -> None:
    made = beside(measure_under("drop", run(["l1", "h1"]), NET, by=("outlet",), interval=QUICK))
    assert {each.group["wire"] for each in made} == {"drop"}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_copying_an_article_into_other_outlets_changes_no_estimate_over_everything_by_value(seed: int) -> None:
    said = lean("a", 8, seed=seed)
    copied = [(f"b{article[1:]}", speaker, label) for article, speaker, label in said]
    one, both = tables(said, outlets_of(said)), tables([*said, *copied], outlets_of([*said, *copied]))
    both["wire"] = ledger(*([f"a{n:02}", f"b{n:02}"] for n in range(8)))
    expected = measure(one, NET, by=(), interval=QUICK)[0]
    dropped, weighted = (measure_under(policy, both, NET, by=(), interval=QUICK)[0] for policy in ("drop", "weight"))
    assert weighted.value == pytest.approx(expected.value)
    assert (dropped.value, dropped.low, dropped.high) == (expected.value, expected.low, expected.high)


def test_dropping_takes_the_statements_and_stances_of_a_copy_with_it() -> None:
    left = under(run(["l1", "h1"]), "drop")
    assert "h1" not in left["articles"]["article_id"]
    assert "h1" not in left["statements"]["article_id"]
    assert set(left["stances"]["statement_id"]) == set(left["statements"]["statement_id"])
    assert np.isclose(left["stances"].height, 6)
