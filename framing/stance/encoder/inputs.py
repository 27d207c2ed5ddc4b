"""What the encoder reads: a proposition and the passage, with the part that each word piece plays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from framing.encoders.pieces import Pieces, pieces_of, special_ids
from framing.protocols import StanceQuery
from framing.types import Span

Integers = NDArray[np.int32]


class Part:
    """What a piece is part of."""

    OTHER, PROPOSITION, CONTEXT, STATEMENT, HOLDER = range(5)
    SIZE = 5


class Reading(NamedTuple):
    """One input of the encoder, without the special pieces at its ends; `parts` says what each piece is part of."""

    ids: Integers
    parts: Integers


def readings(
    queries: Sequence[StanceQuery], propositions: Sequence[str], tokenizer: Tokenizer, size: int
) -> Iterator[Reading]:
    """Yield the inputs of at most `size` pieces for queries, each asked about a proposition.

    The proposition is read up to half of `size`; of the passage as much as fits, the statement first and then what
    stands around it.
    """
    _, separator = special_ids(tokenizer)
    passages = [_passage(query) for query in queries]
    found = pieces_of([passage.text for passage in passages], tokenizer)
    texts = sorted(set(propositions))
    known = dict(zip(texts, (each.ids for each in pieces_of(texts, tokenizer)), strict=True))
    for proposition, passage, pieces in zip(propositions, passages, found, strict=True):
        lead = known[proposition][: size // 2]
        start, end = _kept(pieces, passage, size - len(lead) - 1)
        ids = np.concatenate([lead, [separator], pieces.ids[start:end]]).astype(np.int32)
        before = np.repeat([Part.PROPOSITION, Part.OTHER], [len(lead), 1]).astype(np.int32)
        yield Reading(ids, np.concatenate([before, _parts(pieces, passage)[start:end]]))


class _Passage(NamedTuple):
    """The text that is read, and where in it the statement and its holder stand."""

    text: str
    statement: tuple[Span, ...]
    holder: Span | None


def _passage(query: StanceQuery) -> _Passage:
    """Find statement and holder in the context; what is not there is put before it."""
    text = query.context or query.text
    statement = _fragments(query.text, text)
    if not statement:
        text = f"{query.text} {text}"
        statement = (Span(0, len(query.text)),)
    holder = _holder(query.speaker, text, statement) if query.speaker else None
    if query.speaker and holder is None:
        lead = f"{query.speaker}: "
        text = lead + text
        statement = tuple(Span(start + len(lead), end + len(lead)) for start, end in statement)
        holder = Span(0, len(query.speaker))
    return _Passage(text, statement, holder)


def _fragments(text: str, context: str) -> tuple[Span, ...]:
    """Find a text in its context: whole, or else in fragments, since those of a split quotation are joined."""
    at = context.find(text)
    if at >= 0:
        return (Span(at, at + len(text)),)
    found: list[Span] = []
    words, position = text.split(" "), 0
    while words:
        for n in range(len(words), 0, -1):
            fragment = " ".join(words[:n])
            at = context.find(fragment, position)
            if at >= 0:
                break
        else:
            return ()
        found.append(Span(at, at + len(fragment)))
        words, position = words[n:], at + len(fragment)
    return tuple(found)


def _holder(speaker: str, text: str, statement: Sequence[Span]) -> Span | None:
    """Find the holder, outside of the statement if possible."""
    name = re.compile(rf"(?<!\w){re.escape(speaker)}(?!\w)", re.IGNORECASE)
    places = [Span(*found.span()) for found in name.finditer(text)]
    outside = [place for place in places if not any(s.start < place.end and place.start < s.end for s in statement)]
    return next(iter(outside or places), None)


def _parts(pieces: Pieces, passage: _Passage) -> Integers:
    parts = np.full(len(pieces.ids), Part.CONTEXT, dtype=np.int32)
    for span in passage.statement:
        parts[_touched(pieces, span)] = Part.STATEMENT
    if passage.holder:
        parts[_touched(pieces, passage.holder)] = Part.HOLDER
    return parts


def _touched(pieces: Pieces, span: Span) -> slice:
    start = int(np.searchsorted(pieces.ends, span.start, side="right"))
    return slice(start, int(np.searchsorted(pieces.starts, span.end, side="left")))


def _kept(pieces: Pieces, passage: _Passage, room: int) -> tuple[int, int]:
    """Return which pieces to read: all, or else the statement's with as many before it as behind it."""
    total = len(pieces.ids)
    if total <= room:
        return 0, total
    first = _touched(pieces, Span(passage.statement[0].start, passage.statement[-1].end))
    start = max(0, first.start - max(0, room - (first.stop - first.start)) // 2)
    start = min(start, total - room)
    return start, start + room
