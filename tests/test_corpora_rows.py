"""What becomes of one row: cleaning, dates, ids, languages, and the reasons why a row is no article."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from corpora_reading import ENGLISH, GERMAN, article, read_rows, reason
from hypothesis import given, settings
from hypothesis import strategies as st

from framing import registry
from framing.corpora.articles import clean
from framing.corpora.files import Files
from framing.errors import ConfigError
from framing.types import Article


def test_every_field_of_an_article_is_read(tmp_path: Path) -> None:
    row = {
        "article_id": "a1",
        "text": ENGLISH,
        "outlet": "Example Post",
        "published": "2024-03-01",
        "title": "Talks go on",
        "url": "https://example.org/a1",
        "language": "en",
        "event_id": "talks",
        "section": "world",
    }
    assert article(tmp_path, row) == Article(
        "a1",
        ENGLISH,
        outlet="Example Post",
        published=date(2024, 3, 1),
        title="Talks go on",
        url="https://example.org/a1",
        language="en",
        event_id="talks",
        extra={"section": "world"},
    )


def test_columns_with_other_names_are_mapped(tmp_path: Path) -> None:
    found = article(tmp_path, {"body": ENGLISH, "source": "Post"}, columns={"text": "body", "outlet": "source"})
    assert (found.text, found.outlet, found.extra) == (ENGLISH, "Post", {})


def test_a_field_mapped_to_null_is_not_read(tmp_path: Path) -> None:
    row = {"text": ENGLISH, "published": "32/13/2022"}
    assert article(tmp_path, row, columns={"published": None}).published is None


def test_a_mapping_for_a_field_that_articles_lack_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"corpus\.columns\.txt: .*did you mean 'text'"):
        registry.build("corpus", "files", {"path": "x", "columns": {"txt": "body"}}, place="corpus")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("columns", {"text": None}),
        ("encoding", "utf-9"),
        ("encoding", "rot13"),
        ("encoding", "idna"),
        ("delimiter", ";;"),
        ("delimiter", "\n"),
        ("languages", ()),
    ],
)
def test_an_option_that_cannot_work_is_refused_before_reading(option: str, value: Any) -> None:
    with pytest.raises(ConfigError, match=rf"^corpus\.{option}"):
        Files("x", **{option: value})


def test_the_outlet_of_the_configuration_is_for_articles_without_one(tmp_path: Path) -> None:
    rows = [{"text": ENGLISH + " One."}, {"text": ENGLISH + " Two.", "outlet": "Post"}]
    outlets = [found.outlet for found in read_rows(tmp_path, *rows, outlet="Gazette") if isinstance(found, Article)]
    assert outlets == ["Gazette", "Post"]


def test_line_ends_nul_bytes_and_byte_order_marks_are_cleaned_and_nothing_else(tmp_path: Path) -> None:
    given = "\ufeff  One \t“two”\u00a0…\r\n\r\nthree\0\rfour \n"
    assert article(tmp_path, {"text": given}, languages=None).text == "One \t“two”\u00a0…\n\nthree\nfour"


def test_a_lone_surrogate_becomes_a_replacement_character(tmp_path: Path) -> None:
    found = article(tmp_path, {"text": ENGLISH + "\ud83d", "title": "\udc00", "x\ud800": "\udfff"})
    assert found.text.endswith("said.\ufffd")
    assert found.title == "\ufffd"
    assert found.extra == {"x\ufffd": "\ufffd"}


def test_a_surrogate_pair_is_one_character(tmp_path: Path) -> None:
    assert article(tmp_path, {"text": ENGLISH + " \U0001f310"}).text.endswith(" \U0001f310")


@pytest.mark.parametrize("text", ["", "  \r\n\0", None, float("nan")])
def test_an_empty_text_is_rejected(tmp_path: Path, text: object) -> None:
    assert reason(tmp_path, {"text": text}).startswith("text is empty")


@pytest.mark.parametrize("text", [12, 1.5, True, ["a"], {"a": 1}])
def test_a_text_that_is_none_is_rejected_with_its_value(tmp_path: Path, text: object) -> None:
    assert reason(tmp_path, {"text": text}).startswith(f"text is {text!r}, expected text")


def test_a_row_without_the_text_names_the_nearest_column(tmp_path: Path) -> None:
    assert "no 'text'" in reason(tmp_path, {"texts": ENGLISH})
    assert "did you mean 'texts'?" in reason(tmp_path, {"texts": ENGLISH})


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-31",
        " 2024-03-31 ",
        "20240331",
        "2024-03-31T23:30:00",
        "2024-03-31 23:30",
        "2024-03-31T23:30:00Z",
        "2024-03-31T23:30:00.123456789+02:00",
        "2024-03-31 23:30:00 UTC",
        "Sun, 31 Mar 2024 23:30:00 +0200",
        "Sun, 31 Mar 2024 23:30:00 GMT",
        "31 Mar 2024",
    ],
)
def test_a_date_is_the_day_as_written_in_iso_or_rfc_2822(tmp_path: Path, written: str) -> None:
    assert article(tmp_path, {"text": ENGLISH, "published": written}).published == date(2024, 3, 31)


@pytest.mark.parametrize(
    "written",
    [
        "32/13/2022",
        "03/04/2024",
        "3 April",
        "2024",
        "2024-03",
        "2024-W13",
        "2024-02-30",
        "2024-03-31T99:00",
        "30 Feb 2024",
        "1 Foo 2024",
        "yesterday",
        "NaT",
        20240331,
        1711843200.0,
        True,
    ],
)
def test_any_other_date_is_rejected_with_its_value_and_the_way_out(tmp_path: Path, written: object) -> None:
    said = reason(tmp_path, {"text": ENGLISH, "published": written})
    assert said.startswith(f"published is {written!r}, expected an ISO date")
    assert "columns.published to null" in said


@pytest.mark.parametrize("missing", ["", " ", None, float("nan")])
def test_a_missing_date_is_no_date(tmp_path: Path, missing: object) -> None:
    assert article(tmp_path, {"text": ENGLISH, "published": missing}).published is None


def test_nested_values_are_left_out_of_extra(tmp_path: Path) -> None:
    assert article(tmp_path, {"text": ENGLISH, "tags": ["a"], "n": 3, "none": None}).extra == {"n": "3"}


def test_a_language_is_detected_where_the_article_brings_none(tmp_path: Path) -> None:
    assert article(tmp_path, {"text": ENGLISH}).language == "en"
    assert article(tmp_path, {"text": GERMAN}, languages=["de"]).language == "de"


def test_the_language_that_an_article_brings_is_believed(tmp_path: Path) -> None:
    assert article(tmp_path, {"text": GERMAN, "language": "en-GB"}).language == "en"


def test_an_article_in_another_language_is_rejected_with_the_way_out(tmp_path: Path) -> None:
    said = reason(tmp_path, {"text": GERMAN})
    assert said.startswith("language is 'de', expected one of en")
    assert "corpus.languages" in said


def test_with_languages_null_every_language_is_kept(tmp_path: Path) -> None:
    assert article(tmp_path, {"text": GERMAN}, languages=None).language == "de"


def test_a_text_too_short_to_be_sure_of_is_kept_without_a_language(tmp_path: Path) -> None:
    assert article(tmp_path, {"text": "NATO: no."}).language is None


def test_a_text_in_english_with_a_foreign_ending_is_english(tmp_path: Path) -> None:
    assert article(tmp_path, {"text": f"{ENGLISH * 6} {GERMAN}"}).language == "en"


def test_an_article_of_five_megabytes_is_read_whole(tmp_path: Path) -> None:
    text = ENGLISH * 50_000
    assert article(tmp_path, {"text": text}).text == text


def test_what_a_value_holds_is_cut_short_in_the_reason(tmp_path: Path) -> None:
    assert len(reason(tmp_path, {"text": ENGLISH, "published": "x" * 100_000})) < 300


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\r\n\0\ufeff\ud800")),
        min_size=1,
        max_size=8,
    )
)
def test_articles_written_as_json_lines_come_back_cleaned_and_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    rows = [{"article_id": number, "text": text} for number, text in enumerate(texts)]
    found = read_rows(tmp_path_factory.mktemp("round"), *rows, languages=None)
    assert len(found) == len(texts)
    for text, item in zip(texts, found, strict=True):
        assert (item.text if isinstance(item, Article) else "") == clean(text)


@given(st.text(st.characters() | st.sampled_from("\r\n\0\ufeff\ud800 ")))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters() | st.sampled_from("\r\n\0\ufeff\ud800 ")))
def test_a_cleaned_text_can_be_written(text: str) -> None:
    written = clean(text).encode("utf-8").decode("utf-8")
    assert not set("\r\0\ufeff") & set(written)
