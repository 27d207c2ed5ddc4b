import json
from pathlib import Path

import pytest

from framing.protocols import StanceQuery
from framing.resources import locate
from framing.stance.codebook import read_codebook
from framing.stance.gate import Closed, RelevanceGate
from framing.stance.linear import Linear
from framing.train.stance.rows import read_rows
from framing.types import Label

CODEBOOK = "framing:codebooks/nato_expansion.yaml"
ON_TOPIC = "Ministers met in the capital. Finland has asked to join NATO. They will decide in spring."
OFF_TOPIC = "Two parties formed an alliance. Its members want to win the seat in Georgia. The debate is on Monday."

DAM = """
name: rivers
labels: [support, oppose, neutral, unrelated]
rules:
  - {number: 4, name: other, text: Fish are another matter., labels: [unrelated]}
targets:
  dam:
    proposition: The dam should be built.
    negation: The dam should not be built.
    aliases: [dam, barrage]
    opposites: [free river]
"""


def gate(text: str, target: str = "nato_expansion", *, article: str = "", on_topic: bool = False) -> Closed | None:
    query = StanceQuery("s1", text, text, None, target, article)
    return RelevanceGate(read_codebook(CODEBOOK), target)(query, on_topic=on_topic)


@pytest.mark.parametrize(
    "text",
    [
        "NATO should admit Georgia",
        "the alliance is open to new members",
        "NATO's door is open",
        "Finland should apply without delay",
        "NATO expansion was a mistake",
        "Sweden gave up its neutrality",
    ],
)
def test_passage_that_brings_up_the_target_passes(text: str) -> None:
    assert gate(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "the goalkeeper was not at fault",
        "I would join the union again",
        "Sweden won the final",
        "the door is open to a deal on pay",
        "the expansion of the chain was premature",
        "net neutrality is dead",
        "the club has new members",
        "NATO held an exercise in the rain",
    ],
)
def test_passage_without_telling_words_is_held_back(text: str) -> None:
    assert gate(text) is not None


def test_one_word_is_enough_in_an_article_about_the_target() -> None:
    assert gate("the door is open", article=ON_TOPIC) is None
    assert gate("the door is open", article=OFF_TOPIC) is not None


def test_common_name_of_the_object_does_not_make_an_article_about_it() -> None:
    assert gate("The alliance took in two new members.") is None
    assert gate("The alliance took in two new members.", article=OFF_TOPIC) is not None


def test_passage_without_any_word_is_held_back_less_surely_in_an_article_about_the_target() -> None:
    there, elsewhere = gate("the soup was cold", article=ON_TOPIC), gate("the soup was cold", article=OFF_TOPIC)
    assert there is not None
    assert elsewhere is not None
    assert 0.5 < there.unrelated < elsewhere.unrelated


def test_target_whose_subjects_are_names_needs_one_of_them() -> None:
    assert gate("NATO should admit Georgia", "ukraine_in_nato") is not None
    assert gate("NATO should admit Ukraine", "ukraine_in_nato") is None


def test_word_inside_a_related_matter_does_not_count() -> None:
    assert gate("Ukraine's hopes rest on EU membership", "ukraine_in_nato") is not None


def test_training_row_is_read_as_part_of_an_article_about_its_target() -> None:
    assert gate("the application was welcomed", on_topic=True) is None
    assert gate("the soup was cold", on_topic=True) is not None


def test_reason_names_the_rule_and_what_is_missing() -> None:
    silent, little = gate("the soup was cold"), gate("he joined the firm")
    assert silent is not None
    assert silent.reason == "rule 8: the passage names neither NATO nor any other word of the target"
    assert little is not None
    assert little.reason == 'rule 8: the passage names only "joined", too little to bring up the target'


def test_target_without_an_object_is_brought_up_by_any_alias_or_opposite(tmp_path: Path) -> None:
    path = tmp_path / "rivers.yaml"
    path.write_text(DAM, encoding="utf-8")
    dam = RelevanceGate(read_codebook(path), "dam")
    for text in ("the dam will flood us", "a free river is worth more"):
        assert dam(StanceQuery("s1", text, text, None, "dam")) is None
        assert dam(StanceQuery("s1", text, text, None, "dam", f"It rained. Then {text}.")) is None
    closed = dam(StanceQuery("s1", "trout are back", "trout are back", None, "dam"))
    assert closed is not None
    assert closed.reason.startswith("rule 4: the passage names neither dam")


def test_statement_held_back_is_unrelated_for_the_gates_reason_and_its_probabilities_sum_to_one() -> None:
    queries = [
        StanceQuery("s1", text, text, None, "nato_expansion")
        for text in ("that", "NATO should admit Georgia", "I would join the union again")
    ]
    first, second, third = Linear()(queries)
    assert [stance.statement_id for stance in (first, second, third)] == ["s1"] * 3
    assert (first.label, third.label) == (Label.UNRELATED, Label.UNRELATED)
    assert second.label is Label.SUPPORT
    for stance in (first, third):
        assert stance.reasons[0].startswith("rule 8: the passage names")
        assert sum(stance.probabilities.values()) == pytest.approx(1.0)
        assert not stance.abstained
        assert not stance.conditional


@pytest.mark.parametrize("target", ["nato_expansion", "ukraine_in_nato"])
def test_nearly_all_shipped_news_on_other_matters_is_unrelated(target: str) -> None:
    rows = [row for row in read_rows([f"framing:stance/{target}.jsonl"], read_codebook(CODEBOOK)) if not row.on_topic]
    assert len(rows) >= 40
    stances = Linear()([row.query for row in rows])
    assert sum(stance.label is Label.UNRELATED for stance in stances) >= 0.95 * len(rows)


@pytest.mark.parametrize("target", ["nato_expansion", "ukraine_in_nato"])
def test_gate_holds_back_few_rows_that_address_their_target(target: str) -> None:
    rows = read_rows([f"framing:stance/{target}.jsonl"], read_codebook(CODEBOOK))
    addressed = [row for row in rows if row.label is not Label.UNRELATED]
    shipped = RelevanceGate(read_codebook(CODEBOOK), target)
    held_back = sum(shipped(row.query, on_topic=row.on_topic) is not None for row in addressed)
    assert held_back < 0.05 * len(addressed)


def test_rows_off_topic_are_all_labelled_unrelated() -> None:
    for path in Path(locate("framing:stance")).rglob("*.jsonl"):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert {row["label"] for row in rows if not row.get("on_topic", True)} <= {"unrelated"}
