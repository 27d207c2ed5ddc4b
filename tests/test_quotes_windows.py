from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_base import write_base
from tokenizers import Tokenizer

from framing.encoders.pieces import Case, pieces_of, read_tokenizer
from framing.quotes.tagger.places import DISTANCES, REACH, places
from framing.quotes.tagger.windows import Marked, Place, marked, windows
from framing.types import Span

TEXT = "The minister said “we will wait”.\n\nHe will join, SHE said."


@cache
def tokenizer() -> Tokenizer:
    return read_tokenizer(write_base(Path(tempfile.mkdtemp())))


def read(text: str) -> Marked:
    return marked([text], tokenizer())[0]


def piece_at(found: Marked, text: str, word: str) -> int:
    return found.first_piece(text.index(word))


def test_pieces_cover_every_visible_character_in_order() -> None:
    (found,) = pieces_of([TEXT], tokenizer())
    covered = "".join(TEXT[start:end] for start, end in zip(found.starts, found.ends, strict=True))
    assert covered == "".join(TEXT.split())


def test_a_lone_surrogate_moves_no_offset() -> None:
    plain, broken = pieces_of(["we x wait", "we \ud800 wait"], tokenizer())
    assert plain.starts[-1] == broken.starts[-1] == 5


def test_a_piece_knows_its_letter_case() -> None:
    found = read(TEXT)
    case = {word: found.features[piece_at(found, TEXT, word), 0] for word in ("The", "minister", "SHE", "“")}
    assert case == {"The": Case.CAPITALISED, "minister": Case.LOWER, "SHE": Case.CAPITALS, "“": Case.OTHER}


def test_a_piece_knows_its_place_among_quote_marks() -> None:
    found = read(TEXT)
    place = {word: found.features[piece_at(found, TEXT, word), 1] for word in ("said", "“", "will", "”")}
    assert place == {"said": Place.OUTSIDE, "“": Place.OPENING, "will": Place.INSIDE, "”": Place.CLOSING}


def test_a_piece_knows_whether_it_opens_a_paragraph_or_a_sentence() -> None:
    text = "We wait. We join.\n\nWe said."
    found = read(text)
    opens = [int(found.features[found.first_piece(at), 2]) for at in (0, 3, 9, 19)]
    assert opens == [2, 0, 1, 2]


def test_a_span_of_characters_comes_back_from_its_pieces() -> None:
    found = read(TEXT)
    span = Span(TEXT.index("“"), TEXT.index("”") + 1)
    assert found.characters(found.cover(span)) == span


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="we .\n“”x", max_size=120), st.integers(1, 20))
def test_windows_take_every_piece_once_and_are_never_too_long(text: str, size: int) -> None:
    found = read(text)
    cut = list(windows(0, found, size))
    assert [at for window in cut for at in range(*window.pieces)] == list(range(len(found.pieces.ids)))
    assert all(1 <= window.pieces.end - window.pieces.start <= size for window in cut)


def test_paragraphs_that_fit_share_a_window_and_others_stay_whole() -> None:
    found = read("we wait\n\nwe join\n\nwe will wait")
    assert [window.pieces for window in windows(0, found, 5)] == [Span(0, 4), Span(4, 7)]


def test_a_long_paragraph_is_cut_where_a_sentence_ends() -> None:
    found = read("we will wait. We join.")
    assert [window.pieces for window in windows(0, found, 5)] == [Span(0, 4), Span(4, 7)]


def test_places_count_pieces_sentences_and_cues_on_both_sides() -> None:
    sentence = np.array([0, 0, 0, 1, 1, 1, 2], dtype=np.int32)
    found = places(sentence, Span(3, 4), [1, 3, 5])
    assert found[:, 1].tolist() == [REACH - 1] * 3 + [REACH] * 3 + [REACH + 1]
    assert found[:, 2].tolist() == [REACH - 1, REACH, REACH, REACH, REACH, REACH + 1, REACH + 1]
    assert found[2, 0] != found[4, 0]
    assert found[3, 0] == DISTANCES - 1
