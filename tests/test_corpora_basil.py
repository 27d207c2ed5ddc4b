"""A release of BASIL is read with every span where the annotators put it, and the measures of its spans run on it."""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from framing.corpora.basil import AnnotatedArticle, BiasedSpan, read_annotated, read_articles
from framing.errors import CorpusError
from framing.measure import Bootstrap
from framing.types import Span

BODY = [["A mayor spoke.", "She fumed at Ann Lee."], ["Nobody clapped."]]
TEXT = "A mayor spoke. She fumed at Ann Lee.\n\nNobody clapped."
FUMED = {
    "id": "p1",
    "start": 4,
    "end": 9,
    "txt": "fumed",
    "bias": "lex",
    "polarity": "neg",
    "target": "Ann_Lee",
    "aim": "dir",
    "quote": "no",
    "speaker": "",
}


def release(folder: Path, *spans: dict[str, Any], name: str = "e1_1", **values: Any) -> Path:
    """Add an article and its annotations to a made-up release."""
    article = {"body-paragraphs": BODY, "source": "HPO", "date": "2014-03-05", "title": "A mayor fumes"}
    article |= {"url": "https://example.org/mayor", "triplet-uuid": name[:-2], **values}
    for part, suffix, content in (
        ("articles", "", article),
        ("annotations", "_ann", {"phrase-level-annotations": list(spans)}),
    ):
        path = folder / part / "2014" / f"{name}{suffix}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    return folder


def only(folder: Path) -> AnnotatedArticle:
    [found] = read_annotated(folder)
    return found


def experiment() -> ModuleType:
    path = Path(__file__).parents[1] / "experiments" / "basil_measures.py"
    spec = importlib.util.spec_from_file_location("basil_measures", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_article_has_its_paragraphs_its_event_and_its_outlet_in_lower_case(tmp_path: Path) -> None:
    [article] = read_articles(release(tmp_path))
    assert (article.article_id, article.event_id, article.outlet) == ("2014/e1_1", "e1", "hpo")
    assert (article.text, article.published) == (TEXT, date(2014, 3, 5))


def test_articles_come_in_the_order_of_outlet_then_file(tmp_path: Path) -> None:
    for name, outlet in (("e1_1", "nyt"), ("e1_2", "FOX"), ("e0_3", "nyt")):
        release(tmp_path, name=name, source=outlet)
    assert [each.article_id for each in read_articles(tmp_path)] == ["2014/e1_2", "2014/e0_3", "2014/e1_1"]


def test_a_span_counts_from_its_sentence_and_is_moved_into_the_text(tmp_path: Path) -> None:
    [span] = only(release(tmp_path, FUMED)).spans
    assert span == BiasedSpan(Span(19, 24), "lexical", "negative", "Ann Lee", True, False, None)
    assert Span(19, 24).of(TEXT) == "fumed"


def test_sentences_are_numbered_through_all_paragraphs(tmp_path: Path) -> None:
    annotation = {**FUMED, "id": "p2", "start": 0, "end": 6, "txt": "Nobody", "quote": "yes", "speaker": "Ann_Lee"}
    [span] = only(release(tmp_path, {**annotation, "aim": "ind_pro", "polarity": "pos", "bias": "inf"})).spans
    assert span == BiasedSpan(Span(38, 44), "informational", "positive", "Ann Lee", False, True, "Ann Lee")


def test_a_span_of_the_title_is_kept_without_a_place_in_the_text(tmp_path: Path) -> None:
    [span] = only(release(tmp_path, {**FUMED, "id": "title", "start": 8, "end": 13, "txt": "fumes"})).spans
    assert (span.span, span.target) == (None, "Ann Lee")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"start": 3}, "covers ' fumed', expected its txt 'fumed'"),
        ({"start": 9, "txt": ""}, "covers ''"),
        ({"id": "p3"}, "expected id"),
        ({"id": "three"}, "expected id"),
        ({"polarity": "neu"}, "KeyError('neu')"),
        ({"start": "4"}, "expected id"),
    ],
)
def test_a_damaged_annotation_is_refused_by_its_number(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(CorpusError, match=r"e1_1_ann\.json: annotation 2") as refused:
        read_annotated(release(tmp_path, FUMED, {**FUMED, **wrong}))
    assert said in str(refused.value)


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="expected the folder of a release of BASIL"):
        read_articles(tmp_path)


def test_an_article_without_annotations_is_refused(tmp_path: Path) -> None:
    (release(tmp_path) / "annotations" / "2014" / "e1_1_ann.json").unlink()
    with pytest.raises(CorpusError, match=r"e1_1_ann\.json: cannot be read"):
        read_annotated(tmp_path)


def test_an_article_without_a_date_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"e1_1\.json: expected body-paragraphs"):
        read_articles(release(tmp_path, date=None))


def test_the_gain_of_matched_events_is_that_of_paired_differences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Articles of two spans alike are worth half the spans; x − y has variance 3/4, x and y have 1 and 3/4."""
    for event, (first, second) in enumerate([("pos", "pos"), ("pos", "neg"), ("neg", "neg"), ("neg", "neg")] * 3):
        for number, (outlet, polarity) in enumerate((("fox", first), ("hpo", second)), start=1):
            spans = [{**FUMED, "polarity": polarity, "bias": bias} for bias in ("lex", "inf")]
            release(tmp_path, *spans, name=f"e{event:02}_{number}", source=outlet)
    measures, out = experiment(), tmp_path / "rows.json"
    monkeypatch.setattr(measures, "INTERVAL", Bootstrap(resamples=100))
    rows = measures.main([str(tmp_path), "--json", str(out)])
    assert json.loads(out.read_text(encoding="utf-8")) == rows
    for kind, effect in (("all spans", 2 * (12 / 11) / (24 / 23)), ("lexical", 1.0)):
        [fox, hpo, difference] = [row for row in rows if row["spans"] == kind]
        assert (fox["value"], hpo["value"], difference["redrawn"]["events"]["value"]) == (0, -0.5, 0.5)
        assert [fox["design_effect"], hpo["design_effect"]] == pytest.approx([effect, effect])
        assert list(difference["gain"].values()) == pytest.approx([1 - (0.75 / 1.75) ** 0.5] * 4)
    [*_, nothing] = [row for row in rows if row["spans"] == "in a quotation"]
    assert set(nothing["gain"].values()) == {None}


def test_a_person_is_a_name_of_several_words_or_the_last_word_of_one() -> None:
    targets = {"Ann Lee", "Lee", "Ann and Bo Lee", "Tax Act", "Tea Party", "police", "the Lee bill", "Acme"}
    assert experiment().people_among(targets) == {"Ann Lee", "Lee", "Ann and Bo Lee"}
