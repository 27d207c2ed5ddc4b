"""From a stance query to named features: what the coding rules look at, and masked word n-grams.

A feature's prefix says what it is:

    m: marker of the statement   m:! the same, negated   n: a marker near the words of the target
    p: two markers together      t: which words of the target stand where
    v: sides of the markers summed up   q: form of the statement
    w: one to three masked words of the statement (w:! in the scope of a negation)
    x: marker or word of the sentence around the statement, such as its cue
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

from framing.protocols import StanceQuery
from framing.stance.codebook import read_codebook
from framing.stance.lexicon import Lexicon, read_lexicon
from framing.stance.masking import SENTENCE_ENDS, TargetMask, Words, holder_words, words_of
from framing.stance.phrases import Match, PhraseTree

SCOPE = 7
"""Words after a negator that it can negate, if no punctuation or conjunction comes between."""

NEAR = 6
"""Words between a marker and a word of the target that still count as near."""

EDGE = 24
"""Characters at either end of a statement by which it is found in its context."""

_CLOSING = "\"'”’», "
_TERMS = ("RELATION", "ALIAS", "OPPOSITE", "EXCLUDE")
_PLACES = frozenset({"SUBJECT", "OBJECT", "OTHER"})
_MENTION = frozenset({"SUBJECT", "OBJECT", "RELATION", "ALIAS"})
_SCOPE_PUNCTUATION = frozenset(".!?;:,-")


class Reading(NamedTuple):
    """A masked passage with the markers and target words found in it, and for each word whether it is negated."""

    words: tuple[str, ...]
    markers: tuple[Match, ...]
    terms: tuple[Match, ...]
    negated: tuple[bool, ...]


class FeatureReader:
    """Read the features of queries about one target."""

    def __init__(self, codebook: str | Path, target: str, lexicon: Lexicon) -> None:
        """Prepare the phrases of a target of the codebook."""
        book = read_codebook(codebook)
        terms = book.terms(target)
        self._lexicon = lexicon
        self._mask = TargetMask(book, target, lexicon)
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
        self._markers = PhraseTree({name: marker.phrases for name, marker in lexicon.markers.items()})

    def __call__(self, query: StanceQuery) -> dict[str, str]:
        """Return the features of a query in a fixed order, each with the masked words that gave it."""
        holder = holder_words(query.speaker)
        reading = self.read(words_of(query.text), holder)
        before, after, far = _surroundings(query.text, query.context)
        beside = [self.read(words_of(part), holder) for part in (before, after) if part]
        around = [self.read(words_of(part), holder) for part in far if part]
        features = dict(self._marker_features(reading))
        features.update(dict.fromkeys(_target_features(reading, beside, around), ""))
        features.update(dict.fromkeys(_form_features(reading), ""))
        features.update(_ngrams(reading))
        for part in beside:
            features.update(self._beside_features(part))
        return features

    def read(self, words: Words, holder: frozenset[str]) -> Reading:
        """Mask a passage and find the markers, the target's words and the scope of negation in it."""
        masked = self._mask(words, holder)
        terms = tuple(_longest(self._terms.find(masked)))
        # Markers see a target's terms by their kind, so that a phrase can ask for RELATION or OPPOSITE.
        kinds = {match.start: match for match in terms if match.name in {"OPPOSITE", "EXCLUDE", "ALIAS"}}
        negated = _scope(masked, self._negators, self._scope_ends)
        found = self._markers.find(masked)
        found += [match for match in self._markers.find(_with_kinds(masked, kinds)) if match not in found]
        return Reading(masked, tuple(_uncovered(found)), terms, negated)

    def _marker_features(self, reading: Reading) -> Iterator[tuple[str, str]]:
        mentions = _mentions(reading)
        sides = [0, 0]
        names: dict[str, str] = {}
        for match in reading.markers:
            negated = reading.negated[match.start]
            name = f"!{match.name}" if negated else match.name
            words = ("not " if negated else "") + " ".join(reading.words[match.start : match.end])
            names.setdefault(name, words)
            side = self._lexicon.markers[match.name].side * (-1 if negated else 1)
            if side:
                sides[side > 0] += 1
            if any(match.start - NEAR <= at < match.end + NEAR for at in mentions):
                yield f"n:{name}", words
        for name, words in names.items():
            yield f"m:{name}", words
        for first, second in combinations(sorted(names), 2):
            yield f"p:{first}&{second}", f"{names[first]} / {names[second]}"
        against, towards = sides
        yield f"v:for={min(towards, 3)}", ""
        yield f"v:against={min(against, 3)}", ""
        yield f"v:lead={max(-2, min(2, towards - against))}", ""

    def _beside_features(self, reading: Reading) -> Iterator[tuple[str, str]]:
        for match in reading.markers:
            sign = "!" if reading.negated[match.start] else ""
            yield f"x:m:{sign}{match.name}", " ".join(reading.words[match.start : match.end])
        for word in reading.words:
            yield f"x:{word}", word
        for first, second in pairwise(reading.words):
            yield f"x:{first}_{second}", f"{first} {second}"


