"""The seams of the chain on one page: what a part of each kind takes and gives.

A part is a frozen dataclass whose fields are its options and whose `__call__` is its work. Stages take sequences, so
that a model can batch across articles; every result is aligned with its input. The registry maps a `kind:` of the
configuration to a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from framing.types import Article, Speaker, Stance, Statement

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from matplotlib.figure import Figure
    from numpy.typing import NDArray


Tables: TypeAlias = Mapping[str, "pl.DataFrame"]
"""The tables of a run by name, as metrics and charts take them."""


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
    `text` where nothing more is known), `speaker` the holder as the passage names it, `target` a name of the
    codebook, or a proposition, thing or person in free words for a classifier that takes them.
    `article` is the whole text around it, empty where it is not known; it can tell whether the target comes up at all.
    """

    statement_id: str
    text: str
    context: str
    speaker: str | None
    target: str
    article: str = ""


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


class SumFunction(Protocol):
    """A smooth function of two sums, of which the first is a part of the second; it grows with the first.

    `value` is NaN where it is undefined; `slopes` are its derivatives by the first and by the second sum.
    """

    def value(self, above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]: ...

    def slopes(
        self, above: NDArray[np.float64], below: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...


class Counts(NamedTuple):
    """What a metric sums, in two tables, so that an article without a key still counts in the denominator.

    `numerator` has one row for each article and key that occurs in it: article_id, the metric's keys, numerator,
    squares, products. A missing row is a zero; an explicit zero asks that the key be listed. `denominator` has one row
    for each article, or each article and value of some of the keys (shares within a speaker): article_id, these keys,
    denominator, squares, statements. An article that is missing here has nothing to count.

    `squares` are sums of squared numerators or denominators over statements, `products` of numerator × denominator;
    they give the variance that independent statements would have, and are null where the unit is the article.

    The value is the ratio of the two sums, or the `function` of them if one is named; the ratio is then a share.
    """

    numerator: pl.DataFrame
    denominator: pl.DataFrame
    function: SumFunction | None = None

    @property
    def within(self) -> tuple[str, ...]:
        """Name the keys that the denominator is split by."""
        measured = ("article_id", "denominator", "squares", "statements")
        return tuple(name for name in self.denominator.columns if name not in measured)


class Metric(Protocol):
    """A ratio of two sums over articles, or a smooth function of them; `str(metric)` is its canonical name.

    The value of any grouping comes from the two sums over its articles; interval, difference, test and time series
    follow from that one shape. `keys` are the columns that split the numerator, `bounds` the least and the greatest
    value. `min_cell` suppresses the value of an estimate that rests on fewer statements; 1 suppresses none.
    """

    @property
    def keys(self) -> tuple[str, ...]: ...

    @property
    def bounds(self) -> tuple[float, float]: ...

    @property
    def min_cell(self) -> int: ...

    def counts(self, tables: Tables) -> Counts: ...


class Needs(NamedTuple):
    """The estimates that a chart draws: of one kind of metric, split by `keys`, by outlet and perhaps over time."""

    metric: str
    target: str | None = None
    keys: tuple[str, ...] = ()
    over_time: bool = False


class Chart(Protocol):
    """Draw one figure from the tables `estimates` and `speakers`; every value is drawn with its interval.

    What the chart `needs` is checked before a run begins.
    """

    @property
    def needs(self) -> Needs: ...

    def __call__(self, tables: Tables) -> Figure: ...
