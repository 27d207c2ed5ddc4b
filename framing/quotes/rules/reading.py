"""One article cut into words, sentences, paragraphs and quotations, all as indices into one list of tokens."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from framing.quotemarks import quotations
from framing.text import paragraphs, sentences
from framing.types import Span

TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|(?:Mr|Mrs|Ms|Dr|Sen|Gov|Rep|Gen|St|Jr|Sr|Lt|Col|Sgt|Capt|Prof|Rev)\.(?=\s)"
    r"|[^\W\d](?:\w|['’-](?=\w))*|\d(?:\w|[.,'’-](?=\w))*|''|``|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The tokens of an article; the lists `words`, `lower`, `starts`, `ends`, `sentence` and `quoted` run in parallel.

    `bounds[s]` is the range of tokens of sentence `s`, `paragraph[s]` its paragraph; `quotes[q]` is the range of an
    outermost quotation with its marks, `continues[q]` tells whether it reopens one of the paragraph before, and
    `quoted[t]` is the quotation that holds token `t`, or -1.
    """

    text: str
    words: list[str]
    lower: list[str]
    starts: list[int]
    ends: list[int]
    sentence: list[int]
    quoted: list[int]
    bounds: list[tuple[int, int]]
    paragraph: list[int]
    paragraph_bounds: list[tuple[int, int]]
    quotes: list[tuple[int, int]]
    continues: list[bool]

    def span(self, start: int, end: int) -> Span:
        """Return the characters of a range of tokens that is not empty."""
        return Span(self.starts[start], self.ends[end - 1])


def read(text: str) -> Reading:
    """Cut a text into its tokens."""
    matches = list(TOKEN.finditer(text))
    words = [match[0] for match in matches]
    starts = [match.start() for match in matches]
    ends = [match.end() for match in matches]
    lower = [word.lower().replace("’", "'") if len(word) > 1 else word.lower() for word in words]
    parts = paragraphs(text)
    paragraph_bounds = [(bisect_left(starts, part.start), bisect_left(starts, part.end)) for part in parts]
    bounds: list[tuple[int, int]] = []
    paragraph: list[int] = []
    place = 0
    sentence = [0] * len(words)
    for number, span in enumerate(sentences(text)):
        while place < len(parts) - 1 and span.start >= parts[place].end:
            place += 1
        first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
        bounds.append((first, last))
        paragraph.append(place)
        sentence[first:last] = [number] * (last - first)
    quotes: list[tuple[int, int]] = []
    continues: list[bool] = []
    quoted = [-1] * len(words)
    for quotation in quotations(text, parts):
        if quotation.depth == 0:
            first, last = bisect_left(starts, quotation.start), bisect_left(starts, quotation.end)
            quoted[first:last] = [len(quotes)] * (last - first)
            quotes.append((first, last))
            continues.append(quotation.continues)
    return Reading(
        text, words, lower, starts, ends, sentence, quoted, bounds, paragraph, paragraph_bounds, quotes, continues
    )
