"""Statements that two runs both found, and what became of their labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from framing.agreement.coefficients import Codings
from framing.agreement.compare import Agreement, Comparison, agreements
from framing.comparison.combined import PAIR
from framing.measure.grouping import RUN
from framing.measure.interval import Bootstrap
from framing.measure.stance import ABSTAINED
from framing.protocols import Tables
from framing.tables import Schema
from framing.types import Label

STATES = (*(label.value for label in Label), ABSTAINED)
COEFFICIENTS = ("percent", "kappa", "alpha")
CHANGES: Schema = {
    "run": pl.String,
    "against": pl.String,
    "target": pl.String,
    "outlet": pl.String,
    "article_id": pl.String,
    "content": pl.String,
    "speaker": pl.String,
    "label_before": pl.String,
    "label_after": pl.String,
    "p_before": pl.Float64,
    "p_after": pl.Float64,
    "statement_before": pl.String,
    "statement_after": pl.String,
}
"""Columns of the table of changed labels: `before` is the first run, `article_id` the id in it."""


class LabelChanges(NamedTuple):
    """What became of the labels of one target in a run, against the first.

    `both` counts the statements that the two runs found in the same article with the same content, `before` and `after`
    those of one run alone, all in matched articles. `crossed` counts pairs of states (a label, or that none was given),
    `changed` the rows of the table of changed labels. `agreement` has an interval from articles drawn again.
    """

    run: str
    target: str
    both: int
    before: int
    after: int
    states: pl.DataFrame
    changed: int
    agreement: list[Agreement]


def label_changes(
    tables: Tables, run: str, *, first: str, target: str, interval: Bootstrap, seed: int
) -> tuple[LabelChanges, pl.DataFrame]:
    """Compare the labels of a run with those of the first on the statements that both have.

    Statements are matched by article, place and words of their content. A label counts as changed too where it became,
    or is no longer, conditional. `tables` are those of `combine`; ids in the table of changes are theirs.
    """
    before, after = (_labelled(tables, name, target) for name in (first, run))
    key = [PAIR, "start", "end", "content"]
    before = before.join(after.select(PAIR).unique(), on=PAIR, how="semi")
    after = after.join(before.select(PAIR).unique(), on=PAIR, how="semi")
    both = before.join(after, on=key, suffix="_after").sort("outlet", *key, nulls_last=True)
    changed = both.filter(pl.col("label") != pl.col("label_after"))
    rows = changed.select(
        run=pl.lit(run),
        against=pl.lit(first),
        target=pl.lit(target),
        outlet="outlet",
        article_id=PAIR,
        content="content",
        speaker="speaker",
        label_before="label",
        label_after="label_after",
        p_before="p",
        p_after="p_after",
        statement_before="statement_id",
        statement_after="statement_id_after",
    )
    found = LabelChanges(
        run,
        target,
        both=both.height,
        before=before.height - both.height,
        after=after.height - both.height,
        states=both.select("state", "state_after", statement_before="statement_id"),
        changed=rows.height,
        agreement=_agreement(both, interval, seed) if both.height else [],
    )
    return found, rows.cast(pl.Schema(CHANGES))


def counterparts(tables: Tables, run: str, first: str) -> pl.DataFrame:
    """Return statement_id and counterpart: the statements of a run that the first has as well, and which these are."""
    one, other = (_placed(tables, name) for name in (first, run))
    both = other.join(one, on=[PAIR, "start", "end", "content"], suffix="_first")
    return both.select("statement_id", counterpart="statement_id_first")


def _placed(tables: Tables, run: str) -> pl.DataFrame:
    articles = tables["articles"].filter((pl.col(RUN) == run) & pl.col(PAIR).is_not_null())
    places = {"start": pl.col("content_start").list.first(), "end": pl.col("content_end").list.last()}
    statements = tables["statements"].select("statement_id", "article_id", "content", "speaker_id", **places)
    return statements.join(articles.select("article_id", PAIR, "outlet"), on="article_id")


def _labelled(tables: Tables, run: str, target: str) -> pl.DataFrame:
    """Return a run's statements in matched articles with their stance: `state`, `label` as it is shown, `p`."""
    names = tables["speakers"].select("speaker_id", speaker="name")
    certain = pl.coalesce(pl.when(pl.col("label") == label).then(pl.col(f"p_{label}")) for label in STATES[:-1])
    state = pl.when("abstained").then(pl.lit(ABSTAINED)).otherwise("label")
    depends = pl.col("conditional") & ~pl.col("abstained")
    stances = tables["stances"].filter(pl.col("target") == target)
    stances = stances.select("statement_id", "conditional", "abstained", p=certain, state=state)
    shown = pl.when(depends).then(pl.col("state") + ", conditional").otherwise("state")
    found = _placed(tables, run).join(stances, on="statement_id").with_columns(label=shown)
    return found.join(names, on="speaker_id", how="left").drop("conditional", "abstained", "speaker_id")


def _agreement(both: pl.DataFrame, interval: Bootstrap, seed: int) -> list[Agreement]:
    number = {state: n for n, state in enumerate(STATES)}
    values = [both[name].replace_strict(number, return_dtype=pl.Int64).to_numpy() for name in ("state", "state_after")]
    found = agreements(
        Codings(np.stack(values, axis=1), len(STATES)),
        (),
        [Comparison("runs", ((0, 1),))],
        clusters=both[PAIR].rank("dense").cast(pl.Int64).to_numpy() - 1,
        interval=interval,
        seed=seed,
    )
    return [each for name in COEFFICIENTS for each in found if each.coefficient == name]


def no_changes() -> pl.DataFrame:
    """Return the table of changed labels without a row."""
    return pl.DataFrame(schema=CHANGES)


def stacked(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put the tables of changed labels of several runs and targets into one."""
    return pl.concat([no_changes(), *tables])
