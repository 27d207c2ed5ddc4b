"""The encoder knows the target, is silent where it is unsure, and says why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from stance_training import TARGETS, encoder, query, rows
from tiny_base import write_base

from framing.encoders.folder import read_folder
from framing.encoders.pieces import read_tokenizer
from framing.errors import ConfigError, CorpusError, ModelError
from framing.protocols import StanceQuery
from framing.resources import locate
from framing.stance.encoder.batches import Inputs, inputs
from framing.stance.encoder.classifier import Encoder
from framing.stance.encoder.inputs import Part, readings
from framing.stance.encoder.model import StanceModel, read_model
from framing.stance.linear import Linear
from framing.stance.propositions import is_denied, sides
from framing.types import Label


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


def test_without_explanations_nothing_is_asked_twice_and_labels_stay(trained: Path) -> None:
    asked = [query(str(row["text"]), str(row["target"]), name=str(row["id"])) for row in rows()]
    quiet, told = encoder(trained, explain=False)(asked), encoder(trained)(asked)
    assert [stance.label for stance in quiet] == [stance.label for stance in told]
    assert [stance.abstained for stance in quiet] == [stance.abstained for stance in told]
    reasons = [reason for stance in quiet for reason in stance.reasons]
    assert not any("negation" in reason for reason in reasons)


def test_a_denied_proposition_is_asked_in_its_affirmative_form(trained: Path) -> None:
    plain = [query("we will join", TARGETS[0]), query("we will wait", TARGETS[1])]
    denied = [each._replace(target=each.target.replace("should", "should not")) for each in plain]
    for for_it, against in zip(encoder(trained)(plain), encoder(trained)(denied), strict=True):
        assert for_it.probabilities[Label.SUPPORT] == pytest.approx(against.probabilities[Label.OPPOSE], abs=0.02)
        assert for_it.probabilities[Label.OPPOSE] == pytest.approx(against.probabilities[Label.SUPPORT], abs=0.02)


def test_the_order_of_queries_changes_nothing(trained: Path) -> None:
    asked = [query(str(row["text"]), str(row["target"]), name=str(row["id"])) for row in rows()]
    forwards, backwards = encoder(trained)(asked), encoder(trained)(asked[::-1])
    for one, other in zip(forwards, backwards[::-1], strict=True):
        assert one.statement_id == other.statement_id
        assert one.label == other.label
        assert one.probabilities[one.label] == pytest.approx(other.probabilities[one.label], abs=0.02)


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
    with pytest.raises(ConfigError, match="conscription"):
        encoder(trained)([query("we will wait", "conscripton")])
    assert encoder(trained)([query("we will wait", "NATO expansion")])[0].target == "NATO expansion"
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


def test_a_target_of_the_same_name_and_other_words_is_not_one_for_the_second_voice(
    trained: Path, tmp_path: Path
) -> None:
    book = tmp_path / "book.yaml"
    shipped = locate("framing:codebooks/nato_expansion.yaml").read_text(encoding="utf-8")
    book.write_text(shipped.replace("object: &alliance\n", "object: &alliance\n      - league\n"), "utf-8")
    asked = [query("the league should admit them", "nato_expansion")]
    chosen = encoder(trained, codebook=str(book))(asked)
    assert chosen == encoder(trained, codebook=str(book), voice=None)(asked)
    assert chosen != encoder(trained)(asked)


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
        (
            "Religion does more harm than good",
            "Religion does more harm than good.",
            "It is not true that religion does more harm than good.",
        ),
        ("Dams have a price", "Dams have a price.", "It is not true that dams have a price."),
        ("Dams have been built", "Dams have been built.", "Dams have not been built."),
        ("Gravel is no danger", "Gravel is no danger.", "It is not true that gravel is no danger."),
        ("Tolls can never be fair", "Tolls can never be fair.", "It is not true that tolls can never be fair."),
        ("Theresa May", "Theresa May should be supported.", "Theresa May should not be supported."),
        ("the carbon tax", "the carbon tax should be supported.", "the carbon tax should not be supported."),
        ("U.S.", "U.S. should be supported.", "U.S. should not be supported."),
    ],
)
def test_a_target_becomes_a_proposition_and_its_negation(target: str, proposition: str, negation: str) -> None:
    assert sides(target) == (proposition, negation)


@pytest.mark.parametrize(
    ("proposition", "denied"),
    [
        ("Finland should not join.", True),
        ("Finland should join.", False),
        ("Zoos can't be closed.", True),
        ("Fees cannot be raised.", True),
        ("It is not true that zoos help.", True),
        ("Those who do not vote should pay.", False),
    ],
)
def test_a_proposition_may_deny_another(proposition: str, *, denied: bool) -> None:
    assert is_denied(proposition) is denied


def test_a_holder_is_a_whole_word(tmp_path: Path) -> None:
    tokenizer = read_tokenizer(write_base(tmp_path))
    (read,) = readings(
        [StanceQuery("q", "we will wait", "the minister said he: we will wait", "he", "t")], ["rain"], tokenizer, 64
    )
    words = [tokenizer.id_to_token(int(i)) for i in read.ids]
    assert [words[at] for at in np.flatnonzero(read.parts == Part.HOLDER)] == ["he"]
