"""What every estimate keeps to, whatever the metric: groups, empty groups, notes, seeds, invariants."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.errors import ConfigError, CorpusError
from framing.measure import Bootstrap, measure, parse
from framing.types import Estimate

QUICK = Bootstrap(resamples=200)
ALL = [
    "source_share",
    "source_share(weight=article)",
    "source_share(weight=prevalence)",
    "quote_length_share",
    "net_stance(target=open_door)",
    "expression_rate(target=open_door)",
    "abstention_rate(target=open_door)",
    "stance_share(target=open_door)",
]

Said = tuple[str, str | None, str]


def tables(
    said: Sequence[Said], outlets: Mapping[str, str | None], dates: Mapping[str, date | None] | None = None
) -> Any:
    """Make the tables of a small run from (article, speaker, label); the target is `open_door`."""
    ids = [f"s{i:03}" for i in range(len(said))]
    speakers = sorted({speaker for _, speaker, _ in said if speaker})
    return {
        "articles": pl.DataFrame(
            {
                "article_id": list(outlets),
                "outlet": list(outlets.values()),
                "published": [(dates or {}).get(article) for article in outlets],
            },
            schema={"article_id": pl.String, "outlet": pl.String, "published": pl.Date},
        ),
        "statements": pl.DataFrame(
            {
                "statement_id": pl.Series(ids, dtype=pl.String),
                "article_id": [article for article, _, _ in said],
                "speaker_id": [speaker for _, speaker, _ in said],
                "content": ["the door is open"] * len(said),
                "quote_type": ["direct"] * len(said),
                "cue_class": ["speech"] * len(said),
            },
            schema_overrides={"article_id": pl.String, "speaker_id": pl.String, "content": pl.String},
        ),
        "speakers": pl.DataFrame({"speaker_id": speakers, "kind": ["person"] * len(speakers)}),
        "stances": pl.DataFrame(
            {
                "statement_id": pl.Series(ids, dtype=pl.String),
                "target": ["open_door"] * len(said),
                "label": [label for _, _, label in said],
                "conditional": [False] * len(said),
                "abstained": [False] * len(said),
            },
            schema_overrides={
                "target": pl.String,
                "label": pl.String,
                "conditional": pl.Boolean,
                "abstained": pl.Boolean,
            },
        ),
    }


def estimate(estimates: list[Estimate], **group: str) -> Estimate:
    found = [each for each in estimates if each.group == group]
    assert len(found) == 1, [each.group for each in estimates]
    return found[0]


def lean(outlet: str, articles: int, *, seed: int) -> list[Said]:
    """Make articles of one to five statements that agree among themselves more than across articles."""
    random = np.random.default_rng(seed)
    said: list[Said] = []
    for number in range(articles):
        side = random.choice(["support", "oppose", "neutral"])
        for _ in range(int(random.integers(1, 6))):
            label = side if random.random() < 0.7 else str(random.choice(["support", "oppose", "neutral", "unrelated"]))
            said.append((f"{outlet}{number:02}", str(random.choice(["jones", "smith", "lee"])), str(label)))
    return said


def outlets_of(said: Sequence[Said]) -> dict[str, str | None]:
    return {article: article[0] for article, _, _ in said}


METRICS = [parse(name) for name in ALL]
NET = [parse("net_stance(target=open_door)")]
SHARE = [parse("source_share")]


def test_an_outlet_without_statements_on_target_gives_an_empty_estimate() -> None:
    said = [("a1", "smith", "support"), ("a2", "smith", "oppose"), ("b1", "lee", "unrelated")]
    empty = estimate(measure(tables(said, outlets_of(said)), NET, interval=QUICK), outlet="b")
    assert (empty.value, empty.low, empty.high, empty.articles, empty.statements) == (None, None, None, 0, 0)
    assert empty.note == "nothing to count in 1 article"


def test_one_article_gives_a_value_without_an_interval() -> None:
    said = [("a1", "smith", "support"), ("a1", "lee", "neutral")]
    only = estimate(measure(tables(said, outlets_of(said)), NET, interval=QUICK), outlet="a")
    assert (only.value, only.low, only.high, only.design_effect) == (0.5, None, None, None)
    assert only.note == "one article: no interval"


def test_a_corpus_without_articles_gives_one_empty_estimate() -> None:
    found = measure(tables([], {}), [*SHARE, *NET], by=(), interval=QUICK)
    assert [each.value for each in found] == [None, None]


def test_few_articles_are_said_in_the_note() -> None:
    said = [(f"a{i:02}", "smith", "support" if i % 2 else "oppose") for i in range(19)]
    note = estimate(measure(tables(said, outlets_of(said)), NET, interval=QUICK), outlet="a").note
    assert note == "rests on few articles (19): the interval may be too narrow"


def test_a_share_that_few_of_many_articles_carry_says_so() -> None:
    said = [(f"a{i:02}", "lee" if i < 3 else "smith", "support") for i in range(40)]
    found = measure(tables(said, outlets_of(said)), SHARE, interval=QUICK)
    notes = {each.group["speaker"]: each.note for each in found}
    assert notes == {"lee": "rests on few articles (3): the interval may be too narrow", "smith": None}


def test_articles_without_an_outlet_are_a_group_that_says_how_many_they_are() -> None:
    said = [("a1", "smith", "support"), ("x1", "smith", "oppose"), ("x2", "lee", "support")]
    found = measure(tables(said, {"a1": "A", "x1": None, "x2": None}), NET, interval=QUICK)
    unnamed = estimate(found, outlet="(none)")
    assert (unnamed.value, unnamed.articles) == (0.0, 2)
    assert str(unnamed.note).startswith("articles without outlet: 2;")


def test_articles_without_a_date_are_a_group_of_the_time_series() -> None:
    said = [("a1", "smith", "support"), ("a2", "smith", "oppose"), ("a3", "lee", "support")]
    dates = {"a1": date(2024, 3, 31), "a2": date(2024, 4, 1), "a3": None}
    found = measure(tables(said, outlets_of(said), dates), NET, by=("outlet", "month"), interval=QUICK)
    assert [each.group["month"] for each in found] == ["(none)", "2024-03", "2024-04"]
    assert str(found[0].note).startswith("articles without date: 1;")


def test_weeks_are_those_of_iso_8601() -> None:
    said = [("a1", "smith", "support")]
    found = measure(tables(said, outlets_of(said), {"a1": date(2024, 12, 30)}), NET, by=("week",), interval=QUICK)
    assert found[0].group == {"week": "2025-W01"}


def test_statements_are_grouped_by_the_kind_of_their_speaker() -> None:
    said = [("a1", "smith", "support"), ("a1", "un", "oppose"), ("a2", None, "neutral"), ("a2", "un", "oppose")]
    made = tables(said, outlets_of(said))
    made["speakers"] = pl.DataFrame({"speaker_id": ["smith", "un"], "kind": ["person", "organisation"]})
    found = measure(made, NET, by=("outlet", "speaker_kind"), interval=QUICK)
    values = {each.group["speaker_kind"]: each.value for each in found}
    assert values == {"(none)": 0.0, "organisation": -1.0, "person": 1.0}


def test_a_kind_of_speaker_that_an_outlet_never_quotes_gives_an_empty_estimate() -> None:
    said = [("a1", "smith", "support"), ("b1", None, "support")]
    found = measure(tables(said, outlets_of(said)), NET, by=("outlet", "speaker_kind"), interval=QUICK)
    assert estimate(found, outlet="b", speaker_kind="person").value is None


def test_a_group_key_keeps_the_order_asked_for() -> None:
    said = [("a1", "smith", "support")]
    found = measure(tables(said, outlets_of(said)), SHARE, by=("quote_type", "outlet"), interval=QUICK)
    assert list(found[0].group) == ["quote_type", "outlet", "speaker"]


def test_an_unknown_grouping_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="no grouping 'outlets'; did you mean 'outlet'"):
        measure(tables([], {}), NET, by=("outlets",))


def test_a_statement_of_an_unknown_article_is_refused() -> None:
    said = [("a1", "smith", "support"), ("lost", "smith", "support")]
    with pytest.raises(CorpusError, match="statements: 1 rows have an unknown article_id, the first 'lost'"):
        measure(tables(said, {"a1": "A"}), NET)


def test_a_stance_of_an_unknown_statement_is_refused() -> None:
    made = tables([("a1", "smith", "support")], {"a1": "A"})
    made["statements"] = made["statements"].clear()
    with pytest.raises(CorpusError, match="stances: 1 rows have an unknown statement_id"):
        measure(made, NET)


def test_equal_articles_get_the_rule_of_three_instead_of_a_width_of_zero() -> None:
    said = [(f"a{i:02}", "smith", "neutral") for i in range(30)] + [("b1", "lee", "support")]
    found = measure(tables(said, outlets_of(said)), [parse("expression_rate(target=open_door)")], interval=QUICK)
    none = estimate(found, outlet="a")
    assert (none.value, none.low, none.design_effect) == (0.0, 0.0, None)
    assert none.high == pytest.approx(1 - 0.05 ** (1 / 30))
    assert none.high == pytest.approx(3 / 30, rel=0.06)
    assert (none.estimator, none.note) == ("ratio, rule of three 95%", "all articles have the same value")


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
    once = measure(tables(said, CORPUS), METRICS, interval=QUICK)
    twice = measure(tables([*said, *said], CORPUS), METRICS, interval=QUICK)
    found = {(each.metric, *each.group.values()): each for each in twice}
    for each in once:
        other = found[(each.metric, *each.group.values())]
        for field in ("value", "low", "high"):
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
