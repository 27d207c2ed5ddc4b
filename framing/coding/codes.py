"""What a coder said about a unit, in one form wherever it was coded, and the checks that all codes pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from framing.errors import CorpusError, did_you_mean
from framing.types import Span

YES = ("yes", "y", "1", "true", "x", "conditional")
NO = ("", "no", "n", "0", "false")


@dataclass(frozen=True, slots=True)
class Code:
    """One label that one coder gave to one unit; `place` is the file and row it stands in.

    The unit of a coded statement is its `statement_id`. Where a coder marked a passage, `span` is the place of the
    passage in the text that was coded, in code points, and the unit is the text's own with the span behind it.
    `conditional` marks a position that holds under a condition only, which net stance counts half; `target` is what the
    position is toward, if the file says so.
    """

    unit: str
    coder: str
    label: str
    place: str
    span: Span | None = None
    conditional: bool = False
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one or more files, and the number of units that a coder left without a label."""

    given: tuple[Code, ...]
    left_blank: int = 0

    @property
    def coders(self) -> list[str]:
        """Name the coders, sorted."""
        return sorted({code.coder for code in self.given})

    def table(self) -> dict[str, dict[str, str]]:
        """Return the labels by unit and coder, both sorted, so that the order of rows and files changes nothing."""
        found: dict[str, dict[str, str]] = {}
        for code in sorted(self.given, key=lambda code: (code.unit, code.coder)):
            found.setdefault(code.unit, {})[code.coder] = code.label
        return found


class NoUnitError(Exception):
    """A record does not say which unit it is about."""


def unit_of(record: Mapping[str, object]) -> str:
    """Return the unit of a task or row.

    Raises:
        NoUnitError: there is none.
    """
    unit = record.get("unit")
    if not isinstance(unit, str) or not unit.strip():
        raise NoUnitError(f"unit is {unit!r}, expected the id of the coding sheet; import that sheet before coding")
    return unit.strip()


def target_of(record: Mapping[str, object]) -> str | None:
    """Return the target that a task or row names, if any."""
    return str(record.get("target") or "").strip() or None


def marked(unit: str, span: Span) -> str:
    """Name a passage that was marked in a text; in an article's text that is the id of a statement."""
    return f"{unit}:{span.start}-{span.end}"


def joined(parts: Iterable[Codes]) -> Codes:
    """Put the codes of several files together.

    Raises:
        CorpusError: a coder coded a unit twice, or there is no code at all.
    """
    parts = list(parts)
    given = tuple(code for part in parts for code in part.given)
    if not given:
        raise CorpusError("codes: no unit has a label; are these the files that the coders filled in?")
    first: dict[tuple[str, str], Code] = {}
    for code in given:
        earlier = first.setdefault((code.unit, code.coder), code)
        if earlier is not code:
            raise CorpusError(
                f"{code.place}: {code.coder!r} coded the unit {code.unit!r} before ({earlier.place}); "
                "expected one code a unit and coder: keep one, or give the second coder a name"
            )
    return Codes(given, sum(part.left_blank for part in parts))


def check_labels(codes: Codes, labels: Sequence[str]) -> None:
    """Refuse labels that are not in the list.

    Raises:
        CorpusError: a label is unknown; the message names its place and the nearest known label.
    """
    for code in codes.given:
        if code.label not in labels:
            raise CorpusError(f"{code.place}: no label is called {code.label!r}; {did_you_mean(code.label, labels)}")


def check_units(codes: Codes, known: Container[str], *, among: str) -> None:
    """Refuse codes of units that are not in the run or the sample; `among` names it.

    Raises:
        CorpusError: a unit is unknown; the message counts them and names the first.
    """
    lost = [code for code in codes.given if code.unit not in known]
    if lost:
        units = len({code.unit for code in lost})
        raise CorpusError(
            f"{lost[0].place}: the unit {lost[0].unit!r} is not in {among} ({units} such units); "
            "expected the ids of its coding sheet: were these codes made for another one?"
        )


def check_target(codes: Codes, target: str | None) -> None:
    """Refuse codes that name another target than `target`, or where it is None more than one.

    Raises:
        CorpusError: a code is of another target; the message names its place.
    """
    for code in codes.given:
        target = target or code.target
        if code.target and code.target != target:
            raise CorpusError(
                f"{code.place}: this code is toward {code.target!r}, expected {target!r}; compare one target at a time"
            )


def check_overlap(codes: Codes) -> None:
    """Refuse codes of which no unit has two, so that no agreement can be seen.

    Raises:
        CorpusError: the coders have no unit in common, or there is one coder only.
    """
    times = Counter(code.unit for code in codes.given)
    if max(times.values(), default=0) > 1:
        return
    if len(codes.coders) < 2:
        raise CorpusError(f"codes: {', '.join(codes.coders)} is the only coder; expected two, or a run to compare with")
    first = {code.coder: code.unit for code in reversed(codes.given)}
    seen = ", ".join(f"{coder} has {first[coder]!r}" for coder in codes.coders[:3])
    raise CorpusError(f"codes: no unit was coded by two coders ({seen}); expected the same unit ids in all files")


def is_conditional(cell: object, place: str) -> bool:
    """Read whether a coder marked a position as conditional; an empty cell says no.

    Raises:
        CorpusError: the cell is neither yes nor no.
    """
    text = str(cell or "").strip().casefold()
    if text not in (*YES, *NO):
        raise CorpusError(f"{place}: conditional is {cell!r}, expected yes or nothing")
    return text in YES


def settled(codes: Codes) -> pl.DataFrame:
    """Return statement_id, label and conditional of each unit, on which all its coders agree: what corrections take.

    Raises:
        CorpusError: coders differ on a unit; the message counts such units and names the first.
    """
    found: dict[str, set[tuple[str, bool]]] = {}
    for code in sorted(codes.given, key=lambda code: code.unit):
        found.setdefault(code.unit, set()).add((code.label, code.conditional))
    if differing := [unit for unit, labels in found.items() if len(labels) > 1]:
        given = sorted(f"{label}, conditional" if limited else label for label, limited in found[differing[0]])
        raise CorpusError(
            f"codes: coders differ on {len(differing)} units, the first {differing[0]!r} ({' / '.join(given)}); "
            "let them settle on one label each (`framing agree` lists the units), and give these codes alone"
        )
    schema = {"statement_id": pl.String, "label": pl.String, "conditional": pl.Boolean}
    return pl.DataFrame([(unit, *labels.pop()) for unit, labels in found.items()], schema=schema, orient="row")
