"""What an experiment measures: every metric in every grouping, the differences, and what wire copy does to them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from framing.config import Experiment
from framing.parts import decomposed, families
from framing.protocols import Metric, Tables
from framing.types import Estimate

if TYPE_CHECKING:
    from framing.coding.corrections import HandCodes
    from framing.measure.correction import Coding
    from framing.measure.wire import Policy


CODED = ("hand_codes", "sample")
"""The tables of hand codes and of the sample that they are of."""


class Coded(NamedTuple):
    """Hand codes of a run, the target that they are toward, and the groups of articles that are corrected apart."""

    coding: Coding
    target: str
    by: tuple[str, ...]


def estimated(
    experiment: Experiment, metrics: Sequence[Metric], loaded: Tables, coded: Coded | None = None
) -> list[Estimate]:
    """Measure under the main policy on wire copy, and the groups without their time series under those beside it.

    Where hand codes are given, corrected estimates and differences stand beside those of the classifier's labels.
    """
    from framing.measure.wire import beside

    wire = experiment.wire
    if wire is None or "wire" not in loaded:
        estimates = _under("keep", experiment, metrics, loaded, experiment.measure.groupings)
        return estimates + (_corrected("keep", experiment, metrics, loaded, coded) if coded else [])
    estimates = _under(wire.policy, experiment, metrics, loaded, experiment.measure.groupings)
    estimates += _corrected(wire.policy, experiment, metrics, loaded, coded) if coded else []
    for policy in dict.fromkeys(wire.beside):
        if policy != wire.policy and not loaded["wire"].is_empty():
            plain = tuple(dict.fromkeys(((), experiment.measure.by)))
            estimates += beside(_under(policy, experiment, metrics, loaded, plain))
            estimates += beside(_corrected(policy, experiment, metrics, loaded, coded)) if coded else []
    return estimates


def judge(experiment: Experiment, hand_codes: HandCodes, loaded: Tables, folder: Path) -> Coded:
    """Match hand codes with the tables of a run, and write both, and how the classifier errs by them."""
    from framing import tables
    from framing.measure.classifier_error import judged

    by = experiment.measure.by if experiment.correct is None or experiment.correct.by is None else experiment.correct.by
    coded = Coded(hand_codes.coding(loaded), hand_codes.target, by)
    level = experiment.measure.interval.level
    rates, tests = judged(loaded, coded.coding, target=coded.target, by=by, level=level)
    tables.write(coded.coding.sample, folder / "sample.parquet")
    tables.write(coded.coding.codes, folder / "hand_codes.parquet")
    tables.write(rates, folder / "error_rates.parquet")
    tables.write(tests, folder / "differential_error.parquet")
    return coded


def read_coding(folder: Path, left: Tables) -> Coding | None:
    """Read the hand codes of a run as `judge` wrote them, those of articles that are left; None if it had none."""
    from framing import tables
    from framing.measure.correction import Coding

    if not all((folder / f"{name}.parquet").is_file() for name in CODED):
        return None
    return Coding(*(tables.read(folder, name) for name in CODED)).within(left)


def _under(
    policy: Policy,
    experiment: Experiment,
    metrics: Sequence[Metric],
    loaded: Tables,
    groupings: Sequence[tuple[str, ...]],
) -> list[Estimate]:
    from framing.measure import Bootstrap, Compare
    from framing.measure.alignment.pairs import ComparePairs
    from framing.measure.decompose import Decompose
    from framing.measure.wire import compare_pairs_under, compare_under, decompose_under, measure_under

    chosen, seed = experiment.measure, experiment.seed
    interval = Bootstrap(
        level=chosen.interval.level,
        resamples=chosen.interval.resamples,
        method="studentised" if chosen.interval.method == "studentised" else "percentile",
    )
    estimates = [
        estimate
        for by in groupings
        for estimate in measure_under(policy, loaded, metrics, by=by, interval=interval, seed=seed)
    ]
    if chosen.compare:
        compare = Compare(**chosen.compare.model_dump(exclude={"families"}))
        asked = families(chosen.compare, metrics)
        estimates += compare_under(policy, loaded, compare, asked, interval=interval, seed=seed)
    if chosen.decompose:
        decompose = Decompose(**chosen.decompose.model_dump(exclude={"metrics"}))
        split = decomposed(chosen.decompose, metrics)
        estimates += decompose_under(policy, loaded, decompose, split, interval=interval, seed=seed)
    if chosen.align:
        pairs = ComparePairs(**chosen.align.model_dump(include={"baseline", "correction"}))
        estimates += compare_pairs_under(policy, loaded, pairs, interval=interval, seed=seed)
    return estimates


def _corrected(
    policy: Policy, experiment: Experiment, metrics: Sequence[Metric], loaded: Tables, coded: Coded
) -> list[Estimate]:
    """Correct what can be corrected over everything and by group; of time series each part has too few codes."""
    from framing.measure import Compare
    from framing.measure.correction import correctable
    from framing.measure.wire import compare_corrected_under, correct_under

    chosen, level = experiment.measure, experiment.measure.interval.level
    asked = correctable(metrics, coded.target)
    estimates = [
        estimate
        for by in dict.fromkeys(((), coded.by))
        for estimate in correct_under(policy, loaded, asked, coded.coding, by=by, level=level)
    ]
    if chosen.compare:
        compare = Compare(**chosen.compare.model_dump(exclude={"families"}))
        asked_by_family = [
            found for family in families(chosen.compare, metrics) if (found := correctable(family, coded.target))
        ]
        estimates += compare_corrected_under(policy, loaded, compare, asked_by_family, coded.coding, level=level)
    return estimates
