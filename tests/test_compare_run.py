"""Differences between outlets from the experiment to the page: what is asked for is tested, written and explained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from chain import ROWS, TARGET, experiment, install, row, run

from framing import parts, summary, tables
from framing.errors import ConfigError
from framing.estimate_tables import estimate_tables, main_table
from framing.run import read_manifest

NET = f"net_stance(target={TARGET})"
CORPUS = [
    *(row(f"l{i}", "Ledger", "Lee: yes", "Kim: yes" if i % 2 else "Kim: no") for i in range(6)),
    *(row(f"h{i}", "Herald", "Kim: no", "Lee: no" if i % 3 else "Lee: maybe") for i in range(6)),
]


@pytest.fixture(autouse=True)
def chain_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def comparing(method: str = "bootstrap", **compare: Any) -> dict[str, Any]:
    return {
        "metrics": ["source_share", {"kind": "net_stance", "target": TARGET}],
        "interval": {"resamples": 200, "method": method},
        "compare": compare,
    }


def differences(folder: Path) -> pl.DataFrame:
    return tables.read(folder, "estimates").filter(pl.col("against").is_not_null())


def test_a_difference_is_a_row_of_the_estimates_that_names_its_correction(tmp_path: Path) -> None:
    rows = differences(run(tmp_path, CORPUS, measure=comparing()))
    found = rows.row(0, named=True)
    assert (
        rows.height == 1
    )  # of source_share, which has a value for each speaker, there are none unless it is asked for
    assert (found["metric"], found["outlet"], found["against"], found["over"]) == (
        NET,
        "Herald",
        "Ledger",
        "all articles",
    )
    assert found["value"] == pytest.approx(-10 / 12 - 6 / 12)
    assert found["p_value"] < 0.05
    assert found["p_adjusted"] == found["p_value"]
    assert (found["correction"], found["articles"], found["statements"]) == ("Holm, 1 comparison", 12, 24)


def test_a_declared_family_may_compare_speakers(tmp_path: Path) -> None:
    rows = differences(run(tmp_path, CORPUS, measure=comparing(families=[["source_share", NET]])))
    assert rows["metric"].to_list() == [NET, "source_share", "source_share"]
    assert set(rows["correction"]) == {"Holm, 3 comparisons"}


def test_studentised_intervals_can_be_asked_for(tmp_path: Path) -> None:
    folder = run(tmp_path, CORPUS, measure=comparing("studentised"))
    estimators = set(tables.read(folder, "estimates").filter(pl.col("low").is_not_null())["estimator"])
    assert "ratio, studentised article bootstrap 95%" in estimators
    assert "difference (ratio), studentised article bootstrap 95%, p by permutation" in estimators


@pytest.mark.parametrize(
    ("compare", "message"),
    [
        ({"families": [["net_stance(target=another)"]]}, r"families\.0: net_stance\(target=another\) is not measured"),
        ({"families": [["net_stence(target=x)"]]}, "did you mean 'net_stance'"),
        ({"of": "outlets"}, r"measure\.compare\.of: there is no grouping of articles 'outlets'; did you mean 'outlet'"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_refused_before_the_run(
    tmp_path: Path, compare: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        parts.assemble(experiment(tmp_path, ROWS, measure=comparing(**compare)))


def test_an_unknown_key_of_the_section_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"compare\.corection: there is no such key; did you mean 'correction'"):
        experiment(tmp_path, ROWS, measure=comparing(corection="holm"))


def test_the_summary_says_how_many_differences_were_tested_and_which_are_clear(tmp_path: Path) -> None:
    folder = run(tmp_path, CORPUS, measure=comparing())
    facts = summary.facts(folder, read_manifest(folder).counts)
    said = [text for text in summary.sentences(folder, facts, ["outlet"]) if text.startswith(NET)]
    assert len(said) == 1
    assert said[0].startswith(f"{NET}: of 1 difference tested over all articles, 1 has p < 0.05 (corrected by Holm, 1 ")
    assert "comparison): Herald against Ledger, −1.33 [" in said[0]


def test_the_table_of_differences_stands_beside_that_of_the_groups(tmp_path: Path) -> None:
    blocks = main_table(run(tmp_path, CORPUS, measure=comparing()), ["outlet"]).split("\n\n")
    assert blocks[1].split("\n")[1].split()[:3] == ["outlet", "against", "over"]
    assert "Herald  Ledger   all articles  −1.33 [" in blocks[1]
    assert "(Holm, 1 comparison)" in blocks[1]


def test_behind_a_difference_are_the_statements_of_both_outlets(tmp_path: Path) -> None:
    folder = run(tmp_path, CORPUS, measure=comparing())
    made = estimate_tables(tables.read(folder, "estimates"), tables.read(folder, "speakers"), ["outlet"])
    table = next(each for each in made if "against" in each.keys)
    assert table.rows[0].cells[0].conditions["where"]["outlet"] == ["Herald", "Ledger"]
    assert "against" not in table.rows[0].cells[0].conditions["where"]
    assert table.meaning.startswith("Difference, a group minus the one it stands against")


def test_the_difference_of_two_shares_is_in_points() -> None:
    shown = {"value": 0.125, "low": -0.02, "high": 0.27, "against": "Ledger", "p_value": 0.0004, "p_adjusted": None}
    assert summary.with_interval(shown, share=True) == "+12.5 [−2.0, +27.0] points, p < 0.001"
