"""What an article says about the agency its text comes from: datelines, bylines, credits."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from framing.errors import ConfigError
from framing.resources import read_yaml
from framing.types import Article

LEXICON = "framing:lexicon/agencies.yaml"
FIELDS = ("agency", "author", "authors", "byline", "credit", "source")
"""Fields of a corpus beyond those of an article in which agencies are named, where it has them."""

EDGE = 600  # characters at each end of a text in which credits stand
LONGEST_LINE = 160
_OTHERS = r"(?:(?:\s?[/,&]\s?|\s(?:and|und|et|y|e)\s)[\w.-]+(?: [\w.-]+)?){0,3}"  # (dpa/AFP), (Reuters and AP)


class CueKind(IntEnum):
    """Where an agency is named; the lower the number, the more it says about where the whole text comes from."""

    OUTLET = 1
    DATELINE = 2
    FIELD = 3
    BYLINE = 4
    CREDIT = 5
    CONTRIBUTION = 6


class Cue(NamedTuple):
    """The words by which an article credits an agency."""

    kind: CueKind
    agency: str
    words: str


def cue(article: Article, more: Sequence[tuple[str, str]] = ()) -> Cue | None:
    """Return the cue that says most, the first of equals; None where the article credits no agency.

    An agency that is merely quoted ("told Reuters") or credited for a picture is no cue. `more` are agencies that the
    lexicon lacks, each with a short form of its name.
    """
    return min(_cues(article, _agencies(tuple(more))), key=lambda found: found.kind, default=None)


class _Agencies(NamedTuple):
    """How to find the agencies of the lexicon: `of` maps each form, in lower case, to the name of its agency.

    A line without any of the `forms` is not looked at.
    """

    of: Mapping[str, str]
    forms: tuple[str, ...]
    lines: Mapping[CueKind, tuple[re.Pattern[str], ...]]
    fields: tuple[re.Pattern[str], ...]


def _cues(article: Article, known: _Agencies) -> Iterator[Cue]:
    if article.outlet and (agency := known.of.get(article.outlet.casefold())):
        yield Cue(CueKind.OUTLET, agency, article.outlet)
    for name, value in article.extra.items():
        for pattern in known.fields if name.casefold() in FIELDS else ():
            if found := pattern.search(value):
                yield Cue(CueKind.FIELD, known.of[found[1].casefold()], value[:LONGEST_LINE])
    text = article.text
    if text.endswith(")") and (reporting := _REPORTING.search(text[-EDGE:])):
        yield Cue(CueKind.CREDIT, "Reuters", reporting[0][:LONGEST_LINE])
    head, tail = (_naming(edge, known.forms) for edge in (text[:EDGE], text[-EDGE:]))
    lines = {CueKind.DATELINE: head, CueKind.BYLINE: head, CueKind.CREDIT: tail, CueKind.CONTRIBUTION: head + tail}
    for kind, patterns in known.lines.items():
        for line in lines[kind]:
            for pattern in patterns:
                if found := pattern.search(line):
                    said = found[0].lstrip('.!?”" ')  # the end of the sentence before a credit
                    yield Cue(kind, known.of[found[1].casefold()], said[:LONGEST_LINE])


# Reuters closes its reports so; no other agency does.
_REPORTING = re.compile(
    r"\((?:Additional )?[Rr]eporting by [^()]{3,300}?; ?(?:[Ww]riting|[Ee]diting) by [^()]{3,200}\)$"
)


def _naming(edge: str, forms: Iterable[str]) -> list[str]:
    """Return the lines that have one of the forms; looking for them first is ten times quicker than the patterns."""
    present = [form for form in forms if form in edge]
    return [line.strip() for line in edge.splitlines() if any(form in line for form in present)] if present else []


@functools.cache
def _agencies(more: tuple[tuple[str, str], ...]) -> _Agencies:
    names = {name: name for name, _ in more}
    short = {form: name for name, form in more}
    for agency, forms in read_yaml(LEXICON).items():
        if not isinstance(forms, dict) or not set(forms) <= {"names", "short"}:
            raise ConfigError(f"{LEXICON}: {agency}: expected lists under names and short, found {forms!r}")
        names |= dict.fromkeys(forms.get("names", ()), agency)
        short |= dict.fromkeys(forms.get("short", ()), agency)
    name, any_form = _alternatives(names), _alternatives([*names, *short])
    lines: Mapping[CueKind, Iterable[str]] = {
        CueKind.DATELINE: (
            rf"^(?:[^()]{{0,80}}\s)?\({any_form}{_OTHERS}\)\s*\.?\s*[-–—:]",
            rf"^\({any_form}{_OTHERS}\)\s",
        ),
        CueKind.BYLINE: (
            rf"^(?i:by|von|par|por|di)\s[^.]{{0,80}}?\b{name}\b[^.]{{0,40}}$",
            rf"^(?i:by|von|par|por|di)\s(?:[^.]{{0,80}}[,/|]\s?)?{any_form}$",
            rf"^{name}$",
        ),
        CueKind.CREDIT: (
            rf"(?i:©|\(c\)|copyright)\s?(?:\d{{4}}\s)?{any_form}\b",
            rf"^(?i:sources?|quelle|fuente|fonte|via|agency|agencies)\s?[:–—-]\s?{any_form}\b[^.]{{0,60}}$",
            rf"^[-–—]{{1,2}}\s?{any_form}$",
            rf"^{any_form}$",
            rf"[.!?”\"]\s\({any_form}{_OTHERS}\)$",
            rf"[.!?”\"]\s[-–—]{{1,2}}\s?{any_form}$",
            rf"^\({any_form}{_OTHERS}\)$",
        ),
        CueKind.CONTRIBUTION: (
            rf"\b{any_form}\b[^.]{{0,80}}\bcontributed to (?:this|the) (?:report|story|article)",
            rf"\b(?i:with (?:additional )?(?:reporting|files|inputs?|material)) (?:by|from) {any_form}\b",
        ),
    }
    return _Agencies(
        of={form.casefold(): agency for form, agency in {**names, **short}.items()},
        forms=(*names, *short),
        lines={kind: tuple(map(re.compile, patterns)) for kind, patterns in lines.items()},
        fields=(re.compile(rf"\b{name}\b"), re.compile(rf"(?:^|[,/|(;]\s?){any_form}\s?(?:[,/|);]|$)")),
    )


def _alternatives(forms: Iterable[str]) -> str:
    """Write forms as one group of a pattern, the longest first."""
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    return f"(?:[Tt]he )?({'|'.join(map(re.escape, ordered))})"
