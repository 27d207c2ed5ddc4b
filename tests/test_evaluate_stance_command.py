from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from chain import TARGET, install
from scored_stance import written

from framing.cli import main
from framing.errors import ConfigError
from framing.evaluate.stance.controls import EMPTY_PROPOSITION, controls
from framing.protocols import StanceQuery

EVEN = {"support": 0.4, "oppose": 0.3, "neutral": 0.2, "unrelated": 0.1}
ROWS: list[dict[str, Any]] = [
    {"id": "1", "text": "yes, now", "label": "support", "speaker": "Lee", "context": "Lee said: yes, now."},
    {"id": "2", "text": "no", "label": "oppose", "speaker": "Kim", "context": "no, said Kim.", "article": "b"},
    {"id": "3", "text": "yes <b>", "label": "neutral", "speaker": None, "article": "b"},
]


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def gold(folder: Path, **changes: Any) -> Path:
    rows = [{"target": TARGET, "article": "a", **row, **changes} for row in ROWS]
    return written(folder / "gold.jsonl", *rows)


def predicted(folder: Path, *labels: str, name: str = "pred.jsonl", **changes: Any) -> Path:
    rows = [{"id": str(n), "target": TARGET, "label": label, **changes} for n, label in enumerate(labels, start=1)]
    return written(folder / name, *rows)


def run(folder: Path, *options: str | Path, gold_path: Path | None = None) -> int:
    fixed = ["evaluate", "stance", "--resamples", "50", "--gold", str(gold_path or gold(folder))]
    return main([*fixed, *map(str, options)])


def classified(folder: Path, *options: str | Path) -> int:
    return run(folder, "--set", "stance.kind=first_word", *options)


def test_predictions_are_scored_and_shown_with_their_intervals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pred = predicted(tmp_path, "support", "support", "neutral", probabilities=EVEN)
    assert run(tmp_path, "--pred", pred, "--min-items", "1", "--by", "speaker") == 0
    out = capsys.readouterr().out
    assert "3 gold lines, 1 target; with 95% intervals from 50 resamples of the 2 clusters with one article" in out
    assert re.search(rf"\n  {TARGET} +0\.\d{{3}} \[", out)
    assert "F1 by speaker" in out
    assert "oppose as support: 1\n  2 (open_door): no" in out


def test_json_is_all_that_is_printed_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--pred", predicted(tmp_path, "support", "oppose", "neutral"), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["value"] for each in found["figures"] if each["name"] == "accuracy"} == {1.0}


def test_without_predictions_the_classifier_labels_the_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert classified(tmp_path, "--out", tmp_path / "out", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["mistakes"] == {"neutral as support": 1}
    labels = [json.loads(line)["label"] for line in (tmp_path / "out" / "predictions.jsonl").open(encoding="utf-8")]
    assert labels == ["support", "oppose", "support"]


def test_the_predictions_that_are_kept_score_the_same_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert classified(tmp_path, "--out", tmp_path / "out", "--json") == 0
    first = capsys.readouterr().out
    assert run(tmp_path, "--pred", tmp_path / "out" / "predictions.jsonl", "--json") == 0
    assert capsys.readouterr().out == first


def test_the_folder_holds_figures_drawings_errors_and_a_page_the_same_each_time(tmp_path: Path) -> None:
    pred = predicted(tmp_path, "support", "support", "support", probabilities=EVEN, reasons=["rule 3"])
    for name in ("one", "two"):
        assert run(tmp_path, "--pred", pred, "--out", tmp_path / name) == 0
    files = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    drawings = {f"{name}.{suffix}" for name in ("confusion", "reliability") for suffix in ("svg", "png", "pdf")}
    assert files.keys() == {"figures.json", "errors.csv", "evaluation.html", *drawings}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}


