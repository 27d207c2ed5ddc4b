"""Wire copy in small made-up corpora: what is listed, with which origin, and what is left out and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wiring import article, text, words

from framing.corpora.wire.finder import WireCopy
from framing.errors import ConfigError
from framing.types import Article


def rows(articles: Sequence[Article], **options: object) -> pl.DataFrame:
    return WireCopy(**options)(articles).rows  # type: ignore[arg-type]


def clusters(found: pl.DataFrame) -> list[list[str]]:
    return sorted(found.group_by("cluster_id").agg(pl.col("article_id").sort())["article_id"].to_list())


CORPUS = [
    article("a1", "Ledger", text(1)),
    article("a2", "Ledger", text(2)),
    article("b1", "Herald", text(1)),
    article("b2", "Herald", text(3)),
    article("c1", "Courier", text(1, 90)),
]


def test_a_text_in_three_outlets_is_one_cluster_and_others_are_not_listed() -> None:
    found = rows(CORPUS)
    assert clusters(found) == [["a1", "b1", "c1"]]
    assert found["articles"].to_list() == [3, 3, 3]
    assert found["outlets"].to_list() == [3, 3, 3]


def test_containment_is_given_both_ways() -> None:
    found = {row["article_id"]: row for row in rows(CORPUS).iter_rows(named=True)}
    assert found["c1"]["share_in_centre"] == 1.0
    assert found["c1"]["share_of_centre"] == pytest.approx(86 / 196)
    assert found["a1"]["share_of_centre"] == 1.0


@pytest.mark.parametrize(("kept", "listed"), [(0.6, True), (0.4, False)])
def test_half_of_the_shorter_text_must_stand_in_the_longer(kept: float, listed: bool) -> None:
    taken = int(200 * kept)
    mixed = " ".join([*words(1)[:taken], *words(9, 200 - taken)])
    assert bool(clusters(rows([article("a", "Ledger", text(1)), article("b", "Herald", mixed)]))) is listed


def test_a_brief_quoted_inside_a_long_article_is_not_its_copy() -> None:
    quoted = " ".join([*words(2, 100), *words(1, 100)])
    pair = [article("a", "Ledger", text(1, 100)), article("b", "Herald", quoted)]
    assert clusters(rows(pair, reverse=0.4)) == [["a", "b"]]
    assert clusters(rows(pair, reverse=0.5)) == []


def test_copies_within_one_outlet_are_not_wire_copy() -> None:
    assert rows([article("a", "Ledger", text(1)), article("b", "Ledger", text(1))]).is_empty()


def test_both_versions_of_one_outlet_join_the_copy_of_another() -> None:
    corpus = [article("a1", "Ledger", text(1)), article("a2", "Ledger", text(1)), article("b", "Herald", text(1))]
    found = rows(corpus)
    assert clusters(found) == [["a1", "a2", "b"]]
    assert found["outlets"].to_list() == [2, 2, 2]


def test_texts_further_apart_than_the_window_are_not_compared() -> None:
    pair = [article("a", "Ledger", text(1), day=1), article("b", "Herald", text(1), day=9)]
    assert rows(pair).is_empty()
    assert clusters(rows(pair, within_days=8)) == [["a", "b"]]
    assert clusters(rows(pair, within_days=None)) == [["a", "b"]]


def test_an_article_without_a_date_is_compared_with_all_and_that_is_said() -> None:
    corpus = [article(f"a{day}", "Ledger", text(day), day=day) for day in (1, 20)]
    corpus.append(article("b", "Herald", text(20), day=None))
    ledger = WireCopy()(corpus)
    assert clusters(ledger.rows) == [["a20", "b"]]
    assert ledger.notes == ("articles without a date, compared with articles of any day: 1",)
    assert ledger.rows["origin"].to_list() == [None, None]
    assert ledger.rows["origin_basis"][0] == "unknown: 1 of 2 articles have no date"


def test_articles_without_an_outlet_are_not_compared_and_counted() -> None:
    ledger = WireCopy()([*CORPUS, article("d", None, text(1))])
    assert clusters(ledger.rows) == [["a1", "b1", "c1"]]
    assert ledger.notes == ("articles without an outlet, not compared: 1",)


@pytest.mark.parametrize(
    ("outlet", "said"), [(None, "none is known"), ("Ledger", "all are of 'Ledger'")], ids=["none", "one"]
)
def test_a_corpus_of_less_than_two_outlets_gives_an_empty_ledger_that_says_why(outlet: str | None, said: str) -> None:
    ledger = WireCopy()([article("a", outlet, text(1)), article("b", outlet, text(1))])
    assert ledger.rows.is_empty()
    assert ledger.notes == (f"no wire copy can be found: it is sought between outlets, and of 2 articles {said}",)


def test_an_empty_corpus_gives_an_empty_ledger_that_says_why() -> None:
    ledger = WireCopy()([])
    assert ledger.rows.is_empty()
    assert "of 0 articles none is known" in ledger.notes[0]


def test_short_texts_are_not_compared_and_counted() -> None:
    ledger = WireCopy()([article("a", "Ledger", text(1, 20)), article("b", "Herald", text(1, 20))])
    assert ledger.rows.is_empty()
    assert ledger.notes == ("articles of fewer than 20 shingles of their own, not compared: 2",)


def test_what_an_outlet_puts_under_its_articles_makes_no_copies() -> None:
    notice = text(99, 120)
    corpus = [
        article(f"{outlet}{number}", outlet, f"{text(100 * at + number, 60)}\n\n{notice}")
        for at, outlet in enumerate(["Ledger", "Herald"], start=1)
        for number in range(12)
    ]
    assert rows(corpus).is_empty()
    assert not rows(corpus[:9] + corpus[12:21]).is_empty()  # too few articles to know it for what it is


def test_the_agency_that_articles_credit_is_the_origin() -> None:
    corpus = [
        article("a", "Ledger", f"OSLO (AP) — {text(1)}", day=2),
        article("b", "Herald", f"OSLO (AP) — {text(1)}", day=2),
        article("c", "Courier", text(1), day=1),
        article("d", "Gazette", f"{text(1)}\nReuters contributed to this report.", day=2),
    ]
    found = rows(corpus)
    assert set(found["origin"]) == {"Associated Press"}
    assert set(found["origin_basis"]) == {"dateline of 2 of 4 articles"}
    assert found["agency"].to_list() == ["Associated Press", "Associated Press", None, "Reuters"]
    assert found["cue"].to_list()[0] == "OSLO (AP) —"
    assert found.filter("kept")["article_id"].to_list() == ["c"]


def test_the_agencys_own_article_is_the_one_kept() -> None:
    corpus = [article("a", "Ledger", text(1), day=1), article("b", "Reuters", text(1), day=2)]
    found = rows(corpus)
    assert set(found["origin_basis"]) == {"outlet of 1 of 2 articles"}
    assert found.filter("kept")["article_id"].to_list() == ["b"]


def test_without_a_cue_the_outlet_of_the_first_day_is_the_origin() -> None:
    corpus = [article("a", "Ledger", text(1), day=2), article("b", "Herald", text(1), day=1)]
    found = rows(corpus)
    assert found["origin"].to_list() == ["Herald", "Herald"]
    assert found["origin_basis"][0] == "earliest, 2024-03-01"
    assert found.filter("kept")["article_id"].to_list() == ["b"]


def test_two_outlets_on_the_first_day_leave_the_origin_open_and_the_longest_is_kept() -> None:
    found = rows([article("a", "Ledger", text(1, 150)), article("b", "Herald", text(1, 200))])
    assert found["origin"].to_list() == [None, None]
    assert found["origin_basis"][0] == "unknown: 2 outlets on the first day, 2024-03-01"
    assert found.filter("kept")["article_id"].to_list() == ["b"]


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 3))
def test_the_order_of_articles_changes_nothing_and_every_cluster_keeps_one(random: Random, undated: int) -> None:
    corpus = [
        article(f"{outlet}{story}", outlet, text(story, size), day=None if story < undated else 1 + story)
        for story in range(6)
        for outlet, size in (("Ledger", 120), ("Herald", 80), ("Courier", 50))
        if (story + size) % 4
    ]
    first = WireCopy()(corpus)
    second = WireCopy()(random.sample(corpus, len(corpus)))
    assert first.rows.equals(second.rows)
    assert first.notes == second.notes
    assert (first.rows.group_by("cluster_id").agg(pl.col("kept").sum())["kept"] == 1).all()
    assert first.rows["article_id"].is_unique().all()


@settings(max_examples=20, deadline=None)
@given(st.floats(0.25, 1.0), st.floats(0.0, 0.04), st.integers(0, 1000))
def test_a_copy_cut_to_a_quarter_or_more_and_edited_lightly_is_found(kept: float, edited: float, seed: int) -> None:
    chances = np.random.default_rng(seed).random(600)
    whole = zip(words(seed, 600), chances, strict=True)
    cut = [word if chance >= edited else "changed" for word, chance in whole][: int(600 * kept)]
    pair = [article("a", "Ledger", text(seed, 600)), article("b", "Herald", " ".join(cut))]
    assert clusters(rows(pair)) == [["a", "b"]]


def test_a_cluster_has_the_same_id_whatever_else_is_in_the_corpus() -> None:
    alone, among = rows(CORPUS), rows([*CORPUS, article("d", "Ledger", text(50)), article("e", "Herald", text(50))])
    assert set(alone["cluster_id"]) < set(among["cluster_id"])


def test_a_window_counts_days_between_dates_of_different_years() -> None:
    pair = [Article("a", text(1), "Ledger", date(2023, 12, 31)), Article("b", text(1), "Herald", date(2024, 1, 1))]
    assert clusters(rows(pair, within_days=1)) == [["a", "b"]]
    assert clusters(rows(pair, within_days=0)) == []


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"containment": 0.0}, "wire.containment"),
        ({"containment": 1.2}, "wire.containment"),
        ({"reverse": 0.7}, "wire.reverse"),
        ({"within_days": -1}, "wire.within_days"),
        ({"min_shingles": 0}, "wire.min_shingles"),
        ({"agencies": {"Fourpoint Wire": " "}}, "wire.agencies"),
    ],
)
def test_a_threshold_out_of_range_is_refused_by_its_name(options: dict[str, object], place: str) -> None:
    with pytest.raises(ConfigError, match=place):
        WireCopy(**options)  # type: ignore[arg-type]


def test_the_benchmark_writes_its_figures(tmp_path: Path) -> None:
    import importlib.util

    path = Path(__file__).parent.parent / "experiments" / "bench_wire.py"
    spec = importlib.util.spec_from_file_location("bench_wire", path)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    bench.main(["--articles", "300", "--tokens", "200", "--json", str(tmp_path / "bench.json")])
    figures = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert figures["articles_per_second"] > 0
    assert figures["copies_found"]["cut to 100%, 0% of words changed"] == 1.0
