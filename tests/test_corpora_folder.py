"""Which files of a folder are read, in what order, and what is said about the others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from framing.corpora.files import Files
from framing.errors import ConfigError, CorpusError
from framing.protocols import Rejection
from framing.types import Article


def read(root: Path, **options: Any) -> list[Article | Rejection]:
    return list(Files(str(root), **{"languages": None, **options})())


def texts(root: Path, **options: Any) -> list[str]:
    return [item.text for item in read(root, **options) if isinstance(item, Article)]


def rejections(root: Path, **options: Any) -> dict[str, str]:
    found = [item for item in read(root, **options) if isinstance(item, Rejection)]
    assert {item.row for item in found} <= {0}
    return {item.file: item.reason for item in found}


def fill(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = {".jsonl": f'{{"text": "{name}"}}', ".csv": f"text\n{name}"}.get(path.suffix, name)
        path.write_text(text, encoding="utf-8")


def test_a_folder_may_hold_a_mix_of_formats_and_is_read_in_the_order_of_its_paths(tmp_path: Path) -> None:
    fill(tmp_path, "b/2.txt", "c.JSONL", "a.csv", "b/10.txt", "b.jsonl", "b/d/3.txt")
    (tmp_path / "c.JSONL").write_text('{"text": "c.JSONL"}')
    assert texts(tmp_path) == ["a.csv", "b.jsonl", "b/10.txt", "b/2.txt", "b/d/3.txt", "c.JSONL"]


def test_a_file_in_a_folder_is_named_by_its_path_below_the_corpus(tmp_path: Path) -> None:
    fill(tmp_path, "b/a.txt", "c.txt")
    (tmp_path / "b/a.txt").write_text("")
    (found,) = [item for item in read(tmp_path) if isinstance(item, Rejection)]
    assert (found.file, found.row) == ("b/a.txt", 1)


def test_a_mapping_of_columns_leaves_the_texts_of_text_files_and_pages_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("source,body\nPost,a.csv\n")
    (tmp_path / "b.html").write_text(f'<meta property="og:site_name" content="Page"><p>{"It went on. " * 40}</p>')
    (tmp_path / "c.txt").write_text("---\nsource: Text\n---\nc.txt")
    found = read(tmp_path, columns={"text": "body", "outlet": "source"})
    assert [item.outlet for item in found if isinstance(item, Article)] == ["Post", "Page", "Text"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", ".b.txt", ".git/c.txt", "d/.DS_Store")
    assert [item.text for item in read(tmp_path) if isinstance(item, Article)] == ["a.txt"]
    assert rejections(tmp_path) == {}


def test_a_file_of_an_unknown_format_is_named(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "news.csv.gz", "README")
    assert list(rejections(tmp_path)) == ["README", "news.csv.gz"]
    assert "expected a name that ends in .csv," in rejections(tmp_path)["README"]


def test_a_pattern_chooses_among_the_files(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "2023/b.txt", "2024/c.txt", "2024/c.csv", "README")
    assert texts(tmp_path, pattern="*.txt") == ["2023/b.txt", "2024/c.txt", "a.txt"]
    assert texts(tmp_path, pattern="2024/*.txt") == ["2024/c.txt"]
    assert rejections(tmp_path, pattern="*.txt") == {}


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_file_without_a_row_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    assert "expected a header" in rejections(tmp_path)[name] or "holds no row" in rejections(tmp_path)[name]


def test_a_csv_of_nothing_but_a_header_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\n")
    assert "holds no row" in rejections(tmp_path)["a.csv"]


def test_a_broken_link_and_links_out_of_the_folder_are_named_and_not_read(tmp_path: Path) -> None:
    fill(tmp_path, "secret.txt", "elsewhere/b.txt")
    root = tmp_path / "corpus"
    fill(root, "a.txt")
    (root / "broken.txt").symlink_to(root / "nowhere.txt")
    (root / "out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "folder").symlink_to(tmp_path / "elsewhere")
    assert texts(root) == ["a.txt"]
    found = rejections(root)
    assert found["broken.txt"].startswith("a broken link")
    assert found["out.txt"].startswith("a link to a file outside")
    assert found["folder"].startswith("a link to a folder")


def test_a_link_inside_the_folder_is_read(tmp_path: Path) -> None:
    fill(tmp_path, "b.txt")
    (tmp_path / "a.txt").symlink_to("b.txt")
    first, second = read(tmp_path)
    assert isinstance(first, Article)
    assert isinstance(second, Rejection)
    assert "came in an earlier row" in second.reason


def test_a_folder_that_links_to_itself_is_read_once(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert texts(tmp_path) == ["a.txt"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "b.txt")
    assert texts(tmp_path) == ["a.txt"]
    assert rejections(tmp_path)["b.txt"].startswith("neither a file nor a folder")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("name", ["b.txt", "b.csv", "b.parquet", "b.html", "b.jsonl", "b"])
def test_what_may_not_be_read_is_named_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    fill(tmp_path, "a.txt", name, "c.txt") if "." in name else fill(tmp_path, "a.txt", f"{name}/b.txt", "c.txt")
    (tmp_path / name).chmod(0)
    found, rejected = texts(tmp_path), rejections(tmp_path)
    (tmp_path / name).chmod(0o700)
    assert found == ["a.txt", "c.txt"]
    assert list(rejected) == [name]
    assert "Permission denied" in rejected[name]


def test_a_file_that_fails_while_it_is_read_is_named_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "a.txt", "b.jsonl", "c.txt")

    def fail(path: Path, *_: object) -> Any:
        yield from ()
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr("framing.corpora.jsonl.rows", fail)
    assert texts(tmp_path) == ["a.txt", "c.txt"]
    assert "Input/output error" in rejections(tmp_path)["b.jsonl"]


def test_a_file_name_that_is_not_utf_8_is_written_with_escapes(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.dat"
    try:
        with open(path, "wb"):
            pass
    except OSError:
        pytest.skip("this file system takes no such name")
    fill(tmp_path, "a.txt")
    assert list(rejections(tmp_path)) == ["caf\\xe9.dat"]


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere: there is no such file or folder"):
        read(tmp_path / "nowhere")


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no file to read"):
        read(tmp_path)


def test_a_pattern_that_fits_nothing_is_an_error(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt")
    with pytest.raises(CorpusError, match=r"matches '\*\.jsonl'"):
        read(tmp_path, pattern="*.jsonl")


def test_a_file_of_another_format_is_an_error(tmp_path: Path) -> None:
    fill(tmp_path, "a.docx")
    with pytest.raises(CorpusError, match="no format that is read here"):
        read(tmp_path / "a.docx")


def test_a_packaged_corpus_is_read_by_its_name() -> None:
    found = list(Files("framing:demo/articles.jsonl")())
    assert len(found) == 48
    assert {item.language for item in found if isinstance(item, Article)} == {"en"}


def test_a_packaged_corpus_that_does_not_exist_is_named() -> None:
    with pytest.raises(ConfigError, match="framing:demos"):
        next(Files("framing:demos")())


def test_importing_the_readers_loads_no_heavy_package() -> None:
    code = "import sys, framing.corpora.files, framing.corpora.verbatim; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"polars", "pyarrow", "trafilatura", "lxml", "py3langid", "numpy"} & set(done.stdout.split())
