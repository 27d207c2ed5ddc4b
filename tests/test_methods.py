"""What the methods section says of a run, and what it leaves unsaid."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from chain import ROWS, TARGET, install, row, run

from framing import methods, threats
from framing.methods import REFERENCES, Record
from framing.resources import read_yaml
from framing.run import read_manifest


@pytest.fixture(autouse=True)
def chain_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def record(folder: Path) -> Record:
    manifest = read_manifest(folder)
    return Record(**{name: getattr(manifest, name) for name in Record._fields})


def said(folder: Path) -> str:
    return " ".join(sentence.text for sentence in methods.methods(folder, record(folder)).sentences)


def cited(folder: Path) -> set[str]:
    return {reference.key for reference in methods.methods(folder, record(folder)).references}


def listed(folder: Path) -> dict[str, threats.Threat]:
    return {each.name: each for each in threats.threats(folder, record(folder))}


def test_corpus_parts_abstention_and_metrics_are_told_from_the_run(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS)
    text = said(folder)
    assert "The corpus has 5 articles of 2 outlets, dated 2024-03-01 to 2024-04-02 (1 without a date)" in text
    assert f"Its fingerprint is {(read_manifest(folder).corpus_sha256 or '')[:12]}." in text
    assert "15 statements were found by the part 'colon' (extractor colon)" in text
    assert "It abstained from 3 of 15 decisions (20.0%)" in text
    assert f"net_stance(target={TARGET}), source_share" in text
    assert "The errors of the stance classifier were not corrected." in text


def test_nothing_is_claimed_or_cited_that_the_run_did_not_do(tmp_path: Path) -> None:
    measure: dict[str, Any] = {"metrics": ["source_share"], "interval": {"resamples": 100}}
    folder = run(tmp_path, ROWS, wire=None, stance=None, measure=measure)
    text = said(folder)
    assert "Wire copy was not looked for." in text
    assert "No stance was asked for." in text
    for word in ("MinHash", "tested", "corrected", "abstained", "split", "aligned", "events"):
        assert word not in text
    assert not cited(folder) & {"broder1997", "holm1979", "duchi2023", "kriesi2008", "kitagawa1955"}
    assert "sigal1973" in cited(folder)
    assert not {"classifier error", "many comparisons", "abstention"} & set(listed(folder))
    assert listed(folder)["wire copy"].status == threats.NOT_CHECKED


def test_tests_are_told_with_their_adjustment(tmp_path: Path) -> None:
    measure: dict[str, Any] = {
        "metrics": [{"kind": "net_stance", "target": TARGET}],
        "interval": {"resamples": 100},
        "compare": {"correction": "benjamini_hochberg"},
    }
    rows = [row(f"{outlet}{n}", outlet, f"Lee: {'yes' if n % 3 else 'no'}") for outlet in "AB" for n in range(6)]
    folder = run(tmp_path, rows, measure=measure)
    assert "adjusted within each family by Benjamini–Hochberg, not across families" in said(folder)
    assert "benjamini1995" in cited(folder)
    assert "holm1979" not in cited(folder)
    found = listed(folder)
    assert found["many comparisons"].status == threats.CHECKED
    assert found["outlets report different events"].status == threats.NOT_CHECKED
    assert found["few clusters"].found.endswith("rest on few articles or events (†)")


def test_threats_to_labels_are_not_checked_without_hand_codes(tmp_path: Path) -> None:
    found = listed(run(tmp_path, ROWS))
    for name in ("classifier error", "differential error between groups", "agreement of coders"):
        assert (found[name].status, found[name].anchor) == (threats.NOT_CHECKED, None)
    assert found["abstention"].found == "20.0% abstained from, from 0.0% in (none) to 50.0% in Herald"
    assert found["abstention"].anchor is None
    assert "not compared: 5" in found["wire copy"].found


def test_every_link_of_the_section_leads_somewhere_and_names_are_escaped(tmp_path: Path) -> None:
    rows = [row("x1", "<i>Mail", "Lee: yes"), row("x2", "Ledger", "Kim: no", "Kim: unsure")]
    page = (run(tmp_path, rows) / "report.html").read_text(encoding="utf-8")
    section = page[page.index('<section id="methods">') :]
    section = section[: section.index("</section>")]
    targets = re.findall(r'href="#([^"]+)"', section)
    assert targets
    assert all(f'id="{target}"' in page for target in targets)
    assert "&lt;i&gt;Mail" in section
    assert "<i>Mail" not in section


def test_every_reference_that_can_be_cited_is_complete() -> None:
    works = read_yaml(REFERENCES)
    named = {key for keys in (*methods.CITED_FOR.values(), *methods.ADJUSTED_BY.values()) for key in keys}
    assert named <= set(works)
    for work in works.values():
        assert set(work) == {"cite", "authors", "year", "title", "venue"}
        assert work["cite"].split(",")[0].split()[0] == work["authors"].split(",")[0]
