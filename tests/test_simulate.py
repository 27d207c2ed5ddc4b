"""Simulated runs: what was asked for is in them, and they are read like any other run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from framing import cli, pipeline, simulate, tables
from framing.config import check
from framing.errors import ConfigError
from framing.measure import Bootstrap, measure, parse
from framing.measure.correction import Coding, corrected
from framing.simulate import Simulation

OUTLET: dict[str, Any] = {
    "articles": 50,
    "statements": [4, 4],
    "voice": {"one": 0.25, "two": 0.75},
    "stance": {"support": 0.5, "oppose": 0.5},
}


def simulation(seed: int = 0, **changes: object) -> Simulation:
    return check(Simulation, {"seed": seed, "outlets": {"north": {**OUTLET, **changes}}}, place="test")


def shares(labels: pl.Series) -> dict[str, float]:
    return {label: count / len(labels) for label, count in labels.value_counts().iter_rows()}


def test_the_same_seed_gives_the_same_tables() -> None:
    one, same, other = (simulate.draw(simulation(seed)).tables() for seed in (1, 1, 2))
    assert all(one[name].equals(same[name]) for name in one)
    assert not one["stances"].equals(other["stances"])


def test_voices_and_stances_have_the_shares_asked_for() -> None:
    drawn = simulate.draw(simulation(articles=2000))
    assert shares(drawn.tables()["statements"]["speaker_id"])["two"] == pytest.approx(0.75, abs=0.02)
    assert shares(drawn.hidden()["label"])["support"] == pytest.approx(0.5, abs=0.03)


def test_without_errors_the_classifier_sees_the_truth() -> None:
    drawn = simulate.draw(simulation())
    assert drawn.tables()["stances"].join(drawn.hidden(), on=["statement_id", "target", "label"]).height == 200


def test_errors_have_the_rates_asked_for_given_the_truth() -> None:
    drawn = simulate.draw(simulation(articles=2000, errors={"support": {"support": 0.7, "oppose": 0.3}}))
    both = drawn.tables()["stances"].join(drawn.hidden(), on="statement_id", suffix="_true")
    for label, wrong in (("support", 0.3), ("oppose", 0.0)):
        of = both.filter(pl.col("label_true") == label)
        assert (of["label"] != label).sum() / of.height == pytest.approx(wrong, abs=0.02)


@pytest.mark.parametrize(("clustering", "effect"), [(0.0, 1.0), (0.3, 1.9)])
def test_the_design_effect_is_that_of_the_correlation_within_articles(clustering: float, effect: float) -> None:
    drawn = simulate.draw(simulation(articles=2000, clustering=clustering)).tables()
    (estimate,) = measure(drawn, [parse("net_stance(target=proposal)")], interval=Bootstrap(resamples=100))
    assert estimate.design_effect == pytest.approx(effect, abs=0.15)  # 1 + (4 − 1) × correlation


def test_the_spans_of_statements_lie_where_the_text_says() -> None:
    drawn = simulate.draw(simulation())
    article, statement = drawn.articles[0], drawn.statements[1]
    assert statement.content[0].of(article.text) == "Statement 2 of north-00000."
    assert statement.source is not None
    assert statement.source.of(article.text) in OUTLET["voice"]


def test_a_simulated_run_is_shown_and_reported_like_any_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = simulate.run(simulation(), output=tmp_path)
    assert cli.main(["show", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "finished" in shown
    assert "this corpus is simulated" in shown
    assert "net_stance(target=proposal)\n  outlet" in shown
    assert cli.main(["report", str(folder)]) == 0


def test_the_hidden_truth_coded_in_a_sample_corrects_the_run(tmp_path: Path) -> None:
    wrong = simulation(articles=400, errors={"support": {"support": 0.5, "oppose": 0.5}})
    folder = simulate.run(wrong, output=tmp_path)
    run, truth = pipeline.load_tables(folder), tables.read(folder, "truth")
    drawn = run["articles"].select("article_id").sample(80, seed=1).with_columns(inclusion_probability=80 / 400)
    coded = truth.join(run["statements"], on="statement_id").join(drawn, on="article_id", how="semi")
    coding = Coding(coded.select(truth.columns), drawn)
    (estimate,) = corrected(run, [parse("net_stance(target=proposal)")], coding)
    (plain,) = measure(run, [parse("net_stance(target=proposal)")], interval=Bootstrap(resamples=100))
    assert plain.high is not None
    assert plain.high < 0
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low < 0 < estimate.high


def test_the_command_makes_the_simulation_that_ships(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["simulate", "--output", str(tmp_path)]) == 0
    assert "truth.parquet" in capsys.readouterr().out


MISTAKES: dict[str, dict[str, Any]] = {
    "sum to 1; these sum to 0.9": {"voice": {"one": 0.4, "two": 0.5}},
    "did you mean 'clustering'": {"clusterin": 0.3},
    "least and the greatest": {"statements": [3, 1]},
    "outlets.north.stance.suport": {"stance": {"suport": 1.0}},
    "outlets.north.clustering: input should be less": {"clustering": 1.0},
    "outlets.north.errors.support": {"errors": {"support": {"support": 0.5}}},
}


@pytest.mark.parametrize("message", MISTAKES)
def test_mistakes_are_named_by_their_path(message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        simulation(**MISTAKES[message])
