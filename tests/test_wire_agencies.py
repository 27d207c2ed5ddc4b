"""Which words credit an agency, and which only mention one."""

from __future__ import annotations

import pytest

from framing.corpora.wire.agencies import Cue, CueKind, cue
from framing.types import Article

BODY = "The minister opened the meeting and left before noon.\n\nNothing was decided on the first day."


def found(text: str, outlet: str | None = "Ledger", **fields: str) -> tuple[str, str] | None:
    what = cue(Article("a", text, outlet=outlet, extra=fields))
    return what and (what.kind.name.lower(), what.agency)


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("BRUSSELS, March 3 (Reuters) - ", "Reuters"),
        ("Brussels (AP) — ", "Associated Press"),
        ("Brussels (AFP) – ", "Agence France-Presse"),
        ("Berlin (dpa) - ", "Deutsche Presse-Agentur"),
        ("Berlin (dpa/AFP) - ", "Deutsche Presse-Agentur"),
        ("Madrid, 3 mar (EFE).- ", "Agencia EFE"),
        ("(Reuters) ", "Reuters"),
    ],
)
def test_datelines_name_their_agency(opening: str, agency: str) -> None:
    assert found(opening + BODY) == ("dateline", agency)


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("By the Associated Press", "Associated Press"),
        ("By Jane Roe, Associated Press", "Associated Press"),
        ("By Jane Roe and John Doe, AP", "Associated Press"),
        ("By Reuters", "Reuters"),
        ("Von Jane Roe, dpa", "Deutsche Presse-Agentur"),
        ("Agence France-Presse", "Agence France-Presse"),
    ],
)
def test_bylines_name_their_agency(line: str, agency: str) -> None:
    assert found(f"{line}\n{BODY}") == ("byline", agency)


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("© 2024 AFP", "Agence France-Presse"),
        ("Copyright 2024 The Associated Press. All rights reserved.", "Associated Press"),
        ("Source: Reuters", "Reuters"),
        ("— AP", "Associated Press"),
        ("dpa", "Deutsche Presse-Agentur"),
        ("(Reporting by Jane Roe in Oslo; Editing by John Doe)", "Reuters"),
        ("It ended at noon. (PTI)", "Press Trust of India"),
    ],
)
def test_credits_at_the_end_name_their_agency(line: str, agency: str) -> None:
    assert found(f"{BODY}\n{line}") == ("credit", agency)


def test_a_contribution_is_told_apart() -> None:
    assert found(f"{BODY}\nThe Associated Press contributed to this report.") == ("contribution", "Associated Press")


@pytest.mark.parametrize(
    "text",
    [
        f"The minister told Reuters that nothing was decided.\n{BODY}",
        f"{BODY}\nShe told the Associated Press so.",
        f"{BODY}\n(AP Photo/Jane Roe)",
        f"Jane Roe/Reuters\n{BODY}",
        f"By Michael Bloomberg\n{BODY}",
        f"She teaches AP classes in Erie (PA), where she lives.\n{BODY}",
        f"{'The talks went on. ' * 80}\nBrussels (AP) — was said in the middle.\n{'The talks went on. ' * 80}",
        BODY,
    ],
)
def test_mentions_quotations_and_pictures_are_no_cue(text: str) -> None:
    assert found(text) is None


def test_the_outlet_itself_may_be_the_agency() -> None:
    assert found(BODY, outlet="reuters") == ("outlet", "Reuters")


@pytest.mark.parametrize("value", ["Jane Roe, Associated Press", "AP", "Jane Roe | AP"])
def test_a_field_of_the_corpus_may_name_the_agency(value: str) -> None:
    assert found(BODY, author=value) == ("field", "Associated Press")


def test_a_name_that_holds_the_letters_of_an_agency_is_none() -> None:
    assert found(BODY, author="AA Gill") is None
    assert found(BODY, headline="AP") is None


def test_the_cue_that_says_most_counts_and_keeps_its_words() -> None:
    what = cue(Article("a", f"OSLO (AP) — {BODY}\nReuters contributed to this report."))
    assert what == Cue(CueKind.DATELINE, "Associated Press", "OSLO (AP) —")


@pytest.mark.parametrize("filler", ["e ", "e", "and ", "/e", "AP and e y e y "])
def test_long_lines_made_to_confuse_take_no_time(filler: str) -> None:
    assert found("(AP " + filler * 300) is None


def test_the_words_of_a_cue_leave_out_the_sentence_before_it() -> None:
    assert cue(Article("a", "It ended at noon. (PTI)")) == Cue(CueKind.CREDIT, "Press Trust of India", "(PTI)")


def test_agencies_that_the_lexicon_lacks_can_be_named() -> None:
    more = (("Fourpoint Wire", "Fourpoint"),)
    for text in (f"OSLO, June 5 (Fourpoint) - {BODY}", f"{BODY}\nSource: Fourpoint Wire"):
        what = cue(Article("a", text), more)
        assert what is not None
        assert what.agency == "Fourpoint Wire"
        assert cue(Article("a", text)) is None
