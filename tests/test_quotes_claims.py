from __future__ import annotations

import pytest

from framing.quotes.tagger.claims import Claims
from framing.types import Span


def test_the_share_taken_counts_the_characters_of_all_spans_together() -> None:
    claims = Claims(20)
    claims.take([Span(2, 4), Span(10, 12)])
    assert claims.share([Span(0, 4), Span(11, 15)]) == pytest.approx(3 / 8)


def test_nothing_is_taken_at_first_and_taking_twice_counts_once() -> None:
    claims = Claims(5)
    assert claims.share([Span(0, 5)]) == 0
    claims.take([Span(0, 5)])
    claims.take([Span(0, 5)])
    assert claims.share([Span(0, 5)]) == 1


def test_what_is_free_of_some_spans_are_the_stretches_between_what_is_taken() -> None:
    claims = Claims(20)
    claims.take([Span(2, 4), Span(10, 12)])
    assert claims.free([Span(0, 6), Span(8, 11), Span(15, 20)]) == (Span(0, 2), Span(4, 6), Span(8, 10), Span(15, 20))
