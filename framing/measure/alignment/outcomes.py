"""What is compared between two versions of an utterance: how much of it is kept, with which verb, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import polars as pl

from framing.errors import ConfigError
from framing.measure.alignment.align import ACCORDING
from framing.measure.grouping import Grouping
from framing.measure.interval import Bootstrap
from framing.measure.names import Named
from framing.measure.own import OwnEstimates
from framing.protocols import Tables
from framing.types import CueClass, Estimate, QuoteType

PLAIN = ("say", "tell", "add", ACCORDING)

Outcome = Literal["kept", "direct", "plain_verb", "speech", "lead", "position"]
OUTCOMES: Mapping[Outcome, pl.Expr] = {
    "kept": pl.col("kept_in_article"),
    "direct": pl.col("quote_type") == QuoteType.DIRECT.value,
    "plain_verb": pl.when(pl.col("cue").is_not_null()).then(pl.col("verb").fill_null("").is_in(PLAIN)),
    "speech": pl.col("cue_class") == CueClass.SPEECH.value,
    "lead": pl.col("lead"),
    "position": pl.col("position"),
}
BINARY = ("direct", "plain_verb", "speech", "lead")


@dataclass(frozen=True, slots=True)
class Aligned(OwnEstimates, Named):
    """How two outlets show the utterances that both render, one outlet minus the other, in [−1, 1].

    `kept` is the share of the longest version's words that an article has; `position` where in the article it begins, 0
    at the top. Shares of utterances are `direct`, all in quote marks; `plain_verb`, with "say", "tell", "add" or
    "according to", against a verb that judges; `speech`, with a cue of speech, against one of thought, attitude or
    writing; `lead`, in the first three paragraphs. It is made by `measure.align` for pairs of outlets.
    """

    outcome: Outcome

    keys: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    min_cell: ClassVar[int] = 1

    def estimates(self, tables: Tables, grouping: Grouping, *, interval: Bootstrap, seed: int) -> Iterator[Estimate]:
        """Refuse to be measured by group.

        Raises:
            ConfigError: always.
        """
        raise ConfigError(f"{self} compares pairs of outlets; leave it out of measure.metrics and set measure.align")
