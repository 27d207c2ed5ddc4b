"""Intervals, seeds, design effects and invariants of every metric."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured import NET, QUICK, SHARE, Said, estimate, lean, outlets_of, tables

import framing.measure.redrawing
from framing.errors import ConfigError
from framing.measure import Bootstrap, measure, parse

ALL = [
    "source_share",
    "source_share(weight=article)",
    "source_share(weight=prevalence)",
    "quote_length_share",
    "net_stance(target=open_door)",
    "expression_rate(target=open_door)",
    "abstention_rate(target=open_door)",
    "stance_share(target=open_door,min_cell=1)",
    "balance(target=open_door)",
    "logit_balance(target=open_door)",
    "directness",
]
METRICS = [parse(name) for name in ALL]


def test_equal_articles_get_the_rule_of_three_instead_of_a_width_of_zero() -> None:
    said = [(f"a{i:02}", "smith", "neutral") for i in range(30)] + [("b1", "lee", "support")]
    found = measure(tables(said, outlets_of(said)), [parse("expression_rate(target=open_door)")], interval=QUICK)
    none = estimate(found, outlet="a")
    assert (none.value, none.low, none.design_effect) == (0.0, 0.0, None)
    assert none.high == pytest.approx(1 - 0.05 ** (1 / 30))
    assert none.high == pytest.approx(3 / 30, rel=0.06)
    assert (none.estimator, none.note) == ("ratio, rule of three 95%", "all articles have the same value")


def test_a_share_of_zero_rests_on_statements_over_the_design_effect_seen_in_other_outlets() -> None:
    said = [(f"a{i}", "lee" if i < 2 else "smith", "support") for i in range(6) for _ in range(4)]
    said += [(f"b{i}", "smith", "support") for i in range(3) for _ in range(10)]
    found = measure(tables(said, outlets_of(said)), SHARE, interval=QUICK)
    effect = estimate(found, outlet="a", speaker="lee").design_effect
    assert effect is not None
    assert effect == pytest.approx(4 * (6 / 5) / (24 / 23))
    unheard = estimate(found, outlet="b", speaker="lee")
    assert unheard.high == pytest.approx(1 - 0.05 ** (effect / 30))


def test_a_speaker_whom_an_outlet_never_quotes_has_a_share_of_zero_where_one_was_expected() -> None:
    # lee has half of all statements, so that one of the two of outlet b is expected
    said = [(article, "lee" if article[0] == "a" else "smith", "support") for article in ("a1", "a2", "b1", "b2")]
    unheard = estimate(measure(tables(said, outlets_of(said)), SHARE, interval=QUICK), outlet="b", speaker="lee")
    assert (unheard.value, unheard.low, unheard.statements) == (0.0, 0.0, 2)
    assert unheard.high == pytest.approx(1 - 0.05**0.5)


def test_a_speaker_who_was_not_expected_in_an_outlet_is_not_listed_there() -> None:
    said = [("b1", "lee", "support"), *[(f"a{i}", "smith", "support") for i in range(9)], ("a9", "jones", "support")]
    found = measure(tables(said, outlets_of(said)), SHARE, interval=QUICK)
    assert {each.group["speaker"] for each in found if each.group["outlet"] == "b"} == {"lee"}


def test_redrawing_counts_articles_that_lack_the_key() -> None:
    # 1 of 4 articles quotes lee, once: the share in a resample is the number of times that article is drawn, over 4.
    said = [("a1", "lee", "support"), *[(f"a{i}", "smith", "support") for i in (2, 3, 4)]]
    found = measure(tables(said, outlets_of(said)), SHARE, interval=Bootstrap(resamples=20_000), seed=3)
    share = estimate(found, outlet="a", speaker="lee")
    assert (share.value, share.low, share.high) == (0.25, 0.0, 0.75)


def test_resamples_without_a_denominator_are_left_out_and_said() -> None:
    said = [("a1", "lee", "support"), ("a2", "lee", "oppose"), *[(f"a{i}", "lee", "unrelated") for i in range(3, 60)]]
    net = estimate(measure(tables(said, outlets_of(said)), NET, seed=1), outlet="a")
    assert (net.value, net.low, net.high, net.articles) == (0.0, -1.0, 1.0, 2)
    share = int(str(net.note).split("%")[0].rsplit(" ", 1)[1]) / 100
    assert share == pytest.approx(math.exp(-2), abs=0.03)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    said = lean("a", 20, seed=1)
    made = tables(said, outlets_of(said))
    assert measure(made, NET, seed=1) == measure(made, NET, seed=1)
    assert measure(made, NET, seed=1) != measure(made, NET, seed=2)


def test_another_outlet_or_metric_changes_no_interval() -> None:
    said, more = lean("b", 20, seed=1), lean("a", 15, seed=2)
    alone = measure(tables(said, outlets_of(said)), NET, interval=QUICK)
    together = [*said, *more]
    found = measure(tables(together, outlets_of(together)), [*SHARE, *NET], interval=QUICK)
    assert alone == [each for each in found if each.metric == str(NET[0]) and each.group["outlet"] == "b"]


def test_ratios_of_a_group_share_its_draws() -> None:
    # With two labels the shares mirror each other in every resample, so their intervals do too.
    said = [(f"a{i:02}", "smith", "support" if i % 3 else "oppose") for i in range(24)]
    shares = parse("stance_share(target=open_door,by_speaker=false)")
    found = measure(tables(said, outlets_of(said)), [shares], interval=QUICK)
    support, oppose = (estimate(found, outlet="a", label=label) for label in ("support", "oppose"))
    assert support.low is not None
    assert oppose.high == pytest.approx(1 - support.low)


def test_ratios_redrawn_a_few_at_a_time_get_the_same_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    said = lean("a", 25, seed=4)
    at_once = measure(tables(said, outlets_of(said)), METRICS, interval=QUICK)
    monkeypatch.setattr(framing.measure.redrawing, "DRAWN_AT_ONCE", 2 * QUICK.resamples)
    assert measure(tables(said, outlets_of(said)), METRICS, interval=QUICK) == at_once


def test_the_design_effect_is_one_if_every_article_has_one_statement() -> None:
    said = [(f"a{i:02}", "smith", "support" if i % 3 else "oppose") for i in range(24)]
    assert measure(tables(said, outlets_of(said)), NET, interval=QUICK)[0].design_effect == pytest.approx(1.0)


def test_the_design_effect_of_articles_that_agree_within_is_about_their_size() -> None:
    said = [(f"a{i:02}", "smith", "support" if i % 2 else "oppose") for i in range(40) for _ in range(4)]
    effect = measure(tables(said, outlets_of(said)), NET, interval=QUICK)[0].design_effect
    assert effect == pytest.approx(4 * (40 / 39) / (160 / 159))


LABELS = st.sampled_from(["support", "oppose", "neutral", "unrelated"])
SAID = st.lists(
    st.tuples(st.sampled_from(["a1", "a2", "a3", "b1", "b2"]), st.sampled_from(["smith", "lee", None]), LABELS),
    min_size=1,
    max_size=25,
)
CORPUS = dict.fromkeys(["a1", "a2", "a3"], "a") | dict.fromkeys(["b1", "b2"], "b")


@settings(max_examples=25, deadline=None)
@given(said=SAID, seed=st.integers(0, 2**32 - 1))
def test_shuffling_the_rows_changes_nothing(said: list[Said], seed: int) -> None:
    made = tables(said, CORPUS)
    shuffled = {name: rows.sample(fraction=1, shuffle=True, seed=seed) for name, rows in made.items()}
    assert measure(made, METRICS, interval=QUICK) == measure(shuffled, METRICS, interval=QUICK)


@settings(max_examples=25, deadline=None)
@given(said=SAID)
def test_doubling_the_statements_of_each_article_leaves_values_and_intervals(said: list[Said]) -> None:
    metrics = [metric for metric in METRICS if "logit" not in str(metric)]  # its half counts weigh less among more
    once = measure(tables(said, CORPUS), metrics, interval=QUICK)
    twice = measure(tables([*said, *said], CORPUS), metrics, interval=QUICK)
    found = {(each.metric, *each.group.values()): each for each in twice}
    for each in once:
        other = found[(each.metric, *each.group.values())]
        # The rule of three counts statements, so that twice as many make it narrower.
        for field in ("value", "low", "high") if "rule of three" not in each.estimator else ("value",):
            assert getattr(other, field) == pytest.approx(getattr(each, field), abs=1e-9)
        assert other.articles == each.articles


@settings(max_examples=25, deadline=None)
@given(said=SAID)
def test_a_value_lies_in_its_interval_and_both_within_the_bounds(said: list[Said]) -> None:
    for metric in METRICS:
        least, most = metric.bounds
        for each in measure(tables(said, CORPUS), [metric], interval=QUICK):
            if each.value is not None:
                assert least <= each.value <= most
            if each.low is not None and each.high is not None:
                assert least <= each.low <= each.high <= most


@settings(max_examples=25, deadline=None)
@given(said=SAID)
def test_the_shares_of_all_speakers_sum_to_one(said: list[Said]) -> None:
    for name in ("source_share", "source_share(weight=article)", "quote_length_share"):
        for by in ((), ("outlet",)):
            sums: dict[str, float] = {}
            for each in measure(tables(said, CORPUS), [parse(name)], by=by, interval=QUICK):
                if each.value is not None:
                    group = each.group.get("outlet", "")
                    sums[group] = sums.get(group, 0.0) + each.value
            assert all(total == pytest.approx(1) for total in sums.values())


STUDENTISED = Bootstrap(resamples=2000, method="studentised")


def test_the_studentised_interval_is_that_of_an_independent_computation() -> None:
    said = lean("a", 30, seed=11)
    interval = Bootstrap(resamples=20_000, method="studentised")
    net = measure(tables(said, outlets_of(said)), NET, interval=interval)[0]
    side = {"support": 1, "oppose": -1, "neutral": 0}
    above, below = np.zeros(30), np.zeros(30)
    for article, _, label in said:
        above[int(article[1:])] += side.get(label, 0)
        below[int(article[1:])] += label in side

    def value_and_error(n: Any, d: Any) -> tuple[float, float]:
        value = n.sum() / d.sum()
        return value, math.sqrt(30 / 29 * ((n - value * d) ** 2).sum()) / d.sum()

    value, error = value_and_error(above, below)
    random = np.random.default_rng(0)
    studentised = []
    for _ in range(20_000):
        drawn = random.integers(0, 30, 30)
        other, its_error = value_and_error(above[drawn], below[drawn])
        studentised.append((other - value) / its_error)
    high, low = value - np.quantile(studentised, [0.025, 0.975]) * error
    assert net.low == pytest.approx(low, abs=0.02)
    assert net.high == pytest.approx(high, abs=0.02)
    assert net.estimator == "ratio, studentised article bootstrap 95%"


def test_the_studentised_interval_covers_better_than_the_percentile_one_with_few_articles() -> None:
    random = np.random.default_rng(8)
    covered = {"percentile": 0, "studentised": 0}
    repetitions = 100
    for _ in range(repetitions):
        chance = random.choice([0.1, 0.5, 0.9], size=6)
        said = [
            (f"a{i}", "lee", "support" if random.random() < p else "oppose")
            for i, p in enumerate(chance)
            for _ in "xyz"
        ]
        for method in covered:
            interval = Bootstrap(resamples=200, method=method)  # type: ignore[arg-type]
            net = measure(tables(said, outlets_of(said)), NET, interval=interval)[0]
            covered[method] += net.low is not None and net.high is not None and net.low <= 0 <= net.high
    assert covered["percentile"] / repetitions < 0.92
    assert covered["studentised"] > covered["percentile"]


def test_a_studentised_interval_stays_within_the_bounds_of_its_metric() -> None:
    said = [(f"a{i:02}", "lee" if i < 2 else "smith", "support") for i in range(24)]
    for share in measure(tables(said, outlets_of(said)), SHARE, interval=STUDENTISED):
        assert share.low is not None
        assert share.high is not None
        assert 0 <= share.low <= share.high <= 1


def test_clustered_intervals_cover_where_naive_ones_do_not() -> None:
    """Articles of eight statements that are all for or all against with even chance, or mixed: the true value is 0."""
    random = np.random.default_rng(5)
    covered, naive_covered, repetitions = 0, 0, 120
    for _ in range(repetitions):
        chance = random.choice([0.1, 0.5, 0.9], size=40)
        support = random.random((40, 8)) < chance[:, None]
        said = [(f"a{i:02}", "smith", "support" if s else "oppose") for i in range(40) for s in support[i]]
        net = measure(tables(said, outlets_of(said)), NET, interval=Bootstrap(resamples=300))[0]
        assert net.low is not None
        assert net.high is not None
        covered += net.low <= 0 <= net.high
        naive_covered += abs(2 * support.mean() - 1) <= 1.96 * math.sqrt(
            (1 - (2 * support.mean() - 1) ** 2) / support.size
        )
    assert 0.87 <= covered / repetitions <= 1.0
    assert naive_covered / repetitions < 0.85


@pytest.mark.parametrize(("option", "value"), [("level", 1.0), ("level", 0.0), ("resamples", 0)])
def test_an_interval_that_means_nothing_is_refused(option: str, value: float) -> None:
    with pytest.raises(ConfigError, match=f"interval.{option} is {value}"):
        Bootstrap(**{option: value})  # type: ignore[arg-type]
