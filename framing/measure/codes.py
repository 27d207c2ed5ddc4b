"""Labels given by hand to a probability sample of articles, checked before anything is corrected with them.

A correction is only as good as the sample behind it: labels that were gathered by convenience, or whose articles
entered the sample with unknown probability, say nothing about the rest of the corpus and are refused.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from framing.errors import CorpusError, did_you_mean
from framing.protocols import Tables
from framing.types import Label

PROBABILITY = "inclusion_probability"
WAY_OUT = "draw the articles with known probabilities, such as `framing sample` does, and keep that file with the codes"
FAR = 4.0  # standard errors by which the weights may miss the number of articles they stand for


def inclusion(articles: pl.DataFrame, sample: pl.DataFrame) -> pl.DataFrame:
    """Return article_id and inclusion_probability of a sample of articles, one row an article.

    Raises:
        CorpusError: a probability is missing, 0 or above 1, or an article is unknown or listed twice.
    """
    for column in ("article_id", PROBABILITY):
        if column not in sample.columns:
            raise CorpusError(
                f"sample: there is no column {column!r} (columns: {', '.join(sample.columns)}); without the "
                f"probability with which each article was drawn its labels cannot stand for the corpus: {WAY_OUT}"
            )
    drawn = sample.select("article_id", pl.col(PROBABILITY).cast(pl.Float64, strict=False))
    if drawn.is_empty():
        raise CorpusError(f"sample: no article was drawn; {WAY_OUT}")
    right = pl.col(PROBABILITY).is_not_nan() & (pl.col(PROBABILITY) > 0) & (pl.col(PROBABILITY) <= 1)
    if bad := drawn.with_row_index("row", offset=1).filter(~right.fill_null(False)).rows():
        row, article, value = bad[0]
        raise CorpusError(
            f"sample row {row} (article {article!r}): {PROBABILITY} is {value}, expected a number above 0 and at most "
            f"1; {len(bad)} of {drawn.height} rows are like this; {WAY_OUT}"
        )
    if repeated := drawn.filter(pl.col("article_id").is_duplicated())["article_id"].to_list():
        raise CorpusError(f"sample: article {repeated[0]!r} is listed twice; expected one row an article")
    if unknown := drawn.join(articles, on="article_id", how="anti")["article_id"].to_list():
        raise CorpusError(
            f"sample: {len(unknown)} articles are not in the run, the first {unknown[0]!r}; was it drawn from this run?"
        )
    return drawn


def gold_stances(tables: Tables, codes: pl.DataFrame, drawn: pl.DataFrame, *, target: str) -> pl.DataFrame:
    """Return the stances toward a target as coded by hand, as rows of the table `stances`.

    `codes` has statement_id, label and optionally target and conditional. Every statement of a sampled article that
    the run asked about the target must be coded; statements that do not address it are coded `unrelated`. Without the
    column conditional every position counts whole; without target the codes are of the only one that the run has.

    Raises:
        CorpusError: codes are missing, unknown, given twice or lie outside the sample.
    """
    for column in ("statement_id", "label"):
        if column not in codes.columns:
            raise CorpusError(f"codes: there is no column {column!r} (columns: {', '.join(codes.columns)})")
    known = tables["stances"]["target"].unique().sort().to_list()
    if "target" not in codes.columns and len(known) > 1:
        raise CorpusError(
            f"codes: there is no column 'target', but the run has {', '.join(known)}; say toward which each label is"
        )
    given = codes.filter(pl.col("target") == target) if "target" in codes.columns else codes
    conditional = pl.col("conditional").fill_null(False) if "conditional" in codes.columns else pl.lit(False)
    given = given.select("statement_id", "label", conditional=conditional)
    labels = [label.value for label in Label]
    if wrong := given.filter(~pl.col("label").is_in(labels).fill_null(False)).rows():
        hint = did_you_mean(str(wrong[0][1]), labels)
        raise CorpusError(f"codes: statement {wrong[0][0]!r} has the label {wrong[0][1]!r}; {hint}")
    if repeated := given.filter(pl.col("statement_id").is_duplicated())["statement_id"].to_list():
        raise CorpusError(
            f"codes: statement {repeated[0]!r} is coded twice for {target!r}; agree on one label a statement first"
        )
    asked = tables["stances"].filter(pl.col("target") == target).select("statement_id")
    asked = asked.join(tables["statements"].select("statement_id", "article_id"), on="statement_id")
    if lost := given.join(asked, on="statement_id", how="anti")["statement_id"].to_list():
        raise CorpusError(
            f"codes: {len(lost)} statements were not asked about {target!r} in this run, the first {lost[0]!r}; "
            f"were they coded from this run?"
        )
    outside = given.join(asked, on="statement_id").join(drawn, on="article_id", how="anti")
    if not outside.is_empty():
        raise CorpusError(
            f"codes: {outside.height} statements are of articles that are not in the sample, the first of article "
            f"{outside['article_id'][0]!r}; labels gathered otherwise cannot correct anything: leave them out, or "
            f"{WAY_OUT}"
        )
    due = asked.join(drawn, on="article_id")
    if not (open_ := due.join(given, on="statement_id", how="anti")).is_empty():
        raise CorpusError(
            f"codes: {open_.height} of {due.height} statements of sampled articles are not coded for {target!r}, the "
            f"first {open_['statement_id'][0]!r} of article {open_['article_id'][0]!r}; code them all, for what coders "
            "skip is rarely like what they code"
        )
    return given.select(
        "statement_id", pl.lit(target).alias("target"), "label", "conditional", pl.lit(False).alias("abstained")
    )


def check_weights(probabilities: Sequence[float], articles: int, *, place: str) -> None:
    """Refuse a sample whose weights 1/π do not add up to the articles that they stand for.

    A few articles more or less are chance; articles that were left out of the file after the drawing, or given the
    probability 1 because nobody knew better, are not.

    Raises:
        CorpusError: the sum is farther off than chance can make it.
    """
    if not probabilities:
        return
    stands_for = sum(1 / each for each in probabilities)
    chance = math.sqrt(articles * sum(1 / each - 1 for each in probabilities) / len(probabilities))
    if abs(stands_for - articles) > FAR * chance + 0.01 * articles:
        raise CorpusError(
            f"sample: the inclusion probabilities of the {len(probabilities)} articles of {place} say that they stand "
            f"for {stands_for:,.0f} articles, but the run has {articles:,}; list every article that was drawn with "
            "the probability that it had in this run"
        )
