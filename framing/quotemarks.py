"""Which parts of a text stand inside quote marks: straight, curly, single, guillemets and low-high marks.

Real texts forget to close a quotation, write apostrophes with the closing mark, nest quotations, and open each
paragraph of a long quotation again while closing only the last. A quotation therefore never crosses the end of its
paragraph: one that stays open ends there, and one that opens the next paragraph again is marked as continuing it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from framing.text import paragraphs
from framing.types import Span

_MARK = re.compile(r"(?<=\S)'(?=''(?!'))|''|``|,,|[\"“”„‟«»'‘’‚‛‹›]")
_CLOSERS = {
    "“": "”",
    "„": "“”‟",
    ",,": "“”''",
    "‟": "”",
    "«": "»",
    "»": "«",
    "‘": "’",
    "‚": "‘’",
    "‛": "’",
    "‹": "›",
    "›": "‹",
    "``": "''",
}
_SINGLE = frozenset("'‘’‚‛‹›")
_DOES_NOT_OPEN = frozenset("”’")


class Quotation(NamedTuple):
    """One stretch in quote marks, which `start` and `end` take in; `depth` is 0 where no other quotation holds it."""

    start: int
    end: int
    inner: Span
    depth: int
    closed: bool
    continues: bool


class _Open(NamedTuple):
    mark: str
    start: int
    end: int


def quotations(text: str, within: Sequence[Span] | None = None) -> list[Quotation]:
    """Return the quotations of a text by their start; `within` may hand in its paragraphs.

    An unclosed mark in the middle of a sentence reaches to the end of its paragraph, unless another opens before.
    """
    found: list[Quotation] = []
    carried = ""
    marks = list(_MARK.finditer(text))
    place = 0
    for paragraph in paragraphs(text) if within is None else within:
        first = place
        while place < len(marks) and marks[place].start() < paragraph.end:
            place += 1
        if first == place:
            carried = ""
            continue
        carried = _match(text, paragraph, marks[first:place], carried, found)
    return sorted(found)


def _match(text: str, paragraph: Span, marks: Sequence[re.Match[str]], carried: str, found: list[Quotation]) -> str:
    """Pair the marks of one paragraph; return the outermost mark that stays open at its end."""
    stack: list[_Open] = []
    singles_left = _closing_singles(text, paragraph, marks)

    def close(end: int, inner_end: int, *, closed: bool) -> None:
        opened = stack.pop()
        continues = opened.start == paragraph.start and opened.mark == carried
        inner = Span(opened.end, max(opened.end, inner_end))
        found.append(Quotation(opened.start, end, inner, len(stack), closed, continues))

    for place, match in enumerate(marks):
        mark, start, end = match[0], match.start(), match.end()
        before = text[start - 1] if start > paragraph.start else " "
        after = text[end] if end < paragraph.end else " "
        opens, closes = _can_open(mark, before, after), _can_close(mark, before, after)
        if mark in _SINGLE and closes and any(opened.mark in "'‘‚‛" for opened in stack):
            closes = not _is_possessive(text, paragraph, match, singles_left[place])
        level = next((n for n in range(len(stack) - 1, -1, -1) if _closes(stack[n].mark, mark)), None)
        if closes and level is not None and not (opens and (level != len(stack) - 1 or stack[level].mark == "“")):
            while len(stack) > level + 1:
                close(start, start, closed=False)
            close(end, start, closed=True)
        elif opens and (mark not in _SINGLE or singles_left[place] or (mark != "'" and start == paragraph.start)):
            same = next((n for n, opened in enumerate(stack) if opened.mark == mark), None)
            while same is not None and len(stack) > same:
                close(start, start, closed=False)
            if len(stack) < 3:
                stack.append(_Open(mark, start, end))
    still_open = stack[0].mark if stack else ""
    while stack:
        close(paragraph.end, paragraph.end, closed=False)
    return still_open


def _closing_singles(text: str, paragraph: Span, marks: Sequence[re.Match[str]]) -> list[int]:
    """Count for each mark the single closing marks behind it that can be no possessive."""
    counts = [0] * len(marks)
    seen = 0
    for place in range(len(marks) - 1, -1, -1):
        counts[place] = seen
        mark, start, end = marks[place][0], marks[place].start(), marks[place].end()
        if mark in "'’‘›" and start > paragraph.start:
            after = text[end] if end < paragraph.end else " "
            seen += not text[start - 1].isspace() and not after.isalnum()
    return counts


def _is_possessive(text: str, paragraph: Span, match: re.Match[str], closing_left: int) -> bool:
    """Tell "the allies’ resolve" inside a quotation from the mark that closes it."""
    start, end = match.span()
    if text[start - 1 : start] != "s" or end + 1 >= paragraph.end or not closing_left:
        return False
    return text[end] == " " and text[end + 1].islower()


def _can_open(mark: str, before: str, after: str) -> bool:
    if mark in _DOES_NOT_OPEN or after.isspace():
        return False
    if mark in "“‘„‚«‹" or mark in ("``", ",,"):
        return mark != ",," or after.isalnum()
    return not before.isalnum() and before not in ".,;!?%)"


def _can_close(mark: str, before: str, after: str) -> bool:
    if mark in "„‚" or mark in ("``", ",,"):
        return False
    if mark in "'’":
        return not before.isspace() and not after.isalnum()
    return mark not in ('"', "''") or not before.isspace() or not after.isalnum()


def _closes(opener: str, mark: str) -> bool:
    if opener in ('"', "'", "''"):
        return mark == opener or (opener == '"' and mark == "”")
    return mark in _CLOSERS.get(opener, "") or (opener == "“" and mark == '"')
