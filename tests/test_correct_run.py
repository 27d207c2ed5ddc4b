"""The whole round trip: run, draw a sample, code it, and run again with the codes."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from chain import LABELS, TARGET, experiment, install, row, run
from matplotlib.figure import Figure

from framing import cli, handcoding, parts, tables
from framing.charts import StanceByOutlet
from framing.errors import ConfigError, CorpusError, FramingError
from framing.run import read_manifest

NET = f"net_stance(target={TARGET})"
WORDS = ("yes", "no", "maybe", "weather")
CORPUS = [
    row(f"{outlet[0].lower()}{n:02}", outlet, f"Lee: {WORDS[n % 4]}, of course", *["Kim: no"] * (n % 3))
    for outlet, size in (("Ledger", 40), ("<b>Herald", 24))
    for n in range(size)
]


@pytest.fixture(autouse=True)
def chain_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def asking(**more: Any) -> dict[str, Any]:
    metrics = ["source_share", *({"kind": kind, "target": TARGET} for kind in ("net_stance", "abstention_rate"))]
    return {"metrics": metrics, "interval": {"resamples": 100}, "period": None, **more}


def coded(folder: Path, name: str = "ann", *, wrong: str = "no") -> Path:
    """Fill in the sheet of a sample: coders see support wherever the first word is `wrong`."""
    with (folder / "coding_sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        sheet = list(csv.DictReader(file))
    for item in sheet:
        word = item["statement"].split()[0].strip(",.!")
        item["label"] = "support" if word == wrong else str(LABELS.get(word, "unrelated"))
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sheet[0])
        writer.writeheader()
        writer.writerows(sheet)
    return path


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw and code a sample once; nothing writes into it."""
    with pytest.MonkeyPatch.context() as patched:
        install(patched)
        folder = tmp_path_factory.mktemp("drawn")
        handcoding.sample(run(folder, CORPUS), folder / "sample", articles=16, by=["outlet"], seed=1)
    coded(folder / "sample")
    return folder / "sample"


