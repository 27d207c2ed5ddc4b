"""A training of the stance encoder learns what it is told to, can be stopped, and tells what it did."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from stance_training import TARGETS, query, rows, training
from tiny_base import write_base

from framing.encoders.pieces import read_tokenizer
from framing.errors import ConfigError, CorpusError
from framing.stance.encoder.model import cached_model
from framing.stance.encoder.network import StanceNetwork
from framing.stance.propositions import sides
from framing.train.bases import read_base
from framing.train.checkpoint import CHECKPOINT
from framing.train.stance.data import read_pool, split
from framing.train.stance.examples import UNKNOWN, Example, answers_of, strangers
from framing.train.stance.learner import StanceLearner, Variation
from framing.train.stance.public import calibrates, read_set
from framing.train.stance.sources import Sources
from framing.types import Label


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


def write_dse(folder: Path) -> str:
    """Write twenty sentences to learn from and forty of a dev part, half of each taking a side."""
    lines = [f"The [Greens] of day {at} met the [Reds].\tGreens\tReds\t{at % 2}\n" for at in range(60)]
    (folder / "train.txt").write_text("".join(lines[:20]), encoding="utf-8")
    (folder / "valid.txt").write_text("".join(lines[20:]), encoding="utf-8")
    return str(folder)


def test_of_a_public_set_the_dev_part_is_not_learnt_and_some_of_half_of_it_calibrates(tmp_path: Path) -> None:
    task = training(tmp_path, public={"dse": write_dse(tmp_path)}, calibrating=10)
    data = split(task, read_pool(task))
    assert {int(each.query.text.split()[4]) for each in data.train.examples["dse"]} == set(range(20))
    halves = [calibrates(each) for each in read_set("dse", tmp_path) if each.dev]
    assert 0.25 < np.mean(halves) < 0.75
    names = {each.query.statement_id for each in read_set("dse", tmp_path) if calibrates(each)}
    assert len(data.beside["dse"]) == 10
    assert {each.query.statement_id for each in data.beside["dse"]} < names
    assert {example.query.target for example in data.held} == set(TARGETS)
    bare = dataclasses.replace(task, calibrating=0)
    assert split(bare, read_pool(bare)).beside == {}


def test_a_set_in_which_nothing_is_unrelated_does_not_calibrate_what_is_relevant(tmp_path: Path) -> None:
    task = training(tmp_path, public={"dse": write_dse(tmp_path)})
    answers = [each.answers for each in split(task, read_pool(task)).beside["dse"]]
    assert {each.relevant for each in answers} == {UNKNOWN}
    assert {each.position for each in answers} == {0, 1}


def test_card_and_settings_tell_what_calibrates(tmp_path: Path) -> None:
    made = training(tmp_path, public={"dse": write_dse(tmp_path)}, calibrating=10, epochs=1)()
    card = (made / "README.md").read_text(encoding="utf-8")
    assert "12 kept apart" in card
    assert "Dev parts (10 of dse) calibrate as well" in card
    assert json.loads((made / "framing.json").read_text(encoding="utf-8"))["training"]["calibrating"] == 10


def test_a_draw_of_a_source_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"draws\.dsee: no such source; did you mean 'dse'"):
        training(tmp_path, public={"dse": write_dse(tmp_path)}, draws={"dsee": 3})()


@pytest.mark.parametrize("apart", [{"held_targets": ("a wealth tax",)}, {"tune": 0.5}])
def test_nothing_is_composed_about_a_target_that_only_rows_kept_apart_have(
    tmp_path: Path, apart: dict[str, object]
) -> None:
    names = dict(zip(TARGETS, ("a wealth tax", "the death penalty"), strict=True))
    named = tmp_path / "named.jsonl"
    lines = [json.dumps({**row, "target": names[str(row["target"])]}) for row in rows()]
    named.write_text("\n".join(lines), encoding="utf-8")
    task = training(tmp_path, data=(str(named),), composed=10, group_by=("target",), **apart)
    data = split(task, read_pool(task))
    assert data.train.material is not None
    composed = {target.target for field in data.train.material.fields for target in field}
    (held,) = {example.query.target for example in data.held}
    assert composed & set(names.values()) == set(names.values()) - {held}
