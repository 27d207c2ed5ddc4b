"""Propositions to take sides on: a target as anybody writes it, made into a sentence, and what denies it."""

from __future__ import annotations

import re
from typing import NamedTuple

from framing.stance.codebook import Codebook

MODALS = "should|must|shall|will|would|can|could|may|might|ought"
VERBS = f"{MODALS}|is|are|was|were|am|has|have|had|does|do|did"
_VERB = re.compile(rf"\b(?:{VERBS}|cannot|(?:ca|wo|sha|{VERBS})n['’]t)\b")
"""In lower case only, since Theresa May and Will Smith are persons."""
_AUXILIARY = re.compile(rf"\b(?P<short>ca|wo|sha|{VERBS})n['’]t\b|\bcannot\b|\b(?P<verb>{VERBS})\b(?P<denied> not\b)?")
_RELATIVE = re.compile(r"\b(?:who|whom|whose|which|that|where|when|if|what|because)\b", re.IGNORECASE)
_MOTION = re.compile(r"^this house believes (?:that )?", re.IGNORECASE)
_DENIED = re.compile(r"^it is not (?:true|the case) that ", re.IGNORECASE)
_HAVE, _DO = {"have", "has", "had"}, {"do", "does", "did"}
_PERFECT = re.compile(
    r" (?:\w+ly )?(?:\w+(?:ed|en|wn|ought|aught)|been|had|made|done|gone|become|come|put|kept|led|lost|won)\b"
)
_NEGATIVE = re.compile(r" (?:no|nothing|never|neither|nor|none|nobody|hardly|scarcely)\b")
_CONTRACTED = {"ca": "can", "wo": "will", "sha": "shall"}
_WORD = re.compile(r"\w+(?:['’]\w+)*")


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

    A target with a finite auxiliary ("Fracking should be banned") or of four words and a full stop is a proposition
    already; of the motion of a debate what the house believes. Anything else is the name of a thing or a person and
    stands for that this "should be supported".
    """
    words = " ".join(target.split())
    words = _MOTION.sub("", words)
    is_one = _VERB.search(words) or (words.endswith(".") and len(words.split()) >= 4)
    proposition = (words if is_one else f"{words} should be supported").rstrip(".") + "."
    return Sides(proposition, negation(proposition))


def negation(proposition: str) -> str:
    """Return what denies a proposition: its auxiliary with a "not" more or less, or that it is not true.

    The auxiliary is trusted only where no clause comes before it that might have it for its own, and where it is one.
    """
    if denied := _DENIED.match(proposition):
        rest = proposition[denied.end() :]
        return rest[:1].upper() + rest[1:]
    found = _AUXILIARY.search(proposition)
    if found is None or _RELATIVE.search(proposition, 0, found.start()) or not _takes_not(found):
        return f"It is not true that {_lowered(proposition)}"
    return proposition[: found.start()] + _turned(found) + proposition[found.end() :]


def is_denied(proposition: str) -> bool:
    """Tell whether a proposition denies another one, which `negation` gives."""
    if _DENIED.match(proposition):
        return True
    found = _AUXILIARY.search(proposition)
    if found is None or _RELATIVE.search(proposition, 0, found.start()):
        return False
    return bool(found["denied"]) or not found["verb"]


def _takes_not(found: re.Match[str]) -> bool:
    """Tell whether a "not" goes with a verb: "does harm" and "has a price" want another, "is no danger" none."""
    if found["denied"] or not found["verb"]:
        return True
    if found["verb"] in _DO or _NEGATIVE.match(found.string, found.end()):
        return False
    return found["verb"] not in _HAVE or _PERFECT.match(found.string, found.end()) is not None


def _turned(found: re.Match[str]) -> str:
    if verb := found["verb"]:
        return str(verb) if found["denied"] else f"{verb} not"
    short = found["short"]
    return str(_CONTRACTED.get(short, short)) if short else "can"


def _lowered(sentence: str) -> str:
    first = _WORD.match(sentence)
    proper = first is not None and (len(first.group()) > 1 and first.group()[1:] != first.group()[1:].lower())
    return sentence if proper else sentence[:1].lower() + sentence[1:]
