"""Splits that keep together what must not be on both sides: an article, a speaker, a target, a family, a text.

The same rows and seed give the same split, in whatever order the rows come. Among a number of random splits the one is
taken whose sides have most nearly their share of each label.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from framing.errors import ConfigError, CorpusError, did_you_mean
from framing.train.stance.rows import StanceRow
from framing.types import Label

TRIES = 32
"""Random splits among which one is chosen."""
APART, LEARNT = 0, 1
LABELS = tuple(Label)

KEYS: Mapping[str, Callable[[StanceRow], str | None]] = {
    "article": lambda row: row.article_id,
    "speaker": lambda row: row.query.speaker,
    "target": lambda row: row.query.target,
    "family": lambda row: row.family,
    "text": lambda row: row.query.text,
}
"""What rows can share; rows without a speaker share none."""

Indices = NDArray[np.int64]


class Split(NamedTuple):
    """The positions of the rows to learn from and of those kept apart, each in the order of the rows."""

    train: Indices
    test: Indices


def groups_of(rows: Sequence[StanceRow], by: Sequence[str]) -> Indices:
    """Number the groups of rows that hang together, from 0; rows that share any of `by` are in one group.

    So `("article", "text")` keeps articles together that print the same words. Case and white space make no difference.

    Raises:
        ConfigError: `by` is empty or names nothing that rows share.
        CorpusError: rows are to be grouped by article, and one names none.
    """
    if not by:
        raise ConfigError(f"group_by: found nothing, expected at least one of {', '.join(KEYS)}")
    links: dict[tuple[str, str], int] = {}
    pairs = [(at, links.setdefault(link, len(links))) for at, row in enumerate(rows) for link in _links(row, by)]
    of_row, of_link = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    n_nodes = len(rows) + len(links)  # rows and what they share are the two sides of one graph
    graph = coo_matrix((np.ones(len(pairs)), (of_row, of_link + len(rows))), shape=(n_nodes, n_nodes))
    _, component = connected_components(graph.tocsr(), directed=False)
    return _renumbered(rows, component[: len(rows)].tolist())


def grouped_split(rows: Sequence[StanceRow], *, by: Sequence[str], share: float, seed: int) -> Split:
    """Keep about `share` of the rows apart, in whole groups.

    Raises:
        ConfigError: `share` is not between 0 and 1, or `by` names nothing that rows share.
        CorpusError: all rows hang together, or those to learn from have one label only.
    """
    if not 0 < share < 1:
        raise ConfigError(f"share: found {share}, expected a share of the rows between 0 and 1")
    groups = _groups(rows, by, 2)
    parts = _best(_cuts(groups, share, seed), rows, {APART: share})
    return _split(rows, parts == APART, by)


def grouped_folds(rows: Sequence[StanceRow], *, by: Sequence[str], folds: int, seed: int) -> list[Split]:
    """Cut the rows into `folds` parts of about the same size, in whole groups; each part is kept apart once.

    Raises:
        ConfigError: there are fewer than two folds, or `by` names nothing that rows share.
        CorpusError: there are fewer groups than folds, or the rows to learn from have one label only.
    """
    if folds < 2:
        raise ConfigError(f"folds: found {folds}, expected 2 or more")
    groups = _groups(rows, by, folds)
    parts = _best(_partitions(groups, folds, seed), rows, dict.fromkeys(range(folds), 1 / folds))
    return [_split(rows, parts == fold, by) for fold in range(folds)]


def _links(row: StanceRow, by: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what ties a row to others."""
    for name in by:
        if name not in KEYS:
            raise ConfigError(f"group_by: rows have no {name!r} to share; {did_you_mean(name, KEYS)}")
        value = KEYS[name](row)
        if value is not None and value.strip():
            yield name, " ".join(value.casefold().split())
        elif name == "article":
            raise CorpusError(
                f"row {row.query.statement_id!r}: it names no article, and rows are grouped by article; fill the "
                "column of article ids and name it in columns.article_id, or group by something else"
            )


def _renumbered(rows: Sequence[StanceRow], found: Sequence[int]) -> Indices:
    """Number groups by the least of their rows, so that the order of rows does not matter."""
    names = [(row.query.statement_id, row.query.target) for row in rows]
    numbers: dict[int, int] = {}
    for at in sorted(range(len(rows)), key=names.__getitem__):
        numbers.setdefault(found[at], len(numbers))
    return np.array([numbers[group] for group in found], dtype=np.int64)


def _groups(rows: Sequence[StanceRow], by: Sequence[str], least: int) -> Indices:
    groups = groups_of(rows, by)
    n_groups = len(set(groups.tolist()))
    if n_groups < least:
        raise CorpusError(
            f"{len(rows)} rows grouped by {' and '.join(by)} make {n_groups} group(s) that share nothing, expected "
            f"{least} or more; group by less, ask for fewer folds, or add rows"
        )
    return groups


def _cuts(groups: Indices, share: float, seed: int) -> Iterator[Indices]:
    """Yield random splits, the part of each row: groups in random order are set apart up to the share."""
    random = np.random.default_rng(seed)
    sizes = np.bincount(groups)
    for _ in range(TRIES):
        order = random.permutation(len(sizes))
        reached = sizes[order].cumsum()[:-1]
        n_apart = int(np.abs(reached - share * len(groups)).argmin()) + 1
        part_of = np.full(len(sizes), LEARNT)
        part_of[order[:n_apart]] = APART
        yield part_of[groups]


def _partitions(groups: Indices, folds: int, seed: int) -> Iterator[Indices]:
    """Yield random partitions, the part of each row: the largest group left joins the part with the fewest rows.

    That is scikit-learn's GroupKFold, but groups of one size come in an order of our own: its sort has them in one that
    differs between processors, and so would the folds.
    """
    random = np.random.default_rng(seed)
    sizes = np.bincount(groups)
    for _ in range(TRIES):
        order = random.permutation(len(sizes))
        order = order[np.argsort(-sizes[order], kind="stable")]
        part_of = np.zeros(len(sizes), dtype=np.int64)
        parts = [(0, part) for part in range(folds)]
        for group in order.tolist():
            n_rows, part_of[group] = parts[0]
            heapq.heapreplace(parts, (n_rows + int(sizes[group]), int(part_of[group])))
        yield part_of[groups]


def _best(options: Iterable[Indices], rows: Sequence[StanceRow], shares: Mapping[int, float]) -> Indices:
    """Return the option in which the parts are nearest to their shares of each label; the first of equals."""
    labels = np.array([LABELS.index(row.label) for row in rows])
    total = np.bincount(labels, minlength=len(LABELS))

    def distance(parts: Indices) -> float:
        counts = [(np.bincount(labels[parts == part], minlength=len(LABELS)), share) for part, share in shares.items()]
        return float(sum(np.abs(count - share * total).sum() for count, share in counts))

    return min(options, key=distance)


def _split(rows: Sequence[StanceRow], apart: NDArray[np.bool_], by: Sequence[str]) -> Split:
    labels = {row.label for row, kept in zip(rows, apart, strict=True) if not kept}
    if len(labels) < 2:
        raise CorpusError(
            f"{len(rows)} rows grouped by {' and '.join(by)}: the {int((~apart).sum())} that are left to learn from "
            f"are all labelled {min(labels).value!r}; group by less, keep fewer rows apart, or add rows of other labels"
        )
    return Split(np.flatnonzero(~apart), np.flatnonzero(apart))
