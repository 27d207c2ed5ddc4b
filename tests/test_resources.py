from __future__ import annotations

from pathlib import Path

import pytest

from framing import config
from framing.errors import ConfigError
from framing.resources import DATA, locate, read_yaml


def test_a_name_of_the_package_leads_to_its_file_and_any_other_path_to_itself() -> None:
    assert locate("framing:lexicon/cues.yaml") == DATA / "lexicon" / "cues.yaml"
    assert locate("my/cues.yaml") == Path("my/cues.yaml")


@pytest.mark.parametrize("name", ["framing:../cli.py", "framing:lexicon/../../cli.py", "framing:/etc/passwd"])
def test_a_name_cannot_leave_the_data_of_the_package(name: str) -> None:
    with pytest.raises(ConfigError, match="the package holds nothing of that name"):
        locate(name)


def test_an_unknown_name_lists_what_the_package_holds() -> None:
    with pytest.raises(ConfigError, match=r"framing:codebooks, framing:demo"):
        locate("framing:codebook")


def test_the_demonstration_experiment_ships_with_the_package() -> None:
    shipped, own = "framing:nato_expansion.yaml", Path(__file__).parents[1] / "configs" / "nato_expansion.yaml"
    assert config.load(shipped) == config.load(str(own))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"- a\n- b\n", "expected a mapping of keys to values, found list"),
        (b"a: [1\n", "not YAML"),
        (b"a: \xff\n", r"not UTF-8 \(byte 3\)"),
        (b"!!python/object/apply:os.getcwd []\n", "not YAML"),
    ],
)
def test_a_file_that_is_no_mapping_in_yaml_says_what_is_wrong(tmp_path: Path, text: bytes, message: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(text)
    with pytest.raises(ConfigError, match=message):
        read_yaml(path)
