"""Replace names by what they are to a target, so that a classifier cannot learn who says what.

The words of the target become SUBJECT and OBJECT, the subject of another target OTHER, other states COUNTRY, the
holder HOLDER and every other capitalised name NAME. Everything else is lower-cased. So one classifier serves all
targets, and a text reads the same whoever is named in it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from framing.stance.codebook import Codebook, TargetTerms
from framing.stance.lexicon import Lexicon
from framing.stance.phrases import PhraseTree

LONGEST = 400
"""Words of a text that are read; what follows is left out, so a statement of any length has a result."""

SENTENCE_ENDS = frozenset(".!?")
_CONTRACTED = {
    "n't": "not",
    "ca": "can",
    "wo": "will",
    "sha": "shall",
    "cannot": "can not",
    "'re": "are",
    "'ll": "will",
}
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "„": '"', "–": "-", "—": "-"})
_WORD = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Gen|Sen|St|Lt|Col)\.|(?:[A-Za-z]\.){2,}|[^\W\d_]+(?=n't\b)|n't\b|'[a-z]{1,2}\b"
    r"|[^\W\d_]+(?:-[^\W\d_]+)*|\d+(?:[.,]\d+)*|[.!?;,:()%$\"-]"
)
_TITLES = frozenset({"mr.", "mrs.", "ms.", "dr.", "gen.", "sen.", "st.", "lt.", "col."})


class Words(NamedTuple):
    """The words of a text: as written with straight quote marks, and in lower case with contractions written out."""

    written: tuple[str, ...]
    lower: tuple[str, ...]


@functools.lru_cache(maxsize=65536)
def words_of(text: str) -> Words:
    """Split a text into at most `LONGEST` words and punctuation marks."""
    written: list[str] = []
    lower: list[str] = []
    for found in _WORD.finditer(text.translate(_QUOTES)):
        word = found[0]
        folded = word.lower()
        for part in _CONTRACTED.get(folded, folded).split():
            written.append(word)
            lower.append("NUM" if part[0].isdigit() else part)
        if len(lower) >= LONGEST:
            break
    return Words(tuple(written), tuple(lower))


class TargetMask:
    """Mask texts for one target of a codebook."""

    def __init__(self, codebook: Codebook, target: str, lexicon: Lexicon) -> None:
        """Prepare the words of the target; the order of the parts below decides which of them claims a term."""
        terms = codebook.terms(target)
        needed = _phrases(terms.subject | terms.object)
        self._places = PhraseTree(
            {
                "SUBJECT": _phrases(terms.subject),
                "OBJECT": _phrases(terms.object),
                "OTHER": _phrases(codebook.others(target)),
                "COUNTRY": _phrases(frozenset(lexicon.countries)) - needed,
            }
        )
        self._order = {name: rank for rank, name in enumerate(("SUBJECT", "OBJECT", "OTHER", "COUNTRY"))}
        self._plain = frozenset(lexicon.plain) | _words(terms)

    def __call__(self, words: Words, holder: frozenset[str]) -> tuple[str, ...]:
        """Return the masked words; `holder` holds the lower-case words of the holder's name."""
        claimed = self._claim(words.lower)
        masked: list[str] = []
        naming = _is_mixed_case(words.written)
        first = True
        at = 0
        while at < len(words.lower):
            if at in claimed:
                end, mask = claimed[at]
            elif naming and self._is_name(words, at, first=first, claimed=claimed):
                end, mask = at + 1, "HOLDER" if words.lower[at] in holder else "NAME"
            else:
                end, mask = at + 1, words.lower[at]
            if mask == "COUNTRY" and any(word in holder for word in words.lower[at:end]):
                mask = "HOLDER"
            # A name of several words is one holder or one name.
            if not (mask in {"NAME", "HOLDER"} and masked and masked[-1] == mask):
                masked.append(mask)
            first = words.lower[end - 1] in SENTENCE_ENDS or (first and words.lower[end - 1] == '"')
            at = end
        return tuple(masked)

    def _claim(self, lower: tuple[str, ...]) -> dict[int, tuple[int, str]]:
        claimed: dict[int, tuple[int, str]] = {}
        best = sorted(self._places.find(lower), key=lambda m: (m.start, -m.end, self._order[m.name]))
        covered = 0
        for match in best:
            if match.start >= covered:
                claimed[match.start] = (match.end, match.name)
                covered = match.end
        return claimed

    def _is_name(self, words: Words, at: int, *, first: bool, claimed: dict[int, tuple[int, str]]) -> bool:
        written = words.written[at]
        if words.lower[at] in _TITLES:
            return True
        if not written[0].isupper() or words.lower[at] in self._plain or words.lower[at] == "NUM":
            return False
        # The first word of a sentence is capitalised anyway: it is a name where another one follows.
        after = at + 1
        return not first or (
            after < len(words.lower)
            and after not in claimed
            and words.written[after][0].isupper()
            and words.lower[after] not in self._plain
        )


def holder_words(speaker: str | None, mask_words: Sequence[str] = ()) -> frozenset[str]:
    """Return the lower-case capitalised words of a holder's name, and those in `mask_words`."""
    if not speaker:
        return frozenset(mask_words)
    words = words_of(speaker)
    capitalised = [low for raw, low in zip(words.written, words.lower, strict=True) if raw[0].isupper()]
    return frozenset(capitalised) | frozenset(mask_words)


def _is_mixed_case(written: tuple[str, ...]) -> bool:
    """Tell running text from a headline in title case, where capitals do not mark names."""
    letters = [word for word in written if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in letters)
    return capitals <= max(4, 0.6 * len(letters))


def _phrases(terms: frozenset[str]) -> set[str]:
    """Write terms as phrases of the word splitter, so that "NATO's" and a hyphen match as they do in a text."""
    return {" ".join(words_of(term).lower) for term in terms}


def _words(terms: TargetTerms) -> frozenset[str]:
    listed = terms.relation | terms.aliases | terms.opposites | terms.excludes
    return frozenset(word for term in listed for word in words_of(term).lower)
