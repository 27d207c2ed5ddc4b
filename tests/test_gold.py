from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from framing.corpora.gold import read_gold
from framing.corpora.gold_records import Attribution
from framing.errors import CorpusError
from framing.types import Span

TEXT = "The mayor said the bridge, old as it is, will stay.\nNobody asked him.\n"
SOURCE, CUE, FIRST, SECOND = (0, 9), (10, 14), (15, 25), (41, 50)

SPANS = """T1\tAttribution 10 14\tsaid
T2\tSource 0 9\tThe mayor
T3\tContent 15 25\tthe bridge
T4\tContent 41 50\twill stay
T5\tCue 10 14\tsaid
"""
EVENT = "E1\tAttribution:T1 Source:T2 Cue:T5 Content:T3 Content2:T4\n"


def brat(
    folder: Path, annotations: str, *, name: str = "gazette_bridge", annotator: str = "ann", text: str = TEXT
) -> Path:
    for part in ("text", "attributions"):
        (folder / part).mkdir(exist_ok=True)
    (folder / "text" / f"{name}.txt").write_bytes(text.encode())
    (folder / "attributions" / f"{name}_{annotator}.ann").write_bytes(annotations.encode())
    return folder


def lines(path: Path, *rows: dict[str, Any] | str) -> Path:
    path.write_text(
        "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8"
    )
    return path


def said(*content: tuple[int, int], **others: Any) -> dict[str, Any]:
    return {"content": [list(span) for span in content], "cue": [list(CUE)], "source": [list(SOURCE)], **others}


def spans(*pairs: tuple[int, int]) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in pairs)


def test_a_brat_folder_gives_an_article_with_the_spans_of_each_role(tmp_path: Path) -> None:
    [article] = read_gold([brat(tmp_path, SPANS + EVENT)])
    assert (article.article_id, article.text) == ("gazette_bridge", TEXT)
    assert article.annotators == ((Attribution(spans(FIRST, SECOND), spans(CUE), spans(SOURCE)),),)


def test_the_outlet_of_a_brat_article_is_what_stands_before_its_first_underscore(tmp_path: Path) -> None:
    [article] = read_gold([brat(tmp_path, SPANS + EVENT, name="the-gazette_bridge_2")])
    assert article.fields == {"outlet": "the-gazette"}


def test_events_may_stand_before_the_spans_they_name(tmp_path: Path) -> None:
    [article] = read_gold([brat(tmp_path, EVENT + SPANS)])
    assert article.annotators[0][0].content == spans(FIRST, SECOND)


def test_a_span_of_several_parts_is_read_whole(tmp_path: Path) -> None:
    annotations = "T1\tContent 41 50;15 25\twill stay the bridge\nE1\tAttribution:T1 Content:T1\n"
    [article] = read_gold([brat(tmp_path, annotations)])
    assert article.annotators[0][0].content == spans(FIRST, SECOND)


def test_the_text_of_a_span_may_run_over_a_line_break(tmp_path: Path) -> None:
    annotations = "T1\tContent 41 57\twill stay.\nNobody\nE1\tAttribution:T1 Content:T1\n"
    [article] = read_gold([brat(tmp_path, annotations)])
    assert article.annotators[0][0].content == spans((41, 57))


def test_line_ends_of_the_text_are_counted_as_they_are(tmp_path: Path) -> None:
    text = "One.\r\nShe left.\r\n"
    [article] = read_gold([brat(tmp_path, "T1\tContent 6 9\tShe\nE1\tAttribution:T1 Content:T1\n", text=text)])
    assert article.annotators[0][0].content[0].of(article.text) == "She"


def test_the_annotators_of_an_article_stay_apart_in_the_order_of_their_names(tmp_path: Path) -> None:
    brat(tmp_path, SPANS + EVENT, annotator="zoe")
    [article] = read_gold([brat(tmp_path, "", annotator="adam")])
    assert [len(statements) for statements in article.annotators] == [0, 1]


@pytest.mark.parametrize(
    ("damage", "line", "message"),
    [
        ("T5\tCue 10\tsaid\n", 1, "no brat annotation"),
        ("T5\tCue ten 14\tsaid\n", 1, "no brat annotation"),
        ("T5\tCue 10 14junk\n", 1, "no brat annotation"),
        ("E1 Attribution:T1\n", 1, "no brat annotation"),
        ("E1\tAttribution:T1 Cue:T9\n", 1, "names 'T9'"),
        ("\n<<<<<<< ours\n", 2, "belongs to no annotation"),
        ("T5\tCue 14 14\tsaid\n", 1, "does not fit"),
        ("T5\tCue 60 71\tsaid\n", 1, "does not fit a text of 70 characters"),
    ],
)
def test_a_damaged_brat_line_is_named_with_its_file(tmp_path: Path, damage: str, line: int, message: str) -> None:
    with pytest.raises(CorpusError, match=rf"gazette_bridge_ann\.ann line {line}: .*{message}"):
        read_gold([brat(tmp_path, damage)])


def test_notes_and_attributes_of_brat_are_passed_over(tmp_path: Path) -> None:
    [article] = read_gold([brat(tmp_path, SPANS + EVENT + "#1\tAnnotatorNotes T1\tsure?\nA1\tNested E1\n")])
    assert len(article.annotators[0]) == 1


def test_a_folder_without_annotations_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="give the folder that holds text/ and attributions/"):
        read_gold([tmp_path])


