from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from gold_articles import BRIDGE, MAYOR, SAFE, article, mayor, said

from framing.cli import main
from framing.corpora.gold_records import Attribution, GoldArticle
from framing.errors import ConfigError, CorpusError
from framing.evaluate.figures import Figure
from framing.evaluate.layout import as_text, tables
from framing.evaluate.mistakes import MistakeKind
from framing.evaluate.page import as_page
from framing.evaluate.predictions import from_lines, read_predictions
from framing.evaluate.quotes import Evaluation, evaluate, read
from framing.measure.interval import Bootstrap

QUICK = Bootstrap(resamples=200)
DEMO = ["--gold", "framing:demo/gold.jsonl", "--texts", "framing:demo/articles.jsonl"]
SWAPPED = (BRIDGE[0], BRIDGE[1], "he")


def corpus(
    found: Sequence[int], outlet: str = "Gazette"
) -> tuple[list[GoldArticle], dict[str, tuple[Attribution, ...]]]:
    """Make an article of two gold statements for each number, of which so many are found."""
    gold = [article(MAYOR, *mayor(BRIDGE, SAFE), article_id=f"{outlet}{n}", outlet=outlet) for n in range(len(found))]
    return gold, {each.article_id: mayor(BRIDGE, SAFE)[:n] for each, n in zip(gold, found, strict=True)}


def figure(evaluation: Evaluation, name: str, **group: str) -> Figure:
    [found] = [each for each in evaluation.figures if (each.name, each.group) == (name, group)]
    return found


def mistake_kinds(gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> list[MistakeKind]:
    found = evaluate([article(MAYOR, *gold)], {"a": tuple(predicted)}, interval=QUICK)
    return [mistake.kind for mistake in found.mistakes]


def as_json(article_id: str, *statements: Attribution) -> dict[str, object]:
    return {"article_id": article_id, "attributions": [each._asdict() for each in statements]}


def test_a_figure_is_the_ratio_of_sums_over_articles_in_per_cent() -> None:
    found = figure(evaluate(*corpus([2, 1, 0]), interval=QUICK), "exact_recall")
    assert (found.value, found.units, found.clusters) == (50, 6, 3)


def test_an_interval_lies_around_its_value_and_depends_on_the_seed_alone() -> None:
    scored = [evaluate(*corpus([2, 1, 0, 1, 2, 2, 0, 1]), interval=QUICK, seed=seed) for seed in (1, 1, 2)]
    low, value, high = (getattr(figure(scored[0], "exact_f1"), name) for name in ("low", "value", "high"))
    assert 0 < low < value < high < 100
    assert scored[0].figures == scored[1].figures != scored[2].figures


def test_the_interval_of_a_share_is_about_that_of_independent_articles() -> None:
    found = figure(evaluate(*corpus([2, 0] * 50), interval=Bootstrap(resamples=2000)), "overlap_recall")
    assert found.low == pytest.approx(50 - 9.8, abs=1.5)
    assert found.high == pytest.approx(50 + 9.8, abs=1.5)


def test_one_article_has_no_interval_and_says_so() -> None:
    found = figure(evaluate(*corpus([1]), interval=QUICK), "exact_recall")
    assert (found.value, found.low, found.note) == (50, None, "one article: no interval")


def test_articles_without_spread_have_the_interval_of_the_rule_of_three() -> None:
    found = figure(evaluate(*corpus([2] * 30), interval=QUICK), "exact_recall")
    assert (found.value, found.high) == (100, 100)
    assert found.low == pytest.approx(100 * 0.05 ** (1 / 30))


def test_a_figure_with_nothing_to_count_is_no_number() -> None:
    found = figure(evaluate(*corpus([0, 0]), interval=QUICK), "exact_precision")
    assert (found.value, found.low, found.note) == (None, None, "nothing to count")


def test_few_articles_are_noted() -> None:
    assert "few articles" in (figure(evaluate(*corpus([2, 1, 0]), interval=QUICK), "exact_f1").note or "")


def test_gold_kinds_have_recalls_and_no_precision() -> None:
    evaluation = evaluate(*corpus([1, 1]), interval=QUICK)
    assert figure(evaluation, "joint_recall", quote_type="indirect").value == 100
    assert figure(evaluation, "joint_recall", quote_type="direct").value == 0
    assert not [each for each in evaluation.figures if "quote_type" in each.group and "precision" in each.name]


def test_articles_are_grouped_by_a_field_and_those_without_it_are_apart() -> None:
    gold, predicted = corpus([2, 2])
    others, found = corpus([0, 1], outlet="Herald")
    plain = article(MAYOR, *mayor(BRIDGE), article_id="plain")
    evaluation = evaluate([*gold, *others, plain], {**predicted, **found}, by=["outlet"], interval=QUICK)
    values = {name: figure(evaluation, "exact_recall", outlet=name).value for name in ("Gazette", "Herald", "(none)")}
    assert values == {"Gazette": 100, "Herald": 25, "(none)": 0}


def test_another_outlet_changes_no_interval_of_the_first() -> None:
    gold, predicted = corpus([2, 1, 0, 1])
    others, found = corpus([0, 1], outlet="Herald")
    alone = evaluate(gold, predicted, by=["outlet"], interval=QUICK)
    both = evaluate([*gold, *others], {**predicted, **found}, by=["outlet"], interval=QUICK)
    assert figure(alone, "exact_f1", outlet="Gazette") == figure(both, "exact_f1", outlet="Gazette")


def test_an_unknown_field_is_named_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match="did you mean 'outlet'"):
        evaluate(*corpus([1]), by=["outlets"])


