from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.text import paragraphs, sentences


def said(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


def test_blank_lines_part_paragraphs_and_white_space_is_left_out() -> None:
    text = "  One\nstill one.  \r\n \r\n\r\nTwo. \n"
    assert [span.of(text) for span in paragraphs(text)] == ["One\nstill one.", "Two."]


def test_line_ends_part_paragraphs_where_no_line_is_blank() -> None:
    text = "\n\nOne.\nTwo.\r\nThree.\n\n"
    assert [span.of(text) for span in paragraphs(text)] == ["One.", "Two.", "Three."]


def test_a_text_of_white_space_has_no_paragraph() -> None:
    assert paragraphs(" \n\n\t ") == []


@pytest.mark.parametrize("word", ["Mr.", "Sen.", "U.S.", "J.", "Sept.", "vs."])
def test_an_abbreviation_ends_no_sentence(word: str) -> None:
    assert said(f"It was {word} Smith. He left.") == [f"It was {word} Smith.", "He left."]


def test_initials_end_a_sentence_before_a_word_that_opens_one() -> None:
    assert said("He flew to the U.S. He was tired.") == ["He flew to the U.S.", "He was tired."]
    assert said("It sold to Acme Inc. The price was low.") == ["It sold to Acme Inc.", "The price was low."]


def test_a_quotation_of_two_sentences_is_two_sentences() -> None:
    assert said("“We wait. It rains,” he said. “Why?” Nobody knew.") == [
        "“We wait.",
        "It rains,” he said.",
        "“Why?”",
        "Nobody knew.",
    ]


def test_a_question_in_the_middle_of_a_sentence_does_not_end_it() -> None:
    assert said("“Why?” asked the minister.") == ["“Why?” asked the minister."]


@given(st.text(alphabet="Ab. ?!\n\r“”\" '\t", max_size=60))
def test_sentences_are_in_order_disjoint_and_hold_every_visible_character(text: str) -> None:
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(span.start < span.end and span.of(text) == span.of(text).strip() for span in spans)
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
