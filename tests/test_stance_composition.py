"""Statements are composed of patterns and wordings, with labels that follow from the pattern."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stance_material import belief, target, write

from framing.stance.encoder.inputs import _passage
from framing.train.stance.composition.examples import compose
from framing.train.stance.composition.material import read_material
from framing.train.stance.composition.targets import Claim
from framing.train.stance.examples import Example
from framing.train.stance.sources import Sources
from framing.types import Label


def composed(folder: Path, patterns: list[dict[str, Any]], n: int = 200) -> list[Example]:
    return compose(read_material(write(folder, patterns)), n, np.random.default_rng(0))


def asked_plainly(examples: list[Example]) -> list[Example]:
    return [each for each in examples if each.asked.proposition == f"{each.query.target.capitalize()} should come."]


def test_labels_are_those_of_the_pattern_toward_each_of_its_targets(tmp_path: Path) -> None:
    pattern = {
        "phenomenon": "other_target",
        "say": "We should {a.act}, but never {b.act}",
        "labels": {"a": "support", "b": "oppose*"},
    }
    found = asked_plainly(composed(tmp_path, [pattern]))
    seen = set()
    for example in found:
        name = example.query.target
        if f"should act {name}" in example.query.text:
            assert (example.label, example.answers.conditional) == (Label.SUPPORT, 0)
        elif f"never act {name}" in example.query.text:
            assert (example.label, example.answers.conditional) == (Label.OPPOSE, 1)
        else:
            assert example.label is Label.UNRELATED
        seen.add(example.label)
    assert seen == {Label.SUPPORT, Label.OPPOSE, Label.UNRELATED}


def test_who_is_asked_about_the_contrary_gets_the_other_side(tmp_path: Path) -> None:
    pattern = {"phenomenon": "direct", "say": "We should {a.act}", "labels": {"a": "support"}}
    found = [each for each in composed(tmp_path, [pattern]) if each.label is not Label.UNRELATED]
    turned = [each for each in found if each.asked.proposition.startswith("They should undo")]
    assert turned
    assert {each.label for each in turned} == {Label.OPPOSE}
    assert {each.label for each in found if each not in turned} == {Label.SUPPORT}


def test_who_states_a_claim_supports_it_and_who_is_asked_about_its_denial_or_its_topic_gets_the_side_that_follows(
    tmp_path: Path,
) -> None:
    patterns = [
        {"phenomenon": "direct", "that": "{a.claim}", "labels": {"a": "support"}},
        {"phenomenon": "negation", "that": "in fact {a.denial}", "labels": {"a": "oppose"}},
    ]
    targets = [belief(name, toward="oppose") for name in ("tolls", "trams", "zoos")]
    found = compose(read_material(write(tmp_path, patterns, targets)), 400, np.random.default_rng(0))
    seen = set()
    for example in found:
        if example.label is Label.UNRELATED:
            continue
        name, asked = example.query.target, example.asked.proposition
        states = f"claim {name}" in example.query.context.lower()
        way = asked.split()[0]
        assert way in {name.capitalize(), "Claim", "Denial", "Topic"}
        wants_it = way not in {"Denial", "Topic"}
        assert example.label is (Label.SUPPORT if states == wants_it else Label.OPPOSE)
        seen.add((states, way == name.capitalize() or way))
    assert len(seen) == 8


@pytest.mark.parametrize(("toward", "label"), [("support", Label.SUPPORT), (None, None)])
def test_a_topic_is_asked_about_only_where_it_has_a_side(
    tmp_path: Path, toward: str | None, label: Label | None
) -> None:
    pattern = {"phenomenon": "direct", "that": "{a.claim}", "labels": {"a": "support"}}
    targets = [belief(name, toward=toward) for name in ("tolls", "trams", "zoos")]
    found = compose(read_material(write(tmp_path, [pattern], targets)), 400, np.random.default_rng(0))
    asked = [each for each in found if each.asked.proposition.startswith("Topic")]
    assert {each.label for each in asked} - {Label.UNRELATED} == ({label} if label else set())


def test_the_label_of_a_pattern_does_not_hang_on_how_many_patterns_have_it(tmp_path: Path) -> None:
    common = [{"phenomenon": "direct", "say": f"{n} times we {{a.act}}", "labels": {"a": "support"}} for n in range(9)]
    rare = {"phenomenon": "direct", "say": "Once we {a.undo}", "labels": {"a": "oppose"}}
    found = asked_plainly(composed(tmp_path, [*common, rare], 2000))
    sided = [each.label for each in found if each.label is not Label.UNRELATED]
    assert sided.count(Label.OPPOSE) == pytest.approx(len(sided) / 2, rel=0.1)


def test_each_holder_of_a_passage_has_labels_of_its_own(tmp_path: Path) -> None:
    pattern = {
        "phenomenon": "reported_by_another",
        "context": "{Holder} said that <<{other} wanted to {a.act}>>.",
        "labels": {"a": "neutral"},
        "other": {"a": "support"},
    }
    found = [each for each in asked_plainly(composed(tmp_path, [pattern])) if each.label is not Label.UNRELATED]
    for example in found:
        reporter, _, reported = example.query.context.partition(" said that ")
        speaker = str(example.query.speaker)
        is_reporter = reporter.endswith(speaker[:1].upper() + speaker[1:])
        assert example.label is (Label.NEUTRAL if is_reporter else Label.SUPPORT)
        assert is_reporter or reported.startswith(speaker)
    assert {example.label for example in found} == {Label.NEUTRAL, Label.SUPPORT}


def test_two_patterns_in_one_breath_keep_their_labels_toward_their_own_targets(tmp_path: Path) -> None:
    patterns = [
        {"phenomenon": "direct", "say": "Let us {a.act}", "labels": {"a": "support"}},
        {"phenomenon": "negation", "say": "Nobody will {a.act}", "labels": {"a": "oppose"}},
    ]
    found = asked_plainly(composed(tmp_path, patterns, 400))
    joined = [each for each in found if "Let us" in each.query.text and "Nobody" in each.query.text]
    for example in joined:
        name = example.query.target
        if example.label is not Label.UNRELATED:
            wanted = Label.SUPPORT if f"us act {name}" in example.query.text else Label.OPPOSE
            assert example.label is wanted
    assert {example.label for example in joined} >= {Label.SUPPORT, Label.OPPOSE}


def test_a_target_that_overlaps_is_never_taken_as_unrelated(tmp_path: Path) -> None:
    targets = [target("tolls", overlaps=["fees"]), target("fees"), target("trams"), target("zoos")]
    pattern = {"phenomenon": "direct", "say": "We should {a.act}", "labels": {"a": "support"}}
    found = compose(read_material(write(tmp_path, [pattern], targets)), 600, np.random.default_rng(0))
    strangers = [each for each in found if each.label is Label.UNRELATED]
    pairs = {(each.query.target, name) for each in strangers for name in ("tolls", "fees") if name in each.query.text}
    assert strangers
    assert not pairs & {("tolls", "fees"), ("fees", "tolls")}


def test_a_sentence_with_a_mark_of_its_own_gets_no_second_one(tmp_path: Path) -> None:
    patterns = [
        {"phenomenon": "question", "say": "Should we {a.act}?", "labels": {"a": "neutral"}},
        {"phenomenon": "question", "context": '{Holder} asked: "<<{a.against}>>."', "labels": {"a": "oppose"}},
    ]
    targets = [target(name, against=["who needs it?"]) for name in ("tolls", "trams", "zoos")]
    found = compose(read_material(write(tmp_path, patterns, targets)), 200, np.random.default_rng(0))
    assert any("who needs it?" in each.query.context for each in found)
    assert all("?." not in each.query.context for each in found)


def test_a_second_sentence_begins_with_a_capital(tmp_path: Path) -> None:
    pattern = {"phenomenon": "direct", "that": "we should {a.act}", "labels": {"a": "support"}}
    contexts = [each.query.context for each in composed(tmp_path, [pattern])]
    assert any(". We should act" in context for context in contexts)
    assert not any(". we should act" in context for context in contexts)


def test_the_same_seed_composes_the_same_and_another_does_not() -> None:
    material = read_material("framing:stance/composed")
    one, same, other = (compose(material, 50, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_the_building_blocks_that_ship_make_passages_that_hold_their_statement_and_balanced_labels() -> None:
    examples = compose(read_material("framing:stance/composed"), 3000, np.random.default_rng(3))
    for example in examples:
        assert "{" not in example.query.context
        assert "<<" not in example.query.context
        assert _passage(example.query).text == example.query.context
    material = read_material("framing:stance/composed")
    claims = {target.target for field in material.fields for target in field if isinstance(target, Claim)}
    for of_claims in (True, False):
        found = [each.label for each in examples if (each.query.target in claims) is of_claims]
        shares = {label: found.count(label) / len(found) for label in Label}
        assert all(0.18 < share < 0.32 for share in shares.values()), shares


def test_an_epoch_takes_all_of_a_source_or_a_draw_in_which_rare_labels_come_more_often(tmp_path: Path) -> None:
    pattern = {"phenomenon": "direct", "say": "We should {a.act}", "labels": {"a": "support"}}
    made = composed(tmp_path, [pattern], 100)
    common = [example._replace(label=Label.NEUTRAL) for example in made * 10]
    rare = [example._replace(label=Label.SUPPORT) for example in made]
    sources = Sources({"rows": made, "set": [*common, *rare]}, {"set": 200}, 30, read_material(tmp_path))
    epochs = [sources.epoch(np.random.default_rng(seed)) for seed in (0, 1)]
    assert [len(epoch) for epoch in epochs] == [330, 330]
    assert epochs[0] != epochs[1]
    assert epochs[0][:100] == made
    drawn = [example.label for example in epochs[0][100:300]]
    assert drawn.count(Label.SUPPORT) > 200 * 100 / 1100 * 1.5
