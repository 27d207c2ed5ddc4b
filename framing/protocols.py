"""The seams of the chain on one page: what a part of each kind takes and gives.

A part is a frozen dataclass whose fields are its options and whose `__call__` is its work. Stages take sequences, so
that a model can batch across articles; every result is aligned with its input. The registry maps a `kind:` of the
configuration to a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from framing.types import Article, Speaker, Stance, Statement

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure


class Rejection(NamedTuple):
    """A row of a corpus that could not be read: the file, the row in it and the reason.

    Row 1 is the first record; in JSON lines it is the number of the line. Row 0 is the file as a whole.
    """

    file: str
    row: int
    reason: str


class ArticleStatements(NamedTuple):
    """An article with the statements found in it, in text order."""

    article: Article
    statements: tuple[Statement, ...]


class Resolved(NamedTuple):
    """The statements of one article with their speakers filled in, and the speakers they name."""

    statements: tuple[Statement, ...]
    speakers: tuple[Speaker, ...]


class StanceQuery(NamedTuple):
    """One question to a stance classifier: which side does this text, said by `speaker`, take on `target`?

    `text` is the statement's content, `context` the passage it stands in (the sentence with its neighbours; equal to
    `text` where nothing more is known), `speaker` the holder as the passage names it, `target` a name of the codebook.
    """

    statement_id: str
    text: str
    context: str
    speaker: str | None
    target: str


class Reader(Protocol):
    """Read a corpus as a stream: each item an article, or the reason why a row is none."""

    def __call__(self) -> Iterator[Article | Rejection]: ...


class QuoteExtractor(Protocol):
    """Find the statements of each article; the speaker fields are left empty."""

    def __call__(self, articles: Sequence[Article]) -> list[tuple[Statement, ...]]: ...


class SpeakerResolver(Protocol):
    """Resolve the source of every statement to a speaker."""

    def __call__(self, articles: Sequence[ArticleStatements]) -> list[Resolved]: ...


class StanceClassifier(Protocol):
    """Label each query with the position its speaker takes; `targets` are the codebook names it was asked for."""

    @property
    def targets(self) -> tuple[str, ...]: ...

    def __call__(self, queries: Sequence[StanceQuery]) -> list[Stance]: ...


class Metric(Protocol):
    """A ratio, written as its two sums an article; `str(metric)` is its canonical name.

    `counts` returns one row for each article and group with the columns article_id, the metric's own `keys`,
    `numerator`, `denominator` and `statements`. The value of any grouping is the ratio of the two sums over its
    articles, and interval, difference and time series follow from that one shape.
    """

    @property
    def keys(self) -> tuple[str, ...]: ...

    def counts(self, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame: ...


class Chart(Protocol):
    """Draw one figure from the estimates of a run; every value is drawn with its interval."""

    def __call__(self, tables: Mapping[str, pl.DataFrame]) -> Figure: ...
