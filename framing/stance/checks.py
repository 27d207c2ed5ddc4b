"""What every stance classifier refuses, in the same words."""

from __future__ import annotations

from collections.abc import Iterable

from framing.errors import ConfigError, CorpusError
from framing.protocols import StanceQuery


def check_threshold(threshold: float | None) -> None:
    """Raise a ConfigError unless a threshold is a probability, or None."""
    if threshold is not None and not 0 <= threshold <= 1:
        raise ConfigError(f"stance.threshold: expected a probability from 0 to 1, found {threshold}")


def check_texts(queries: Iterable[StanceQuery]) -> None:
    """Raise a CorpusError that names the first statement without text."""
    for query in queries:
        if not query.text.strip():
            raise CorpusError(f"statement {query.statement_id}: its text is empty, so it takes no stance; leave it out")
