from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from speaking import resolve

from framing.corpora.gold_records import Attribution, GoldArticle
from framing.errors import CorpusError, ModelError
from framing.registry import build
from framing.speakers.names import Names
from framing.speakers.salience import FEATURES, Candidate, Salience
from framing.speakers.weights import FILE, read_ranker, save_ranker
from framing.train.speakers import litbank
from framing.train.speakers.questions import Question, questions
from framing.train.speakers.training import TrainSpeakers, calibration, fit
from framing.types import Span

FAR = Candidate(3, False, False, True, False, False, False, False, True, True, 1, 2)
NEAR = Candidate(1, True, True, False, False, False, True, True, True, True, 4, 0)


# Choosing


def test_rule_prefers_the_near_subject_and_gives_no_confidence() -> None:
    choice = Salience()([FAR, NEAR])
    assert (choice.place, choice.confidence) == (1, None)
    assert choice.margin > 0


def test_confidence_is_the_share_of_the_choice_without_scaling() -> None:
    ranker = Salience(slope=1.0)
    scores = [math.exp(ranker.score(each)) for each in (FAR, NEAR)]
    assert ranker([FAR, NEAR]).confidence == pytest.approx(scores[1] / sum(scores))


def test_two_equal_candidates_leave_even_odds_and_one_alone_almost_none_of_the_doubt() -> None:
    ranker = Salience(slope=1.0)
    assert ranker([NEAR, NEAR]).confidence == pytest.approx(0.5)
    assert (ranker([FAR]).confidence or 0) > 0.99


def test_learnt_weights_that_ship_resolve_a_pronoun_with_a_confidence_of_their_own() -> None:
    shipped = Names(ranker="framing:models/speakers")
    text = "Olaf Scholz talked with Emmanuel Macron. He said yes."
    statements, speakers = resolve(text, "He", names=shipped)
    by_rule, _ = resolve(text, "He")
    assert [each.name for each in speakers.values()] == ["Olaf Scholz"]
    assert 0.3 < statements[0].resolution_confidence < 0.95
    assert statements[0].resolution_confidence != by_rule[0].resolution_confidence


# The model folder


def test_ranker_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    ranker = Salience(subject=2.5, slope=0.7, shift=-0.1)
    save_ranker(ranker, {"questions": 3}, tmp_path)
    assert read_ranker(str(tmp_path)) == ranker


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "cannot be read"),
        ('{"task": "speak', "not JSON"),
        ("[]", "made for the task None"),
        ('{"task": "stance_linear"}', "made for the task 'stance_linear'"),
        ('{"task": "speakers", "weights": {"subject": 1}}', "expected a number for each of distance"),
        (
            json.dumps({"task": "speakers", "weights": {**dict.fromkeys(FEATURES, 1), "slope": math.nan, "shift": 0}}),
            "expected a number",
        ),
    ],
)
def test_damaged_or_foreign_model_folder_is_named(tmp_path: Path, text: str | None, complaint: str) -> None:
    if text is not None:
        (tmp_path / FILE).write_text(text)
    with pytest.raises(ModelError, match=complaint) as error:
        build("speakers", "names", {"ranker": str(tmp_path)})
    assert str(tmp_path / FILE) in str(error.value)


# Learning


def asked(right: int, number: int) -> Question:
    return Question(f"article {number}", (FAR, NEAR), right, hidden=False)


def test_weights_move_from_the_rule_towards_what_is_right_in_the_data() -> None:
    learnt = fit([asked(0, number) for number in range(30)], pull=0.1)
    assert learnt([FAR, NEAR]).place == 0
    assert learnt.object > Salience().object
    assert learnt.subject < Salience().subject


def test_strong_pull_keeps_the_rule() -> None:
    learnt = fit([asked(0, 1)], pull=1e6)
    assert learnt.weights == pytest.approx(Salience().weights, abs=1e-4)


def test_calibration_lowers_the_confidence_of_a_ranker_that_is_often_wrong() -> None:
    mixed = [asked(1, number) for number in range(6)] + [asked(0, number) for number in range(4)]
    slope, shift = calibration(mixed, [Salience()] * 10)
    confidence = Salience(slope=slope, shift=shift)([FAR, NEAR]).confidence
    assert confidence == pytest.approx(0.6, abs=0.02)


# Certain pronouns


