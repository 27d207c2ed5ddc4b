"""Files of one article: texts with front matter, and web pages."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from corpora_reading import mixed, stream, texts, written

from framing.types import Article


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
