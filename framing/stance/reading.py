"""Read a passage: mask it, and find the target's words, the markers, and what negates or turns a meaning round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from framing.stance.codebook import Codebook
from framing.stance.lexicon import Lexicon
from framing.stance.masking import TargetMask, Words, words_of
from framing.stance.phrases import Match, PhraseTree

SCOPE = 7
"""Words after a negator that it can negate, if no punctuation or conjunction comes between."""

_TERMS = ("RELATION", "ALIAS", "OPPOSITE", "EXCLUDE")
_PLACES = frozenset({"SUBJECT", "OBJECT", "OTHER"})
_MENTION = frozenset({"SUBJECT", "OBJECT", "RELATION", "ALIAS"})
_SCOPE_PUNCTUATION = frozenset(".!?;:,-")
_CLAUSE_ENDS = frozenset(".!?;:,").union(
    ("and", "or", "then", "but", "because", "although", "though", "while", "whereas", "however", "if", "so")
)


class Reading(NamedTuple):
    """A masked passage with the markers and target words found in it, and for each word whether it is negated.

    `reversers` are the words that turn a meaning round, `clauses` the number of the clause that each word stands in.
    """

    words: tuple[str, ...]
    markers: tuple[Match, ...]
    terms: tuple[Match, ...]
    negated: tuple[bool, ...]
    reversers: tuple[Match, ...]
    clauses: tuple[int, ...]

    def mentions(self) -> list[int]:
        """Return the places of the words that bring up a target, this one or another."""
        places = [at for at, word in enumerate(self.words) if word in _PLACES]
        return places + [match.start for match in self.terms if match.name in _MENTION]

    def present(self) -> set[str]:
        """Return the kinds of target words in the passage."""
        return {word for word in self.words if word in _PLACES} | {match.name for match in self.terms}

    def turns(self, marker: Match) -> int:
        """Count the reversers in a marker's clause that are no part of it."""
        clause = self.clauses[marker.start]
        return sum(
            self.clauses[other.start] == clause and not (marker.start < other.end and other.start < marker.end)
            for other in self.reversers
        )


class PassageReader:
    """Read passages with the words of one target in view."""

    def __init__(self, codebook: Codebook, target: str, lexicon: Lexicon) -> None:
        """Prepare the phrases of a target of the codebook."""
        terms = codebook.terms(target)
        self._mask = TargetMask(codebook, target, lexicon)
        self._negators = frozenset(lexicon.negators)
        self._scope_ends = frozenset(lexicon.scope_ends) | _SCOPE_PUNCTUATION
        self._terms = PhraseTree(
            {
                name: _masked_terms(self._mask, listed)
                for name, listed in zip(
                    _TERMS, (terms.relation, terms.aliases, terms.opposites, terms.excludes), strict=True
                )
            }
        )
        self._reversers = PhraseTree({"REVERSER": lexicon.reversers})
        self._markers = PhraseTree({name: marker.phrases for name, marker in lexicon.markers.items()})

    def __call__(self, words: Words, holder: frozenset[str]) -> Reading:
        """Read the words of a passage; `holder` holds the lower-case words of the holder's name."""
        masked = self._mask(words, holder)
        terms = tuple(_longest(self._terms.find(masked)))
        # Markers see a target's terms by their kind, so that a phrase can ask for RELATION or OPPOSITE.
        kinds = {match.start: match for match in terms if match.name in {"OPPOSITE", "EXCLUDE", "ALIAS"}}
        negated = _scope(masked, self._negators, self._scope_ends)
        shown = _with_kinds(masked, kinds)
        found = self._markers.find(masked)
        if kinds:
            found += [match for match in self._markers.find(shown) if match not in found]
        reversers = tuple(_disjoint(self._reversers.find(shown)))
        return Reading(masked, tuple(_uncovered(found)), terms, negated, reversers, _clauses(masked))


def _masked_terms(mask: TargetMask, terms: Iterable[str]) -> list[str]:
    return sorted({" ".join(mask(words_of(term), frozenset())) for term in terms})


def _longest(found: list[Match]) -> Iterator[Match]:
    covered = 0
    for match in sorted(found, key=lambda m: (m.start, -m.end, _TERMS.index(m.name))):
        if match.start >= covered:
            yield match
            covered = match.end


def _uncovered(found: list[Match]) -> Iterator[Match]:
    """Drop markers inside a longer one: "not against" is one marker, not the negation of "against"."""
    for match in found:
        longer = (
            other
            for other in found
            if other.start <= match.start
            and match.end <= other.end
            and other.end - other.start > match.end - match.start
        )
        if next(longer, None) is None:
            yield match


def _with_kinds(words: tuple[str, ...], kinds: dict[int, Match]) -> list[str]:
    """Stand one word for each term of the target; the words it covered become blank, so that positions stay."""
    shown = list(words)
    for match in kinds.values():
        shown[match.start : match.end] = [match.name] + [""] * (match.end - match.start - 1)
    return shown


def _scope(words: Sequence[str], negators: frozenset[str], ends: frozenset[str]) -> tuple[bool, ...]:
    """Mark the words that a negator before them negates; two negators cancel out."""
    marked = []
    left, odd = 0, False
    for word in words:
        if word in ends:
            left, odd = 0, False
        marked.append(left > 0 and odd)
        left -= 1
        if word in negators:
            odd = not odd if left > 0 else True
            left = SCOPE
    return tuple(marked)


def _clauses(words: Sequence[str]) -> tuple[int, ...]:
    numbers: list[int] = []
    clause = 0
    for word in words:
        clause += word in _CLAUSE_ENDS
        numbers.append(clause)
    return tuple(numbers)


def _disjoint(found: list[Match]) -> Iterator[Match]:
    covered = 0
    for match in sorted(found, key=lambda m: (m.start, -m.end)):
        if match.start >= covered:
            yield match
            covered = match.end
