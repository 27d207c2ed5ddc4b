"""What statements are composed of: targets with their wordings, patterns of sentences, frames that name a holder."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from framing.errors import CorpusError, did_you_mean
from framing.resources import locate, read_yaml
from framing.train.stance.composition.targets import KINDS, Claim, Kind, Measure, Target, Text, Texts, words_of

M = TypeVar("M", bound=BaseModel)
Role = Literal["a", "b"]
Position = Literal["support", "support*", "oppose", "oppose*", "neutral", "neutral*", "unrelated"]
"""A label, with an asterisk where it is conditional."""

SLOT = re.compile(r"\{([abAB])\.(\w+)\}")
HOLDER = re.compile(r"\{(holder|other|Holder|Other)\}")
_BRACE = re.compile(r"\{[^{}]*\}")
_STATEMENT = re.compile(r"<<(.+?)>>", re.DOTALL)
APART = 3
"""So many targets of a field are taken for one passage: two to be spoken of and a stranger."""
WORDED = {kind: words_of(kind) for kind in KINDS}
"""Which words the targets of a kind have."""
COMPOSED = "framing:stance/composed"
"""The building blocks that ship with the package."""
TARGETS, PATTERNS, FRAMES = "targets-*.yaml", "patterns-*.yaml", "frames.yaml"


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

    def fits(self, kind: Kind) -> bool:
        """Tell whether targets of a kind have words for all of its slots."""
        return {found[2] for found in SLOT.finditer(self.text)} <= WORDED[kind]

    @model_validator(mode="after")
    def _is_whole(self) -> Pattern:
        if sum(map(bool, (self.say, self.that, self.context))) != 1:
            raise ValueError("give one of say, that and context")
        known = frozenset().union(*WORDED.values())
        for brace in _BRACE.findall(self.text):
            slot = SLOT.fullmatch(brace)
            if not (slot and slot[2] in known) and not (self.context and HOLDER.fullmatch(brace)):
                raise ValueError(
                    f"{brace} is no slot; known: {', '.join(sorted(known))}, in a context holder and other"
                )
        if not any(map(self.fits, KINDS)):
            raise ValueError("no kind of target has words for all of these slots")
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
    """All building blocks: targets by field (those of one are near to each other and of a kind), patterns, frames."""

    fields: tuple[tuple[Target, ...], ...]
    patterns: Mapping[str, tuple[Pattern, ...]]
    frames: Frames

    def fitting(self, kind: Kind) -> list[tuple[Pattern, ...]]:
        """Return the patterns that fit a kind of target, by phenomenon."""
        fit = (tuple(each for each in group if each.fits(kind)) for group in self.patterns.values())
        return [group for group in fit if group]

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
    fields = tuple(_field(path) for path in sorted(place.glob(TARGETS)))
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
    made = Material(fields, {name: tuple(found) for name, found in sorted(patterns.items())}, frames)
    if bare := next((field for field in fields if not made.fitting(type(field[0]))), None):
        raise CorpusError(f"{folder}: no pattern fits the targets of the field of {bare[0].target!r}")
    return made


def _field(path: Path) -> tuple[Target, ...]:
    """Read the targets of a file, which are all claims or all measures."""
    entries = _entries(path, "targets")
    fields = set().union(*(entry for _, entry in entries if isinstance(entry, dict)))
    kind = Claim if fields & (WORDED[Claim] - WORDED[Measure]) else Measure
    return tuple(_checked(kind, entry, f"{path.name}: target {number}") for number, entry in entries)


def _are_enough(field: Sequence[Target]) -> bool:
    """Tell whether every target has others that it can be put beside, these apart from each other too."""
    for one in field:
        others = [other for other in field if one.is_apart(other)]
        if not any(two.is_apart(three) for two in others for three in others):
            return False
    return True


def _entries(path: Path, key: str) -> list[tuple[int, object]]:
    found = read_yaml(path).get(key)
    if not isinstance(found, list) or not found:
        raise CorpusError(f"{path.name}: expected a list under {key!r}")
    return list(enumerate(found, start=1))


def _checked(kind: type[M], entry: object, place: str) -> M:
    try:
        return kind.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise CorpusError(f"{place}: {where + ': ' if where else ''}{first['msg']}") from error
