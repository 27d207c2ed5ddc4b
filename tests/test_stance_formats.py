import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from framing.errors import ConfigError, CorpusError, MissingExtraError
from framing.stance.codebook import read_codebook
from framing.train.stance.layout import Layout
from framing.train.stance.rows import StanceRow, read_rows
from framing.types import Label

Rows = Sequence[Mapping[str, Any]]

CODEBOOK = read_codebook("framing:codebooks/nato_expansion.yaml")
FOREIGN = Layout(
    columns={"id": "nr", "text": "sentence", "label": "stance", "target": "topic", "article_id": "doc"},
    labels={"FAVOR": "support", "AGAINST": "oppose", "NONE": "neutral"},
)
FOREIGN_ROWS: Rows = [
    {"nr": "1", "sentence": "It belongs in NATO, “now”", "stance": "FAVOR", "topic": "ukraine_in_nato", "doc": "a1",
     "speaker": "Smith", "conditional": "yes"},
    {"nr": "2", "sentence": "It must never join", "stance": "AGAINST", "topic": "ukraine_in_nato", "doc": "a1",
     "speaker": "", "conditional": ""},
    {"nr": "3", "sentence": "Ministers will meet", "stance": "NONE", "topic": "ukraine_in_nato", "doc": "a2",
     "speaker": "Jones", "conditional": "no"},
]  # fmt: skip


