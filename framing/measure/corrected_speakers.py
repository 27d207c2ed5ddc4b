"""Which speakers hand codes can correct one by one: those whom coders found on target in enough articles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from framing.measure.corrected_cell import FEW_CODED
from framing.measure.counts import OTHER
from framing.measure.stance import StanceShare
from framing.protocols import Counts, Metric, Tables

SPEAKER = "speaker"
TOO_FEW = f"on target in fewer than {FEW_CODED} coded articles"


def by_speaker(metric: Metric) -> bool:
    """Tell whether a metric has a value for each speaker."""
    return SPEAKER in metric.keys


def counts_of_both(metric: Metric, tables: Tables, gold: pl.DataFrame) -> tuple[Counts, Counts]:
    """Count by the stances of the classifier and by those given by hand, of speakers only those who can be corrected.

    Speakers whom the classifier's counts pool as "(other)" stay out, as coders would pool others: of these few articles
    each has few statements. So do those on target in too few coded articles, whatever the group.
    """
    hand = {**tables, "stances": gold}
    if not isinstance(metric, StanceShare) or not metric.by_speaker:
        return metric.counts(tables), metric.counts(hand)
    alone = replace(metric, min_statements=1)
    seen, coded = alone.counts(tables), alone.counts(hand)
    found = coded.denominator.filter(pl.col("denominator") > 0).group_by(SPEAKER).agg(pl.col("article_id").n_unique())
    kept = found.filter(pl.col("article_id") >= FEW_CODED)[SPEAKER]
    if metric.min_statements > 1:
        named = metric.counts(tables).denominator[SPEAKER].unique()
        kept = kept.filter(kept.is_in(named.implode()) & (kept != OTHER))
    only = _only(kept)
    return only(seen), only(coded)


def _only(kept: pl.Series) -> Callable[[Counts], Counts]:
    inside = pl.col(SPEAKER).is_in(kept.implode())

    def filtered(counts: Counts) -> Counts:
        return counts._replace(numerator=counts.numerator.filter(inside), denominator=counts.denominator.filter(inside))

    return filtered