def test_names_are_scored_only_where_the_gold_has_them() -> None:
    plain = evaluate(*corpus([1, 1]), interval=QUICK)
    assert not [each for each in plain.figures if each.name == "speaker_name"]
    gold = [article(MAYOR, said(MAYOR, *BRIDGE, speaker="Ana Lee"))]
    named = evaluate(gold, {"a": (said(MAYOR, *BRIDGE, speaker="ANA LEE"),)}, interval=QUICK)
    assert figure(named, "speaker_name").value == 100


def test_an_article_without_prediction_counts_as_one_without_statements() -> None:
    gold, predicted = corpus([2, 2])
    del predicted["Gazette0"]
    evaluation = evaluate(gold, predicted, interval=QUICK)
    assert (evaluation.without_prediction, figure(evaluation, "exact_recall").value) == (1, 50)


def test_what_is_missed_and_what_is_spurious() -> None:
    assert mistake_kinds(mayor(BRIDGE), mayor(SAFE)) == [MistakeKind.MISSED, MistakeKind.SPURIOUS]


def test_a_matched_statement_may_have_other_bounds_and_another_speaker() -> None:
    assert mistake_kinds(mayor(BRIDGE), mayor(BRIDGE)) == []
    assert mistake_kinds(mayor(BRIDGE), mayor(("old bridge will stay", *BRIDGE[1:]))) == [MistakeKind.BOUNDARY]
    assert mistake_kinds(mayor(BRIDGE), mayor(SWAPPED)) == [MistakeKind.WRONG_SPEAKER]
    both = mayor(("old bridge will stay", *SWAPPED[1:]))
    assert mistake_kinds(mayor(BRIDGE), both) == [MistakeKind.BOUNDARY, MistakeKind.WRONG_SPEAKER]


def test_a_source_resolved_to_another_name_is_a_mistake_of_its_own() -> None:
    gold = [said(MAYOR, *BRIDGE, speaker="Ana Lee")]
    assert mistake_kinds(gold, [said(MAYOR, *BRIDGE, speaker="Bo Lee")]) == [MistakeKind.WRONG_NAME]
    assert mistake_kinds(gold, [said(MAYOR, *BRIDGE, speaker="Lee")]) == []


def test_the_passage_of_a_mistake_is_the_sentences_of_both_statements() -> None:
    text = f"Rain fell. {MAYOR} Nobody asked."
    gold, predicted = said(text, *BRIDGE), said(text, 'the old bridge will stay. "It is safe,"', *SAFE[1:])
    [mistake, *_] = evaluate([article(text, gold)], {"a": (predicted,)}, interval=QUICK).mistakes
    assert mistake.text == MAYOR
    assert mistake.passage.of(text) == mistake.text


def test_a_missed_statement_shows_the_predicted_one_that_it_shares_words_with() -> None:
    evaluation = evaluate([article(MAYOR, *mayor(BRIDGE))], {"a": mayor(("stay", *BRIDGE[1:]))}, interval=QUICK)
    missed, spurious = evaluation.mistakes
    assert (missed.gold, missed.predicted) == (spurious.gold, spurious.predicted)


def test_the_page_escapes_what_comes_from_a_corpus_and_loads_nothing() -> None:
    text = '<script>alert("x")</script> said <b>no</b>.'
    gold = article(text, said(text, "<b>no</b>", "said", speaker="<i>"), article_id="<img src=x>")
    page = as_page(evaluate([gold], {}, interval=QUICK))
    assert not re.search(r"<script|<img|<b>|<i>|https?://(?!www\.w3\.org)", page)
    assert "&lt;b&gt;no&lt;/b&gt;" in page


