"""The hand-coding round trip: plan, draw, code, read back, compare."""

from __future__ import annotations

import csv
import json
import math
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import measured
import numpy as np
import polars as pl
import pytest
from chain import LABELS, TARGET, install, row, run

from framing import cli, handcoding, pipeline
from framing.coding.codes import check_units, settled
from framing.coding.design import draw, read_sample
from framing.coding.plan import as_text, plan
from framing.coding.read import read_codes
from framing.errors import ConfigError, CorpusError
from framing.measure.correction import Coding, corrected
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


def articles(**outlets: int) -> pl.DataFrame:
    ids = [(f"{outlet}{number:03}", outlet) for outlet, size in outlets.items() for number in range(size)]
    schema = {"article_id": pl.String, "outlet": pl.String}
    return pl.DataFrame(ids, schema=schema, orient="row").with_columns(published=pl.lit(None, pl.Date))


def drawn_ids(size: int, seed: int = 1, **outlets: int) -> set[str]:
    return set(draw(articles(**outlets), size=size, by=("outlet",), seed=seed).articles["article_id"])


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


def test_every_article_of_an_outlet_has_the_same_probability_and_all_are_taken_where_there_are_no_more() -> None:
    sample = draw(articles(Big=40, Small=6), size=10, by=("outlet",), seed=1)
    assert {tuple(stratum.group.values()): stratum[1:] for stratum in sample.strata} == {
        ("Big",): (40, 10, 0.25),
        ("Small",): (6, 6, 1.0),
    }
    weights = sample.articles.group_by("outlet").agg((1 / pl.col("inclusion_probability")).sum())
    assert dict(weights.iter_rows()) == {"Big": 40.0, "Small": 6.0}


def test_over_many_seeds_each_article_is_drawn_as_often_as_its_probability_says() -> None:
    times = dict.fromkeys(articles(Big=8)["article_id"], 0)
    for seed in range(400):
        for article in drawn_ids(2, seed, Big=8):
            times[article] += 1
    spread = math.sqrt(400 * 0.25 * 0.75)
    assert all(abs(count - 100) < 4 * spread for count in times.values()), times


def test_the_draw_depends_on_the_seed_and_the_outlets_own_articles_alone() -> None:
    assert drawn_ids(5, Big=40) == drawn_ids(5, Big=40)
    assert drawn_ids(5, Big=40) != drawn_ids(5, seed=2, Big=40)
    assert drawn_ids(5, Big=40) == {each for each in drawn_ids(5, Big=40, Small=9) if each.startswith("Big")}


def test_a_larger_sample_contains_the_smaller_one() -> None:
    assert drawn_ids(5, Big=40) < drawn_ids(15, Big=40)


def test_the_order_of_coding_mixes_the_outlets() -> None:
    outlets = draw(articles(Big=40, Other=40), size=20, by=("outlet",), seed=1).articles["outlet"].to_list()
    assert outlets != sorted(outlets)


def test_articles_without_an_outlet_are_a_group_of_their_own() -> None:
    some = articles(Big=4).with_columns(outlet=pl.lit(None, pl.String))
    assert [stratum.group for stratum in draw(some, size=2, by=("outlet",), seed=1).strata] == [{"outlet": "(none)"}]


@pytest.mark.parametrize(
    ("size", "by", "said"),
    [
        (1, ("outlet",), "--articles 1: expected 2 or more"),
        (5, ("speaker_kind",), "--by speaker_kind: this groups statements"),
        (5, ("outlt",), "there is no grouping 'outlt'; did you mean 'outlet'"),
    ],
)
def test_a_sample_without_sense_is_refused(size: int, by: tuple[str, ...], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        draw(articles(Big=40), size=size, by=by, seed=1)


@pytest.mark.parametrize("probability", ["0", "1.5", "-0.1", "", "half"])
def test_a_sample_with_a_probability_of_0_or_above_1_is_refused(tmp_path: Path, probability: str) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(f"article_id,inclusion_probability\nBig001,{probability}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"sample row 1 \(article 'Big001'\): inclusion_probability is"):
        read_sample(path, articles(Big=3))


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
    codes = read_codes([coded(tmp_path / "sample", "ann")])
    sample = read_sample(tmp_path / "sample" / "sample.csv", loaded["articles"])
    found = corrected(loaded, [parse(f"net_stance(target={TARGET})")], Coding(settled(codes), sample), by=("outlet",))
    assert [each.group["outlet"] for each in found] == ["Herald", "Ledger"]
    assert all(each.value is not None for each in found)


def test_the_plan_is_worked_by_hand(tmp_path: Path) -> None:
    # One statement an article, half support and half oppose, and as many articles again with nothing on target:
    # S² = 1, D = 1 but for n - 1, m = 1, q = 1/2, so n = 1.96² / 0.1² × 2 = 768.3.
    rows = [row(f"a{n:03}", "Ledger", f"Lee: {('yes', 'no', 'weather', 'weather')[n % 4]}") for n in range(200)]
    loaded = pipeline.load_tables(run(tmp_path, rows))
    net = plan(loaded, [TARGET], half_width=0.1)[0]
    assert net.metric == "net_stance(target=open_door)"
    assert net.needed == pytest.approx(1.95996**2 / 0.1**2 * 2, abs=1)
    assert net.available == 200
    assert net.reached == pytest.approx(1.95996 * math.sqrt(2 / 200), abs=1e-4)
    assert "all give ±0.196" in as_text([net], 0.1)


def test_as_many_articles_as_planned_vary_by_the_half_width_that_was_asked_for() -> None:
    random = np.random.default_rng(5)
    sides = random.choice(["support", "oppose", "neutral", "unrelated"], size=4000, p=[0.3, 0.2, 0.2, 0.3])
    said: list[tuple[str, str | None, str]] = []
    for number, side in enumerate(sides):
        mixed = random.choice(["support", "oppose", "unrelated"], size=int(random.integers(1, 6)))
        kept = np.where(random.random(len(mixed)) < 0.6, side, mixed)
        said += [(f"a{number:04}", "lee", str(label)) for label in kept]
    tables = measured.tables(said, {f"a{number:04}": "Ledger" for number in range(4000)})
    net = plan(tables, [TARGET], half_width=0.1)[0]
    assert net.needed is not None
    assert net.needed > 100
    signs = {"support": 1, "oppose": -1, "neutral": 0}
    above, below = np.zeros(4000), np.zeros(4000)
    for article, _, label in said:
        above[int(article[1:])] += signs.get(label, 0)
        below[int(article[1:])] += label in signs
    drawn = random.integers(0, 4000, size=(2000, net.needed))
    spread = np.std(above[drawn].sum(axis=1) / below[drawn].sum(axis=1))
    assert 1.96 * spread == pytest.approx(0.1, rel=0.06)


def test_no_fewer_articles_are_advised_than_an_interval_needs(folder: Path) -> None:
    for need in plan(pipeline.load_tables(folder), [TARGET], half_width=0.9):
        assert need.needed == 20


def test_where_nothing_varies_the_plan_says_so(tmp_path: Path) -> None:
    loaded = pipeline.load_tables(run(tmp_path, [row(f"a{n}", "Ledger", "Lee: yes") for n in range(5)]))
    net = plan(loaded, [TARGET], half_width=0.1)[0]
    assert net.needed is None
    assert net.note == "no spread between articles to plan by"


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
