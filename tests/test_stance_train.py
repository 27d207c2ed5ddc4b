import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from framing.errors import CorpusError, ModelError
from framing.protocols import StanceQuery
from framing.stance.codebook import read_codebook
from framing.stance.features import feature_reader
from framing.stance.linear import Linear
from framing.stance.weights import load_weights
from framing.train.stance.linear import TrainStanceLinear, transferred
from framing.train.stance.linear_heads import calibrate, head_data, held_out, matrix_of, vocabulary_of
from framing.train.stance.rows import read_rows
from framing.train.stance.scores import calibration_error, macro_f1, stance_scores, threshold_for
from framing.types import Label

CODEBOOK = "framing:codebooks/nato_expansion.yaml"

SENTENCES = {
    ("support", False): [
        "Ukraine belongs in NATO",
        "We back Ukraine's membership",
        "Ukraine should be admitted to the alliance",
        "It is not up to Moscow to decide on Ukraine's membership",
    ],
    ("support", True): [
        "Ukraine will join NATO once the reforms are complete",
        "Ukraine will become a member when conditions are met",
    ],
    ("oppose", False): [
        "Ukraine must never join NATO",
        "We reject Ukraine's membership",
        "Ukraine's membership is a threat to our country",
        "Ukraine should be a neutral country",
    ],
    ("oppose", True): [
        "Ukraine cannot join NATO while the war goes on",
        "Ukraine's membership is not possible until the war ends",
    ],
    ("neutral", False): [
        "Ministers will discuss Ukraine's membership at the summit",
        "We take no position on Ukraine's membership",
        "NATO decides on Ukraine's membership by consensus",
        "Will Ukraine join NATO this year?",
    ],
    ("neutral", True): [
        "Ukraine's membership depends on the reforms",
        "Any decision on Ukraine's membership requires reforms",
    ],
    ("unrelated", False): [
        "The tanks will reach Ukraine in spring",
        "The sanctions do not hurt Ukraine",
        "Finland will join NATO soon",
        "The grain must leave Ukraine",
    ],
}


def lines() -> list[dict[str, Any]]:
    return [
        {"id": f"{label}-{conditional}-{n}-{tail}", "text": f"{text} {tail}".strip(), "context": None,
         "speaker": "Smith", "target": "ukraine_in_nato", "label": label, "conditional": conditional,
         "phenomenon": "direct", "family": f"{label}-{conditional}-{n}"}
        for (label, conditional), texts in SENTENCES.items()
        for n, text in enumerate(texts)
        for tail in ("", "as we see it")
    ]  # fmt: skip


