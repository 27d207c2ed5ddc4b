"""The experiments on the stance encoder run on made-up releases and a tiny model, and say what they measured."""

from __future__ import annotations

import csv
import importlib.util
import json
import shutil
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from tiny_base import write_base

from framing.errors import CorpusError
from framing.evaluate.stance.answers import LABELS
from framing.evaluate.stance.controls import CONTROLS
from framing.evaluate.stance.study import Asked, StanceEvaluation
from framing.measure.interval import Bootstrap
from framing.protocols import StanceQuery
from framing.stance.codebook import read_codebook
from framing.stance.encoder.model import read_model
from framing.train.stance.evaluation import GROUP, evaluate_model, gold_lines
from framing.train.stance.public import Labelled, calibrates, read_set
from framing.train.stance.training import TrainStance
from framing.types import Label

CODEBOOK = "framing:codebooks/foreign_policy.yaml"
WEIGHTS = {"agree": (0.8, 0.1, 0.1), "neutral": (0.1, 0.8, 0.1), "disagree": (0.1, 0.1, 0.8)}


def experiment(name: str) -> ModuleType:
    path = Path(__file__).parents[1] / "experiments" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("stance")
    said = {"we will join": "support", "we will wait": "oppose", "the rain": "unrelated", "he said that": "neutral"}
    rows = [
        {"id": f"{label}-{number}", "text": f"{text} {number}", "target": "The minister should join", "label": label}
        for text, label in said.items()
        for number in range(8)
    ]
    data = folder / "rows.jsonl"
    data.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    base = str(write_base(folder / "base"))
    output = folder / "model"
    return str(TrainStance(output, (str(data),), base=base, epochs=2, batch=8, pieces=64, width=16, tune=0.25)())


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """Write a tiny NewsMTSC, GWSD and VAST."""
    news = tmp_path / "newsmtsc"
    news.mkdir()
    rows = [
        {
            "primary_gid": f"outlet_{number}_x",
            "sentence_normalized": f"the minister said {number}",
            "targets": [{"from": 0, "mention": "the minister", "polarity": [2.0, 4.0, 6.0][number % 3]}],
        }
        for number in range(60)
    ]
    (news / "train.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    warming = tmp_path / "gwsd"
    warming.mkdir()
    with (warming / "GWSD.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(["guid", "sentence", *WEIGHTS, "in_held_out_test"])
        for number in range(100):
            label = [*WEIGHTS][number % 3]
            writer.writerow([f"g{number}", f"{label} he said {number}", *WEIGHTS[label], "False"])
        writer.writerow(["held", "never read", 1, 0, 0, "True"])

    comments = tmp_path / "vast"
    comments.mkdir()
    with (comments / "vast_dev.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Tweet", "Target 1", "Stance 1", "seen?"])
        for number in range(20):
            writer.writerow([f"we will wait {number // 2}", "rain", ["FAVOR", "AGAINST"][number % 2], number // 18])
    return tmp_path


def test_every_set_has_figures_with_intervals_and_a_control_without_the_target(
    model: str, releases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "public.json"
    options = ["--sets", "newsmtsc", "gwsd", "vast", "phenomena", "--resamples", "20", "--limit", "36"]
    experiment("stance_public").main(
        ["--model", model, "--data", str(releases), *options, "--json", str(out)],
    )
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert list(figures) == ["newsmtsc", "gwsd", "vast", "phenomena"]
    for scored in figures.values():
        forced = next(each for each in scored["figures"] if each["name"] == "forced_f1")
        assert forced["low"] <= forced["value"] <= forced["high"]
        assert scored["comparisons"][0]["name"] == "target masked"
    assert figures["vast"]["lines"] == figures["vast"]["certainty"]["lines"] == 18
    assert (figures["vast"]["cluster"], figures["vast"]["clusters"]) == (GROUP, 9)
    phenomena = {each["group"]["phenomenon"] for each in figures["phenomena"]["figures"] if each["group"]}
    assert len(phenomena) == 12
    printed = capsys.readouterr().out
    assert all(name in printed for name in phenomena)


def test_how_sure_a_model_is_is_judged_on_what_has_not_calibrated_it(
    model: str, releases: Path, tmp_path: Path
) -> None:
    rows = [each for each in read_set("newsmtsc", releases / "newsmtsc") if each.dev]
    copy = shutil.copytree(model, tmp_path / "model")
    settings = json.loads((copy / "framing.json").read_text(encoding="utf-8"))
    settings["training"]["public"] = ["newsmtsc"]
    (copy / "framing.json").write_text(json.dumps(settings), encoding="utf-8")
    given = ["--data", str(releases), "--sets", "newsmtsc", "--resamples", "20"]
    for folder, seen in ((Path(model), 0), (copy, sum(map(calibrates, rows)))):
        found = experiment("stance_public").main(["--model", str(folder), *given])["newsmtsc"]
        assert (found["lines"], found["certainty"]["lines"]) == (len(rows), len(rows) - seen)
    assert 0 < seen < len(rows)


def test_a_set_that_was_asked_for_and_is_not_there_is_an_error(model: str, releases: Path) -> None:
    with pytest.raises(CorpusError, match=r"train\.txt: cannot be read"):
        experiment("stance_public").main(["--model", model, "--data", str(releases), "--sets", "gwsd", "dse"])


def test_a_control_that_takes_nothing_away_is_not_asked(model: str) -> None:
    query = StanceQuery("a", "we will wait", "we will wait", None, "rain")
    assert names_of_controls(model, query) == ["target masked"]
    assert names_of_controls(model, query._replace(speaker="he")) == [each.name for each in CONTROLS]


def names_of_controls(model: str, query: StanceQuery) -> list[str]:
    evaluation = evaluated(model, [query])
    return [each.name for each in evaluation.comparisons]


def evaluated(model: str, queries: list[StanceQuery]) -> StanceEvaluation:
    gold = gold_lines(Labelled(query, Label.SUPPORT, "all", True) for query in queries)
    asked = Asked(cluster=GROUP, interval=Bootstrap(resamples=5))
    return evaluate_model(read_model(model, "fast"), read_codebook(CODEBOOK), queries, gold, asked)


def test_a_target_without_letters_is_scored_too(model: str) -> None:
    evaluation = evaluated(model, [StanceQuery("a", "we will wait", "we will wait", None, "’")])
    assert sum(evaluation.counts[LABELS.index(Label.SUPPORT)]) == 1


def test_the_learning_curve_scores_rows_that_no_draw_holds(model: str, releases: Path, tmp_path: Path) -> None:
    out, figures = tmp_path / "curve.json", tmp_path / "figures"
    options = ["--rows", "0", "10", "--seeds", "1", "2", "--json", str(out), "--figure", str(figures)]
    experiment("stance_fewshot").main(["--model", model, "--data", str(releases / "gwsd"), *options])
    runs = json.loads(out.read_text(encoding="utf-8"))
    assert [(run["rows"], run["seed"]) for run in runs] == [(0, 1), (10, 1), (10, 2)]
    assert all(0 <= run["forced_f1"] <= 1 and 0 <= run["macro_f1_3"] <= 1 for run in runs)
    assert (figures / "stance_fewshot.svg").is_file()


def test_draws_are_stratified_and_hold_the_smaller_ones(releases: Path) -> None:
    fewshot = experiment("stance_fewshot")
    parts = fewshot.read_parts(releases / "gwsd")
    order = fewshot.drawn(parts.train, 3)
    assert {each.query.text for each in parts.dev}.isdisjoint(each.query.text for each in order)
    assert max(Counter(each.label for each in order[:12]).values()) <= 5
    assert order != fewshot.drawn(parts.train, 4)
    assert sorted(each.query.statement_id for each in order) == sorted(each.query.statement_id for each in parts.train)


def test_more_rows_than_there_are_cannot_be_drawn(model: str, releases: Path) -> None:
    with pytest.raises(CorpusError, match="fewer than 500"):
        experiment("stance_fewshot").main(["--model", model, "--data", str(releases / "gwsd"), "--rows", "500"])


def test_the_benchmark_compares_both_forms(model: str, tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    small = ["--statements", "16", "--batch", "8", "--rounds", "1"]
    bench = experiment("bench_stance")
    bench.main(["--model", model, *small, "--json", str(out)])
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert list(figures) == ["fast", "fast, explained", "torch, eager", "whole process"]
    assert figures["torch, eager"]["times_torch"] == 1
    assert figures["fast"]["statements_per_second"] > 0
    assert {len(query.text.split()) for query in bench.read_queries(500, 40)} == {40}
