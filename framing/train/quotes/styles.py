"""Write the quote marks of a text in another style, so that an extractor does not learn one publisher's typography."""

from __future__ import annotations

import numpy as np

from framing.quotemarks import quotations

STYLES = ("“”", '""', "«»", "„“", "‘’", "»«")
DROPPED = 0.15
"""Share of restyled texts that lose some of their closing marks."""

DROPPED_MARKS = 0.3
"""Share of the closing marks that such a text loses."""


def restyled(text: str, random: np.random.Generator) -> str:
    """Return the text with other quote marks, every character at its old place; a dropped mark leaves a blank."""
    style = STYLES[int(random.integers(len(STYLES)))]
    dropping = random.random() < DROPPED
    written = list(text)
    for quotation in quotations(text):
        inner = quotation.inner
        if quotation.depth or inner.start - quotation.start != 1 or quotation.end - inner.end > 1:
            continue
        written[quotation.start] = style[0]
        if quotation.closed:
            written[inner.end] = " " if dropping and random.random() < DROPPED_MARKS else style[1]
    return "".join(written)
