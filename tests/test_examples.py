"""What the README and the experiments show can be done as shown."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import pytest

from framing import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(?:sh|bash|console|shell)?\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
LINES = [line.removeprefix("$ ").partition("  #")[0].strip() for block in BLOCKS for line in block.splitlines()]
COMMANDS = list(dict.fromkeys(line for line in LINES if re.match(r"(\.venv/bin/)?framing ", line)))
SETUP = {"make demo", "make test"}
OWN_FILES = re.compile(r"\bmy[\w.-]*|\bRUN\b|\bPATH\b|…|\.\.\.|<")  # what stands for the reader's own files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a working folder with the configurations and one finished run, as `make demo` leaves it."""
    made = tmp_path_factory.mktemp("readme")
    (made / "configs").symlink_to(ROOT / "configs")
    (made / "story.html").write_text(
        "<html><head><title>Talks</title></head><body><article><p>The minister, Ann Lee, said on Monday that the door "
        "remains open to every country. “Nobody has a veto,” she said. Her spokesman declined to say when the talks "
        "would end, and officials said that a decision was not expected before the summit in July.</p></article></body>"
        "</html>",
        encoding="utf-8",
    )
    return made


def test_the_readme_names_the_two_commands_of_the_set_up() -> None:
    assert set(LINES) >= SETUP


def test_the_readme_shows_commands() -> None:
    assert [command for command in COMMANDS if not OWN_FILES.search(command)]


def test_every_command_of_the_readme_runs_on_the_demonstration(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert cli.main(["run", "configs/nato_expansion.yaml", "--set", "measure.interval.resamples=100"]) == 0
    for command in COMMANDS:
        if not OWN_FILES.search(command) and " train " not in command:
            _, *arguments = shlex.split(command)
            assert cli.main(arguments) == 0, f"{command}\n{capsys.readouterr().err}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_is_understood(command: str) -> None:
    _, *arguments = shlex.split(command)
    assert cli.parser().parse_args(arguments)


@pytest.mark.parametrize("path", sorted((ROOT / "experiments").glob("*.py")), ids=lambda path: path.name)
def test_every_experiment_imports_and_says_what_it_asks(path: Path) -> None:
    pytest.importorskip("torch") if "import torch" in path.read_text(encoding="utf-8") else None
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert callable(module.main)
    assert module.__doc__
