"""Plain words and plain tables say what the estimates say, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chain import ROWS, TARGET, install, row, run

from framing import summary
from framing.estimate_tables import every_estimate, main_table
from framing.run import read_manifest


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def said(folder: Path, by: tuple[str, ...] = ("outlet",)) -> list[str]:
    return summary.sentences(folder, summary.facts(folder, read_manifest(folder).counts), by)


def test_the_corpus_is_described_with_its_range_of_dates(tmp_path: Path) -> None:
    assert said(run(tmp_path, ROWS))[0] == (
        "5 articles of 2 outlets, from 2024-03-01 to 2024-04-02; 15 statements, with 2 named speakers; "
        "every row could be read."
    )


def test_one_of_each_is_singular_and_what_is_missing_is_said(tmp_path: Path) -> None:
    folder = run(tmp_path, [{"id": "bad"}, row("a", "Ledger", "Lee: yes", published=None)])
    assert said(folder)[0] == (
        "1 article of 1 outlet, none of them dated; 1 statement, with 1 named speaker; "
        "1 row of the corpus could not be read."
    )


def test_the_most_heard_speakers_are_named_and_those_counted_together_are_not(tmp_path: Path) -> None:
    heard = said(run(tmp_path, ROWS))[1]
    assert heard.startswith("Most heard: Lee, 46.7% [")
    assert "; Kim, 33.3% [" in heard
    assert "(" not in heard


def test_statements_without_a_named_speaker_are_counted(tmp_path: Path) -> None:
    sentence = said(run(tmp_path, ROWS))[2]
    assert sentence.startswith("Of all statements, 6.7% [")
    assert "have no source in the text; 13.3% [" in sentence
    assert sentence.endswith("are by anonymous speakers.")


def test_net_stance_is_told_over_everything_and_for_the_outermost_groups(tmp_path: Path) -> None:
    sentence = next(text for text in said(run(tmp_path, ROWS)) if text.startswith(TARGET))
    assert sentence.startswith("open_door: net stance over everything is +0.09 [")
    assert "runs from" not in sentence  # Herald has one article on the target, and (none) is no outlet


def test_groups_are_compared_where_they_have_intervals(tmp_path: Path) -> None:
    folder = run(tmp_path, [*ROWS, row("b3", "Herald", "Kim: no", "Kim: maybe")])
    sentence = next(text for text in said(folder) if text.startswith(TARGET))
    assert "by outlet it runs from Herald, −0.40 [" in sentence
    assert "], to Ledger, +0.14 [" in sentence


def test_a_target_that_nobody_addresses_is_said_to_be_unaddressed(tmp_path: Path) -> None:
    folder = run(tmp_path, [row("a", "Ledger", "Lee: the weather is fine")])
    assert "open_door: no statement addresses it." in said(folder)


def test_the_main_table_has_one_block_a_metric_and_a_line_a_group(tmp_path: Path) -> None:
    blocks = main_table(run(tmp_path, ROWS), ["outlet"]).split("\n\n")
    assert [block.split("\n")[0] for block in blocks] == [
        "net_stance(target=open_door)",
        "source_share",
        "stance_share(target=open_door)",
    ]
    assert [line.split()[0] for line in blocks[0].split("\n")[1:5]] == ["outlet", "(none)", "Herald", "Ledger"]


def test_few_articles_are_marked_and_the_mark_is_explained(tmp_path: Path) -> None:
    block = main_table(run(tmp_path, ROWS), ["outlet"]).split("\n\n")[0]
    assert "] †" in block
    assert block.endswith(summary.FOOTNOTE)


def test_a_suppressed_cell_says_so_in_its_line(tmp_path: Path) -> None:
    lines = main_table(run(tmp_path, ROWS), ["outlet"]).split("\n\n")[2].split("\n")
    kim = next(line for line in lines if "Herald" in line and "Kim" in line)
    assert kim.split()[:5] == ["Herald", "Kim", "–", "–", "–"]
    assert kim.endswith("suppressed: fewer than 5 statements")


@pytest.mark.parametrize("by", [(), ("language",), ("outlet", "quote_type")])
def test_the_main_table_follows_the_grouping_of_the_experiment(tmp_path: Path, by: tuple[str, ...]) -> None:
    measure: dict[str, Any] = {"by": list(by), "metrics": ["source_share"], "interval": {"resamples": 100}}
    header = main_table(run(tmp_path, ROWS, measure=measure), by).split("\n")[1].split()
    assert header[: len(by) + 1] == [*by, "speaker"]


def test_every_estimate_can_be_written(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS)
    text = every_estimate(folder, ["outlet"])
    assert text.count("source_share\n") == 4
    assert "2024-04" in text


@pytest.mark.parametrize(
    ("value", "share", "text"),
    [(0.1234, True, "12.3%"), (0.5, False, "+0.50"), (-0.001, False, "+0.00"), (-0.0001, True, "0.0%")],
)
def test_numbers_are_written_without_a_negative_zero(value: float, share: bool, text: str) -> None:
    assert summary.number(value, share=share) == text


def test_a_number_that_is_never_negative_has_no_sign() -> None:
    row = {"metric": "source_diversity", "value": 24.207, "low": 8.98, "high": 65.3}
    assert summary.with_interval(row) == "24.21 [8.98, 65.30]"
