"""Metrics that are no function of two sums over articles, and so make their estimates themselves."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator

from framing.errors import ConfigError
from framing.measure.grouping import Grouping
from framing.measure.interval import Bootstrap
from framing.protocols import Counts, Tables
from framing.types import Estimate


class OwnEstimates:
    """Base of metrics that look at several groups at once, or at all speakers of a group together.

    `measure` takes them like any other; what builds on the two sums of a metric (differences, corrections for errors of
    the classifier) does not.
    """

    __slots__ = ()

    @abstractmethod
    def estimates(self, tables: Tables, grouping: Grouping, *, interval: Bootstrap, seed: int) -> Iterator[Estimate]:
        """Yield an estimate for each cell of the grouping, in its order."""

    def counts(self, tables: Tables) -> Counts:
        """Refuse to be counted.

        Raises:
            ConfigError: always.
        """
        raise ConfigError(f"{self} is no function of two sums over articles, so that it can only be measured by group")
