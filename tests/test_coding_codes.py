"""Codes from every form that coders hand in become one record, and what is wrong with them is said."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from framing.coding.codes import Code, Codes, check_units, settled
from framing.coding.offsets import code_points
from framing.coding.read import read_codes
from framing.errors import CorpusError
from framing.types import Span


def written(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def given(path: Path) -> list[tuple[str, str, str]]:
    return [(code.unit, code.coder, code.label) for code in read_codes([path]).given]


def choice(label: str) -> dict[str, object]:
    return {"from_name": "label", "to_name": "statement", "type": "choices", "value": {"choices": [label]}}


def task(label: str, coder: object = 3, **changes: object) -> dict[str, object]:
    annotations = [{"completed_by": coder, "result": [choice(label)]}]
    return {"id": 17, "data": {"unit": "a1:0-4"}, "annotations": annotations, **changes}


def passage(start: object, end: object, text: str | None, label: str = "support") -> dict[str, object]:
    value = {"start": start, "end": end, "labels": [label], **({} if text is None else {"text": text})}
    return {"from_name": "label", "to_name": "text", "type": "labels", "value": value}


def marked_task(text: str, *passages: object) -> list[dict[str, object]]:
    return [{"data": {"unit": "a1", "text": text}, "annotations": [{"completed_by": 1, "result": list(passages)}]}]


def test_a_csv_has_unit_coder_and_label_and_may_have_more(tmp_path: Path) -> None:
    path = written(
        tmp_path, "codes.csv", 'unit,coder,label,note\na1:0-4,ann,support,"well, yes"\na1:5-9,bea, oppose ,\n'
    )
    assert given(path) == [("a1:0-4", "ann", "support"), ("a1:5-9", "bea", "oppose")]


def test_a_sheet_in_which_no_row_names_its_coder_is_that_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "ann.csv", "unit;coder;label\na1:0-4;;support\na1:5-9;;\n")
    found = read_codes([path])
    assert found.coders == ["ann"]
    assert (len(found.given), found.left_blank) == (1, 1)


def test_label_studio_json_gives_choices_by_annotator(tmp_path: Path) -> None:
    note = {"from_name": "note", "to_name": "statement", "type": "textarea", "value": {"text": ["hm"]}}
    first = {"completed_by": 4, "result": [note, choice("oppose")]}
    second = {"completed_by": {"id": 3, "email": "ann@example.org"}, "result": [choice("support")]}
    assert given(written(tmp_path, "export.json", [task("", annotations=[first, second])])) == [
        ("a1:0-4", "4", "oppose"),
        ("a1:0-4", "ann@example.org", "support"),
    ]


def test_cancelled_and_empty_annotations_count_as_left_blank(tmp_path: Path) -> None:
    cancelled = [{"completed_by": 1, "was_cancelled": True, "result": [choice("oppose")]}]
    tasks = [
        task("support"),
        task("x", annotations=cancelled),
        task("x", annotations=[{"completed_by": 2, "result": []}]),
    ]
    assert read_codes([written(tmp_path, "export.json", tasks)]).left_blank == 2


def test_label_studio_json_min_and_csv_are_one_row_an_annotation(tmp_path: Path) -> None:
    flat = [
        {"id": 1, "unit": "a1:0-4", "label": "support", "annotator": 3},
        {"id": 2, "unit": "a1:5-9", "annotator": 3},
    ]
    found = read_codes([written(tmp_path, "min.json", flat)])
    assert [(code.unit, code.coder, code.label) for code in found.given] == [("a1:0-4", "3", "support")]
    assert found.left_blank == 1
    path = written(tmp_path, "export.csv", "annotation_id,annotator,id,label,unit\n9,3,1,support,a1:0-4\n")
    assert given(path) == [("a1:0-4", "3", "support")]


def test_doccano_lines_are_of_the_annotator_that_the_file_is_named_after(tmp_path: Path) -> None:
    lines = '{"id": 1, "text": "t", "unit": "a1:0-4", "label": ["support"], "Comments": []}\n'
    lines += '{"id": 2, "text": "t", "meta": {"unit": "a1:5-9"}, "label": []}\n'
    found = read_codes([written(tmp_path, "ann.jsonl", lines)])
    assert [(code.unit, code.coder, code.label) for code in found.given] == [("a1:0-4", "ann", "support")]
    assert found.left_blank == 1


TWO_CHOICES = [{"completed_by": 1, "result": [{"type": "choices", "value": {"choices": ["a", "b"]}}]}]
TEXT = "Lee 😀 said: “Yes, now.”"
YES = Span(13, 16)


@pytest.mark.parametrize("shift", [0, 1], ids=["code points", "UTF-16 units"])
def test_label_studio_offsets_come_back_as_code_points_whatever_they_counted(tmp_path: Path, shift: int) -> None:
    assert YES.of(TEXT) == "Yes"
    marked = marked_task(TEXT, passage(YES.start + shift, YES.end + shift, "Yes"))
    (code,) = read_codes([written(tmp_path, "export.json", marked)]).given
    assert code.span == YES
    assert code.unit == "a1:13-16"


def test_label_studio_json_min_and_doccano_offsets_come_back(tmp_path: Path) -> None:
    flat = [
        {
            "unit": "a1",
            "text": TEXT,
            "annotator": 1,
            "label": [{"start": 13, "end": 16, "text": "Yes", "labels": ["support"]}],
        }
    ]
    old = {"unit": "a1", "text": TEXT, "label": [[13, 16, "support"]]}
    new = {
        "unit": "a1",
        "text": TEXT,
        "entities": [{"id": 1, "label": "support", "start_offset": 13, "end_offset": 16}],
    }
    for name, content in (("1.json", flat), ("old.jsonl", old), ("new.jsonl", new)):
        (code,) = read_codes([written(tmp_path, name, content)]).given
        assert (code.unit, code.label, code.span) == ("a1:13-16", "support", YES)


@given_any(text=st.text(min_size=1), ends=st.tuples(st.integers(0, 50), st.integers(1, 50)))
def test_a_passage_is_found_again_from_offsets_in_utf_16_units(text: str, ends: tuple[int, int]) -> None:
    start = ends[0] % len(text)
    end = min(len(text), start + ends[1])
    before, through = (len(text[:edge].encode("utf-16-le", "surrogatepass")) // 2 for edge in (start, end))
    found = code_points(text, {"start": before, "end": through, "text": text[start:end]})
    assert found.of(text) == text[start:end]


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        (passage(13, 17, "Yes"), r"a passage from 13 to 17 is said to be 'Yes', but the text has 'Yes,'"),
        (passage(13, 99, None), r"a passage ends at 99, but the text has 23 characters"),
        (passage(16, 13, "Yes"), r"a passage goes from 16 to 13"),
        (passage("13", 16, "Yes"), r"a passage goes from '13' to 16"),
    ],
)
def test_offsets_that_do_not_fit_their_text_are_refused(tmp_path: Path, marked: object, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        read_codes([written(tmp_path, "export.json", marked_task(TEXT, marked))])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "unit,label\na,support\n", "no column is called 'coder'"),
        ("a.csv", "unit,coder,label\na,ann,support\nb,,oppose\n", "a.csv row 2: coder is empty"),
        ("a.csv", "unit,coder,label\n,ann,support\n", "a.csv row 1: unit is ''"),
        ("a.csv", "unit,coder,label\na,ann\n", "a.csv row 1: 2 cells, expected 3"),
        ("a.csv", "unit,coder,label\na,ann,\n", "no unit has a label"),
        ("a.csv", 'unit,annotator,label\na,1,"{""choices"": [""x"", ""y""]}"\n', "expected one choice"),
        ("a.json", "{", "cannot be read as JSON"),
        ("a.json", {"a": 1}, "expected a list of tasks"),
        ("a.json", [task("support", data={})], "a.json task 17: unit is None"),
        ("a.json", [task("support", None)], "an annotation is by None"),
        ("a.json", [task("support", annotations=TWO_CHOICES)], "1 chose"),
        ("a.jsonl", '{"unit": "a", "label": ["x", "y"]}', "line 1: a chose"),
        ("a.jsonl", '{"unit": "a"}', "none of label, labels, entities"),
        ("a.jsonl", '{"unit": "a", "label": [[1, 2]]}', "a label is"),
        ("a.jsonl", "nothing", "line 1: not JSON"),
        ("a.xlsx", "x", "codes of the form '.xlsx'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_as_codes_is_refused(tmp_path: Path, name: str, content: object, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        read_codes([written(tmp_path, name, content)])


def places(record: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside a record."""
    inside = record.items() if isinstance(record, dict) else enumerate(record) if isinstance(record, list) else ()
    for key, value in inside:
        yield (*at, key)
        yield from places(value, (*at, key))


