"""From gold attributions to what the tagger learns: windows of pieces with the labels of each piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.corpora.gold_records import Attribution
from framing.quotes.tagger.windows import Marked, windows
from framing.types import Span

Integers = NDArray[np.int32]


class Example(NamedTuple):
    """A window: ids, features (pieces, 3), sentence numbers, BIO labels (pieces, 3) of cue, content and source.

    `cues` are the pieces of each gold cue and `roles`, shape (cues, pieces), what each piece is to it.
    """

    ids: Integers
    features: Integers
    sentence: Integers
    labels: Integers
    cues: tuple[Span, ...]
    roles: Integers


def examples(found: Marked, gold: Sequence[Attribution], size: int) -> Iterator[Example]:
    """Yield the windows of an article; what an attribution has outside the window of its cue is not learnt."""
    total = len(found.pieces.ids)
    covered = [_covered(each, found) for each in gold]
    labels = np.zeros((total, 3), dtype=np.int32)
    for column, role in enumerate(("cue", "content", "source")):
        for each in covered:
            for span in getattr(each, role):
                labels[span.start : span.end, column] = 2
                labels[span.start : span.start + 1, column] = 1
    for window in windows(0, found, size):
        start, end = window.pieces
        inside = [each for each in covered if each.cue and start <= each.cue[0].start < each.cue[0].end <= end]
        inside.sort(key=lambda each: each.cue[0])
        yield Example(
            ids=found.pieces.ids[start:end],
            features=found.features[start:end],
            sentence=found.sentence[start:end],
            labels=labels[start:end],
            cues=tuple(Span(each.cue[0].start - start, each.cue[0].end - start) for each in inside),
            roles=np.array([_roles(each, total)[start:end] for each in inside], dtype=np.int32).reshape(
                -1, end - start
            ),
        )


def _covered(each: Attribution, found: Marked) -> Attribution:
    content, cue, source = (tuple(map(found.cover, spans)) for spans in (each.content, each.cue, each.source))
    return Attribution(content, cue, source)


def _roles(each: Attribution, total: int) -> Integers:
    roles = np.zeros(total, dtype=np.int32)
    for spans, begin in ((each.content, 1), (each.source, 3)):
        for span in spans:
            roles[span.start : span.end] = begin + 1
            roles[span.start : span.start + 1] = begin
    return roles
