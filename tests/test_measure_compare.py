"""Differences between outlets: values, intervals, tests, events and families."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured import NET, QUICK, SHARE, Said, lean, outlets_of, tables

from framing.errors import ConfigError
from framing.measure import Bootstrap, Compare, parse
from framing.types import Estimate

SIDES = {"support": 1, "oppose": -1, "neutral": 0}
RATE = [parse("expression_rate(target=open_door)")]


def run_tables(said: Sequence[Said], events: Mapping[str, str | None] | None = None) -> Any:
    """Make the tables of a run in which the first letter of an article is its outlet."""
    made = tables(said, outlets_of(said))
    if events is not None:
        ids = [events.get(article) for article in made["articles"]["article_id"]]
        made["articles"] = made["articles"].with_columns(event_id=pl.Series(ids, dtype=pl.String))
    return made


def differences(made: Any, metrics: Any = NET, **options: Any) -> list[Estimate]:
    interval = options.pop("interval", QUICK)
    families = options.pop("families", [metrics])
    return Compare(**options)(made, families, interval=interval, seed=3)


def only(found: list[Estimate], **group: str) -> Estimate:
    chosen = [each for each in found if group.items() <= each.group.items()]
    assert len(chosen) == 1, [each.group for each in found]
    return chosen[0]


def by_article(said: Sequence[Said]) -> tuple[Any, Any]:
    """Sum sides and statements on target by article."""
    articles = sorted({article for article, _, _ in said})
    above = [sum(SIDES.get(label, 0) for of, _, label in said if of == article) for article in articles]
    below = [sum(label in SIDES for of, _, label in said if of == article) for article in articles]
    return np.array(above, float), np.array(below, float)


def leaning(events: int, *, shift: float = 0.0, seed: int = 0) -> tuple[list[Said], dict[str, str | None]]:
    """Make an article of each of two outlets on every event; both follow the event, outlet b leans by `shift`."""
    random = np.random.default_rng(seed)
    said: list[Said] = []
    of: dict[str, str | None] = {}
    for event in range(events):
        mood = random.choice([0.1, 0.5, 0.9])
        for outlet, more in (("a", 0.0), ("b", shift)):
            article = f"{outlet}{event:03}"
            of[article] = f"event {event}"
            chosen = random.random(6) < mood + more
            said += [(article, "lee", "support" if support else "oppose") for support in chosen]
    return said, of


def test_a_difference_is_the_first_outlet_minus_the_second_with_the_counts_of_both() -> None:
    said = [("a1", "lee", "support"), ("a2", "lee", "neutral"), ("b1", "lee", "oppose"), ("b2", "kim", "support")]
    said += [("b2", "lee", "oppose")]
    found = only(differences(run_tables(said)))
    assert found.group == {"outlet": "a", "against": "b", "over": "all articles"}
    assert found.value == pytest.approx(1 / 2 - (-1 / 3))
    assert (found.articles, found.statements) == (4, 5)


def test_the_interval_of_a_difference_redraws_the_articles_of_each_outlet() -> None:
    said = [*lean("a", 30, seed=1), *lean("b", 40, seed=2)]
    found = only(differences(run_tables(said), interval=Bootstrap(resamples=20_000)))
    random = np.random.default_rng(0)
    drawn = np.zeros(20_000)
    for outlet, sign in (("a", 1), ("b", -1)):
        above, below = by_article([each for each in said if each[0][0] == outlet])
        chosen = random.integers(0, len(above), (20_000, len(above)))
        drawn += sign * above[chosen].sum(axis=1) / below[chosen].sum(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert found.low == pytest.approx(low, abs=0.02)
    assert found.high == pytest.approx(high, abs=0.02)
    assert found.estimator == "difference (ratio), article bootstrap 95%, p by permutation"


def test_every_pair_is_compared_or_each_outlet_with_the_baseline() -> None:
    said = [(f"{outlet}{i}", "lee", "support" if i else "oppose") for outlet in "abc" for i in range(3)]
    said.append(("x1", "lee", "support"))
    made = tables(said, {**outlets_of(said), "x1": None})
    pairs = [(each.group["outlet"], each.group["against"]) for each in differences(made)]
    assert pairs == [("a", "b"), ("a", "c"), ("b", "c")]
    against = [(each.group["outlet"], each.group["against"]) for each in differences(made, baseline="b")]
    assert against == [("a", "b"), ("c", "b")]


def test_an_unknown_baseline_names_the_nearest_outlet() -> None:
    said = [("Post1", "lee", "support"), ("Herald1", "lee", "oppose")]
    made = tables(said, {"Post1": "The Post", "Herald1": "Herald"})
    with pytest.raises(ConfigError, match="no outlet is called 'Herold'; did you mean 'Herald'"):
        differences(made, baseline="Herold")


def test_one_outlet_has_nothing_to_be_compared_with() -> None:
    assert differences(run_tables([("a1", "lee", "support")])) == []


def test_an_outlet_without_a_statement_on_target_gives_an_empty_difference() -> None:
    said = [("a1", "lee", "support"), ("a2", "lee", "oppose"), ("b1", "lee", "unrelated")]
    found = only(differences(run_tables(said)))
    assert (found.value, found.low, found.p_value, found.p_adjusted, found.correction) == (
        None,
        None,
        None,
        None,
        "none",
    )
    assert found.note == "nothing to count in a or b"


def test_an_outlet_of_one_article_gives_a_difference_without_interval_and_test() -> None:
    said = [("a1", "lee", "support"), ("a2", "lee", "oppose"), ("b1", "lee", "support")]
    found = only(differences(run_tables(said)))
    assert (found.value, found.low, found.p_value) == (-1.0, None, None)
    assert found.note == "one article in b: no interval, no test"


def test_a_suppressed_cell_is_suppressed_in_its_differences() -> None:
    said = [(f"{outlet}{i}", "lee", "support") for outlet in "ab" for i in range(3)]
    found = differences(run_tables(said), [parse("stance_share(target=open_door,min_cell=4)")])
    assert {(each.value, each.note) for each in found} == {(None, "suppressed: fewer than 4 statements on one side")}


def test_outlets_whose_articles_are_all_alike_get_the_interval_of_both_values_and_no_width_of_zero() -> None:
    said = [(f"a{i}", "lee", "support") for i in range(5)] + [(f"b{i}", "lee", "oppose") for i in range(4)]
    found = only(differences(run_tables(said)))
    a_low, b_high = -1 + 2 * 0.05 ** (1 / 5), 1 - 2 * 0.05 ** (1 / 4)
    assert found.value == 2.0
    assert found.low == pytest.approx(2 - math.hypot(1 - a_low, b_high + 1))
    assert found.high == 2.0
    assert found.note == "all articles of a and b have the same value"


def test_a_difference_that_is_the_same_in_every_event_gets_no_width_of_zero() -> None:
    labels = ["support", "oppose"] * 3
    said = [(f"{outlet}{i}", "lee", label) for outlet in "ab" for i, label in enumerate(labels)]
    found = only(differences(run_tables(said, {f"{outlet}{i}": f"e{i}" for outlet in "ab" for i in range(6)})))
    assert (found.value, found.p_value, found.note) == (0.0, 1.0, "the difference is the same in every event")
    assert (found.low or 0) < -0.5
    assert (found.high or 0) > 0.5


def test_the_permutation_test_counts_how_many_labellings_are_as_extreme() -> None:
    # Of the 20 ways to choose 3 of 6 articles, 2 separate support from oppose.
    said = [(f"{outlet}{i}", "lee", label) for outlet, label in (("a", "support"), ("b", "oppose")) for i in range(3)]
    found = only(differences(run_tables(said), permutations=4999))
    assert found.p_value == pytest.approx(0.1, abs=0.015)


def test_labels_are_permuted_within_events_only() -> None:
    # In each of 3 events a supports and b opposes: of the 8 ways to swap within events 2 separate them.
    said = [(f"{outlet}{i}", "lee", label) for outlet, label in (("a", "support"), ("b", "oppose")) for i in range(3)]
    events: dict[str, str | None] = {f"{outlet}{i}": f"e{i}" for outlet in "ab" for i in range(3)}
    found = only(differences(run_tables(said, events), permutations=4999), over="all articles")
    assert found.p_value == pytest.approx(0.25, abs=0.02)
    assert found.estimator.endswith("p by permutation within events")


def test_without_permutations_the_p_value_comes_from_the_studentised_bootstrap() -> None:
    said = [*lean("a", 30, seed=1), *lean("b", 30, seed=2)]
    found = only(differences(run_tables(said), permutations=0, interval=Bootstrap(resamples=4000)))
    other = only(differences(run_tables(said), permutations=3999))
    assert found.p_value == pytest.approx(other.p_value, abs=0.06)
    assert found.estimator.endswith("p by bootstrap")


def test_redrawing_events_narrows_the_difference_of_outlets_that_follow_them() -> None:
    said, events = leaning(60)
    together = only(differences(run_tables(said, events)), over="all articles")
    apart = only(differences(run_tables(said)))
    assert together.value == apart.value
    assert together.high - together.low < 0.75 * (apart.high - apart.low)  # type: ignore[operator]
    assert together.estimator.startswith("difference (ratio), event bootstrap")
    assert together.design_effect is not None
    assert apart.design_effect is not None
    assert together.design_effect < apart.design_effect


def test_over_shared_events_only_their_articles_count() -> None:
    said = [("a1", "lee", "support"), ("a2", "lee", "support"), ("a3", "lee", "neutral"), ("a4", "lee", "oppose")]
    said += [("b1", "lee", "oppose"), ("b2", "lee", "support"), ("b3", "lee", "oppose"), ("b4", "lee", "oppose")]
    events = {"a1": "x", "a2": "y", "a3": "y", "a4": "only a", "b1": "x", "b2": "y", "b3": "only b", "b4": None}
    found = differences(run_tables(said, events))
    assert only(found, over="all articles").value == pytest.approx(1 / 4 + 2 / 4)
    shared = only(found, over="shared events")
    assert shared.value == pytest.approx(2 / 3 - 0)
    assert (shared.articles, shared.statements) == (5, 5)
    assert "rests on few events (2)" in str(shared.note)


def test_outlets_without_a_shared_event_have_an_empty_difference_over_these() -> None:
    said = [("a1", "lee", "support"), ("a2", "lee", "oppose"), ("b1", "lee", "support"), ("b2", "lee", "support")]
    found = differences(run_tables(said, {"a1": "x", "a2": "y", "b1": "z", "b2": "z"}))
    assert only(found, over="shared events").value is None
    assert only(found, over="shared events").note == "nothing to count in a and b"


def test_each_family_is_corrected_by_itself_and_the_correction_is_named() -> None:
    said = [(f"{outlet}{i:02}", "lee", "support" if i % 7 < n else "oppose")
            for n, outlet in ((2, "a"), (4, "b"), (6, "c")) for i in range(28)]  # fmt: skip
    found = differences(run_tables(said), families=[NET, RATE])
    tested = [each for each in found if each.metric == str(NET[0])]
    p_values = [each.p_value or 0 for each in tested]
    order = np.argsort(p_values)
    adjusted = np.maximum.accumulate(np.array(p_values)[order] * [3, 2, 1])
    assert [tested[i].p_adjusted for i in order] == pytest.approx(np.minimum(adjusted, 1).tolist())
    assert {each.correction for each in tested} == {"Holm, 3 comparisons"}
    hochberg = differences(run_tables(said), families=[[*NET, *RATE]], correction="benjamini_hochberg")
    assert {each.correction for each in hochberg} == {"Benjamini–Hochberg, 6 comparisons"}
    assert {each.correction for each in differences(run_tables(said), correction="none")} == {"none"}


def test_max_t_gives_simultaneous_intervals_that_agree_with_its_p_values() -> None:
    said = [*lean("a", 40, seed=1), *lean("b", 40, seed=2), *lean("c", 40, seed=3)]
    interval = Bootstrap(resamples=1000)
    found = differences(run_tables(said), correction="max_t", interval=interval)
    single = differences(run_tables(said), correction="none", permutations=0, interval=interval)
    for wide, narrow in zip(found, single, strict=True):
        assert wide.low is not None
        assert wide.high is not None
        assert wide.p_adjusted is not None
        assert wide.value == narrow.value
        assert wide.high - wide.low > narrow.high - narrow.low  # type: ignore[operator]
        assert wide.p_adjusted >= (narrow.p_value or 0)
        assert (wide.p_adjusted < 0.05) == (not wide.low <= 0 <= wide.high)
    assert {each.correction for each in found} == {"max-T, 3 comparisons"}
    assert "simultaneous article bootstrap 95%" in found[0].estimator


def test_simultaneous_intervals_stay_within_what_a_difference_can_be() -> None:
    labels = {"a": ["support", "support", "oppose"], "b": ["oppose", "oppose", "neutral"], "c": ["support", "neutral"]}
    said = [(f"{outlet}{i}", "lee", label) for outlet, every in labels.items() for i, label in enumerate(every)]
    for each in differences(run_tables(said), correction="max_t"):
        assert each.low is not None
        assert each.high is not None
        assert -2 <= each.low <= each.high <= 2


def test_a_function_of_the_sums_is_compared_on_its_own_scale() -> None:
    said = [("a1", "lee", "support"), ("a1", "kim", "support"), ("a2", "lee", "oppose")]
    said += [("b1", "lee", "oppose"), ("b2", "lee", "support")]
    found = only(differences(run_tables(said), [parse("logit_balance(target=open_door)")]))
    assert found.value == pytest.approx(math.log(2.5 / 1.5) - math.log(1.5 / 1.5))
    assert found.estimator.startswith("difference (log odds)")


def test_speakers_are_compared_where_both_outlets_list_them() -> None:
    said = [("a1", "lee", "support"), ("a2", "kim", "support"), ("b1", "lee", "support"), ("b2", "lee", "oppose")]
    found = differences(run_tables(said), SHARE)
    values = {each.group["speaker"]: each.value for each in found}
    assert values["lee"] == pytest.approx(1 / 2 - 1)


@pytest.mark.parametrize(("option", "value"), [("of", "outlets"), ("permutations", -1)])
def test_an_option_that_means_nothing_is_refused(option: str, value: Any) -> None:
    with pytest.raises(ConfigError, match=f"compare.{option}"):
        Compare(**{option: value})


def test_tests_keep_their_level_where_there_is_no_difference() -> None:
    rejected = {"all articles": 0, "shared events": 0}
    repetitions = 40
    for repetition in range(repetitions):
        said, events = leaning(25, seed=repetition)
        events |= {"a001": "only a", "b002": "only b"}
        for each in differences(run_tables(said, events), permutations=99, interval=Bootstrap(resamples=100)):
            rejected[each.group["over"]] += (each.p_value or 0) <= 0.1
    assert all(count / repetitions <= 0.25 for count in rejected.values())


def test_a_difference_within_events_is_found() -> None:
    said, events = leaning(40, shift=0.25, seed=1)
    assert (only(differences(run_tables(said, events))).p_value or 1) < 0.02


def test_where_all_events_are_shared_the_differences_are_given_once() -> None:
    said, events = leaning(6)
    assert [each.group["over"] for each in differences(run_tables(said, events))] == ["all articles"]
    events["a000"] = "only a"
    found = differences(run_tables(said, events))
    tests = {each.group["over"]: each.estimator.rpartition(", ")[2] for each in found}
    assert tests == {"all articles": "p by bootstrap", "shared events": "p by permutation within events"}


LABELS = st.sampled_from(["support", "oppose", "neutral", "unrelated"])
IDS = ["a1", "a2", "a3", "b1", "b2", "b3"]
SAID = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(["smith", "lee"]), LABELS), min_size=4, max_size=25)
EVENTS: dict[str, str | None] = {"a1": "x", "a2": "y", "a3": None, "b1": "x", "b2": "y", "b3": "z"}


@settings(max_examples=10, deadline=None)
@given(said=SAID, seed=st.integers(0, 2**32 - 1))
def test_shuffling_the_rows_changes_no_difference(said: list[Said], seed: int) -> None:
    made = run_tables(said, EVENTS)
    shuffled = {name: rows.sample(fraction=1, shuffle=True, seed=seed) for name, rows in made.items()}
    options: dict[str, Any] = {"families": [NET, SHARE], "permutations": 49}
    assert differences(made, **options) == differences(shuffled, **options)


@settings(max_examples=10, deadline=None)
@given(said=SAID)
def test_duplicating_the_corpus_with_its_events_leaves_differences_and_shrinks_no_interval(said: list[Said]) -> None:
    events = dict.fromkeys(["a1", "b1"], "x") | dict.fromkeys(["a2", "b2"], "y") | dict.fromkeys(["a3", "b3"], "z")
    copies = [(f"{article}'", speaker, label) for article, speaker, label in said]
    once = differences(run_tables(said, events), permutations=0)
    twice = differences(
        run_tables([*said, *copies], {**events, **{f"{a}'": e for a, e in events.items()}}), permutations=0
    )
    for one, two in zip(once, twice, strict=True):
        assert two.value == (None if one.value is None else pytest.approx(one.value))
        if "event bootstrap" in one.estimator and "event bootstrap" in two.estimator:
            assert two.low == pytest.approx(one.low)
            assert two.high == pytest.approx(one.high)
