import collections
import json
from pathlib import Path

import pytest

from framing.protocols import StanceQuery
from framing.resources import locate
from framing.stance.linear import Linear
from framing.types import Label, Stance

MODEL = "framing:models/stance_linear"
ROWS = ("nato_expansion", "ukraine_in_nato")


def ask(text: str, target: str = "nato_expansion", context: str | None = None, speaker: str | None = None) -> Stance:
    return Linear()([StanceQuery("s1", text, context or text, speaker, target)])[0]


def rows(name: str) -> list[dict[str, object]]:
    path = locate(f"framing:stance/{name}.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Sweden belongs in the alliance and we will vote for its accession", Label.SUPPORT),
        ("It is not up to Moscow whether Finland joins NATO, no outsider has a veto", Label.SUPPORT),
        ("Nobody should stand in the way of Georgia's membership of NATO", Label.SUPPORT),
        ("we reject any further enlargement of NATO, which is a threat to our security", Label.OPPOSE),
        ("NATO expansion provoked this war", Label.OPPOSE),
        ("the country must stay neutral and never join NATO", Label.OPPOSE),
        ("we are not against Georgia's joining NATO", Label.NEUTRAL),
        ("ministers will discuss the membership application of Bosnia at the summit of the alliance", Label.NEUTRAL),
        ("sanctions on Russian oil must be tightened", Label.UNRELATED),
        ("allies should spend more than two percent of gross domestic product on defence", Label.UNRELATED),
    ],
)
def test_plain_statement_gets_its_label(text: str, label: Label) -> None:
    assert ask(text).label is label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ukraine will become a member of NATO once the war is over", Label.SUPPORT),
        ("Ukraine cannot be admitted to NATO as long as the war goes on", Label.OPPOSE),
    ],
)
def test_condition_is_marked_beside_the_label(text: str, label: Label) -> None:
    stance = ask(text, "ukraine_in_nato")
    assert (stance.label, stance.conditional) == (label, True)


def test_position_on_another_candidate_says_nothing_about_ukraine() -> None:
    text = "Sweden belongs in the alliance and we will vote for its accession"
    assert ask(text, "ukraine_in_nato").label is Label.UNRELATED
    assert ask(text, "finland_sweden_in_nato").label is Label.SUPPORT


@pytest.mark.parametrize("text", ["Ukraine belongs in NATO", "we will veto Ukraine's accession to NATO"])
def test_position_on_ukraine_is_one_on_enlargement(text: str) -> None:
    assert ask(text, "ukraine_in_nato").label is ask(text, "nato_expansion").label


@pytest.mark.parametrize(
    "text", ["Moldova ought to be let into NATO", "our parliament will not ratify the accession", "talks went on"]
)
def test_who_speaks_changes_nothing(text: str) -> None:
    names = ["Anna Smith", "Petr Novak", "Moscow", "Warsaw", "Jens Larsen"]
    found = [ask(text, context=f"In a speech {name} said that {text}.", speaker=name) for name in names]
    assert len({tuple(stance.probabilities.values()) for stance in found}) == 1


def test_other_names_in_the_text_change_nothing() -> None:
    texts = [f"we told {name} that NATO should admit Georgia" for name in ("Lisbon", "Moscow", "Berlin")]
    assert len({tuple(ask(text).probabilities.values()) for text in texts}) == 1


def test_folder_of_the_model_is_small() -> None:
    assert sum(file.stat().st_size for file in Path(locate(MODEL)).iterdir()) < 3_000_000


@pytest.mark.parametrize("name", ROWS)
def test_labels_of_the_rows_are_about_a_quarter_each(name: str) -> None:
    counts = collections.Counter(row["label"] for row in rows(name))
    assert set(counts) == {label.value for label in Label}
    assert all(0.2 < n / counts.total() < 0.3 for n in counts.values())


@pytest.mark.parametrize("name", ROWS)
def test_every_voice_has_all_four_labels(name: str) -> None:
    pairs = {(row["voice"], row["label"]) for row in rows(name)}
    assert len(pairs) == 4 * len({voice for voice, _ in pairs})


@pytest.mark.parametrize("name", ROWS)
def test_every_rule_decides_some_row(name: str) -> None:
    numbers = {number for row in rows(name) for number in row["rules"]}  # type: ignore[attr-defined]
    assert numbers == set(range(1, 14))


@pytest.mark.parametrize("name", ROWS)
def test_context_of_every_row_holds_its_text(name: str) -> None:
    for row in rows(name):
        context = str(row["context"])
        first, *_, last = ["", *str(row["text"]).split()]
        assert first in context, row["id"]
        assert last in context, row["id"]
        assert str(row["speaker"] or "").casefold() in context.casefold(), row["id"]


@pytest.mark.parametrize("name", ROWS)
def test_no_row_that_is_unrelated_hangs_on_a_condition(name: str) -> None:
    assert [row["id"] for row in rows(name) if row["label"] == "unrelated" and row["conditional"]] == []
