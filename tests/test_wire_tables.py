"""Wire copy for a reader: headlines side by side, the ledger on the page, and the statements behind an estimate."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from chain import TARGET, install, run
from wiring import text

from framing import cli, tables
from framing.pipeline import render_again
from framing.wire_tables import as_text, wire_tables

NET = f"net_stance(target={TARGET})"


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def row(article_id: str, outlet: str, story: int, *said: str, title: str | None = None) -> dict[str, Any]:
    body = "\n".join([*said, text(story)])
    return {"id": article_id, "outlet": outlet, "published": "2024-03-01", "text": body, "title": title}


AGENCY = ("OSLO (AP) — Talks went on.", "Lee: yes, open it", "Kim: yes")
ROWS = [
    row("a1", "Ledger", 1, *AGENCY, title="Talks <b>go on</b>"),
    row("a2", "Ledger", 2, "Lee: no"),
    row("b1", "Herald", 1, *AGENCY),
    row("b2", "Herald", 3, "Kim: no"),
]


def test_every_headline_stands_with_and_without_wire_copy(tmp_path: Path) -> None:
    found = wire_tables(run(tmp_path, ROWS), ())
    assert found is not None
    assert found.headlines.columns == ["with wire copy", "without"]
    net = {line.group: [cell.split()[0] for cell in line.cells] for line in found.headlines.rows if line.metric == NET}
    assert net == {"everything": ["+0.33", "+0.00"], "Herald": ["+0.33", "−1.00"], "Ledger": ["+0.33", "+0.33"]}
    assert [line.cells[1].split(" · ")[1] for line in found.headlines.rows if line.group == "Herald"] == ["1 / 1"]
    assert found.sentence == (
        "2 of 4 articles print 1 text that other outlets print too; a news agency is credited in 1 of these texts."
    )


def test_a_cluster_is_shown_with_its_origin_its_shares_and_which_article_is_kept(tmp_path: Path) -> None:
    found = wire_tables(run(tmp_path, ROWS), ())
    assert found is not None
    (cluster,) = found.clusters
    assert (cluster.origin, cluster.basis, cluster.outlets) == ("Associated Press", "dateline of 2 of 2 articles", 2)
    assert [(copy.outlet, copy.cue, copy.kept) for copy in cluster.articles] == [
        ("Ledger", "OSLO (AP) —", True),
        ("Herald", "OSLO (AP) —", False),
    ]
    assert cluster.articles[0].share == "100% of it, 100% of the other"


def test_a_run_without_copies_says_so(tmp_path: Path) -> None:
    found = wire_tables(run(tmp_path, ROWS[:2] + ROWS[3:]), ["a note"])
    assert found is not None
    assert found.headlines.rows == []
    assert as_text(found) == ("wire copy\nOf 3 articles, none shares its text with one of another outlet.\na note")


def test_a_run_that_looked_for_none_has_no_section(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS, wire=None)
    assert wire_tables(folder, ()) is None
    assert 'id="wire"' not in (folder / "report.html").read_text(encoding="utf-8")


def test_the_page_shows_the_ledger_escaped_and_can_be_written_again(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS)
    page = (folder / "report.html").read_text(encoding="utf-8")
    section = page[page.index('<section id="wire">') :]
    section = section[: section.index("</section>")]
    assert "Talks &lt;b&gt;go on&lt;/b&gt;" in section
    assert "OSLO (AP) —" in section
    assert "dateline of 2 of 2 articles" in section
    assert render_again(folder).read_text(encoding="utf-8") == page


def test_behind_an_estimate_without_copies_stand_the_statements_of_articles_that_are_kept(tmp_path: Path) -> None:
    page = (run(tmp_path, ROWS) / "report.html").read_text(encoding="utf-8")
    conditions = [json.loads(unescape(found)) for found in re.findall(r'data-conditions="([^"]*)"', page)]
    dropped = [each["where"] for each in conditions if "wire_copy" in each["where"]]
    assert {tuple(where["wire_copy"]) for where in dropped} == {("no",)}
    assert not any("wire" in each["where"] for each in conditions)
    data = json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[0])
    assert [article["wire_copy"] for article in data["articles"]] == ["no", "no", "yes", "no"]


def test_differences_are_named_by_both_groups(tmp_path: Path) -> None:
    measured = {"metrics": [{"kind": "net_stance", "target": TARGET}], "interval": {"resamples": 100}, "compare": {}}
    folder = run(tmp_path, ROWS, measure=measured)
    found = wire_tables(folder, ())
    assert found is not None
    assert "Herald − Ledger × all articles" in [line.group for line in found.headlines.rows]


def test_the_summary_tells_differences_once_under_the_main_policy(tmp_path: Path) -> None:
    from framing.summary import Facts, sentences

    measured = {"metrics": [{"kind": "net_stance", "target": TARGET}], "interval": {"resamples": 100}, "compare": {}}
    folder = run(tmp_path, ROWS, measure=measured)
    assert tables.read(folder, "estimates")["wire"].drop_nulls().len() > 0
    facts = Facts({"articles": 4, "statements": 6}, 2, None, None)
    told = [each for each in sentences(folder, facts, ("outlet",)) if "tested over all articles" in each]
    assert len(told) == 1
    assert "of 1 difference tested" in told[0]


def test_show_prints_the_headlines_with_and_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", str(run(tmp_path, ROWS))]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"metric +group +with wire copy +without", shown)
    assert "2 of 4 articles print 1 text" in shown
