"""Cut articles into windows that a tagger can read at once: whole paragraphs, packed, with features of each piece."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from framing.encoders.pieces import Case, Pieces, pieces_of
from framing.quotemarks import quotations
from framing.text import paragraphs, sentences
from framing.types import Span

Integers = NDArray[np.int32]

FEATURE_SIZES = (Case.SIZE, 4, 3)
"""How many values each feature of a piece can take: its letter case, its place among quote marks, what it opens."""


class Place:
    """Where a piece stands among double quote marks."""

    OUTSIDE, INSIDE, OPENING, CLOSING = range(4)


class Window(NamedTuple):
    """A stretch of the pieces of one article; `pieces` is the half-open range of their numbers in it."""

    article: int
    pieces: Span


class Marked(NamedTuple):
    """The pieces of an article with their features, shape (pieces, 3), and the number of each one's sentence."""

    pieces: Pieces
    features: Integers
    sentence: Integers
    paragraph_starts: Integers

    def first_piece(self, at: int) -> int:
        """Return the number of the first piece that ends behind the character `at`."""
        return int(np.searchsorted(self.pieces.ends, at, side="right"))

    def cover(self, span: Span) -> Span:
        """Return the pieces that a span of characters touches."""
        return Span(self.first_piece(span.start), int(np.searchsorted(self.pieces.starts, span.end, side="left")))

    def characters(self, pieces: Span) -> Span:
        """Return the characters that a range of pieces covers."""
        return Span(int(self.pieces.starts[pieces.start]), int(self.pieces.ends[pieces.end - 1]))


def marked(texts: Sequence[str], tokenizer: Tokenizer) -> list[Marked]:
    """Cut texts into pieces with their features: letter case, place among quote marks, what they open."""
    return [_marked(text, found) for text, found in zip(texts, pieces_of(texts, tokenizer), strict=True)]


def windows(article: int, found: Marked, size: int) -> Iterator[Window]:
    """Pack whole paragraphs into windows of at most `size` pieces.

    A paragraph that is longer is cut at the ends of its sentences, and a sentence that is longer still wherever it
    has to be.
    """
    total = len(found.pieces.ids)
    starts = [*found.paragraph_starts.tolist(), total]
    sentence_starts = np.flatnonzero(np.diff(found.sentence, prepend=-1)).tolist()
    start = 0
    while start < total:
        end = starts[bisect_right(starts, start + size) - 1]
        if end <= start:
            end = sentence_starts[bisect_right(sentence_starts, start + size) - 1]
        if end <= start:
            end = min(start + size, total)
        yield Window(article, Span(start, end))
        start = end


def _marked(text: str, pieces: Pieces) -> Marked:
    sentence_spans, paragraph_spans = sentences(text), paragraphs(text)
    sentence = np.searchsorted([span.start for span in sentence_spans], pieces.starts, side="right").astype(np.int32)
    paragraph = np.searchsorted([span.start for span in paragraph_spans], pieces.starts, side="right")
    paragraph_opens = np.diff(paragraph, prepend=-1) > 0
    opens = (np.diff(sentence, prepend=-1) > 0).astype(np.int32) + paragraph_opens
    features = np.stack([pieces.case, _places(text, pieces, paragraph_spans), opens], axis=1).astype(np.int32)
    return Marked(pieces, features, sentence, np.flatnonzero(paragraph_opens).astype(np.int32))


def _places(text: str, pieces: Pieces, paragraph_spans: Sequence[Span]) -> Integers:
    place = np.full(len(pieces.ids), Place.OUTSIDE, dtype=np.int32)
    for quotation in quotations(text, paragraph_spans):
        if quotation.depth:
            continue
        start, end = np.searchsorted(pieces.starts, [quotation.start, quotation.end])
        place[start:end] = Place.INSIDE
        place[start : start + 1] = Place.OPENING
        place[end - 1 : end] = Place.CLOSING
    return place
