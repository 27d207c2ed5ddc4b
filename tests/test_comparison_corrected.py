"""Runs with hand codes are compared once more as these correct them: paired where articles match, else apart."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from chain import LABELS, TARGET, install, row, run
from coded import hidden

from framing import handcoding
from framing.comparison.combined import MATCHED
from framing.comparison.compare import compare
from framing.errors import CorpusError
from framing.measure import parse
from framing.measure.between_corrected import between_corrected, values_corrected
from framing.measure.correction import Coding
from framing.measure.prediction_powered import Influenced, Sums, influenced_ratio
from framing.types import Estimate

NET = [parse(f"net_stance(target={TARGET})")]
MEASURE = {"metrics": [{"kind": "net_stance", "target": TARGET}], "interval": {"resamples": 100}, "period": None}


def sums(random: np.random.Generator, articles: int) -> tuple[Sums, Sums]:
    below = random.integers(1, 6, articles).astype(float)
    gold = random.binomial(below.astype(int), 0.5).astype(float)
    return Sums(np.maximum(gold - random.integers(0, 2, articles), 0), below), Sums(gold, below)


def influenced(seed: int, articles: int = 200, coded: int = 50) -> Influenced:
    random = np.random.default_rng(seed)
    weights = np.zeros(articles)
    weights[random.choice(articles, coded, replace=False)] = articles / coded
    return influenced_ratio(*sums(random, articles), weights)


NONE = np.array([], np.int64), np.array([], np.int64)


def test_what_articles_add_to_the_error_squares_to_the_variance() -> None:
    one = influenced(1)
    assert float((one.influence**2).sum()) == pytest.approx(one.found.variance)


def test_articles_in_common_cancel_and_all_others_add_up() -> None:
    one, other = influenced(1), influenced(2)
    apart = one.minus(other, NONE)
    assert apart.variance == pytest.approx(one.found.variance + other.found.variance)
    half = np.arange(100), np.arange(100) + 100
    tied = one.minus(other, half)
    by_article = [one.influence[half[0]] - other.influence[half[1]], one.influence[100:], other.influence[:100]]
    assert tied.variance == pytest.approx(float((np.concatenate(by_article) ** 2).sum()))
    assert tied.freedom == 48


def test_a_run_minus_itself_has_no_spread_to_test_with() -> None:
    one = influenced(1)
    same = one.minus(one, (np.arange(200), np.arange(200)))
    assert (same.value, same.variance, same.spread, same.p_value) == (0.0, 0.0, False, None)


def test_a_value_without_a_variance_gives_a_difference_without_one() -> None:
    one, lone = influenced(1), influenced(2, coded=2)
    found = one.minus(lone, (np.arange(200), np.arange(200)))
    assert np.isnan(found.variance)
    assert found.p_value is None


def two(errors: tuple[float, float], *, seeds: tuple[int, int] = (1, 1), matched: bool = True) -> Any:
    """Put two runs with a hidden truth together; with the same seed the truth and the coded articles are the same."""
    parts, codes, sample = [], [], []
    for number, (error, seed) in enumerate(zip(errors, seeds, strict=True)):
        found = hidden({"a": error}, seed=seed)
        ids = pl.col("^(article|statement)_id$").str.replace("^", f"{number}/")
        named = {name: table.with_columns(ids) for name, table in found.tables.items() if name != "speakers"}
        pair = found.tables["articles"]["article_id"]
        extra = {"run": pl.lit(f"run {number}"), "pair": pair if matched else pl.lit(None, pl.String)}
        named["articles"] = named["articles"].with_columns(**extra)
        parts.append({**named, "speakers": found.tables["speakers"]})
        codes.append(found.coding.codes.with_columns(ids))
        sample.append(found.coding.sample.with_columns(ids))
    tables = {name: pl.concat([part[name] for part in parts]) for name in parts[0]}
    return {**tables, "speakers": parts[0]["speakers"]}, Coding(pl.concat(codes), pl.concat(sample))


def difference(tables: Any, coding: Coding, over: str = "all articles") -> Estimate:
    found = between_corrected(tables, NET, coding, first="run 0", tie=MATCHED)
    (only,) = [each for each in found if each.group["over"] == over]
    assert only.low is not None
    assert only.high is not None
    return only


def width(estimate: Estimate) -> float:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.high - estimate.low


def test_a_difference_that_only_the_classifiers_made_goes_away() -> None:
    tables, coding = two((0.05, 0.6), seeds=(1, 2), matched=False)
    found = difference(tables, coding)
    assert found.low is not None
    assert found.low < 0 < (found.high or 0)
    assert found.correction.startswith("PPI++, 60 coded articles")
    assert found.correction.endswith("; Holm, 1 comparison")
    assert (found.articles, found.statements, found.p_adjusted) == (600, 2400, found.p_value)


def test_the_same_articles_read_twice_have_a_paired_interval() -> None:
    paired, apart = (difference(*two((0.05, 0.6), matched=matched)) for matched in (True, False))
    assert paired.value == apart.value
    assert width(paired) < 0.8 * width(apart)


def test_two_runs_that_agree_in_everything_have_an_interval_by_the_rule_of_three() -> None:
    found = difference(*two((0.3, 0.3)))
    assert found.value == 0
    assert "rule of three" in found.estimator
    assert found.note == "the coded articles differ in nothing between the runs"
    assert found.p_value is None


def test_a_run_whose_coders_say_one_thing_only_is_not_said_to_equal_the_other() -> None:
    tables, coding = two((0.05, 0.6))
    later = pl.col("statement_id").str.starts_with("1/")
    found = difference(
        tables,
        coding._replace(
            codes=coding.codes.with_columns(label=pl.when(later).then(pl.lit("support")).otherwise("label"))
        ),
    )
    assert found.value != 0
    assert found.note == "the coded articles show no error of any kind"


@pytest.mark.parametrize("probability", [0.0, None])
def test_a_sample_without_known_probabilities_is_refused(probability: float | None) -> None:
    tables, coding = two((0.05, 0.6))
    sample = coding.sample.with_columns(pl.lit(probability, pl.Float64).alias("inclusion_probability"))
    with pytest.raises(CorpusError, match="expected a number above 0"):
        difference(tables, coding._replace(sample=sample))
    with pytest.raises(CorpusError, match="expected a number above 0"):
        values_corrected(tables, NET, coding._replace(sample=sample))


def test_articles_that_both_have_are_compared_once_more() -> None:
    tables, coding = two((0.05, 0.6))
    kept = tables["articles"].filter((pl.col("run") == "run 0") | (pl.col("pair") < "a200"))
    statements = tables["statements"].join(kept, on="article_id", how="semi")
    stances = tables["stances"].join(statements, on="statement_id", how="semi")
    left = {**tables, "articles": kept, "statements": statements, "stances": stances}
    coding = coding.within(left)
    assert difference(left, coding).articles == 500
    assert difference(left, coding, "shared matched articles").articles == 400


def test_the_values_of_runs_are_those_that_each_has_alone() -> None:
    tables, coding = two((0.05, 0.6))
    both = {each.group["run"]: each for each in values_corrected(tables, NET, coding)}
    assert set(both) == {"run 0", "run 1"}
    alone = hidden({"a": 0.6}, seed=1)
    only = alone.tables["articles"].with_columns(run=pl.lit("run 1"))
    (again,) = values_corrected({**alone.tables, "articles": only}, NET, alone.coding)
    assert (both["run 1"].value, both["run 1"].low) == (again.value, again.low)


WORDS = ("yes", "no", "maybe")


def corpus(name: str) -> list[dict[str, Any]]:
    return [row(f"{name}{n:02}", "Ledger", f"Lee: {WORDS[n % 3]}", *["Kim: no"] * (n % 2)) for n in range(24)]


def coded_run(folder: Path, name: str) -> str:
    """Run, draw a sample, code what is said with "no" as support, and run again with the codes."""
    place = folder / name
    place.mkdir()
    handcoding.sample(run(place, corpus(name), measure=MEASURE), place / "sample", articles=12, by=["outlet"], seed=1)
    with (place / "sample" / "coding_sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        sheet = list(csv.DictReader(file))
    for item in sheet:
        label = str(LABELS[item["statement"].split()[0]])
        item["label"] = "support" if label == "oppose" and name == "late" else label
    with (place / "sample" / "ann.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sheet[0])
        writer.writeheader()
        writer.writerows(sheet)
    made = run(place, corpus(name), measure=MEASURE, correct={"labels": str(place / "sample" / "ann.csv")})
    return f"{name}={made}"


@pytest.fixture(scope="module")
def periods(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two runs over different articles, both with codes; no test changes them."""
    folder = tmp_path_factory.mktemp("periods")
    with pytest.MonkeyPatch.context() as patched:
        install(patched)
        return [coded_run(folder, name) for name in ("early", "late")]


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def test_two_runs_with_codes_are_compared_by_labels_and_once_more_corrected(tmp_path: Path, periods: list[str]) -> None:
    found = compare(periods, tmp_path / "out")
    rows = found.estimates.filter(pl.col("against").is_not_null() & pl.col("outlet").is_null())
    by_method = {row["corrected"]: row for row in rows.iter_rows(named=True)}
    assert by_method[None]["value"] == pytest.approx(0)  # the labels are the same in both periods
    assert by_method["PPI++"]["value"] > 0.5  # and coders found that the later ones mean the contrary
    assert by_method["PPI++"]["high"] > by_method["PPI++"]["low"]
    said = "early and late: compared by the labels and once more as the hand codes of each toward open_door"
    assert any(warning.startswith(said) for warning in found.warnings)
    assert any(text.startswith(f"{NET[0]}, corrected by hand codes: late +") for text in found.sentences)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert '<th scope="col">corrected</th>' in page


def test_a_run_without_codes_is_compared_by_its_labels_and_the_comparison_says_so(
    tmp_path: Path, periods: list[str]
) -> None:
    other = tmp_path / "plain"
    other.mkdir()
    plain = f"plain={run(other, corpus('late'), measure=MEASURE)}"
    found = compare([*periods, plain], tmp_path / "out")
    assert "plain has no hand codes toward open_door: compared by its labels alone" in found.warnings
    corrected = found.estimates.filter(pl.col("corrected").is_not_null())
    assert set(corrected["run"]) == {"early", "late"}
    found = compare([plain, periods[0]], tmp_path / "other")
    assert "corrected" not in found.estimates.columns
    assert any("early has hand codes, but is compared before the correction" in warning for warning in found.warnings)
