"""How many voices an outlet gives room, whatever its size."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import stdtrit

from framing.errors import ConfigError
from framing.measure.counts import check_at_least_one, is_pooled, with_speaker
from framing.measure.estimate import FEW_ARTICLES
from framing.measure.grouping import Grouping
from framing.measure.hill import coverage, hill_at_coverage
from framing.measure.interval import Bootstrap
from framing.measure.names import Named
from framing.measure.own import OwnEstimates
from framing.protocols import Tables
from framing.types import Estimate

Floats = NDArray[np.float64]

PARTS = 100  # left out one after the other, at most


@dataclass(frozen=True, slots=True)
class SourceDiversity(OwnEstimates, Named):
    """Effective number of named speakers at equal sample coverage: a Hill number (Σ p^q)^(1/(1−q)), at least 1.

    `order` q is 0 for the number of speakers, 1 for the exponential of Shannon's entropy, 2 for the inverse of
    Simpson's concentration, the last two being ruled by those who are heard often. Every sample is thinned to the least
    coverage among the groups of the same grouping, or to `level`, as otherwise the bigger outlet looks more diverse; a
    group below `level` is left empty. Groups of fewer than `min_cell` statements by named speakers are suppressed and
    do not set the coverage. The interval leaves out one article after the other (jackknife), on the log scale:
    resamples repeat articles and so miss speakers, and their spread is too small. Hill 1973; Jost 2006; Chao et al.
    2014.
    """

    order: int = 1
    level: float | None = None
    min_cell: int = 20

    keys: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[float, float]] = (1.0, math.inf)

    def __post_init__(self) -> None:
        check_at_least_one(min_cell=self.min_cell)
        if self.order not in (0, 1, 2):
            raise ConfigError(f"source_diversity: order is {self.order}, expected 0, 1 or 2")
        if self.level is not None and not 0 < self.level < 1:
            raise ConfigError(
                f"source_diversity: level is {self.level}, expected a coverage between 0 and 1 such as 0.8"
            )

    def estimates(self, tables: Tables, grouping: Grouping, *, interval: Bootstrap, seed: int) -> Iterator[Estimate]:
        """Count speakers by article in every cell, find the common coverage, and thin all to it."""
        cells = [
            _speakers_by_article(part, grouping, group)
            for group in range(len(grouping.groups))
            for _, part in grouping.parts
        ]
        reached = [coverage(_totals(cell)) for cell in cells if cell.sum() >= self.min_cell]
        level = self.level if self.level is not None else min(reached, default=1.0)
        for cell, counts in enumerate(cells):
            missing = grouping.missing(cell)
            estimate = self._estimate(counts, level, interval)
            notes = [note for note in (missing, estimate.note) if note]
            yield replace(estimate, group=grouping.labels(cell), note="; ".join(notes) or None)

    def _estimate(self, counts: csr_array, level: float, interval: Bootstrap) -> Estimate:
        totals = _totals(counts)
        statements, articles = int(totals.sum()), int((counts.sum(axis=0) > 0).sum())
        made = f"Hill number at coverage {level:.2f}"
        empty = Estimate(str(self), {}, None, None, None, articles, statements, None, made)
        if not statements:
            return replace(empty, note="no statement by a named speaker")
        if statements < self.min_cell:
            return replace(empty, note=f"suppressed: fewer than {self.min_cell} statements")
        if (own := coverage(totals)) < level - 1e-9:
            return replace(empty, note=f"its coverage is {own:.2f} and cannot be thinned to {level:.2f}")
        value = hill_at_coverage(totals, level, self.order)
        if articles == 1:
            return replace(empty, value=value, note="one article: no interval")
        logs = np.log([hill_at_coverage(totals - part, level, self.order) for part in _left_out(counts)])
        spread = math.sqrt((len(logs) - 1) * float(np.var(logs)))
        if not spread:
            return replace(empty, value=value, note="leaving out any one article changes nothing: no interval")
        reach = float(stdtrit(len(logs) - 1, (1 + interval.level) / 2)) * spread
        few = f"rests on few articles ({articles}): the interval may be too narrow"
        return replace(
            empty,
            value=value,
            low=max(1.0, value * math.exp(-reach)),
            high=value * math.exp(reach),
            estimator=f"{made}, article jackknife (log scale) {interval.percent}",
            note=few if articles < FEW_ARTICLES else None,
        )


def _speakers_by_article(tables: Tables, grouping: Grouping, group: int) -> csr_array:
    """Count the statements of named speakers, speakers × articles of a group."""
    start, end = grouping.starts[group : group + 2]
    here = tables["statements"].filter(pl.col("article_id").is_between(start, end, closed="left"))
    named = with_speaker(here.select("article_id", "speaker_id"), tables, min_statements=1).filter(
        ~is_pooled("speaker")
    )
    found = named.group_by("speaker", "article_id").len().sort("speaker", "article_id")
    rows = found["speaker"].rle_id().to_numpy().astype(np.int64)
    columns = found["article_id"].to_numpy().astype(np.int64) - start
    shape = (int(rows.max(initial=-1)) + 1, end - start)
    return csr_array((found["len"].to_numpy().astype(np.float64), (rows, columns)), shape=shape)


def _left_out(counts: csr_array) -> Iterator[Floats]:
    """Yield the counts of each article with a statement; of many articles, those of parts with as many each."""
    filled = counts[:, np.flatnonzero(counts.sum(axis=0))]
    part = np.arange(filled.shape[1]) % PARTS
    onto = csr_array((np.ones(len(part)), (np.arange(len(part)), part)))
    yield from (filled @ onto).toarray().T


def _totals(counts: csr_array) -> Floats:
    return np.asarray(counts.sum(axis=1), np.float64)
