"""Text tables as they come: well-formed, in odd encodings, cut off and broken."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from corpora_reading import mixed, stream, texts, written

from framing.corpora import rows
from framing.errors import CorpusError
from framing.types import Article

CAFE = "“No,” said the owner of the café, and the minister – who had come with his staff – left at once."


def as_jsonl(*some: str) -> str:
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in some)


def as_csv(*some: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["id", "text"], *enumerate(some)])
    return file.getvalue()


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize(("name", "write"), [("a.jsonl", as_jsonl), ("a.csv", as_csv), ("a.txt", "".join)])
def test_the_encoding_of_a_file_is_found_out(tmp_path: Path, name: str, write: Any, encoding: str) -> None:
    content = write([CAFE]) if name == "a.txt" else write(CAFE)
    assert texts(written(tmp_path, name, content.encode(encoding))) == [CAFE]


def test_lines_in_two_encodings_are_both_read(tmp_path: Path) -> None:
    content = as_jsonl("déjà vu").encode() + as_jsonl("naïve").encode("cp1252")
    assert texts(written(tmp_path, "a.jsonl", content)) == ["déjà vu", "naïve"]


def test_an_encoding_that_is_named_is_used(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", as_csv("Это новость").encode("cp1251"))
    assert texts(path, encoding="windows-1251") == ["Это новость"]


def test_a_line_of_damaged_utf_8_is_rejected_alone(tmp_path: Path) -> None:
    damaged = as_jsonl("It is a “café” here").encode().replace("é".encode(), b"\xc3")
    found, rejected = mixed(written(tmp_path, "a.jsonl", as_jsonl("One").encode() + damaged + as_jsonl("Two").encode()))
    assert found == ["One", "Two"]
    assert "byte 0xC3 behind" in rejected[2]
    assert "corpus.encoding" in rejected[2]


def test_a_byte_that_the_named_encoding_lacks_is_rejected(tmp_path: Path) -> None:
    found, rejected = mixed(written(tmp_path, "a.csv", b"text\nOne\nTw\x81\n"), encoding="windows-1252")
    assert found == ["One"]
    assert "byte 0x81 behind 'Tw'" in rejected[2]


def test_a_record_beyond_all_bounds_is_rejected_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framing.corpora.decoding.LONGEST_RECORD", 50)
    for encoding in ("utf-8", "utf-16"):
        content = as_jsonl("One", "x" * 500, "Two").encode(encoding)
        found, rejected = mixed(written(tmp_path, "a.jsonl", content))
        assert found == ["One", "Two"]
        assert rejected == {2: rows.TOO_LONG}


# JSON lines


def test_json_lines_keep_their_order_and_blank_lines_are_none(tmp_path: Path) -> None:
    content = as_jsonl("One") + "\r\n  \n\0\0" + as_jsonl("Two").replace("\n", "\r\n") + as_jsonl("Three").rstrip()
    assert texts(written(tmp_path, "a.jsonl", content)) == ["One", "Two", "Three"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nonsense", "not JSON (Expecting value at column 1), found 'nonsense', expected one whole JSON object a line"),
        ('{"text": "cut o', "not JSON (Unterminated string"),
        ("[1, 2]", "found a JSON list, [1, 2], expected an object"),
        ('"text"', "found a JSON str, 'text', expected an object"),
        ("null", "found a JSON NoneType"),
        ("[" * 100_000, "not JSON that can be read"),
        ('{"text": ' + "1" * 5_000 + "}", "not JSON that can be read"),
    ],
)
def test_a_line_that_is_no_object_is_rejected_alone(tmp_path: Path, line: str, expected: str) -> None:
    found, rejected = mixed(written(tmp_path, "a.jsonl", as_jsonl("One") + line + "\n" + as_jsonl("Two")))
    assert found == ["One", "Two"]
    assert list(rejected) == [2]
    assert rejected[2].startswith(expected)
    assert len(rejected[2]) < 300


def test_a_truncated_last_line_is_rejected(tmp_path: Path) -> None:
    found, rejected = mixed(written(tmp_path, "a.jsonl", as_jsonl("One", "Two")[:-8]))
    assert (found, list(rejected)) == (["One"], [2])


def test_a_mapped_column_that_no_line_has_is_reported_for_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", as_jsonl("One"))
    found, rejected = mixed(path, columns={"outlet": "sorce"})
    assert found == ["One"]
    assert rejected[0].startswith("no row has ['sorce']")


def test_the_first_article_comes_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", as_jsonl("One", "Two"))
    reading = stream(path)
    first = next(reading)
    with path.open("a") as file:
        file.write(as_jsonl("Three"))
    assert [item.text for item in [first, *reading] if isinstance(item, Article)] == ["One", "Two", "Three"]


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ends_are_found_out(tmp_path: Path, delimiter: str, end: str) -> None:
    lines = [f"text{delimiter}id", f'"One{end}and a half"{delimiter}1', "", f"Two{delimiter}2"]
    assert texts(written(tmp_path, "a.csv", end.join(lines))) == ["One\nand a half", "Two"]


def test_quoted_cells_hold_delimiters_quote_marks_and_line_ends(tmp_path: Path) -> None:
    given = ['"Yes," she said.', "One\n\ntwo, three", 'a "" b']
    assert texts(written(tmp_path, "a.csv", as_csv(*given))) == given


def test_a_cell_of_five_megabytes_is_read_whole_and_the_limit_of_the_csv_module_stays(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    assert texts(written(tmp_path, "a.csv", as_csv("ab c" * 1_250_000))) == ["ab c" * 1_250_000]
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(("line", "n_cells"), [("2", 1), ("2,b,c", 3)])
def test_a_row_with_too_few_or_too_many_cells_is_rejected_alone(tmp_path: Path, line: str, n_cells: int) -> None:
    found, rejected = mixed(written(tmp_path, "a.csv", f"id,text\n1,One\n{line}\n3,Three\n"))
    assert found == ["One", "Three"]
    assert rejected[2].startswith(f"{n_cells} cells, expected 2 as in the header")
    assert "(line 3)" in rejected[2]


def test_nul_bytes_in_a_cell_are_removed(tmp_path: Path) -> None:
    assert texts(written(tmp_path, "a.csv", "id,text\n1,O\0ne\n")) == ["One"]


def test_an_unclosed_quote_mark_takes_no_further_row_with_it(tmp_path: Path) -> None:
    content = 'id,outlet,text\n1,A,"One"\n2,A,"Two\nand a half\n3,"B","Three"\n4,B,Four\n'
    found, rejected = mixed(written(tmp_path, "a.csv", content))
    assert found == ["One", "Three", "Four"]
    assert list(rejected) == [2]
    assert "a quote mark is not closed" in rejected[2]


def test_after_an_unclosed_quote_mark_rows_without_quote_marks_are_read(tmp_path: Path) -> None:
    content = 'id,outlet,text\n1,A,"One"\n2,A,"Two\n3,B,Three\n4,B,Four\n'
    found, rejected = mixed(written(tmp_path, "a.csv", content))
    assert found == ["One", "Three", "Four"]
    assert list(rejected) == [2]


def test_the_paragraphs_of_a_truncated_last_record_are_not_taken_for_rows(tmp_path: Path) -> None:
    content = 'id,text\n1,One\n2,"Two, in short.\n\nOn Friday, he said no.\n\nOn Monday, she'
    found, rejected = mixed(written(tmp_path, "a.csv", content))
    assert found == ["One"]
    assert "5 lines from here on are no record" in rejected[2]


def test_a_quote_mark_inside_a_cell_is_rejected_rather_than_mangled(tmp_path: Path) -> None:
    found, rejected = mixed(written(tmp_path, "a.csv", 'id,text\n1,"She said "no" twice"\n2,Two\n'))
    assert found == ["Two"]
    assert "expected it doubled" in rejected[1]


def test_two_columns_of_one_name_are_no_header(tmp_path: Path) -> None:
    assert "two columns are called 'text'" in mixed(written(tmp_path, "a.csv", "text,text\nOne,Two\n"))[1][0]


def test_a_csv_without_the_text_column_stops_the_corpus_before_the_first_article(tmp_path: Path) -> None:
    written(tmp_path, "a.csv", as_csv("One"))
    written(tmp_path, "b.csv", "id,txt\n1,One\n")
    with pytest.raises(CorpusError, match=r"b\.csv: there is no column 'text'.*did you mean 'txt'"):
        next(stream(tmp_path))


def test_a_mapped_column_that_a_table_lacks_stops_the_corpus(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "sources,text\nPost,One\n")
    with pytest.raises(CorpusError, match=r"'source'; set corpus\.columns\.outlet .*did you mean 'sources'"):
        next(stream(path, columns={"outlet": "source"}))


def test_the_first_csv_article_comes_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "id,text\n1,One\n2,Two\n")
    reading = stream(path)
    first = next(reading)
    with path.open("a") as file:
        file.write("3,Three\n")
    assert [item.text for item in [first, *reading] if isinstance(item, Article)] == ["One", "Two", "Three"]
