"""A text as the tokens that scores compare: which a span covers, which of them matter, how they are quoted."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from framing.quotes.rules.closed_classes import words
from framing.types import QuoteType, Span

Tokens = frozenset[int]
"""Tokens by their position in the text."""

DOUBLE_MARKS = frozenset('"“”„«»')
MARKS = DOUBLE_MARKS | frozenset("'`‘’‹›")
AT_EDGES = MARKS | frozenset(".,;:!?…-–—()[]")
"""Tokens that count for nothing where a span begins or ends."""

FUNCTION_WORDS = words(
    """a an and at by for from her his in its my of on or our that the their these this those to which who with your
    , . ' \""""
)

SAYING = words(
    """according acknowledged acknowledges denied denies quipped replied said say saying says speak speaks spoke swore
    tell telling tells testified testifies told write writes written wrote"""
)
_REGULAR = words(
    """add admit affirm allege announce answer argue ask assert boast call charge claim comment complain concede
    conclude confirm contend counter declare describe disclose exclaim explain inform insist joke lament mention note
    observe pledge predict promise quote recall remark repeat report respond reveal state stress suggest tweet urge vow
    warn"""
)

_NOWHERE = MARKS | {","}
"""Tokens that count for nothing anywhere in a content."""

_TOKEN = re.compile(r"\w+(?:['’]\w+)*|\S")
_OPENING = frozenset("“„«")
_CLOSING = frozenset("”»")


def _forms(verb: str) -> Iterable[str]:
    """Return the forms of a verb that doubles no consonant: "admited" does no harm, and "admitted" is wanted."""
    stem = verb.removesuffix("e")
    return (verb, f"{verb}s", f"{stem}ed", f"{stem}ing")


SPEECH_WORDS = SAYING | {"admitted"} | {form for verb in _REGULAR for form in _forms(verb)}
"""Words of a cue that make an attribution one of speech: a coarse list, so that figures compare across corpora."""


class TokenText:
    """The tokens of one text."""

    def __init__(self, text: str) -> None:
        found = list(_TOKEN.finditer(text))
        self.words = [match[0] for match in found]
        self._starts = [match.start() for match in found]
        self._ends = [match.end() for match in found]

    def cover(self, spans: Iterable[Span]) -> Tokens:
        """Return every token that one of the spans touches."""
        ranges = (range(bisect_right(self._ends, s.start), bisect_left(self._starts, s.end)) for s in spans)
        return frozenset(token for covered in ranges for token in covered)

    def core(self, tokens: Tokens) -> Tokens:
        """Return tokens without punctuation and marks at their ends, and without marks and commas anywhere."""
        telling = [token for token in tokens if self.words[token] not in AT_EDGES]
        if not telling:
            return frozenset()
        first, last = min(telling), max(telling)
        return frozenset(t for t in tokens if first <= t <= last and self.words[t] not in _NOWHERE)

    def telling(self, tokens: Tokens) -> Tokens:
        """Return tokens without function words, or all of them where there is nothing else."""
        return frozenset(t for t in tokens if self.words[t].lower() not in FUNCTION_WORDS) or tokens

    def is_speech(self, cue: Tokens) -> bool:
        """Tell whether a word of the cue is "according" or a verb of saying."""
        return any(self.words[token].lower() in SPEECH_WORDS for token in cue)

    def quote_type(self, content: Tokens) -> QuoteType:
        """Return how a content that is not empty is quoted, by its double marks.

        Direct: it begins with a mark, and at most a tenth as many words stand outside marks as inside; or it has no
        mark, but one that is no closing mark stands just before it. Mixed: a mark stands somewhere in it.
        """
        order = sorted(content)
        words = [self.words[token] for token in order]
        if DOUBLE_MARKS.isdisjoint(words):
            before = self.words[order[0] - 1] if order[0] else ""
            return QuoteType.DIRECT if before in DOUBLE_MARKS - _CLOSING else QuoteType.INDIRECT
        inside, outside = self._quoted(words)
        return QuoteType.DIRECT if words[0] in DOUBLE_MARKS and 10 * outside <= max(1, inside) else QuoteType.MIXED

    def _quoted(self, words: list[str]) -> tuple[int, int]:
        """Count the words inside and outside double marks."""
        counts = [0, 0]
        is_open = False
        for word in words:
            if word == '"':
                is_open = not is_open
            elif word in DOUBLE_MARKS:
                is_open = word in _OPENING
            elif any(character.isalnum() for character in word):
                counts[not is_open] += 1
        return counts[0], counts[1]
