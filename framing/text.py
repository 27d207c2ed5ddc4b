"""Where paragraphs and sentences of a text begin and end: always half-open ranges into the unchanged text."""

from __future__ import annotations

import re

from framing.types import Span

_BLANK_LINE = re.compile(r"\r?\n[^\S\n]*(?:\r?\n[^\S\n]*)+|\f")
_LINE_END = re.compile(r"\r?\n")

_CLOSERS = "\"'”’»›)\\]"
_OPENERS = "\"'“‘«‹„‚(\\["
_SENTENCE_END = re.compile(rf"(?<![.!?…])([.!?…]++)[{_CLOSERS}]*+\s++(?=[{_OPENERS}]*[^\W_a-z])")
_LAST_WORD = re.compile(r"[^\s\"'“‘«‹„‚(\[]+$")

ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        """adm. al. approx. assn. atty. ave. bldg. blvd. brig. capt. cf. cmdr. co. col. corp. cpl. det. dr. e.g. est.
        etc. fig. fr. ft. gen. gov. hon. i.e. inc. insp. jr. lt. ltd. maj. messrs. mr. mrs. ms. mt. no. nos.
        op. p. pp. ph.d. pres. prof. pvt. rep. reps. rev. sec. sen. sens. sgt. sr. st. ste. supt. u.n. v.
        viz. vol. vs. jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. ala. ariz. ark. calif.
        colo. conn. del. fla. ga. ill. ind. kan. ky. md. mass. mich. minn. miss. mo. mont. neb. nev. okla.
        ore. pa. tenn. tex. va. vt. wash. wis. wyo.""",
    )
)
"""Words that end in a full stop without ending a sentence, in lower case."""

_MAY_END = frozenset(("co.", "corp.", "etc.", "inc.", "jr.", "ltd.", "sr."))
_OPENING_WORD = re.compile(r"(?:The|A|An|He|She|It|They|We|This|That|These|Those|But|And|In|On|At|If|When)\b(?!\.)")
_LONGEST_ABBREVIATION = 24
_INITIALS = re.compile(r"^(?:[^\W\d_]\.)+$")


def paragraphs(text: str) -> list[Span]:
    """Return the paragraphs without the white space around them: parted by blank lines, or by line ends if none is.

    A text of white space has none.
    """
    trimmed = text.rstrip()
    parted = _BLANK_LINE if _BLANK_LINE.search(trimmed, len(text) - len(text.lstrip())) else _LINE_END
    return [span for span in _between(text, parted) if span.start < span.end]


def sentences(text: str) -> list[Span]:
    """Return the sentences, without the white space around them; none crosses the end of a paragraph.

    A quotation of two sentences is two sentences; the marks that open or close it stay with the first and the last.
    """
    return [sentence for paragraph in paragraphs(text) for sentence in _sentences_of(text, paragraph)]


def trim(text: str, start: int, end: int) -> Span:
    """Return `[start, end)` without the white space at its ends; empty where there is nothing else."""
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), max(end - len(piece) + len(piece.rstrip()), start))


def _between(text: str, parted: re.Pattern[str]) -> list[Span]:
    edges = [0, *(edge for match in parted.finditer(text) for edge in match.span()), len(text)]
    return [trim(text, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _sentences_of(text: str, paragraph: Span) -> list[Span]:
    found = []
    start = paragraph.start
    for match in _SENTENCE_END.finditer(text, paragraph.start, paragraph.end):
        if not _is_abbreviation(text, start, match):
            found.append(trim(text, start, match.end()))
            start = match.end()
    return [*found, Span(start, paragraph.end)]


def _is_abbreviation(text: str, start: int, match: re.Match[str]) -> bool:
    if match[1] != "." or match.end() - match.end(1) > 1:
        return False
    word = _LAST_WORD.search(text, max(start, match.end(1) - _LONGEST_ABBREVIATION), match.end(1))
    if word is None:
        return False
    if _INITIALS.match(word[0]) or word[0].lower() in _MAY_END:
        return not _OPENING_WORD.match(text, match.end())
    return word[0].lower() in ABBREVIATIONS