@pytest.mark.parametrize("wrong", [None, 3, "", True, [], {}, [1], {"a": 1}, "text", 10**30], ids=repr)
def test_a_value_of_the_wrong_kind_gives_codes_or_a_message_but_no_crash(tmp_path: Path, wrong: object) -> None:
    both = marked_task(TEXT, passage(13, 16, "Yes"), choice("support"))
    flat = [{"unit": "a", "text": TEXT, "label": [passage(13, 16, "Yes")["value"]], "annotator": 1, "target": "door"}]
    line = [{"unit": "a", "text": TEXT, "label": [[13, 16, "x"]], "meta": {"unit": "b"}, "annotator": "ann"}]
    for name, whole in (("full.json", both), ("min.json", flat), ("line.jsonl", line)):
        for *before, last in list(places(whole)):
            changed = json.loads(json.dumps(whole))
            at = changed
            for key in before:
                at = at[key]
            at[last] = wrong
            path = written(tmp_path, name, changed if name.endswith(".json") else json.dumps(changed[0]))
            with contextlib.suppress(CorpusError):
                for code in read_codes([path]).given:
                    assert all(isinstance(value, str) and value for value in (code.unit, code.coder, code.label))


def test_every_form_says_which_target_was_coded_if_its_sheet_did(tmp_path: Path) -> None:
    paths = [
        written(tmp_path, "plain.csv", "unit,coder,label,target\na,ann,support,door\n"),
        written(tmp_path, "export.json", [task("support", data={"unit": "a", "target": "door"})]),
        written(tmp_path, "min.json", [{"unit": "a", "annotator": 9, "label": "support", "target": "door"}]),
        written(tmp_path, "bea.jsonl", '{"unit": "a", "label": ["support"], "target": "door"}'),
    ]
    assert [code.target for code in read_codes(paths).given] == ["door"] * 4


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere\.csv: cannot be read"):
        read_codes([tmp_path / "nowhere.csv"])


