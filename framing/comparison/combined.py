"""The tables of several runs as those of one, in which every article names its run and its counterpart."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from framing.comparison.matching import Matching
from framing.comparison.runs import ComparedRun
from framing.measure.grouping import RUN
from framing.measure.scopes import Tie
from framing.measure.weights import WEIGHT
from framing.protocols import Tables
from framing.tables import SCHEMAS

PAIR = "pair"
MATCHED = Tie(PAIR, "matched article")


def combine(runs: Sequence[ComparedRun], matchings: Sequence[Matching]) -> Tables:
    """Stack the tables of runs; `matchings` are those of the second and each later run with the first.

    Ids of articles and statements get the number of their run in front. `run` is the label of an article's run, `pair`
    the id that the article has in the first run, null where it is in one run only. Speakers are those of all runs.
    """
    everywhere = pl.concat([matching.pairs.select(article_id="first_id") for matching in matchings]).unique()
    counterparts = [everywhere.with_columns(pair="article_id")]
    counterparts += [matching.pairs.select("article_id", pair="first_id") for matching in matchings]
    parts = [
        {
            name: _numbered(table, number).with_columns(pl.lit(run.label).alias(RUN))
            if name == "articles"
            else _numbered(table, number)
            for name, table in {
                **run.tables,
                "articles": run.tables["articles"].join(pairs, on="article_id", how="left", maintain_order="left"),
            }.items()
        }
        for number, (run, pairs) in enumerate(zip(runs, counterparts, strict=True))
    ]
    names = [name for name in SCHEMAS if all(name in part for part in parts)]
    stacked = {name: pl.concat([part[name] for part in parts], how="diagonal") for name in names}
    if WEIGHT in stacked["articles"].columns:
        stacked["articles"] = stacked["articles"].with_columns(pl.col(WEIGHT).fill_null(1.0))
    stacked["speakers"] = stacked["speakers"].unique("speaker_id", keep="first", maintain_order=True)
    return stacked


def numbered(column: str, number: int) -> pl.Expr:
    """Put the number of a run in front of ids."""
    return (pl.lit(f"{number}/") + pl.col(column)).alias(column)


def _numbered(table: pl.DataFrame, number: int) -> pl.DataFrame:
    return table.with_columns(numbered(name, number) for name in _IDS if name in table.columns)


_IDS = ("article_id", "statement_id", "parent_id")
