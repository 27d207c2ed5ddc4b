"""The lines that `framing extract` and `framing stance` read and write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from chain import install

from framing import exchange
from framing.errors import CorpusError
from framing.jsonlines import json_line

COLON = {"quotes": {"kind": "colon"}, "speakers": {"kind": "sources"}}
STANCE = {"stance": {"kind": "first_word"}}


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_extract_writes_spans_into_the_text_exactly_as_given(tmp_path: Path) -> None:
    text = "  \ufeffA first line.\r\nLee: yes\u00a0indeed  "
    path = written(tmp_path / "in.jsonl", {"article_id": "a", "text": text})
    (line,) = exchange.extract([path], COLON)
    (found,) = line["attributions"]
    ((start, end),), ((source_start, source_end),) = found["content"], found["source"]
    assert (line["article_id"], text[start:end].strip()) == ("a", "yes\u00a0indeed")
    assert text[source_start:source_end] == "Lee"
    assert (found["speaker"], found["speaker_kind"], found["resolution"]) == ("Lee", "person", "exact")


def test_extract_gives_a_line_to_an_article_without_statements(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("Nothing was said.", encoding="utf-8")
    (line,) = exchange.extract([tmp_path / "story.txt"], COLON)
    assert line["attributions"] == []


def test_extract_names_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere\.txt"):
        list(exchange.extract([tmp_path / "nowhere.txt"], COLON))


def test_extract_says_what_it_leaves_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "in.jsonl", {"article_id": "a"}, {"article_id": "b", "text": "Lee: yes"})
    lines = list(exchange.extract([path], COLON))
    assert [line["article_id"] for line in lines] == ["b"]
    assert "left out" in capsys.readouterr().err


def test_stance_answers_each_line_with_its_id(tmp_path: Path) -> None:
    path = written(
        tmp_path / "in.jsonl",
        {"id": "1", "text": "yes, now", "target": "open_door"},
        {"id": "2", "text": "unsure", "target": "open_door", "context": "He was unsure.", "speaker": "he"},
    )
    first, second = exchange.stance(path, STANCE)
    assert (first["id"], first["label"], first["abstained"]) == ("1", "support", False)
    assert (second["id"], second["abstained"], second["reasons"]) == ("2", True, ["unsure"])
    assert sum(first["probabilities"].values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{not json", r"line 2: not JSON"),
        ("[1]", r"line 2: expected an object with id, text and target, found list"),
        ('{"id": "1", "target": "open_door"}', r"line 2: text is None, expected a text"),
        ('{"id": "1", "text": " ", "target": "open_door"}', r"line 2: text is ' '"),
        ('{"id": "1", "text": "x", "target": "open_door", "speaker": 3}', r"line 2: speaker is 3, expected"),
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": "0", "text": "yes", "target": "open_door"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        list(exchange.stance(path, STANCE))


def test_an_output_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    def broken() -> Any:
        yield {"id": "1"}
        raise CorpusError("line 2 is wrong")

    with pytest.raises(CorpusError, match="line 2"):
        exchange.write_lines(broken(), tmp_path / "out.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="choose another -o"):
        exchange.write_lines([{"id": "1"}], tmp_path / "missing" / "out.jsonl")


@pytest.mark.parametrize("text", ["café “quoted”", "a\u2028b", "lone \ud800 surrogate"])
def test_any_text_survives_as_one_line_of_json(text: str) -> None:
    line = json_line({"text": text})
    assert json.loads(line.encode().decode()) == {"text": text}
    assert line.count("\n") == 1
