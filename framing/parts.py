"""Build the parts of an experiment and check, before the first article is read, that they fit together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from framing import registry
from framing.config import Compare, Correct, Decompose, Experiment, Measure, Part
from framing.errors import ConfigError, did_you_mean
from framing.protocols import Chart, Metric, QuoteExtractor, Reader, SpeakerResolver, StanceClassifier
from framing.resources import PREFIX, locate
from framing.run import sha256_of

if TYPE_CHECKING:
    from framing.coding.corrections import HandCodes
    from framing.corpora.events.finder import TextEvents
    from framing.corpora.wire.finder import WireCopy


class Parts(NamedTuple):
    """The parts of an experiment."""

    reader: Reader
    wire: WireCopy | None
    events: TextEvents | None
    extractor: QuoteExtractor
    resolver: SpeakerResolver
    classifier: StanceClassifier | None
    metrics: tuple[Metric, ...]
    charts: Mapping[str, Chart]
    hand_codes: HandCodes | None


def assemble(experiment: Experiment) -> Parts:
    """Build every part of an experiment.

    Raises:
        ConfigError: a kind or a grouping is unknown, an option does not fit, a metric asks about a target that the
            classifier is not asked about, or a chart draws estimates that are not made.
        CorpusError: hand codes or their sample cannot be used.
    """
    from framing.measure.grouping import check_by

    chosen = experiment.measure
    check_by(chosen.by)
    parts = Parts(
        reader=_build("corpus", experiment.corpus, "corpus"),
        wire=_build("wire", experiment.wire, "wire") if experiment.wire else None,
        events=_build("events", experiment.events, "events") if experiment.events else None,
        extractor=_build("quotes", experiment.quotes, "quotes"),
        resolver=_build("speakers", experiment.speakers, "speakers"),
        classifier=_build("stance", experiment.stance, "stance") if experiment.stance else None,
        metrics=build_metrics(chosen),
        charts=build_charts(experiment),
        hand_codes=None,
    )
    if experiment.correct:
        parts = parts._replace(hand_codes=_hand_codes(experiment, experiment.correct, parts))
    if chosen.compare:
        families(chosen.compare, parts.metrics)
    if chosen.decompose:
        decomposed(chosen.decompose, parts.metrics)
    for i, metric in enumerate(parts.metrics):
        _check_target(metric, parts.classifier, f"measure.metrics.{i}")
    for name, chart in parts.charts.items():
        _check_needs(chart, parts.metrics, chosen, f"report.charts: {name}")
    return parts


def build_metrics(chosen: Measure) -> tuple[Metric, ...]:
    """Build the metrics of an experiment.

    Raises:
        ConfigError: a kind is unknown or an option does not fit.
    """
    return tuple(_build("metrics", part, f"measure.metrics.{i}") for i, part in enumerate(chosen.metrics))


def build_charts(experiment: Experiment) -> dict[str, Chart]:
    """Build the charts of an experiment by kind; a second chart of one kind gets a number behind its name.

    Raises:
        ConfigError: a kind is unknown or an option does not fit.
    """
    charts: dict[str, Chart] = {}
    for i, part in enumerate(experiment.report.charts):
        again = sum(name.partition("-")[0] == part.kind for name in charts)
        charts[f"{part.kind}-{again + 1}" if again else part.kind] = _build("charts", part, f"report.charts.{i}")
    return charts


def families(chosen: Compare, metrics: Sequence[Metric]) -> tuple[tuple[Metric, ...], ...]:
    """Return the metrics whose differences are tested together, family by family.

    Raises:
        ConfigError: groups cannot be made by `of`, or a metric of a family is unknown or not measured.
    """
    from framing.measure.compare import check_of
    from framing.measure.own import OwnEstimates

    check_of(chosen.of, place="measure.compare.of")
    if not chosen.families:
        return tuple((metric,) for metric in metrics if not metric.keys and not isinstance(metric, OwnEstimates))
    return tuple(
        _measured(names, metrics, f"measure.compare.families.{i}", "compared")
        for i, names in enumerate(chosen.families)
    )


def decomposed(chosen: Decompose, metrics: Sequence[Metric]) -> tuple[Metric, ...]:
    """Return the metrics whose differences are split into selection and presentation.

    Raises:
        ConfigError: groups cannot be made by `of`, or a metric is unknown, not measured, or has a value for each key.
    """
    from framing.measure.compare import check_of

    check_of(chosen.of, place="measure.decompose.of")
    if not chosen.metrics:
        return tuple(metric for metric in metrics if metric.bounds == (-1.0, 1.0) and not metric.keys)
    found = _measured(chosen.metrics, metrics, "measure.decompose.metrics", "split")
    for metric in found:
        if metric.keys:
            keys = " and ".join(metric.keys)
            raise ConfigError(f"measure.decompose.metrics: {metric} has a value for each {keys} and cannot be split")
    return found


def resource_hashes(parts: Parts) -> dict[str, str]:
    """Hash every file or folder (codebook, lexicon, aliases, model) that an option of a part names.

    The corpus is left out: the manifest has the fingerprint of the articles that were read from it.
    """
    seams: dict[str, Any] = {"quotes": parts.extractor, "speakers": parts.resolver, "stance": parts.classifier}
    seams |= {f"metrics.{metric}": metric for metric in parts.metrics}
    seams |= {f"charts.{name}": chart for name, chart in parts.charts.items()}
    return {
        f"{seam}.{option}: {path}": sha256_of(locate(path))
        for seam, part in seams.items()
        if part is not None
        for option, path in _paths(part)
    } | {
        f"correct: {path}": sha256_of(path)
        for path in ([*parts.hand_codes.files, parts.hand_codes.sample_file] if parts.hand_codes else [])
    }


def _measured(names: Sequence[str], metrics: Sequence[Metric], place: str, used: str) -> tuple[Metric, ...]:
    """Find metrics by their canonical names among those that are measured."""
    from framing.measure.names import parse
    from framing.measure.own import OwnEstimates

    measured = {str(metric): metric for metric in metrics}
    wanted = [str(parse(name, place=place)) for name in names]
    for name in wanted:
        if name not in measured:
            raise ConfigError(f"{place}: {name} is not measured; {did_you_mean(name, measured)}")
        if isinstance(measured[name], OwnEstimates):
            raise ConfigError(f"{place}: {name} is no function of two sums over articles and cannot be {used} yet")
    return tuple(measured[name] for name in wanted)


def _build(seam: str, part: Part, place: str) -> Any:
    return registry.build(seam, part.kind, part.options, place=place)


def _paths(part: Any) -> Iterator[tuple[str, str]]:
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        for path in value if isinstance(value, tuple | list) else [value]:
            if isinstance(path, str | Path) and _names_a_file(str(path)):
                yield field.name, str(path)


def _hand_codes(experiment: Experiment, chosen: Correct, parts: Parts) -> HandCodes:
    """Read the hand codes, and see that there is something for them to correct."""
    from framing.coding.corrections import read_hand_codes
    from framing.measure.correction import correctable, obstacle
    from framing.measure.grouping import ARTICLE_GROUPS

    if parts.classifier is None:
        raise ConfigError("correct: codes correct stances; add a `stance:` part to the experiment")
    for name in experiment.measure.by if chosen.by is None else chosen.by:
        if name not in ARTICLE_GROUPS:
            raise ConfigError(
                f"correct.by: {name!r} groups statements, but articles are sampled; set correct.by to some of "
                f"{', '.join(ARTICLE_GROUPS)}"
            )
    sample = Path(chosen.sample) if chosen.sample else None
    targets = parts.classifier.targets
    found = read_hand_codes([Path(path) for path in chosen.labels], sample, target=chosen.target, targets=targets)
    if not correctable(parts.metrics, found.target):
        why = [f"{metric}: {obstacle(metric) or 'is of another target'}" for metric in parts.metrics]
        wanted = f"{{kind: net_stance, target: {found.target}}}"
        raise ConfigError("\n  ".join([f"correct: add {wanted} to measure.metrics; no metric can be corrected:", *why]))
    return found


def _names_a_file(path: str) -> bool:
    return path.startswith(PREFIX) or (("/" in path or "." in path) and Path(path).exists())


def _check_target(metric: Metric, classifier: StanceClassifier | None, place: str) -> None:
    if str(metric).startswith("aligned("):
        raise ConfigError(f"{place}: {metric} compares pairs of outlets; set measure.align in place of the metric")
    target = getattr(metric, "target", None)
    if target is None:
        return
    if classifier is None:
        raise ConfigError(f"{place}: {metric} needs stances; add a `stance:` part to the experiment")
    if target not in classifier.targets:
        raise ConfigError(
            f"{place}.target: stance is not asked about {target!r}; {did_you_mean(target, classifier.targets)} "
            f"(stance.targets: {', '.join(classifier.targets)})"
        )


def _check_needs(chart: Chart, metrics: tuple[Metric, ...], chosen: Measure, place: str) -> None:
    from framing.measure.names import fits

    needs = chart.needs
    if not any(fits(metric, needs) for metric in metrics):
        wanted = needs.metric if needs.target is None else f"{{kind: {needs.metric}, target: {needs.target}}}"
        raise ConfigError(f"{place} draws a metric that is not measured; add {wanted} to measure.metrics")
    if chosen.by != ("outlet",):
        raise ConfigError(f"{place} compares outlets, but measure.by is {list(chosen.by)}; set it to [outlet]")
    if needs.over_time and chosen.period is None:
        raise ConfigError(f"{place} needs a time series; set measure.period to year, month or week")
