"""A stratified probability sample of articles: which are drawn, and with what probability each came in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from framing.errors import ConfigError, CorpusError
from framing.measure.codes import PROBABILITY, inclusion
from framing.measure.counts import NONE
from framing.measure.grouping import ARTICLE_GROUPS, check_by
from framing.measure.interval import generator_of

LEAST = 2


class Stratum(NamedTuple):
    """The articles of one group: how many there are, how many were drawn, and the probability of each to be drawn."""

    group: dict[str, str]
    articles: int
    drawn: int
    inclusion_probability: float


class Sample(NamedTuple):
    """The drawn articles (article_id, the groups, inclusion_probability) in the order of coding, and the strata."""

    articles: pl.DataFrame
    strata: tuple[Stratum, ...]


def draw(articles: pl.DataFrame, *, size: int, by: Sequence[str], seed: int) -> Sample:
    """Draw `size` articles of every group at random, without replacement; all of a group that has no more.

    Within a group of N articles each has the probability size / N. Articles without statements can be drawn too: they
    are coded with no effort, and their share belongs to what the sample stands for. The draw of a group depends only on
    the seed, its name and its articles, and a larger sample contains the smaller one of the same seed, so that codes
    can be added to. The order of coding mixes the groups, lest coders who tire or learn differ between outlets.

    Raises:
        ConfigError: a group is not one of articles, or the size is below 2.
    """
    if size < LEAST:
        raise ConfigError(f"--articles {size}: expected {LEAST} or more, as one article a group shows no spread")
    drawn, found = [], []
    for group, part in strata(articles, by):
        order = generator_of(seed, group).permutation(part.height)
        stratum = Stratum(group, part.height, min(size, part.height), min(size, part.height) / part.height)
        found.append(stratum)
        kept = part[np.sort(order[:size]).tolist()]
        drawn.append(kept.with_columns(pl.lit(stratum.inclusion_probability).alias(PROBABILITY)))
    chosen = pl.concat(drawn)
    mixed = generator_of(seed, {"order": "coding"}).permutation(chosen.height)
    return Sample(chosen[mixed.tolist()], tuple(found))


def strata(articles: pl.DataFrame, by: Sequence[str]) -> list[tuple[dict[str, str], pl.DataFrame]]:
    """Return the groups of articles, sorted, each with article_id and the groupings; `()` makes one group of all.

    Raises:
        ConfigError: a group is not one of articles.
    """
    check_by(by)
    for name in by:
        if name not in ARTICLE_GROUPS:
            known = ", ".join(ARTICLE_GROUPS)
            raise ConfigError(f"--by {name}: this groups statements, but articles are drawn; expected one of {known}")
    grouped = articles.select("article_id", **{name: ARTICLE_GROUPS[name].fill_null(NONE) for name in by})
    grouped = grouped.sort(*by, "article_id")
    if not by:
        return [({}, grouped)]
    parts = grouped.partition_by(by, maintain_order=True)
    return [(dict(zip(by, part.select(by).row(0), strict=True)), part) for part in parts]


def read_sample(path: Path, articles: pl.DataFrame | None = None) -> pl.DataFrame:
    """Read article_id and inclusion_probability of a sample, of a run's articles if these are given.

    Raises:
        CorpusError: the file is no such sample, or a probability is 0, above 1 or missing.
    """
    try:
        sample = pl.read_csv(path, infer_schema=False, encoding="utf8")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CorpusError(f"{path}: cannot be read as CSV ({error}), expected what `framing sample` wrote") from error
    try:
        return inclusion(sample if articles is None else articles, sample)
    except CorpusError as error:
        raise CorpusError(f"{path}: {error}") from error
