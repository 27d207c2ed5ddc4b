"""Tell a passage that cannot be about a target from one that may be, by the words of the codebook alone.

The heads of a classifier learn from passages that have to do with the target, so what they say of a football match is
worth nothing. The gate decides such statements before any head is asked: they are unrelated.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from framing.protocols import StanceQuery
from framing.stance.codebook import Codebook, Target, read_codebook
from framing.stance.masking import words_of
from framing.stance.phrases import PhraseTree
from framing.text import sentences
from framing.types import Label

OFF_TOPIC = 0.97
"""P(unrelated) where nothing around a statement brings up the target."""

SILENT = 0.6
"""P(unrelated) where the passage has no word of the target but its article is about it: the share of such training rows
that are unrelated, as who reads the whole article may know better."""

Found = dict[str, str]


class Mentions(NamedTuple):
    """Whether an article names the object of a target, and whether it is about the target."""

    named: bool
    about: bool


class Closed(NamedTuple):
    """A statement that the gate holds back: why, and how likely it is to be unrelated."""

    reason: str
    unrelated: float

    @property
    def probabilities(self) -> dict[Label, float]:
        """The probability of each label; the three other labels share what is left."""
        rest = (1 - self.unrelated) / 3
        return {label: self.unrelated if label is Label.UNRELATED else rest for label in Label}


class RelevanceGate:
    """Decide whether a passage may address a target of a codebook.

    The words of a target are telling in company only: its object ("NATO") with a subject, a relation or an opposite, or
    an alias that holds a name ("NATO's expansion"; "expansion" alone is a relation). A named subject with an opposite
    tells as well. A word inside a term for a related matter ("EU membership") does not count. A target all of whose
    subjects are names ("Ukraine") needs one of them. A target without an object is brought up by any alias or opposite.

    A passage that brings up the target so passes, in an article that names the object. Where a sentence of the article
    brings it up with a named subject or an alias, or two sentences in any way, the article is about the target, and
    one of the words is enough in the passage: "the door is open" counts then. Where the passage is all there is, a
    named subject with a relation ("Finland should join") is enough.
    """

    def __init__(self, codebook: Codebook, target: str) -> None:
        """Prepare the words of a target of the codebook."""
        terms = codebook.terms(target)
        subjects, aliases = _named(terms.subject), _named(terms.aliases)
        self._has_object = bool(terms.object)
        self._is_particular = bool(terms.subject) and subjects == terms.subject
        self._shown = _first(codebook.targets[target])
        self._rule = next((f"rule {rule.number}: " for rule in codebook.rules if rule.labels == (Label.UNRELATED,)), "")
        self._parts = PhraseTree(
            {
                "NAME": _phrases(_named(terms.object) or terms.object),
                "OBJECT": _phrases(terms.object),
                "SUBJECT": _phrases(subjects),
                "RELATION": _phrases(terms.relation | (terms.subject - subjects) | (terms.aliases - aliases)),
                "ALIAS": _phrases(aliases if self._has_object else terms.aliases),
                "OPPOSITE": _phrases(terms.opposites),
            }
        )
        self._related = PhraseTree({"RELATED": _phrases(terms.excludes)})
        self._read = functools.lru_cache(maxsize=256)(self._read_article)

    def __call__(self, query: StanceQuery, *, on_topic: bool = False) -> Closed | None:
        """Return why a query is unrelated to the target, or None where it may address it.

        `on_topic` says that the passage stands for one of an article about the target, as a training row does.
        """
        found = self._find(f"{query.text} . {query.context}")
        article = self._read(query.article) if query.article else Mentions(named=True, about=False)
        about = on_topic or article.about
        if not found:
            why = f"the passage names neither {self._shown} nor any other word of the target"
            return Closed(self._rule + why, SILENT if about else OFF_TOPIC)
        tells = self._brings_up(found) or (not query.article and {"SUBJECT", "RELATION"} <= found.keys())
        if about or (tells and article.named):
            return None
        why = f"the passage names only {_listed(found)}, too little to bring up the target"
        return Closed(self._rule + why + (" in an article on other matters" if query.article else ""), OFF_TOPIC)

    def _find(self, text: str) -> Found:
        words = list(words_of(text).lower)
        for start, end, _ in self._related.find(words):
            words[start:end] = [""] * (end - start)
        return {match.name: " ".join(words[match.start : match.end]) for match in reversed(self._parts.find(words))}

    def _brings_up(self, found: Found) -> bool:
        kinds = found.keys()
        if not self._has_object:
            return bool(kinds & {"ALIAS", "OPPOSITE"})
        if "ALIAS" in kinds or {"SUBJECT", "OPPOSITE"} <= kinds:
            return True
        partners = {"SUBJECT"} if self._is_particular else {"SUBJECT", "RELATION", "OPPOSITE"}
        return "OBJECT" in kinds and bool(kinds & partners)

    def _read_article(self, text: str) -> Mentions:
        found = [self._find(span.of(text)) for span in sentences(text)]
        named = not self._has_object or any(part.keys() & {"NAME", "ALIAS"} for part in found)
        telling = [part for part in found if self._brings_up(part)]
        sure = any(part.keys() & {"SUBJECT", "ALIAS"} for part in telling)
        return Mentions(named, named and (sure or len(telling) > 1 or (bool(telling) and not self._has_object)))


@functools.cache
def relevance_gate(codebook: str | Path, target: str) -> RelevanceGate:
    """Return the gate of a target, made once for each codebook and target."""
    return RelevanceGate(read_codebook(codebook), target)


def _named(terms: Iterable[str]) -> frozenset[str]:
    """Return the terms that hold a name: a word with a capital letter."""
    return frozenset(term for term in terms if term != term.lower())


def _phrases(terms: Iterable[str]) -> set[str]:
    return {" ".join(words_of(term).lower) for term in terms}


def _first(target: Target) -> str:
    return (target.object or target.aliases)[0]


def _listed(found: Found) -> str:
    return ", ".join(f'"{words}"' for words in sorted(set(found.values())))
