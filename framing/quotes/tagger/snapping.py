"""Move the ends of a tagged content to where a reader would put them: to quote marks, off blanks and stray commas."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from framing.quotemarks import Quotation
from framing.types import QuoteType, Span

REACH = 3
"""Characters between the end of a content and a quote mark over which it snaps to the mark."""

HELD = 0.6
"""Share of a quotation that a content must hold to be given the rest of it."""

_STRAY = " \t\r\n,;:.–—-"


class Quoted:
    """The outermost quotations of a text, to look up by place."""

    def __init__(self, text: str, quotations: Sequence[Quotation]) -> None:
        """Take a text and its quotations, sorted by start."""
        self.text = text
        self.outer = [each for each in quotations if each.depth == 0]
        self._ends = [each.end for each in self.outer]

    def touching(self, span: Span) -> list[Quotation]:
        """Return the quotations that share a character with a span."""
        found = []
        at = bisect_left(self._ends, span.start + 1)
        while at < len(self.outer) and self.outer[at].start < span.end:
            found.append(self.outer[at])
            at += 1
        return found

    def snap(self, content: Sequence[Span]) -> tuple[Span, ...]:
        """Return the content with its ends moved; parts that touch or part only by marks and blanks become one."""
        snapped: list[Span] = []
        for span in sorted(filter(None, map(self._snap, content))):
            if snapped and not any(map(str.isalnum, self.text[snapped[-1].end : span.start])):
                before = snapped.pop()
                span = Span(before.start, max(before.end, span.end))
            snapped.append(span)
        return tuple(snapped)

    def carried_on(self, content: Sequence[Span]) -> tuple[Span, ...]:
        """Return the quotations that carry on a content: it ends in one left open, and paragraphs open it again."""
        found: list[Span] = []
        at = bisect_left(self._ends, content[-1].end)
        if at == len(self.outer) or self._ends[at] != content[-1].end or self.outer[at].closed:
            return ()
        while at + 1 < len(self.outer) and self.outer[at + 1].continues:
            at += 1
            found.append(Span(self.outer[at].start, self.outer[at].end))
            if self.outer[at].closed:
                break
        return tuple(found)

    def trim(self, span: Span) -> Span | None:
        """Return a span in whole words, without blanks and stray marks at its ends but for a full stop."""
        start, end = self._whole_words(span)
        while end > start and self.text[end - 1] in _STRAY.replace(".", ""):
            end -= 1
        while start < end and self.text[start] in _STRAY:
            start += 1
        return Span(start, end) if start < end else None

    def quote_type(self, content: Sequence[Span]) -> QuoteType:
        """Say how a content is rendered: all of its letters inside quote marks, some, or none."""
        inside = letters = 0
        for span in content:
            count = _letters(self.text, span)
            letters += count
            for each in self.touching(span):
                inside += _letters(self.text, Span(max(each.start, span.start), min(each.end, span.end)))
        if not inside:
            return QuoteType.INDIRECT
        return QuoteType.DIRECT if inside >= 0.9 * letters else QuoteType.MIXED

    def _whole_words(self, span: Span) -> Span:
        """Return the span with the rest of the words that it begins or ends in."""
        start, end = span
        while 0 < start < len(self.text) and self.text[start].isalnum() and self.text[start - 1].isalnum():
            start -= 1
        while 0 < end < len(self.text) and self.text[end - 1].isalnum() and self.text[end].isalnum():
            end += 1
        return Span(start, end)

    def _snap(self, span: Span) -> Span | None:
        start, end = self._whole_words(span)
        for each in self.touching(Span(start - REACH, end + REACH)):
            held = min(end, each.inner.end) - max(start, each.inner.start)
            most = held >= HELD * (each.inner.end - each.inner.start)
            if each.start < start and (most or start - each.inner.start <= 0 <= held):
                start = each.start
            if each.closed and end < each.end and (most or each.inner.end - end <= REACH) and held > 0:
                end = each.end
        return self._trimmed(start, end)

    def _trimmed(self, start: int, end: int) -> Span | None:
        marks = {each.end for each in self.touching(Span(start, end)) if each.closed}
        while end > start and end not in marks and self.text[end - 1] in _STRAY:
            end -= 1
        while start < end and self.text[start] in _STRAY:
            start += 1
        return Span(start, end) if start < end else None


def _letters(text: str, span: Span) -> int:
    return sum(map(str.isalnum, text[span.start : span.end]))