def write_csv(path: Path, rows: Rows, delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_tsv(path: Path, rows: Rows) -> Path:
    return write_csv(path, rows, "\t")


def write_jsonl(path: Path, rows: Rows) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_parquet(path: Path, rows: Rows) -> Path:
    pl.DataFrame(list(rows)).write_parquet(path)
    return path


WRITERS: dict[str, Callable[[Path, Rows], Path]] = {
    "rows.csv": write_csv,
    "rows.tsv": write_tsv,
    "rows.jsonl": write_jsonl,
    "rows.parquet": write_parquet,
}


def task(number: int, data: Mapping[str, Any], *annotations: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": number, "data": data, "annotations": list(annotations)}


def annotation(label: str | None, *, control: str = "label", coder: str = "ada@example.org") -> dict[str, Any]:
    chosen = {"type": "choices", "from_name": control, "to_name": "text", "value": {"choices": [label]}}
    return {"completed_by": {"email": coder}, "result": [chosen] if label else []}


def write_export(path: Path, tasks: Sequence[Mapping[str, Any]]) -> Path:
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def plain(number: int, label: str = "support", **more: Any) -> dict[str, Any]:
    return {"id": f"s{number}", "text": f"Text {number}", "target": "ukraine_in_nato", "label": label, **more}


TWO = (plain(1, "support"), plain(2, "oppose"))


def read(path: Path | str, layout: Layout | None = None) -> list[StanceRow]:
    return read_rows([path], CODEBOOK, layout=layout)


@pytest.mark.parametrize("name", WRITERS)
def test_every_form_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    rows = read(WRITERS[name](tmp_path / name, FOREIGN_ROWS), FOREIGN)
    assert [row.query.statement_id for row in rows] == ["1", "2", "3"]
    assert [row.query.text for row in rows] == [
        "It belongs in NATO, “now”",
        "It must never join",
        "Ministers will meet",
    ]
    assert [row.label for row in rows] == [Label.SUPPORT, Label.OPPOSE, Label.NEUTRAL]
    assert [row.query.speaker for row in rows] == ["Smith", None, "Jones"]
    assert [row.article_id for row in rows] == ["a1", "a1", "a2"]
    assert [row.conditional for row in rows] == [True, False, False]
    assert [row.family for row in rows] == ["1", "2", "3"]


@pytest.mark.parametrize("name", WRITERS)
def test_text_left_blank_is_named_by_file_and_row(tmp_path: Path, name: str) -> None:
    path = WRITERS[name](tmp_path / name, [*TWO, plain(3, text="  ")])
    with pytest.raises(CorpusError, match=rf"{name} (row|line) 3: text: found '  ', expected the text"):
        read(path)


@pytest.mark.parametrize("name", WRITERS)
def test_column_that_is_not_there_is_named_with_the_nearest(tmp_path: Path, name: str) -> None:
    path = WRITERS[name](tmp_path / name, [{**plain(1), "sentences": "x"}])
    with pytest.raises(CorpusError, match=r"no column 'sentence', where columns\.text .* did you mean 'sentences'\?"):
        read(path, Layout(columns={"text": "sentence"}))


@pytest.mark.parametrize("name", WRITERS)
def test_optional_column_that_no_row_has_is_not_passed_over(tmp_path: Path, name: str) -> None:
    path = WRITERS[name](tmp_path / name, TWO)
    with pytest.raises(CorpusError, match=r"no row has a column 'holder', where columns\.speaker expects the speaker"):
        read(path, Layout(columns={"speaker": "holder"}))


@pytest.mark.parametrize("name", WRITERS)
def test_label_in_neither_mapping_nor_codebook_is_named(tmp_path: Path, name: str) -> None:
    path = WRITERS[name](tmp_path / name, [*TWO, plain(3, "PRO")])
    with pytest.raises(CorpusError, match=r"3: no label is called 'PRO'; .*\(map it in labels"):
        read(path, Layout(labels={"FAVOR": "support"}))


@pytest.mark.parametrize("name", WRITERS)
def test_id_that_comes_twice_is_named_with_both_places(tmp_path: Path, name: str) -> None:
    path = WRITERS[name](tmp_path / name, [*TWO, plain(1, "oppose")])
    with pytest.raises(CorpusError, match=rf"3: id 's1' stands at .*{name} (row|line) 1 too, with the same target"):
        read(path)


@pytest.mark.parametrize("name", WRITERS)
def test_one_class_only_is_refused(tmp_path: Path, name: str) -> None:
    path = WRITERS[name](tmp_path / name, [plain(1), plain(2)])
    with pytest.raises(CorpusError, match=rf"{name}: every row of target 'ukraine_in_nato' is labelled 'support'"):
        read(path)


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.json"])
def test_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes("id,text\n1,Café".encode("latin-1"))
    with pytest.raises(CorpusError, match=rf"{name} line 2: not UTF-8 \(byte 0xE9 behind '1,Caf'\); save the file"):
        read(path)


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.tsv"])
def test_byte_order_mark_is_no_part_of_a_field(tmp_path: Path, name: str) -> None:
    path = WRITERS[name](tmp_path / name, TWO)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read(path)[0].query.statement_id == "s1"


def test_truncated_parquet_is_refused(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "rows.parquet", TWO)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CorpusError, match=r"rows\.parquet: not a whole Parquet file .*write or download it again"):
        read(path)


def test_row_with_a_cell_too_many_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("id,text,target,label\ns1,No, never,ukraine_in_nato,oppose\n")
    with pytest.raises(CorpusError, match=r"rows\.csv row 1: 5 cells, expected 4 as in the header.*\(line 2\)"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content"), [("r.csv", ""), ("r.csv", "id,text\n"), ("r.jsonl", "\n"), ("r.json", "[]")]
)
def test_file_without_a_row_is_refused(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(CorpusError, match=r"r\.\w+: (holds no rows|the file is empty)"):
        read(tmp_path / name)


def test_file_of_another_form_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"rows\.xlsx: no form of labelled statements .* \.csv, \.json, \.jsonl"):
        read(tmp_path / "rows.xlsx")
    with pytest.raises(CorpusError, match=r"rows\.csv: cannot be read \(No such file"):
        read(tmp_path / "rows.csv")


def test_missing_ids_and_targets_say_what_can_be_set(tmp_path: Path) -> None:
    rows = [{"text": "It belongs", "label": "support"}, {"text": "Never", "label": "oppose"}]
    path = write_csv(tmp_path / "rows.csv", rows)
    with pytest.raises(CorpusError, match=r"row 1: the field 'id' is missing; .* set that to null"):
        read(path)
    with pytest.raises(CorpusError, match=r"row 1: the field 'target' is missing; .* one target of all rows as target"):
        read(path, Layout(columns={"id": None}))
    found = read(path, Layout(columns={"id": None}, target="ukraine_in_nato"))
    assert [(row.query.statement_id, row.query.target) for row in found] == [
        ("rows.csv:1", "ukraine_in_nato"),
        ("rows.csv:2", "ukraine_in_nato"),
    ]


def test_one_statement_may_be_labelled_under_several_targets(tmp_path: Path) -> None:
    rows = [*TWO, plain(1, "neutral", target="nato_expansion"), plain(2, "oppose", target="nato_expansion")]
    found = read(write_jsonl(tmp_path / "rows.jsonl", rows))
    assert [row.family for row in found] == ["s1", "s2", "s1", "s2"]


@pytest.mark.parametrize("label", [1, 1.0, "1"])
def test_numbers_as_labels_are_mapped_however_they_are_written(tmp_path: Path, label: object) -> None:
    rows = [plain(1) | {"label": label}, plain(2, "oppose")]
    found = read(write_jsonl(tmp_path / "rows.jsonl", rows), Layout(labels={1: "support"}))
    assert [row.label for row in found] == [Label.SUPPORT, Label.OPPOSE]


def test_whole_numbers_as_ids_are_taken_as_names(tmp_path: Path) -> None:
    rows = [plain(1) | {"id": 7}, plain(2, "oppose") | {"id": 8}]
    assert [row.query.statement_id for row in read(write_parquet(tmp_path / "r.parquet", rows))] == ["7", "8"]


def test_text_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "rows.jsonl", [*TWO, plain(3, text=17)])
    with pytest.raises(CorpusError, match=r"line 3: text: .*found 17"):
        read(path)


