"""From a stance query to named features: what the coding rules look at, and masked word n-grams.

A feature's prefix says what it is:

    m: marker of the statement   m:! the same, negated   n: a marker near the words of the target
    p: two markers together      t: which words of the target stand where
    g: the passage never names the subject of a sub-target, so that at most a parent of it comes up
    v: sides of the markers summed up   q: form of the statement
    s: whether the words that turn a meaning round cancel out (even) or not (odd), in the text and in parts of it
    w: one to three masked words of the statement (w:! in the scope of a negation)
    x: marker or word of the sentence around the statement, such as its cue
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import Path

from framing.protocols import StanceQuery
from framing.stance.codebook import read_codebook
from framing.stance.lexicon import Lexicon, read_lexicon
from framing.stance.masking import SENTENCE_ENDS, Words, holder_words, words_of
from framing.stance.reading import PassageReader, Reading

NEAR = 6
"""Words between a marker and a word of the target that still count as near."""

EDGE = 24
"""Characters at either end of a statement by which it is found in its context."""

_CLOSING = "\"'”’», "
_NAMES = frozenset({"SUBJECT", "ALIAS"})


class FeatureReader:
    """Read the features of queries about one target."""

    def __init__(self, codebook: str | Path, target: str, lexicon: Lexicon) -> None:
        """Prepare the phrases of a target of the codebook."""
        book = read_codebook(codebook)
        self._lexicon = lexicon
        self._read = PassageReader(book, target, lexicon)
        self._is_sub_target = any(target in book.family(other) for other in book.targets if other != target)

    def __call__(self, query: StanceQuery) -> dict[str, str]:
        """Return the features of a query in a fixed order, each with the masked words that gave it."""
        holder = holder_words(query.speaker)
        reading = self._read(_without_that(words_of(query.text)), holder)
        before, after, far = _surroundings(query.text, query.context)
        beside = [self._read(words_of(part), holder) for part in (before, after) if part]
        around = [self._read(words_of(part), holder) for part in far if part]
        features = dict(self._marker_features(reading))
        features.update(dict.fromkeys(_target_features(reading, beside, around), ""))
        if self._is_sub_target and not any(part.present() & _NAMES for part in (reading, *beside, *around)):
            features["g:unnamed"] = ""
        features.update(dict.fromkeys(_sign_features(reading, beside), ""))
        features.update(dict.fromkeys(_form_features(reading), ""))
        features.update(_ngrams(reading))
        for part in beside:
            features.update(self._beside_features(part))
        return features

    def _marker_features(self, reading: Reading) -> Iterator[tuple[str, str]]:
        mentions = reading.mentions()
        sides = [0, 0]
        names: dict[str, str] = {}
        composed = 0
        for match in reading.markers:
            negated = reading.negated[match.start]
            name = f"!{match.name}" if negated else match.name
            words = ("not " if negated else "") + " ".join(reading.words[match.start : match.end])
            names.setdefault(name, words)
            marker_side = self._lexicon.markers[match.name].side
            side = marker_side * (-1 if negated else 1)
            if side:
                sides[side > 0] += 1
            if any(match.start - NEAR <= at < match.end + NEAR for at in mentions):
                yield f"n:{name}", words
            composed += marker_side * (-1) ** reading.turns(match)
        for name, words in names.items():
            yield f"m:{name}", words
        for first, second in combinations(sorted(names), 2):
            yield f"p:{first}&{second}", f"{names[first]} / {names[second]}"
        against, towards = sides
        yield f"v:for={min(towards, 3)}", ""
        yield f"v:against={min(against, 3)}", ""
        yield f"v:lead={max(-2, min(2, towards - against))}", ""
        yield f"v:composed={max(-2, min(2, composed))}", ""

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


def _sign_features(reading: Reading, beside: Sequence[Reading]) -> Iterator[str]:
    turns = len(reading.reversers)
    question = "?" if "?" in reading.words else ""
    yield f"s:turns={min(turns, 4)}"
    mentions = reading.mentions()
    near = {reading.clauses[at] for at in mentions}
    where = [reading.clauses[match.start] for match in reading.reversers]
    if near:
        yield f"s:clause{question}={_parity(sum(clause in near for clause in where))}"
        yield f"s:before={_parity(sum(match.start < min(mentions) for match in reading.reversers))}"
    by_clause = Counter(where).values()
    yield f"s:odd={min(sum(n % 2 for n in by_clause), 2)}"
    yield f"s:lead={max(-2, min(2, sum(1 - 2 * (n % 2) for n in by_clause)))}"
    if reading.clauses:
        yield f"s:first={_parity(where.count(0))}"
        yield f"s:last={_parity(where.count(reading.clauses[-1]))}"
    outside = sum(len(part.reversers) for part in beside)
    yield f"s:beside={_parity(outside)}"
    yield f"s:sentence={_parity(turns + outside)}"


def _parity(turns: int) -> str:
    return "none" if not turns else "odd" if turns % 2 else "even"


def _without_that(words: Words) -> Words:
    """Drop an opening "that": some extractors keep it in the content, and it says nothing about a position."""
    if words.lower[:1] == ("that",) and len(words.lower) > 1:
        return Words(words.written[1:], words.lower[1:])
    return words


def _target_features(reading: Reading, beside: Sequence[Reading], around: Sequence[Reading]) -> Iterator[str]:
    here = reading.present()
    sentence = here.union(*(part.present() for part in beside))
    passage = sentence.union(*(part.present() for part in around))
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
