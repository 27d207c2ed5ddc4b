from __future__ import annotations

import time
import timeit
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.errors import ConfigError
from framing.quotes.cues import read_cues
from framing.quotes.rules.extractor import Rules
from framing.types import Article, CueClass, QuoteType, statement_id

PIECES = [
    "said", "that", ",", ".", "“", "”", '"', "‘", "’", "«", "»", "Olga Brandt", "the minister", "according to", ":",
    "who", "and", "\n\n", "told reporters", "it would rain", ", arguing", "’s",
    "on Monday", "she", "(", "—", "\x00",
]  # fmt: skip


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


def test_a_name_and_a_colon_open_a_headline() -> None:
    text = "Brandt: Plan Puts Peace at Risk\n\nThe party met in May."
    assert said(text) == [Said("Brandt", ":", ("Plan Puts Peace at Risk",))]
    assert said("OSLO: The party met in May.\n\nIt rained.") == []
    assert said("The Latest: Plan Puts Peace at Risk\n\nThe party met in May.") == []


def test_a_question_that_opens_a_sentence_has_no_source() -> None:
    assert said("Asked whether it would rain, Brandt said she hoped so.")[0] == Said(
        None, "Asked", ("whether it would rain",)
    )


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


def test_a_quotation_that_belongs_to_a_clause_is_mixed_content() -> None:
    assert said("President Olga Brandt is demanding a “clear message” at the summit that Norway will join.") == [
        Said(
            "President Olga Brandt",
            "is demanding",
            ("a “clear message” at the summit that Norway will join",),
        )
    ]


def test_an_aside_in_the_middle_of_a_sentence_parts_its_content() -> None:
    assert said("The plan, she said, will fail in spring.") == [
        Said("she", "said", ("The plan", "will fail in spring")),
    ]


def test_an_aside_at_the_end_of_a_sentence() -> None:
    assert said("The plan will fail in spring, the minister said on Monday.") == [
        Said("the minister", "said", ("The plan will fail in spring",)),
    ]
    assert said("The plan will fail in spring, argued a diplomat from Tallinn.") == [
        Said("a diplomat from Tallinn", "argued", ("The plan will fail in spring",)),
    ]


def test_words_around_a_quotation_before_its_attribution_belong_to_the_content() -> None:
    assert said("But “it is a better use of our money and time,” he added.") == [
        Said("he", "added", ("But", "“it is a better use of our money and time,”")),
    ]


def test_a_relative_clause_stays_with_its_source() -> None:
    assert said("Olga Brandt, who leads the party, said that it would rain.") == [
        Said("Olga Brandt, who leads the party", "said", ("that it would rain",)),
    ]


def test_an_opening_adverb_is_no_part_of_the_source() -> None:
    assert said("Meanwhile, the Kremlin, has repeatedly claimed that it rains.") == [
        Said("the Kremlin", "has repeatedly claimed", ("that it rains",)),
    ]


def test_a_coordinated_cue_begins_a_new_statement_of_the_same_source() -> None:
    assert said("Brandt said it would rain but said the sun would shine later.") == [
        Said("Brandt", "said", ("it would rain",)),
        Said("Brandt", "said", ("the sun would shine later",)),
    ]


def test_an_addressee_is_neither_source_nor_content() -> None:
    assert said("Brandt told reporters on Friday that it would rain.") == [
        Said("Brandt", "told", ("that it would rain",)),
    ]


def test_called_on_and_urged() -> None:
    assert said("Brandt called on Moscow to withdraw its troops.") == [
        Said("Brandt", "called on", ("Moscow to withdraw its troops",)),
    ]
    assert said("The minister urged her colleagues to wait.") == [
        Said("The minister", "urged", ("her colleagues to wait",)),
    ]


def test_according_to_in_front() -> None:
    assert said("According to two diplomats, the talks failed on Monday.") == [
        Said("two diplomats", "According to", ("the talks failed on Monday",)),
    ]


def test_a_colon_after_a_cue_introduces_the_next_paragraph() -> None:
    assert said("Brandt wrote on her page:\n\n“We have waited long enough for this.”") == [
        Said("Brandt", "wrote", ("“We have waited long enough for this.”",)),
    ]


