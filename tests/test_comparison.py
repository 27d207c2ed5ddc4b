"""Runs side by side: articles are paired, differences have paired intervals, every changed label is listed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from chain import TARGET, FirstWord, install, row, run

from framing import cli, registry, tables
from framing.comparison.compare import Options, compare
from framing.comparison.matching import match
from framing.errors import ConfigError, CorpusError
from framing.protocols import StanceQuery
from framing.types import Label, Stance

NET = f"net_stance(target={TARGET})"
CORPUS = [
    row(
        f"{outlet[0]}{i}",
        outlet,
        "Lee: yes" if i % 2 else "Kim: no",
        "Kim: maybe" if i % 5 == 0 else "Lee: yes" if i % 3 else "Kim: no",
    )
    for outlet in ("Ledger", "Herald")
    for i in range(20)
]
MEASURE = {"metrics": [{"kind": "net_stance", "target": TARGET}], "interval": {"resamples": 400}}


@dataclass(frozen=True)
class Eager(FirstWord):
    """Take "maybe" for support."""

    def stance(self, query: StanceQuery) -> Stance:
        found = FirstWord.stance(self, query)
        if found.label is not Label.NEUTRAL:
            return found
        return Stance(query.statement_id, query.target, Label.SUPPORT, False, found.probabilities, False, "eager")


def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    monkeypatch.setitem(registry.SHIPPED["stance"], "eager", "test_comparison:Eager")


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two runs over the same articles, `first` and `eager`; no test changes them."""
    folder = tmp_path_factory.mktemp("two")
    with pytest.MonkeyPatch.context() as monkeypatch:
        installed(monkeypatch)
        return [made(folder, "first"), made(folder, "eager", stance="eager")]


def made(folder: Path, name: str, rows: list[dict[str, Any]] = CORPUS, **changes: Any) -> str:
    folder = folder / name
    folder.mkdir()
    return f"{name}={run(folder, rows, **{'measure': MEASURE, **changes})}"


def difference(estimates: pl.DataFrame, **group: str) -> dict[str, Any]:
    """Return the difference of a run from the first, over everything unless an outlet is given."""
    keys = [key for key in ("run", "outlet", "over") if key in estimates.columns]
    chosen = estimates.filter(pl.col("against").is_not_null())
    chosen = chosen.filter(*(pl.col(key).eq_missing(pl.lit(group.get(key))) for key in keys if key != "over"))
    chosen = chosen.filter(pl.col("over") == group.get("over", "all articles"))
    return chosen.row(0, named=True)


def test_two_models_on_the_same_articles_have_a_paired_interval(tmp_path: Path, two: list[str]) -> None:
    found = compare(two, tmp_path / "out")
    shown = difference(found.estimates, run="eager")
    # Eight of eighty statements turn from 0 to +1, one in every fifth article; the others cancel article by article.
    assert shown["value"] == pytest.approx(8 / 80)
    per_article = np.repeat([1 / 2, 0.0], [8, 32])
    error = per_article.std(ddof=1) / np.sqrt(40)
    assert shown["high"] - shown["low"] == pytest.approx(2 * 1.96 * error, rel=0.15)
    assert shown["estimator"].startswith("difference (ratio), matched article bootstrap 95%, p by permutation within")
    apart = found.estimates.filter(pl.col("against").is_null() & pl.col("outlet").is_null())
    assert min(apart["high"] - apart["low"]) > 2 * (shown["high"] - shown["low"])


def test_groups_are_compared_with_themselves_and_a_metric_is_a_family(tmp_path: Path, two: list[str]) -> None:
    estimates = compare(two, tmp_path / "out").estimates
    assert difference(estimates, run="eager", outlet="Ledger")["value"] == pytest.approx(4 / 40)
    rows = estimates.filter(pl.col("against").is_not_null() & pl.col("outlet").is_not_null())
    assert rows["outlet"].to_list() == ["Herald", "Ledger"]
    assert set(rows["correction"]) == {"Holm, 2 comparisons"}


def test_every_changed_label_is_listed_once_with_both_labels(tmp_path: Path, two: list[str]) -> None:
    found = compare(two, tmp_path / "out")
    written = pl.read_csv(tmp_path / "out" / "changed_labels.csv")
    assert sorted(written["article_id"]) == sorted(f"{outlet}{i}" for outlet in "HL" for i in (0, 5, 10, 15))
    assert set(written.select("content", "label_before", "label_after").rows()) == {("maybe", "neutral", "support")}
    assert all(name.startswith(("H", "L")) for name in written["statement_after"])
    assert (found.labels[0].both, found.labels[0].before, found.labels[0].after) == (80, 0, 0)
    percent = found.labels[0].agreement[0]
    assert percent.value == pytest.approx(72 / 80)
    assert percent.low is not None
    assert percent.low < 0.9


def test_a_run_compared_with_its_repetition_differs_in_nothing(tmp_path: Path, two: list[str]) -> None:
    found = compare([two[0], made(tmp_path, "again")], tmp_path / "out")
    assert found.changes.is_empty()
    assert difference(found.estimates, run="again")["value"] == 0.0


def test_statements_of_one_run_only_are_counted_and_not_taken_for_changed(tmp_path: Path, two: list[str]) -> None:
    longer = [{**CORPUS[0], "text": CORPUS[0]["text"] + "\nKim: no"}, *CORPUS[1:]]
    found = compare([two[0], made(tmp_path, "longer", longer)], tmp_path / "out")
    assert (found.labels[0].both, found.labels[0].before, found.labels[0].after) == (80, 0, 1)
    assert found.changes.is_empty()
    assert "1 article of longer with the id, outlet and date of one of first, and another text" in found.warnings