def test_the_page_marks_gold_and_predicted_statements_in_their_passage() -> None:
    predicted = mayor(("old bridge will stay", *BRIDGE[1:]))
    page = as_page(evaluate([article(MAYOR, *mayor(BRIDGE))], {"a": predicted}, interval=QUICK))
    gold_line, predicted_line = re.findall(r'<dd class="(?:gold|predicted)">(.*)</dd>', page)
    assert '<span class="c ">the old bridge will stay</span>' in gold_line
    assert 'the <span class="c ">old bridge will stay</span>' in predicted_line


def test_every_figure_stands_in_a_table_for_the_reader() -> None:
    shown = {table.title: table.rows for table in tables(evaluate(*corpus([2, 1]), by=["outlet"], interval=QUICK))}
    assert list(shown) == ["all statements", "matched statements", "by quote_type", "by cue_class", "by outlet"]
    assert [row[0] for row in shown["by quote_type"]] == ["direct", "indirect", "mixed"]


def test_the_terminal_shows_counts_of_mistakes_and_the_first_of_each() -> None:
    text = as_text(evaluate(*corpus([0, 2, 1, 0, 0]), interval=QUICK))
    assert "missed: 7" in text
    assert text.count("Gazette0:") == 2


def test_predictions_of_unknown_or_repeated_articles_are_errors() -> None:
    gold, _ = corpus([1])
    with pytest.raises(CorpusError, match="line 1: article 'b' is not in the gold"):
        from_lines([as_json("b")], gold)
    with pytest.raises(CorpusError, match="line 2: article 'Gazette0' came before"):
        from_lines([as_json("Gazette0")] * 2, gold)


def test_a_prediction_outside_its_text_is_named_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "pred.jsonl"
    row = {"article_id": "Gazette0", "attributions": [{"content": [[0, 10_000]]}]}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"pred\.jsonl line 1: .*does not fit"):
        read_predictions(path, corpus([1])[0])


def test_a_gold_article_that_occurs_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text((json.dumps({**as_json("a"), "text": MAYOR}) + "\n") * 2, encoding="utf-8")
    with pytest.raises(CorpusError, match="'a' occurs twice"):
        read([str(path)])


def test_gold_is_chosen_by_the_values_of_its_fields() -> None:
    demo = (DEMO[1], DEMO[3])
    assert len(read([demo[0]], demo[1], ["outlet=The Meridian Post"])) == 2
    with pytest.raises(CorpusError, match="no gold article outlet=Nobody"):
        read([demo[0]], demo[1], ["outlet=Nobody"])
    with pytest.raises(ConfigError, match="expected field=value"):
        read([demo[0]], demo[1], ["outlet"])


def test_the_command_scores_the_default_chain_on_the_demonstration_gold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = {name: tmp_path / f"out.{name}" for name in ("json", "errors", "html")}
    options = [part for name, path in written.items() for part in (f"--{name}", str(path))]
    assert main(["evaluate", "quotes", *DEMO, "--by", "outlet", "--resamples", "50", *options]) == 0
    assert "12 articles, 192 gold" in capsys.readouterr().out
    result = json.loads(written["json"].read_text(encoding="utf-8"))
    lines = written["errors"].read_text(encoding="utf-8").splitlines()
    joint = next(each for each in result["figures"] if (each["name"], each["group"]) == ("joint_f1", {}))
    assert joint["low"] <= joint["value"] <= joint["high"]
    assert joint["value"] > 80
    assert len(lines) == sum(result["mistakes"].values())
    assert written["html"].read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_command_scores_a_file_of_predictions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, pred = tmp_path / "gold.jsonl", tmp_path / "pred.jsonl"
    gold.write_text(json.dumps({**as_json("a", *mayor(BRIDGE)), "text": MAYOR}) + "\n", encoding="utf-8")
    pred.write_text(json.dumps(as_json("a", *mayor(BRIDGE))) + "\n", encoding="utf-8")
    assert main(["evaluate", "quotes", "--gold", str(gold), "--pred", str(pred)]) == 0
    assert "1 article, 1 gold and 1 predicted" in capsys.readouterr().out


def test_a_missing_gold_file_is_a_message_without_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "quotes", "--gold", "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl: cannot be read" in capsys.readouterr().err