def test_the_table_of_errors_has_labels_probabilities_and_the_fields_of_the_gold(tmp_path: Path) -> None:
    pred = predicted(tmp_path, "support", "support", "neutral", probabilities=EVEN, abstained=True, reasons=["a", "b"])
    assert run(tmp_path, "--pred", pred, "--out", tmp_path / "out") == 0
    with (tmp_path / "out" / "errors.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["id"], row["gold"], row["predicted"], row["p_support"]) == ("2", "oppose", "support", "0.4")
    assert (row["abstained"], row["reasons"], row["text"], row["speaker"]) == ("true", "a; b", "no", "Kim")


def test_the_page_shows_errors_in_their_passage_escapes_them_and_loads_nothing(tmp_path: Path) -> None:
    pred = predicted(tmp_path, "support", "support", "support", probabilities=EVEN, reasons=["rule <3>"])
    assert run(tmp_path, "--pred", pred, "--out", tmp_path / "out") == 0
    page = (tmp_path / "out" / "evaluation.html").read_text(encoding="utf-8")
    assert '<span class="c ">no</span>, said <span class="source">Kim</span>.' in page
    assert "yes &lt;b&gt;" in page
    assert "rule &lt;3&gt;" in page
    assert not re.search(r"<script|<b>|https?://", page)
    assert page.count('src="data:image/svg+xml;base64,') == 2


def test_another_file_of_predictions_is_compared_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pred = predicted(tmp_path, "support", "oppose", "neutral")
    other = predicted(tmp_path, "support", "oppose", "support", name="other.jsonl")
    assert run(tmp_path, "--pred", pred, "--versus", other) == 0
    out = capsys.readouterr().out
    assert re.search(
        r"against other \(.*other\.jsonl\), 3 lines; McNemar: 1 right only here, 0 only there, p 1\.000", out
    )
    assert re.search(r"accuracy +1\.000 +0\.667 .*\+0\.333 \[", out)


def test_controls_stand_beside_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert classified(tmp_path, "--controls") == 0
    out = capsys.readouterr().out
    assert "against target masked (every target is “This should be supported”), 3 lines" in out
    assert "against statement only (no context and no speaker), 3 lines" in out
    assert "2 lines; 1 of 3 lines have no speaker and are left out on both sides" in out


def asked(*queries: StanceQuery, refuse: str | None = None) -> tuple[list[Any], list[list[StanceQuery]]]:
    """Run the controls on questions; return the rivals and what the classifier was asked."""
    seen: list[list[StanceQuery]] = []

    def ask(questions: Iterable[StanceQuery]) -> Iterator[Mapping[str, Any]]:
        seen.append(list(questions))
        for query in seen[-1]:
            if query.target == refuse:
                raise ConfigError(f"the codebook has no target {refuse!r}")
            yield {"id": query.statement_id, "target": query.target, "label": "support"}

    return list(controls(queries, ask)), seen


def test_a_control_takes_one_thing_away() -> None:
    query = StanceQuery("1", "Let them in", "Let them in, said Lee.", "Lee", "open_door", "All of it.")
    _, [masked, statement, speaker] = asked(query)
    assert masked == [query._replace(target=EMPTY_PROPOSITION)]
    assert statement == [StanceQuery("1", "Let them in", "Let them in", None, "open_door")]
    assert speaker == [StanceQuery("1", "Lee", "Lee", "Lee", "open_door")]


def test_a_line_without_speaker_is_not_asked_by_the_speaker_alone() -> None:
    query = StanceQuery("1", "Let them in", "Let them in", None, "open_door")
    rivals, _ = asked(query, query._replace(statement_id="2", speaker="Lee"))
    assert [answer is not None for answer in rivals[2].answers] == [False, True]


def test_a_classifier_that_knows_its_targets_only_says_why_they_cannot_be_masked() -> None:
    rivals, _ = asked(StanceQuery("1", "a", "a", "Lee", "open_door"), refuse=EMPTY_PROPOSITION)
    assert rivals[0].note == "cannot be asked: the codebook has no target 'This should be supported'"
    assert rivals[0].answers == [None]
    assert rivals[1].note is None


GOOD = {"id": "1", "target": TARGET, "label": "support"}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([GOOD], r"gold.jsonl line 2: id '2' with target 'open_door' has no prediction in .*pred.jsonl \(2 of 3"),
        ([GOOD, GOOD], r"pred.jsonl line 2: id '1' with target 'open_door' came before \(.*pred.jsonl line 1\)"),
        ([{**GOOD, "label": "suport"}], r"pred.jsonl line 1: label is 'suport'; did you mean 'support'\?"),
        ([{**GOOD, "label": None}], r"pred.jsonl line 1: label is None; .*known: neutral, oppose, support, unrelated"),
        ([{**GOOD, "id": 1}], r"pred.jsonl line 1: id is 1, expected a text"),
        (
            [{**GOOD, "probabilities": {"support": 0.9, "oppose": 0.3}}],
            r"pred.jsonl line 1: the probabilities sum to 1.2",
        ),
        ([{**GOOD, "probabilities": {"support": 0.9, "against": 0.1}}], r"line 1: probabilities has 'against'; "),
        (
            [{**GOOD, "probabilities": {"support": 1.5}}],
            r"line 1: the probability of support is 1.5, expected a number",
        ),
        ([{**GOOD, "probabilities": [1]}], r"line 1: probabilities is \[1\], expected an object"),
        ([{**GOOD, "abstained": "no"}], r"line 1: abstained is 'no', expected true or false"),
    ],
)
def test_a_bad_prediction_is_named_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: list[dict[str, Any]], message: str
) -> None:
    assert run(tmp_path, "--pred", written(tmp_path / "pred.jsonl", *rows)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.search(message, captured.err), captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": "pro"}, r"gold.jsonl line 1: label is 'pro'"),
        ({"id": "1"}, r"gold.jsonl line 2: id '1' with target 'open_door' came before"),
        ({"target": ""}, r"gold.jsonl line 1: target is '', expected a text"),
        ({"text": None}, r"gold.jsonl line 1: text is None, expected a text"),
        ({"article": None}, r"gold.jsonl line 1: has no article, by which lines are drawn again together"),
    ],
)
def test_a_bad_gold_line_is_named_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], message: str
) -> None:
    assert run(tmp_path, "--set", "stance.kind=first_word", gold_path=gold(tmp_path, **changes)) == 2
    assert re.search(message, capsys.readouterr().err)


def test_what_cannot_be_done_together_or_written_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pred = predicted(tmp_path, "support", "oppose", "neutral")
    assert run(tmp_path, "--pred", pred, "--controls") == 2
    assert "--controls asks the classifier again" in capsys.readouterr().err
    assert run(tmp_path, "--pred", pred, "--out", pred) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert classified(tmp_path, "--out", pred) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_an_empty_gold_file_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pred = predicted(tmp_path, "support")
    assert run(tmp_path, "--pred", pred, gold_path=written(tmp_path / "none.jsonl")) == 2
    assert "holds no line" in capsys.readouterr().err


def test_predictions_without_a_gold_line_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--pred", predicted(tmp_path, "support", "oppose", "neutral", "neutral")) == 0
    assert "(1 predictions belong to no gold line)" in capsys.readouterr().out
