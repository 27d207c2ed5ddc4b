"""The demonstration corpus keeps what its data card promises."""

import json
import re
import unicodedata
from collections import Counter
from datetime import date
from functools import cache
from typing import Any

import pytest

from framing.resources import locate
from framing.types import Label, QuoteType, SpeakerKind

TARGETS = {"nato_expansion", "ukraine_in_nato"}
OPENING, CLOSING = '"“‘', '"”’'


@cache
def rows(name: str) -> list[dict[str, Any]]:
    lines = locate(f"framing:demo/{name}").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def texts() -> dict[str, str]:
    return {row["article_id"]: row["text"] for row in rows("articles.jsonl")}


def gold_statements() -> list[tuple[str, dict[str, Any]]]:
    return [(row["article_id"], statement) for row in rows("gold.jsonl") for statement in row["attributions"]]


def gold_spans() -> list[tuple[str, int, int]]:
    return [
        (article_id, start, end)
        for article_id, statement in gold_statements()
        for part in ("content", "cue", "source")
        for start, end in statement[part]
    ]


def test_every_event_is_covered_once_by_every_outlet() -> None:
    pairs = Counter((row["event_id"], row["outlet"]) for row in rows("articles.jsonl"))
    events = {event for event, _ in pairs}
    outlets = {outlet for _, outlet in pairs}
    assert (len(events), len(outlets)) == (8, 6)
    assert pairs == Counter((event, outlet) for event in events for outlet in outlets)


def test_articles_are_sorted_by_unique_ids_that_begin_with_their_event() -> None:
    ids = [row["article_id"] for row in rows("articles.jsonl")]
    assert ids == sorted(set(ids))
    assert all(row["article_id"].startswith(row["event_id"] + "-") for row in rows("articles.jsonl"))


def test_articles_have_150_to_350_words() -> None:
    lengths = {article_id: len(text.split()) for article_id, text in texts().items()}
    assert {article_id: n for article_id, n in lengths.items() if not 150 <= n <= 350} == {}


def test_articles_are_dated_in_the_year_of_their_event() -> None:
    years = {row["article_id"]: date.fromisoformat(row["published"]).year for row in rows("articles.jsonl")}
    assert {i: year for i, year in years.items() if i.split("-")[-2] != str(year)} == {}


def test_articles_of_one_event_appear_within_a_week() -> None:
    by_event: dict[str, list[date]] = {}
    for row in rows("articles.jsonl"):
        by_event.setdefault(row["event_id"], []).append(date.fromisoformat(row["published"]))
    assert all((max(dates) - min(dates)).days <= 7 for dates in by_event.values())


def test_text_holds_no_markup_and_no_control_characters() -> None:
    for row in rows("articles.jsonl"):
        for value in (row["title"], row["text"]):
            assert not re.search(r"[<>{}]", value), row["article_id"]
            odd = {c for c in value if unicodedata.category(c).startswith("C") and c != "\n"}
            assert odd == set(), row["article_id"]


def test_paragraphs_are_trimmed_and_separated_by_one_blank_line() -> None:
    for article_id, text in texts().items():
        paragraphs = text.split("\n\n")
        assert all(p and p == " ".join(p.split()) for p in paragraphs), article_id


def test_gold_covers_two_articles_of_every_outlet() -> None:
    outlet_of = {row["article_id"]: row["outlet"] for row in rows("articles.jsonl")}
    ids = [row["article_id"] for row in rows("gold.jsonl")]
    assert ids == sorted(set(ids))
    assert sorted(Counter(outlet_of[i] for i in ids).values()) == [2] * 6


def test_every_gold_article_has_six_statements_or_more() -> None:
    assert min(len(row["attributions"]) for row in rows("gold.jsonl")) >= 6


def test_gold_spans_lie_inside_their_article() -> None:
    assert [span for span in gold_spans() if not 0 <= span[1] < span[2] <= len(texts()[span[0]])] == []


def test_gold_spans_begin_and_end_at_a_word_or_a_quote_mark() -> None:
    for article_id, start, end in gold_spans():
        text = texts()[article_id]
        first, last = text[start], text[end - 1]
        assert first.isalnum() or first in OPENING, text[start:end]
        assert last.isalnum() or last in CLOSING, text[start:end]
        assert not (first.isalnum() and text[start - 1 : start].isalnum()), text[start:end]
        assert not (last.isalnum() and text[end : end + 1].isalnum()), text[start:end]


def test_gold_statements_have_content_in_order_and_one_cue_and_source_at_most() -> None:
    for article_id, statement in gold_statements():
        flat = [offset for span in statement["content"] for offset in span]
        assert flat, article_id
        assert flat == sorted(flat), article_id
        assert len(statement["cue"]) <= 1, article_id
        assert len(statement["source"]) <= 1, article_id


def test_gold_uses_the_closed_lists_of_the_package() -> None:
    for _, statement in gold_statements():
        assert statement["quote_type"] in set(QuoteType)
        assert statement["speaker_kind"] in set(SpeakerKind)
        assert statement["speaker"].strip()
        assert set(statement["stances"]) == TARGETS
        assert all(stance["label"] in set(Label) for stance in statement["stances"].values())
        assert all(isinstance(stance["conditional"], bool) for stance in statement["stances"].values())


@pytest.mark.parametrize("label", list(Label))
@pytest.mark.parametrize("target", sorted(TARGETS))
def test_gold_has_every_label_for_every_target(target: str, label: Label) -> None:
    assert label in {statement["stances"][target]["label"] for _, statement in gold_statements()}


def test_a_position_on_ukraine_is_a_position_on_expansion() -> None:
    for _, statement in gold_statements():
        stances = statement["stances"]
        if stances["ukraine_in_nato"]["label"] != Label.UNRELATED:
            assert stances["nato_expansion"] == stances["ukraine_in_nato"], statement["speaker"]


def test_an_unrelated_stance_is_never_conditional() -> None:
    stances = [stance for _, statement in gold_statements() for stance in statement["stances"].values()]
    assert not any(stance["conditional"] for stance in stances if stance["label"] == Label.UNRELATED)


def test_only_speakers_without_a_name_are_quoted_in_full() -> None:
    kinds = {statement["speaker_kind"] for _, statement in gold_statements() if statement["quote_type"] == "direct"}
    assert kinds == {SpeakerKind.ANONYMOUS}
