"""What an experiment measures: every metric in every grouping, the differences, and what wire copy does to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from framing.config import Experiment
from framing.parts import decomposed, families
from framing.protocols import Metric, Tables
from framing.types import Estimate

if TYPE_CHECKING:
    from framing.measure.wire import Policy


def estimated(experiment: Experiment, metrics: Sequence[Metric], loaded: Tables) -> list[Estimate]:
    """Measure under the main policy on wire copy, and the groups without their time series under those beside it."""
    from framing.measure.wire import beside

    wire = experiment.wire
    if wire is None or "wire" not in loaded:
        return _under("keep", experiment, metrics, loaded, experiment.measure.groupings)
    estimates = _under(wire.policy, experiment, metrics, loaded, experiment.measure.groupings)
    for policy in dict.fromkeys(wire.beside):
        if policy != wire.policy and not loaded["wire"].is_empty():
            plain = tuple(dict.fromkeys(((), experiment.measure.by)))
            estimates += beside(_under(policy, experiment, metrics, loaded, plain))
    return estimates


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