def test_an_annotation_without_its_text_is_an_error(tmp_path: Path) -> None:
    brat(tmp_path, SPANS + EVENT)
    (tmp_path / "text" / "gazette_bridge.txt").unlink()
    with pytest.raises(CorpusError, match=r"gazette_bridge\.txt: cannot be read"):
        read_gold([tmp_path])


def test_a_json_line_gives_spans_speaker_and_fields(tmp_path: Path) -> None:
    row = {"article_id": "a", "text": TEXT, "outlet": "Gazette", "attributions": [said(FIRST, speaker="Ann Lee")]}
    [article] = read_gold([lines(tmp_path / "gold.jsonl", row)])
    assert article.annotators == ((Attribution(spans(FIRST), spans(CUE), spans(SOURCE), "Ann Lee"),),)
    assert article.fields == {"outlet": "Gazette"}


def test_overlapping_gold_spans_are_accepted(tmp_path: Path) -> None:
    row = {"article_id": "a", "text": TEXT, "attributions": [said((15, 50), FIRST), said((20, 40))]}
    [article] = read_gold([lines(tmp_path / "gold.jsonl", row)])
    assert [each.content for each in article.annotators[0]] == [spans(FIRST, (15, 50)), spans((20, 40))]


def test_a_missing_cue_or_source_is_empty(tmp_path: Path) -> None:
    row = {"article_id": "a", "text": TEXT, "attributions": [{"content": [list(FIRST)], "cue": None}]}
    [article] = read_gold([lines(tmp_path / "gold.jsonl", row)])
    assert (article.annotators[0][0].cue, article.annotators[0][0].source) == ((), ())


def test_texts_and_outlets_are_joined_from_another_file(tmp_path: Path) -> None:
    gold = lines(tmp_path / "gold.jsonl", {"article_id": "a", "attributions": [said(FIRST)]})
    texts = lines(tmp_path / "texts.jsonl", {"article_id": "a", "text": TEXT, "outlet": "Gazette"})
    [article] = read_gold([gold], texts)
    assert (article.text, article.fields) == (TEXT, {"outlet": "Gazette"})


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{not json", "not JSON"),
        ({"text": TEXT, "attributions": []}, "no article_id"),
        ({"article_id": "a", "text": TEXT}, "no attributions"),
        ({"article_id": "a", "attributions": []}, "--texts"),
        ({"article_id": "a", "text": TEXT, "attributions": {}}, "expected a list"),
        ({"article_id": "a", "text": TEXT, "attributions": [{"span": [0, 3]}]}, "attribution 1: .*content"),
        ({"article_id": "a", "text": TEXT, "attributions": [said((0, 71))]}, "does not fit a text of 70"),
        ({"article_id": "a", "text": TEXT, "attributions": [said((5, 3))]}, "does not fit"),
        ({"article_id": "a", "text": TEXT, "attributions": [{"content": [0, 3]}]}, "whole numbers"),
        ({"article_id": "a", "text": TEXT, "attributions": [{"content": [[0, 3.5]]}]}, "whole numbers"),
        ({"article_id": "a", "text": TEXT, "attributions": [said(FIRST, speaker=3)]}, "speaker is 3"),
    ],
)
def test_a_wrong_json_line_is_named_with_its_file(tmp_path: Path, row: Any, message: str) -> None:
    fine = {"article_id": "fine", "text": TEXT, "attributions": []}
    with pytest.raises(CorpusError, match=rf"gold\.jsonl line 2: .*{message}"):
        read_gold([lines(tmp_path / "gold.jsonl", fine, row)])


def gum_document(**changes: Any) -> dict[str, Any]:
    found = {
        "content": [list(FIRST)],
        "satellite": [0, 14],
        "cue": list(CUE),
        "source": list(SOURCE),
        "kind": "nominal",
        "entity_type": "person",
        "full_name": "Ann Lee",
    }
    return {"id": "d", "genre": "news", "split": "dev", "text": TEXT, "attributions": [{**found, **changes}]}


def gum(path: Path, *documents: dict[str, Any]) -> Path:
    path.write_text(json.dumps(documents), encoding="utf-8")
    return path


def test_a_gum_list_gives_the_full_name_of_the_speaker_and_the_genre(tmp_path: Path) -> None:
    [article] = read_gold([gum(tmp_path / "gum.json", gum_document())])
    assert article.annotators[0] == (Attribution(spans(FIRST), spans(CUE), spans(SOURCE), "Ann Lee", "person"),)
    assert article.fields == {"genre": "news", "split": "dev"}


def test_a_gum_attribution_without_source_cue_or_name_is_kept(tmp_path: Path) -> None:
    document = gum_document(source=None, cue=None, full_name=None, entity_type="organization")
    [article] = read_gold([gum(tmp_path / "gum.json", document)])
    assert article.annotators[0] == (Attribution(spans(FIRST), (), ()),)


def test_a_wrong_gum_document_is_named_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"gum\.json document 2: .*does not fit"):
        read_gold([gum(tmp_path / "gum.json", gum_document(), gum_document(cue=[60, 90]))])
    with pytest.raises(CorpusError, match=r"gum\.json document 1: expected id"):
        read_gold([gum(tmp_path / "gum.json", {"id": "d"})])
    (tmp_path / "gum.json").write_text("[\n{", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"gum\.json line 2: not JSON"):
        read_gold([tmp_path / "gum.json"])


def test_several_paths_are_read_in_their_order(tmp_path: Path) -> None:
    rows = lines(tmp_path / "b.jsonl", {"article_id": "b", "text": TEXT, "attributions": []})
    found = read_gold([rows, gum(tmp_path / "a.json", gum_document())])
    assert [article.article_id for article in found] == ["b", "d"]