def test_wrong_mappings_are_refused_before_a_file_is_read() -> None:
    with pytest.raises(ConfigError, match=r"columns\.txt: .*did you mean 'text'\?"):
        Layout(columns={"txt": "sentence"})
    with pytest.raises(ConfigError, match=r"columns\.label: found null, expected a column"):
        Layout(columns={"label": None})
    with pytest.raises(ConfigError, match=r"labels: found the key true, which YAML makes of yes"):
        Layout(labels={True: "support"})
    with pytest.raises(ConfigError, match=r"labels\.FAVOR: the codebook has no label 'suport'; did you mean 'support'"):
        read("nowhere.csv", Layout(labels={"FAVOR": "suport"}))


def test_label_studio_export_gives_a_row_a_task(tmp_path: Path) -> None:
    data = {"sentence": "It belongs", "topic": "ukraine_in_nato", "doc": "a1", "speaker": "Smith"}
    tasks = [
        task(11, data, annotation("FAVOR", control="stance")),
        task(12, {**data, "sentence": "Never"}, annotation("AGAINST", control="stance")),
    ]
    layout = Layout(
        columns={"text": "sentence", "label": "stance", "target": "topic", "article_id": "doc"}, labels=FOREIGN.labels
    )
    first, second = read(write_export(tmp_path / "export.json", tasks), layout)
    assert (first.query.statement_id, first.query.text, first.query.speaker) == ("11", "It belongs", "Smith")
    assert (first.label, second.label, first.article_id) == (Label.SUPPORT, Label.OPPOSE, "a1")


def test_label_studio_takes_the_control_named_among_several(tmp_path: Path) -> None:
    data = {"text": "It belongs", "target": "ukraine_in_nato"}
    both = annotation("support", control="stance")
    both["result"] += annotation("angry", control="tone")["result"]
    tasks = [task(1, data, both), task(2, data, annotation("oppose", control="stance"))]
    path = write_export(tmp_path / "export.json", tasks)
    assert read(path, Layout(columns={"label": "stance"}))[0].label is Label.SUPPORT
    with pytest.raises(CorpusError, match=r"task 1: several controls hold labels \(stance, tone\)"):
        read(path)


def test_flat_export_of_label_studio_is_read_too(tmp_path: Path) -> None:
    flat = [
        {**plain(number), "id": number, "annotator": 3, "label": label}
        for number, label in [(1, "support"), (2, "oppose")]
    ]
    path = write_export(tmp_path / "export.json", flat)
    assert [(row.query.statement_id, row.label) for row in read(path)] == [("1", Label.SUPPORT), ("2", Label.OPPOSE)]
    path = write_export(tmp_path / "export.json", [*flat, {**flat[1], "annotator": 4, "label": "neutral"}])
    with pytest.raises(CorpusError, match=r"task 2: coders differ \(3: oppose, 4: neutral\); let them settle"):
        read(path)


def test_coders_who_differ_on_a_task_are_named(tmp_path: Path) -> None:
    data = {"text": "It belongs", "target": "ukraine_in_nato"}
    agreed = task(1, data, annotation("support"), annotation("support", coder="bo@example.org"))
    differing = task(2, data, annotation("oppose"), annotation("neutral", coder="bo@example.org"))
    with pytest.raises(CorpusError, match=r"task 2: coders differ \(ada@example\.org: oppose, bo@.*: neutral\)"):
        read(write_export(tmp_path / "export.json", [agreed, differing]))


