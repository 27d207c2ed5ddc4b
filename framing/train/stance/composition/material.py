"""What statements are composed of: targets with their wordings, patterns of sentences, frames that name a holder."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from framing.errors import CorpusError, did_you_mean
from framing.resources import locate, read_yaml

M = TypeVar("M", bound=BaseModel)
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]
Role = Literal["a", "b"]
Position = Literal["support", "support*", "oppose", "oppose*", "neutral", "neutral*", "unrelated"]
"""A label, with an asterisk where it is conditional."""

SLOT = re.compile(r"\{([abAB])\.(\w+)\}")
HOLDER = re.compile(r"\{(holder|other|Holder|Other)\}")
_BRACE = re.compile(r"\{[^{}]*\}")
_STATEMENT = re.compile(r"<<(.+?)>>", re.DOTALL)
APART = 3
"""So many targets of a field are taken for one passage: two to be spoken of and a stranger."""
COMPOSED = "framing:stance/composed"
"""The building blocks that ship with the package."""
TARGETS, PATTERNS, FRAMES = "targets-*.yaml", "patterns-*.yaml", "frames.yaml"


class Target(BaseModel):
    """A target and how it is spoken of.

    `noun` is what the proposition wants ("the entry of Kyiv"), `act` and `acting` doing it, `acted` that it was done,
    `undo` and `undoing` the contrary. `for_` and `against` are arguments, `fact` sentences that take no side, `near`
    ones about a neighbouring matter. A position on it says something about those that it `overlaps` with, too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: Text
    proposition: Text
    overlaps: tuple[Text, ...] = ()
    noun: Texts
    act: Texts
    acting: Texts
    acted: Texts
    undo: Texts
    undoing: Texts
    for_: Texts = Field(alias="for")
    against: Texts
    fact: Texts
    near: Texts
    outsider: Texts
    insider: Texts
    alternative: Texts
    evil: Texts

    def words(self, field: str) -> tuple[str, ...]:
        """Return the wordings of a field, by the name it has in files."""
        found: tuple[str, ...] = getattr(self, "for_" if field == "for" else field)
        return found

    def is_apart(self, other: Target) -> bool:
        """Tell whether a position on this target says nothing about another."""
        return self.target not in (other.target, *other.overlaps) and other.target not in self.overlaps


WORDED = frozenset(
    (field.alias or name) for name, field in Target.model_fields.items() if field.annotation == tuple[Text, ...]
) - {"overlaps"}


class Pattern(BaseModel):
    """A structure of sentences with slots for one or two targets, and the labels that follow from it.

    `say` can stand in quotation marks, `that` follows "said that", `context` is a whole passage with the statement in
    << >> and its holders in it. `labels` are those of the holder toward the targets a and b, `other` those of a second
    holder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    phenomenon: Text
    say: Text | None = None
    that: Text | None = None
    context: Text | None = None
    labels: dict[Role, Position]
    other: dict[Role, Position] = {}

    @cached_property
    def text(self) -> str:
        """The text with its slots, whatever its form."""
        return self.say or self.that or self.context or ""

    @cached_property
    def roles(self) -> frozenset[str]:
        """Which targets the text speaks of: a, b."""
        return frozenset(found[1].lower() for found in SLOT.finditer(self.text))

    @model_validator(mode="after")
    def _is_whole(self) -> Pattern:
        if sum(map(bool, (self.say, self.that, self.context))) != 1:
            raise ValueError("give one of say, that and context")
        for brace in _BRACE.findall(self.text):
            slot = SLOT.fullmatch(brace)
            if not (slot and slot[2] in WORDED) and not (self.context and HOLDER.fullmatch(brace)):
                raise ValueError(
                    f"{brace} is no slot; known: {', '.join(sorted(WORDED))}, in a context holder and other"
                )
        if self.context:
            named = {found[1].lower() for found in HOLDER.finditer(self.context)}
            if "holder" not in named or (self.other and "other" not in named):
                raise ValueError("the context must name {holder}, and {other} if that one has labels")
            if not _STATEMENT.search(self.context):
                raise ValueError("the context must hold the statement in << >>")
        elif self.other:
            raise ValueError("only a context has another holder")
        if "a" not in self.labels or not {*self.labels, *self.other} <= (self.roles | {"a"}):
            raise ValueError("labels must be those of the targets in the text, a among them")
        return self


class Frames(BaseModel):
    """How a statement is attributed: `say` and `that` hold {text} and {holder} or {Holder}; `holders` fill them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    say: Texts
    that: Texts
    holders: Texts
    offices: Texts
    places: Texts
    joints: Texts

    @model_validator(mode="after")
    def _have_slots(self) -> Frames:
        for frame in (*self.say, *self.that):
            found = set(_BRACE.findall(frame))
            if found not in ({"{text}", "{holder}"}, {"{text}", "{Holder}"}):
                raise ValueError(f"{frame!r} must have the slots {{text}} and {{holder}} or {{Holder}}, and no others")
        for joint in self.joints:
            if _BRACE.findall(joint) != ["{0}", "{1}"]:
                raise ValueError(f"{joint!r} must have the slots {{0}} and {{1}}")
        return self


