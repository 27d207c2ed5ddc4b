"""An alias file: who goes by which names and held which office when, so that speakers join across articles."""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from framing.errors import ConfigError, did_you_mean
from framing.resources import read_yaml
from framing.speakers.folding import fold, slug
from framing.speakers.lexicon import read_lexicon
from framing.speakers.offices import Office, read_office
from framing.types import Speaker, SpeakerKind

Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Day = date | None


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(_Part):
    """A name that means this speaker from `since` until `until`, both days included; without them, always."""

    name: Term
    since: Day = None
    until: Day = None


class Held(_Part):
    """An office `role` of a state or organisation `of`, held from `since` until `until`, both days included."""

    role: Term
    of: Term
    since: date
    until: Day = None


AnyName = Annotated[Name, BeforeValidator(lambda value: {"name": value} if isinstance(value, str) else value)]


class Entry(_Part):
    """A speaker of the file. `id` is needed only where two speakers of one kind share a name."""

    name: Term
    kind: SpeakerKind
    id: Term | None = None
    gender: Literal["male", "female"] | None = None
    role: Term | None = None
    affiliation: Term | None = None
    wikidata_id: Annotated[str, StringConstraints(pattern=r"^Q[1-9]\d*$")] | None = None
    aliases: tuple[AnyName, ...] = ()
    offices: tuple[Held, ...] = ()

    @property
    def speaker_id(self) -> str:
        """Return the id that names this speaker in every article."""
        return self.id or f"{self.kind}:{slug(self.name)}"


class AliasFile(_Part):
    """The file: a list of speakers."""

    speakers: Annotated[tuple[Entry, ...], Field(min_length=1)]


class _Claim(NamedTuple):
    entry: Entry
    since: date
    until: date
    dated: bool


class Aliases:
    """Look up speakers of an alias file by name or office and day."""

    def __init__(self, entries: tuple[Entry, ...] = ()) -> None:
        self.names: dict[str, list[_Claim]] = defaultdict(list)
        self.offices: dict[Office, list[_Claim]] = defaultdict(list)
        for entry in entries:
            self.names[plain(entry.name)].append(_claim(entry, None, None))
            for alias in entry.aliases:
                self.names[plain(alias.name)].append(_claim(entry, alias.since, alias.until))
            for held in entry.offices:
                office = read_office(f"{held.of} {held.role}", read_lexicon())
                if office is not None:
                    self.offices[office].append(_claim(entry, held.since, held.until))

    def by_name(self, name: str, day: date | None) -> Entry | None:
        """Return the speaker whom a name, folded and without "the", means on a day; a dated alias needs a day."""
        return _on(self.names.get(name.replace(".", "")), day)

    def by_office(self, office: Office, day: date | None) -> Entry | None:
        """Return the holder of an office on a day; without a day nobody."""
        return _on(self.offices.get(office), day)


@functools.cache
def read_aliases(path: str | Path | None) -> Aliases:
    """Read and check an alias file; without a path the result knows nobody. The result is cached by path.

    Raises:
        ConfigError: a key or value does not fit, or one name or office means two speakers on the same day.
    """
    if path is None:
        return Aliases()
    loaded = read_yaml(path)
    try:
        entries = AliasFile.model_validate(loaded).speakers
    except ValidationError as error:
        raise ConfigError(f"{path}: {_explain(error)}") from error
    aliases = Aliases(entries)
    for problem in _problems(entries, aliases):
        raise ConfigError(f"{path}: {problem}")
    return aliases


def speaker_of(entry: Entry, day: date | None, aliases: tuple[str, ...]) -> Speaker:
    """Return the record of a speaker of the file, with the office held on the day of the article."""
    held = [office for office in entry.offices if day and office.since <= day <= (office.until or date.max)]
    role = f"{held[0].role} of {held[0].of}" if held else None
    return Speaker(
        speaker_id=entry.speaker_id,
        name=entry.name,
        kind=entry.kind,
        role=entry.role or role,
        affiliation=entry.affiliation or (held[0].of if held else None),
        aliases=aliases,
        wikidata_id=entry.wikidata_id,
    )


def plain(name: str) -> str:
    """Return a name folded, without "the" and full stops, as it is looked up."""
    return fold(name).removeprefix("the ").replace(".", "")


def _claim(entry: Entry, since: date | None, until: date | None) -> _Claim:
    return _Claim(entry, since or date.min, until or date.max, bool(since or until))


def _on(claims: list[_Claim] | None, day: date | None) -> Entry | None:
    for claim in claims or ():
        if not claim.dated or (day is not None and claim.since <= day <= claim.until):
            return claim.entry
    return None


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    location = [str(part) for part in first["loc"]]
    where = ".".join(location)
    if first["type"] == "extra_forbidden":
        known = Held if "offices" in location else Name if "aliases" in location else Entry
        fields = known.model_fields if len(location) > 1 else AliasFile.model_fields
        return f"{where}: no such key here; {did_you_mean(location[-1], fields)}"
    if first["type"] == "missing":
        return f"{where}: this key is required"
    if first["type"] == "enum":
        kinds = [kind.value for kind in SpeakerKind]
        return f"{where}: no kind is called {first['input']!r}; {did_you_mean(str(first['input']), kinds)}"
    return f"{where}: {first['msg']}, found {first['input']!r}"


def _problems(entries: tuple[Entry, ...], aliases: Aliases) -> Iterator[str]:
    seen: dict[str, Entry] = {}
    for entry in entries:
        if entry.speaker_id in seen:
            yield f"{entry.speaker_id!r} stands in the file twice; join both entries or give one an id of its own"
        seen[entry.speaker_id] = entry
        spans = [(each.since, each.until) for each in entry.aliases] + [
            (each.since, each.until) for each in entry.offices
        ]
        for since, until in spans:
            if since and until and until < since:
                yield f"{entry.speaker_id}: {since} to {until} ends before it begins"
        for held in entry.offices:
            if read_office(f"{held.of} {held.role}", read_lexicon()) is None:
                yield f"{entry.speaker_id}: {held.role!r} names no office; end it in one of the offices of the lexicon"
    for folded, claims in aliases.names.items():
        yield from _clashes(f"alias {folded!r}", claims)
    for office, claims in aliases.offices.items():
        yield from _clashes(f"office {office.role!r} of {office.of or 'any'!r}", claims)


def _clashes(what: str, claims: list[_Claim]) -> Iterator[str]:
    ordered = sorted(claims, key=lambda claim: claim.since)
    for first, second in itertools.pairwise(ordered):
        if first.entry is not second.entry and second.since <= first.until:
            yield (
                f"{what} means both {first.entry.speaker_id} and {second.entry.speaker_id} on "
                f"{second.since}; part them by since and until, or drop one"
            )
