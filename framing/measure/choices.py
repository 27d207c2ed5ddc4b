"""The choices behind an estimate that others might have made otherwise, and the tables that each leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

import polars as pl

from framing.measure.counts import NONE
from framing.measure.reweighed import Unit, Weight
from framing.measure.wire import WIRE, Policy, under
from framing.protocols import Tables
from framing.types import Label

RUN = "run"
"""The abstentions of the run itself, in place of a least probability."""


class Window(NamedTuple):
    """A part of the period by the days it begins and ends with; None is an open end."""

    name: str
    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        return self.name


ALL, FIRST_HALF, SECOND_HALF = Window("all"), Window("first_half"), Window("second_half")


@dataclass(frozen=True)
class Choices:
    """What may be chosen; the first of each is the main specification.

    `confidence` is the least confidence of a statement, `abstention` the least probability of a label (`None`: as the
    run decided), `wire` the policy on copies. The halves of `window` part the articles at their median day.
    """

    confidence: tuple[float, ...] = (0.0, 0.5, 0.8)
    abstention: tuple[float | None, ...] = (None, 0.0, 0.6)
    weight: tuple[Weight, ...] = ("statement", "word")
    unit: tuple[Unit, ...] = ("statement", "article")
    wire: tuple[Policy, ...] = ("keep", "drop")
    window: tuple[Window, ...] = (ALL, FIRST_HALF, SECOND_HALF)

    def __len__(self) -> int:
        count = 1
        for name in CHOICES:
            count *= len(getattr(self, name))
        return count


CHOICES = tuple(field.name for field in fields(Choices))


class Specification(NamedTuple):
    """One choice of everything."""

    confidence: float
    abstention: float | None
    weight: Weight
    unit: Unit
    wire: Policy
    window: Window

    def labels(self) -> dict[str, str]:
        """Write each choice as the configuration does."""
        return {name: RUN if value is None else str(value) for name, value in self._asdict().items()}


def effective(choices: Choices, tables: Tables) -> tuple[Choices, list[str]]:
    """Leave out what cannot be chosen or leaves the same data as an earlier choice, and say so.

    Specifications that are the same in effect would count one analysis many times.
    """
    notes = []
    left = {}
    for name in ("confidence", "abstention", "wire", "window"):
        seen: dict[tuple[object, ...], object] = {}
        for value in getattr(choices, name):
            if name == "abstention" and "stances" not in tables:
                key: tuple[object, ...] = ("no stances",)
            else:
                key = _fingerprint(_chosen(name, value, tables))
            if key in seen:
                same, other = (RUN if each is None else each for each in (value, seen[key]))
                notes.append(f"{name} {same} leaves the same data as {other} and is left out")
            else:
                seen[key] = value
        left[name] = tuple(seen.values())
    undated = tables["articles"]["published"].null_count()
    if undated and len(left["window"]) > 1:
        notes.append(f"windows leave out the articles without a date: {undated:,}")
    return Choices(**{**{name: getattr(choices, name) for name in CHOICES}, **left}), notes


def specifications(choices: Choices, tables: Tables) -> Iterator[tuple[Tables, list[Specification]]]:
    """Yield the tables that choices of data leave, each with its specifications: its weights and units."""
    for confidence, abstention, wire, window in product(
        choices.confidence, choices.abstention, choices.wire, choices.window
    ):
        left = tables
        for name, value in (("window", window), ("wire", wire), ("abstention", abstention), ("confidence", confidence)):
            left = _chosen(name, value, left)
        yield (
            left,
            [
                Specification(confidence, abstention, weight, unit, wire, window)
                for weight, unit in product(choices.weight, choices.unit)
            ],
        )


def _chosen(name: str, value: object, tables: Tables) -> Tables:
    if name == "window" and isinstance(value, Window):
        return _within(value, tables)
    if name == "wire" and WIRE in tables and value in ("drop", "weight"):
        return under(tables, "drop" if value == "drop" else "weight")
    if name == "abstention" and isinstance(value, float) and "stances" in tables:
        certain = pl.coalesce(pl.when(pl.col("label") == label).then(pl.col(f"p_{label}")) for label in Label)
        return {**tables, "stances": tables["stances"].with_columns(abstained=certain < value)}
    if name == "confidence" and isinstance(value, float):
        return _with_statements(tables, tables["statements"].filter(pl.col("confidence") >= value))
    return tables


def _within(window: Window, tables: Tables) -> Tables:
    if window == ALL:
        return tables
    day, days = pl.col("published"), tables["articles"]["published"].drop_nulls().sort()
    if window in (FIRST_HALF, SECOND_HALF):
        if days.is_empty():
            return tables
        middle: date = days[(len(days) - 1) // 2]
        first, last = (None, middle) if window == FIRST_HALF else (middle + timedelta(days=1), None)
    else:
        first, last = window.first, window.last
    inside = [day.is_not_null(), *([day >= first] if first else []), *([day <= last] if last else [])]
    articles = tables["articles"].filter(*inside)
    statements = tables["statements"].join(articles.select("article_id"), on="article_id", how="semi")
    return _with_statements({**tables, "articles": articles}, statements)


def _with_statements(tables: Tables, statements: pl.DataFrame) -> Tables:
    left = {**tables, "statements": statements}
    if "stances" in tables:
        chosen = statements.select("statement_id")
        left["stances"] = tables["stances"].join(chosen, on="statement_id", how="semi", maintain_order="left")
    return left


def _fingerprint(tables: Tables) -> tuple[object, ...]:
    """Return what tells apart the data that choices leave: which rows, and which of them are abstained from."""
    articles = tables["articles"].select(pl.exclude("text"))
    weight = articles["weight"].sum() if "weight" in articles.columns else float(articles.height)
    stances = tables["stances"]["abstained"].to_list() if "stances" in tables else []
    ids = tables["statements"]["statement_id"].hash().sum()
    return articles.height, round(weight, 9), articles["article_id"].hash().sum(), ids, hash(tuple(stances))


def groups(tables: Tables, of: str) -> list[str]:
    """Name the groups of articles that are compared."""
    from framing.measure.grouping import grouped

    return [labels[of] for labels in grouped(tables, (of,)).groups if labels[of] != NONE]
