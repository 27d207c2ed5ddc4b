"""Articles that count for less than one: weights on what a metric sums."""

from __future__ import annotations

import polars as pl

from framing.protocols import Counts

WEIGHT = "weight"
"""The column of the table of articles that holds their weights, above 0 and up to 1; without it each weighs 1."""


def weights(articles: pl.DataFrame) -> pl.DataFrame:
    """Return the weight of every article."""
    return articles.select("article_id", WEIGHT if WEIGHT in articles.columns else pl.lit(1.0).alias(WEIGHT))


def weighed(counts: Counts, articles: pl.DataFrame) -> Counts:
    """Multiply what an article adds to both sums by its weight; how many statements it has stays as it is."""
    if WEIGHT not in articles.columns:
        return counts
    weight = pl.col(WEIGHT)

    def scaled(rows: pl.DataFrame, once: str, *squared: str) -> pl.DataFrame:
        rows = rows.join(weights(articles), on="article_id", maintain_order="left")
        twice = [pl.col(name) * weight * weight for name in squared]
        return rows.with_columns(pl.col(once) * weight, *twice).drop(WEIGHT)

    return counts._replace(
        numerator=scaled(counts.numerator, "numerator", "squares", "products"),
        denominator=scaled(counts.denominator, "denominator", "squares"),
    )
