"""Wire copy and events in whole runs: the ledger, what it does to estimates, and what cannot be found."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
from chain import TARGET, install, run
from wiring import text

from framing import config, tables
from framing.collation import place_events
from framing.errors import ConfigError
from framing.run import read_manifest


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def row(article_id: str, outlet: str, story: int, *said: str, published: str | None = "2024-03-01") -> dict[str, Any]:
    return {"id": article_id, "outlet": outlet, "published": published, "text": "\n".join([*said, text(story)])}


AGENCY = ("Lee: yes, open it", "Kim: yes")
ROWS = [
    row("a1", "Ledger", 1, *AGENCY),
    row("a2", "Ledger", 2, "Lee: no"),
    row("b1", "Herald", 1, *AGENCY, published="2024-03-02"),
    row("b2", "Herald", 3, "Kim: no"),
    row("c1", "Gazette", 1, *AGENCY, published="2024-03-03"),
]
NET = f"net_stance(target={TARGET})"


def values(folder: Path, *, wire: str | None, policy: str, column: str = "outlet") -> dict[str, float | None]:
    found = tables.read(folder, "estimates").filter((pl.col("metric") == NET) & pl.col(column).is_not_null())
    found = found.filter(pl.col("month").is_null()) if "month" in found.columns else found
    beside = pl.col("wire").eq_missing(wire) if "wire" in found.columns else pl.lit(wire is None)
    assert found.filter(beside)["wire_policy"].unique().to_list() == [policy]
    return dict(found.filter(beside).select(column, "value").iter_rows())


def test_a_run_lists_its_wire_copy_and_measures_with_and_without(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS)
    ledger = tables.read(folder, "wire")
    assert ledger["article_id"].to_list() == ["a1", "b1", "c1"]
    assert ledger["kept"].to_list() == [True, False, False]
    assert read_manifest(folder).counts["wire"] == 3
    assert values(folder, wire=None, policy="keep") == pytest.approx({"Ledger": 1 / 3, "Herald": 1 / 3, "Gazette": 1.0})
    assert values(folder, wire="drop", policy="drop") == pytest.approx(
        {"Ledger": 1 / 3, "Herald": -1.0, "Gazette": None}
    )


def test_the_main_policy_can_be_to_drop_copies(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS, wire={"kind": "minhash", "policy": "drop", "beside": ["weight"]})
    assert values(folder, wire=None, policy="drop")["Herald"] == -1.0
    assert values(folder, wire="weight", policy="weight")["Herald"] == pytest.approx((2 / 3 - 1) / (2 / 3 + 1))


def test_without_wire_copy_nothing_is_measured_twice(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS[:2] + ROWS[3:4])
    assert tables.read(folder, "wire").is_empty()
    assert "wire" not in tables.read(folder, "estimates").columns


def test_a_run_that_looks_for_no_copies_has_no_ledger(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS, wire=None)
    assert not (folder / "wire.parquet").exists()
    assert tables.read(folder, "estimates")["wire_policy"].unique().to_list() == ["keep"]


def test_a_corpus_without_outlets_says_why_no_copies_are_found(tmp_path: Path) -> None:
    folder = run(tmp_path, [{**each, "outlet": None} for each in ROWS])
    assert "no wire copy can be found" in read_manifest(folder).wire_notes[0]


def test_copies_are_found_where_the_texts_are_not_kept(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS, corpus={"kind": "lines", "path": str(tmp_path / "corpus.jsonl"), "keep_text": False})
    assert tables.read(folder, "articles")["text"].null_count() == 5
    assert tables.read(folder, "wire").height == 3


def test_differences_are_made_once_more_without_copies(tmp_path: Path) -> None:
    metrics = [{"kind": "net_stance", "target": TARGET}]
    measured = {"metrics": metrics, "interval": {"resamples": 100}, "compare": {"permutations": 0}}
    found = tables.read(run(tmp_path, ROWS, measure=measured), "estimates").filter(pl.col("against").is_not_null())
    assert found.group_by("wire").len().sort("wire").rows() == [(None, 3), ("drop", 3)]


def test_events_are_found_in_texts_and_put_into_the_table(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS, events="text")
    ids = dict(tables.read(folder, "articles").select("article_id", "event_id").iter_rows())
    assert ids["a1"] == ids["b1"] == ids["c1"]
    assert len(set(ids.values())) == 3
    assert read_manifest(folder).counts["events"] == 3


def test_events_without_dates_are_none_and_the_run_warns(tmp_path: Path) -> None:
    folder = run(tmp_path, [{**each, "published": None} for each in ROWS], events="text")
    assert tables.read(folder, "articles")["event_id"].null_count() == 5
    assert any("none has a date" in warning for warning in read_manifest(folder).warnings)


def test_an_unknown_option_or_policy_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"wire\.containmnt"):
        run(tmp_path, ROWS, wire={"kind": "minhash", "containmnt": 0.5})
    with pytest.raises(ConfigError, match=r"wire\.policy"):
        run(tmp_path, ROWS, wire={"kind": "minhash", "policy": "discard"})
    with pytest.raises(ConfigError, match="wire"):
        run(tmp_path, ROWS, wire="simhash")


def test_a_run_repeats_from_its_own_configuration_with_its_policy(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS, wire={"kind": "minhash", "policy": "drop", "within_days": 1})
    again = config.load(str(folder / "config.yaml"))
    assert again.wire is not None
    assert (again.wire.policy, again.wire.options) == ("drop", {"within_days": 1})


def test_events_are_placed_part_by_part_without_touching_other_columns(tmp_path: Path) -> None:
    rows = pl.DataFrame({"article_id": ["a", "b", "c"], "day": [date(2024, 3, 1)] * 3, "event_id": ["x", None, "z"]})
    path = tmp_path / "articles.parquet"
    pq.write_table(rows.to_arrow(), path, row_group_size=2)
    place_events(path, {"a": "one", "b": "two"})
    assert pq.ParquetFile(path).num_row_groups == 2
    assert pl.read_parquet(path).equals(rows.with_columns(event_id=pl.Series(["one", "two", None])))