def write(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stance")
    data = write(folder / "rows.jsonl", lines())
    return TrainStanceLinear(data=(data,), output=folder / "model", folds=2, min_count=1, regularisation=10.0)()


def ask(text: str, target: str = "ukraine_in_nato") -> StanceQuery:
    return StanceQuery("s1", text, text, None, target)


def test_trained_model_labels_plain_statements(trained: Path) -> None:
    stances = Linear(model=str(trained))(
        [ask("Ukraine must never join"), ask("We back Ukraine's membership, she said")]
    )
    assert [stance.label for stance in stances] == [Label.OPPOSE, Label.SUPPORT]


def test_direction_carries_over_to_another_target(trained: Path) -> None:
    texts = ["Sweden must never join NATO", "Sweden belongs in NATO"]
    stances = Linear(model=str(trained))([ask(text, "finland_sweden_in_nato") for text in texts])
    assert [stance.label for stance in stances] == [Label.OPPOSE, Label.SUPPORT]


def test_probabilities_sum_to_one_and_order_does_not_matter(trained: Path) -> None:
    queries = [ask(row["text"])._replace(statement_id=row["id"]) for row in lines()]
    classify = Linear(model=str(trained))
    forward, backward = classify(queries), classify(queries[::-1])[::-1]
    for one, other in zip(forward, backward, strict=True):
        assert sum(one.probabilities.values()) == pytest.approx(1.0)
        assert one.probabilities == pytest.approx(other.probabilities)


def test_reasons_name_the_rule_and_the_words(trained: Path) -> None:
    (stance,) = Linear(model=str(trained))([ask("It is not up to Moscow to decide on Ukraine's membership")])
    assert any(reason.startswith("rule 3 counter veto: not up to COUNTRY") for reason in stance.reasons)


def test_statement_below_the_threshold_abstains_but_keeps_its_label(trained: Path) -> None:
    query = [ask("The weather in the capital")]
    (free,), (strict,) = (
        Linear(model=str(trained), threshold=0.0)(query),
        Linear(model=str(trained), threshold=1.0)(query),
    )
    assert (free.abstained, strict.abstained) == (False, True)
    assert free.label == strict.label


def test_weights_give_the_probabilities_of_scikit_learn(tmp_path: Path, trained: Path) -> None:
    rows = read_rows([write(tmp_path / "rows.jsonl", lines())], read_codebook(CODEBOOK))
    rows += transferred(rows, read_codebook(CODEBOOK))
    features = [list(feature_reader(CODEBOOK, row.query.target)(row.query)) for row in rows]
    vocabulary, heads = vocabulary_of(features, 1), head_data(rows)
    matrix = matrix_of(features, vocabulary)
    used, answer = heads["support"]
    fitted = LogisticRegression(C=10.0, max_iter=2000, tol=1e-6).fit(matrix[used], answer[used])
    held = held_out(features, rows, heads, folds=2, seed=13, min_count=1, regularisation=10.0)
    scaling = calibrate(held.logits, heads, np.ones(len(rows), dtype=bool))
    logits = fitted.decision_function(matrix) * scaling.slopes[2] + scaling.shifts[2]
    article = "Ukraine and Georgia asked to join NATO."
    stances = Linear(model=str(trained))([row.query._replace(article=article) for row in rows])
    ours = [
        s.probabilities[Label.SUPPORT] / (s.probabilities[Label.SUPPORT] + s.probabilities[Label.OPPOSE])
        for s in stances
    ]
    np.testing.assert_allclose(ours, 1 / (1 + np.exp(-logits)), atol=1e-5)


def test_training_twice_writes_the_same_bytes(trained: Path, tmp_path: Path) -> None:
    data = str(trained.parent / "rows.jsonl")
    again = TrainStanceLinear(data=(data,), output=tmp_path / "m", folds=2, min_count=1, regularisation=10.0)()
    for name in ("model.safetensors", "config.json", "README.md", "scores.csv"):
        assert (again / name).read_bytes() == (trained / name).read_bytes()


def test_ten_thousand_words_are_read_up_to_the_limit(trained: Path) -> None:
    text = "Ukraine must never join NATO . " * 80
    short, long = Linear(model=str(trained))([ask(text), ask(text + "We back it. " * 10_000)])
    assert short.probabilities == long.probabilities


def test_empty_text_is_refused_by_its_id(trained: Path) -> None:
    with pytest.raises(CorpusError, match=r"statement s1: its text is empty"):
        Linear(model=str(trained))([ask("  ")])


def test_no_queries_give_no_stances(trained: Path) -> None:
    assert Linear(model=str(trained))([]) == []


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
@pytest.mark.parametrize("keep", [0, 100])
def test_truncated_model_file_is_named(trained: Path, tmp_path: Path, name: str, keep: int) -> None:
    folder = shutil.copytree(trained, tmp_path / "model")
    (folder / name).write_bytes((folder / name).read_bytes()[:keep])
    with pytest.raises(ModelError, match=name):
        load_weights(folder)


def test_model_of_another_task_is_refused(trained: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(trained, tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "task": "quote_tagger"}))
    with pytest.raises(ModelError, match=r"made for the task 'quote_tagger', expected 'stance_linear'"):
        load_weights(folder)


def test_weights_that_do_not_fit_the_vocabulary_are_refused(trained: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(trained, tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "features": config["features"][1:]}))
    with pytest.raises(ModelError, match="weights has the shape"):
        load_weights(folder)


def test_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.json: cannot be read"):
        load_weights(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": "suport"}, r"line 2: no label is called 'suport'; did you mean 'support'\?"),
        ({"target": "ukraine_nato"}, r"line 2: .*no target 'ukraine_nato'"),
        ({"text": " "}, r"line 2: text: "),
        ({"id": "support-False-0-"}, r"line 2: id 'support-False-0-' stands at .* line 1 too"),
    ],
)
def test_bad_row_is_named_by_file_and_line(tmp_path: Path, change: dict[str, str], message: str) -> None:
    first, second, *rest = lines()
    path = write(tmp_path / "rows.jsonl", [first, {**second, **change}, *rest])
    with pytest.raises(Exception, match=r"rows\.jsonl " + message):
        read_rows([path], read_codebook(CODEBOOK))


def test_missing_field_is_named_by_file_and_line(tmp_path: Path) -> None:
    first, second, *rest = lines()
    del second["label"]
    with pytest.raises(CorpusError, match=r"rows\.jsonl line 2: the field 'label' is missing"):
        read_rows([write(tmp_path / "rows.jsonl", [first, second, *rest])], read_codebook(CODEBOOK))


