"""The targets that statements are composed about, with their wordings: something to do, or something to believe."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from framing.stance.propositions import Sides, negation, sides

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]
Questions: TypeAlias = tuple[tuple[float, tuple[tuple[Sides, bool], ...]], ...]
"""Ways to ask with their shares: for each the propositions, and whether these want the contrary."""


class Target(BaseModel):
    """A target and how it is spoken of, whatever its kind.

    `for_` and `against` are arguments, `fact` sentences that take no side, `near` ones about a neighbouring matter,
    `outsider` and `insider` who objects and who decides or knows, `evil` what either side blames on it. A position on
    it says something about those that it `overlaps` with, too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: Text
    proposition: Text
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

    def sides(self) -> Sides:
        """Return its proposition and what denies it."""
        return Sides(self.proposition, negation(self.proposition))

    def questions(self) -> Questions:
        """Return the ways to ask about it."""
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

    def questions(self) -> Questions:
        """Ask by its proposition, by its noun, about doing it and about doing the contrary."""
        return (
            (0.55, ((self.sides(), False),)),
            (0.2, tuple((_supported(noun), False) for noun in self.noun)),
            (0.15, tuple((_done(act), False) for act in self.act)),
            (0.1, tuple((_done(act), True) for act in self.undo)),
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

    def questions(self) -> Questions:
        """Ask by its proposition, by other clauses that state it or the contrary, and by its topic if it has a side."""
        plain = self.sides()
        turned = self.toward == "oppose"
        topics = tuple((_supported(topic), turned) for topic in self.topic) if self.toward else ((plain, False),)
        return (
            (0.45, ((plain, False),)),
            (0.2, tuple((_stated(clause), False) for clause in self.claim)),
            (0.15, tuple((_stated(clause), True) for clause in self.denial)),
            (0.2, topics),
        )


Kind: TypeAlias = type[Target]
KINDS: tuple[Kind, ...] = (Measure, Claim)


def words_of(kind: Kind) -> frozenset[str]:
    """Return the fields of a kind of target that hold wordings, by the names they have in files."""
    fields = kind.model_fields.items()
    return frozenset((field.alias or name) for name, field in fields if field.annotation == tuple[Text, ...]) - {
        "overlaps"
    }


def _supported(noun: str) -> Sides:
    return sides(f"{noun[:1].upper()}{noun[1:]} should be supported.")


def _done(act: str) -> Sides:
    return Sides(f"They should {act}.", f"They should not {act}.")


def _stated(clause: str) -> Sides:
    return Sides(f"{clause[:1].upper()}{clause[1:]}.", f"It is not true that {clause}.")