def test_a_coder_who_coded_a_unit_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    one = written(tmp_path, "1.csv", "unit,coder,label\na,ann,support\n")
    other = written(tmp_path, "2.csv", "unit,coder,label\na,ann,support\n")
    with pytest.raises(CorpusError, match=r"2\.csv row 1: 'ann' coded the unit 'a' before \(.*1\.csv row 1\)"):
        read_codes([one, other])


def test_codes_of_units_that_are_not_in_the_sample_are_refused() -> None:
    codes = Codes((Code("a", "ann", "support", "x.csv row 1"), Code("z", "ann", "support", "x.csv row 2")))
    with pytest.raises(CorpusError, match=r"x\.csv row 2: the unit 'z' is not in the sample \(1 such units\)"):
        check_units(codes, {"a"}, among="the sample")


def test_codes_are_settled_when_all_coders_of_a_unit_agree() -> None:
    agreed = (Code("a", "ann", "support", ""), Code("a", "bea", "support", ""), Code("b", "ann", "oppose", ""))
    assert settled(Codes(agreed)).rows() == [("a", "support", False), ("b", "oppose", False)]
    with pytest.raises(CorpusError, match=r"differ on 1 units, the first 'b' \(neutral / oppose\)"):
        settled(Codes((*agreed, Code("b", "bea", "neutral", ""))))
    with pytest.raises(CorpusError, match=r"the first 'b' \(oppose / oppose, conditional\)"):
        settled(Codes((*agreed, Code("b", "bea", "oppose", "", conditional=True))))


def test_a_position_under_a_condition_is_marked_in_every_form(tmp_path: Path) -> None:
    mark = {
        "from_name": "conditional",
        "to_name": "statement",
        "type": "choices",
        "value": {"choices": ["conditional"]},
    }
    marked = task("", annotations=[{"completed_by": 1, "result": [mark, choice("support")]}])
    flat = {"unit": "b", "annotator": 1, "label": "support", "conditional": "conditional"}
    paths = [
        written(tmp_path, "plain.csv", "unit,coder,label,conditional\na,ann,support,yes\nb,ann,support,\n"),
        written(tmp_path, "export.json", [marked]),
        written(tmp_path, "min.json", [flat]),
    ]
    assert [code.conditional for code in read_codes(paths).given] == [True, False, True, True]
    with pytest.raises(CorpusError, match="row 1: conditional is 'perhaps', expected yes or nothing"):
        read_codes([written(tmp_path, "odd.csv", "unit,coder,label,conditional\na,ann,support,perhaps\n")])
