from __future__ import annotations

import json
from pathlib import Path

import pytest

from framing import run
from framing.config import Experiment
from framing.errors import CorpusError, FramingError

EXPERIMENT = Experiment.model_validate(
    {
        "name": "small",
        "corpus": {"kind": "files", "path": "articles.jsonl"},
        "measure": {"metrics": ["source_share"]},
    }
)


def started(tmp_path: Path) -> run.Run:
    return run.Run(EXPERIMENT, tmp_path, ["framing", "run"], [])


def test_a_run_folder_begins_as_started_with_a_config_that_runs_again(tmp_path: Path) -> None:
    current = started(tmp_path)
    assert run.read_manifest(current.folder).status == "started"
    assert (current.folder / "config.yaml").read_text(encoding="utf-8") == EXPERIMENT.as_yaml()


def test_two_runs_in_one_second_get_two_folders(tmp_path: Path) -> None:
    assert started(tmp_path).folder != started(tmp_path).folder


def test_a_finished_run_names_every_file_with_its_hash(tmp_path: Path) -> None:
    current = started(tmp_path)
    with current.recorded():
        (current.folder / "figures").mkdir()
        (current.folder / "figures" / "voice.svg").write_text("<svg/>")
    manifest = run.read_manifest(current.folder)
    assert manifest.status == "finished"
    assert set(manifest.files) == {"config.yaml", "figures/voice.svg", "log.jsonl"}
    assert all(run.sha256_of(current.folder / name) == digest for name, digest in manifest.files.items())


def test_a_failed_run_keeps_the_reason(tmp_path: Path) -> None:
    current = started(tmp_path)
    with pytest.raises(CorpusError), current.recorded():
        raise CorpusError("no article could be read")
    manifest = run.read_manifest(current.folder)
    assert manifest.status == "failed"
    assert manifest.error == "CorpusError: no article could be read"


def test_the_time_of_a_stage_that_is_entered_twice_adds_up(tmp_path: Path) -> None:
    current = started(tmp_path)
    with current.recorded():
        for _ in range(2):
            with current.timed("statements"):
                pass
    assert [stage.name for stage in run.read_manifest(current.folder).stages] == ["statements"]


def test_a_warning_is_in_the_manifest_and_in_the_log(tmp_path: Path) -> None:
    current = started(tmp_path)
    with current.recorded():
        current.warn("two rows were rejected")
    lines = [json.loads(line) for line in (current.folder / "log.jsonl").read_text().splitlines()]
    assert run.read_manifest(current.folder).warnings == ["two rows were rejected"]
    assert lines[0]["event"] == "warning"


def test_the_newest_finished_run_is_found_below_a_folder(tmp_path: Path) -> None:
    first, second, broken = started(tmp_path), started(tmp_path), started(tmp_path)
    for current in (first, second):
        with current.recorded():
            pass
    assert run.find(tmp_path) == second.folder
    assert run.find(broken.folder) == broken.folder


def test_a_folder_without_a_finished_run_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="framing run CONFIG"):
        run.find(tmp_path)


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(CorpusError, match=r"manifest\.json"):
        run.read_manifest(tmp_path)


def test_an_output_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FramingError, match="--output"):
        run.Run(EXPERIMENT, tmp_path / "file", [], [])


def test_the_hash_of_a_folder_changes_with_a_name_and_with_a_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    before = run.sha256_of(tmp_path)
    (tmp_path / "a").write_text("2")
    changed = run.sha256_of(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({before, changed, run.sha256_of(tmp_path)}) == 3
