"""Cut an article's text into segments, so that statements can be marked in it however their spans overlap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from framing.types import Span, Statement


class Segment(NamedTuple):
    """A stretch of text under the same spans: `contents`, `cues` and `sources` hold positions in the statement list."""

    text: str
    contents: tuple[int, ...]
    cues: tuple[int, ...]
    sources: tuple[int, ...]


def segments(text: str, statements: Sequence[Statement]) -> Iterator[Segment]:
    """Yield segments that join to `text`; a new one begins wherever a content, cue or source begins or ends."""
    roles: tuple[list[tuple[Span, int]], ...] = ([], [], [])
    for number, statement in enumerate(statements):
        roles[0].extend((span, number) for span in statement.content)
        roles[1].extend((span, number) for span in (statement.cue,) if span)
        roles[2].extend((span, number) for span in (statement.source,) if span)
    changes = sorted(
        (edge, opens, role, number)
        for role, spans in enumerate(roles)
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
