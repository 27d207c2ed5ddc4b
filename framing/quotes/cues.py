"""The lexicon of cues: which words signal an attribution, what kind of act they report and what may follow them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from framing.errors import ConfigError
from framing.resources import read_yaml
from framing.types import CueClass

SHIPPED = "framing:lexicon/cues.yaml"
_VOWELS = frozenset("aeiou")


class Frame(StrEnum):
    """What follows a cue: a quotation, a clause with or without "that", a question, an infinitive or an object."""

    QUOTE = "quote"
    THAT = "that"
    CLAUSE = "clause"
    WH = "wh"
    TO = "to"
    OBJECT = "object"


class Form(StrEnum):
    """How a verb is inflected; `past` is also the participle of most verbs."""

    BASE = "base"
    PRESENT = "present"
    PAST = "past"
    PARTICIPLE = "participle"
    GERUND = "gerund"


class Cue(NamedTuple):
    """One inflected verb with the frames and prepositions that it takes."""

    lemma: str
    form: Form
    cue_class: CueClass
    frames: frozenset[str]


class Cues(NamedTuple):
    """The inflected cues of a lexicon by their first word in lower case; `phrasal` by their second word too."""

    verbs: dict[str, Cue]
    phrasal: dict[str, dict[str, Cue]]


class _Entry(BaseModel):
    """The cues of one class: each verb with its frames, parted by blanks; any other word there is a preposition."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verbs: dict[str, str]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    irregular: dict[str, Annotated[list[str], Field(min_length=4, max_length=4)]]
    doubling: tuple[str, ...]
    classes: Annotated[dict[CueClass, _Entry], Field(min_length=1)]


@functools.cache
def read_cues(path: str) -> Cues:
    """Read the cues of a lexicon.

    Raises:
        ConfigError: the file is no lexicon of cues, or lists a word twice.
    """
    try:
        loaded = _File.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{path}: {where}: {first['msg']}, found {first['input']!r}") from error
    seen: dict[str, CueClass] = {}
    cues = Cues({}, {})
    for cue_class, entry in loaded.classes.items():
        for lemma in entry.verbs:
            if seen.setdefault(lemma, cue_class) is not cue_class:
                raise ConfigError(f"{path}: the verb {lemma!r} stands in {seen[lemma]} and {cue_class}; keep one")
        for lemma, frames in entry.verbs.items():
            verb, _, particle = lemma.partition(" ")
            for word, form in _inflect(verb, loaded):
                cue = Cue(lemma, form, cue_class, frozenset(frames.split()))
                if particle:
                    cues.phrasal.setdefault(word, {})[particle] = cue
                else:
                    cues.verbs[word] = cue
    return cues


def _inflect(lemma: str, loaded: _File) -> Iterator[tuple[str, Form]]:
    yield lemma, Form.BASE
    if lemma in loaded.irregular:
        present, past, participle, gerund = loaded.irregular[lemma]
        yield participle, Form.PARTICIPLE
        yield from ((present, Form.PRESENT), (past, Form.PAST), (gerund, Form.GERUND))
        return
    yield _with_s(lemma), Form.PRESENT
    if lemma in loaded.doubling:
        stem = lemma + lemma[-1]
    elif lemma.endswith("y") and lemma[-2] not in _VOWELS:
        yield lemma[:-1] + "ied", Form.PAST
        yield lemma + "ing", Form.GERUND
        return
    else:
        stem = lemma.removesuffix("e") if not lemma.endswith(("ee", "oe")) else lemma
    yield (stem + "ed" if not stem.endswith("e") else stem + "d"), Form.PAST
    yield stem + "ing", Form.GERUND


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "sh", "ch", "x", "z")) else "s")
