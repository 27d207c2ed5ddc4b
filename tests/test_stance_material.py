"""Building blocks of composed statements are read from files, and what is wrong in them is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from stance_material import FRAMES, belief, target, write

from framing.errors import CorpusError
from framing.train.stance.composition.examples import compose
from framing.train.stance.composition.material import Material, read_material


def test_patterns_go_with_the_targets_that_have_their_words(tmp_path: Path) -> None:
    patterns = [
        {"phenomenon": "direct", "say": "We should {a.act}", "labels": {"a": "support"}},
        {"phenomenon": "direct", "that": "{a.claim}", "labels": {"a": "support"}},
        {"phenomenon": "argument", "say": "{a.for}", "labels": {"a": "support"}},
    ]
    write(tmp_path, patterns)
    claims = {"targets": [belief(name) for name in ("rents", "taxes", "wages")]}
    (tmp_path / "targets-claims.yaml").write_text(yaml.safe_dump(claims), encoding="utf-8")
    examples = compose(read_material(tmp_path), 400, np.random.default_rng(0))
    measures = {"tolls", "trams", "zoos"}
    acts, beliefs, arguments = (
        {name for each in examples for name in re.findall(rf"{word} (\w+)", each.query.text)}
        for word in ("act", "claim", "for")
    )
    assert acts == measures
    assert beliefs == {"rents", "taxes", "wages"}
    assert arguments == acts | beliefs


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ([], r"targets-town\.yaml: expected a list under 'targets'"),
        ([{**belief("tolls"), "claim": None}, belief("zoos")], r"targets-town\.yaml: target 1: claim: "),
        ([target("tolls", proposition="Tolls should come")], r"targets-town\.yaml: target 1: proposition: .*pattern"),
    ],
)
def test_a_wrong_target_is_named_by_file_and_number(
    tmp_path: Path, targets: list[dict[str, Any]], message: str
) -> None:
    pattern = {"phenomenon": "argument", "say": "{a.for}", "labels": {"a": "support"}}
    write(tmp_path, [pattern])
    (tmp_path / "targets-town.yaml").write_text(yaml.safe_dump({"targets": targets}), encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        read_material(tmp_path)


def test_targets_that_no_pattern_fits_are_refused(tmp_path: Path) -> None:
    pattern = {"phenomenon": "direct", "say": "We should {a.act}", "labels": {"a": "support"}}
    with pytest.raises(CorpusError, match="no pattern fits the targets of the field of 'rents'"):
        read_material(write(tmp_path, [pattern], [belief(name) for name in ("rents", "taxes", "wages")]))


def test_targets_can_be_kept_out() -> None:
    material = read_material("framing:stance/composed")
    left = material.without({"conscription"})
    assert isinstance(left, Material)
    count = sum(map(len, material.fields)) - sum(map(len, left.fields))
    assert count == 1
    assert "conscription" not in {each.query.target for each in compose(left, 2000, np.random.default_rng(0))}


def test_what_would_leave_too_few_targets_to_compose_of_is_refused(tmp_path: Path) -> None:
    pattern = {"phenomenon": "direct", "say": "We should {a.act}", "labels": {"a": "support"}}
    material = read_material(write(tmp_path, [pattern]))
    assert material.without({"conscription"}) == material
    with pytest.raises(CorpusError, match="without zoos no field has 3 targets"):
        material.without({"zoos"})


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ({"say": "We {a.does}", "labels": {"a": "support"}}, "{a.does} is no slot"),
        ({"say": "We {a.act}, for {a.claim}", "labels": {"a": "support"}}, "no kind of target has words for all"),
        ({"say": "We {a.act}", "that": "we {a.act}", "labels": {"a": "support"}}, "give one of say, that and context"),
        ({"say": "We {a.act}", "labels": {"b": "support"}}, "a among them"),
        ({"say": "We {a.act}", "labels": {"a": "suport"}}, "labels.a"),
        ({"context": "{Holder} would {a.act}.", "labels": {"a": "support"}}, "statement in << >>"),
        ({"context": "<<We {a.act}>>.", "labels": {"a": "support"}}, "must name {holder}"),
    ],
)
def test_a_wrong_pattern_is_named_by_file_and_number(tmp_path: Path, pattern: dict[str, Any], message: str) -> None:
    good = {"phenomenon": "direct", "say": "We should {a.act}", "labels": {"a": "support"}}
    write(tmp_path, [good, {"phenomenon": "direct", **pattern}])
    with pytest.raises(CorpusError, match=r"patterns-all\.yaml: pattern 2") as caught:
        read_material(tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("frames", "message"),
    [
        ({"say": ['{Holder} said: "{txt}."']}, "must have the slots {text} and {holder}"),
        ({"that": ["{text}, it is said."]}, "must have the slots {text} and {holder}"),
        ({"joints": ["{0}."]}, "must have the slots {0} and {1}"),
    ],
)
def test_a_frame_without_its_slots_is_named(tmp_path: Path, frames: dict[str, Any], message: str) -> None:
    write(tmp_path, [{"phenomenon": "direct", "say": "We should {a.act}", "labels": {"a": "support"}}])
    (tmp_path / "frames.yaml").write_text(yaml.safe_dump({**FRAMES, **frames}), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"frames\.yaml") as caught:
        read_material(tmp_path)
    assert message in str(caught.value)


def test_a_target_that_overlaps_with_an_unknown_one_is_named(tmp_path: Path) -> None:
    pattern = {"phenomenon": "direct", "say": "We should {a.act}", "labels": {"a": "support"}}
    write(tmp_path, [pattern], [target("tolls", overlaps=["tram"]), target("trams"), target("zoos"), target("fees")])
    with pytest.raises(CorpusError, match=r"'tolls' overlaps with 'tram', which is no target; did you mean 'trams'"):
        read_material(tmp_path)


def test_a_field_with_too_few_targets_apart_is_refused(tmp_path: Path) -> None:
    pattern = {"phenomenon": "direct", "say": "We should {a.act}", "labels": {"a": "support"}}
    write(tmp_path, [pattern], [target("tolls", overlaps=["fees"]), target("fees"), target("trams")])
    with pytest.raises(CorpusError, match="needs 3 targets that do not overlap"):
        read_material(tmp_path)
