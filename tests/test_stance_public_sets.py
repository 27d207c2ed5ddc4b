"""Public sets are read in the form of their releases, and never their test parts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from framing.train.stance.public import read_set
from framing.types import Label


def test_claims_of_the_test_part_are_not_read(tmp_path: Path) -> None:
    names = ("topicId", "split", "topicText", "claims.claimId", "claims.stance", "claims.claimCorrectedText")
    with (tmp_path / "claim_stance_dataset_v1.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerow(["1", "test", "zoos are cruel", "10", "PRO", "cages are small"])
        writer.writerow(["2", "train", "trams are slow", "20", "CON", "trams pass every jam"])
    (found,) = read_set("ibm_claims", tmp_path)
    assert (found.query.target, found.label, found.dev) == ("trams are slow", Label.OPPOSE, False)


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
