"""Offsets of other tools, in whatever unit they count, as code points of the text that was coded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from framing.types import Span


class OffsetError(Exception):
    """An offset does not fit the text it is said to be in."""


def code_points(text: str, value: Mapping[str, Any]) -> Span:
    """Return the span of a marked passage; `value` has its start and end, and where the tool says so its text.

    Tools that run in a browser count UTF-16 code units, of which an emoji has two. The passage's text decides: offsets
    are code points if it stands there, and else UTF-16 units; without it they are taken as code points.

    Raises:
        OffsetError: the offsets are not whole numbers within the text, or neither reading gives the passage's text.
    """
    start, end, passage = value.get("start"), value.get("end"), value.get("text")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        raise OffsetError(f"a passage goes from {start!r} to {end!r}, expected whole numbers with start before end")
    readings = [Span(start, end)]
    units = text.encode("utf-16-le", "surrogatepass")
    if passage is not None and end <= len(units) // 2:
        readings.append(Span(*(len(units[: 2 * edge].decode("utf-16-le", "ignore")) for edge in (start, end))))
    for span in readings:
        if span.end <= len(text) and (passage is None or span.of(text) == passage):
            return span
    if passage is None:
        raise OffsetError(f"a passage ends at {end}, but the text has {len(text)} characters; was the text changed?")
    raise OffsetError(
        f"a passage from {start} to {end} is said to be {passage!r}, but the text has {text[start:end]!r} there; "
        "was the text changed after coding?"
    )
