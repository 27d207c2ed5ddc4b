"""An experiment as a typed record: read from one YAML file, checked as a whole, every mistake named by its path."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from framing.errors import ConfigError, did_you_mean
from framing.resources import read_yaml

SLUG = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"
Checked = TypeVar("Checked", bound="Section")


class Section(BaseModel):
    """One mapping of a configuration; a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Part(Section):
    """A part by its `kind`; every other key is an option, checked against the part when it is built."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str

    @property
    def options(self) -> dict[str, Any]:
        """The options for the part itself, without `kind` and what this section keeps for the chain."""
        return dict(self.model_extra or {})


def _part_from_name(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


NamedPart = Annotated[Part, BeforeValidator(_part_from_name)]


class Corpus(Part):
    """Where articles come from; `keep_text: false` leaves their text out of the run folder."""

    keep_text: bool = True


class Wire(Part):
    """How wire copy is found and what is done with it.

    `policy` makes the estimates: all copies kept, dropped but for one of each text, or each of n weighted 1/n. The main
    estimates, without time series, are made once more under each policy of `beside`, if there is any wire copy.
    """

    policy: Literal["keep", "drop", "weight"] = "keep"
    beside: tuple[Literal["keep", "drop", "weight"], ...] = ("drop",)


class Interval(Section):
    """How uncertain an estimate is: a bootstrap that redraws whole articles, with percentile or studentised ends."""

    method: Literal["bootstrap", "studentised"] = "bootstrap"
    cluster: Literal["article"] = "article"
    resamples: int = Field(default=2000, ge=100)
    level: float = Field(default=0.95, gt=0.5, lt=1)


class Compare(Section):
    """Which differences between groups are estimated and tested, and which tests are corrected together.

    `families` are lists of metrics by canonical name; without any, each metric that has one value a group is a family.
    """

    of: str = "outlet"
    baseline: str | None = None
    families: tuple[tuple[str, ...], ...] = ()
    correction: Literal["none", "holm", "benjamini_hochberg", "max_t"] = "holm"
    permutations: int = Field(default=999, ge=0)


class Decompose(Section):
    """Which differences between groups are split into who is heard and how they are shown, and by which voices.

    `metrics` are canonical names; without any, each net stance and balance that is measured is split.
    """

    of: str = "outlet"
    baseline: str | None = None
    splits: tuple[Literal["speaker", "speaker_kind", "affiliation"], ...] = ("speaker",)
    metrics: tuple[str, ...] = ()


class Align(Section):
    """How the utterances that several outlets render are found, and which outlets are compared over them."""

    min_words: int = Field(default=8, ge=5)
    containment: float = Field(default=0.8, gt=0, le=1)
    within_days: int | None = Field(default=7, ge=0)
    baseline: str | None = None
    correction: Literal["none", "holm", "benjamini_hochberg"] = "holm"


class Measure(Section):
    """Which metrics, for which groups; each is also measured over everything, and with `period` as a time series."""

    by: tuple[str, ...] = ("outlet",)
    period: Literal["week", "month", "year"] | None = "month"
    metrics: tuple[NamedPart, ...]
    interval: Interval = Interval()
    compare: Compare | None = None
    decompose: Decompose | None = None
    align: Align | None = None

    @property
    def groupings(self) -> tuple[tuple[str, ...], ...]:
        """Everything, the groups, and each of the two by period."""
        plain = ((), self.by)
        timed = tuple((*by, self.period) for by in plain if self.period and self.period not in by)
        return tuple(dict.fromkeys([*plain, *timed]))


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Correct(Section):
    """Hand codes by which stance metrics toward one target are corrected for what the classifier gets wrong.

    `labels` are the files that coders filled in, `sample` lists the articles that were drawn with their inclusion
    probabilities (without it, `sample.csv` in the folder of the first). `target` is what was coded, if neither codes
    nor experiment leave it open; `by` are groups of articles to correct apart, without it those of `measure.by`.
    """

    labels: Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
    sample: str | None = None
    target: str | None = None
    by: tuple[str, ...] | None = None


class Report(Section):
    """What the report shows; beyond `articles` the texts are left out of the page, and the page says so."""

    title: str | None = None
    charts: tuple[NamedPart, ...] = ()
    articles: int = Field(default=500, ge=0)


class DateWindow(Section):
    """A part of the period by name, from its first to its last day; without one of the two, open at that end."""

    name: str = Field(pattern=SLUG)
    first: date | None = None
    last: date | None = None

    @model_validator(mode="after")
    def _holds_days(self) -> DateWindow:
        if self.first is None and self.last is None:
            raise ValueError("expected first, last or both, as dates")
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"first ({self.first}) is after last ({self.last})")
        return self


class Multiverse(Section):
    """Which choices `framing multiverse` varies; the first of each is the main specification.

    `confidence` is the least confidence of a statement; `abstention` the least probability of a label, or `run` for the
    decisions of the run itself. A statement weighs 1 or as its words do; with `unit` each statement, each voice of an
    article or each article weighs the same. `wire` are policies on copies (without any, that of the run and the other
    of keep and drop), `window` parts of the period: all, first_half and second_half by the median day, or days.
    `metrics` are canonical names; without any, each measured metric with one signed value a group.
    """

    metrics: tuple[str, ...] = ()
    confidence: tuple[Annotated[float, Field(ge=0, le=1)], ...] = Field(default=(0.0, 0.5, 0.8), min_length=1)
    abstention: tuple[Literal["run"] | Annotated[float, Field(ge=0, le=1)], ...] = Field(
        default=("run", 0.0, 0.6), min_length=1
    )
    weight: tuple[Literal["statement", "word"], ...] = Field(default=("statement", "word"), min_length=1)
    unit: tuple[Literal["statement", "speaker", "article"], ...] = Field(default=("statement", "article"), min_length=1)
    wire: tuple[Literal["keep", "drop", "weight"], ...] = ()
    window: tuple[Literal["all", "first_half", "second_half"] | DateWindow, ...] = Field(
        default=("all", "first_half", "second_half"), min_length=1
    )
    resamples: int = Field(default=500, ge=100)


class Experiment(Section):
    """One experiment: a corpus, the parts that read it, the metrics and the report.

    Without `wire` no copies are looked for; without `events` articles have the event ids that the corpus gives them.
    """

    name: str = Field(pattern=SLUG)
    seed: int = Field(default=0, ge=0)
    corpus: Corpus
    wire: Annotated[Wire | None, BeforeValidator(_part_from_name)] = Wire(kind="minhash")
    events: NamedPart | None = None
    quotes: NamedPart = Part(kind="tagger")
    speakers: NamedPart = Part(kind="names")
    stance: NamedPart | None = None
    measure: Measure
    correct: Correct | None = None
    multiverse: Multiverse = Multiverse()
    report: Report = Report()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values with every default filled in, ready for YAML."""
        return self.model_dump(mode="json")

    def as_yaml(self) -> str:
        """Return YAML that `framing run` accepts again."""
        return yaml.safe_dump(self.as_dict(), sort_keys=False, allow_unicode=True)

    def sha256(self) -> str:
        """Return the hash of the configuration, equal for equal configurations however they were written."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()


def load(path: str, overrides: Iterable[str] = ()) -> Experiment:
    """Read an experiment and apply `a.b=value` overrides, whose values are read as YAML.

    Raises:
        ConfigError: the file cannot be read, or a key or value in it is wrong; the message names its path.
    """
    return check(Experiment, override(read_yaml(path), overrides), place=path)


def override(values: dict[str, Any], overrides: Iterable[str]) -> dict[str, Any]:
    """Return a copy of nested `values` in which each `a.b=value` is set; missing mappings on the way are made.

    Raises:
        ConfigError: an override has no `=`, its value is not YAML, or its path runs through a plain value.
    """
    changed: dict[str, Any] = json.loads(json.dumps(values, default=str))
    for text in overrides:
        path, equals, value = text.partition("=")
        if not equals or not path:
            raise ConfigError(f"--set {text}: expected a.b=value, for example measure.interval.resamples=500")
        here = changed
        *parents, last = path.split(".")
        for key in parents:
            if isinstance(here.get(key), str):
                here[key] = {"kind": here[key]}
            if here.get(key) is None:
                here[key] = {}
            here = here[key]
            if not isinstance(here, dict):
                raise ConfigError(f"--set {text}: {key!r} is a plain value, so nothing can be set below it")
        try:
            here[last] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise ConfigError(f"--set {text}: the value is not YAML: {error}") from error
    return changed


def check(section: type[Checked], values: object, *, place: str) -> Checked:
    """Validate `values` against a section and reword what pydantic finds: one line a mistake, each with its path.

    Raises:
        ConfigError: a key is unknown or missing, or a value does not fit.
    """
    try:
        return section.model_validate(values)
    except ValidationError as error:
        raise ConfigError("\n".join(_reword(section, found, place) for found in error.errors())) from error


def _reword(section: type[Section], found: Any, place: str) -> str:
    *parents, last = found["loc"] or ("",)
    where = f"{place}: {'.'.join(map(str, found['loc']))}"
    if found["type"] == "extra_forbidden":
        return f"{where}: there is no such key; {did_you_mean(str(last), _keys_at(section, parents))}"
    if found["type"] == "missing":
        return f"{where}: this key is required"
    return f"{where}: {found['msg'][:1].lower()}{found['msg'][1:]}, found {found['input']!r}"


def _keys_at(section: type[Section], path: list[Any]) -> Iterable[str]:
    here: Any = section
    for key in path:
        if not isinstance(key, str):
            continue
        field = here.model_fields.get(key)
        candidates = [field.annotation, *getattr(field.annotation, "__args__", ())] if field else []
        here = next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), here)
    return list(here.model_fields)
