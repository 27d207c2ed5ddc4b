"""A text as a set of shingles: what counts as a word, what does not matter, and what is stable."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from framing.corpora.wire.clusters import Cluster, containment, stars
from framing.corpora.wire.shingles import shingles, words

LETTERS = st.text(st.sampled_from('abcé ,.-1\n’"ÀЖ'), max_size=80)


@given(LETTERS)
def test_words_are_the_runs_of_letters_and_digits(text: str) -> None:
    expected = re.findall(r"[^\W_]+", text.casefold())
    found = words(text)
    assert len(found) == len(expected)
    assert len(set(found.tolist())) == len(set(expected))
    assert [expected.index(word) for word in expected] == [found.tolist().index(number) for number in found.tolist()]


@given(LETTERS)
def test_shingles_are_as_many_as_there_are_different_runs_of_five_words(text: str) -> None:
    expected = re.findall(r"[^\W_]+", text.casefold())
    runs = {tuple(expected[at : at + 5]) for at in range(len(expected) - 4)}
    found = shingles(text)
    assert len(found) == len(runs)
    assert (np.diff(found.astype(np.int64)) > 0).all()


def test_case_punctuation_and_quote_marks_do_not_count() -> None:
    one = "The door, he said, is “open” to all – and stays so."
    other = 'THE DOOR he said is "open" to all\n\nand stays so'
    assert shingles(one).tolist() == shingles(other).tolist()


def test_the_order_of_words_counts() -> None:
    assert not set(shingles("one two three four five").tolist()) & set(shingles("five four three two one").tolist())


def test_a_word_has_the_same_number_in_every_text_and_run() -> None:
    def mixed(value: int) -> int:
        value = (value + 0x9E3779B97F4A7C15) % 2**64
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        value = (value ^ value >> 27) * 0x94D049BB133111EB % 2**64
        return value ^ value >> 31

    letters = [mixed(ord(letter)) * pow(0xD6E8FEB86659FD93, place, 2**64) for place, letter in enumerate("alliance")]
    expected = mixed(sum(letters) % 2**64)
    assert words("alliance").tolist() == [expected]
    assert words("The old ALLIANCE of 1949")[2] == expected


def test_ideographs_are_words_of_their_own() -> None:
    assert len(words("北约的大门")) == 5
    assert len(words("NATO北约 opens")) == 4


def test_a_text_of_four_words_has_no_shingle_and_shares_nothing() -> None:
    few = shingles("only four words here")
    assert len(few) == 0
    assert containment(few, shingles("only four words here and more")) == (0.0, 0.0)


def test_lone_surrogates_and_rare_planes_break_nothing() -> None:
    assert len(words("a \ud800 b \U000e0041 c")) == 3


def test_containment_counts_both_ways() -> None:
    whole, half = shingles("a b c d e f g h i j k l"), shingles("a b c d e f g h")
    assert containment(half, whole) == (1.0, 0.5)


def test_a_chain_of_versions_is_cut_where_texts_no_longer_share_with_the_centre() -> None:
    sizes = dict.fromkeys(range(5), 100)
    assert stars([(0, 1), (1, 2), (2, 3), (3, 4)], sizes) == [Cluster(1, (0, 1, 2)), Cluster(3, (3, 4))]


def test_of_equal_links_the_longest_text_is_the_centre() -> None:
    assert stars([(0, 1)], {0: 50, 1: 80}) == [Cluster(1, (0, 1))]
