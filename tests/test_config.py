from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from framing import config, parts, registry
from framing.errors import ConfigError
from framing.resources import read_yaml

CONFIGS = Path(__file__).parents[1] / "configs"

MINIMAL = """
name: small
corpus: {kind: files, path: articles.jsonl}
measure: {metrics: [source_share]}
"""


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "experiment.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_minimal_experiment_fills_in_its_defaults(tmp_path: Path) -> None:
    experiment = config.load(written(tmp_path, MINIMAL))
    assert experiment.quotes.kind == "tagger"
    assert experiment.stance is None
    assert experiment.measure.interval.resamples == 2000
    assert experiment.measure.metrics[0].kind == "source_share"


def test_a_misspelt_key_is_named_with_its_path_and_the_nearest_known_key(tmp_path: Path) -> None:
    path = written(tmp_path, MINIMAL.replace("metrics:", "intervall: {resamples: 10}, metrics:"))
    with pytest.raises(ConfigError, match=r"measure\.intervall: there is no such key; did you mean 'interval'"):
        config.load(path)


def test_a_misspelt_key_inside_a_section_is_compared_with_the_keys_of_that_section(tmp_path: Path) -> None:
    path = written(tmp_path, MINIMAL.replace("metrics:", "interval: {resample: 500}, metrics:"))
    with pytest.raises(ConfigError, match=r"measure\.interval\.resample: .*did you mean 'resamples'"):
        config.load(path)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="corpus: this key is required"):
        config.load(written(tmp_path, "name: small\nmeasure: {metrics: [source_share]}\n"))


def test_every_mistake_is_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        config.load(written(tmp_path, MINIMAL.replace("small", "no spaces allowed") + "seed: -1\n"))
    assert "name:" in str(raised.value)
    assert "seed:" in str(raised.value)


def test_a_name_cannot_leave_the_output_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="name"):
        config.load(written(tmp_path, MINIMAL.replace("small", "../escape")))


def test_an_override_sets_a_nested_value_read_as_yaml(tmp_path: Path) -> None:
    path = written(tmp_path, MINIMAL)
    experiment = config.load(path, ["measure.interval.resamples=300", "measure.by=[outlet, event_id]"])
    assert experiment.measure.interval.resamples == 300
    assert experiment.measure.by == ("outlet", "event_id")


def test_an_override_reaches_the_options_of_a_part_given_by_name(tmp_path: Path) -> None:
    path = written(tmp_path, MINIMAL + "quotes: rules\n")
    assert config.load(path, ["quotes.cue_classes=[speech]"]).quotes.options == {"cue_classes": ["speech"]}


@pytest.mark.parametrize("text", ["measure", "=3", "name.deeper.still=3"])
def test_an_override_that_cannot_be_applied_says_so(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, MINIMAL.replace("small", "[1]") if "deeper" in text else MINIMAL)
    with pytest.raises(ConfigError, match="--set"):
        config.load(path, [text])


def test_yaml_that_would_run_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not YAML"):
        config.load(written(tmp_path, "name: !!python/object/apply:os.getcwd []\n"))


def test_the_written_form_of_an_experiment_reads_back_as_the_same_experiment(tmp_path: Path) -> None:
    first = config.load(str(CONFIGS / "nato_expansion.yaml"), ["seed=7"])
    again = config.load(written(tmp_path, first.as_yaml()))
    assert again == first
    assert again.sha256() == first.sha256()


def test_the_hash_does_not_depend_on_the_order_of_keys(tmp_path: Path) -> None:
    turned = "measure: {metrics: [source_share]}\ncorpus: {path: articles.jsonl, kind: files}\nname: small\n"
    first = config.load(written(tmp_path, MINIMAL)).sha256()
    assert config.load(written(tmp_path, turned)).sha256() == first


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_experiment_in_configs_fits_its_parts(path: Path) -> None:
    assert parts.assemble(config.load(str(path))).metrics


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("train/*.yaml")), ids=lambda path: path.name)
def test_every_training_in_configs_is_of_a_known_kind_with_known_options(path: Path) -> None:
    options = read_yaml(path)
    part = registry.load("train", options.pop("kind"))
    assert set(options) <= {field.name for field in dataclasses.fields(part) if field.init}
