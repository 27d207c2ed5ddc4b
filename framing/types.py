"""The records that travel through the chain: frozen, slotted and free of behaviour.

Every offset is a half-open range of Unicode code points into `Article.text`, which never changes after reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class QuoteType(StrEnum):
    """How the words of a statement are rendered: inside quote marks, outside them, or both."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class CueClass(StrEnum):
    """What kind of act the cue reports."""

    SPEECH = "speech"
    WRITING = "writing"
    THOUGHT = "thought"
    ATTITUDE = "attitude"


class SpeakerKind(StrEnum):
    """What a speaker is; `anonymous` is withheld on purpose by the article, `unknown` is not found by us."""

    PERSON = "person"
    ORGANISATION = "organisation"
    GOVERNMENT = "government"
    GROUP = "group"
    DOCUMENT = "document"
    ANONYMOUS = "anonymous"
    UNKNOWN = "unknown"


class Resolution(StrEnum):
    """How the source of a statement was resolved to its speaker."""

    EXACT = "exact"
    ALIAS = "alias"
    PRONOUN = "pronoun"
    NOMINAL = "nominal"
    NONE = "none"


class Label(StrEnum):
    """A speaker's position toward a target; `neutral` addresses it without a side, `unrelated` does not address it."""

    SUPPORT = "support"
    OPPOSE = "oppose"
    NEUTRAL = "neutral"
    UNRELATED = "unrelated"


class Span(NamedTuple):
    """A half-open character range `[start, end)` of an article's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of `text` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Article:
    """One news text with its outlet and date."""

    article_id: str
    text: str
    outlet: str | None = None
    published: date | None = None
    title: str | None = None
    url: str | None = None
    language: str | None = None
    event_id: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """One attribution: what was said (one or more spans), the cue that signals it, the span that names its source."""

    statement_id: str
    article_id: str
    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    quote_type: QuoteType
    cue_class: CueClass | None
    confidence: float
    extractor: str
    parent_id: str | None = None
    speaker_id: str | None = None
    resolution: Resolution = Resolution.NONE
    resolution_confidence: float = 0.0


def statement_id(article_id: str, content: tuple[Span, ...]) -> str:
    """Name a statement by its article and the hull of its content, so that two runs over one corpus join."""
    return f"{article_id}:{content[0].start}-{content[-1].end}"


@dataclass(frozen=True, slots=True)
class Speaker:
    """A resolved person, organisation, government, group, document or anonymous voice."""

    speaker_id: str
    name: str
    kind: SpeakerKind
    role: str | None = None
    affiliation: str | None = None
    aliases: tuple[str, ...] = ()
    wikidata_id: str | None = None


@dataclass(frozen=True, slots=True)
class Stance:
    """The position one statement takes toward one target.

    `label` is the most probable label even when `abstained` is true; measures leave abstained stances out and count
    them. `probabilities` has one entry for each `Label` and sums to one. `reasons` names what decided, strongest first.
    """

    statement_id: str
    target: str
    label: Label
    conditional: bool
    probabilities: Mapping[Label, float]
    abstained: bool
    model: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """One value of a metric with its interval and the counts behind it.

    `value`, `low` and `high` are None where the data do not define them (an empty group, an interval from one
    article); `note` then says why. `design_effect` is the variance under clustering by article over that of
    independent statements. A difference between two groups has `p_value`, that of its test, and `p_adjusted`, for all
    comparisons of its family; `correction` then names the method.
    """

    metric: str
    group: Mapping[str, str]
    value: float | None
    low: float | None
    high: float | None
    articles: int
    statements: int
    design_effect: float | None
    estimator: str
    correction: str = "none"
    wire_policy: str = "keep"
    note: str | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
