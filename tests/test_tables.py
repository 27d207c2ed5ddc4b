from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from framing import tables
from framing.errors import CorpusError
from framing.protocols import ArticleStatements
from framing.types import (
    Article,
    CueClass,
    Estimate,
    Label,
    QuoteType,
    Resolution,
    Span,
    Speaker,
    SpeakerKind,
    Stance,
    Statement,
)

TEXT = "“We will wait,” the minister said, “until spring.”"
ARTICLE = Article("a1", TEXT, outlet="Ledger", published=date(2023, 6, 1), language="en")
SPLIT = Statement(
    statement_id="a1:0-50",
    article_id="a1",
    content=(Span(0, 15), Span(35, 50)),
    cue=Span(29, 33),
    source=Span(16, 28),
    quote_type=QuoteType.DIRECT,
    cue_class=CueClass.SPEECH,
    confidence=0.9,
    extractor="rules",
    speaker_id="person:minister",
    resolution=Resolution.NOMINAL,
    resolution_confidence=0.7,
)


def test_a_split_statement_survives_the_door_and_back() -> None:
    rows = tables.table("statements", tables.statement_rows(ArticleStatements(ARTICLE, (SPLIT,))))
    assert rows["content"].to_list() == ["“We will wait,” “until spring.”"]
    assert rows["source"].to_list() == ["the minister"]
    assert tables.statements_from(rows) == [SPLIT]


def test_a_statement_without_cue_and_source_has_nulls_and_comes_back() -> None:
    bare = Statement("a1:0-15", "a1", (Span(0, 15),), None, None, QuoteType.DIRECT, None, 0.5, "rules")
    rows = tables.table("statements", tables.statement_rows(ArticleStatements(ARTICLE, (bare,))))
    assert rows.select("cue", "cue_start", "source_end", "cue_class", "speaker_id").row(0) == (None,) * 5
    assert tables.statements_from(rows) == [bare]


def test_a_stance_has_one_probability_column_for_each_label() -> None:
    probabilities = {Label.SUPPORT: 0.7, Label.OPPOSE: 0.1, Label.NEUTRAL: 0.15, Label.UNRELATED: 0.05}
    row = tables.stance_row(Stance("a1:0-15", "nato", Label.SUPPORT, False, probabilities, False, "linear"))
    found = tables.table("stances", [row])
    assert found.select("p_support", "p_oppose", "p_neutral", "p_unrelated").row(0) == (0.7, 0.1, 0.15, 0.05)


def test_rows_are_sorted_by_key_whatever_order_they_came_in() -> None:
    rows = [tables.speaker_row(Speaker(f"person:{name}", name, SpeakerKind.PERSON)) for name in "cab"]
    assert tables.table("speakers", rows)["name"].to_list() == ["a", "b", "c"]


def articles(count: int) -> list[tables.Row]:
    return [tables.article_row(Article(f"a{i:03d}", f"text {i} " * 50)) for i in range(count)]


def test_a_writer_that_runs_out_of_room_gives_the_same_rows_as_one_that_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = articles(40)
    monkeypatch.setattr(tables, "GROUP_BYTES", 3_000)
    writer = tables.TableWriter("articles", tmp_path / "parts")
    writer.add(reversed(rows))
    assert len(list((tmp_path / "parts").iterdir())) > 5
    assert writer.close(tmp_path / "articles.parquet") == 40
    assert not (tmp_path / "parts").exists()
    assert tables.read(tmp_path, "articles").equals(tables.table("articles", rows))


def test_the_same_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    for name, rows in (("one", articles(30)), ("two", articles(30)[::-1])):
        writer = tables.TableWriter("articles", tmp_path / "parts")
        writer.add(rows)
        writer.close(tmp_path / f"{name}.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_a_table_without_rows_still_has_its_columns(tmp_path: Path) -> None:
    assert tables.TableWriter("stances", tmp_path / "parts").close(tmp_path / "stances.parquet") == 0
    assert tables.read(tmp_path, "stances").columns == list(tables.SCHEMAS["stances"])


def test_two_rows_with_one_key_are_an_error_and_not_a_silent_loss(tmp_path: Path) -> None:
    writer = tables.TableWriter("articles", tmp_path / "parts")
    writer.add(articles(1) * 2)
    with pytest.raises(CorpusError, match="a000"):
        writer.close(tmp_path / "articles.parquet")


def test_estimates_have_one_column_for_each_grouping_key_and_null_where_not_grouped() -> None:
    overall = Estimate("m", {}, 0.5, 0.4, 0.6, 10, 20, 1.2, "bootstrap")
    grouped = Estimate("m", {"outlet": "Ledger"}, None, None, None, 0, 0, None, "bootstrap", note="empty")
    found = tables.estimates_table([grouped, overall])
    assert found["outlet"].to_list() == [None, "Ledger"]
    assert found["value"].to_list() == [0.5, None]


def test_a_file_that_is_no_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "articles.parquet").write_text("not parquet")
    with pytest.raises(CorpusError, match=r"articles\.parquet"):
        tables.read(tmp_path, "articles")
