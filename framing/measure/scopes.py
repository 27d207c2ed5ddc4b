"""Over which articles two groups are compared, and what is drawn again: events where there are any, else articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from framing.measure.grouping import Grouping, article_groups
from framing.protocols import Tables

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

ALL = "all articles"
NO_EVENT = -1


class Tie(NamedTuple):
    """What ties articles of two groups together, so that they are redrawn together: a column of articles, and a word.

    Articles with the same value in the column are tied; those without a value stand alone.
    """

    column: str
    unit: str


EVENTS = Tie("event_id", "event")
ALONE = "article"


class Scope(NamedTuple):
    """The articles that count in a comparison, by number, and the clusters that they are redrawn in.

    `clusters` numbers what each article is redrawn with: its event, or itself. Clusters are redrawn within `strata`,
    runs of as many clusters: events, then the articles without an event of each group. `events` is -1 where an article
    has none. Events may be anything that a `Tie` names by its `unit`. Of a scope of shared events are only the articles
    on events that both groups cover.
    """

    name: str
    unit: str
    group: Integers
    events: Integers
    clusters: Integers
    strata: tuple[int, ...]

    def articles(self, first: int, second: int) -> tuple[Flags, Flags]:
        """Mark the compared articles of two groups."""
        one, other = self.group == first, self.group == second
        if self.name == ALL:
            return one, other
        shared = self._shared(first, second)
        return one & shared, other & shared

    def exchangeable(self, first: int, second: int) -> bool:
        """Tell whether each compared article could be of either group: on an event of both, or in a run without any."""
        both = (self.group == first) | (self.group == second)
        return self.unit == ALONE or self.name != ALL or bool(self._shared(first, second)[both].all())

    def _shared(self, first: int, second: int) -> Flags:
        both = np.intersect1d(self.events[self.group == first], self.events[self.group == second])
        return np.isin(self.events, both[both != NO_EVENT])


def scopes(tables: Tables, grouping: Grouping, pairs: Sequence[tuple[int, int]], *, tie: Tie = EVENTS) -> list[Scope]:
    """Return the scope of all articles, and that of shared events if it is not the same for all pairs of groups.

    Outlets that report the same events rise and fall together; redrawing events keeps this, and it cancels in their
    difference (Field & Welsh 2007; Cameron, Gelbach & Miller 2008).
    """
    sizes = [grouping.size(group) for group in range(len(grouping.groups))]
    group = np.repeat(np.arange(len(sizes)), sizes)
    events = _events(tables, grouping, tie.column)
    if (events == NO_EVENT).all():
        return [Scope(ALL, ALONE, group, events, np.arange(len(events)), tuple(sizes))]
    alone = events == NO_EVENT
    n_events = int(events.max()) + 1
    clusters = np.where(alone, n_events + np.cumsum(alone) - 1, events)
    lone = np.bincount(group[alone], minlength=len(sizes)).tolist()
    strata = tuple(size for size in (n_events, *lone) if size)
    names = (ALL, f"shared {tie.unit}s")
    everything, shared = (Scope(name, tie.unit, group, events, clusters, strata) for name in names)
    return [everything] if all(everything.exchangeable(*pair) for pair in pairs) else [everything, shared]


def _events(tables: Tables, grouping: Grouping, column: str) -> Integers:
    """Number the events of the articles in the order that the grouping numbers these in."""
    articles = tables["articles"]
    if column not in articles.columns:
        return np.full(articles.height, NO_EVENT)
    known = article_groups(articles)
    groups = {f"_{name}": known[name].fill_null("(none)") for name in grouping.by}
    ordered = articles.select("article_id", column, **groups).sort(*groups, "article_id")[column]
    codes = pl.DataFrame({column: ordered.drop_nulls().unique().sort()}).with_row_index("code")
    joined = ordered.to_frame().join(codes, on=column, how="left", maintain_order="left")
    return joined["code"].cast(pl.Int64).fill_null(NO_EVENT).to_numpy()
