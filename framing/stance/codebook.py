"""A codebook: labels, numbered coding rules and targets, read from YAML and checked before anything is classified."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from framing.errors import ConfigError, did_you_mean
from framing.resources import locate, read_yaml
from framing.types import Label

Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
LABELS = tuple(label.value for label in Label)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Part):
    """A coding rule; `labels` are those it can lead to, `conditional` whether it marks a position as conditional."""

    number: Annotated[int, Field(ge=1)]
    name: Term
    text: Term
    labels: tuple[Label, ...]
    conditional: bool = False


class Target(_Part):
    """A proposition with its negation and the words that bring it up.

    `subject`, `relation` and `object` are words for its three parts ("Ukraine", "join", "NATO"), `aliases` terms that
    bring it up by themselves, `opposites` what is demanded in its place, `excludes` related matters on which a position
    says nothing about it. Terms are matched as whole words, whatever their case.
    """

    proposition: Term
    negation: Term
    aliases: Annotated[tuple[Term, ...], Field(min_length=1)]
    opposites: tuple[Term, ...] = ()
    subject: tuple[Term, ...] = ()
    relation: tuple[Term, ...] = ()
    object: tuple[Term, ...] = ()
    sub_targets: tuple[str, ...] = ()
    excludes: tuple[Term, ...] = ()


class Codebook(_Part):
    """A closed list of labels, rules and targets; `targets` maps names to propositions, in the order of the file."""

    name: Term
    labels: Annotated[tuple[Label, ...], Field(min_length=2)]
    rules: tuple[Rule, ...]
    targets: Annotated[dict[str, Target], Field(min_length=1)]

    def family(self, name: str) -> tuple[str, ...]:
        """Name a target and all its sub-targets, however deep."""
        below = [name]
        for each in below:
            below.extend(sub for sub in self.targets[each].sub_targets if sub not in below)
        return tuple(below)

    def terms(self, name: str) -> TargetTerms:
        """Collect the words of a target: its own and those of its sub-targets, which bring it up as well."""
        family = [self.targets[each] for each in self.family(name)]
        return TargetTerms(
            subject=frozenset(term for target in family for term in target.subject),
            relation=frozenset(term for target in family for term in target.relation),
            object=frozenset(term for target in family for term in target.object),
            aliases=frozenset(term for target in family for term in target.aliases),
            opposites=frozenset(term for target in family for term in target.opposites),
            excludes=frozenset(self.targets[name].excludes),
        )

    def others(self, name: str) -> frozenset[str]:
        """Collect the subjects of the targets outside a target's family: they bring up another proposition."""
        family = self.family(name)
        outside = [target for each, target in self.targets.items() if each not in family]
        return frozenset(term for target in outside for term in target.subject) - self.terms(name).subject

    def require(self, name: str, *, place: str) -> str:
        """Return `name` if it is a target.

        Raises:
            ConfigError: it is not; the message starts with `place`.
        """
        if name not in self.targets:
            raise ConfigError(
                f"{place}: codebook {self.name!r} has no target {name!r}; {did_you_mean(name, self.targets)}"
            )
        return name


class TargetTerms(NamedTuple):
    """The words of one target and its sub-targets, by the part they play."""

    subject: frozenset[str]
    relation: frozenset[str]
    object: frozenset[str]
    aliases: frozenset[str]
    opposites: frozenset[str]
    excludes: frozenset[str]


@functools.cache
def read_codebook(path: str | Path) -> Codebook:
    """Read and check a codebook; the result is cached by path.

    Raises:
        ConfigError: a key or label is unknown or misspelt, a target has no aliases or an unknown sub-target, or a term
            is claimed twice. The message names the place in the file.
    """
    loaded = read_yaml(path)
    try:
        codebook = Codebook.model_validate(loaded)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_explain(error, loaded)}") from error
    for problem in _problems(codebook):
        raise ConfigError(f"{path}: {problem}")
    return codebook


def codebook_hash(path: str | Path) -> str:
    """Return the SHA-256 of a codebook file, by which a trained model names the rules it was trained under."""
    return hashlib.sha256(locate(path).read_bytes()).hexdigest()


def _explain(error: ValidationError, loaded: dict[str, Any]) -> str:
    first = error.errors()[0]
    location = [str(part) for part in first["loc"]]
    where = ".".join(location)
    value = first["input"]
    if first["type"] == "extra_forbidden":
        known = _model_at(location).model_fields
        return f"{where}: no such key here; {did_you_mean(location[-1], known)}"
    if first["type"] == "missing":
        if location[-1] == "aliases":
            return f"{where}: a target needs at least one alias, a term that brings it up"
        return f"{where}: this key is required"
    if first["type"] == "enum":
        return f"{where}: no label is called {value!r}; {did_you_mean(str(value), LABELS)}"
    if location[-1] == "aliases" and first["type"] == "too_short":
        return f"{where}: a target needs at least one alias, a term that brings it up, found none"
    return f"{where}: {first['msg']}, found {value!r}"


def _model_at(location: list[str]) -> type[BaseModel]:
    if location[0] == "targets" and len(location) > 2:
        return Target
    return Rule if location[0] == "rules" and len(location) > 2 else Codebook


def _problems(codebook: Codebook) -> Iterator[str]:
    numbers = [rule.number for rule in codebook.rules]
    for position, rule in enumerate(codebook.rules):
        if rule.number in numbers[:position]:
            yield f"rules.{position}.number: rule {rule.number} stands in the list twice"
        for label in rule.labels:
            if label not in codebook.labels:
                yield f"rules.{position}.labels: {label.value!r} is not among the labels of this codebook"
    for name, target in codebook.targets.items():
        for sub in target.sub_targets:
            if sub not in codebook.targets:
                yield f"targets.{name}.sub_targets: no target is called {sub!r}; {did_you_mean(sub, codebook.targets)}"
    for name, target in codebook.targets.items():
        for sub in target.sub_targets:
            if name in codebook.family(sub):
                yield f"targets.{name}.sub_targets: {sub!r} is the same target or stands above it"
    yield from _claimed_twice(codebook)


def _claimed_twice(codebook: Codebook) -> Iterator[str]:
    """Find terms that cannot decide: an alias that also speaks against its target, or for one that is no relative."""
    for name, target in codebook.targets.items():
        for kind in ("opposites", "excludes"):
            both = _folded(target.aliases) & _folded(getattr(target, kind))
            if both:
                yield f"targets.{name}: {min(both)!r} stands among both the aliases and the {kind}; keep one"
        for other, rival in codebook.targets.items():
            related = name in codebook.family(other) or other in codebook.family(name)
            both = _folded(target.aliases) & _folded(rival.aliases)
            if both and not related:
                yield f"targets.{other}.aliases: {min(both)!r} is an alias of {name!r} already, which is no relative"


def _folded(terms: tuple[str, ...]) -> set[str]:
    return {term.casefold() for term in terms}
