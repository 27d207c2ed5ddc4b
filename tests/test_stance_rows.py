"""The labelled statements that ship with the package, and the codebook they are coded by."""

import functools
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from framing.errors import ConfigError
from framing.protocols import StanceQuery
from framing.resources import locate
from framing.stance.codebook import Codebook, read_codebook
from framing.stance.gate import relevance_gate
from framing.train.stance.rows import StanceRow, read_rows
from framing.types import Label

CODEBOOK = "framing:codebooks/foreign_policy.yaml"
OLDER = ("nato_expansion", "ukraine_in_nato")
FOREIGN_POLICY = ("nato", "ukraine_and_russia", "europe", "arms_and_middle_east", "trade_and_world_order")
PHENOMENA = {
    "direct",
    "counter_veto",
    "conditional",
    "refusal_for_a_time",
    "reported_by_another",
    "negation",
    "sentiment_against_stance",
    "other_target",
    "factual_mention",
    "blame",
    "alternative_demanded",
    "question",
}


def source(name: str) -> str:
    return f"framing:stance/{name}.jsonl"


def codebook() -> Codebook:
    return read_codebook(CODEBOOK)


@functools.cache
def foreign_policy() -> list[StanceRow]:
    return read_rows([source(name) for name in FOREIGN_POLICY], codebook())


@functools.cache
def older() -> list[StanceRow]:
    return read_rows([source(name) for name in OLDER], codebook())


@functools.cache
def general() -> list[StanceRow]:
    return read_rows([source("general")], codebook(), free=True)


@functools.cache
def phenomena() -> list[StanceRow]:
    return read_rows([source("test/phenomena")], codebook())


def training() -> list[StanceRow]:
    return [*older(), *foreign_policy(), *general()]


def eights(row: StanceRow) -> set[tuple[str, ...]]:
    """Every sequence of eight words in the passage and the statement of a row."""
    words = [
        re.findall(r"\w+(?:'\w+)?", text.lower().replace("’", "'")) for text in (row.query.context, row.query.text)
    ]
    return {tuple(each[at : at + 8]) for each in words for at in range(len(each) - 7)}


def stands_in(fragments: str, passage: str) -> bool:
    """Whether a passage holds a text, or the pieces into which it can be cut, in the order in which they come."""
    words, at = fragments.split(" "), 0
    while words:
        length = next((n for n in range(len(words), 0, -1) if passage.find(" ".join(words[:n]), at) >= 0), 0)
        if length == 0:
            return False
        piece = " ".join(words[:length])
        at, words = passage.find(piece, at) + len(piece), words[length:]
    return True


def test_codebook_has_twenty_four_targets_and_the_thirteen_rules() -> None:
    assert len(codebook().targets) == 24
    assert [rule.number for rule in codebook().rules] == list(range(1, 14))


def test_rules_lead_to_the_same_labels_in_both_codebooks() -> None:
    first = read_codebook("framing:codebooks/nato_expansion.yaml")
    for rule, same in zip(codebook().rules, first.rules, strict=True):
        assert (rule.name, rule.labels, rule.conditional) == (same.name, same.labels, same.conditional)


def test_targets_on_nato_have_the_same_words_in_both_codebooks() -> None:
    first = read_codebook("framing:codebooks/nato_expansion.yaml")
    for name in first.targets:
        assert codebook().terms(name) == first.terms(name)


@pytest.mark.parametrize("name", sorted(read_codebook(CODEBOOK).targets))
def test_proposition_and_negation_bring_up_their_own_target(name: str) -> None:
    target = codebook().targets[name]
    for text in (target.proposition, target.negation):
        assert relevance_gate(CODEBOOK, name)(StanceQuery("s1", text, text, None, name)) is None


def test_news_on_other_matters_brings_up_no_target() -> None:
    text = "The striker joined the club from Lyon for nine million and scored twice, the coach said."
    passes = [
        name
        for name in codebook().targets
        if relevance_gate(CODEBOOK, name)(StanceQuery("s1", text, text, None, name, article=text)) is None
    ]
    assert passes == []


@pytest.mark.parametrize("name", sorted(read_codebook(CODEBOOK).targets))
def test_gate_holds_back_few_rows_that_address_their_target(name: str) -> None:
    addressed = [row for row in foreign_policy() if row.query.target == name and row.label is not Label.UNRELATED]
    gate = relevance_gate(CODEBOOK, name)
    held_back = sum(gate(row.query, on_topic=row.on_topic) is not None for row in addressed)
    assert held_back <= 0.03 * len(addressed)


def test_general_texts_rarely_bring_up_a_target_of_foreign_policy() -> None:
    texts = sorted({row.query.context for row in general()})[::4]
    for name in codebook().targets:
        gate = relevance_gate(CODEBOOK, name)
        passed = sum(gate(StanceQuery("s1", text, text, None, name, article=text)) is None for text in texts)
        assert passed < 0.03 * len(texts), name


