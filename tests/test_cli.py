"""The commands: what a user sees, on good input and on mistakes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from chain import ROWS, TARGET, experiment, install

from framing import __version__, cli

COMMANDS = [
    "agree",
    "check",
    "compare",
    "evaluate",
    "extract",
    "list",
    "multiverse",
    "plan",
    "report",
    "run",
    "sample",
    "show",
    "simulate",
    "stance",
    "train",
]
CHARTS = {"charts": [{"kind": "stance_by_outlet", "target": TARGET}]}


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def written(folder: Path) -> str:
    path = folder / "experiment.yaml"
    path.write_text(experiment(folder, ROWS, report=CHARTS).as_yaml(), encoding="utf-8")
    return str(path)


def test_every_command_is_in_the_help_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    lines = re.findall(r"^    (\w+)\s+([A-Z].*)", capsys.readouterr().out, re.MULTILINE)
    assert sorted(name for name, _ in lines) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert f"framing {command}" in capsys.readouterr().out


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"framing {__version__}\n"


def test_a_run_ends_with_the_main_table_and_the_path_of_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["run", written(tmp_path), "--output", str(tmp_path / "runs")]) == 0
    out = capsys.readouterr().out
    assert "net_stance(target=open_door)\n  outlet" in out
    path = Path(out.splitlines()[-1].removeprefix("report: "))
    assert path.name == "report.html"
    assert path.is_file()


def test_a_setting_is_changed_for_one_run_and_recorded(tmp_path: Path) -> None:
    cli.main(["run", written(tmp_path), "--output", str(tmp_path / "runs"), "--set", "measure.interval.resamples=150"])
    (folder,) = (tmp_path / "runs" / "small").iterdir()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["overrides"] == ["measure.interval.resamples=150"]
    assert manifest["config"]["measure"]["interval"]["resamples"] == 150


def test_show_and_report_find_the_newest_run_below_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["run", written(tmp_path), "--output", str(tmp_path / "runs")])
    capsys.readouterr()
    assert cli.main(["show", str(tmp_path / "runs")]) == 0
    shown = capsys.readouterr().out
    assert "finished" in shown
    assert "5 articles" in shown
    assert cli.main(["show", str(tmp_path / "runs"), "--all"]) == 0
    assert len(capsys.readouterr().out) > len(shown)
    assert cli.main(["report", str(tmp_path / "runs")]) == 0
    assert capsys.readouterr().out.rstrip().endswith("report.html")


def test_check_reads_the_first_rows_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", written(tmp_path)]) == 0
    assert "every part fits" in capsys.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} == {"corpus.jsonl", "experiment.yaml"}


def test_extract_writes_lines_to_standard_output_or_to_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "story.txt").write_text("Lee: yes", encoding="utf-8")
    chosen = ["--set", "quotes.kind=colon", "--set", "speakers.kind=sources"]
    assert cli.main(["extract", str(tmp_path / "story.txt"), *chosen]) == 0
    line = capsys.readouterr().out
    assert json.loads(line)["attributions"][0]["speaker"] == "Lee"
    out = tmp_path / "out.jsonl"
    assert cli.main(["extract", str(tmp_path / "story.txt"), "-o", str(out), *chosen]) == 0
    assert out.read_text(encoding="utf-8") == line


def test_stance_answers_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "1", "text": "yes", "target": "open_door"}\n', encoding="utf-8")
    assert cli.main(["stance", str(tmp_path / "in.jsonl"), "--set", "stance.kind=first_word"]) == 0
    assert json.loads(capsys.readouterr().out)["label"] == "support"


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "nowhere.yaml"],
        ["check", "nowhere.yaml"],
        ["train", "nowhere.yaml"],
        ["extract", "nowhere.txt"],
        ["stance", "nowhere.jsonl"],
        ["show", "nowhere"],
        ["plan", "nowhere"],
        ["sample", "nowhere", "-o", "somewhere"],
        ["agree", "nowhere.csv"],
        ["report", "nowhere"],
        ["list", "quote"],
        ["run", "framing:nothing.yaml"],
    ],
)
def test_a_mistake_prints_one_message_and_exits_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("framing: ")
    assert "Traceback" not in captured.err


def test_a_misspelt_command_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["rnu"])
    assert ended.value.code == 2
    assert "rnu" in capsys.readouterr().err


def test_a_bug_shows_its_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("chain.Colon.__call__", None)
    with pytest.raises(TypeError):
        cli.main(["run", written(tmp_path), "--output", str(tmp_path / "runs")])


def test_a_reader_that_stops_early_is_no_error() -> None:
    command = f"{sys.executable} -m framing.cli list | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_help_and_list_import_nothing_heavy() -> None:
    heavy = ("torch", "sklearn", "scipy", "numpy", "polars", "matplotlib", "trafilatura", "pyarrow", "pydantic")
    for arguments in ("--help", "list"):
        code = (
            "import sys; from framing import cli\n"
            f"try: cli.main([{arguments!r}])\n"
            "except SystemExit: pass\n"
            f"print(sorted(set({heavy!r}) & set(sys.modules)), file=sys.stderr)"
        )
        environment = {**os.environ, "PYTHONPATH": ""}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        assert done.stderr == "[]\n", arguments