@pytest.mark.parametrize("annotations", [[], [annotation(None)], [annotation("support"), annotation(None)]])
def test_task_left_blank_is_not_passed_over(tmp_path: Path, annotations: list[dict[str, Any]]) -> None:
    data = {"text": "It belongs", "target": "ukraine_in_nato"}
    with pytest.raises(CorpusError, match=r"task 5: an annotation without a label, or none; label the task, or leave"):
        read(write_export(tmp_path / "export.json", [task(5, data, *annotations)]))


def test_marked_passages_are_refused(tmp_path: Path) -> None:
    value = {"start": 0, "end": 2, "text": "It", "labels": ["support"]}
    marked = {
        "completed_by": 1,
        "result": [{"type": "labels", "from_name": "label", "to_name": "text", "value": value}],
    }
    with pytest.raises(CorpusError, match=r"task 1: passages are marked in the text, expected one choice"):
        read(write_export(tmp_path / "export.json", [task(1, {"text": "It belongs"}, marked)]))


def test_json_that_is_no_export_is_refused(tmp_path: Path) -> None:
    (tmp_path / "export.json").write_text('{"text": "It belongs"}')
    with pytest.raises(CorpusError, match=r"export\.json: expected a list of tasks, as Label Studio exports them"):
        read(tmp_path / "export.json")


class _ClassLabel:
    """Stand for the feature of the package `datasets` that codes labels as numbers."""

    def int2str(self, code: int) -> str:
        return ("FAVOR", "AGAINST")[code]


class _Loaded(list[dict[str, Any]]):
    features: Mapping[str, object] = {"text": object(), "label": _ClassLabel()}


def install_datasets(monkeypatch: pytest.MonkeyPatch, load: Callable[..., object]) -> None:
    class DatasetsError(Exception):
        pass

    stand_in = SimpleNamespace(
        load_dataset=load, ClassLabel=_ClassLabel, exceptions=SimpleNamespace(DatasetsError=DatasetsError)
    )
    monkeypatch.setitem(sys.modules, "datasets", stand_in)


HUB_LAYOUT = Layout(columns={"id": None}, labels=FOREIGN.labels, target="ukraine_in_nato")


@pytest.mark.parametrize(("source", "split"), [("hub:owner/name", "train"), ("hub:owner/name:dev[:10%]", "dev[:10%]")])
def test_data_set_of_the_hub_is_read_with_the_names_of_its_labels(
    monkeypatch: pytest.MonkeyPatch, source: str, split: str
) -> None:
    asked: list[tuple[str, str]] = []

    def load(name: str, *, split: str) -> _Loaded:
        asked.append((name, split))
        return _Loaded([{"text": "It belongs", "label": 0}, {"text": "Never", "label": 1}])

    install_datasets(monkeypatch, load)
    rows = read(source, HUB_LAYOUT)
    assert asked == [("owner/name", split)]
    assert [row.label for row in rows] == [Label.SUPPORT, Label.OPPOSE]
    assert rows[0].query.text == "It belongs"


def test_label_that_a_data_set_leaves_open_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _Loaded([{"text": "It belongs", "label": 0}, {"text": "Never", "label": -1}])
    install_datasets(monkeypatch, lambda name, *, split: rows)
    with pytest.raises(CorpusError, match="hub:owner/name row 2: label: found None, expected the label"):
        read("hub:owner/name", HUB_LAYOUT)


def test_data_set_that_cannot_be_loaded_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str, *, split: str) -> object:
        raise ValueError('Unknown split "tran". Should be one of train, test.')

    install_datasets(monkeypatch, load)
    with pytest.raises(CorpusError, match=r'hub:owner/name:tran: cannot be loaded \(Unknown split "tran".*as Parquet'):
        read("hub:owner/name:tran")


def test_data_set_needs_the_package_datasets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtraError, match=r"hub:owner/name: .*pip install 'framing\[hub\]'"):
        read("hub:owner/name")


@pytest.mark.parametrize("source", ["hub:", "hub:a/b/c", "hub:../x:train", "hub:owner/name:"])
def test_name_that_no_data_set_has_is_refused(source: str) -> None:
    with pytest.raises(CorpusError, match="expected hub:owner/name or hub:owner/name:split"):
        read(source)
