"""Source diversity, coverage and omission against values worked by hand and a published example."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured import QUICK, Said, estimate, outlets_of, tables

from framing.errors import ConfigError
from framing.measure import Compare, measure, parse
from framing.measure.coverage import Coverage, Omission, wilson
from framing.measure.diversity import SourceDiversity
from framing.measure.hill import coverage, coverage_at, hill_at, hill_at_coverage

SMALL = np.array([2.0, 1.0, 1.0])
# Spiders in two hemlock forests, as in Chao et al. 2014 (data of Ellison et al. 2010).
GIRDLED = np.array([46, 22, 17, 15, 15, 9, 8, 6, 6, 4, *[2] * 4, *[1] * 12], float)
LOGGED = np.array([88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, 4, 4, 4, 3, 3, 3, 3, *[2] * 4, *[1] * 14], float)


def test_coverage_of_a_whole_sample_comes_from_what_was_seen_once_and_twice() -> None:
    # n 4, two seen once, one twice: 1 − 2/4 · 3·2 / (3·2 + 2·1)
    assert coverage(SMALL) == pytest.approx(1 - 0.5 * 6 / 8)
    assert coverage(np.array([3.0, 2.0])) == 1.0


def test_coverage_of_a_part_is_the_chance_that_the_next_one_is_of_a_kind_seen() -> None:
    assert coverage_at(SMALL, 1) == pytest.approx(1 / 6)
    assert coverage_at(SMALL, 2) == pytest.approx(1 - (2 / 4 * 1 / 3 + 2 * 1 / 4))


@pytest.mark.parametrize(("order", "value"), [(0, 11 / 6), (1, 2 ** (5 / 6)), (2, 12 / 7)])
def test_hill_numbers_of_two_of_four_are_worked_by_hand(order: int, value: float) -> None:
    # Of the 6 pairs of 4 statements one has the same speaker twice.
    assert hill_at(SMALL, 2, order) == pytest.approx(value)


@pytest.mark.parametrize(
    ("counts", "covered", "numbers"),
    [(GIRDLED, 0.929, (26.0, 12.060, 7.840)), (LOGGED, 0.945, (37.0, 14.421, 6.761))],
)
def test_whole_samples_have_the_published_coverage_and_hill_numbers(
    counts: Any, covered: float, numbers: Sequence[float]
) -> None:
    assert coverage(counts) == pytest.approx(covered, abs=0.0006)
    for order, value in enumerate(numbers):
        assert hill_at(counts, int(counts.sum()), order) == pytest.approx(value, abs=0.001)


@pytest.mark.parametrize("order", [0, 1, 2])
def test_a_whole_sample_has_the_plain_hill_number_of_its_shares(order: int) -> None:
    shares = GIRDLED / GIRDLED.sum()
    plain = [len(shares), math.exp(-(shares * np.log(shares)).sum()), 1 / (shares**2).sum()][order]
    assert hill_at(GIRDLED, 168, order) == pytest.approx(plain)
    assert hill_at_coverage(GIRDLED, 1.0, order) == pytest.approx(plain)


def test_thinning_to_a_coverage_stays_between_the_sizes_around_it() -> None:
    level = (coverage_at(SMALL, 2) + coverage_at(SMALL, 3)) / 2
    middle = (hill_at(SMALL, 2, 0) + hill_at(SMALL, 3, 0)) / 2
    assert hill_at_coverage(SMALL, level, 0) == pytest.approx(middle)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=2, max_size=12), st.floats(0.05, 0.95))
def test_a_higher_order_or_a_lower_coverage_is_never_more_diverse(counts: list[int], level: float) -> None:
    sample = np.array(counts, float)
    found = [hill_at_coverage(sample, level, order) for order in (0, 1, 2)]
    assert found[0] >= found[1] - 1e-9
    assert found[1] >= found[2] - 1e-9
    assert found[2] >= 1 - 1e-9
    assert hill_at_coverage(sample, level / 2, 0) <= found[0] + 1e-9


def quoting(outlet: str, times: Sequence[int]) -> list[Said]:
    """Make as many statements by each speaker, one an article."""
    speakers = [f"speaker {number}" for number, count in enumerate(times) for _ in range(count)]
    return [(f"{outlet}{number:03}", speaker, "support") for number, speaker in enumerate(speakers)]


def test_outlets_are_compared_at_the_least_coverage_among_them() -> None:
    said = [*quoting("a", [12, 9, 6, 3, 1, 1]), *quoting("b", [5, 4, 3, 2, 2, 1, 1, 1, 1])]
    found = measure(tables(said, outlets_of(said)), [SourceDiversity(order=0)], interval=QUICK)
    level = coverage(np.array([5, 4, 3, 2, 2, 1, 1, 1, 1], float))
    more, fewer = estimate(found, outlet="b"), estimate(found, outlet="a")
    assert more.value == pytest.approx(9)
    assert fewer.value == pytest.approx(hill_at_coverage(np.array([12, 9, 6, 3, 1, 1], float), level, 0))
    assert (fewer.articles, fewer.statements) == (32, 32)
    assert fewer.estimator == f"Hill number at coverage {level:.2f}, article jackknife (log scale) 95%"
    for each in found:
        assert each.low is not None
        assert each.high is not None
        assert each.value is not None
        assert 1 <= each.low < each.value < each.high


def test_the_interval_of_diversity_is_that_of_the_jackknife_over_articles() -> None:
    # 25 articles of one statement each: without one by the first speaker 14, 10; by the second 15, 9
    said = quoting("a", [15, 10])
    found = measure(tables(said, outlets_of(said)), [SourceDiversity(order=2)], interval=QUICK)[0]
    whole, first, second = (1 / ((a / (a + b)) ** 2 + (b / (a + b)) ** 2) for a, b in ((15, 10), (14, 10), (15, 9)))
    logs = [math.log(first)] * 15 + [math.log(second)] * 10
    error = math.sqrt(24 / 25 * sum((each - sum(logs) / 25) ** 2 for each in logs))
    assert found.value == pytest.approx(whole)
    assert found.high == pytest.approx(whole * math.exp(2.0639 * error), rel=1e-4)  # t with 24 degrees of freedom


def test_a_single_voice_has_a_diversity_of_one_and_no_interval_of_width_zero() -> None:
    said = quoting("a", [25])
    found = measure(tables(said, outlets_of(said)), [SourceDiversity()], interval=QUICK)[0]
    assert (found.value, found.low) == (1.0, None)
    assert found.note == "leaving out any one article changes nothing: no interval"


def test_unnamed_speakers_are_no_voices_and_small_groups_set_no_coverage() -> None:
    said = [*quoting("a", [12, 9, 6, 3]), ("a500", None, "support"), *quoting("b", [1, 1, 1])]
    found = measure(tables(said, outlets_of(said)), [SourceDiversity(order=0)], interval=QUICK)
    assert estimate(found, outlet="a").value == pytest.approx(4)
    assert estimate(found, outlet="a").statements == 30
    small = estimate(found, outlet="b")
    assert (small.value, small.statements, small.note) == (None, 3, "suppressed: fewer than 20 statements")


def test_a_group_below_a_fixed_coverage_is_empty_and_says_so() -> None:
    said = quoting("a", [1] * 25)
    found = measure(tables(said, outlets_of(said)), [SourceDiversity(level=0.9)], interval=QUICK)[0]
    assert found.value is None
    assert "cannot be thinned to 0.90" in str(found.note)


@pytest.mark.parametrize("metric", [SourceDiversity(), Omission(others=1), Coverage(others=1)])
def test_a_group_without_statements_or_events_gives_an_empty_estimate(metric: Any) -> None:
    made = tables([], {"a1": "a", "b1": "b"})
    made["articles"] = made["articles"].with_columns(event_id=pl.lit(None, pl.String))
    assert [each.value for each in measure(made, [metric], interval=QUICK)] == [None, None]


EVENTS = {"a1": "x", "a2": "x", "a3": "y", "b1": "x", "b2": "z", "b3": "w", "c1": "z", "c2": "y", "c3": "x", "c4": None}


def on_events(events: dict[str, str | None] = EVENTS) -> Any:
    made = tables([], {article: article[0] for article in events})
    return {
        **made,
        "articles": made["articles"].with_columns(event_id=pl.Series(list(events.values()), dtype=pl.String)),
    }


def test_omission_is_the_share_of_events_of_enough_others_that_an_outlet_skips() -> None:
    # By at least one other: a could have x y z w and skips z w; b could have x y z and skips y; c x y z w, skips w.
    found = measure(on_events(), [Omission(others=1)], interval=QUICK)
    assert [(each.group["outlet"], each.value) for each in found] == [("a", 2 / 4), ("b", 1 / 3), ("c", 1 / 4)]
    assert estimate(found, outlet="a").note == "of 4 events"
    assert estimate(found, outlet="a").articles == 3
    # By at least two others: a x z, b x y, c only x.
    found = measure(on_events(), [Omission()], interval=QUICK)
    assert [each.value for each in found] == [1 / 2, 1 / 2, 0.0]


def test_coverage_is_the_rest_and_its_interval_mirrors_that_of_omission() -> None:
    skipped = measure(on_events(), [Omission(others=1)], interval=QUICK)
    for one, other in zip(skipped, measure(on_events(), [Coverage(others=1)], interval=QUICK), strict=True):
        assert other.value == pytest.approx(1 - (one.value or 0))
        assert other.low == pytest.approx(1 - (one.high or 0))


def test_the_interval_of_a_share_of_events_is_that_of_wilson() -> None:
    # Newcombe 1998, table I: 81 of 263 and 0 of 20
    assert wilson(81, 263, 0.95) == pytest.approx((0.2553, 0.3662), abs=0.0001)
    assert wilson(0, 20, 0.95) == pytest.approx((0, 0.1611), abs=0.0001)


def test_where_outlets_are_put_together_their_coverage_is_empty_and_says_why() -> None:
    found = measure(on_events(), [Omission()], by=(), interval=QUICK)[0]
    assert (found.value, found.note) == (None, "outlets cover events: group by outlet, and not by kinds of statements")


def test_names_parse_back() -> None:
    for metric in (SourceDiversity(order=2, level=0.8), Omission(others=3), Coverage()):
        assert parse(str(metric)) == metric
    assert str(SourceDiversity(order=2, level=0.8)) == "source_diversity(order=2,level=0.8)"


@pytest.mark.parametrize(
    ("name", "message"), [("source_diversity(order=3)", "order is 3"), ("omission(others=0)", "others is 0")]
)
def test_options_that_mean_nothing_are_refused(name: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse(name)


def test_they_cannot_be_compared_yet_and_say_so() -> None:
    said = [*quoting("a", [3, 2]), *quoting("b", [2, 2])]
    with pytest.raises(ConfigError, match="source_diversity is no function of two sums"):
        Compare()(tables(said, outlets_of(said)), [[parse("source_diversity")]])


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_shuffling_the_rows_changes_nothing(seed: int) -> None:
    said = [*quoting("a", [12, 9, 6, 3, 1, 1]), *quoting("b", [5, 4, 3, 2, 2, 1, 1, 1, 1])]
    made = tables(said, outlets_of(said))
    ids = [
        f"event {int(article[1:]) % 7 % (3 if article[0] == 'a' else 9)}" for article in made["articles"]["article_id"]
    ]
    made["articles"] = made["articles"].with_columns(event_id=pl.Series(ids))
    shuffled = {name: rows.sample(fraction=1, shuffle=True, seed=seed) for name, rows in made.items()}
    metrics: list[Any] = [SourceDiversity(), Omission(others=1)]
    assert measure(made, metrics, interval=QUICK) == measure(shuffled, metrics, interval=QUICK)
