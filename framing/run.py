"""A run folder: one execution of an experiment, with a manifest good enough to rerun it and to trust its files."""

from __future__ import annotations

import hashlib
import platform
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from framing.config import Experiment
from framing.errors import CorpusError, FramingError
from framing.jsonlines import json_line

MANIFEST = "manifest.json"
_DEVELOPMENT = re.compile(r"extra\s*==\s*['\"]dev['\"]")


class StageRecord(BaseModel):
    """How many records a stage made, in how many seconds."""

    name: str
    count: int
    seconds: float


class Manifest(BaseModel):
    """Everything about a run but its results.

    Paths in `config` are relative to `working_folder`; `files` are relative to the run folder, with their sha256.
    """

    name: str
    status: Literal["started", "finished", "failed"] = "started"
    started: str
    finished: str | None = None
    command: list[str]
    working_folder: str
    config: dict[str, Any]
    config_sha256: str
    overrides: list[str] = Field(default_factory=list)
    seed: int
    versions: dict[str, str]
    git: dict[str, str | bool] | None = None
    resources: dict[str, str] = Field(default_factory=dict)
    corpus_sha256: str | None = None
    counts: dict[str, int] = Field(default_factory=dict)
    stages: list[StageRecord] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
    wire_notes: list[str] = Field(default_factory=list)
    files: dict[str, str] = Field(default_factory=dict)
    error: str | None = None


class Run:
    """The folder of one run while it is written: stages timed, warnings kept, the manifest always current."""

    def __init__(self, experiment: Experiment, output: Path, command: list[str], overrides: list[str]) -> None:
        started = datetime.now(UTC)
        digest = experiment.sha256()
        self.folder = _new_folder(output / experiment.name, f"{started:%Y%m%dT%H%M%SZ}-{digest[:8]}")
        self.manifest = Manifest(
            name=experiment.name,
            started=started.isoformat(timespec="seconds"),
            command=command,
            working_folder=str(Path.cwd()),
            config=experiment.as_dict(),
            config_sha256=digest,
            overrides=overrides,
            seed=experiment.seed,
            versions=_versions(),
            git=_git_state(),
        )
        (self.folder / "config.yaml").write_text(experiment.as_yaml(), encoding="utf-8")
        self._seconds: dict[str, float] = {}
        self.save()

    def save(self) -> None:
        """Write the manifest as it stands."""
        write_manifest(self.folder, self.manifest)

    def log(self, event: str, **fields: object) -> None:
        """Append one line to `log.jsonl`."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **fields}
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json_line(line))

    def warn(self, message: str) -> None:
        """Keep a warning for the manifest, the report and the reader of the terminal."""
        self.manifest.warnings.append(message)
        self.log("warning", message=message)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time spent inside to a stage; a stage may be entered many times."""
        before = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] = self._seconds.get(stage, 0.0) + time.perf_counter() - before

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Mark the run as finished at the end, or as failed with the error that stopped it."""
        try:
            yield
        except BaseException as error:
            self._end("failed", f"{type(error).__name__}: {error}")
            raise
        self._end("finished", None)

    def _end(self, status: Literal["finished", "failed"], error: str | None) -> None:
        manifest = self.manifest
        manifest.stages = [
            StageRecord(name=name, count=manifest.counts.get(name, 0), seconds=round(seconds, 3))
            for name, seconds in self._seconds.items()
        ]
        manifest.status, manifest.error = status, error
        manifest.finished = datetime.now(UTC).isoformat(timespec="seconds")
        self.log(status, error=error)
        manifest.files = hash_files(self.folder)
        self.save()


def find(folder: Path) -> Path:
    """Return a run folder: the folder itself, or the newest finished run below it.

    Raises:
        CorpusError: there is no run at that place.
    """
    if (folder / MANIFEST).is_file():
        return folder
    runs = [path.parent for pattern in ("*", "*/*") for path in folder.glob(f"{pattern}/{MANIFEST}")]
    finished = [run for run in runs if read_manifest(run).status == "finished"]
    if not finished:
        raise CorpusError(f"{folder}: no finished run here; `framing run CONFIG` makes one below reports/")
    return max(finished, key=lambda run: run.name)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a run folder.

    Raises:
        CorpusError: the manifest is missing or damaged.
    """
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise CorpusError(f"{path}: not the manifest of a run ({error})") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a run folder; a reader sees the old one or the new one, never a part."""
    part = folder / f"{MANIFEST}.part"
    part.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    part.replace(folder / MANIFEST)


def hash_files(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file of a run folder but its manifest, by its path inside the folder."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def overview(folder: Path) -> str:
    """Return what a run was and how it went, as lines of text."""
    manifest = read_manifest(folder)
    counts = ", ".join(f"{count:,} {name}" for name, count in manifest.counts.items())
    seconds = sum(stage.seconds for stage in manifest.stages)
    lines = [f"{folder}: {manifest.status}, started {manifest.started}, {seconds:.1f} s", counts]
    lines += [f"warning: {warning}" for warning in manifest.warnings]
    return "\n".join([*lines, *([f"error: {manifest.error}"] if manifest.error else []), ""])


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file, or of the names and contents of all files below a folder."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    for part in sorted(item for item in path.rglob("*") if item.is_file() and "__pycache__" not in item.parts):
        digest.update(f"{part.relative_to(path).as_posix()}\0{sha256_of(part)}\0".encode())
    return digest.hexdigest()


def _new_folder(parent: Path, name: str) -> Path:
    for attempt in range(1000):
        folder = parent / (f"{name}-{attempt}" if attempt else name)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise FramingError(f"{folder}: cannot be made ({error.strerror}); choose another --output") from error
        return folder
    raise FramingError(f"{parent}: a thousand runs were started in this second")


def _versions() -> dict[str, str]:
    """Return the versions of Python, of this package and of what it needs, where installed."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    needed = [line for line in requires("framing") or [] if not _DEVELOPMENT.search(line)]
    for package in ["framing", *(re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in needed)]:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _git_state() -> dict[str, str | bool] | None:
    """Return commit and cleanliness of the working folder's repository, or None outside one."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True, timeout=10)  # noqa: S603, S607
        return done.stdout.strip()

    try:
        return {"commit": git("rev-parse", "HEAD"), "dirty": bool(git("status", "--porcelain"))}
    except (OSError, subprocess.SubprocessError):
        return None
