"""Word pieces with their offsets, and what an uncased vocabulary forgets: how each piece was written."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from framing.errors import ModelError

TOKENIZER = "tokenizer.json"
_SURROGATE = re.compile(r"[\ud800-\udfff]")

Integers = NDArray[np.int32]


class Pieces(NamedTuple):
    """The word pieces of one text, without special ones: arrays of equal length.

    `starts` and `ends` are code points of the text; `case` is one of `CASES`.
    """

    ids: Integers
    starts: Integers
    ends: Integers
    case: Integers


class Case:
    """How a piece is written."""

    LOWER, CAPITALISED, CAPITALS, OTHER = range(4)
    SIZE = 4


@functools.cache
def read_tokenizer(folder: Path) -> Tokenizer:
    """Read the tokenizer of a model folder, without limits of length; the result is cached by path.

    Raises:
        ModelError: the file is missing or is no tokenizer.
    """
    path = folder / TOKENIZER
    try:
        found = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); is this a model folder?") from error
    except Exception as error:  # tokenizers raises plain Exception for a damaged file
        raise ModelError(f"{path}: not a tokenizer ({error}); copy or train the model again") from error
    found.no_truncation()
    found.no_padding()
    return found


def special_ids(tokenizer: Tokenizer) -> tuple[int, int]:
    """Return the ids of the pieces that begin and end a window: BERT's names for them or RoBERTa's.

    Raises:
        ModelError: the tokenizer has neither.
    """
    for begin, end in (("[CLS]", "[SEP]"), ("<s>", "</s>")):
        ids = tokenizer.token_to_id(begin), tokenizer.token_to_id(end)
        if ids[0] is not None and ids[1] is not None:
            return ids[0], ids[1]
    raise ModelError("the tokenizer has no special pieces [CLS] and [SEP], nor <s> and </s>; choose another base")


def mask_id(tokenizer: Tokenizer) -> int:
    """Return the id of the piece that hides another.

    Raises:
        ModelError: the tokenizer has none.
    """
    for name in ("[MASK]", "<mask>"):
        if (found := tokenizer.token_to_id(name)) is not None:
            return int(found)
    raise ModelError("the tokenizer has no piece [MASK] nor <mask>; choose another base")


def pieces_of(texts: Sequence[str], tokenizer: Tokenizer) -> list[Pieces]:
    """Cut texts into word pieces, in their order; a lone surrogate counts as a character that nobody knows."""
    encodings = tokenizer.encode_batch(
        [_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", t) for t in texts], add_special_tokens=False
    )
    return [_pieces(t, found.ids, found.offsets) for t, found in zip(texts, encodings, strict=True)]


def _pieces(text: str, ids: Sequence[int], offsets: Sequence[tuple[int, int]]) -> Pieces:
    spans = np.array(offsets, dtype=np.int32).reshape(-1, 2)
    case = np.fromiter((_case(text[start:end]) for start, end in offsets), dtype=np.int32, count=len(offsets))
    return Pieces(np.array(ids, dtype=np.int32), spans[:, 0], spans[:, 1], case)


def _case(piece: str) -> int:
    if piece.islower():
        return Case.LOWER
    if piece[:1].isupper():
        return Case.CAPITALS if len(piece) > 1 and piece.isupper() else Case.CAPITALISED
    return Case.OTHER
