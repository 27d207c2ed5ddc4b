from pathlib import Path

import pytest

from framing.errors import ConfigError
from framing.stance.codebook import Codebook, read_codebook

SHIPPED = "framing:codebooks/nato_expansion.yaml"

RIVER = """
name: rivers
labels: [support, oppose, neutral, unrelated]
rules:
  - {number: 1, name: holder, text: Code the holder., labels: [neutral]}
targets:
  dam:
    proposition: The dam should be built.
    negation: The dam should not be built.
    aliases: [dam, barrage]
    opposites: [free river]
    sub_targets: [lock]
  lock:
    proposition: The lock should be built.
    negation: The lock should not be built.
    aliases: [ship lock]
"""


def changed(folder: Path, old: str, new: str) -> Path:
    assert old in RIVER
    path = folder / "rivers.yaml"
    path.write_text(RIVER.replace(old, new), encoding="utf-8")
    return path


def test_shipped_codebook_has_thirteen_rules_and_three_targets() -> None:
    codebook = read_codebook(SHIPPED)
    assert [rule.number for rule in codebook.rules] == list(range(1, 14))
    assert list(codebook.targets) == ["nato_expansion", "ukraine_in_nato", "finland_sweden_in_nato"]


def test_sub_target_brings_up_its_parent_but_not_the_other_way_round() -> None:
    codebook = read_codebook(SHIPPED)
    assert "Finland" in codebook.terms("nato_expansion").subject
    assert "Finland" not in codebook.terms("ukraine_in_nato").subject
    assert "Finland" in codebook.others("ukraine_in_nato")


def test_misspelt_key_names_its_place_and_the_nearest_key(tmp_path: Path) -> None:
    path = changed(tmp_path, "opposites:", "oposites:")
    with pytest.raises(ConfigError, match=r"rivers\.yaml: targets\.dam\.oposites: .*did you mean 'opposites'\?"):
        read_codebook(path)


def test_unknown_label_names_its_place_and_the_nearest_label(tmp_path: Path) -> None:
    path = changed(tmp_path, "labels: [support,", "labels: [suport,")
    with pytest.raises(ConfigError, match=r"labels\.0: no label is called 'suport'; did you mean 'support'\?"):
        read_codebook(path)


def test_rule_with_a_label_that_the_codebook_lacks_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, "[support, oppose, neutral, unrelated]", "[support, oppose]")
    with pytest.raises(ConfigError, match=r"rules\.0\.labels: 'neutral' is not among the labels"):
        read_codebook(path)


@pytest.mark.parametrize("aliases", ["", "    aliases: []\n"])
def test_target_without_aliases_is_refused(tmp_path: Path, aliases: str) -> None:
    path = changed(tmp_path, "    aliases: [dam, barrage]\n", aliases)
    with pytest.raises(ConfigError, match=r"targets\.dam\.aliases: a target needs at least one alias"):
        read_codebook(path)


def test_alias_that_is_also_an_opposite_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, "opposites: [free river]", "opposites: [Barrage]")
    with pytest.raises(ConfigError, match=r"targets\.dam: 'barrage' stands among both the aliases and the opposites"):
        read_codebook(path)


def test_alias_of_an_unrelated_target_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rivers.yaml"
    path.write_text(
        RIVER.replace("    sub_targets: [lock]\n", "").replace("[ship lock]", "[ship lock, dam]"), encoding="utf-8"
    )
    with pytest.raises(ConfigError, match=r"'dam' is an alias of"):
        read_codebook(path)


def test_alias_shared_with_a_sub_target_is_accepted(tmp_path: Path) -> None:
    path = changed(tmp_path, "[ship lock]", "[ship lock, dam]")
    assert "dam" in read_codebook(path).targets["lock"].aliases


def test_unknown_sub_target_gets_the_nearest_name(tmp_path: Path) -> None:
    path = changed(tmp_path, "sub_targets: [lock]", "sub_targets: [lokc]")
    with pytest.raises(ConfigError, match=r"targets\.dam\.sub_targets: no target is called 'lokc'; .*'lock'"):
        read_codebook(path)


def test_circle_of_sub_targets_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, "aliases: [ship lock]", "aliases: [ship lock]\n    sub_targets: [dam]")
    with pytest.raises(ConfigError, match="stands above it"):
        read_codebook(path)


def test_unknown_target_is_refused_with_the_nearest_name() -> None:
    codebook: Codebook = read_codebook(SHIPPED)
    with pytest.raises(ConfigError, match=r"row 3: .*no target 'ukraine_nato'; did you mean 'ukraine_in_nato'\?"):
        codebook.require("ukraine_nato", place="row 3")
