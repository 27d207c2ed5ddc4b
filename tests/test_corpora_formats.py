"""Each file format as it comes: well-formed, in odd encodings, cut off and broken."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from framing.corpora import rows
from framing.corpora.files import Files
from framing.errors import CorpusError
from framing.protocols import Rejection
from framing.types import Article

CAFE = "“No,” said the owner of the café, and the minister – who had come with his staff – left at once."


def stream(path: Path, **options: Any) -> Iterator[Article | Rejection]:
    return Files(str(path), **{"languages": None, **options})()


def written(tmp_path: Path, name: str, content: bytes | str) -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def texts(path: Path, **options: Any) -> list[str]:
    found = list(stream(path, **options))
    assert not [item for item in found if isinstance(item, Rejection)]
    return [item.text for item in found if isinstance(item, Article)]


def mixed(path: Path, **options: Any) -> tuple[list[str], dict[int, str]]:
    """Return the texts of a file and the reasons of its rejected rows."""
    found = list(stream(path, **options))
    rejected = {item.row: item.reason for item in found if isinstance(item, Rejection)}
    return [item.text for item in found if isinstance(item, Article)], rejected


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


# Parquet


def parquet(tmp_path: Path, columns: dict[str, Any], **options: Any) -> Path:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path


def test_parquet_rows_are_read_with_their_types(tmp_path: Path) -> None:
    when = pa.array([datetime.datetime(2024, 3, 31, 23, 30)] * 2, pa.timestamp("ns", tz="Europe/Oslo"))
    outlets = pa.array(["Post", "Post"]).dictionary_encode()
    path = parquet(tmp_path, {"article_id": [1, 2], "text": ["One", "Two"], "published": when, "outlet": outlets})
    found = [item for item in stream(path) if isinstance(item, Article)]
    assert [(item.article_id, item.text, item.outlet) for item in found] == [("1", "One", "Post"), ("2", "Two", "Post")]
    assert {item.published for item in found} == {datetime.date(2024, 4, 1)}  # as stored: half past one in Oslo


def test_a_parquet_value_that_cannot_be_read_rejects_its_row_alone(tmp_path: Path) -> None:
    binary = pa.array([b"One", b"Tw\xff", b"Three"])
    unchecked = pa.Array.from_buffers(pa.string(), len(binary), binary.buffers())
    found, rejected = mixed(parquet(tmp_path, {"text": unchecked}))
    assert found == ["One", "Three"]
    assert list(rejected) == [2]


def test_a_broken_parquet_file_is_rejected_as_a_whole_and_the_next_is_read(tmp_path: Path) -> None:
    whole = parquet(tmp_path, {"text": ["One"]}).read_bytes()
    written(tmp_path, "b.parquet", whole[: len(whole) // 2])
    written(tmp_path, "c.txt", "Two")
    found, rejected = mixed(tmp_path)
    assert found == ["One", "Two"]
    assert rejected[0].startswith("not a whole Parquet file")


def test_a_damaged_row_group_loses_its_own_rows_only(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"text": [f"{n} {os.urandom(99).hex()}" for n in range(30)]}, row_group_size=10)
    content = bytearray(path.read_bytes())
    group = pq.ParquetFile(path).metadata.row_group(1).column(0)
    start = group.dictionary_page_offset or group.data_page_offset
    content[start : start + 200] = b"\xff" * 200
    path.write_bytes(content)
    found, rejected = mixed(path)
    assert [int(text.split()[0]) for text in found] == [*range(10), *range(20, 30)]
    assert rejected[11].startswith("rows 11 to 20 are damaged")


def test_a_parquet_file_without_the_text_column_stops_the_corpus(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"body_text": ["One"]})
    with pytest.raises(CorpusError, match=r"'text'; set corpus\.columns\.text .*did you mean 'body_text'"):
        next(stream(path))


def test_one_batch_of_a_parquet_file_is_in_memory_at_a_time(tmp_path: Path) -> None:
    path = parquet(
        tmp_path, {"text": [os.urandom(50_000).hex() for _ in range(400)]}, use_dictionary=False, write_batch_size=8
    )
    before = pa.total_allocated_bytes()
    reading = stream(path)
    next(reading)
    assert pa.total_allocated_bytes() - before < path.stat().st_size / 4


# Text and web pages


def test_a_text_file_is_one_article(tmp_path: Path) -> None:
    assert texts(written(tmp_path, "a.txt", "One\r\n\r\ntwo")) == ["One\n\ntwo"]


def test_front_matter_gives_the_fields_of_a_text(tmp_path: Path) -> None:
    content = (
        "\ufeff---\r\nsource: Post\r\ndate: 2024-03-31\r\ntitle: 1984\r\nsection: world\r\n---\r\n\r\nOne\r\n---\r\ntwo"
    )
    columns = {"outlet": "source", "published": "date"}
    (found,) = stream(written(tmp_path, "a.txt", content), columns=columns)
    assert isinstance(found, Article)
    assert (found.outlet, found.published, found.title) == ("Post", datetime.date(2024, 3, 31), "1984")
    assert (found.text, found.extra) == ("One\n---\ntwo", {"section": "world"})


@pytest.mark.parametrize("front", ["a: b: c", "published: 2024-13-45", "a: !!python/object/apply:os.getcwd []", "{"])
def test_front_matter_that_is_no_yaml_is_rejected(tmp_path: Path, front: str) -> None:
    _, rejected = mixed(written(tmp_path, "a.txt", f"---\n{front}\n---\nOne"))
    assert rejected[1].startswith("the front matter between --- is no YAML")


def test_rules_around_a_headline_are_no_front_matter(tmp_path: Path) -> None:
    assert texts(written(tmp_path, "a.txt", "---\nTalks go on\n---\nOne")) == ["---\nTalks go on\n---\nOne"]


PARAGRAPH = "<p>The ministers met in the capital on Friday and said that their talks on the {} plan would go on.</p>"
PAGE = f"""<!DOCTYPE html><html><head><title>Talks go on | Example Post</title>
<meta property="og:site_name" content="Example Post"><meta property="og:title" content="Talks go on">
<meta property="og:url" content="https://example.org/talks">
<meta property="article:published_time" content="2024-03-31T10:00:00Z">
<meta property="article:modified_time" content="2024-04-09T10:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article>{"".join(PARAGRAPH.format(n) for n in ("first", "café", "third"))}
</article><footer>© Example Post 2025</footer></body></html>"""


def test_a_page_gives_its_main_text_and_its_metadata(tmp_path: Path) -> None:
    (found,) = stream(written(tmp_path, "a.html", PAGE))
    assert isinstance(found, Article)
    assert len(found.text.split("\n")) == 3
    assert not {"Home", "2025"} & set(found.text.split())
    assert (found.title, found.outlet, found.url) == ("Talks go on", "Example Post", "https://example.org/talks")
    assert found.published == datetime.date(2024, 3, 31)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "iso-8859-1"),
        ("cp1252", "iso-8859-1"),
        ("cp1252", ""),
        ("utf-16", "utf-16"),
        ("cp850", "cp850"),
        ("cp1252", "hex"),
    ],
)
def test_a_page_is_read_as_utf_8_and_else_as_it_declares(tmp_path: Path, encoding: str, declared: str) -> None:
    page = PAGE.replace("<head>", f'<head><meta charset="{declared}">').replace("©", "")
    assert "café" in texts(written(tmp_path, "a.html", page.encode(encoding)))[0]


def test_nul_bytes_and_stray_bytes_outside_of_the_text_do_not_cut_a_page_off(tmp_path: Path) -> None:
    content = PAGE.replace("Home", "H\0me").encode().replace("©".encode(), b"\xc2")
    assert "third plan" in texts(written(tmp_path, "a.html", content))[0]


def test_a_page_with_damaged_text_is_rejected(tmp_path: Path) -> None:
    _, rejected = mixed(written(tmp_path, "a.html", PAGE.encode().replace("é".encode(), b"\xc3")))
    assert "byte 0xC3" in rejected[1]


@pytest.mark.parametrize("page", ["", "<html></html>", "<div>" * 3_000, "\x89PNG\r\n\x1a\n\0\0\0"])
def test_a_page_without_an_article_is_rejected(tmp_path: Path, page: str) -> None:
    found, rejected = mixed(written(tmp_path, "a.html", page.encode("latin-1")))
    assert found == []
    assert list(rejected) == [1]