def test_training_has_at_least_4000_rows_on_at_least_15_propositions_with_all_labels_each() -> None:
    assert len(foreign_policy()) >= 4000
    labels: defaultdict[str, Counter[Label]] = defaultdict(Counter)
    for row in foreign_policy():
        labels[row.query.target][row.label] += 1
    assert labels.keys() == codebook().targets.keys()
    assert len(labels) >= 15
    for counts in labels.values():
        assert min(counts[label] for label in Label) >= 15


def test_labels_are_balanced_enough_that_the_commonest_is_a_poor_guess() -> None:
    for rows in (foreign_policy(), general(), phenomena()):
        counts = Counter(row.label for row in rows)
        assert max(counts.values()) < 0.35 * len(rows)


def test_one_statement_has_different_labels_toward_several_targets() -> None:
    toward = defaultdict(set)
    for row in foreign_policy():
        toward[row.query.context, row.query.text, row.query.speaker].add(row.label)
    differ = [labels for labels in toward.values() if len(labels) > 1]
    opposed = [labels for labels in toward.values() if {Label.SUPPORT, Label.OPPOSE} <= labels]
    assert len(differ) > len(toward) / 2
    assert len(opposed) > 400


@pytest.mark.parametrize("rows", [foreign_policy, phenomena])
def test_two_holders_of_one_passage_take_different_sides(rows: Callable[[], list[StanceRow]]) -> None:
    holders: defaultdict[tuple[str, str], dict[str | None, Label]] = defaultdict(dict)
    for row in rows():
        holders[row.query.context, row.query.target][row.query.speaker] = row.label
    assert sum(len(set(labels.values())) > 1 for labels in holders.values()) >= 30


def test_test_part_has_at_least_30_rows_of_each_phenomenon_with_several_labels() -> None:
    counts: defaultdict[str, Counter[Label]] = defaultdict(Counter)
    for row in phenomena():
        counts[row.phenomenon][row.label] += 1
    assert counts.keys() == PHENOMENA
    for labels in counts.values():
        assert labels.total() >= 30
        assert len(labels) >= 3


def test_test_part_shares_no_passage_family_or_id_with_training() -> None:
    for field in ("statement_id", "context"):
        seen = {getattr(row.query, field) for row in training()}
        assert not seen & {getattr(row.query, field) for row in phenomena()}
    assert not {row.family for row in training()} & {row.family for row in phenomena()}


def test_test_part_shares_no_eight_words_in_a_row_with_training() -> None:
    tested = set[tuple[str, ...]]().union(*map(eights, phenomena()))
    shared = {row.query.statement_id: eights(row) & tested for row in training()}
    assert {each: found for each, found in shared.items() if found} == {}


def test_ids_are_unique_over_all_files() -> None:
    files = Path(locate("framing:stance")).rglob("*.jsonl")
    ids = [json.loads(line)["id"] for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(ids) == len(set(ids))


def test_passage_is_in_one_family_so_that_no_split_by_family_tears_it_apart() -> None:
    families = defaultdict(set)
    for row in [*foreign_policy(), *general(), *phenomena()]:
        families[row.query.context].add(row.family)
    assert [passage for passage, found in families.items() if len(found) > 1] == []


def test_statement_and_holder_stand_in_their_passage() -> None:
    for row in [*foreign_policy(), *general(), *phenomena()]:
        assert stands_in(row.query.text, row.query.context), row.query.statement_id
        assert row.query.speaker is None or row.query.speaker in row.query.context, row.query.statement_id


def test_no_row_has_two_labels() -> None:
    labels = defaultdict(set)
    for row in [*training(), *phenomena()]:
        labels[row.query[1:]].add((row.label, row.conditional))
    assert [query for query, found in labels.items() if len(found) > 1] == []


def test_nothing_unrelated_is_conditional() -> None:
    assert not [row for row in [*training(), *phenomena()] if row.conditional and row.label is Label.UNRELATED]


def test_general_rows_are_on_hundreds_of_targets_in_free_words() -> None:
    targets = {row.query.target for row in general()}
    assert len(targets) >= 500
    assert not targets & codebook().targets.keys()


def test_target_in_free_words_is_refused_unless_it_is_asked_for() -> None:
    with pytest.raises(ConfigError, match=r"general\.jsonl line 1: .* has no target "):
        read_rows([source("general")], codebook())


def test_misspelt_name_of_a_target_is_refused_among_free_words(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    row = {"id": "1", "text": "Kyiv must join", "target": "ukraine_nato", "label": "support"}
    path.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"line 1: .*no target 'ukraine_nato'"):
        read_rows([path], codebook(), free=True)


def test_free_target_may_have_a_single_label_and_a_target_of_the_codebook_may_not(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    row = {"id": "1", "text": "Let the lions out", "target": "zoos", "label": "oppose"}
    path.write_text(json.dumps(row), encoding="utf-8")
    (found,) = read_rows([path], codebook(), free=True)
    assert (found.query.target, found.label) == ("zoos", Label.OPPOSE)
    path.write_text(json.dumps({**row, "target": "conscription"}), encoding="utf-8")
    with pytest.raises(Exception, match="every row of target 'conscription' is labelled 'oppose'"):
        read_rows([path], codebook(), free=True)
