"""Which characters of a text belong to a statement already."""

from __future__ import annotations

from collections.abc import Sequence

from framing.types import Span


class Claims:
    """The characters of a text that are taken; asking and taking cost no more than the length of the spans."""

    def __init__(self, length: int) -> None:
        """Begin with a text of so many characters, none of them taken."""
        self._taken = bytearray(length)

    def share(self, spans: Sequence[Span]) -> float:
        """Return which share of the characters of some spans is taken."""
        taken = sum(self._taken.count(1, span.start, span.end) for span in spans)
        return taken / sum(span.end - span.start for span in spans)

    def free(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """Return the stretches of some spans that are not taken."""
        found: list[Span] = []
        for start, end in spans:
            at = start
            while at < end:
                taken = self._taken.find(1, at, end)
                stop = end if taken < 0 else taken
                if stop > at:
                    found.append(Span(at, stop))
                again = self._taken.find(0, stop, end)
                at = end if again < 0 else again
        return tuple(found)

    def take(self, spans: Sequence[Span]) -> None:
        """Take the characters of some spans."""
        for span in spans:
            self._taken[span.start : span.end] = b"\x01" * (span.end - span.start)
