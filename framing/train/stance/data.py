"""What a training learns and what is kept apart from it, read and split as its settings say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from framing.errors import ConfigError, CorpusError, did_you_mean
from framing.stance.codebook import read_codebook
from framing.train.stance.composition.material import COMPOSED, read_material
from framing.train.stance.examples import UNKNOWN, Example, from_public, from_rows
from framing.train.stance.layout import Layout
from framing.train.stance.options import StanceOptions
from framing.train.stance.public import Labelled, calibrates, read_set, spread
from framing.train.stance.rows import StanceRow, read_rows
from framing.train.stance.sources import Sources
from framing.train.stance.splits import grouped_folds, grouped_split, groups_of
from framing.types import Label

ROWS = "data"


class Data(NamedTuple):
    """What is learnt, the rows that are kept apart, and examples of public sets that calibrate beside these."""

    train: Sources
    held: list[Example]
    beside: Mapping[str, list[Example]]


class Pool(NamedTuple):
    """All that was read: rows, and of each public set what may be learnt and what may calibrate."""

    rows: list[StanceRow]
    public: Mapping[str, list[Example]]
    beside: Mapping[str, list[Example]]


def read_pool(options: StanceOptions) -> Pool:
    """Read the rows and the public sets.

    Raises:
        CorpusError: a row or a set is wrong.
        ConfigError: draws are asked of a source that there is not.
    """
    rows: list[StanceRow] = []
    if options.data:
        layout = Layout(options.columns, options.labels, options.target)
        rows = read_rows(options.data, read_codebook(options.codebook), layout=layout, free=True)
    read = {name: read_set(name, folder) for name, folder in options.public.items()}
    public = {name: from_public(each for each in found if not each.dev) for name, found in read.items()}
    beside = {name: _calibrating(found, options.calibrating) for name, found in read.items()}
    if unknown := options.draws.keys() - {ROWS, *public}:
        raise ConfigError(f"draws.{min(unknown)}: no such source; {did_you_mean(min(unknown), {ROWS, *public})}")
    return Pool(rows, public, {name: found for name, found in beside.items() if found})


def split(options: StanceOptions, pool: Pool) -> Data:
    """Keep rows of some targets apart, or a share of the groups of rows.

    Raises:
        ConfigError: a target to keep apart has no rows.
        CorpusError: nothing is left to learn or to keep apart.
    """
    rows = pool.rows
    if options.held_targets:
        apart = [at for at, row in enumerate(rows) if row.query.target in options.held_targets]
        if missing := set(options.held_targets) - {row.query.target for row in rows}:
            raise ConfigError(f"held_targets: no row has the target {min(missing)!r}")
    elif rows:
        apart = grouped_split(rows, by=options.group_by, share=options.tune, seed=options.seeds[0]).test.tolist()
    else:
        raise CorpusError("data: found nothing; public sets alone leave nothing to keep apart and calibrate on")
    if not apart or len(apart) == len(rows):
        raise CorpusError(
            f"{', '.join(options.data)}: {len(apart)} of {len(rows)} rows are kept apart; see held_targets and tune"
        )
    groups = groups_of(rows, options.group_by)
    tied = set(groups[apart].tolist())
    learnt = [row for row, group in zip(rows, groups.tolist(), strict=True) if group not in tied]
    if not learnt:
        raise CorpusError("group_by: all rows hang together with those kept apart; name fewer of what ties them")
    return _made(options, pool, learnt, [rows[at] for at in apart])


def folds(options: StanceOptions, pool: Pool) -> Iterator[Data]:
    """Yield the folds of a grouped cross-validation of the rows."""
    rows = pool.rows
    for each in grouped_folds(rows, by=options.group_by, folds=options.folds, seed=options.seeds[0]):
        yield _made(options, pool, [rows[at] for at in each.train], [rows[at] for at in each.test])


def _made(
    options: StanceOptions,
    pool: Pool,
    learnt: Sequence[StanceRow],
    apart: Sequence[StanceRow],
) -> Data:
    """Make examples of rows; nothing is composed about a target that only rows kept apart have."""
    codebook = read_codebook(options.codebook)
    unseen = {row.query.target for row in apart} - {row.query.target for row in learnt}
    material = read_material(COMPOSED).without(unseen) if options.composed else None
    train = Sources({ROWS: from_rows(learnt, codebook), **pool.public}, options.draws, options.composed, material)
    return Data(train, from_rows(apart, codebook), pool.beside)


def _calibrating(found: Sequence[Labelled], n: int) -> list[Example]:
    """Make examples of at most `n` of what calibrates.

    Where nothing is unrelated, they cannot teach how sure to be that a target is addressed.
    """
    examples = from_public(spread([each for each in found if calibrates(each)], n))
    if any(example.label is Label.UNRELATED for example in examples):
        return examples
    return [example._replace(answers=example.answers._replace(relevant=UNKNOWN)) for example in examples]
