"""A run under other choices: no model runs, the table has every specification, the curve draws all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from chain import TARGET, Colon, install, row, run
from matplotlib.collections import LineCollection

from framing import cli, config, curves, registry, tables
from framing.errors import ConfigError
from framing.run import read_manifest, sha256_of

NET = f"net_stance(target={TARGET})"
CORPUS = [
    row(f"{outlet[0]}{i}", outlet, *lines, published=f"2024-0{1 + i % 4}-02")
    for outlet, lines in (
        ("Ledger", ("Lee: yes", "Lee: yes, open it", "Kim: unsure about all of it")),
        ("Herald", ("Kim: no", "Lee: maybe later on, who knows")),
    )
    for i in range(8)
]
CHOICES = {"confidence": [0.0, 0.95], "abstention": ["run", 0.0], "window": ["all", "first_half"], "resamples": 100}


@dataclass(frozen=True)
class Broken(Colon):
    """An extractor that must not be asked."""

    def __call__(self, articles: Any) -> Any:
        raise AssertionError("a model was run")


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def varied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **choices: Any) -> Path:
    folder = run(tmp_path, CORPUS, multiverse={**CHOICES, **choices})
    monkeypatch.setitem(registry.SHIPPED["quotes"], "colon", "test_multiverse:Broken")
    assert cli.main(["multiverse", str(folder)]) == 0
    return folder


def test_measures_are_rerun_without_models_into_the_run_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = varied(tmp_path, monkeypatch)
    table = tables.read(folder, "specifications")
    # A confidence of 0.95 leaves nothing, as all statements have 0.9: these rows are there, and empty.
    assert table.height == 2 * 2 * 2 * 2 * 2 * 2
    assert set(table.filter(pl.col("value").is_null())["confidence"]) == {"0.95"}
    said = capsys.readouterr().out
    assert f"{NET}, Herald minus Ledger: 16 specifications: median " in said
    assert "16 more leave nothing to count" in said
    assert (folder / "figures" / "curve-01.svg").exists()
    files = read_manifest(folder).files
    for name in ("specifications.parquet", "specifications.csv", "multiverse.json", "report.html"):
        assert files[name] == sha256_of(folder / name)
    record = json.loads((folder / "multiverse.json").read_text(encoding="utf-8"))
    assert record["varied"]["window"] == ["all", "first_half"]


def test_the_main_specification_is_the_estimate_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = varied(tmp_path, monkeypatch)
    own = tables.read(folder, "estimates").filter(pl.col("metric") == NET)
    own = own.filter(pl.col(name).is_null() for name in ("outlet", "month"))
    main = tables.read(folder, "specifications").filter(pl.col("main") & pl.col("group").is_null())
    assert main["value"].to_list() == own["value"].to_list()
    assert main["statements"].to_list() == own["statements"].to_list()


def test_the_report_has_the_curve_and_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = varied(tmp_path, monkeypatch)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert '<section id="specifications">' in page
    assert f"{NET}, Herald minus Ledger" in page
    assert page.count('<figure id="figure-curve-') == 2
    assert cli.main(["report", str(folder)]) == 0
    assert (folder / "report.html").read_text(encoding="utf-8") == page


def test_an_experiment_finds_its_newest_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = run(tmp_path, CORPUS)
    values = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    values["multiverse"] = {**CHOICES, "unit": ["statement"], "weight": ["statement"]}
    place = tmp_path / "small.yaml"
    place.write_text(yaml.safe_dump(values), encoding="utf-8")
    asked = ["multiverse", str(place), "--output", str(tmp_path / "runs")]
    assert cli.main(asked) == 0
    assert tables.read(folder, "specifications")["unit"].unique().to_list() == ["statement"]
    assert cli.main([*asked, "--set", "seed=5"]) == 2
    assert "differs in seed; `framing run" in capsys.readouterr().err
    assert cli.main([*asked[:-1], str(tmp_path / "elsewhere")]) == 2
    assert "no finished run of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"unit": ["paragraph"]}, r"multiverse\.unit\.0: input should be 'statement', 'speaker' or 'article'"),
        ({"window": [{"name": "x", "first": "2024-05-01", "last": "2024-04-01"}]}, r"first .* is after last"),
        ({"window": [{"name": "x"}]}, "expected first, last or both"),
        ({"confidence": []}, r"multiverse\.confidence: .*at least 1 item"),
        ({"abstention": [1.5]}, r"multiverse\.abstention\.0"),
        ({"weights": ["word"]}, r"multiverse\.weights: there is no such key; did you mean 'weight'"),
    ],
)
def test_an_unknown_choice_is_refused_by_its_place(section: dict[str, Any], message: str) -> None:
    values = {"name": "x", "corpus": {"kind": "files"}, "measure": {"metrics": ["source_share"]}, "multiverse": section}
    with pytest.raises(ConfigError, match=message):
        config.check(config.Experiment, values, place="test")


def table(values: list[tuple[float | None, float | None, float | None]]) -> pl.DataFrame:
    names = ["statement", "speaker", "article"]
    rows = [
        {
            "metric": NET,
            "group": None,
            "against": None,
            "corrected": None,
            **dict.fromkeys(("confidence", "abstention", "weight", "wire", "window"), "same"),
            "unit": names[n % 3] if n < 3 else f"other {n}",
            "value": value,
            "low": low,
            "high": high,
            "articles": 9,
            "statements": 9,
            "design_effect": None,
            "estimator": "ratio, article bootstrap 90%",
            "correction": "none",
            "wire_policy": "keep",
            "note": None,
            "main": n == 1,
        }
        for n, (value, low, high) in enumerate(values)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


VALUES = [(0.3, 0.1, 0.5), (-0.2, -0.4, 0.1), (0.1, -0.1, 0.3), (0.4, 0.2, 0.6), (None, None, None)]


def test_a_curve_tells_median_sign_and_how_many_intervals_leave_out_0() -> None:
    (curve,) = curves.curves(table(VALUES))
    assert curve.rows["value"].to_list() == [-0.2, 0.1, 0.3, 0.4]
    assert curve.median == pytest.approx(0.2)
    assert (curve.same_sign, curve.excluding, curve.empty) == (0.75, 0.5, 1)
    assert curve.main is not None
    assert curve.main["value"] == -0.2


def test_the_figure_draws_every_interval_and_every_choice() -> None:
    (curve,) = curves.curves(table(VALUES))
    above, below = curves.draw(curve).axes
    drawn = sorted(
        (float(line[0][0]), float(line[0][1]), float(line[1][1]))
        for each in above.collections
        if isinstance(each, LineCollection)
        for line in each.get_segments()
    )
    assert drawn == [(0.0, -0.4, 0.1), (1.0, -0.1, 0.3), (2.0, 0.1, 0.5), (3.0, 0.2, 0.6)]
    labels = [label.get_text() for label in below.get_yticklabels()]
    assert labels == ["unit: speaker", "unit: article", "unit: other 3", "unit: statement"]  # the main one first
    marks: Any = below.lines[0].get_xydata()
    assert marks.tolist() == [[0, 0], [1, 1], [2, 3], [3, 2]]
