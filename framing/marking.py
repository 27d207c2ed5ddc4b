"""Cut an article's text into segments, so that statements can be marked in it however their spans overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from framing.types import Span, Statement

Numbered = Iterable[tuple[Span, int]]
"""Spans, each with the position of its statement."""


class Segment(NamedTuple):
    """A stretch of text under the same spans: `contents`, `cues` and `sources` hold positions in the statement list."""

    text: str
    contents: tuple[int, ...]
    cues: tuple[int, ...]
    sources: tuple[int, ...]


def segments(text: str, statements: Sequence[Statement]) -> Iterator[Segment]:
    """Yield segments that join to `text`; a new one begins wherever a content, cue or source begins or ends."""
    numbered = list(enumerate(statements))
    return cut(
        text,
        [(span, number) for number, statement in numbered for span in statement.content],
        [(statement.cue, number) for number, statement in numbered if statement.cue],
        [(statement.source, number) for number, statement in numbered if statement.source],
    )


def cut(text: str, contents: Numbered, cues: Numbered, sources: Numbered) -> Iterator[Segment]:
    """Yield segments that join to `text` from spans in it, each with the number of its statement."""
    changes = sorted(
        (edge, opens, role, number)
        for role, spans in enumerate((contents, cues, sources))
        for span, number in spans
        for edge, opens in ((span.start, True), (span.end, False))
    )
    active: tuple[set[int], ...] = (set(), set(), set())
    here = 0
    for edge, opens, role, number in changes:
        if edge > here:
            yield Segment(text[here:edge], *(tuple(sorted(numbers)) for numbers in active))
            here = edge
        (active[role].add if opens else active[role].discard)(number)
    if here < len(text):
        yield Segment(text[here:], (), (), ())
