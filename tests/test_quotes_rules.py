from __future__ import annotations

from typing import NamedTuple

import pytest

from framing.quotes.rules import Rules
from framing.types import Article, CueClass, QuoteType, statement_id


class Said(NamedTuple):
    source: str | None
    cue: str | None
    content: tuple[str, ...]


def said(text: str) -> list[Said]:
    [statements] = Rules()([Article("a", text)])
    return [
        Said(
            s.source.of(text) if s.source else None,
            s.cue.of(text) if s.cue else None,
            tuple(span.of(text) for span in s.content),
        )
        for s in statements
    ]


def test_a_quotation_before_its_attribution() -> None:
    assert said("“It is not up to Moscow to decide,” Anniken Huitfeldt declared on Wednesday.") == [
        Said("Anniken Huitfeldt", "declared", ("“It is not up to Moscow to decide,”",))
    ]


def test_a_quotation_behind_its_attribution() -> None:
    assert said('Stoltenberg told reporters: "The door stays open for everybody."') == [
        Said("Stoltenberg", "told", ('"The door stays open for everybody."',))
    ]


def test_the_source_behind_the_cue() -> None:
    assert said("‘The door stays open,’ said Jens Stoltenberg, the secretary general.") == [
        Said("Jens Stoltenberg, the secretary general", "said", ("‘The door stays open,’",))
    ]


def test_a_split_quotation_is_one_statement() -> None:
    assert said("“The war,” she said, “must come to an end.”") == [
        Said("she", "said", ("“The war,”", "“must come to an end.”"))
    ]


def test_a_quotation_that_goes_on_behind_its_attribution_is_one_statement() -> None:
    assert said("“We agreed on that,” the minister said in April. “We still do.”") == [
        Said("the minister", "said", ("“We agreed on that,”", "“We still do.”"))
    ]


def test_a_clause_with_and_without_that() -> None:
    assert said("The Kremlin has repeatedly claimed that the bloc is a threat.") == [
        Said("The Kremlin", "has repeatedly claimed", ("that the bloc is a threat",))
    ]
    assert said("Stoltenberg said Ukraine would join one day.") == [
        Said("Stoltenberg", "said", ("Ukraine would join one day",))
    ]


def test_a_participle_has_the_source_of_its_main_clause() -> None:
    assert said("The Kremlin said it would answer, arguing that the bloc had broken its word.") == [
        Said("The Kremlin", "said", ("it would answer",)),
        Said("The Kremlin", "arguing", ("that the bloc had broken its word",)),
    ]


def test_according_to() -> None:
    assert said("The talks failed on Monday, according to two diplomats.") == [
        Said("two diplomats", "according to", ("The talks failed on Monday",))
    ]


def test_a_name_and_a_colon_attribute_without_a_verb() -> None:
    assert said("Stoltenberg: “We are united in our support.”") == [
        Said("Stoltenberg", ":", ("“We are united in our support.”",))
    ]


def test_scare_quotes_are_no_statement() -> None:
    assert said("The so-called “peace plan” of the “two brothers” was printed in May.") == []


def test_quote_types() -> None:
    text = "“We will wait for the answer,” he said. She said that it was “a great day”. They said it rained."
    [statements] = Rules()([Article("a", text)])
    assert [s.quote_type for s in statements] == [QuoteType.DIRECT, QuoteType.MIXED, QuoteType.INDIRECT]


def test_ids_are_unique_and_name_the_content() -> None:
    text = "“We will wait,” he said. He said he had said that she said it would rain, she said."
    [statements] = Rules()([Article("a", text)])
    assert len({s.statement_id for s in statements}) == len(statements)
    assert all(s.statement_id == statement_id("a", s.content) for s in statements)


def test_results_are_aligned_with_the_articles() -> None:
    first, second = Rules()([Article("a", ""), Article("b", "She said it would rain.")])
    assert first == ()
    assert [s.article_id for s in second] == ["b"]


def test_only_the_classes_asked_for_are_found() -> None:
    [statements] = Rules(cue_classes=(CueClass.THOUGHT,))(
        [Article("a", "He said it rained. She believes that it rained.")]
    )
    assert [s.cue_class for s in statements] == [CueClass.THOUGHT]


@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 50,
        "“”" * 500,
        '"',
        "’",
        "\u200f«שלום» אמר",
        "\U0001f600 said \U0001f600",
        ":",
        "said",
        "according to",
        ", , said",
    ],
)
def test_strange_texts_do_not_crash(text: str) -> None:
    Rules()([Article("a", text)])
