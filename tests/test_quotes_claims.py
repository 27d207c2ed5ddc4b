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