@pytest.fixture(scope="module")
def corrected(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run with the codes once."""
    with pytest.MonkeyPatch.context() as patched:
        install(patched)
        charts = {"charts": [{"kind": "stance_by_outlet", "target": TARGET}]}
        correct = {"labels": str(sample / "ann.csv")}
        folder = tmp_path_factory.mktemp("corrected")
        return run(folder, CORPUS, correct=correct, measure=asking(compare={}), report=charts)


def test_the_codes_put_right_what_the_classifier_takes_for_opposition(corrected: Path) -> None:
    rows = tables.read(corrected, "estimates").filter((pl.col("metric") == NET) & pl.col("against").is_null())
    for outlet in ("<b>Herald", "Ledger"):
        seen, right = (
            rows.filter((pl.col("outlet") == outlet) & chosen).row(0, named=True)
            for chosen in (pl.col("corrected").is_null(), pl.col("corrected") == "PPI++")
        )
        assert seen["value"] < -0.3
        assert right["value"] > 0.4
        assert right["correction"].startswith("PPI++, 16 coded articles")
        assert seen["correction"] == "none"
    opinions = rows.filter(pl.col("corrected") == "Rogan–Gladen")
    assert opinions.height == 3


def test_the_differences_are_corrected_too_and_name_both_corrections(corrected: Path) -> None:
    rows = tables.read(corrected, "estimates").filter((pl.col("metric") == NET) & pl.col("against").is_not_null())
    (right,) = rows.filter(pl.col("corrected") == "PPI++").rows(named=True)
    assert right["correction"].startswith("PPI++, 16 coded articles")
    assert right["correction"].endswith("; Holm, 1 comparison")
    assert right["p_adjusted"] is not None


def test_sensitivity_and_specificity_are_printed_before_any_comparison(
    corrected: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["show", str(corrected)]) == 0
    out = capsys.readouterr().out
    assert out.index("sensitivity") < out.index("estimates with and without correction") < out.index("\nnet_stance(")
    line = next(each for each in out.split("\n") if each.split()[:2] == ["support", "everything"])
    assert float(line.split()[2].rstrip("%")) < 50
    assert "Ledger: 16 of 40 articles coded, inclusion probability 0.4000" in out
    assert "not corrected: abstention_rate(target=open_door): abstaining is what the classifier does" in out


def test_the_page_tells_the_errors_before_figures_and_differences_and_escapes_names(corrected: Path) -> None:
    page = (corrected / "report.html").read_text(encoding="utf-8")
    assert page.index("coders labelled") < page.index("difference tested")
    assert page.index('<section id="errors">') < page.index('<section id="figures">')
    section = page[page.index('<section id="errors">') : page.index('<section id="figures">')]
    assert "&lt;b&gt;Herald − Ledger × all articles" in section
    assert "<b>Herald" not in section
    assert "errors are not corrected here" not in page


def test_methods_and_threats_tell_the_correction_and_the_test_of_differential_error(corrected: Path) -> None:
    page = (corrected / "report.html").read_text(encoding="utf-8")
    section = page[page.index('<section id="methods">') :]
    assert "in 32 articles with given inclusion probabilities" in section
    assert {"ref-duchi2023", "ref-egami2023", "ref-rogan1978"} <= set(re.findall(r'li id="([^"]+)"', section))
    assert "were not corrected" not in section
    line = next(text for text in section.split("<tr>") if "differential error between groups" in text)
    assert ">checked<" in line
    assert 'href="#errors"' in line


def test_the_figure_shows_both_values_of_every_outlet(corrected: Path) -> None:
    loaded = {name: tables.read(corrected, name) for name in ("estimates", "speakers")}
    figure = StanceByOutlet(TARGET)(loaded)
    assert isinstance(figure, Figure)
    (axes,) = figure.axes
    drawn = [(str(line.get_marker()), np.asarray(line.get_xdata()).tolist()) for line in axes.lines]
    marks = [x for marker, places in drawn if marker in "os" for x in places]
    values = loaded["estimates"].filter((pl.col("metric") == NET) & pl.col("outlet").is_not_null())
    values = values.filter(pl.col("against").is_null() & (pl.col("corrected").fill_null("PPI++") == "PPI++"))
    assert sorted(marks) == pytest.approx(sorted(values["value"].to_list()))
    assert "corrected by hand codes" in axes.get_xlabel()


def test_single_speakers_are_corrected_where_enough_coded_articles_have_them_and_the_report_says_which(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    metrics = [{"kind": kind, "target": TARGET} for kind in ("net_stance", "stance_share")]
    folder = run(tmp_path, CORPUS, measure=asking(metrics=metrics), correct={"labels": str(sample / "ann.csv")})
    rows = tables.read(folder, "estimates").filter(pl.col("speaker").is_not_null() & pl.col("corrected").is_not_null())
    assert set(rows.filter(pl.col("outlet").is_null() & pl.col("value").is_not_null())["speaker"]) == {"person:Lee"}
    apart = rows.filter(pl.col("outlet").is_not_null())
    assert apart["note"].str.starts_with("not corrected: on target in ").all()
    assert cli.main(["show", str(folder)]) == 0
    out = capsys.readouterr().out
    assert f"stance_share(target={TARGET}): 1 of 2 speakers are on target in fewer than 20 coded articles" in out
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Tables with a column “corrected” are corrected by hand codes toward open_door; all others are not." in page


def test_the_manifest_names_the_codes_and_the_sample_with_their_hashes(corrected: Path, sample: Path) -> None:
    resources = read_manifest(corrected).resources
    assert {f"correct: {sample / name}" for name in ("ann.csv", "sample.csv")} <= set(resources)


def test_the_codes_can_be_given_on_the_command_line(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "experiment.yaml"
    config.write_text(experiment(tmp_path, CORPUS, measure=asking()).as_yaml(), encoding="utf-8")
    asked = ["run", str(config), "--output", str(tmp_path / "out"), f"correct.labels={sample / 'ann.csv'}"]
    assert cli.main(asked) == 0
    out = capsys.readouterr().out
    assert out.index("sensitivity") < out.index("\nnet_stance(")
    with pytest.raises(SystemExit):
        cli.main(["run", str(config), "not-a-setting"])
    assert "unrecognized arguments: not-a-setting" in capsys.readouterr().err


def changed(sample: Path, folder: Path, old: str, new: str) -> Path:
    """Copy codes and sample with one thing changed in either."""
    for name in ("ann.csv", "sample.csv"):
        text = (sample / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder / "ann.csv"


def test_without_inclusion_probabilities_nothing_is_corrected(sample: Path, tmp_path: Path) -> None:
    labels = tmp_path / "ann.csv"
    labels.write_bytes((sample / "ann.csv").read_bytes())
    with pytest.raises(CorpusError, match=r"correct\.sample: .*sample\.csv is no file; without the probability"):
        parts.assemble(experiment(tmp_path, CORPUS, measure=asking(), correct={"labels": str(labels)}))
    labels = changed(sample, tmp_path, "inclusion_probability", "chance")
    with pytest.raises(CorpusError, match="no column 'inclusion_probability'"):
        parts.assemble(experiment(tmp_path, CORPUS, measure=asking(), correct={"labels": str(labels)}))


@pytest.mark.parametrize("value", ["0.0", "1.5", ""])
def test_an_impossible_inclusion_probability_is_refused_before_the_run(
    sample: Path, tmp_path: Path, value: str
) -> None:
    labels = changed(sample, tmp_path, ",0.4\n", f",{value}\n")
    with pytest.raises(CorpusError, match=r"sample row \d+ .*expected a number above 0 and at most 1"):
        parts.assemble(experiment(tmp_path, CORPUS, measure=asking(), correct={"labels": str(labels)}))


def test_coders_who_differ_and_labels_that_are_none_are_refused_before_the_run(sample: Path, tmp_path: Path) -> None:
    other = changed(sample, tmp_path, "support", "oppose")
    correct = {"labels": [str(sample / "ann.csv"), str(other.rename(tmp_path / "bea.csv"))]}
    with pytest.raises(CorpusError, match=r"coders differ on 1 units"):
        parts.assemble(experiment(tmp_path, CORPUS, measure=asking(), correct=correct))
    typed = changed(sample, tmp_path, ",support", ",suport")
    with pytest.raises(CorpusError, match="no label is called 'suport'; did you mean 'support'"):
        parts.assemble(experiment(tmp_path, CORPUS, measure=asking(), correct={"labels": str(typed)}))


def test_codes_of_articles_outside_the_sample_are_refused_by_place(sample: Path, tmp_path: Path) -> None:
    lines = (sample / "sample.csv").read_text(encoding="utf-8").split("\n")
    with (sample / "ann.csv").open(encoding="utf-8", newline="") as file:
        article = next(csv.DictReader(file))["unit"].partition(":")[0]
    kept = [line for line in lines if not line.startswith(f"{article},")]
    (tmp_path / "sample.csv").write_text("\n".join(kept), encoding="utf-8")
    labels = tmp_path / "ann.csv"
    labels.write_bytes((sample / "ann.csv").read_bytes())
    with pytest.raises(CorpusError, match=r"ann\.csv row 1: the unit .* is not in the sample"):
        run(tmp_path, CORPUS, measure=asking(), correct={"labels": str(labels)})


def test_codes_of_another_run_are_refused(sample: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="articles are not in the run"):
        run(tmp_path, CORPUS[:30], measure=asking(), correct={"labels": str(sample / "ann.csv")})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stance": None, "measure": {"metrics": ["source_share"]}}, "correct: codes correct stances; add a `stance:`"),
        ({"measure": asking(metrics=["source_share"])}, r"add \{kind: net_stance, target: open_door\} to measure"),
        ({"measure": asking(by=["speaker_kind"])}, r"correct\.by: 'speaker_kind' groups statements"),
        (
            {"correct": {"labels": "{}", "target": "open_dor"}},
            r"correct\.target: no statement is asked about 'open_dor'",
        ),
        ({"correct": {"labels": "nowhere.csv"}}, r"nowhere\.csv"),
    ],
)
def test_what_cannot_be_corrected_is_refused_before_the_run(
    sample: Path, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    correct = {"labels": "{}", **changes.get("correct", {})}
    correct["labels"] = correct["labels"].format(sample / "ann.csv")
    with pytest.raises(FramingError, match=message):
        parts.assemble(experiment(tmp_path, CORPUS, **{"measure": asking(), **changes, "correct": correct}))


def test_a_list_without_codes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"correct\.labels"):
        experiment(tmp_path, CORPUS, correct={"labels": []})
