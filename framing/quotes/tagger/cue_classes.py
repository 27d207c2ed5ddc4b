"""What kind of act a cue reports, by the lexicon."""

from __future__ import annotations

import re

from framing.quotes.cues import Cues
from framing.types import CueClass

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def cue_class(cue: str, lexicon: Cues, *, quotes: bool) -> CueClass:
    """Return the class of a cue by its last verb that the lexicon has.

    Of a cue that it lacks nothing is known but what it introduces: speech where the content `quotes`, else an attitude.
    """
    words = [word.lower() for word in _WORD.findall(cue)]
    if "according" in words:
        return CueClass.SPEECH
    for word in reversed(words):
        if word in lexicon.verbs:
            return lexicon.verbs[word].cue_class
    return CueClass.SPEECH if quotes or not words else CueClass.ATTITUDE
