from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framing.marking import segments
from framing.types import QuoteType, Span, Statement

TEXT = "The minister said that the door, officials say, is open."
SPANS = st.tuples(st.integers(0, 55), st.integers(1, 20)).map(lambda p: Span(p[0], min(len(TEXT), p[0] + p[1])))


def statement(*content: Span, cue: Span | None = None, source: Span | None = None) -> Statement:
    return Statement("a:0-1", "a", content, cue, source, QuoteType.INDIRECT, None, 1.0, "hand")


def test_a_statement_is_cut_at_its_source_cue_and_content() -> None:
    said = statement(Span(18, 55), cue=Span(13, 17), source=Span(0, 12))
    cut = [(s.text, s.contents, s.cues, s.sources) for s in segments(TEXT[:31], [said])]
    assert cut[0] == ("The minister", (), (), (0,))
    assert cut[2] == ("said", (), (0,), ())


def test_a_source_inside_a_content_belongs_to_both() -> None:
    nested = statement(Span(18, 55), cue=Span(43, 46), source=Span(33, 42))
    marked = next(segment for segment in segments(TEXT, [nested]) if segment.sources)
    assert (marked.text, marked.contents) == ("officials", (0,))


@given(st.lists(st.tuples(SPANS, SPANS, SPANS), max_size=5))
def test_segments_always_join_to_the_text(spans: list[tuple[Span, Span, Span]]) -> None:
    statements = [statement(content, cue=cue, source=source) for content, cue, source in spans]
    assert "".join(segment.text for segment in segments(TEXT, statements)) == TEXT


@given(st.lists(SPANS, min_size=1, max_size=5))
def test_every_character_of_a_content_is_marked_as_such(spans: list[Span]) -> None:
    here, marked = 0, set()
    for segment in segments(TEXT, [statement(span) for span in spans]):
        marked |= {(here + i, n) for i in range(len(segment.text)) for n in segment.contents}
        here += len(segment.text)
    assert marked == {(i, n) for n, span in enumerate(spans) for i in range(span.start, span.end)}
