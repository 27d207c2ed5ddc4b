"""The page of a run: whatever the corpus holds is shown as text, and nothing is loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from chain import ROWS, TARGET, install, row, run

EVIL = "<script>alert('x')</script>"
CHARTS = {"charts": ["voice", {"kind": "stance_by_outlet", "target": TARGET}]}


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


class Page(HTMLParser):
    """The elements of a page, the text outside and inside of scripts, and every address it names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script" and self.scripts and self.cdata_elem == "script":
            self.scripts[-1] += data
        else:
            self.words += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(folder: Path) -> Page:
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def data_of(page: Page) -> Any:
    return json.loads(page.scripts[0])


def test_markup_in_text_title_outlet_and_speaker_is_shown_as_text(tmp_path: Path) -> None:
    evil = row("evil", f"Ledger {EVIL}", f"{EVIL}: yes {EVIL}", "Kim: no")
    evil["title"] = f"Title {EVIL}"
    folder = run(tmp_path, [evil, *ROWS], report={**CHARTS, "title": f"Report {EVIL}"})
    page = page_of(folder)
    assert len(page.of("script")) == 2
    for shown in (f"Title {EVIL}", f"Ledger {EVIL}", f"yes {EVIL}", f"Report {EVIL}"):
        assert shown in page.words
    assert EVIL in {statement["name"] for statement in data_of(page)["statements"]}
    source = (folder / "report.html").read_text(encoding="utf-8")
    assert "alert('x')" not in source.replace("&#39;", "").replace("\\u0027", "")


def test_text_that_would_close_the_block_of_data_stays_inside_it(tmp_path: Path) -> None:
    page = page_of(run(tmp_path, [row("a1", "Ledger", "</script><img src=x onerror=alert(1)>: yes")]))
    assert page.of("img") == []
    assert data_of(page)["statements"][0]["name"] == "</script><img src=x onerror=alert(1)>"


def test_quotes_in_a_group_do_not_break_out_of_an_attribute(tmp_path: Path) -> None:
    page = page_of(run(tmp_path, [row("a1", "He said \"x' onclick=alert(1)", "Kim: no")]))
    outlets = [json.loads(str(button["data-conditions"]))["where"].get("outlet") for button in page.of("button")[:-1]]
    assert ["He said \"x' onclick=alert(1)"] in outlets
    assert not any("onclick" in attributes for _, attributes in page.elements)


def test_the_page_asks_for_nothing_from_anywhere(tmp_path: Path) -> None:
    page = page_of(run(tmp_path, ROWS, report=CHARTS))
    addresses = [value for _, attrs in page.elements for name, value in attrs.items() if name in ("src", "href")]
    assert addresses
    assert all(str(value).startswith(("data:image/svg+xml;base64,", "#")) for value in addresses)


def test_only_the_script_and_style_of_the_page_itself_may_run(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS)
    page = page_of(folder)
    policy = next(str(meta["content"]) for meta in page.of("meta") if "http-equiv" in meta)
    script = re.search(r"script-src '(sha256-[^']+)'", policy)
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy
    assert script is not None
    assert script[1] == "sha256-" + base64.b64encode(hashlib.sha256(page.scripts[1].encode()).digest()).decode()


def test_the_text_of_every_article_is_whole_between_its_marks(tmp_path: Path) -> None:
    page = page_of(run(tmp_path, ROWS))
    for article in ROWS:
        assert article["text"] in page.words


def test_statements_in_the_text_point_to_their_record(tmp_path: Path) -> None:
    page = page_of(run(tmp_path, ROWS))
    spans = [attributes for attributes in page.of("span") if "data-s" in attributes]
    statements = data_of(page)["statements"]
    assert len(statements) == 15
    assert {int(n) for span in spans for n in str(span["data-s"]).split()} == set(range(15))
    assert [s["stances"][TARGET]["state"] for s in statements[:4]] == ["support", "oppose", "neutral", "unrelated"]


def test_articles_beyond_the_limit_are_left_out_and_counted(tmp_path: Path) -> None:
    page = page_of(run(tmp_path, ROWS, report={"articles": 2}))
    assert len([attrs for attrs in page.of("details") if attrs.get("class") == "article"]) == 2
    assert "3 more articles are in the run folder" in page.words
    assert len(data_of(page)["articles"]) == 2


def test_an_article_without_a_title_is_named_by_its_first_words(tmp_path: Path) -> None:
    page = page_of(run(tmp_path, [row("a1", "Ledger", "word " * 40)]))
    assert f" {'word ' * 15}word…" in page.words.replace("\n", " ")


def test_the_target_that_most_metrics_ask_about_colours_the_text_first(tmp_path: Path) -> None:
    page = page_of(run(tmp_path, ROWS, stance={"kind": "first_word", "targets": ["another", TARGET]}))
    assert page.words.index(f"Colour by {TARGET}another") > 0


def test_warnings_of_the_run_stand_in_the_summary(tmp_path: Path) -> None:
    assert "rejected.jsonl" in page_of(run(tmp_path, [*ROWS, {"id": "bad"}])).words


def test_a_table_names_what_its_metric_means_and_what_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from framing import report
    from framing.estimate_tables import Room

    monkeypatch.setattr(report, "PAGE", Room(rows=4))
    page = page_of(run(tmp_path, ROWS))
    assert "Share of the statements that each speaker has, in [0, 1]." in page.words
    assert re.search(r"\d+ more rows stand in estimates\.parquet", page.words)


def test_a_run_without_stances_has_no_choice_of_colours(tmp_path: Path) -> None:
    measure = {"metrics": ["source_share"], "interval": {"resamples": 100}}
    page = page_of(run(tmp_path, ROWS, stance=None, measure=measure))
    assert page.of("select") == []
