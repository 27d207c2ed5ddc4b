"""Who is heard and how they are shown: the two terms of a difference between two groups (Kitagawa 1955).

With p the share of a group's statements that a voice has and m the voice's own value, a difference S_A − S_B is

    selection     Σ (p_A − p_B)(m_A + m_B)/2 over voices heard in both groups, and Σ p_A m_A − Σ p_B m_B over the others
    presentation  Σ (p_A + p_B)/2 (m_A − m_B) over voices heard in both groups

The two parts of selection depend on where the scale has its origin, and their expected values on how many articles were
read; their sum does not depend on the origin, so that they are given as one.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from framing.measure.counts import NONE, is_pooled, with_speaker
from framing.measure.weights import weighed
from framing.protocols import Metric, Tables

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Split = Literal["speaker", "speaker_kind", "affiliation"]


class Terms(NamedTuple):
    """The terms in each draw; NaN where a group has nothing to count or no voice is heard in both."""

    selection: Floats
    presentation: Floats


class Voices(NamedTuple):
    """The sums of a metric, an entry for each article and voice in it.

    `names` are the voices that `voice` numbers. Those that are not `known` stand for several speakers, or for none, so
    that what two groups have of them is not the same voice. `adds_up` is false where the sums of an article's voices
    are not those of the article, so that the metric has no such terms.
    """

    article: Integers
    voice: Integers
    above: Floats
    below: Floats
    names: list[str]
    known: Flags
    adds_up: bool


def terms(above: Floats, below: Floats, known: Flags) -> Terms:
    """Split the difference of two ratios; `above` and `below` are sums, groups × voices × draws.

    A voice is common where it is known and both groups have a sum to divide by, which each draw decides anew.
    """
    common = (below > 0).all(axis=0) & known[:, None]
    total = below.sum(axis=1, keepdims=True)
    shares, weights = (part / np.where(total > 0, total, 1.0) for part in (above, below))
    rates = above / np.where(below > 0, below, 1.0)
    both = weights.sum(axis=0) / 2 * (rates[0] - rates[1])
    mixed = (weights[0] - weights[1]) * rates.sum(axis=0) / 2
    presentation = np.where(common, both, 0.0).sum(axis=0)
    selection = np.where(common, mixed, shares[0] - shares[1]).sum(axis=0)
    told_apart = common.any(axis=0)
    return Terms(np.where(told_apart, selection, np.nan), np.where(told_apart, presentation, np.nan))


def voices(metric: Metric, tables: Tables, split: Split) -> Voices:
    """Sum a metric by article and voice; articles are numbered as in a grouping.

    The voices of an article are given to the metric as if each had an article of its own.
    """
    said = _with_voice(tables, split)
    own = said.select("article_id", "voice", "known").unique().sort("article_id", "voice").with_row_index("own")
    keys = ["article_id", "voice", "known"]
    apart = {
        **tables,
        "articles": own.join(tables["articles"], on="article_id", maintain_order="left")
        .drop(keys)
        .rename({"own": "article_id"}),
        "statements": said.join(own, on=keys, maintain_order="left").drop(keys).rename({"own": "article_id"}),
    }
    sums = _sums(metric, apart)
    found = own.join(sums, left_on="own", right_on="article_id", maintain_order="left").filter(pl.col("below") > 0)
    names = found.select("voice", "known").unique().sort("voice").with_row_index("number")
    numbers = found.join(names, on="voice", maintain_order="left")["number"]
    return Voices(
        article=found["article_id"].cast(pl.Int64).to_numpy(),
        voice=numbers.cast(pl.Int64).to_numpy(),
        above=found["above"].to_numpy(),
        below=found["below"].to_numpy(),
        names=names["voice"].to_list(),
        known=names["known"].to_numpy(),
        adds_up=_adds_up(found, _sums(metric, tables)),
    )


def _with_voice(tables: Tables, split: Split) -> pl.DataFrame:
    """Add to the statements the `voice` that each is of, and whether it is `known` to be one voice everywhere."""
    statements = tables["statements"]
    if split == "speaker":
        named = with_speaker(statements, tables, min_statements=1).rename({"speaker": "voice"})
        return named.with_columns(known=~is_pooled("voice"))
    column = "kind" if split == "speaker_kind" else split
    of = tables["speakers"].select("speaker_id", voice=column)
    joined = statements.join(of, on="speaker_id", how="left", maintain_order="left")
    known = pl.lit(True) if split == "speaker_kind" else pl.col("voice").is_not_null()
    return joined.with_columns(pl.col("voice").fill_null(NONE), known=known)


def _sums(metric: Metric, tables: Tables) -> pl.DataFrame:
    counts = weighed(metric.counts(tables), tables["articles"])
    below = counts.denominator.select("article_id", below="denominator")
    above = counts.numerator.select("article_id", above="numerator")
    return below.join(above, on="article_id", how="left").with_columns(pl.col("above").fill_null(0.0))


def _adds_up(found: pl.DataFrame, whole: pl.DataFrame) -> bool:
    """Tell whether the voices of each article have the sums of the article."""
    by_article = found.group_by("article_id").agg(pl.col("above", "below").sum())
    both = by_article.join(whole.filter(pl.col("below") > 0), on="article_id", how="full", suffix="_whole")
    pairs = [(both[name].to_numpy(), both[f"{name}_whole"].to_numpy()) for name in ("above", "below")]
    return all(np.allclose(parts, wholes, equal_nan=False) for parts, wholes in pairs)
