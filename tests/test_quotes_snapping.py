from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.quotemarks import quotations
from framing.quotes.tagger.snapping import Quoted
from framing.types import QuoteType, Span

TEXT = "He said “we will wait until spring,” and that it “rains” a lot, officials say."


def snapped(text: str, *parts: str) -> list[str]:
    spans = [Span(text.index(part), text.index(part) + len(part)) for part in parts]
    return [span.of(text) for span in Quoted(text, quotations(text)).snap(spans)]


def test_a_content_that_holds_most_of_a_quotation_takes_its_marks_with_it() -> None:
    assert snapped(TEXT, "we will wait until spring") == ["“we will wait until spring,”"]


def test_a_content_that_holds_little_of_a_quotation_stays_as_it_is() -> None:
    assert snapped(TEXT, "will wait") == ["will wait"]


def test_a_content_that_runs_through_a_quotation_keeps_its_own_ends() -> None:
    assert snapped(TEXT, "that it “rains” a lot") == ["that it “rains” a lot"]


def test_blanks_and_stray_commas_at_the_ends_are_left_out() -> None:
    assert snapped(TEXT, " that it “rains” a lot, ") == ["that it “rains” a lot"]


def test_parts_that_only_marks_part_become_one() -> None:
    text = "“We wait,” “we join,” she said."
    assert snapped(text, "“We wait", "“we join") == ["“We wait,” “we join,”"]


def test_an_unclosed_quotation_gives_no_end_to_snap_to() -> None:
    text = "“We wait and see, she said."
    assert snapped(text, "We wait and see") == ["“We wait and see"]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("“we will wait until spring,”", QuoteType.DIRECT),
        ("that it “rains” a lot", QuoteType.MIXED),
        ("officials say", QuoteType.INDIRECT),
    ],
)
def test_the_quote_type_follows_the_share_of_letters_inside_marks(part: str, expected: QuoteType) -> None:
    start = TEXT.index(part)
    assert Quoted(TEXT, quotations(TEXT)).quote_type([Span(start, start + len(part))]) is expected


@given(st.text(alphabet='ab “”",.', max_size=40), st.data())
def test_snapping_never_leaves_the_text_and_never_ends_in_a_blank(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for span in Quoted(text, quotations(text)).snap([Span(start, end)]):
        assert 0 <= span.start < span.end <= len(text)
        assert span.of(text) == span.of(text).strip()


def test_a_quotation_that_paragraphs_open_again_is_carried_on() -> None:
    text = "“We wait.\n\n“We join.\n\n“We rest,” she said. “It rains,” he said."
    quoted = Quoted(text, quotations(text))
    found = quoted.carried_on([Span(0, text.index("\n"))])
    assert [span.of(text) for span in found] == ["“We join.", "“We rest,”"]


def test_a_closed_quotation_is_not_carried_on() -> None:
    text = "“We wait,” she said.\n\n“We join,” he said."
    assert Quoted(text, quotations(text)).carried_on([Span(0, text.index("”") + 1)]) == ()


def test_a_source_loses_its_comma_and_keeps_the_full_stop_of_an_abbreviation() -> None:
    text = "the U.S., said"
    assert Quoted(text, []).trim(Span(0, 9)) == Span(0, 8)


@given(st.text(alphabet='ab “”"', max_size=40), st.data())
def test_snapping_loses_no_letter_of_any_part(text: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    parts = [Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    held = {at for span in Quoted(text, quotations(text)).snap(parts) for at in range(*span)}
    assert {at for part in parts for at in range(*part) if text[at].isalnum()} <= held


def test_a_span_that_ends_inside_a_word_takes_all_of_it() -> None:
    text = "officials prevailed"
    quoted = Quoted(text, [])
    assert quoted.trim(Span(2, 14)) == Span(0, 19)
    assert quoted.snap([Span(2, 14)]) == (Span(0, 19),)
