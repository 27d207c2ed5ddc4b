"""Rerun the measures of a run, never its models, under every combination of a multiverse's choices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from framing import config, curves, pipeline, tables
from framing.config import Experiment
from framing.errors import ConfigError, CorpusError
from framing.estimation import read_coding
from framing.measure import Bootstrap, parse
from framing.measure.choices import CHOICES, Choices, Window
from framing.measure.correction import correctable
from framing.measure.multiverse import Coded, multiverse
from framing.measure.own import OwnEstimates
from framing.measure.reweighed import is_sum
from framing.parts import build_charts, build_metrics
from framing.protocols import Metric, Tables
from framing.run import Manifest, find, hash_files, read_manifest, write_manifest
from framing.writing import write_text

RECORD = "multiverse.json"
CHAIN = ("seed", "corpus", "wire", "events", "quotes", "speakers", "stance")
"""The sections that decide what is in the tables of a run."""

POLICIES = ("policy", "beside")


class Found(NamedTuple):
    """The run whose measures are rerun, and the experiment that says how."""

    folder: Path
    experiment: Experiment


class Varied(NamedTuple):
    """What a multiverse found: its curves, how many specifications they have, and what was left out of them."""

    folder: Path
    curves: list[curves.Curve]
    specifications: int
    notes: list[str]


def locate(place: Path, *, output: Path, overrides: list[str]) -> Found:
    """Return a run by its folder, or by its experiment: the newest finished run of the same chain below `output`.

    Raises:
        ConfigError: the experiment is wrong.
        CorpusError: there is no such run.
    """
    if place.is_dir():
        folder = find(place)
        return Found(folder, config.load(str(folder / "config.yaml"), overrides))
    experiment = config.load(str(place), overrides)
    runs = [path.parent for path in (output / experiment.name).glob("*/manifest.json")]
    finished = {run: manifest for run in runs if (manifest := read_manifest(run)).status == "finished"}
    asked = _chain(experiment.as_dict())
    same = [run for run, manifest in finished.items() if _chain(manifest.config) == asked]
    if same:
        return Found(max(same, key=lambda run: run.name), experiment)
    way_out = f"`framing run {place} --output {output}` makes one"
    if not finished:
        raise CorpusError(f"{output / experiment.name}: no finished run of {place}; {way_out}")
    newest = max(finished, key=lambda run: run.name)
    other = [name for name, value in _chain(finished[newest].config).items() if value != asked[name]]
    raise CorpusError(
        f"{output / experiment.name}: no finished run has the chain of {place}; the newest, {newest.name}, differs in "
        f"{', '.join(other)}; {way_out}, or name a run folder"
    )


def vary(found: Found) -> Varied:
    """Measure a run under every specification, and write the table, the curves and the report into its folder.

    Raises:
        ConfigError: a metric is not one that can be varied.
        CorpusError: the run is not finished, or a table is missing.
    """
    folder, experiment = found
    manifest = read_manifest(folder)
    if manifest.status != "finished":
        raise CorpusError(f"{folder}: the run is {manifest.status}, not finished; run it again or name another")
    loaded = pipeline.load_tables(folder)
    metrics, notes = _metrics(experiment, loaded)
    compare = experiment.measure.compare
    coding = read_coding(folder, loaded)
    coded = None
    if coding is not None and not coding.codes.is_empty():
        coded = Coded(coding, str(coding.codes["target"][0]))
    made = multiverse(
        loaded,
        metrics,
        choices_of(experiment),
        of=compare.of if compare else "outlet",
        baseline=compare.baseline if compare else None,
        coded=coded,
        interval=Bootstrap(level=experiment.measure.interval.level, resamples=experiment.multiverse.resamples),
        seed=experiment.seed,
    )
    notes += made.notes
    if coded and not correctable(metrics, coded.target):
        notes.append(f"no metric varied is one that the hand codes toward {coded.target} can correct")
    tables.write(made.table, folder / f"{curves.TABLE}.parquet")
    write_text(folder / f"{curves.TABLE}.csv", made.table.write_csv(), encoding="utf-8-sig")
    write_text(folder / RECORD, _record(experiment, metrics, made.choices, notes))
    _render(folder, experiment, manifest)
    return Varied(folder, curves.read(folder), len(made.choices), notes)


def choices_of(experiment: Experiment) -> Choices:
    """Return what an experiment varies; each choice once."""
    section = experiment.multiverse
    main = experiment.wire.policy if experiment.wire else "keep"
    wire = section.wire or (main, "drop" if main == "keep" else "keep")
    windows = [Window(each) if isinstance(each, str) else Window(**each.model_dump()) for each in section.window]
    return Choices(
        confidence=tuple(dict.fromkeys(section.confidence)),
        abstention=tuple(dict.fromkeys(None if each == "run" else each for each in section.abstention)),
        weight=tuple(dict.fromkeys(section.weight)),
        unit=tuple(dict.fromkeys(section.unit)),
        wire=tuple(dict.fromkeys(wire)),
        window=tuple(dict.fromkeys(windows)),
    )


def _metrics(experiment: Experiment, loaded: Tables) -> tuple[list[Metric], list[str]]:
    """Return the metrics named, or all with one value a group that can be varied: signed ones where there are any."""
    names = experiment.multiverse.metrics
    if names:
        named = [parse(name, place=f"multiverse.metrics.{i}") for i, name in enumerate(names)]
        return list({str(metric): metric for metric in named}.values()), []
    single = [metric for metric in build_metrics(experiment.measure) if not metric.keys]
    usable = [metric for metric in single if not isinstance(metric, OwnEstimates) and is_sum(metric, loaded)]
    chosen = [metric for metric in usable if metric.bounds[0] < 0] or usable
    if not chosen:
        raise ConfigError(
            "multiverse: no metric of measure.metrics has a single value that is a sum over statements; add one such "
            "as {kind: net_stance, target: NAME}, or name it in multiverse.metrics"
        )
    notes = [f"{metric}: not varied; name it in multiverse.metrics if it should be" for metric in usable]
    return chosen, [note for note, metric in zip(notes, usable, strict=True) if metric not in chosen]


def _render(folder: Path, experiment: Experiment, manifest: Manifest) -> None:
    """Draw the curves into the report of the run; the rest of the report stays as its own configuration makes it."""
    for old in (folder / "figures").glob("curve-*"):
        old.unlink()
    own = config.load(str(folder / "config.yaml"))
    compare = experiment.measure.compare or own.measure.compare
    own = own.model_copy(update={"measure": own.measure.model_copy(update={"compare": compare})})
    pipeline.render(own, build_charts(own), folder, manifest)
    manifest.files = hash_files(folder)
    write_manifest(folder, manifest)


def _record(experiment: Experiment, metrics: list[Metric], choices: Choices, notes: list[str]) -> str:
    values: Mapping[str, Any] = {
        "multiverse": experiment.multiverse.model_dump(mode="json"),
        "metrics": [str(metric) for metric in metrics],
        "varied": {name: [str(each) for each in getattr(choices, name)] for name in CHOICES},
        "seed": experiment.seed,
        "notes": notes,
    }
    return json.dumps(values, indent=1, ensure_ascii=False) + "\n"


def _chain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sections that make the tables; what is done with wire copy is a matter of measures."""
    chain = {name: values.get(name) for name in CHAIN}
    if chain["wire"]:
        chain["wire"] = {key: value for key, value in chain["wire"].items() if key not in POLICIES}
    return chain
