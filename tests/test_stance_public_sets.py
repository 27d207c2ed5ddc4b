"""Public sets are read in the form of their releases, and never their test parts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from framing.train.stance.examples import UNKNOWN, Answers, from_public
from framing.train.stance.public import read_set, spread
from framing.types import Label

CLAIM = {
    "topicId": "2",
    "split": "train",
    "topicText": "This house would tear up the tram lines",
    "topicTarget": "tram lines",
    "topicSentiment": "-1",
    "claims.claimId": "20",
    "claims.stance": "CON",
    "claims.claimCorrectedText": "trams pass every jam",
    "claims.Compatible": "yes",
    "claims.claimTarget.text": "trams",
    "claims.claimSentiment": "1",
}


def write_claims(folder: Path, *rows: dict[str, str]) -> Path:
    with (folder / "claim_stance_dataset_v1.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(CLAIM))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_claims_of_the_test_part_are_not_read(tmp_path: Path) -> None:
    write_claims(tmp_path, {**CLAIM, "split": "test", "topicText": "Zoos are cruel"}, CLAIM)
    (found,) = read_set("ibm_claims", tmp_path)
    assert (found.query.target, found.label, found.dev) == (CLAIM["topicText"], Label.OPPOSE, False)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, [("tram lines", "support"), ("trams", "support")]),
        ({"claims.stance": "PRO"}, [("tram lines", "oppose"), ("trams", "support")]),
        ({"topicSentiment": "1"}, [("tram lines", "oppose"), ("trams", "support")]),
        ({"claims.claimSentiment": "-1"}, [("tram lines", "support"), ("trams", "oppose")]),
        ({"claims.Compatible": "no"}, [("tram lines", "support")]),
        ({"claims.claimTarget.text": "Tram lines"}, [("tram lines", "support")]),
        ({"claims.claimTarget.text": "when trams pass"}, [("tram lines", "support")]),
        ({"topicTarget": "tear up the tram lines"}, [("trams", "support")]),
    ],
)
def test_a_claim_is_for_or_against_the_thing_of_the_motion_and_its_own(
    tmp_path: Path, changed: dict[str, str], found: list[tuple[str, str]]
) -> None:
    write_claims(tmp_path, {**CLAIM, "split": "test"}, {**CLAIM, **changed})
    read = [(each.query.target, each.label.value) for each in read_set("ibm_targets", tmp_path)]
    assert read == found


def test_claims_on_topics_of_the_dev_part_are_not_learnt(tmp_path: Path) -> None:
    write_claims(tmp_path, {**CLAIM, "topicId": "441"}, CLAIM)
    for name in ("ibm_claims", "ibm_targets"):
        assert {each.group: each.dev for each in read_set(name, tmp_path)} == {"ibm-441": True, "ibm-2": False}


def test_some_rows_of_a_set_are_from_its_beginning_to_its_end() -> None:
    assert spread(range(19), 10) == [0, 1, 3, 5, 7, 9, 11, 13, 15, 17]
    assert list(spread(range(5), 10)) == list(spread(range(5), None)) == [0, 1, 2, 3, 4]


def test_sets_without_neutrals_do_not_teach_whether_there_is_a_position(tmp_path: Path) -> None:
    (claim,) = from_public(read_set("ibm_claims", write_claims(tmp_path, CLAIM)))
    assert claim.answers == Answers(relevant=1, position=UNKNOWN, support=0, conditional=UNKNOWN)
    perspectives = from_public(read_set("perspectrum", write_perspectives(tmp_path)))
    assert {each.answers for each in perspectives} == {Answers(1, UNKNOWN, 1, UNKNOWN)}


def write_perspectives(folder: Path) -> Path:
    claims = [
        {"cId": number, "text": part, "perspectives": [{"pids": [number], "stance_label_3": "SUPPORT"}]}
        for number, part in enumerate(("train", "dev", "test"))
    ]
    pool = [{"pId": number, "text": f"reason {number}"} for number in range(3)]
    files = {
        "perspectrum_with_answers_v1.0": claims,
        "perspective_pool_v1.0": pool,
        "dataset_split_v1.0": {"0": "train", "1": "dev", "2": "test"},
    }
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_perspectives_on_claims_of_the_test_part_are_not_read(tmp_path: Path) -> None:
    found = {each.query.target: each.dev for each in read_set("perspectrum", write_perspectives(tmp_path))}
    assert found == {"train": False, "dev": True}
