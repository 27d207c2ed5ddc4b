"""The same utterance in several outlets: what is found, what is not, and how pairs of outlets are compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured import QUICK
from scipy.stats import binomtest

from framing.errors import ConfigError
from framing.measure import parse
from framing.measure.alignment.align import SCHEMA, Align, verb
from framing.measure.alignment.overlap import RUN, in_order
from framing.measure.alignment.pairs import ComparePairs
from framing.types import Estimate

DAY = date(2024, 3, 1)
UTTERANCE = (
    "We have told our partners many times that the door stays open to every nation which wants to join us and which "
    "meets the conditions, whatever its neighbours may say about it tomorrow"
)
OTHER = "Nobody in this building has ever asked for a vote on the treaty, and nobody will as long as I am its chair"

STATEMENT = (
    "statement_id",
    "article_id",
    "content",
    "content_start",
    "cue",
    "quote_type",
    "cue_class",
    "speaker_id",
    "parent_id",
)


class Quote(NamedTuple):
    """One statement; its article is named by outlet and number."""

    article: str
    content: str
    cue: str | None = "said"
    start: int = 100
    quote_type: str = "direct"
    cue_class: str | None = "speech"
    parent: str | None = None


def cut(first: int, last: int, text: str = UTTERANCE) -> str:
    """Return some words of an utterance."""
    return " ".join(text.split()[first:last])


def run_tables(quotes: Sequence[Quote], *, days: dict[str, int | None] | None = None, **columns: Any) -> Any:
    """Make the tables of a run; the first letter of an article is its outlet, "-" if it has none."""
    articles = sorted({quote.article for quote in quotes})
    published = [
        None if (days or {}).get(a, 0) is None else DAY + timedelta((days or {}).get(a) or 0) for a in articles
    ]
    made = pl.DataFrame(
        {
            "article_id": articles,
            "outlet": [None if article[0] == "-" else article[0] for article in articles],
            "published": published,
            "n_characters": [1000] * len(articles),
            "lead_end": [300] * len(articles),
        },
        schema={
            "article_id": pl.String,
            "outlet": pl.String,
            "published": pl.Date,
            "n_characters": pl.Int64,
            "lead_end": pl.Int64,
        },
    )
    rows = [
        {
            "statement_id": f"{quote.article}:{number}",
            "article_id": quote.article,
            "content": quote.content,
            "content_start": [quote.start],
            "cue": quote.cue,
            "quote_type": quote.quote_type,
            "cue_class": quote.cue_class,
            "speaker_id": "lee",
            "parent_id": quote.parent,
        }
        for number, quote in enumerate(quotes)
    ]
    kinds = {name: pl.List(pl.Int64) if name == "content_start" else pl.String for name in STATEMENT}
    return {"articles": made.with_columns(**columns), "statements": pl.DataFrame(rows, schema=kinds)}


def align(quotes: Sequence[Quote], **options: Any) -> pl.DataFrame:
    days = options.pop("days", None)
    return Align(**options)(run_tables(quotes, days=days))


def compare(aligned: pl.DataFrame, outlets: Sequence[str] = "ab", **options: Any) -> dict[str, Estimate]:
    """Compare the only pair of outlets; the estimates by outcome."""
    found = ComparePairs(**options)(aligned, list(outlets), interval=QUICK, seed=3)
    return {getattr(parse(each.metric), "outcome", ""): each for each in found}


def test_the_same_words_in_two_outlets_are_one_utterance() -> None:
    found = align([Quote("a1", UTTERANCE, start=50), Quote("b1", cut(5, 15).upper(), cue="claimed", start=500)])
    assert found.schema == pl.Schema(SCHEMA)
    assert found["utterance"].to_list() == ["a1:0", "a1:0"]
    assert found["statement_id"].to_list() == ["a1:0", "b1:1"]
    size = len(UTTERANCE.split())
    assert found["kept"].to_list() == pytest.approx([1, 10 / size])
    assert found.select("kept_from", "kept_to").row(1) == pytest.approx((5 / size, 15 / size))
    assert found["verb"].to_list() == ["say", "claim"]
    assert found["position"].to_list() == [0.05, 0.5]
    assert found["lead"].to_list() == [True, False]


def test_the_shortest_pieces_are_found_in_long_utterances() -> None:
    long = " ".join(f"word{n}" for n in range(120))
    pieces = [Quote(f"b{n}", " ".join(long.split()[n : n + 8])) for n in range(100)]
    assert align([Quote("a1", long), *pieces]).height == 101


@pytest.mark.parametrize(
    "quotes",
    [
        [],
        [Quote("a1", UTTERANCE)],
        [Quote("a1", UTTERANCE), Quote("a2", UTTERANCE)],  # one outlet
        [Quote("a1", UTTERANCE), Quote("b1", OTHER)],
        [Quote("a1", UTTERANCE), Quote("-1", UTTERANCE)],  # no outlet
        [Quote("a1", UTTERANCE), Quote("b1", cut(0, 7))],  # too short
        [Quote("a1", UTTERANCE), Quote("b1", UTTERANCE, parent="b1:0")],  # inside another statement
        [Quote("a1", UTTERANCE), Quote("b1", f"{cut(0, 8)} {OTHER}")],  # a few words in common
        [Quote("a1", UTTERANCE), Quote("b1", " ".join(cut(i, i + 6) for i in (24, 18, 12, 6, 0)))],  # another order
        [Quote("a1", ""), Quote("b1", "")],
    ],
)
def test_what_is_not_the_same_utterance_of_two_outlets_is_left_out(quotes: list[Quote]) -> None:
    found = align(quotes)
    assert found.is_empty()
    assert found.schema == pl.Schema(SCHEMA)


def test_an_utterance_may_be_shortened_within() -> None:
    shortened = f"{cut(0, 9)} {cut(15, 28)}"
    found = align([Quote("a1", UTTERANCE), Quote("b1", shortened)])
    assert found["kept"].to_list()[1] == pytest.approx(22 / len(UTTERANCE.split()))


def test_days_apart_are_the_limit_unless_a_date_is_missing() -> None:
    quotes = [Quote("a1", UTTERANCE), Quote("b1", UTTERANCE)]
    assert align(quotes, days={"b1": 8}).is_empty()
    assert align(quotes, days={"b1": 7}).height == 2
    assert align(quotes, days={"b1": 800}, within_days=None).height == 2
    assert align(quotes, days={"b1": None}).height == 2
    assert align(quotes, days={"a1": None, "b1": None}).height == 2


def test_a_phrase_that_very_many_statements_have_makes_no_utterance() -> None:
    quotes = [Quote(f"{'ab'[n % 2]}{n}", f"{cut(0, 8)} {' '.join(f'w{n}x{i}' for i in range(2))}") for n in range(502)]
    assert align(quotes).is_empty()
    assert align(quotes[:20]).height == 20


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"min_words": 4}, r"align\.min_words is 4, expected 5 or more"),
        ({"containment": 0.0}, r"align\.containment is 0\.0"),
        ({"within_days": -1}, r"align\.within_days is -1"),
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Align(**options)


@pytest.mark.parametrize(
    ("cue", "expected"),
    [
        ("said", "say"),
        ("had Claimed", "claim"),
        ("according to", "according to"),
        ("in the words of", None),
        (None, None),
    ],
)
def test_the_verb_of_a_cue_is_read_from_the_lexicon(cue: str | None, expected: str | None) -> None:
    assert verb(cue) == expected


@settings(deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    quotes = [Quote("a1", UTTERANCE), Quote("b1", cut(3, 14)), Quote("c1", cut(8, 25)), Quote("a2", OTHER)]
    quotes += [Quote("b2", cut(0, 12, OTHER)), Quote("b3", UTTERANCE)]
    made = run_tables(quotes)
    assert Align()({**made, "statements": made["statements"][order]}).equals(Align()(made))


@given(st.lists(st.integers(0, 3), max_size=9), st.lists(st.integers(0, 3), max_size=9))
def test_common_words_are_the_most_that_runs_in_order_allow(one: list[int], other: list[int]) -> None:
    @cache
    def most(i: int, j: int) -> int:
        """Try every run that begins at a pair of places, and leaving a word of either out."""
        if i == len(one) or j == len(other):
            return 0
        best, length = max(most(i + 1, j), most(i, j + 1)), 0
        while i + length < len(one) and j + length < len(other) and one[i + length] == other[j + length]:
            length += 1
            if length >= RUN:
                best = max(best, length + most(i + length, j + length))
        return best

    places = in_order(np.array(one, np.uint64), np.array(other, np.uint64))
    assert len(places) == most(0, 0)
    assert (np.diff(places) > 0).all()


def pairs(outcomes: Sequence[tuple[bool, bool]], *, articles: int | None = None) -> pl.DataFrame:
    """Make an utterance for each pair of outcomes: is it in quote marks in a, and in b?"""
    kinds = {True: "direct", False: "indirect"}
    quotes = []
    for n, sides in enumerate(outcomes):
        text = " ".join(f"w{n}x{i}" for i in range(20))
        number = n if articles is None else n % articles
        quotes += [
            Quote(f"{outlet}{number}", text, quote_type=kinds[side]) for outlet, side in zip("ab", sides, strict=True)
        ]
    return align(quotes)


def test_an_outcome_of_yes_or_no_is_tested_by_mcnemars_exact_test() -> None:
    outcomes = [(True, False)] * 12 + [(False, True)] * 3 + [(True, True)] * 10 + [(False, False)] * 5
    found = compare(pairs(outcomes), correction="none")["direct"]
    assert found.value == pytest.approx((12 - 3) / 30)
    assert found.p_value == pytest.approx(2 * sum(math.comb(15, k) for k in range(4)) / 2**15)
    assert found.estimator == "mean paired difference, article bootstrap 95%, p by exact McNemar test"
    assert found.group == {"outlet": "a", "against": "b", "over": "aligned quotes"}
    assert (found.articles, found.statements, found.p_adjusted) == (60, 60, None)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 9 / 30 < found.high
    assert found.note == "30 quotes of both in 30 unconnected groups"


def test_quotes_that_share_an_article_count_once_in_the_test() -> None:
    outcomes = [(True, False)] * 12
    apart, together = (compare(pairs(outcomes, articles=n), correction="none")["direct"] for n in (12, 3))
    assert (apart.p_value, together.p_value) == (2 / 2**12, 2 / 2**3)
    assert together.estimator.endswith("p by exact sign test")
    assert "12 quotes of both in 3 unconnected groups; rests on few articles (3 unconnected groups)" in (
        together.note or ""
    )


def test_the_design_effect_tells_that_quotes_of_an_article_resemble_each_other() -> None:
    # quotes n and n + 8 stand in the same articles and agree, so that their variance is about doubled
    outcomes = [(n % 2 == 0, n % 2 == 1) for n in range(16)]
    assert compare(pairs(outcomes, articles=8))["direct"].design_effect == pytest.approx(2 * (8 / 7) / (16 / 15))
    assert compare(pairs(outcomes))["direct"].design_effect == pytest.approx(1)


def test_events_tie_quotes_together() -> None:
    aligned = pairs([(True, False)] * 6)
    event = pl.when(pl.col("article_id").str.slice(1).is_in(["0", "1", "2"])).then(pl.lit("summit"))
    assert "6 quotes of both in 4 unconnected groups" in (
        compare(aligned.with_columns(event_id=event))["direct"].note or ""
    )


def test_how_much_is_kept_is_compared_by_the_sign_test() -> None:
    quotes = []
    for n in range(9):
        text = " ".join(f"w{n}x{i}" for i in range(20))
        short = cut(0, 10 + n % 2, text)
        quotes += [Quote(f"a{n}", text if n else short), Quote(f"b{n}", short if n else text)]
    found = compare(align(quotes), correction="none")["kept"]
    assert found.value == pytest.approx((4 * 0.5 + 4 * 0.45 - 0.5) / 9)
    assert found.p_value == pytest.approx(binomtest(8, 9).pvalue)


def test_verbs_and_places_are_compared() -> None:
    quotes = []
    for n in range(4):
        text = " ".join(f"w{n}x{i}" for i in range(20))
        quotes += [Quote(f"a{n}", text, cue="said", start=100)]
        quotes += [Quote(f"b{n}", text, cue="insisted", start=500, cue_class="attitude")]
    found = compare(align(quotes))
    values = {outcome: found[outcome].value for outcome in found}
    assert values == {
        "kept": 0.0,
        "direct": 0.0,
        "plain_verb": 1.0,
        "speech": 1.0,
        "lead": 1.0,
        "position": pytest.approx(-0.4),
    }
    assert found["kept"].p_value == 1.0
    assert found["lead"].low == pytest.approx(-1 + 2 * 0.05**0.25)
    assert found["lead"].high == 1.0
    assert "rule of three" in found["lead"].estimator
    assert found["lead"].correction == "Holm, 6 comparisons"


def test_a_quote_without_a_cue_says_nothing_of_verbs() -> None:
    found = compare(align([Quote("a1", UTTERANCE, cue=None, cue_class=None), Quote("b1", UTTERANCE)]))
    assert (found["plain_verb"].value, found["plain_verb"].note) == (None, "no quote of both a and b")
    assert found["kept"].value == 0.0


def test_one_quote_has_a_value_and_neither_interval_nor_test() -> None:
    found = compare(align([Quote("a1", UTTERANCE), Quote("b1", cut(0, 10))]))["kept"]
    assert (found.low, found.high, found.p_value) == (None, None, None)
    assert found.note == "1 quote of both in 1 unconnected group: no interval, no test"


def test_outlets_without_a_common_quote_have_empty_estimates_that_say_so() -> None:
    found = compare(align([Quote("a1", UTTERANCE), Quote("b1", OTHER)]))
    assert {(each.value, each.low, each.statements, each.note) for each in found.values()} == {
        (None, None, 0, "no quote of both a and b")
    }


def test_different_parts_of_an_utterance_are_not_compared() -> None:
    aligned = align(
        [Quote("c1", UTTERANCE), Quote("a1", cut(0, 12)), Quote("b1", cut(15, 28)), Quote("b2", cut(2, 11))]
    )
    found = compare(aligned.filter(pl.col("article_id") != "b2"))["kept"]
    assert (aligned.height, found.value) == (4, None)


def test_of_an_outlet_the_earliest_article_counts_and_in_it_the_fullest_version() -> None:
    quotes = [Quote("a1", cut(0, 9)), Quote("a2", cut(0, 10)), Quote("a2", cut(0, 20)), Quote("b1", UTTERANCE)]
    found = compare(align(quotes, days={"a1": 2, "a2": 1, "b1": 0}))["kept"]
    assert found.value == pytest.approx(20 / len(UTTERANCE.split()) - 1)


def test_an_article_that_tells_an_utterance_in_two_statements_keeps_the_words_of_both() -> None:
    aligned = align([Quote("a1", cut(0, 12)), Quote("a1", cut(10, 25)), Quote("b1", UTTERANCE)])
    size = len(UTTERANCE.split())
    assert aligned["kept"].to_list() == pytest.approx([12 / size, 15 / size, 1])
    assert aligned["kept_in_article"].to_list() == pytest.approx([25 / size, 25 / size, 1])
    assert compare(aligned)["kept"].value == pytest.approx(25 / size - 1)


def test_each_outlet_is_compared_with_the_baseline() -> None:
    aligned = align([Quote("a1", UTTERANCE), Quote("b1", UTTERANCE), Quote("c1", UTTERANCE)])
    found = ComparePairs(baseline="b")(aligned, ["a", "b", "c"], interval=QUICK)
    assert {(each.group["outlet"], each.group["against"]) for each in found} == {("a", "b"), ("c", "b")}
    with pytest.raises(ConfigError, match=r"align\.baseline: no outlet is called 'd'"):
        ComparePairs(baseline="d")(aligned, ["a", "b", "c"])