def test_articles_that_both_runs_have_are_compared_once_more(tmp_path: Path, two: list[str]) -> None:
    part = made(tmp_path, "part", CORPUS[:30], stance="eager")
    estimates = compare([two[0], part], tmp_path / "out").estimates
    both = difference(estimates, run="part", over="shared matched articles")
    assert both["value"] == pytest.approx(6 / 60)
    assert both["high"] - both["low"] < 0.5 * (
        difference(estimates, run="part")["high"] - difference(estimates, run="part")["low"]
    )


def articles(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    names = ("article_id", "text_sha256", "outlet")
    schema = {**dict.fromkeys(names, pl.String), "published": pl.Date}
    return pl.DataFrame([(*each, date(2024, 1, 1)) for each in rows], schema=schema, orient="row")


def test_articles_are_matched_by_id_and_then_by_text() -> None:
    first = articles(("a", "t1", "Post"), ("b", "t2", "Post"))
    found = match(first, articles(("a", "t1", "Post"), ("x", "t2", None), ("y", "t9", "Post")))
    assert found.pairs.rows() == [("a", "a", "id"), ("x", "b", "text")]


def test_the_same_number_in_two_corpora_is_no_match() -> None:
    found = match(articles(("1", "t1", "Post")), articles(("1", "t2", "Herald")))
    assert (found.pairs.height, found.strangers) == (0, 1)


def test_of_repeated_texts_each_is_matched_once() -> None:
    found = match(articles(("a", "t", "Post"), ("b", "t", "Post")), articles(*((n, "t", "Post") for n in "xyz")))
    assert found.pairs.select("article_id", "first_id").rows() == [("x", "a"), ("y", "b")]


def test_runs_without_a_common_article_are_compared_as_samples_and_told(tmp_path: Path, two: list[str]) -> None:
    other = [{**each, "id": f"n{i}", "text": each["text"] + " today"} for i, each in enumerate(CORPUS)]
    runs = [two[0], made(tmp_path, "other", other)]
    found = compare(runs, tmp_path / "out")
    assert any("has no article in common with first" in warning for warning in found.warnings)
    shown = difference(found.estimates, run="other")
    assert "difference (ratio), article bootstrap 95%" in shown["estimator"]
    assert found.labels == []
    with pytest.raises(CorpusError, match=r"other \(.*has no article in common with first .* leave out --paired"):
        compare(runs, tmp_path / "paired", Options(paired=True))


def test_runs_with_different_targets_are_refused(tmp_path: Path, two: list[str]) -> None:
    measure = {**MEASURE, "metrics": ["source_share", {"kind": "net_stance", "target": "other"}]}
    asks = made(tmp_path, "asks", stance={"kind": "first_word", "targets": ["other"]}, measure=measure)
    with pytest.raises(
        ConfigError, match=r"no target in common: first asks about open_door; asks asks about other; set"
    ):
        compare([two[0], asks], tmp_path / "out")
    named = Options(metrics=["source_share"])
    assert not compare([two[0], asks], tmp_path / "out", named).estimates.is_empty()


def test_a_damaged_folder_is_told_by_its_file(tmp_path: Path, two: list[str]) -> None:
    damaged, table = made(tmp_path, "damaged"), "stances"
    path = Path(damaged.partition("=")[2]) / f"{table}.parquet"
    tables.write(pl.read_parquet(path).head(3), path)
    with pytest.raises(CorpusError, match=rf"{table}\.parquet: not the table that the run wrote"):
        compare([two[0], damaged], tmp_path / "out")
    path.unlink()
    with pytest.raises(CorpusError, match=rf"{table}\.parquet: the run wrote this table and it is gone"):
        compare([two[0], damaged], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["RUN"], "expected two runs or more, found 1"),
        (["RUN", "RUN"], "is named 2 times"),
        (["RUN", "elsewhere"], "elsewhere: no finished run here"),
        (["RUN", "TWO", "--metric", "net_stence"], "did you mean 'net_stance'"),
        (["RUN", "TWO", "--metric", "net_stance(target=x)"], "not every run asks about 'x'"),
        (["RUN", "TWO", "--by", "outlets"], "--by outlets: there is no grouping of articles of that name; did you"),
    ],
)
def test_bad_input_is_one_message(
    tmp_path: Path, two: list[str], capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    places = {"RUN": two[0], "TWO": two[1]}
    given = ["compare", *(places.get(each, each) for each in arguments), "-o", str(tmp_path / "out")]
    assert cli.main(given) == 2
    assert message in capsys.readouterr().err


def test_a_changed_label_opens_the_statement_in_both_runs(
    tmp_path: Path, two: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main(["compare", *two, "-o", str(out)]) == 0
    assert f"report: {out / 'report.html'}" in capsys.readouterr().out
    page = (out / "report.html").read_text(encoding="utf-8")
    data = json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)[0])
    buttons = [
        json.loads(text.replace("&#34;", '"').replace("&amp;", "&"))
        for text in re.findall(r'data-conditions="([^"]*)"', page)
    ]
    chosen = next(each for each in buttons if each.get("said") == f"{TARGET} · neutral → support")
    behind = [s for s in data["statements"] if s["match"] in chosen["where"]["match"]]
    assert sorted({(data["articles"][s["article"]]["run"], s["stances"][TARGET]["state"]) for s in behind}) == [
        ("eager", "support"),
        ("first", "neutral"),
    ]
    runs = [each["where"]["run"] for each in buttons if "said" not in each and "run" in each["where"]]
    assert ["eager", "first"] in runs
    assert (out / "figures" / "compare-1-net_stance.svg").exists()