def test_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n{oops\n")
    with pytest.raises(CorpusError, match=r"rows\.jsonl line 2: not JSON"):
        read_rows([path], read_codebook(CODEBOOK))


def test_file_with_one_class_only_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", [row for row in lines() if row["label"] == "support"])
    with pytest.raises(CorpusError, match=r"every row of target 'ukraine_in_nato' is labelled 'support'"):
        read_rows([path], read_codebook(CODEBOOK))


def test_rows_without_any_condition_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", [row for row in lines() if not row["conditional"]])
    with pytest.raises(CorpusError, match="the question 'conditional' one answer only"):
        TrainStanceLinear(data=(path,), output=tmp_path / "model", folds=2)()


def test_row_on_a_sub_target_teaches_its_parent_the_same_label(tmp_path: Path) -> None:
    codebook = read_codebook(CODEBOOK)
    own = read_rows([write(tmp_path / "rows.jsonl", lines())], codebook)
    added = [row for row in transferred(own, codebook) if row.query.target == "nato_expansion"]
    assert [row.label for row in added] == [row.label for row in own if row.label is not Label.UNRELATED]


def test_row_that_never_names_a_sub_target_is_unrelated_to_it(tmp_path: Path) -> None:
    codebook = read_codebook(CODEBOOK)
    texts = {"Georgia must join NATO": Label.SUPPORT, "Ukraine must join NATO": Label.OPPOSE}
    rows = [
        {"id": text, "text": text, "target": "nato_expansion", "label": label.value} for text, label in texts.items()
    ]
    own = read_rows([write(tmp_path / "rows.jsonl", rows)], codebook)
    added = [row for row in transferred(own, codebook) if row.query.target == "ukraine_in_nato"]
    assert [(row.query.text, row.label) for row in added] == [("Georgia must join NATO", Label.UNRELATED)]


def test_rows_of_one_family_share_a_fold(tmp_path: Path) -> None:
    rows = read_rows([write(tmp_path / "rows.jsonl", lines())], read_codebook(CODEBOOK))
    features = [list(feature_reader(CODEBOOK, row.query.target)(row.query)) for row in rows]
    held = held_out(features, rows, head_data(rows), folds=2, seed=1, min_count=1, regularisation=1.0)
    assert len({(row.family, fold) for row, fold in zip(rows, held.fold, strict=True)}) == len({r.family for r in rows})


def test_held_out_score_does_not_depend_on_its_own_label(tmp_path: Path) -> None:
    codebook = read_codebook(CODEBOOK)
    rows = read_rows([write(tmp_path / "rows.jsonl", lines())], codebook)
    features = [list(feature_reader(CODEBOOK, row.query.target)(row.query)) for row in rows]
    before = held_out(features, rows, head_data(rows), folds=2, seed=1, min_count=1, regularisation=1.0)
    turned = [row._replace(label=Label.OPPOSE) if row.family == rows[0].family else row for row in rows]
    after = held_out(features, turned, head_data(turned), folds=2, seed=1, min_count=1, regularisation=1.0)
    np.testing.assert_allclose(before.logits[0], after.logits[0])


def test_macro_f1_leaves_out_labels_without_gold() -> None:
    gold, predicted = np.array([0, 0, 1, 1]), np.array([0, 2, 1, 1])
    assert macro_f1(gold, predicted, range(4)) == pytest.approx((2 / 3 + 1) / 2)


def test_calibration_error_is_zero_for_sure_and_right_and_one_for_sure_and_wrong() -> None:
    sure = np.eye(4)
    assert calibration_error(np.arange(4), sure) == 0.0
    assert calibration_error((np.arange(4) + 1) % 4, sure) == 1.0


def test_forced_side_is_taken_even_where_neutral_is_more_probable() -> None:
    probabilities = np.array([[0.2, 0.1, 0.7, 0.0], [0.1, 0.3, 0.6, 0.0]])
    scores = stance_scores([Label.SUPPORT, Label.OPPOSE], probabilities)
    assert scores["forced_f1"] == 1.0
    assert scores["accuracy"] == 0.0


def test_threshold_is_the_lowest_that_reaches_the_precision() -> None:
    top = np.array([0.9, 0.8, 0.7, 0.6])
    probabilities = np.stack([top, 1 - top, 0 * top, 0 * top], axis=1)
    gold = [Label.SUPPORT, Label.SUPPORT, Label.SUPPORT, Label.OPPOSE]
    assert threshold_for(gold, probabilities, 0.99) == pytest.approx(0.61)


def test_wrong_option_of_the_part_is_refused_before_any_text_is_read() -> None:
    with pytest.raises(Exception, match="from 0 to 1"):
        replace(Linear(), threshold=2.0)
    with pytest.raises(Exception, match=r"did you mean 'ukraine_in_nato'\?"):
        Linear(targets=("ukraine_in_natto",))


def test_targets_left_empty_are_all_of_the_codebook() -> None:
    assert Linear().targets == ("nato_expansion", "ukraine_in_nato", "finland_sweden_in_nato")


def test_row_that_the_gate_decides_does_not_teach_the_relevance_head(tmp_path: Path) -> None:
    rows = read_rows([write(tmp_path / "rows.jsonl", lines())], read_codebook(CODEBOOK))
    closed = np.array([row.label is Label.UNRELATED and "NATO" not in row.query.text for row in rows])
    heads = head_data(rows, closed)
    assert not heads["relevant"].used[closed].any()
    assert heads["relevant"].used[~closed].all()
    assert (heads["support"].used == head_data(rows)["support"].used).all()


def test_fold_that_leaves_a_question_one_answer_is_refused(tmp_path: Path) -> None:
    rows = [row for row in lines() if row["label"] != "unrelated" or row["id"].startswith("unrelated-False-0")]
    path = write(tmp_path / "rows.jsonl", rows)
    with pytest.raises(CorpusError, match=r"the question 'relevant' has one answer only in the .* rows that a fold"):
        TrainStanceLinear(data=(path,), output=tmp_path / "model", folds=2, transfer=False)()
