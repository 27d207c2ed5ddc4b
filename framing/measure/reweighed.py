"""The same metric with other units: statements weighing by their words, or voices and articles weighing 1 each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from framing.errors import ConfigError
from framing.measure.counts import NONE
from framing.measure.voice import WORD
from framing.protocols import Counts, Metric, Tables

Weight = Literal["statement", "word"]
Unit = Literal["statement", "speaker", "article"]
OF: dict[Unit, tuple[str, ...]] = {"speaker": ("article", "speaker_id"), "article": ("article",)}


@dataclass(frozen=True)
class Reweighed:
    """A metric without keys whose statements weigh otherwise.

    With `weight: word` a statement weighs as its words do, 1 in the mean over the corpus. With `unit: speaker` each
    voice of an article weighs 1, and with `unit: article` each article, whatever it is made of: what is summed are then
    the ratios within these. Statements without a source are one voice of their article. The name is that of the metric.
    """

    metric: Metric
    weight: Weight = "statement"
    unit: Unit = "statement"

    def __str__(self) -> str:
        return str(self.metric)

    @property
    def keys(self) -> tuple[str, ...]:
        """Split by nothing."""
        return self.metric.keys

    @property
    def target(self) -> str | None:
        """Return that of the metric, if it asks about one."""
        return getattr(self.metric, "target", None)

    @property
    def bounds(self) -> tuple[float, float]:
        """Return those of the metric."""
        return self.metric.bounds

    @property
    def min_cell(self) -> int:
        """Return that of the metric."""
        return self.metric.min_cell

    def counts(self, tables: Tables) -> Counts:
        """Count statement by statement, weigh, and sum by article.

        Raises:
            ConfigError: the metric is no sum over statements.
        """
        plain = self.metric.counts(tables)
        if self.weight == self.unit == "statement":
            return plain
        each = _by_statement(self.metric, tables)
        if not _adds_up(each, plain):
            raise ConfigError(f"{self.metric}: no sum over statements, so that these cannot be given other weights")
        units = _pooled(_in_words(each, tables) if self.weight == "word" else each, self.unit)
        total, part = pl.col("denominator"), pl.col("numerator")
        known = self.unit == "statement"  # of other units no variance of independent statements is known

        def summed(value: pl.Expr) -> pl.Expr:
            return value.sum() if known else pl.lit(None, pl.Float64)

        found = units.group_by("article", maintain_order=True).agg(
            part.sum(),
            total.sum(),
            pl.col("statements").sum(),
            numerator_squares=summed(part * part),
            products=summed(part * total),
            denominator_squares=summed(total * total),
        )
        article = pl.col("article").alias("article_id")
        return plain._replace(
            numerator=found.select(article, "numerator", squares="numerator_squares", products="products"),
            denominator=found.select(article, "denominator", squares="denominator_squares", statements="statements"),
        )


def is_sum(metric: Metric, tables: Tables) -> bool:
    """Tell whether a metric is a sum over statements, so that these can be given other weights."""
    return not metric.keys and _adds_up(_by_statement(metric, tables), metric.counts(tables))


def _by_statement(metric: Metric, tables: Tables) -> pl.DataFrame:
    """Count as if each statement were an article, and return: statement, article, speaker_id, numerator, denominator.

    Only the statements that count are listed.
    """
    statements = tables["statements"].sort("statement_id")
    alone = statements.with_columns(article_id="statement_id")
    articles = tables["articles"].drop("weight", strict=False)
    owners = statements.select(pl.col("statement_id"), "article_id").join(articles, on="article_id")
    counts = metric.counts({**tables, "statements": alone, "articles": owners.drop("article_id").rename(_ALONE)})
    above = counts.numerator.select("article_id", "numerator")
    found = counts.denominator.select("article_id", "denominator").join(above, on="article_id", how="left")
    of = statements.select("statement_id", "speaker_id", article="article_id")
    joined = found.rename({"article_id": "statement_id"}).join(of, on="statement_id").sort("statement_id")
    return joined.with_columns(pl.col("numerator").fill_null(0.0), statements=pl.lit(1, pl.Int64))


_ALONE = {"statement_id": "article_id"}


def _adds_up(each: pl.DataFrame, plain: Counts) -> bool:
    """Tell whether the sums over statements are those over articles, article by article."""
    sums = each.group_by("article").agg(pl.col("numerator", "denominator").sum()).rename({"article": "article_id"})
    own = plain.denominator.select("article_id", own_below="denominator")
    own = own.join(
        plain.numerator.select("article_id", own_above="numerator"), on="article_id", how="full", coalesce=True
    )
    both = own.join(sums, on="article_id", how="full", coalesce=True).fill_null(0.0)
    off = (pl.col("numerator") - pl.col("own_above")).abs() + (pl.col("denominator") - pl.col("own_below")).abs()
    return not both.select((off > 1e-9 * (1 + pl.col("own_below").abs())).any()).item()


def _in_words(each: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    words = tables["statements"].select("statement_id", words=pl.col("content").str.count_matches(WORD))
    weight = pl.col("words") / words["words"].mean() if words["words"].sum() else pl.lit(0.0)
    weighed = each.join(words, on="statement_id", maintain_order="left")
    return weighed.with_columns(pl.col("numerator") * weight, pl.col("denominator") * weight)


def _pooled(each: pl.DataFrame, unit: Unit) -> pl.DataFrame:
    """Let the statements of each unit count as one, by the ratio of their sums."""
    if unit == "statement":
        return each
    by: Sequence[str] = OF[unit]
    named = each.with_columns(pl.col("speaker_id").fill_null(NONE))
    pooled = named.group_by(by, maintain_order=True).agg(pl.col("numerator", "denominator", "statements").sum())
    pooled = pooled.filter(pl.col("denominator") > 0)
    return pooled.with_columns(pl.col("numerator") / pl.col("denominator"), denominator=pl.lit(1.0))
