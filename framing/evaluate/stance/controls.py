"""Ask a classifier again with something taken away: what it still gets right then, it does not owe to that.

A classifier that does as well without the target as with it does not read the target, however good its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from framing.errors import ConfigError
from framing.evaluate.stance.answers import Answer, answer
from framing.evaluate.stance.comparison import Rival
from framing.protocols import StanceQuery

EMPTY_PROPOSITION = "This should be supported"

Ask = Callable[[Iterable[StanceQuery]], Iterator[Mapping[str, Any]]]
"""A classifier: questions in, lines in the form of `framing stance` out, in their order."""


class Control(NamedTuple):
    """A change to questions; None where it leaves nothing to ask."""

    name: str
    meaning: str
    change: Callable[[StanceQuery], StanceQuery | None]


def _without_target(query: StanceQuery) -> StanceQuery:
    return query._replace(target=EMPTY_PROPOSITION)


def _statement_only(query: StanceQuery) -> StanceQuery:
    return query._replace(context=query.text, speaker=None, article="")


def _speaker_only(query: StanceQuery) -> StanceQuery | None:
    name = (query.speaker or "").strip()
    return query._replace(text=name, context=name, article="") if name else None


CONTROLS = (
    Control("target masked", f"every target is “{EMPTY_PROPOSITION}”", _without_target),
    Control("statement only", "no context and no speaker", _statement_only),
    Control("speaker only", "the speaker's name is all there is to read", _speaker_only),
)


def controls(queries: Sequence[StanceQuery], ask: Ask, *, among: Sequence[Control] = CONTROLS) -> Iterator[Rival]:
    """Yield what a classifier answers under each control."""
    for name, meaning, change in among:
        changed = [change(query) for query in queries]
        asked = [query for query in changed if query is not None]
        given, note = _given(asked, ask, name)
        answers = iter(given)
        left_out = len(changed) - len(asked)
        if left_out:
            note = f"{left_out} of {len(changed)} lines have no speaker and are left out on both sides"
        yield Rival(name, meaning, [next(answers, None) if query else None for query in changed], note)


def _given(asked: Sequence[StanceQuery], ask: Ask, name: str) -> tuple[list[Answer], str | None]:
    """Return the answers, or why there can be none: some classifiers know the targets of their codebook only."""
    try:
        return [answer(line, f"{name}, line {number}") for number, line in enumerate(ask(asked), start=1)], None
    except ConfigError as error:
        return [], f"cannot be asked: {error}"