class Material(NamedTuple):
    """All building blocks: targets by field (targets of one field are near to each other), patterns and frames."""

    fields: tuple[tuple[Target, ...], ...]
    patterns: Mapping[str, tuple[Pattern, ...]]
    frames: Frames

    def without(self, targets: Collection[str]) -> Material:
        """Return the same without some targets, and without fields that have too few others.

        Raises:
            CorpusError: no field is left.
        """
        left = (tuple(each for each in field if each.target not in targets) for field in self.fields)
        fields = tuple(field for field in left if field and _are_enough(field))
        if not fields:
            raise CorpusError(
                f"composed: without {', '.join(sorted(targets))} no field has {APART} targets that do not overlap; "
                "keep fewer of them apart, or compose nothing"
            )
        return self._replace(fields=fields)


def read_material(folder: str | Path) -> Material:
    """Read the building blocks of a folder: a file of targets for each field, files of patterns, and the frames.

    Raises:
        CorpusError: a building block is wrong; file, place in it and the mistake are named.
        ConfigError: a file is missing or is not YAML.
    """
    place = locate(folder)
    fields = tuple(
        tuple(_checked(Target, entry, f"{path.name}: target {number}") for number, entry in _entries(path, "targets"))
        for path in sorted(place.glob(TARGETS))
    )
    patterns: dict[str, list[Pattern]] = {}
    for path in sorted(place.glob(PATTERNS)):
        for number, entry in _entries(path, "patterns"):
            found = _checked(Pattern, entry, f"{path.name}: pattern {number}")
            patterns.setdefault(found.phenomenon, []).append(found)
    if not any(fields) or not patterns:
        raise CorpusError(f"{folder}: holds no {TARGETS} or no {PATTERNS}; give both")
    targets = [target for field in fields for target in field]
    names = {target.target for target in targets}
    for target in targets:
        if unknown := sorted(set(target.overlaps) - names):
            hint = did_you_mean(unknown[0], names)
            raise CorpusError(f"{folder}: {target.target!r} overlaps with {unknown[0]!r}, which is no target; {hint}")
    if short := next((field for field in fields if not _are_enough(field)), None):
        raise CorpusError(f"{folder}: the field of {short[0].target!r} needs {APART} targets that do not overlap")
    frames = _checked(Frames, read_yaml(place / FRAMES), FRAMES)
    return Material(fields, {name: tuple(found) for name, found in sorted(patterns.items())}, frames)


def _are_enough(field: Sequence[Target]) -> bool:
    """Tell whether every target has others that it can be put beside, these apart from each other too."""
    for one in field:
        others = [other for other in field if one.is_apart(other)]
        if not any(two.is_apart(three) for two in others for three in others):
            return False
    return True


def _entries(path: Path, key: str) -> list[tuple[int, object]]:
    found = read_yaml(path).get(key)
    if not isinstance(found, list):
        raise CorpusError(f"{path.name}: expected a list under {key!r}")
    return list(enumerate(found, start=1))


def _checked(kind: type[M], entry: object, place: str) -> M:
    try:
        return kind.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise CorpusError(f"{place}: {where + ': ' if where else ''}{first['msg']}") from error
