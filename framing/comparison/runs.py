"""The runs that are compared: read from their folders, told apart by a label, checked for what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from framing import config, pipeline, registry
from framing.config import Experiment
from framing.errors import ConfigError, CorpusError
from framing.estimation import CODED, read_coding
from framing.measure.correction import Coding
from framing.measure.names import parse
from framing.measure.own import OwnEstimates
from framing.measure.wire import WIRE, Policy, under
from framing.protocols import Metric, Tables
from framing.run import Manifest, find, read_manifest, sha256_of

READ = ("articles", "statements", "speakers", "stances")


class ComparedRun(NamedTuple):
    """A finished run with the tables that its policy on wire copy leaves; `label` is what the comparison calls it.

    `coding` is what is left of its hand codes and their sample; None if it had none.
    """

    label: str
    folder: Path
    experiment: Experiment
    manifest: Manifest
    tables: Tables
    coding: Coding | None = None

    @property
    def wire_policy(self) -> Policy:
        """Name what the run does with wire copy."""
        return policy_of(self.experiment, self.tables)

    @property
    def targets(self) -> set[str]:
        """Name what the statements of the run were asked about."""
        return set(self.tables["stances"]["target"].unique()) if "stances" in self.tables else set()

    @property
    def coded_target(self) -> str | None:
        """Name the target that the hand codes are toward."""
        return None if self.coding is None or self.coding.codes.is_empty() else str(self.coding.codes["target"][0])

    @property
    def metrics(self) -> dict[str, Metric]:
        """Build the metrics of the run, by canonical name."""
        parts = self.experiment.measure.metrics
        made = [registry.build("metrics", part.kind, part.options, place=str(self.folder)) for part in parts]
        return {str(metric): metric for metric in made}


class Asked(NamedTuple):
    """The metrics that are compared, and what is said of those that are not."""

    metrics: list[Metric]
    notes: list[str]


def read_runs(places: Sequence[str]) -> list[ComparedRun]:
    """Read runs from `FOLDER` or `LABEL=FOLDER`; a folder above run folders means the newest finished run below it.

    Raises:
        ConfigError: there are fewer than two, a run is named twice, or two have the same label.
        CorpusError: a folder holds no finished run, or its tables are not those that the run wrote.
    """
    if len(places) < 2:
        raise ConfigError(f"compare: expected two runs or more, found {len(places)}; name another run folder")
    named = [_named(place) for place in places]
    folders = [find(folder) for _, folder in named]
    for folder, count in Counter(folder.resolve() for folder in folders).items():
        if count > 1:
            raise ConfigError(f"compare: {folder} is named {count} times; name two different runs")
    manifests = [_finished(folder) for folder in folders]
    labels = _labels([label for label, _ in named], folders, manifests)
    found = []
    for label, folder, manifest in zip(labels, folders, manifests, strict=True):
        experiment, loaded = config.load(str(folder / "config.yaml")), pipeline.load_tables(folder)
        left = under(loaded, policy_of(experiment, loaded))
        found.append(ComparedRun(label, folder, experiment, manifest, left, read_coding(folder, left)))
    return found


def policy_of(experiment: Experiment, tables: Tables) -> Policy:
    """Return what an experiment does with wire copy; without a ledger, copies are kept."""
    return experiment.wire.policy if experiment.wire and WIRE in tables else "keep"


def metrics_of(runs: Sequence[ComparedRun], asked: Sequence[str]) -> Asked:
    """Return the metrics asked for by canonical name or, without any, those that all runs measured.

    Raises:
        ConfigError: a metric is unknown or cannot be compared, or the runs have no target or no metric in common.
    """
    targets = set.intersection(*(run.targets for run in runs))
    if asked:
        metrics = [parse(name, place="--metric") for name in asked]
        for metric in metrics:
            if isinstance(metric, OwnEstimates):
                raise ConfigError(f"--metric {metric}: is no function of two sums over articles and cannot be compared")
            target = getattr(metric, "target", None)
            if target is not None and target not in targets:
                raise ConfigError(f"--metric {metric}: not every run asks about {target!r}; {_targets(runs)}")
        return Asked(metrics, [])
    if not targets and sum(bool(run.targets) for run in runs) > 1:
        raise ConfigError(
            f"compare: the runs have no target in common: {_targets(runs)}; set stance.targets to the same and run "
            f"again, or name what can be compared all the same, such as --metric source_share"
        )
    known = [run.metrics for run in runs]
    everywhere = {name: metric for name, metric in known[0].items() if all(name in metrics for metrics in known)}
    usable = {name: metric for name, metric in everywhere.items() if not isinstance(metric, OwnEstimates)}
    notes = [
        f"{name}: measured in {' and '.join(where)} only, not compared"
        for name in dict.fromkeys(name for metrics in known for name in metrics)
        if name not in everywhere
        and (where := [run.label for run, metrics in zip(runs, known, strict=True) if name in metrics])
    ]
    notes += [
        f"{name}: no function of two sums over articles, so that it has no paired difference; each run's report has it"
        for name in everywhere
        if name not in usable
    ]
    if not usable:
        measured = "; ".join(f"{run.label}: {', '.join(metrics)}" for run, metrics in zip(runs, known, strict=True))
        raise ConfigError(f"compare: the runs have no metric in common that can be compared ({measured}); use --metric")
    return Asked(list(usable.values()), notes)


def _named(place: str) -> tuple[str | None, Path]:
    label, equals, folder = place.partition("=")
    if equals and label and folder and not Path(place).exists():
        return label, Path(folder)
    return None, Path(place)


def _labels(given: Sequence[str | None], folders: Sequence[Path], manifests: Sequence[Manifest]) -> list[str]:
    """Call a run by its experiment and, where two are of the same experiment, by its folder as well."""
    names = Counter(manifest.name for manifest in manifests)
    labels = [
        label or (manifest.name if names[manifest.name] == 1 else f"{manifest.name} {folder.resolve().name}")
        for label, folder, manifest in zip(given, folders, manifests, strict=True)
    ]
    for label, count in Counter(labels).items():
        if count > 1:
            raise ConfigError(f"compare: {count} runs are called {label!r}; name them, such as before={folders[0]}")
    return labels


def _finished(folder: Path) -> Manifest:
    """Return the manifest of a run whose tables are as it wrote them."""
    manifest = read_manifest(folder)
    if manifest.status != "finished":
        why = f": {manifest.error}" if manifest.error else ""
        raise CorpusError(f"{folder}: the run is {manifest.status}, not finished{why}; run it again or name another")
    for name in (f"{table}.parquet" for table in (*READ, *CODED)):
        written, path = manifest.files.get(name), folder / name
        if written is None:
            continue
        if not path.is_file():
            raise CorpusError(f"{path}: the run wrote this table and it is gone; run it again or restore the folder")
        if sha256_of(path) != written:
            raise CorpusError(
                f"{path}: not the table that the run wrote (its sha256 differs from manifest.json); run it again or "
                f"restore the folder"
            )
    return manifest


def _targets(runs: Sequence[ComparedRun]) -> str:
    return "; ".join(f"{run.label} asks about {', '.join(sorted(run.targets)) or 'no target'}" for run in runs)