@functools.cache
def feature_reader(codebook: str | Path, target: str) -> FeatureReader:
    """Return the feature reader of a target with the shipped lexicon, made once for each codebook and target."""
    return FeatureReader(codebook, target, read_lexicon())


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


def _mentions(reading: Reading) -> list[int]:
    places = [at for at, word in enumerate(reading.words) if word in _PLACES]
    return places + [match.start for match in reading.terms if match.name in _MENTION]


def _present(reading: Reading) -> set[str]:
    return {word for word in reading.words if word in _PLACES} | {match.name for match in reading.terms}


def _target_features(reading: Reading, beside: Sequence[Reading], around: Sequence[Reading]) -> Iterator[str]:
    here = _present(reading)
    sentence = here.union(*map(_present, beside))
    passage = sentence.union(*map(_present, around))
    for name, found in (("text", here), ("sentence", sentence), ("passage", passage)):
        for kind in sorted(found):
            yield f"t:{name}:{kind}"
        for first, second in combinations(sorted(found), 2):
            yield f"t:{name}:{first}&{second}"
        yield f"t:{name}={_level(found)}"
        if "EXCLUDE" in found and _level(found) != "named":
            yield f"t:{name}:only-related"
        if "OTHER" in found and "SUBJECT" not in found:
            yield f"t:{name}:only-other"
    yield f"t:levels={_level(here)}>{_level(sentence)}>{_level(passage)}"


def _level(found: set[str]) -> str:
    """Say how surely a passage is about the target: it is named, or a part of it is, or none."""
    if "ALIAS" in found or {"SUBJECT", "RELATION"} <= found or {"SUBJECT", "OBJECT"} <= found:
        return "named"
    if {"RELATION", "OBJECT"} <= found:
        return "unnamed-subject"
    return next((kind.lower() for kind in ("SUBJECT", "RELATION", "OBJECT", "OPPOSITE") if kind in found), "none")


def _form_features(reading: Reading) -> Iterator[str]:
    if "?" in reading.words:
        yield "q:question"
        if reading.words[-1] not in {"?", '"'}:
            yield "q:question-inside"
    yield f"q:length={min(len(reading.words) // 6, 6)}"
    yield f"q:negations={min(sum(a != b for a, b in pairwise(reading.negated)), 3)}"


def _ngrams(reading: Reading) -> Iterator[tuple[str, str]]:
    for word, negated in zip(reading.words, reading.negated, strict=True):
        if negated:
            yield f"w:!{word}", f"not {word}"
    words = [word for word in reading.words if word not in {",", '"'}]
    for n in (1, 2, 3):
        for at in range(len(words) - n + 1):
            part = words[at : at + n]
            yield "w:" + "_".join(part), " ".join(part)


def _surroundings(text: str, context: str) -> tuple[str, str, tuple[str, ...]]:
    """Cut a context into the rest of the statement's sentence, before and after it, and the sentences further off.

    The statement is found by its first and last characters, since what it leaves out in the middle (a cue between two
    parts of a quotation) stands in the context. A context without it counts as further off.
    """
    if text == context:
        return "", "", ()
    at, end = context.find(text[:EDGE]), context.rfind(text[-EDGE:]) + len(text[-EDGE:])
    if at < 0 or end < at + min(len(text), EDGE):
        return "", "", (context,)
    before, after = context[:at], context[end:]
    opening = max(before.rfind(mark) for mark in SENTENCE_ENDS) + 1
    closed = text.rstrip(_CLOSING).endswith(tuple(SENTENCE_ENDS)) and not after.lstrip(_CLOSING)[:1].islower()
    stops = [found for mark in SENTENCE_ENDS if (found := after.find(mark)) >= 0]
    closing = 0 if closed else min(stops, default=len(after)) + 1
    return before[opening:], after[:closing], (before[:opening], after[closing:])
