"""The articles of each group drawn again, once for all metrics: a group at a time, so that little is held in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from framing.measure.grouping import Grouping
from framing.measure.interval import Bootstrap, Limits, generator_of
from framing.measure.ratio import Entries, Integers, Ratios
from framing.protocols import SumFunction

DRAWN_AT_ONCE = 1 << 25  # sums held at once by each thread: 256 megabytes


class Redrawn(NamedTuple):
    """What one metric sums in resamples: the entries of the ratios that need draws, and of what these are divided by.

    `ratios` and `bases` number the rows of the two; those of group g begin at `starts[g]`. Entries are in the order of
    their rows.
    """

    above: Entries
    below: Entries
    ratios: Integers
    bases: Integers
    starts: Integers
    function: SumFunction

    @classmethod
    def of(cls, values: Ratios, grouping: Grouping, *, min_cell: int) -> Redrawn:
        """Keep what is needed; ratios of one article, or of articles that are all alike, need no draws.

        Nor do those of fewer than `min_cell` statements, which are suppressed.
        """
        drawn = (values.articles > 1) & ~values.alike & (values.statements >= min_cell)
        used = np.zeros(int(values.denominators.row.max(initial=-1)) + 1, np.bool_)
        used[values.base[drawn]] = True
        group = values.cell[drawn] // len(grouping.parts)
        return cls(
            _kept(values.numerators, drawn),
            _kept(values.denominators, used),
            np.flatnonzero(drawn),
            values.base[drawn],
            np.searchsorted(group, range(len(grouping.groups) + 1)),
            values.function,
        )


class _Rows(NamedTuple):
    """The rows of one group, all metrics: a matrix, rows × articles, and for each ratio its two rows and function."""

    matrix: csr_array
    above: Integers
    below: Integers
    functions: Integers


def redrawn_limits(
    redrawn: Sequence[Redrawn], sizes: Sequence[int], grouping: Grouping, interval: Bootstrap, *, seed: int
) -> list[Limits]:
    """Return the ends of each metric's ratios, `sizes` in number; those that need no draws keep NaN.

    Groups are redrawn side by side on as many threads as polars uses.
    """
    ends = [Limits(*(np.full(size, np.nan) for _ in Limits._fields)) for size in sizes]
    functions = list(dict.fromkeys(metric.function for metric in redrawn))

    def of_group(group: int) -> list[Limits]:
        rows = _rows(redrawn, functions, group, grouping)
        found = Limits(*(np.full(len(rows.above), np.nan) for _ in Limits._fields))
        for chosen in _chunks(rows, interval):
            # A fresh generator gives the same draws, so that all ratios of the group stay paired.
            fresh = partial(generator_of, seed, grouping.groups[group])
            for some, limits in _drawn(rows, chosen, functions, interval, fresh):
                for end, part in zip(found, limits, strict=True):
                    end[some] = part
        splits = np.cumsum([metric.starts[group + 1] - metric.starts[group] for metric in redrawn])[:-1]
        return [Limits(*parts) for parts in zip(*(np.split(end, splits) for end in found), strict=True)]

    needed = [g for g in range(len(grouping.groups)) if any(each.starts[g] < each.starts[g + 1] for each in redrawn)]
    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        for group, limits in zip(needed, threads.map(of_group, needed), strict=True):
            for metric, out, found in zip(redrawn, ends, limits, strict=True):
                ratios = metric.ratios[metric.starts[group] : metric.starts[group + 1]]
                for end, part in zip(out, found, strict=True):
                    end[ratios] = part
    return ends


def _kept(entries: Entries, rows: NDArray[np.bool_]) -> Entries:
    keep = rows[entries.row] & (entries.value != 0)
    return Entries(entries.row[keep].astype(np.int32), entries.article[keep].astype(np.int32), entries.value[keep])


def _rows(redrawn: Sequence[Redrawn], functions: Sequence[SumFunction], group: int, grouping: Grouping) -> _Rows:
    """Lay out the rows of a group: of each metric the ratios, then what they are divided by."""
    row, article, value, above, below, codes = [], [], [], [], [], []
    offset = 0
    for metric in redrawn:
        chosen = slice(metric.starts[group], metric.starts[group + 1])
        bases, base = np.unique(metric.bases[chosen], return_inverse=True)
        ratios = metric.ratios[chosen]
        for entries, rows in ((metric.above, ratios), (metric.below, bases)):
            if len(rows):
                span = slice(*np.searchsorted(entries.row, [rows[0], rows[-1] + 1]))
                row.append(np.searchsorted(rows, entries.row[span]) + offset)
                article.append(entries.article[span] - grouping.starts[group])
                value.append(entries.value[span])
            offset += len(rows)
        above.append(np.arange(len(ratios)) + offset - len(bases) - len(ratios))
        below.append(base + offset - len(bases))
        codes.append(np.full(len(ratios), functions.index(metric.function)))
    starts = np.concatenate([[0], np.cumsum(np.bincount(np.concatenate(row), minlength=offset))])
    matrix = csr_array((np.concatenate(value), np.concatenate(article), starts), shape=(offset, grouping.size(group)))
    return _Rows(matrix, np.concatenate(above), np.concatenate(below), np.concatenate(codes))


def _chunks(rows: _Rows, interval: Bootstrap) -> Iterator[Integers]:
    """Yield the numbers of as many ratios as may be redrawn at once."""
    each = 1 if interval.method == "percentile" else 5  # rows that are summed for each row: itself and its products
    held = DRAWN_AT_ONCE // (each * interval.resamples)
    ratios = len(rows.above)
    size = ratios if rows.matrix.shape[0] <= held else max(1, held // 2)
    for start in range(0, ratios, size):
        yield np.arange(start, min(start + size, ratios))


def _drawn(
    rows: _Rows,
    chosen: Integers,
    functions: Sequence[SumFunction],
    interval: Bootstrap,
    generator: Callable[[], np.random.Generator],
) -> Iterator[tuple[Integers, Limits]]:
    """Yield the limits of the chosen ratios, those of one function at a time."""
    used = np.union1d(rows.above[chosen], rows.below[chosen])
    if interval.method == "percentile":
        sums = interval.sums(rows.matrix[used], generator())
    for code in np.unique(rows.functions[chosen]):
        function, some = functions[code], chosen[rows.functions[chosen] == code]
        above, below = rows.above[some], rows.below[some]
        if interval.method == "studentised":
            yield some, interval.studentised(rows.matrix[above], rows.matrix[below], function, generator())
        else:
            at_above, at_below = np.searchsorted(used, above), np.searchsorted(used, below)
            yield some, interval.limits(sums, at_above, at_below, function)
