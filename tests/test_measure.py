"""Groups, empty groups and notes: what every estimate keeps to, whatever the metric."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from measured import NET, QUICK, SHARE, estimate, outlets_of, tables

from framing.errors import ConfigError, CorpusError
from framing.measure import measure


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
