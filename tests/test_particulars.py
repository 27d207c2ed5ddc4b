"""No number without interval, counts, design effect, estimator, correction and policy on wire copy."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from chain import LABELS, TARGET, install, row, run
from wiring import text

from framing import cli, handcoding
from framing.comparison.compare import compare
from framing.particulars import particulars

MADE = {"articles", "statements", "design_effect", "estimator", "correction", "wire_policy"}
NAMED = ("design effect", "estimator", "correction", "wire copy")
INTERVAL = re.compile(r"\[(no interval|[+−]?[\d.]+%?, [+−]?[\d.]+%?)\]")
SAID = "yes, the door was open on the day we came and it will be open on the day we leave"
WORDS = ("yes", "no", "maybe", "weather")
CORPUS = [
    row(f"{outlet[0].lower()}{n:02}", outlet, f"Lee: {WORDS[n % 4]}, of course", *["Kim: no"] * (n % 3))
    for outlet, size in (("Ledger", 24), ("Herald", 16))
    for n in range(size)
]
CORPUS += [row(f"{name}99", outlet, f"Lee: {SAID}!", text(1)) for name, outlet in (("l", "Ledger"), ("h", "Herald"))]
MEASURE: dict[str, Any] = {
    "metrics": [
        "source_share",
        *({"kind": kind, "target": TARGET} for kind in ("net_stance", "stance_share")),
        {"kind": "stance_share", "target": TARGET, "by_speaker": False},
    ],
    "interval": {"resamples": 100},
    "compare": {"permutations": 99},
    "decompose": {},
    "align": {},
}
MULTIVERSE = {"confidence": [0.0], "abstention": ["run"], "window": ["all"], "unit": ["statement"], "resamples": 100}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run everything that makes estimates, once; no test writes into the folder."""
    folder = tmp_path_factory.mktemp("everything")
    with pytest.MonkeyPatch.context() as patched:
        install(patched)
        handcoding.sample(run(folder, CORPUS), folder / "sample", articles=14, by=["outlet"], seed=1)
        with (folder / "sample" / "coding_sheet.csv").open(encoding="utf-8-sig", newline="") as file:
            sheet = list(csv.DictReader(file))
        for item in sheet:
            item["label"] = str(LABELS.get(item["statement"].split()[0].strip(",.!"), "unrelated"))
        with (folder / "sample" / "ann.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, sheet[0])
            writer.writeheader()
            writer.writerows(sheet)
        correct = {"labels": str(folder / "sample" / "ann.csv")}
        made = run(folder, CORPUS, measure=MEASURE, correct=correct, multiverse=MULTIVERSE)
        assert cli.main(["multiverse", str(made)]) == 0
    return made


@pytest.fixture(scope="module")
def compared(everything: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compare the run with one without codes, once."""
    folder = tmp_path_factory.mktemp("compared")
    with pytest.MonkeyPatch.context() as patched:
        install(patched)
        other = run(folder, CORPUS[:30], measure=MEASURE)
        compare([f"first={everything}", f"second={other}"], folder / "out")
    return folder / "out"


def estimates(folder: Path) -> Iterator[tuple[str, pl.DataFrame]]:
    """Find the files of a folder that hold estimates: what has an interval."""
    for path in sorted(folder.iterdir()):
        if path.suffix in (".parquet", ".csv"):
            table = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)
            if {"low", "high"} & set(table.columns):
                yield path.name, table


def test_every_file_with_an_interval_says_how_its_estimates_were_made(everything: Path, compared: Path) -> None:
    found = [*estimates(everything), *estimates(compared)]
    assert [name for name, _ in found] == [
        *("error_rates.parquet", "estimates.parquet", "specifications.csv", "specifications.parquet"),
        "estimates.parquet",
    ]
    for name, table in found:
        assert {"value", "low", "high", *MADE} <= set(table.columns), name
        for column in MADE - {"design_effect"}:
            assert not table[column].null_count(), (name, column)


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """Yield each table of a page that has estimates, with the texts that stand before it in its section."""
    for section in re.findall(r"<section.*?</section>", page, re.DOTALL):
        for block in re.finditer(r"<table>.*?</table>", section, re.DOTALL):
            shown = unescape(re.sub("<[^>]+>", " ", block[0]))
            if INTERVAL.search(shown):
                before = section[: block.start()]
                notes = re.findall(r'<p class="note">(.*?)</p>', before, re.DOTALL)
                yield unescape(re.search("<thead>.*?</thead>", block[0], re.DOTALL)[0]), unescape(notes[-1])  # type: ignore[index]


@pytest.mark.parametrize("place", ["everything", "compared"])
def test_every_table_of_a_report_says_how_its_estimates_were_made(place: str, request: pytest.FixtureRequest) -> None:
    page = (request.getfixturevalue(place) / "report.html").read_text(encoding="utf-8")
    found = list(blocks(page))
    assert len(found) > 12
    for head, note in found:
        columns = [re.sub("<[^>]+>", "", title) for title in re.findall("<th.*?</th>", head)]
        for name in NAMED:
            assert name in columns or f"{name}: " in note.lower(), (name, columns, note)
        counted = {"articles", "statements"} <= set(columns) or "articles / statements that it rests on" in note
        assert counted, (columns, note)


def test_every_table_that_show_prints_says_how_its_estimates_were_made(
    everything: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["show", str(everything), "--all"]) == 0
    out = capsys.readouterr().out
    heads = re.findall(r"^  .*design effect.*$", out, re.MULTILINE)
    tables = re.split(r"^  .*design effect.*$", out, flags=re.MULTILINE)[1:]
    assert len(heads) > 12
    for head, table in zip(heads, tables, strict=True):
        for name in NAMED:
            assert name in head or f"{name}: " in table.lower(), (name, head)


def made(**changed: Any) -> dict[str, Any]:
    plain = {"value": 0.5, "design_effect": 1.5, "estimator": "ratio", "correction": "none", "wire_policy": "keep"}
    return {**plain, "articles": 2000, "statements": 3, **changed}


def test_what_holds_for_a_whole_table_is_said_once() -> None:
    found = particulars([[made()], [made(design_effect=None)]])
    assert found.said == "Estimator: ratio. Correction: none. Wire copy: keep."
    assert found.columns == ["design effect"]
    assert found.cells == [["1.50"], ["–"]]


def test_what_varies_has_a_column_and_empty_estimates_do_not_count_for_that() -> None:
    lines: list[list[dict[str, Any]]] = [
        [made()],
        [made(correction="Holm, 2 comparisons")],
        [made(value=None, estimator="none")],
    ]
    found = particulars(lines, counts=True)
    assert found.said == "Estimator: ratio. Wire copy: keep."
    assert found.columns == ["articles", "statements", "design effect", "correction"]
    assert found.cells[1] == ["2,000", "3", "1.50", "Holm, 2 comparisons"]


def test_estimates_side_by_side_are_told_column_by_column() -> None:
    lines: list[list[dict[str, Any] | None]] = [[made(), made(wire_policy="drop", design_effect=2.0)], [made(), None]]
    found = particulars(lines, ("with", "without"))
    assert found.said == "Estimator: ratio. Correction: none. Wire copy: keep (with); drop (without)."
    assert found.cells == [["1.50 / 2.00"], ["1.50 / –"]]


def test_nothing_is_said_of_a_table_without_rows() -> None:
    assert particulars([]) == ("", ["design effect"], [])
