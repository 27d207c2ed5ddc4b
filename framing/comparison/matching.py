"""Which articles of two runs are the same: by their id, and the others by their text."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl


class Matching(NamedTuple):
    """The articles of another run that are in the first too: article_id, first_id, by (`id` or `text`).

    `rewritten` counts those of the same id, outlet and date whose text differs, `strangers` those of the same id that
    are other articles: text and outlet or date differ. Strangers are not matched.
    """

    pairs: pl.DataFrame
    rewritten: int
    strangers: int


def match(first: pl.DataFrame, other: pl.DataFrame) -> Matching:
    """Match the tables of articles of two runs, each article with one at most.

    Ids that are numbers of rows mean nothing outside of their file, so an id alone is not enough. Of several articles
    with one text the first by id is matched with the first, and so on.
    """
    columns = ["article_id", "text_sha256", "outlet", "published"]
    both = other.select(columns).join(first.select(columns), on="article_id", suffix="_first")
    same_text = pl.col("text_sha256") == pl.col("text_sha256_first")
    same_place = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_first")) for name in ("outlet", "published"))
    by_id = both.filter(same_text | same_place)
    named = by_id.select("article_id", first_id="article_id", by=pl.lit("id"))
    ours, theirs = (
        rows.select("article_id", "text_sha256")
        .join(named, on="article_id", how="anti")
        .sort("article_id")
        .with_columns(place=pl.int_range(pl.len()).over("text_sha256"))
        for rows in (first, other)
    )
    by_text = theirs.join(ours.rename({"article_id": "first_id"}), on=["text_sha256", "place"])
    pairs = pl.concat([named, by_text.select("article_id", "first_id", by=pl.lit("text"))]).sort("article_id")
    return Matching(pairs, by_id.filter(~same_text).height, both.height - by_id.height)
