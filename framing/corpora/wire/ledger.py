"""The ledger of wire copy: every copied article with its cluster, how much it shares, and a guess at its origin."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from framing.corpora.wire.agencies import CueKind
from framing.corpora.wire.clusters import Cluster, Containment
from framing.corpora.wire.gather import Seen

SCHEMA: dict[str, Any] = {
    "cluster_id": pl.String,
    "article_id": pl.String,
    "outlet": pl.String,
    "published": pl.Date,
    "articles": pl.Int64,
    "outlets": pl.Int64,
    "kept": pl.Boolean,
    "share_in_centre": pl.Float64,
    "share_of_centre": pl.Float64,
    "agency": pl.String,
    "cue": pl.String,
    "cue_kind": pl.String,
    "origin": pl.String,
    "origin_basis": pl.String,
}


class Ledger(NamedTuple):
    """The articles of all clusters, a row each, sorted by cluster and id; `notes` say what was not compared, and why.

    `articles` and `outlets` count those of the cluster. `share_in_centre` is the share of an article's text found in
    the centre of its cluster, `share_of_centre` that of the centre's text found in the article; both are 1 for the
    centre. `agency` is the one that the article credits by the words `cue`. `origin` is the agency that the cluster
    credits, else the outlet that printed it first, else null; `origin_basis` says which and on what grounds. `kept`
    is true for the one article that stands for the cluster where copies are dropped.
    """

    rows: pl.DataFrame
    notes: tuple[str, ...]


def ledger_of(
    clusters: Sequence[Cluster],
    seen: Sequence[Seen],
    sizes: Mapping[int, int],
    confirmed: Mapping[tuple[int, int], Containment],
    notes: tuple[str, ...],
) -> Ledger:
    """Write the ledger of clusters; `sizes` are the numbers of shingles, `confirmed` what every two copies share."""
    rows = [row for cluster in clusters for row in _rows(cluster, seen, sizes, confirmed)]
    return Ledger(pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("cluster_id", "article_id"), notes)


class Origin(NamedTuple):
    """Where a cluster seems to come from, if that can be told, and on what grounds."""

    name: str | None
    basis: str


def origin(members: Sequence[Seen]) -> Origin:
    """Guess the origin of a cluster: the agency that the strongest cues name most often, else the first to print it.

    Days are all that is known of time, so that several outlets on the first day leave the origin open, as does a
    missing date.
    """
    cues = [one.cue for one in members if one.cue]
    if cues:
        kind = min(each.kind for each in cues)
        named = Counter(each.agency for each in cues if each.kind is kind)
        agency, count = min(named.items(), key=lambda item: (-item[1], item[0]))
        return Origin(agency, f"{kind.name.lower()} of {count} of {len(members)} articles")
    dates = [one.published for one in members if one.published]
    if len(dates) < len(members):
        return Origin(None, f"unknown: {len(members) - len(dates)} of {len(members)} articles have no date")
    first = min(dates)
    outlets = {one.outlet for one in members if one.published == first}
    if len(outlets) > 1:
        return Origin(None, f"unknown: {len(outlets)} outlets on the first day, {first}")
    return Origin(outlets.pop(), f"earliest, {first}")


def _rows(
    cluster: Cluster,
    seen: Sequence[Seen],
    sizes: Mapping[int, int],
    confirmed: Mapping[tuple[int, int], Containment],
) -> Iterator[dict[str, Any]]:
    members = [seen[number] for number in cluster.members]
    ids, found = [one.article_id for one in members], origin(members)
    kept = min(cluster.members, key=lambda number: _precedence(seen[number], sizes[number], found))
    for number, one in zip(cluster.members, members, strict=True):
        shared = _with_centre(number, cluster.centre, confirmed)
        yield {
            "cluster_id": hashlib.sha256(json.dumps(ids).encode()).hexdigest()[:12],
            "article_id": one.article_id,
            "outlet": one.outlet,
            "published": one.published,
            "articles": len(members),
            "outlets": len({other.outlet for other in members}),
            "kept": number == kept,
            "share_in_centre": shared.of_first,
            "share_of_centre": shared.of_second,
            "agency": one.cue and one.cue.agency,
            "cue": one.cue and one.cue.words,
            "cue_kind": one.cue and one.cue.kind.name.lower(),
            "origin": found.name,
            "origin_basis": found.basis,
        }


def _precedence(one: Seen, size: int, found: Origin) -> tuple[bool, date, int, str]:
    """Order the articles of a cluster: the agency's own, the earliest, the longest, the first by id."""
    own = one.cue is not None and one.cue.kind is CueKind.OUTLET and one.cue.agency == found.name
    return not own, one.published or date.max, -size, one.article_id


def _with_centre(number: int, centre: int, confirmed: Mapping[tuple[int, int], Containment]) -> Containment:
    """Return how much of an article stands in the centre, and how much of the centre in the article."""
    if number == centre:
        return Containment(1.0, 1.0)
    found = confirmed.get((number, centre))
    return found or Containment(*reversed(confirmed[centre, number]))
