"""The statements that a table opens are those that its number counts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from chain import ROWS, TARGET, install, run

from framing.estimate_tables import Cell, EstimateTable, TableRow, estimate_tables
from framing.tables import read

Made = tuple[list[EstimateTable], Any]

MEASURED = {
    "by": ["outlet"],
    "metrics": [
        "source_share",
        {"kind": "source_share", "min_statements": 6},
        {"kind": "quote_length_share", "quote_type": "direct"},
        *({"kind": kind, "target": TARGET} for kind in ("net_stance", "expression_rate", "abstention_rate")),
        {"kind": "stance_share", "target": TARGET, "min_cell": 1},
        {"kind": "stance_share", "target": TARGET, "by_speaker": False},
    ],
    "interval": {"resamples": 100},
}


def opened(cell: Cell, shown: Any) -> int:
    """Count the statements that meet the conditions, as the script of the page does."""
    articles = shown["articles"]
    found = 0
    for statement in shown["statements"]:
        stance = statement["stances"].get(cell.conditions["target"], {"state": None})
        fields = {**articles[statement["article"]], **statement, **stance}
        found += all(fields.get(key) in values for key, values in cell.conditions["where"].items()) and not any(
            fields.get(key) in values for key, values in cell.conditions["unless"].items()
        )
    return found


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    install(monkeypatch)
    folder = run(tmp_path, ROWS, measure=MEASURED)
    block = re.search('<script type="application/json" id="data">(.*?)</script>', (folder / "report.html").read_text())
    assert block is not None
    data = json.loads(block[1])
    return estimate_tables(read(folder, "estimates"), read(folder, "speakers"), ["outlet"]), data


def rows(made: Made, metric: str) -> list[tuple[EstimateTable, TableRow]]:
    return [(table, row) for table in made[0] if table.metric == metric for row in table.rows]


@pytest.mark.parametrize("metric", ["net_stance", "expression_rate", "abstention_rate"])
def test_a_rate_opens_every_statement_it_counts(made: Made, metric: str) -> None:
    found = rows(made, f"{metric}(target={TARGET})")
    assert len(found) > 8
    assert [opened(row.cells[0], made[1]) for _, row in found] == [row.statements for _, row in found]


@pytest.mark.parametrize("metric", ["source_share", "source_share(min_statements=6)"])
def test_a_share_opens_the_statements_of_its_speaker(made: Made, metric: str) -> None:
    found = rows(made, metric)
    assert len(found) > 8
    for _, row in found:
        share = float(row.cells[0].text.partition("%")[0]) / 100
        assert opened(row.cells[0], made[1]) == pytest.approx(share * row.statements, abs=0.01)


def test_other_speakers_are_all_that_the_metric_does_not_keep_apart(made: Made) -> None:
    overall = [row for table, row in rows(made, "source_share(min_statements=6)") if table.keys == ["speaker"]]
    found = {row.names[0]: opened(row.cells[0], made[1]) for row in overall}
    assert found == {"Lee": 7, "(other)": 5, "(anonymous)": 2, "(none)": 1}


def test_the_three_labels_of_a_speaker_stand_side_by_side_and_open_their_statements(
    made: Made,
) -> None:
    found = [(t, r) for t, r in rows(made, f"stance_share(target={TARGET},min_cell=1)") if t.keys == ["speaker"]]
    table, lee = next((table, row) for table, row in found if row.names == ["Lee"])
    assert table.columns == ["support", "oppose", "neutral"]
    assert [opened(cell, made[1]) for cell in lee.cells] == [3, 1, 1]
    assert lee.statements == 5


def test_a_share_of_one_type_of_quote_opens_only_that_type(made: Made) -> None:
    overall = [row for table, row in rows(made, "quote_length_share(quote_type=direct)") if table.keys == ["speaker"]]
    assert {row.names[0]: opened(row.cells[0], made[1]) for row in overall} == {"Kim": 1}
