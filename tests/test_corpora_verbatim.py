"""`framing extract` reads texts exactly as given, so that offsets are right in the user's own files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpora.verbatim import Verbatim
from framing.errors import CorpusError
from framing.protocols import Rejection
from framing.types import Article


def read(*paths: Path) -> list[Article | Rejection]:
    return list(Verbatim(tuple(map(str, paths)))())


def lines(tmp_path: Path, *some: object) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in some), encoding="utf-8")
    return path


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_the_text_of_a_json_line_is_not_changed(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    (found,) = read(lines(tmp_path_factory.mktemp("line"), {"article_id": "a", "text": text}))
    assert found == Article("a", text)


def test_a_lone_surrogate_is_replaced_by_one_character(tmp_path: Path) -> None:
    (found,) = read(lines(tmp_path, {"article_id": "a", "text": "One\ud800 two"}))
    assert found == Article("a", "One\ufffd two")


@pytest.mark.parametrize("content", ["One\r\ntwo\0 \n", "---\ntitle: x\n---\nOne", " One", ""])
def test_the_text_of_a_file_is_not_changed(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content.encode())
    assert read(path) == [Article(path.as_posix(), content)]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for encoding in ("utf-8-sig", "utf-16"):
        path.write_bytes("“One”".encode(encoding))
        assert read(path) == [Article(path.as_posix(), "“One”")]


def test_a_line_without_an_id_gets_its_place(tmp_path: Path) -> None:
    path = lines(tmp_path, {"text": "One"}, {"article_id": 7, "text": "Two"})
    assert read(path) == [Article(f"{path.as_posix()}:1", "One"), Article("7", "Two")]


def test_paths_are_read_in_the_order_given_and_folders_in_the_order_of_their_files(tmp_path: Path) -> None:
    for name in ("z.txt", "folder/b.txt", "folder/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = read(tmp_path / "z.txt", tmp_path / "folder")
    assert [item.text for item in found if isinstance(item, Article)] == ["z.txt", "folder/a.txt", "folder/b.txt"]


def test_of_a_page_the_main_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    paragraphs = [f"The ministers met on day {n} and said that their talks on the plan would go on." for n in range(9)]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    path.write_text(f"<html><body><nav>Home</nav><article>{body}</article></body></html>")
    assert read(path) == [Article(path.as_posix(), "\n".join(paragraphs))]


@pytest.mark.parametrize("line", [{"article_id": "a"}, {"text": 3}, {"article_id": ["a"], "text": "One"}, [1], None])
def test_a_line_that_is_no_article_is_rejected_alone(tmp_path: Path, line: object) -> None:
    path = lines(tmp_path, line, {"article_id": "b", "text": "Two"})
    rejected, kept = read(path)
    assert isinstance(rejected, Rejection)
    assert (rejected.file, rejected.row) == ("a.jsonl", 1)
    assert kept == Article("b", "Two")


@pytest.mark.parametrize("name", ["nowhere.txt", "a.csv", "empty"])
def test_what_cannot_be_read_at_all_is_an_error_before_the_first_article(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.csv").write_text("text\nOne\n")
    with pytest.raises(CorpusError, match=name):
        next(iter(Verbatim((str(lines(tmp_path, {"text": "One"})), str(tmp_path / name)))()))
