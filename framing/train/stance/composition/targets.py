"""The targets that statements are composed about, with their wordings: something to do, or something to believe."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from framing.stance.propositions import Sides, negation

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]
Proposition = Annotated[Text, StringConstraints(pattern=r"\.$")]


class Way(NamedTuple):
    """A way to ask about a target: how often, with which propositions, and whether these want the contrary."""

    share: float
    asked: tuple[Sides, ...]
    turned: bool = False


class Target(BaseModel):
    """A target and how it is spoken of, whatever its kind.

    `for_` and `against` are arguments, `fact` sentences that take no side, `near` ones about a neighbouring matter,
    `outsider` and `insider` who objects and who decides or knows, `evil` what either side blames on it. A position on
    it says something about those that it `overlaps` with, too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: Text
    proposition: Proposition
    overlaps: tuple[Text, ...] = ()
    for_: Texts = Field(alias="for")
    against: Texts
    fact: Texts
    near: Texts
    outsider: Texts
    insider: Texts
    evil: Texts

    def words(self, field: str) -> tuple[str, ...]:
        """Return the wordings of a field, by the name it has in files."""
        found: tuple[str, ...] = getattr(self, "for_" if field == "for" else field)
        return found

    def is_apart(self, other: Target) -> bool:
        """Tell whether a position on this target says nothing about another."""
        return self.target not in (other.target, *other.overlaps) and other.target not in self.overlaps

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways to ask about it."""
        raise NotImplementedError


class Measure(Target):
    """Something to do.

    `noun` is what the proposition wants ("the entry of Kyiv"), `act` and `acting` doing it, `acted` that it was done,
    `undo` and `undoing` the contrary, `alternative` what is wanted in its place.
    """

    noun: Texts
    act: Texts
    acting: Texts
    acted: Texts
    undo: Texts
    undoing: Texts
    alternative: Texts

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Its proposition, its noun, doing it and doing the contrary."""
        return (
            Way(0.55, (_denied(self.proposition),)),
            Way(0.2, tuple(map(_supported, self.noun))),
            Way(0.15, tuple(_denied(f"They should {act}.") for act in self.act)),
            Way(0.1, tuple(_denied(f"They should {act}.") for act in self.undo), turned=True),
        )


class Claim(Target):
    """Something to believe.

    `topic` is what it is about, in words that take no side; `claim` and `denial` are clauses that state it and the
    contrary. `toward` is the side that whoever believes it takes on the topic as such, where that makes sense.
    """

    toward: Literal["support", "oppose"] | None = None
    topic: Texts
    claim: Texts
    denial: Texts

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Its proposition, other clauses that state it or the contrary, and its topic if that has a side."""
        proposition, topics = (_denied(self.proposition),), tuple(map(_supported, self.topic))
        return (
            Way(0.45, proposition),
            Way(0.2, tuple(map(_stated, self.claim))),
            Way(0.15, tuple(map(_stated, self.denial)), turned=True),
            Way(0.2, topics, turned=self.toward == "oppose") if self.toward else Way(0.2, proposition),
        )


Kind: TypeAlias = type[Target]
KINDS: tuple[Kind, ...] = (Measure, Claim)


def words_of(kind: Kind) -> frozenset[str]:
    """Return the fields of a kind of target that hold wordings, by the names they have in files."""
    fields = kind.model_fields.items()
    return frozenset((field.alias or name) for name, field in fields if field.annotation == tuple[Text, ...]) - {
        "overlaps"
    }


def _denied(proposition: str) -> Sides:
    return Sides(proposition, negation(proposition))


def _supported(noun: str) -> Sides:
    return _stated(f"{noun} should be supported")


def _stated(clause: str) -> Sides:
    return _denied(f"{clause[:1].upper()}{clause[1:]}.")
