"""What the rules find before it becomes a statement: ranges of tokens with the rule that found them."""

from __future__ import annotations

from typing import NamedTuple

from framing.types import CueClass

Tokens = tuple[int, int]


class Found(NamedTuple):
    """An attribution as ranges of tokens; `rule` names what found it and decides its confidence."""

    content: tuple[Tokens, ...]
    cue: Tokens | None
    source: Tokens | None
    cue_class: CueClass | None
    rule: str
    detail: str = ""
