"""Groups of articles, by what an article has (outlet, month) and by what its statements have (speaker kind)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl
import polars.selectors as cs

from framing.errors import ConfigError, CorpusError, did_you_mean
from framing.measure.counts import NONE, POOLED
from framing.measure.weights import WEIGHT
from framing.protocols import Tables

ARTICLE_GROUPS: Mapping[str, pl.Expr] = {
    "outlet": pl.col("outlet"),
    "language": pl.col("language"),
    "event_id": pl.col("event_id"),
    "year": pl.col("published").dt.strftime("%Y"),
    "month": pl.col("published").dt.strftime("%Y-%m"),
    "week": pl.col("published").dt.strftime("%G-W%V"),
}
STATEMENT_GROUPS: Mapping[str, pl.Expr] = {
    "speaker_kind": pl.col("kind"),
    "quote_type": pl.col("quote_type"),
    "cue_class": pl.col("cue_class"),
}
RUN = "run"
"""The column of the table of articles that names their run, where several runs are put into one."""

MEASURED = ("n_characters", "lead_end", WEIGHT)  # what metrics use of an article beside its statements
LACKED = {"year": "date", "month": "date", "week": "date", "speaker_kind": "speaker"}

Labels = Mapping[str, str]


class Grouping(NamedTuple):
    """The cells that a grouping makes: groups of articles × parts of their statements.

    Articles are numbered by group and id; a group holds the numbers from `starts[group]` to before `starts[group + 1]`.
    `parts` are the tables of each kind of statement, in which these numbers stand for the ids of articles; without a
    grouping by statements there is one part. Cell n is part n % len(parts) of group n // len(parts).
    """

    by: tuple[str, ...]
    groups: tuple[Labels, ...]
    starts: tuple[int, ...]
    parts: tuple[tuple[Labels, Tables], ...]

    def size(self, group: int) -> int:
        """Count the articles of a group, with and without statements."""
        return self.starts[group + 1] - self.starts[group]

    def labels(self, cell: int) -> Labels:
        """Return the values of the grouping for a cell, in the order asked for."""
        group, part = divmod(cell, len(self.parts))
        found = {**self.groups[group], **self.parts[part][0]}
        return {name: found[name] for name in self.by}

    def missing(self, cell: int) -> str | None:
        """Say what is absent where a cell holds the articles or statements without a value of the grouping."""
        lacking = [name for name, value in self.labels(cell).items() if value == NONE]
        articles = [LACKED.get(name, name) for name in lacking if name in ARTICLE_GROUPS]
        statements = [LACKED.get(name, name) for name in lacking if name in STATEMENT_GROUPS]
        size = self.size(cell // len(self.parts))
        said = [f"articles without {' and '.join(articles)}: {size}"] * bool(articles)
        said += [f"statements without {' and '.join(statements)}"] * bool(statements)
        return ", ".join(said) or None


def article_groups(articles: pl.DataFrame) -> Mapping[str, pl.Expr]:
    """Return what articles can be grouped by: what one run knows of them, and their run where there are several."""
    return {**ARTICLE_GROUPS, RUN: pl.col(RUN)} if RUN in articles.columns else ARTICLE_GROUPS


def check_by(by: Sequence[str], groups: Mapping[str, pl.Expr] = ARTICLE_GROUPS) -> None:
    """Refuse names that group nothing; `groups` are those of articles.

    Raises:
        ConfigError: there is no such grouping; the message names the nearest.
    """
    known = [*groups, *STATEMENT_GROUPS]
    for name in by:
        if name not in known:
            raise ConfigError(f"measure.by: there is no grouping {name!r}; {did_you_mean(name, known)}")


def grouped(tables: Tables, by: Sequence[str]) -> Grouping:
    """Group articles and statements; `()` makes one group of all. What has no value is kept as the group "(none)".

    A grouping by statements measures each part as if the other statements were not in the corpus: the share of a
    speaker by `speaker_kind` is that among speakers of the same kind.

    Raises:
        ConfigError: there is no such grouping.
        CorpusError: a statement belongs to no article, or a stance to no statement.
    """
    by = tuple(dict.fromkeys(by))
    known = article_groups(tables["articles"])
    check_by(by, known)
    names = [name for name in by if name in known]
    values = {name: known[name].fill_null(NONE) for name in names}
    measured = [name for name in MEASURED if name in tables["articles"].columns]
    articles = tables["articles"].select("article_id", *measured, **values).sort(*names, "article_id")
    articles = articles.with_row_index("number")
    everything = pl.DataFrame({"len": [articles.height]})
    groups = articles.group_by(names, maintain_order=True).len() if names else everything
    return Grouping(
        by=by,
        groups=tuple(groups.drop("len").to_dicts()) if names else ({},),
        starts=(0, *groups["len"].cum_sum()),
        parts=_parts(_numbered(tables, articles), [name for name in by if name in STATEMENT_GROUPS]),
    )


def _numbered(tables: Tables, articles: pl.DataFrame) -> Tables:
    """Let whole numbers stand for the ids of articles, statements and speakers: every metric joins on them."""
    statements = _replaced(tables["statements"], "article_id", articles, place="statements")
    ids = statements.select("statement_id").with_row_index("number")
    heard = [tables[name]["speaker_id"].drop_nulls().unique() for name in ("statements", "speakers") if name in tables]
    speakers = {"speaker_id": pl.Enum(sorted({*POOLED, *itertools.chain(*heard)}))}
    numbered = {
        **tables,
        "articles": articles.select(cs.by_name(*MEASURED, require_all=False), article_id="number"),
        "statements": statements.drop("statement_id").with_row_index("statement_id").cast(speakers),  # type: ignore[arg-type]  # an Enum is a data type
    }
    if "speakers" in tables:
        numbered["speakers"] = tables["speakers"].cast(speakers)  # type: ignore[arg-type]
    if "stances" in tables:
        numbered["stances"] = _replaced(tables["stances"], "statement_id", ids, place="stances")
    return numbered


def _replaced(rows: pl.DataFrame, column: str, numbers: pl.DataFrame, *, place: str) -> pl.DataFrame:
    joined = rows.join(numbers.select(column, "number"), on=column, how="left", maintain_order="left")
    if lost := joined["number"].null_count():
        first = joined.filter(pl.col("number").is_null())[column][0]
        raise CorpusError(
            f"{place}: {lost} rows have an unknown {column}, the first {first!r}; are all tables of one run?"
        )
    return joined.drop(column).rename({"number": column})


def _parts(tables: Tables, names: Sequence[str]) -> tuple[tuple[Labels, Tables], ...]:
    if not names:
        return (({}, tables),)
    statements = tables["statements"]
    if "speaker_kind" in names:
        kinds = tables["speakers"].select("speaker_id", "kind")
        statements = statements.join(kinds, on="speaker_id", how="left")
    columns = {f"_{name}": STATEMENT_GROUPS[name].fill_null(NONE) for name in names}
    parts = statements.with_columns(**columns).sort(*columns).partition_by(*columns, maintain_order=True)
    return tuple(
        (dict(zip(names, part.select(*columns).row(0), strict=True)), {**tables, "statements": part}) for part in parts
    )
