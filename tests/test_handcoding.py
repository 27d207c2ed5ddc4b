"""The hand-coding round trip: plan, draw, code, read back, compare."""

from __future__ import annotations

import csv
import json
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from chain import LABELS, TARGET, install, row, run

from framing import cli, handcoding, pipeline
from framing.coding.codes import check_units
from framing.coding.corrections import read_hand_codes
from framing.coding.design import read_sample
from framing.coding.read import read_codes
from framing.errors import ConfigError, CorpusError
from framing.measure.correction import corrected
from framing.measure.names import parse

WORDS = ("yes", "no", "maybe", "weather")
ROWS = [
    row(
        f"{outlet[0].lower()}{number:03}",
        outlet,
        f"Lee: {WORDS[number % 4]}, of course",
        *[f"Kim: {WORDS[(number * 7) % 3]} again"] * (number % 3),
        "Nothing more was said.",
    )
    for outlet, size in (("Ledger", 60), ("Herald", 30))
    for number in range(size)
]
EMPTY = [row(f"l9{number}", "Ledger", "Nothing was said.") for number in range(10)]


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one run for all tests, none of which writes into it."""
    with pytest.MonkeyPatch.context() as patched:
        install(patched)
        return run(tmp_path_factory.mktemp("run"), [*ROWS, *EMPTY])


def coded(folder: Path, coder: str, *, slips: int = 0) -> Path:
    """Fill in a coding sheet by the first word of each statement; every `slips`-th label is another."""
    with (folder / "coding_sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        sheet = list(csv.DictReader(file))
    for number, item in enumerate(sheet):
        label = str(LABELS.get(item["statement"].split()[0].strip(",.!"), "unrelated"))
        item["label"] = "neutral" if slips and number % slips == 0 else label
    path = folder / f"{coder}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sheet[0])
        writer.writeheader()
        writer.writerows(sheet)
    return path


def drawn(folder: Path, output: Path, **changes: Any) -> str:
    return handcoding.sample(folder, output, **{"articles": 10, "by": ["outlet"], "seed": 1, **changes})


def test_the_sheet_has_every_statement_of_the_drawn_articles_with_its_passage_and_hides_outlet_and_label(
    folder: Path, tmp_path: Path
) -> None:
    said = drawn(folder, tmp_path / "sample", proposition="The door is open.")
    assert "Herald: 10 of 30 articles, each with probability 0.3333" in said
    with (tmp_path / "sample" / "coding_sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        sheet = list(csv.DictReader(file))
    loaded = pipeline.load_tables(folder)
    sample = read_sample(tmp_path / "sample" / "sample.csv", loaded["articles"])
    own = loaded["statements"].filter(pl.col("article_id").is_in(sample["article_id"].implode()))
    assert {item["unit"] for item in sheet} == set(own["statement_id"])
    assert len(sheet) == own.height
    for item in sheet:
        assert item["proposition"] == "The door is open."
        assert item["statement"] in item["context"]
        assert (item["label"], item["coder"]) == ("", "")
        assert not {"Ledger", "Herald"} & set(item.values())


def test_label_studio_tasks_hold_the_same_statements_and_the_config_shows_what_they_have(
    folder: Path, tmp_path: Path
) -> None:
    drawn(folder, tmp_path / "sample")
    tasks = json.loads((tmp_path / "sample" / "label_studio.json").read_text(encoding="utf-8"))
    with (tmp_path / "sample" / "coding_sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [task["data"]["unit"] for task in tasks] == [item["unit"] for item in csv.DictReader(file)]
    view = ElementTree.parse(tmp_path / "sample" / "label_studio.xml").getroot()  # noqa: S314
    shown = {value[1:] for element in view.iter() for value in element.attrib.values() if value.startswith("$")}
    assert shown <= set(tasks[0]["data"])
    choices = next(view.iter("Choices"))
    assert choices.get("name") == "label"
    assert {choice.get("value") for choice in choices} == {"support", "oppose", "neutral", "unrelated"}
    assert {element.get("toName") for element in view.iter() if element.get("toName")} <= {
        element.get("name") for element in view.iter()
    }


def test_what_label_studio_exports_for_these_tasks_is_read_back(folder: Path, tmp_path: Path) -> None:
    drawn(folder, tmp_path / "sample")
    tasks = json.loads((tmp_path / "sample" / "label_studio.json").read_text(encoding="utf-8"))
    result = {"from_name": "label", "to_name": "statement", "type": "choices", "value": {"choices": ["support"]}}
    export = [{**task, "id": 1, "annotations": [{"completed_by": 1, "result": [result]}]} for task in tasks]
    (tmp_path / "export.json").write_text(json.dumps(export), encoding="utf-8")
    codes = read_codes([tmp_path / "export.json"])
    assert len(codes.given) == len(tasks)
    check_units(codes, set(pipeline.load_tables(folder)["statements"]["statement_id"]), among="the run")


def test_the_design_is_kept_beside_the_sample(folder: Path, tmp_path: Path) -> None:
    drawn(folder, tmp_path / "sample")
    design = json.loads((tmp_path / "sample" / "design.json").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert design["corpus_sha256"] == manifest["corpus_sha256"]
    assert [stratum["articles"] for stratum in design["strata"]] == [30, 70]


def test_a_sample_that_may_hold_codes_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    drawn(folder, tmp_path / "sample")
    with pytest.raises(CorpusError, match=r"sample\.csv: is there already"):
        drawn(folder, tmp_path / "sample")


def test_a_run_whose_labels_come_from_elsewhere_shows_the_name_of_its_target(folder: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(folder, copied)
    manifest = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    manifest["config"]["stance"] = None
    (copied / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    drawn(copied, tmp_path / "sample")
    assert f'"proposition": "{TARGET}"' in (tmp_path / "sample" / "label_studio.json").read_text(encoding="utf-8")


def test_a_run_without_texts_cannot_be_coded(tmp_path: Path) -> None:
    corpus = {"kind": "lines", "path": str(tmp_path / "corpus.jsonl"), "keep_text": False}
    without = run(tmp_path, ROWS, corpus=corpus)
    with pytest.raises(ConfigError, match=r"has no text of it.*keep_text"):
        drawn(without, tmp_path / "sample")


def test_coders_agree_with_each_other_and_the_run_through_the_command(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn(folder, tmp_path / "sample")
    ann, bea = coded(tmp_path / "sample", "ann"), coded(tmp_path / "sample", "bea", slips=5)
    asked = ["--run", str(folder), "--sample", str(tmp_path / "sample"), "--json", str(tmp_path / "agree.json")]
    assert cli.main(["agree", str(ann), str(bea), *asked, "--resamples", "200"]) == 0
    out = capsys.readouterr().out
    assert "human–human" in out
    assert "bea – model" in out
    found = json.loads((tmp_path / "agree.json").read_text(encoding="utf-8"))
    values = {(each["comparison"], each["coefficient"]): each for each in found["figures"] if not each["category"]}
    assert values["ann – model", "alpha"]["value"] == 1
    assert values["ann – bea", "alpha"]["value"] < 1
    assert values["ann – bea", "alpha"]["low"] < values["ann – bea", "alpha"]["value"]
    assert found["interval"]["redrawn"] == "articles"
    assert all(each["labels"]["ann"] != each["labels"]["bea"] and each["text"] for each in found["disagreements"])


def test_codes_outside_the_sample_or_the_run_are_refused(folder: Path, tmp_path: Path) -> None:
    drawn(folder, tmp_path / "sample")
    drawn(folder, tmp_path / "other", seed=2)
    codes = coded(tmp_path / "other", "ann")
    with pytest.raises(CorpusError, match="is not in the sample"):
        handcoding.agree([codes], handcoding.Compared(folder, TARGET, tmp_path / "sample"))
    (tmp_path / "lost.csv").write_text("unit,coder,label\nnowhere,ann,support\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="the unit 'nowhere' is not in the run"):
        handcoding.agree([tmp_path / "lost.csv"], handcoding.Compared(folder))


def test_a_sample_without_its_run_and_an_unknown_target_are_refused(folder: Path, tmp_path: Path) -> None:
    drawn(folder, tmp_path / "sample")
    codes = coded(tmp_path / "sample", "ann")
    with pytest.raises(ConfigError, match="expected --run too"):
        handcoding.agree([codes], handcoding.Compared(sample=tmp_path / "sample"))
    with pytest.raises(ConfigError, match=r"--target open_dor: .* did you mean 'open_door'"):
        handcoding.agree([codes], handcoding.Compared(folder, "open_dor"))


def test_the_sample_and_its_codes_are_what_the_correction_takes(folder: Path, tmp_path: Path) -> None:
    drawn(folder, tmp_path / "sample")
    loaded = pipeline.load_tables(folder)
    labels, sample = [coded(tmp_path / "sample", "ann", slips=4)], tmp_path / "sample" / "sample.csv"
    coding = read_hand_codes(labels, sample, target=None, targets=[TARGET]).coding(loaded)
    found = corrected(loaded, [parse(f"net_stance(target={TARGET})")], coding, by=("outlet",))
    assert [each.group["outlet"] for each in found] == ["Herald", "Ledger"]
    assert all(each.value is not None and "10 coded articles" in each.correction for each in found)
    with pytest.raises(CorpusError, match="toward 'open_door', expected 'nato'"):
        read_hand_codes(labels, sample, target="nato", targets=[TARGET, "nato"])
    with pytest.raises(CorpusError, match="coders differ on"):
        read_hand_codes([*labels, coded(tmp_path / "sample", "bea")], sample, target=None, targets=[TARGET])


def test_the_command_plan_gives_the_number_for_the_command_sample(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["plan", str(folder), "--half-width", "0.2"]) == 0
    assert "`framing sample RUN --articles" in capsys.readouterr().out
    assert cli.main(["plan", str(folder), "--half-width", "0"]) == 2
    assert "--half-width 0: expected a number between 0 and 1" in capsys.readouterr().err


def test_the_command_sample_says_what_it_drew(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sample", str(folder), "--articles", "40", "--by", "outlet", "-o", str(tmp_path / "s")]) == 0
    out = capsys.readouterr().out
    assert "Herald: 30 of 30 articles, each with probability 1.0000; all of them, with probability 1" in out
    assert "drawn articles have none" in out
