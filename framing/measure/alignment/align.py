"""The part that aligns quotes: the table of versions of the utterances that several outlets render."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from framing.errors import ConfigError
from framing.measure.alignment.utterances import UNDATED, Said, Utterance, utterances
from framing.protocols import Tables
from framing.quotes.cues import SHIPPED, read_cues

SCHEMA: dict[str, Any] = {
    "utterance": pl.String,
    "statement_id": pl.String,
    "article_id": pl.String,
    "outlet": pl.String,
    "published": pl.Date,
    "event_id": pl.String,
    "speaker_id": pl.String,
    "words": pl.Int64,
    "kept": pl.Float64,
    "kept_in_article": pl.Float64,
    "kept_from": pl.Float64,
    "kept_to": pl.Float64,
    "quote_type": pl.String,
    "cue": pl.String,
    "verb": pl.String,
    "cue_class": pl.String,
    "position": pl.Float64,
    "lead": pl.Boolean,
}
ACCORDING = "according to"


@dataclass(frozen=True, slots=True)
class Align:
    """Find the utterances that several outlets render, each outlet in its own version.

    A version of an utterance has at least `containment` of its words in the longest version, in the same order and in
    runs of three or more; shorter statements than `min_words` are not compared, as their words may be anybody's, nor
    articles more than `within_days` apart (null: any days; an article without a date is compared with all). Speakers
    may differ: one outlet may name who another leaves unnamed. Statements inside others are left out.
    """

    min_words: int = 8
    containment: float = 0.8
    within_days: int | None = 7

    def __post_init__(self) -> None:
        if self.min_words < 5:
            raise ConfigError(f"align.min_words is {self.min_words}, expected 5 or more; 8 is usual")
        if not 0 < self.containment <= 1:
            raise ConfigError(f"align.containment is {self.containment}, expected a share above 0 such as 0.8")
        if self.within_days is not None and self.within_days < 0:
            raise ConfigError(f"align.within_days is {self.within_days}, expected 0 or more, or null for any")

    def __call__(self, tables: Tables) -> pl.DataFrame:
        """Return a row for each version, sorted by utterance and statement; columns as in `SCHEMA`.

        `utterance` is the id of the statement that has the longest version; `kept` the share of its words that a
        version has, which lie between the shares `kept_from` and `kept_to` of it, and `kept_in_article` that of all
        versions in an article together, as one may tell an utterance in several statements. `verb` is the verb of the
        cue where the lexicon knows it, `position` where in the article the version begins, as a share of its length,
        and `lead` whether that is in the first three paragraphs.
        """
        rows = _statements(tables)
        outlets = np.unique(rows["outlet"].to_numpy().astype(str), return_inverse=True)[1].astype(np.int64)
        days = rows["published"].dt.epoch("d").cast(pl.Int64).fill_null(UNDATED).to_numpy()
        found = utterances(
            Said(rows["content"].to_list(), outlets, days),
            min_words=self.min_words,
            containment=self.containment,
            within_days=self.within_days,
        )
        versions = pl.DataFrame(
            [row for utterance in found for row in _versions(utterance, rows["article_id"])],
            schema={"number": pl.UInt32, "longest": pl.UInt32, **{name: SCHEMA[name] for name in _MEASURED}},
            orient="row",
        )
        ids = rows.select("number", utterance="statement_id")
        joined = versions.join(rows, on="number").join(ids, left_on="longest", right_on="number")
        return joined.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items()).sort("utterance", "statement_id")


_MEASURED = ("words", "kept", "kept_from", "kept_to", "kept_in_article")


def _versions(
    utterance: Utterance, article_ids: pl.Series
) -> Iterator[tuple[int, int, int, float, float, float, float]]:
    longest, size = utterance.versions[0].statement, utterance.words
    in_article: dict[str, set[int]] = {}
    for one in utterance.versions:
        in_article.setdefault(article_ids[one.statement], set()).update(one.places.tolist())
    for one in utterance.versions:
        together = len(in_article[article_ids[one.statement]])
        kept = (len(one.places), int(one.places[0]), int(one.places[-1]) + 1, together)
        first, second, third, fourth = (part / size for part in kept)
        yield one.statement, longest, one.words, first, second, third, fourth


def _statements(tables: Tables) -> pl.DataFrame:
    """Return the statements that can be compared, numbered in the order of their ids, with what is compared of them."""
    articles = tables["articles"].filter(pl.col("outlet").is_not_null())
    if "event_id" not in articles.columns:
        articles = articles.with_columns(event_id=pl.lit(None, pl.String))
    chosen = ("article_id", "outlet", "published", "event_id", "n_characters", "lead_end")
    statements = tables["statements"].filter(pl.col("parent_id").is_null())
    joined = statements.join(articles.select(chosen), on="article_id").sort("statement_id")
    begin = pl.col("content_start").list.first()
    verbs = [verb(cue) for cue in joined["cue"].to_list()]
    return joined.with_columns(
        pl.Series("verb", verbs, dtype=pl.String),
        position=begin / pl.col("n_characters"),
        lead=begin < pl.col("lead_end"),
    ).with_row_index("number")


def verb(cue: str | None) -> str | None:
    """Return the verb of a cue as the lexicon names it, or "according to"; None where it knows none in it."""
    found = (cue or "").casefold().split()
    if "according" in found:
        return ACCORDING
    verbs = read_cues(SHIPPED).verbs
    return next((verbs[word].lemma for word in reversed(found) if word in verbs), None)