def test_paragraphs_that_reopen_a_quotation_are_one_statement() -> None:
    text = "“We began early in the day,” Brandt said. “We went on.\n\n“We ended late in the night.”"
    assert said(text) == [
        Said(
            "Brandt",
            "said",
            ("“We began early in the day,”", "“We went on.", "“We ended late in the night.”"),
        )
    ]


def test_an_attribution_at_the_end_holds_for_the_paragraphs_before_that_were_left_open() -> None:
    assert said("“We began early in the day.\n\n“We ended late in the night,” Brandt said.") == [
        Said("Brandt", "said", ("“We began early in the day.", "“We ended late in the night,”")),
    ]


def test_a_long_quotation_without_a_cue_has_neither_cue_nor_source() -> None:
    assert said("The hall was full.\n\n“We have waited long enough for this.”") == [
        Said(None, None, ("“We have waited long enough for this.”",)),
    ]


def test_cues_inside_a_quotation_are_not_read() -> None:
    assert said("“He told me that she said it would rain,” Brandt said.") == [
        Said("Brandt", "said", ("“He told me that she said it would rain,”",)),
    ]


def test_a_noun_that_looks_like_a_cue_is_none() -> None:
    assert said("The final day of informal talks that ended in May was short.") == []
    assert said("There is a new pledge to spend more.") == []


def test_the_verb_of_a_contracted_pronoun_is_no_part_of_the_source() -> None:
    [first] = said("He’s said that it would rain.")
    assert first.source == "He"


def test_statements_below_the_least_confidence_are_left_out() -> None:
    text = "“We will wait for it,” Brandt said. She praised the plan."
    [everything] = Rules()([Article("a", text)])
    [sure] = Rules(min_confidence=0.9)([Article("a", text)])
    assert len(everything) == 2
    assert [s.cue.of(text) for s in sure if s.cue] == ["said"]


def test_a_lexicon_with_a_verb_in_two_classes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cues.yaml"
    path.write_text(
        "irregular: {}\ndoubling: []\nclasses: {speech: {verbs: {note: that}}, writing: {verbs: {note: that}}}\n"
    )
    with pytest.raises(ConfigError, match="'note' stands in speech and writing"):
        Rules(lexicon=str(path))([Article("a", "x")])


def test_a_lexicon_with_an_unknown_class_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cues.yaml"
    path.write_text("irregular: {}\ndoubling: []\nclasses: {song: {verbs: {hum: that}}}\n")
    with pytest.raises(ConfigError, match="song"):
        Rules(lexicon=str(path))([Article("a", "x")])


def test_verbs_are_inflected_by_rule() -> None:
    verbs = read_cues("framing:lexicon/cues.yaml").verbs
    assert {"denies", "denied", "denying", "admitted", "agreed", "urging", "wrote", "written"} <= set(verbs)
    assert "admited" not in verbs


@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
def test_any_text_gives_ordered_statements_with_unique_ids_inside_it(text: str) -> None:
    [statements] = Rules()([Article("a", text)])
    spans = [span for s in statements for span in (*s.content, s.cue, s.source) if span]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert len({s.statement_id for s in statements}) == len(statements)
    assert [s.content[0].start for s in statements] == sorted(s.content[0].start for s in statements)
    assert all(a.end <= b.start for s in statements for a, b in pairwise(s.content))


@pytest.mark.parametrize(
    "piece",
    [
        "said ", "said he told that and the man of claims, ", "x, he said, ", "he said “a b c d e f” ", "“he said a ",
        "A: “b c d e f g” ", "according to ", "Name ", "the of ", "U.S. said ", "1-", "a'", ".", "\x00said\x00 ",
        "«שלום» אמר ", "\U0001f600 said ",
    ],
)  # fmt: skip
def test_time_grows_with_length_and_not_with_its_square(piece: str) -> None:
    def seconds(times: int) -> float:
        article = Article("a", piece * times)
        # The least of several runs, without garbage collection: what the other work of the machine adds is left out.
        return min(timeit.repeat(lambda: Rules()([article]), timer=time.process_time, repeat=4, number=1))

    seconds(10)
    assert seconds(2_000) < 8 * (seconds(500) + 0.03)


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
