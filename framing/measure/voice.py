"""Who is heard: shares of statements, of words and of articles by speaker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import polars as pl

from framing.measure.counts import check_at_least_one, tally, with_speaker
from framing.measure.names import Named
from framing.protocols import Counts, Tables
from framing.types import QuoteType

WORD = r"\w+"


@dataclass(frozen=True, slots=True)
class SourceShare(Named):
    """Share of the statements that each speaker has, in [0, 1].

    `weight: statement` is n_ok / n_o; `article` the mean over articles of n_ak / n_a, so that a long article weighs no
    more than a short one; both sum to 1 over speakers. `prevalence` is the share of all articles that quote a speaker.
    Statements without a speaker count, as the speaker "(none)"; those of unnamed and of unresolved speakers are pooled
    as "(anonymous)" and "(unknown)", speakers with fewer than `min_statements` statements in the whole corpus as
    "(other)". Nested statements count for their own speaker. Without statements the estimate is empty. Sigal 1973;
    Brown et al. 1987; Bennett 1990; Asr et al. 2021.
    """

    weight: Literal["statement", "article", "prevalence"] = "statement"
    min_statements: int = 1

    keys: ClassVar[tuple[str, ...]] = ("speaker",)
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    min_cell: ClassVar[int] = 1

    def __post_init__(self) -> None:
        check_at_least_one(min_statements=self.min_statements)

    def counts(self, tables: Tables) -> Counts:
        """Count statements by article and speaker."""
        statements = tables["statements"].select("article_id", "speaker_id")
        units = with_speaker(statements, tables, min_statements=self.min_statements)
        counts = tally(units.with_columns(numerator=1, denominator=1), keys=self.keys)
        if self.weight == "article":
            return _one_each(counts)
        return _prevalence(counts, tables["articles"]) if self.weight == "prevalence" else counts


@dataclass(frozen=True, slots=True)
class QuoteLengthShare(Named):
    r"""Share of the quoted words that each speaker has, in [0, 1].

    Words are runs of `\w` in the content of statements. `quote_type` restricts both sums to direct, indirect or
    mixed statements. Speakers are treated as in `source_share`. A nested statement lies inside the content of
    another; its words count for both speakers. Without tokens the estimate is empty.
    """

    quote_type: QuoteType | None = None
    min_statements: int = 1

    keys: ClassVar[tuple[str, ...]] = ("speaker",)
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    min_cell: ClassVar[int] = 1

    def __post_init__(self) -> None:
        check_at_least_one(min_statements=self.min_statements)

    def counts(self, tables: Tables) -> Counts:
        """Count tokens by article and speaker."""
        tokens = pl.col("content").str.count_matches(WORD)
        # The streaming engine counts on all cores.
        statements = tables["statements"].lazy().select("article_id", "speaker_id", "quote_type", tokens=tokens)
        units = with_speaker(statements.collect(engine="streaming"), tables, min_statements=self.min_statements)
        if self.quote_type is not None:
            units = units.filter(pl.col("quote_type") == self.quote_type.value)
        return tally(units.with_columns(numerator="tokens", denominator="tokens"), keys=self.keys)


@dataclass(frozen=True, slots=True)
class Directness(Named):
    r"""Share of what is reported that stands in quote marks: direct statements over all, in [0, 1].

    `weight: word` counts the words of statements (runs of `\w`) in place of statements. A mixed statement, part in and
    part out of quote marks, counts half. Without statements (or words) the estimate is empty.
    """

    weight: Literal["statement", "word"] = "statement"

    keys: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    min_cell: ClassVar[int] = 1

    def counts(self, tables: Tables) -> Counts:
        """Count direct statements, or their words, by article."""
        kind = pl.col("quote_type")
        direct = pl.when(kind == QuoteType.DIRECT.value).then(1.0).when(kind == QuoteType.MIXED.value).then(0.5)
        size = pl.lit(1.0) if self.weight == "statement" else pl.col("content").str.count_matches(WORD)
        statements = tables["statements"].select("article_id", "quote_type", "content")
        return tally(statements.with_columns(numerator=direct.otherwise(0.0) * size, denominator=size))


def _one_each(counts: Counts) -> Counts:
    """Weight statements so that each article sums to 1; whole numbers are divided last, so row order cannot matter."""
    total = counts.denominator.select("article_id", total="denominator")
    square = pl.col("total") * pl.col("total")
    return Counts(
        counts.numerator.join(total, on="article_id").select(
            "article_id",
            "speaker",
            pl.col("numerator") / pl.col("total"),
            pl.col("squares") / square,
            pl.col("products") / square,
        ),
        counts.denominator.join(total, on="article_id").select(
            "article_id",
            pl.col("denominator") / pl.col("total"),
            pl.col("squares") / square,
            "statements",
        ),
    )


def _prevalence(counts: Counts, articles: pl.DataFrame) -> Counts:
    found = counts.denominator.select("article_id", "statements")
    unknown = pl.lit(None, pl.Float64)
    return Counts(
        counts.numerator.select("article_id", "speaker", numerator=pl.lit(1.0), squares=unknown, products=unknown),
        articles.select("article_id")
        .join(found, on="article_id", how="left")
        .select("article_id", denominator=pl.lit(1.0), squares=unknown, statements=pl.col("statements").fill_null(0)),
    )
