from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.quotemarks import quotations


def outer(text: str) -> list[str]:
    return [text[q.start : q.end] for q in quotations(text) if q.depth == 0]


@pytest.mark.parametrize(
    "quotation",
    ['"We will wait."', "“We will wait.”", "‘We will wait.’", "'We will wait.'", "«We will wait.»", "„We will wait.“",
     "‚We will wait.‘", "‹We will wait.›", "''We will wait.''", "``We will wait.''", "»We will wait.«"],
)  # fmt: skip
def test_every_kind_of_mark_is_matched(quotation: str) -> None:
    assert outer(f"She said: {quotation} Then she left.") == [quotation]


def test_apostrophes_are_no_marks() -> None:
    assert outer("It's the allies' plan, isn’t it? Rock ’n’ roll of the ’90s wasn’t NATO’s.") == []


def test_an_apostrophe_inside_single_marks_closes_nothing() -> None:
    assert outer("‘The allies’ resolve isn’t in doubt,’ he said.") == ["‘The allies’ resolve isn’t in doubt,’"]


def test_a_quotation_inside_another_is_deeper() -> None:
    text = "“He told me ‘never’ twice,” she said."
    assert [(text[q.start : q.end], q.depth) for q in quotations(text)] == [
        ("“He told me ‘never’ twice,”", 0),
        ("‘never’", 1),
    ]


def test_a_paragraph_that_reopens_without_closing_continues() -> None:
    text = "“We began early.\n\n“We ended late,” she said."
    first, second = quotations(text)
    assert (first.closed, first.continues) == (False, False)
    assert (second.closed, second.continues) == (True, True)
    assert text[first.start : first.end] == "“We began early."


def test_an_unclosed_mark_ends_with_its_paragraph() -> None:
    assert outer("He said “we go on\n\nNobody asked “why” then.") == ["“we go on", "“why”"]


def test_an_unclosed_mark_ends_where_the_next_opens() -> None:
    assert outer("He said “we go on and then “why” was asked.") == ["“we go on and then ", "“why”"]


def test_inches_are_no_marks() -> None:
    assert outer('The 6" pipe is "safe" now.') == ['"safe"']


@given(st.text(alphabet="\"'“”‘’„«» ab.\n", max_size=80))
def test_quotations_lie_in_the_text_in_order_and_outer_ones_apart(text: str) -> None:
    found = quotations(text)
    assert all(0 <= q.start < q.end <= len(text) and q.start <= q.inner.start <= q.inner.end <= q.end for q in found)
    assert [q.start for q in found] == sorted(q.start for q in found)
    top = [q for q in found if q.depth == 0]
    assert all(a.end <= b.start for a, b in pairwise(top))


@pytest.mark.parametrize("text", ['"' * 90_000, "“" * 90_000, "'" * 90_000, "’ “" * 30_000, " 's" * 30_000])
def test_nothing_but_marks_takes_no_time(text: str) -> None:
    start = time.perf_counter()
    quotations(text)
    assert time.perf_counter() - start < 10
