"""The word lists by which sources are recognised, read from YAML and turned into sets once."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from framing.errors import ConfigError
from framing.resources import read_yaml
from framing.speakers.folding import fold

WORDS = "framing:lexicon/speakers.yaml"
COUNTRIES = "framing:lexicon/countries.yaml"

Words = tuple[str, ...]
Model = TypeVar("Model", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ByGender(_Part):
    """Words that tell the gender of the person they stand with, and words that do not."""

    male: Words = ()
    female: Words = ()
    either: Words = ()


class WordLists(_Part):
    """The file `speakers.yaml`."""

    titles: ByGender
    offices: ByGender
    office_modifiers: Words
    office_qualifiers: Words
    anonymous: Words
    groups: Words
    organisations: Words
    governments: Words
    documents: Words
    withheld: Words
    not_names: Words
    times: Words
    not_people: Words
    metonyms: dict[str, str]
    given_names: ByGender
    takes_object: Words


class Country(_Part):
    """A state: its adjectives, its capital and other names for it."""

    adjectives: Words = ()
    capital: str | None = None
    other_names: Words = ()


class Countries(RootModel[dict[str, Country]]):
    """The file `countries.yaml`."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Lexicon:
    """Folded words by what they tell; `gender` maps titles, offices and given names to "male" or "female".

    `withheld` are the anonymous voices whose name is kept back even in "the spokesman", `proper` the nouns that are
    always capitalised, `nouns` all heads of phrases.

    Two lexicons are equal only if they are one, so that what was read with one can be cached by it.
    """

    titles: frozenset[str]
    offices: frozenset[str]
    office_modifiers: frozenset[str]
    office_qualifiers: frozenset[str]
    anonymous: frozenset[str]
    groups: frozenset[str]
    organisations: frozenset[str]
    governments: frozenset[str]
    documents: frozenset[str]
    withheld: frozenset[str]
    nouns: frozenset[str]
    proper: frozenset[str]
    not_names: frozenset[str]
    times: frozenset[str]
    not_people: frozenset[str]
    given_names: frozenset[str]
    takes_object: frozenset[str]
    gender: dict[str, str]
    metonyms: dict[str, str]
    countries: dict[str, str]
    states: frozenset[str]
    capitals: frozenset[str]
    country_adjectives: dict[str, tuple[str, ...]]


@functools.cache
def read_lexicon(words: str | Path = WORDS, countries: str | Path = COUNTRIES) -> Lexicon:
    """Read and check both files; the result is cached by path.

    Raises:
        ConfigError: a key is unknown or a value does not fit; the message names the place in the file.
    """
    lists = _checked(WordLists, words)
    states = _checked(Countries, countries).root
    names = {fold(each): state for state, c in states.items() for each in (state, *c.other_names)}
    adjectives = {fold(each): state for state, c in states.items() for each in c.adjectives}
    capitals = {fold(c.capital): state for state, c in states.items() if c.capital}
    offices = lists.offices.male + lists.offices.female + lists.offices.either
    voices = lists.anonymous + lists.groups + lists.organisations + lists.governments + lists.documents
    return Lexicon(
        titles=_folded(lists.titles.male + lists.titles.female + lists.titles.either),
        offices=_folded(offices),
        office_modifiers=_folded(lists.office_modifiers),
        office_qualifiers=_folded(lists.office_qualifiers),
        anonymous=_folded(lists.anonymous),
        groups=_folded(lists.groups),
        organisations=_folded(lists.organisations),
        governments=_folded(lists.governments),
        documents=_folded(lists.documents),
        withheld=_folded(lists.withheld),
        nouns=_folded(offices + voices),
        proper=_folded(tuple(word for word in voices if word[0].isupper())),
        not_names=_folded(lists.not_names + lists.times),
        times=_folded(lists.times),
        not_people=_folded(lists.not_people),
        given_names=_folded(lists.given_names.male + lists.given_names.female + lists.given_names.either),
        takes_object=_folded(lists.takes_object),
        gender=_genders(lists),
        metonyms={fold(place): state for place, state in lists.metonyms.items()},
        countries={**adjectives, **capitals, **names},
        states=frozenset(names),
        capitals=frozenset(capitals),
        country_adjectives={state: (state, *c.adjectives, *c.other_names) for state, c in states.items()},
    )


def _genders(lists: WordLists) -> dict[str, str]:
    found = {}
    for kind in (lists.given_names, lists.offices, lists.titles):
        either = _folded(kind.either)
        for gender, words in (("male", kind.male), ("female", kind.female)):
            found.update(dict.fromkeys(_folded(words) - either, gender))
        both = _folded(kind.male) & _folded(kind.female)
        for word in both:
            found.pop(word, None)
    return found


def _folded(words: Words) -> frozenset[str]:
    return frozenset(map(fold, words))


def _checked(model: type[Model], path: str | Path) -> Model:
    try:
        return model.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{path}: {where}: {first['msg']}, found {first['input']!r}") from error
