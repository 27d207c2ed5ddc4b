"""How early in an article somebody is heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import polars as pl

from framing.errors import ConfigError
from framing.measure.counts import tally
from framing.measure.names import Named
from framing.protocols import Counts, Tables


@dataclass(frozen=True, slots=True)
class Prominence(Named):
    """How early articles give the word, in [0, 1].

    `of: first` is the place of an article's first statement as a share of its length, 0 at the top, averaged over
    articles with a statement: the lower, the earlier. `of: lead` is the share of statements that begin in the first
    three paragraphs: the higher, the earlier. The inverted pyramid puts first what counts most (Bell 1991; van Dijk
    1988). Without statements the estimate is empty.
    """

    of: Literal["first", "lead"] = "first"

    keys: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    min_cell: ClassVar[int] = 1

    def counts(self, tables: Tables) -> Counts:
        """Find the first statement of each article, or count those in its first paragraphs.

        Raises:
            ConfigError: the run does not know where the articles' first three paragraphs end.
        """
        column = "n_characters" if self.of == "first" else "lead_end"
        if column not in tables["articles"].columns:
            raise ConfigError(f"{self}: the table of articles has no column {column}; run the experiment again")
        places = tables["articles"].select("article_id", place=column)
        starts = tables["statements"].select("article_id", start=pl.col("content_start").list.first())
        begun = starts.join(places, on="article_id")
        if self.of == "lead":
            return tally(begun.with_columns(numerator=pl.col("start") < pl.col("place"), denominator=1))
        by_article = begun.group_by("article_id").agg(
            numerator=pl.col("start").min() / pl.col("place").first(), statements=pl.len().cast(pl.Int64)
        )
        unknown = pl.lit(None, pl.Float64)
        return Counts(
            by_article.select("article_id", "numerator", squares=unknown, products=unknown),
            by_article.select("article_id", "statements", denominator=pl.lit(1.0), squares=unknown),
        )
