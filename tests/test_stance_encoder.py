"""The stance encoder, from training on a few rows with a tiny base to labels, silence and reasons."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tiny_base import write_base

from framing.encoders.folder import read_folder
from framing.encoders.pieces import read_tokenizer
from framing.errors import ConfigError, CorpusError, ModelError
from framing.protocols import StanceQuery
from framing.stance.encoder.batches import Inputs, inputs
from framing.stance.encoder.classifier import Encoder
from framing.stance.encoder.decision import Decision, conformal_least
from framing.stance.encoder.inputs import Part, readings
from framing.stance.encoder.model import StanceModel, cached_model, read_model
from framing.stance.encoder.network import StanceNetwork
from framing.stance.linear import Linear
from framing.stance.propositions import sides
from framing.train.bases import read_base
from framing.train.checkpoint import CHECKPOINT
from framing.train.stance.examples import Example, answers_of, strangers
from framing.train.stance.fitting import Fitting, error_left_out, fit_decision, scores
from framing.train.stance.learner import StanceLearner, Variation
from framing.train.stance.sources import Sources
from framing.train.stance.training import TrainStance
from framing.types import Label

TARGETS = ("The alliance should wait", "The minister should join")


def rows() -> list[dict[str, object]]:
    """Two targets; who says "join" is against the first and for the second, who says "wait" only for the first."""
    said = {
        "we will join": {TARGETS[0]: "oppose", TARGETS[1]: "support"},
        "we will wait": {TARGETS[0]: "support", TARGETS[1]: "neutral"},
        "the rain that he said": {TARGETS[0]: "unrelated", TARGETS[1]: "unrelated"},
        "that is what she said": {TARGETS[0]: "neutral", TARGETS[1]: "neutral"},
    }
    return [
        {
            "id": f"{at}-{number}-{copy}",
            "text": text,
            "context": f"The official {copy} said {text}.",
            "speaker": "The official",
            "target": target,
            "label": label,
            "family": f"{text}-{copy}",
        }
        for at, (text, labels) in enumerate(said.items())
        for number, (target, label) in enumerate(labels.items())
        for copy in ("he", "she", "we", "alliance", "minister", "rain")
    ]


def write_rows(folder: Path) -> str:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows())), encoding="utf-8")
    return str(path)


def training(folder: Path, **changed: object) -> TrainStance:
    options: dict[str, object] = {
        "data": (write_rows(folder),),
        "output": folder / "model",
        "base": str(write_base(folder / "base")),
        "epochs": 30,
        "batch": 8,
        "pieces": 64,
        "rates": (1e-2,),
        "head_rate": 1e-2,
        "mean": 0.5,
        "width": 16,
        "tune": 0.25,
        "group_by": ("family",),
        "masked": 0.0,
        "masked_holders": 0.0,
        "turned": 0.0,
        "strangers": 0.0,
    }
    return TrainStance(**{**options, **changed})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return training(tmp_path_factory.mktemp("stance"))()


def query(text: str, target: str, *, name: str = "q", context: str | None = None) -> StanceQuery:
    return StanceQuery(name, text, context or f"The official said {text}.", "The official", target)


def encoder(folder: Path, **changed: object) -> Encoder:
    return Encoder(model=str(folder), **changed)  # type: ignore[arg-type]


def test_a_trained_folder_knows_the_target(trained: Path) -> None:
    asked = [query("we will join", target) for target in TARGETS]
    against, for_it = encoder(trained)(asked)
    assert (against.label, for_it.label) == (Label.OPPOSE, Label.SUPPORT)
    assert sum(for_it.probabilities.values()) == pytest.approx(1)


def test_both_forms_of_the_network_agree(trained: Path) -> None:
    asked = [query(str(row["text"]), str(row["target"])) for row in rows()]
    both = [sides(each.target) for each in asked]
    fast, slow = (read_model(str(trained), engine).read(asked, both).logits for engine in ("fast", "torch"))
    assert np.abs(fast - slow).mean() < 0.1 * np.abs(slow).mean()


@pytest.mark.parametrize(("support", "asks"), [(0.0, True), (0.8, True), (-4.0, False), (4.0, False)])
def test_the_negation_is_asked_about_only_where_either_side_is_likely_and_decides_nothing(
    trained: Path, support: float, *, asks: bool
) -> None:
    said = np.array([5, 5, support, 0], dtype=np.float32)
    asked: list[int] = []

    class Network:
        threads = 1

        def __call__(self, batch: Inputs) -> NDArray[np.float32]:
            asked.append(len(batch.ids))
            return np.tile(said if len(asked) == 1 else -said, (len(batch.ids), 1))

    queries = [query("we will join", TARGETS[0]), query("we will wait", TARGETS[1])]
    read = StanceModel(read_folder(trained, "stance"), Network()).read(queries, [sides(q.target) for q in queries])
    np.testing.assert_array_equal(read.logits, np.stack([said, said]))
    assert asked == ([2, 2] if asks else [2])
    expected = [support, -support] if asks else [np.nan, np.nan]
    np.testing.assert_allclose(read.agrees, np.array([expected, expected]), rtol=1e-6)


def test_the_order_of_queries_changes_nothing(trained: Path) -> None:
    asked = [query(str(row["text"]), str(row["target"]), name=str(row["id"])) for row in rows()]
    forwards, backwards = encoder(trained)(asked), encoder(trained)(asked[::-1])
    for one, other in zip(forwards, backwards[::-1], strict=True):
        assert one.statement_id == other.statement_id
        assert one.label == other.label
        assert one.probabilities[one.label] == pytest.approx(other.probabilities[one.label], abs=0.02)


def test_training_again_with_the_same_seed_gives_the_same_weights(trained: Path, tmp_path: Path) -> None:
    again = training(tmp_path)()
    assert cached_model(str(again), "fast").name == cached_model(str(trained), "fast").name


def test_card_and_tables_tell_what_was_done(trained: Path) -> None:
    card = (trained / "README.md").read_text(encoding="utf-8")
    assert "`rows.jsonl`" in card
    assert "36 examples to learn from, 12 kept apart" in card
    assert "An epoch" not in card
    settings = json.loads((trained / "framing.json").read_text(encoding="utf-8"))
    assert list(settings["training"]["data"]) == ["rows.jsonl"]
    assert str(trained.parent) not in json.dumps(settings) + card
    assert (trained / "trials.csv").read_text(encoding="utf-8").startswith("seed,rate,epochs,held_loss\n13,0.01,30,")
    assert not list(trained.rglob(CHECKPOINT))


def test_a_training_draws_from_its_sources_and_composes_and_tells_so(tmp_path: Path) -> None:
    folder = training(tmp_path, epochs=1, composed=5, draws={"data": 20}, class_weights=True)()
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "An epoch draws 20 of the rows" in card
    assert "In each epoch 5 statements more are composed" in card
    notes = json.loads((folder / "framing.json").read_text(encoding="utf-8"))["training"]
    assert {"frames.yaml", "patterns-direct.yaml"} <= notes["composed_of"].keys()


def test_only_heads_learn_from_a_few_rows(trained: Path, tmp_path: Path) -> None:
    few = training(tmp_path, base=str(trained), frozen=True, epochs=2)()
    before, after = (cached_model(str(folder), "torch") for folder in (trained, few))
    old, new = (read_model_arrays(folder) for folder in (trained, few))
    encoder_names = [name for name in old if name.startswith(("encoder.", "parts."))]
    assert encoder_names
    assert all(np.array_equal(old[name], new[name]) for name in encoder_names)
    assert not np.array_equal(old["answers.weight"], new["answers.weight"])
    assert before.name != after.name


def read_model_arrays(folder: Path) -> dict[str, np.ndarray]:
    from safetensors.numpy import load_file

    return load_file(folder / "model.safetensors")


def test_the_best_of_several_trials_is_kept(tmp_path: Path) -> None:
    folder = training(tmp_path, epochs=2, rates=(1e-2, 1e-6), seeds=(1, 2), patience=1, folds=2)()
    lines = (folder / "trials.csv").read_text(encoding="utf-8").splitlines()
    losses = [float(line.rsplit(",", 1)[1]) for line in lines[1:]]
    assert len(losses) == 4
    folds = (folder / "folds.csv").read_text(encoding="utf-8").splitlines()
    assert [line.partition(",")[0] for line in folds] == ["fold", "0", "1"]


def test_a_stopped_training_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from framing.train.loop import Loop

    whole = training(tmp_path, epochs=3)
    held_loss, calls = Loop._held_loss, []

    def stop(self: Loop) -> float:  # type: ignore[type-arg]
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return held_loss(self)

    monkeypatch.setattr(Loop, "_held_loss", stop)
    with pytest.raises(KeyboardInterrupt):
        whole()
    monkeypatch.setattr(Loop, "_held_loss", held_loss)
    assert list((tmp_path / "model").rglob(CHECKPOINT))
    resumed = dataclasses.replace(whole)()
    (tmp_path / "fresh").mkdir()
    fresh = training(tmp_path / "fresh", epochs=3)()
    assert cached_model(str(resumed), "fast").name == cached_model(str(fresh), "fast").name


def test_one_label_only_is_no_training_data(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("id,text,target,label\n" + "\n".join(f"{i},we will wait,nato_expansion,support" for i in range(9)))
    with pytest.raises(CorpusError, match="support"):
        training(tmp_path, data=(str(path),))()


def test_the_parts_of_an_input_are_told_apart(tmp_path: Path) -> None:
    tokenizer = read_tokenizer(write_base(tmp_path))
    asked = StanceQuery("q", "we will join", "The minister said that we will join.", "The minister", "t")
    (read,) = readings([asked], ["The rain"], tokenizer, 64)
    shown = [(tokenizer.id_to_token(i), int(part)) for i, part in zip(read.ids, read.parts, strict=True)]
    assert shown == [
        ("the", Part.PROPOSITION),
        ("rain", Part.PROPOSITION),
        ("[SEP]", Part.OTHER),
        ("the", Part.HOLDER),
        ("minister", Part.HOLDER),
        ("said", Part.CONTEXT),
        ("that", Part.CONTEXT),
        ("we", Part.STATEMENT),
        ("will", Part.STATEMENT),
        ("join", Part.STATEMENT),
        (".", Part.CONTEXT),
    ]
    batch = inputs([read], 2, 3)
    assert batch.pools[0, 1].nonzero()[0].tolist() == [1, 2]
    assert batch.pools[0].sum(axis=1).tolist() == pytest.approx([1, 1, 1, 1])


@pytest.mark.parametrize(
    ("text", "context", "speaker", "statement", "holder"),
    [
        ("we will wait", "The rain.", None, "we will wait", ""),
        ("we will wait", "we will wait", "he", "we will wait", "he"),
        ("we will join", "we will, he said, join", "he", "we will join", "he"),
    ],
    ids=["statement not in its context", "holder not in the passage", "split quotation"],
)
def test_statement_and_holder_are_found_or_put_before(
    tmp_path: Path, text: str, context: str, speaker: str | None, statement: str, holder: str
) -> None:
    tokenizer = read_tokenizer(write_base(tmp_path))
    (read,) = readings([StanceQuery("q", text, context, speaker, "t")], ["rain"], tokenizer, 64)
    by_part = {
        part: " ".join(str(tokenizer.id_to_token(int(i))) for i in read.ids[read.parts == part])
        for part in (Part.STATEMENT, Part.HOLDER)
    }
    assert by_part[Part.STATEMENT] == statement
    assert by_part[Part.HOLDER] == holder


def test_a_long_statement_is_read_from_its_beginning(tmp_path: Path) -> None:
    tokenizer = read_tokenizer(write_base(tmp_path))
    long = "we will join " + "rain " * 10_000
    (read,) = readings([query(long, "t")], ["the rain"], tokenizer, 48)
    assert len(read.ids) == 48
    assert [tokenizer.id_to_token(int(i)) for i in read.ids[read.parts == Part.STATEMENT][:3]] == ["we", "will", "join"]


def test_empty_text_and_wrong_targets_are_refused(trained: Path) -> None:
    with pytest.raises(CorpusError, match="statement q: its text is empty"):
        encoder(trained)([query(" ", TARGETS[0], context="x")])
    with pytest.raises(ConfigError, match="nato_expansion"):
        encoder(trained)([query("we will wait", "nato_expansoin")])
    with pytest.raises(ConfigError, match="has no letter"):
        encoder(trained)([query("we will wait", "?!")])
    with pytest.raises(ConfigError, match=r"stance\.threshold"):
        encoder(trained, threshold=1.5)


def test_a_model_of_another_task_is_refused(trained: Path) -> None:
    with pytest.raises(ModelError, match="made for the task 'quotes', expected 'stance'"):
        Encoder(model="framing:models/quotes")([query("we will wait", "rain")])


def test_truncated_weights_are_refused(trained: Path, tmp_path: Path) -> None:
    for path in trained.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="damaged or truncated"):
        encoder(tmp_path)([query("we will wait", "rain")])


def test_reasons_say_what_a_label_hangs_on(trained: Path) -> None:
    texts = ("no, we will join", "we will join if we join", "we will join")
    asked = [query(text, TARGETS[0], name=text) for text in texts]
    loud, both, plain = encoder(trained, threshold=0.0)(asked)
    assert {stance.label for stance in (loud, both, plain)} <= {Label.SUPPORT, Label.OPPOSE}
    assert [reason.split(":")[0] for reason in loud.reasons[-1:]] == ['without the negation "no"']
    assert any(reason.startswith('without the condition "if we join"') for reason in both.reasons)
    assert not any(reason.startswith("without") for reason in plain.reasons)
    quiet = encoder(trained, threshold=0.0, explain=False)(asked)
    assert not any(reason.startswith("without") for stance in quiet for reason in stance.reasons)


def test_the_linear_classifier_is_a_second_voice_about_the_targets_of_its_codebook(trained: Path) -> None:
    texts = ("Sweden belongs in the alliance", "we reject any further enlargement of NATO", "we will not join NATO")
    asked = [query(text, target, name=text) for text in texts for target in ("nato_expansion", TARGETS[0])]
    both, alone = encoder(trained)(asked), encoder(trained, voice=None)(asked)
    second = Linear().judge(asked[::2])
    for at, (told, own) in enumerate(zip(both, alone, strict=True)):
        if at % 2:
            assert told == own
            continue
        linear = second[at // 2]
        mean = {label: (own.probabilities[label] + linear.probabilities[label]) / 2 for label in Label}
        assert told.probabilities == pytest.approx(mean)
        assert told.label is max(mean, key=mean.__getitem__)
        if linear.label is told.label:
            assert set(linear.reasons) <= set(told.reasons)
        else:
            assert any(reason.startswith(f"linear classifier: rather {linear.label.value}") for reason in told.reasons)


def decision(**changed: float) -> Decision:
    made = Decision((1.0,) * 4, (0.0,) * 4, least=0.4, level=0.8, conditional=0.5)
    return made._replace(**changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("probabilities", "agrees", "why"),
    [
        ((0.7, 0.1, 0.1, 0.1), (1, -1), None),
        ((0.3, 0.3, 0.2, 0.2), (1, -1), "low confidence: no label is probable enough"),
        ((0.45, 0.05, 0.05, 0.45), (1, -1), "perhaps off target: support or unrelated"),
        ((0.45, 0.05, 0.45, 0.05), (1, -1), "perhaps no position: support or neutral"),
        ((0.45, 0.45, 0.05, 0.05), (1, -1), "low confidence: support or oppose"),
        ((0.45, 0.45, 0.05, 0.05), (1, 2), "proposition and negation disagree: support or oppose"),
    ],
)
def test_silence_has_a_reason(probabilities: tuple[float, ...], agrees: tuple[float, float], why: str | None) -> None:
    assert decision().why_silent(np.array(probabilities), agrees) == why


def test_conformal_sets_hold_the_right_label_as_often_as_asked() -> None:
    random = np.random.default_rng(0)
    probabilities = random.dirichlet([1, 1, 1, 1], size=4000)
    gold = [list(Label)[random.choice(4, p=p)] for p in probabilities]
    least = conformal_least(gold[:2000], probabilities[:2000], 0.8)
    assert least is not None
    held = [p[list(Label).index(label)] >= least for label, p in zip(gold[2000:], probabilities[2000:], strict=True)]
    assert np.mean(held) == pytest.approx(0.8, abs=0.03)
    assert conformal_least(gold[:3], probabilities[:3], 0.8) is None


def test_answers_follow_from_labels() -> None:
    assert answers_of(Label.SUPPORT)[:3] == (1, 1, 1)
    assert answers_of(Label.OPPOSE)[:3] == (1, 1, 0)
    assert answers_of(Label.NEUTRAL)[:3] == (1, 0, -1)
    assert answers_of(Label.UNRELATED)[:3] == (0, -1, -1)


def test_strangers_are_asked_about_the_target_of_another_that_nobody_labelled() -> None:
    def example(text: str, target: str) -> Example:
        asked = query(text, target)
        return Example(asked, sides(target), answers_of(Label.SUPPORT), Label.SUPPORT, text)

    reworded = example("a", "z")._replace(asked=sides("Give us z"))
    examples = [example("a", "x"), example("b", "y"), example("b", "x"), reworded, example("b", "z")]
    found = strangers(examples, 200, np.random.default_rng(0))
    assert {(each.query.text, each.asked.proposition) for each in found} == {("a", "y should be supported.")}
    assert {each.label for each in found} == {Label.UNRELATED}
    assert {each.answers.relevant for each in found} == {0}


@pytest.mark.parametrize(
    ("target", "proposition", "negation"),
    [
        ("Fracking should be banned", "Fracking should be banned.", "Fracking should not be banned."),
        ("We can't win.", "We can't win.", "We can win."),
        ("They won't come", "They won't come.", "They will come."),
        ("We cannot wait", "We cannot wait.", "We can wait."),
        ("Zoos should not exist", "Zoos should not exist.", "Zoos should exist."),
        ("This house believes that zoos are cruel", "zoos are cruel.", "zoos are not cruel."),
        (
            "Countries that are not members should pay",
            "Countries that are not members should pay.",
            "It is not true that countries that are not members should pay.",
        ),
        (
            "Homework helps most children.",
            "Homework helps most children.",
            "It is not true that homework helps most children.",
        ),
        ("Theresa May", "Theresa May should be supported.", "Theresa May should not be supported."),
        ("the carbon tax", "the carbon tax should be supported.", "the carbon tax should not be supported."),
        ("U.S.", "U.S. should be supported.", "U.S. should not be supported."),
    ],
)
def test_a_target_becomes_a_proposition_and_its_negation(target: str, proposition: str, negation: str) -> None:
    assert sides(target) == (proposition, negation)


def test_a_holder_is_a_whole_word(tmp_path: Path) -> None:
    tokenizer = read_tokenizer(write_base(tmp_path))
    (read,) = readings(
        [StanceQuery("q", "we will wait", "the minister said he: we will wait", "he", "t")], ["rain"], tokenizer, 64
    )
    words = [tokenizer.id_to_token(int(i)) for i in read.ids]
    assert [words[at] for at in np.flatnonzero(read.parts == Part.HOLDER)] == ["he"]


def test_a_threshold_is_the_least_probability_of_the_best_label() -> None:
    unsure = np.array([0.4, 0.3, 0.2, 0.1])
    assert decision().why_silent(unsure, (1, -1), 0.0) is None
    assert decision().why_silent(unsure, (1, -1), 0.4) is None
    assert decision().why_silent(unsure, (1, -1), 0.5) == "low confidence: no label is probable enough"


def test_rare_answers_count_as_much_as_common_ones_if_asked(tmp_path: Path) -> None:
    base = read_base(str(write_base(tmp_path)))
    labels = [Label.SUPPORT] * 6 + [Label.OPPOSE] * 2
    examples = [
        Example(query("we will join", TARGETS[0]), sides(TARGETS[0]), answers_of(label), label, "g") for label in labels
    ]

    def losses(*, class_weights: bool) -> tuple[float, float, float]:
        torch.manual_seed(0)
        learner = StanceLearner(
            StanceNetwork(base.encoder, base.hidden, width=16).eval(),
            read_tokenizer(base.folder),
            Sources({"data": examples}),
            examples,
            batch=8,
            size=64,
            seed=0,
            variation=Variation(0, 0, 0, 0),
            class_weights=class_weights,
        )
        (batch,) = learner.held()
        yes, no = (batch._replace(answers=batch.answers.clone()) for _ in range(2))
        yes.answers[:, [0, 1, 3]] = no.answers[:, [0, 1, 3]] = -1
        both = yes._replace(answers=yes.answers.clone())
        yes.answers[yes.answers == 0] = -1
        no.answers[no.answers == 1] = -1
        with torch.no_grad():
            return float(learner.loss(yes)), float(learner.loss(no)), float(learner.loss(both))

    yes, no, plain = losses(class_weights=False)
    assert plain == pytest.approx((6 * yes + 2 * no) / 8, rel=1e-3)
    assert losses(class_weights=True)[2] == pytest.approx((yes + no) / 2, rel=1e-3)


def test_more_pieces_than_the_encoder_reads_are_refused_before_training(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="pieces: 127 are too many, the encoder reads 126"):
        training(tmp_path, pieces=127)()


def test_a_held_target_without_rows_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="held_targets: no row has the target 'The rain'"):
        training(tmp_path, held_targets=("The rain",))()


def test_what_shares_a_text_with_a_held_target_is_not_learnt(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="group_by: all rows hang together"):
        training(tmp_path, held_targets=(TARGETS[0],), group_by=("text",))()


@pytest.mark.parametrize("apart", [{"held_targets": ("a wealth tax",)}, {"tune": 0.5}])
def test_nothing_is_composed_about_a_target_that_only_rows_kept_apart_have(
    tmp_path: Path, apart: dict[str, object]
) -> None:
    names = dict(zip(TARGETS, ("a wealth tax", "the death penalty"), strict=True))
    named = tmp_path / "named.jsonl"
    lines = [json.dumps({**row, "target": names[str(row["target"])]}) for row in rows()]
    named.write_text("\n".join(lines), encoding="utf-8")
    task = training(tmp_path, data=(str(named),), composed=10, group_by=("target",), **apart)
    data = task._split(task._rows(), {})
    assert data.train.material is not None
    composed = {target.target for field in data.train.material.fields for target in field}
    (held,) = {example.query.target for example in data.held}
    assert composed & set(names.values()) == set(names.values()) - {held}


def _asked(n: int, seed: int) -> tuple[np.ndarray, list[Example]]:
    """Make examples of ten groups and logits that are three times too sure of their answers."""
    random = np.random.default_rng(seed)
    found, logits = [], []
    for at in range(n):
        label = list(Label)[int(random.integers(4))]
        found.append(
            Example(query("we will join", TARGETS[0]), sides(TARGETS[0]), answers_of(label), label, f"g{at % 10}")
        )
        yes = np.where(np.array(found[-1].answers) == 1, 1.0, -1.0)
        logits.append(3 * (yes + random.normal(size=4)) * 2)
    return np.array(logits, dtype=np.float32), found


def test_a_few_rows_leave_the_calibration_of_the_model_they_started_from() -> None:
    logits, found = _asked(12, 0)
    start = decision()._replace(slopes=(0.5,) * 4, shifts=(0.1,) * 4, least=0.37, conditional=0.3)
    fitted = fit_decision(logits, found, Fitting(0.95, start))
    assert (fitted.slopes, fitted.shifts) == (start.slopes, start.shifts)
    assert (fitted.least, fitted.conditional, fitted.level) == (0.37, 0.3, start.level)
    assert fit_decision(logits, found, Fitting(0.95)).level == 0
    many = fit_decision(*_asked(400, 0), Fitting(0.95, start))
    assert many.slopes[:3] != start.slopes[:3]
    assert many.least != 0.37
    assert many.level == 0.95


def test_scores_of_a_part_come_from_a_calibration_that_has_not_seen_it() -> None:
    logits, found = _asked(600, 1)
    assert scores(logits, found, Fitting(0.8))["accuracy"] > 0.6
    # Two groups whose logits mean the contrary of each other's: what calibrates the one misleads about the other.
    first = np.arange(600) < 300
    apart = [example._replace(group=str(is_first)) for example, is_first in zip(found, first, strict=True)]
    assert scores(np.where(first[:, None], logits, -logits), apart, Fitting(0.8))["accuracy"] < 0.4


def test_the_error_of_a_target_left_out_stands_beside_what_chance_makes_of_right_probabilities() -> None:
    logits, found = _asked(900, 2)
    named = [example._replace(query=example.query._replace(target=f"t{at % 3}")) for at, example in enumerate(found)]
    told = error_left_out(logits, named, Fitting(0.8))
    assert [(each.target, each.rows) for each in told] == [("t0", 300), ("t1", 300), ("t2", 300)]
    assert all(0.02 < each.by_chance < 0.12 for each in told)
    assert all(each.error < 3 * each.by_chance for each in told)
    assert error_left_out(logits, found, Fitting(0.8)) == []


def test_targets_that_were_not_learnt_calibrate_slopes_but_no_shifts() -> None:
    logits, found = _asked(600, 3)
    moved = logits + np.float32(2)
    alike, apart = (fit_decision(moved, found, Fitting(0.8, shifted=shifted)) for shifted in (True, False))
    assert any(abs(shift) > 0.2 for shift in alike.shifts[:3])
    assert apart.shifts == (0.0,) * 4
    assert all(0.05 <= slope < 0.9 for slope in apart.slopes[:3])
