from __future__ import annotations

import pytest

from framing.quotes.cues import SHIPPED, read_cues
from framing.quotes.tagger.cue_classes import cue_class
from framing.types import CueClass


@pytest.mark.parametrize(
    ("cue", "expected"),
    [
        ("has repeatedly claimed", CueClass.SPEECH),
        ("according to", CueClass.SPEECH),
        ("wrote", CueClass.WRITING),
        ("had long believed", CueClass.THOUGHT),
        ("declined to say", CueClass.SPEECH),
    ],
)
def test_a_cue_has_the_class_of_its_last_known_verb(cue: str, expected: CueClass) -> None:
    assert cue_class(cue, read_cues(SHIPPED), quotes=False) is expected


@pytest.mark.parametrize(("quotes", "expected"), [(True, CueClass.SPEECH), (False, CueClass.ATTITUDE)])
def test_of_an_unknown_cue_only_what_it_introduces_tells(quotes: bool, expected: CueClass) -> None:
    assert cue_class("is confident", read_cues(SHIPPED), quotes=quotes) is expected


def test_a_mark_without_letters_introduces_speech() -> None:
    assert cue_class(":", read_cues(SHIPPED), quotes=False) is CueClass.SPEECH
