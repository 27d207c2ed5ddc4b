"""Which statements stand behind an estimate, as conditions that the script of the report can check.

Statements carry the same values that `measure` groups by, so that a condition is nothing but a list of values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from framing.measure.counts import NONE, OTHER, with_speaker
from framing.measure.grouping import STATEMENT_GROUPS, article_groups
from framing.measure.stance import ABSTAINED, ON_TARGET
from framing.protocols import Metric, Tables

Conditions = dict[str, Any]
COPIED = "wire_copy"
"""The field of an article that says whether it is dropped where wire copy is, "yes" or "no"."""


def conditions(metric: Metric, group: Mapping[str, str], named: Collection[str]) -> Conditions:
    """Return what a statement must be to stand behind an estimate: `target`, `where` (field in values), `unless`.

    Behind a share of one speaker or label are that speaker's or label's statements, behind any other estimate all
    statements that it counts. `named` are the speakers that the metric keeps apart; "(other)" are all but these. The
    field `state` is the label of the stance toward `target`, or "abstained".
    """
    where = {key: [value] for key, value in group.items() if (key, value) != ("speaker", OTHER)}
    target: str | None = getattr(metric, "target", None)
    if target is not None:
        where["state"] = where.pop("label", list(getattr(metric, "states", ON_TARGET)))
    if (quote_type := getattr(metric, "quote_type", None)) is not None:
        where["quote_type"] = [str(quote_type)]
    unless = {"speaker": sorted(named)} if group.get("speaker") == OTHER else {}
    return {"target": target, "where": where, "unless": unless}


def article_fields(articles: pl.DataFrame, copies: Collection[str] = ()) -> list[dict[str, str]]:
    """Return what articles can be grouped by, in the order of the rows, and which are in `copies`, ids of wire copy."""
    groups = {name: group.fill_null(NONE) for name, group in article_groups(articles).items()}
    copied = pl.when(pl.col("article_id").is_in(list(copies))).then(pl.lit("yes")).otherwise(pl.lit("no"))
    return articles.select(**groups, **{COPIED: copied}).to_dicts()


def statement_fields(tables: Tables) -> Iterator[dict[str, str]]:
    """Yield the speaker and all that statements can be grouped by, in the order of the table `statements`."""
    statements = with_speaker(tables["statements"], tables, min_statements=1)
    kinds = tables["speakers"].select("speaker_id", "kind")
    statements = statements.join(kinds, on="speaker_id", how="left", maintain_order="left")
    groups = {name: group.fill_null(NONE) for name, group in STATEMENT_GROUPS.items()}
    yield from statements.select("speaker", **groups).iter_rows(named=True)


def state(stance: Mapping[str, Any]) -> str:
    """Return the label of a row of the table `stances`, or that none was given."""
    return ABSTAINED if stance["abstained"] else str(stance["label"])
