"""Public sets are read in the form of their releases, and never their test parts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from framing.train.stance.examples import UNKNOWN, Answers, from_public
from framing.train.stance.public import read_set
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


def test_a_claim_against_a_motion_that_wants_a_thing_away_is_for_the_thing(tmp_path: Path) -> None:
    write_claims(tmp_path, {**CLAIM, "split": "test"}, CLAIM, {**CLAIM, "claims.Compatible": "no", "topicId": "441"})
    found = [(each.query.target, each.label, each.dev) for each in read_set("ibm_targets", tmp_path)]
    assert found == [
        ("tram lines", Label.SUPPORT, False),
        ("trams", Label.SUPPORT, False),
        ("tram lines", Label.SUPPORT, True),
    ]


def test_a_set_without_neutrals_does_not_teach_whether_there_is_a_position(tmp_path: Path) -> None:
    (example,) = from_public(read_set("ibm_claims", write_claims(tmp_path, CLAIM)))
    assert example.answers == Answers(relevant=1, position=UNKNOWN, support=0, conditional=UNKNOWN)


def test_perspectives_on_claims_of_the_test_part_are_not_read(tmp_path: Path) -> None:
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
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    found = {each.query.target: each.dev for each in read_set("perspectrum", tmp_path)}
    assert found == {"train": False, "dev": True}
