"""How articles are told apart: ids given, ids made from the content, ids that came before."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from corpora_reading import ENGLISH, GERMAN, article, read_rows, reason

from framing.protocols import Rejection
from framing.types import Article


def test_an_article_without_an_id_gets_16_hex_digits_of_its_content(tmp_path: Path) -> None:
    row = {"text": ENGLISH, "outlet": "Post", "title": "Talks", "published": "2024-03-01"}
    found = article(tmp_path, row).article_id
    assert len(found) == 16
    assert set(found) <= set(string.hexdigits.lower())
    assert article(tmp_path, {**row, "section": "world"}).article_id == found
    for changed in ({"outlet": "Gazette"}, {"title": "Talk"}, {"published": "2024-03-02"}, {"text": ENGLISH + " No."}):
        assert article(tmp_path, {**row, **changed}).article_id != found


def test_the_id_does_not_depend_on_what_cleaning_removes(tmp_path: Path) -> None:
    one, other = "\ufeffOne\r\ntwo\0 ", "One\ntwo"
    ids = {article(tmp_path, {"text": text}, languages=None).article_id for text in (one, other)}
    assert len(ids) == 1


def test_the_url_identifies_before_the_title(tmp_path: Path) -> None:
    row = {"text": ENGLISH, "url": "https://example.org/a", "title": "Talks"}
    assert article(tmp_path, row).article_id == article(tmp_path, {**row, "title": "Talks (updated)"}).article_id


def test_the_second_article_with_an_id_is_rejected(tmp_path: Path) -> None:
    rows = [{"article_id": "a", "text": ENGLISH}, {"article_id": "a", "text": ENGLISH + " More."}]
    first, second = read_rows(tmp_path, *rows)
    assert isinstance(first, Article)
    assert isinstance(second, Rejection)
    assert second.row == 2
    assert "'a' came in an earlier row" in second.reason


def test_a_rejected_row_does_not_take_its_id_from_a_later_one(tmp_path: Path) -> None:
    rows = [{"article_id": "a", "text": GERMAN}, {"article_id": "a", "text": ENGLISH}]
    rejected, kept = read_rows(tmp_path, *rows)
    assert isinstance(rejected, Rejection)
    assert isinstance(kept, Article)


@pytest.mark.parametrize(("value", "expected"), [(7, "7"), ("../../etc/passwd", "../../etc/passwd"), (" a\nb ", "a b")])
def test_an_id_is_kept_as_text_of_one_line(tmp_path: Path, value: object, expected: str) -> None:
    assert article(tmp_path, {"article_id": value, "text": ENGLISH}).article_id == expected


def test_an_id_of_ten_thousand_characters_is_rejected(tmp_path: Path) -> None:
    said = reason(tmp_path, {"article_id": "x" * 10_000, "text": ENGLISH})
    assert "10,000 characters, expected 500 at most" in said
    assert len(said) < 300


@pytest.mark.parametrize("value", [1.0, False, ["a"], {"a": "b"}])
def test_a_name_that_is_neither_text_nor_a_whole_number_is_rejected(tmp_path: Path, value: object) -> None:
    assert reason(tmp_path, {"article_id": value, "text": ENGLISH}).startswith(f"article_id is {value!r}")


def test_a_number_is_a_title_as_it_is_written(tmp_path: Path) -> None:
    assert article(tmp_path, {"title": 1984, "text": ENGLISH}).title == "1984"
