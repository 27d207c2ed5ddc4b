"""Propositions to take sides on: a target as anybody writes it, made into a sentence, and what denies it."""

from __future__ import annotations

import re
from typing import NamedTuple

from framing.stance.codebook import Codebook

MODALS = "should|must|shall|will|would|can|could|may|might|ought"
VERBS = f"{MODALS}|is|are|was|were|am|has|have|had|does|do|did"
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_NOT = re.compile(rf"\b({VERBS})( also)? not\b|\b({VERBS})n['’]t\b|\bcannot\b", re.IGNORECASE)
_MODAL = re.compile(rf"\b({MODALS})\b", re.IGNORECASE)
_VERB = re.compile(rf"\b({VERBS})\b", re.IGNORECASE)
_MOTION = re.compile(r"^this house believes (?:that )?", re.IGNORECASE)
_DENIED = re.compile(r"^it is not (?:true|the case) that ", re.IGNORECASE)
_CONTRACTED = {"ca": "can", "wo": "will", "sha": "shall"}


class Sides(NamedTuple):
    """A proposition and its negation, each a sentence."""

    proposition: str
    negation: str


def sides_of(target: str, codebook: Codebook) -> Sides:
    """Return the sides of a target: those of the codebook if it has that name, else what the words stand for."""
    if (known := codebook.targets.get(target)) is not None:
        return Sides(known.proposition, known.negation)
    return sides(target)


def sides(target: str) -> Sides:
    """Return the proposition that a target stands for, and its negation.

    A target with a finite auxiliary ("Fracking should be banned") or a full stop is a proposition already; of the
    motion of a debate what the house believes. Anything else is the name of a thing or a person and stands for that
    this "should be supported".
    """
    words = " ".join(target.split())
    words = _MOTION.sub("", words)
    is_one = _VERB.search(words) or words.endswith(".")
    proposition = (words if is_one else f"{words} should be supported").rstrip(".") + "."
    return Sides(proposition, negation(proposition))


def negation(proposition: str) -> str:
    """Return what denies a proposition: one "not" more behind its first modal or auxiliary verb, or one less."""
    if denied := _DENIED.match(proposition):
        rest = proposition[denied.end() :]
        return rest[:1].upper() + rest[1:]
    if found := _NOT.search(proposition):
        return proposition[: found.start()] + _positive(found) + proposition[found.end() :]
    if found := _MODAL.search(proposition) or _VERB.search(proposition):
        return f"{proposition[: found.end()]} not{proposition[found.end() :]}"
    return f"It is not true that {_lowered(proposition)}"


def _positive(found: re.Match[str]) -> str:
    if found.group().lower() == "cannot":
        return found.group()[:3]
    return found.group(1) or _CONTRACTED.get(found.group(3).lower(), found.group(3))


def _lowered(sentence: str) -> str:
    first = _WORD.match(sentence)
    proper = first is not None and (len(first.group()) > 1 and first.group()[1:] != first.group()[1:].lower())
    return sentence if proper else sentence[:1].lower() + sentence[1:]