def gold(text: str, *said: tuple[str, str | None]) -> GoldArticle:
    """Attribute the last character of a text to sources given by their words, with the speakers if known."""
    position, found = 0, []
    for source, speaker in said:
        start = text.index(source, position)
        position = start + len(source)
        found.append(Attribution((Span(len(text) - 1, len(text)),), (), (Span(start, position),), speaker))
    return GoldArticle("a", text, (tuple(found),))


def test_pronoun_with_a_gold_speaker_asks_among_those_of_its_gender() -> None:
    text = "Olaf Scholz met Angela Merkel and Joe Biden. He said no."
    (question,) = questions(gold(text, ("He", "Olaf Scholz")))
    assert (len(question.candidates), question.hidden) == (2, False)
    assert question.candidates[question.right].subject


MET = "Angela Merkel met Olaf Scholz. He left."


def test_only_one_of_the_gender_asks_among_all_genders() -> None:
    (question,) = questions(gold(MET, ("Angela Merkel", None)))
    assert (len(question.candidates), question.hidden) == (2, True)
    assert question.candidates[question.right].order == 0
    assert list(questions(gold(MET, ("Angela Merkel", None)), hide_gender=False)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Olaf Scholz met Joe Biden. He left.",
        "Kim Smith met Olaf Scholz and Angela Merkel. He left.",
        "Olaf Scholz came. He left.",
    ],
)
def test_pronoun_that_more_or_no_others_might_mean_is_not_asked(text: str) -> None:
    assert list(questions(gold(text, (text.partition(" ")[0], None)))) == []


# LitBank


def test_quotation_of_litbank_has_the_tag_beside_it_as_source(tmp_path: Path) -> None:
    (tmp_path / "x_brat.txt").write_text("Emma came in .\n“ No , ” she said .\n“ Yes . ”")
    rows = ["QUOTE\tQ1\t1\t0\t1\t3\t“ No , ”", "QUOTE\tQ2\t2\t0\t2\t3\t“ Yes . ”", "ATTRIB\tQ1\tEmma_Woodhouse-3"]
    (tmp_path / "x_brat.ann").write_text("\n".join(rows))
    (article,) = litbank.articles(tmp_path)
    first, second = article.annotators[0]
    assert first.content[0].of(article.text) == "“ No , ”"
    assert (first.source[0].of(article.text), first.speaker) == ("she", "Emma Woodhouse")
    assert (second.source, second.speaker) == ((), None)


def test_quotation_that_does_not_fit_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "x_brat.txt").write_text("Emma came in .")
    (tmp_path / "x_brat.ann").write_text("QUOTE\tQ1\t7\t0\t7\t3\t“ No , ”")
    with pytest.raises(CorpusError, match=r"x_brat\.ann line 1"):
        list(litbank.articles(tmp_path))


def test_folder_without_excerpts_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="give the folder tsv"):
        list(litbank.articles(tmp_path))


# Training


def write_articles(path: Path, count: int) -> None:
    texts = [MET, "Joe Biden called Angela Merkel. He left. She said no."]
    source = {"content": [[0, 1]], "source": [[0, 3]]}
    rows = [{"article_id": str(n), "text": texts[n % 2], "attributions": [source]} for n in range(count)]
    path.write_text("\n".join(map(json.dumps, rows)))


def test_training_writes_the_same_ranker_twice_with_a_card(tmp_path: Path) -> None:
    write_articles(tmp_path / "gold.jsonl", 20)
    options = {"data": [str(tmp_path / "gold.jsonl")], "folds": 2, "note": "Made up."}
    for name in ("one", "two"):
        build("train", "speakers", {**options, "output": tmp_path / name})()
    first, second = ((tmp_path / name / FILE).read_bytes() for name in ("one", "two"))
    assert first == second
    text = (tmp_path / "one" / "README.md").read_text()
    assert "gold.jsonl | gender hidden | 30 |" in text
    assert "Made up." in text
    assert read_ranker(str(tmp_path / "one")).slope is not None


def test_data_without_certain_pronouns_are_refused(tmp_path: Path) -> None:
    write_articles(tmp_path / "gold.jsonl", 1)
    with pytest.raises(CorpusError, match="do not fill 10 folds"):
        TrainSpeakers(data=(str(tmp_path / "gold.jsonl"),), output=tmp_path / "out")()
