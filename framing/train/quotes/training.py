"""Train the neural extractor: a tagger of cues and of what belongs to each cue, from gold attributions."""

from __future__ import annotations

import dataclasses
import hashlib
import platform
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from framing.corpora.gold import read_gold
from framing.corpora.gold_records import GoldArticle
from framing.encoders.folder import write_folder
from framing.encoders.padding import padded
from framing.encoders.pieces import TOKENIZER, read_tokenizer, special_ids
from framing.errors import CorpusError
from framing.quotes.tagger.calibration import FEATURES
from framing.quotes.tagger.graph import largest_inputs
from framing.quotes.tagger.model import TASK, read_model
from framing.quotes.tagger.network import QuoteNetwork
from framing.quotes.tagger.windows import marked, windows
from framing.train.bases import Base, read_base
from framing.train.checkpoint import CHECKPOINT
from framing.train.loop import Epoch, Loop, Schedule
from framing.train.processes import Processes
from framing.train.progress_table import write_epochs
from framing.train.quotes.calibration import CUE_THRESHOLD, calibrate, judge
from framing.train.quotes.card import card
from framing.train.quotes.learner import QuoteLearner
from framing.train.quotes.options import QuoteOptions

MEASURED = 20
"""Articles on which the largest inputs of matrix products are measured."""


@dataclass(frozen=True)
class TrainQuotes(QuoteOptions):
    """Fine-tune an encoder to find cues, and the source and content of each cue."""

    def __call__(self) -> Path:
        """Train, write the model folder and return its path; a training that was stopped goes on where it was.

        Raises:
            CorpusError: the gold cannot be read, or holds too few articles to keep some apart.
            ModelError: the base encoder cannot be had, or a checkpoint is damaged.
            MissingExtraError: torch or transformers is not installed.
        """
        torch.manual_seed(self.seed)
        rows = read_gold(self.data)
        train, held = self._split(rows)
        base = read_base(self.base)
        processes = Processes()
        network = QuoteNetwork(base.encoder, base.hidden, width=self.width).to(processes.device)
        tokenizer = read_tokenizer(base.folder)
        loop = Loop(QuoteLearner(self, network, tokenizer, train, held), self._schedule(), processes)
        epochs = loop(self.output, _fingerprint(self, [*train, *held]))
        if processes.is_first:
            write_epochs(epochs, self.output)
            arrays = {name: value.cpu().numpy() for name, value in loop.means.items()}
            export(self, arrays, base, held, epochs)
            (self.output / CHECKPOINT).unlink(missing_ok=True)
        processes.wait()
        return self.output

    def _schedule(self) -> Schedule:
        return Schedule(
            epochs=self.epochs,
            seed=self.seed,
            rate=self.rate,
            head_rate=self.head_rate,
            warmup=self.warmup,
            decay=self.decay,
            mean=self.mean,
        )

    def _split(self, rows: Sequence[GoldArticle]) -> tuple[list[GoldArticle], list[GoldArticle]]:
        n_held = max(1, round(self.tune * len(rows)))
        if n_held >= len(rows):
            raise CorpusError(f"{', '.join(self.data)}: {len(rows)} articles are too few to keep some of them apart")
        order = np.random.default_rng(self.seed).permutation(len(rows))
        return [rows[at] for at in sorted(order[n_held:])], [rows[at] for at in sorted(order[:n_held])]


def export(
    options: QuoteOptions,
    arrays: Mapping[str, NDArray[Any]],
    base: Base,
    held: Sequence[GoldArticle],
    epochs: Sequence[Epoch],
) -> None:
    """Write the model folder: with the weights, then again with the calibration that these gave on rows kept apart."""
    settings: dict[str, Any] = {
        "task": TASK,
        "encoder": base.config,
        "width": options.width,
        "pieces": min(options.pieces, options.read_pieces),
        "cue_threshold": CUE_THRESHOLD,
        "min_confidence": 0.0,
        "calibration": {"features": FEATURES, "weights": [0.0] * len(FEATURES), "intercept": 0.0},
        "training": _notes(options),
    }
    options.output.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(base.folder / TOKENIZER, options.output / TOKENIZER)
    fast = base.config.get("model_type") == "bert"
    if fast:
        arrays = {**arrays, **_largest(options, arrays, settings, held)}
    write_folder(options.output, settings, arrays, "")
    judged = judge(read_model(str(options.output), "fast" if fast else "torch"), held, settings["pieces"])
    found = calibrate(judged)
    settings["min_confidence"] = found.min_confidence
    settings["calibration"] |= {"weights": found.weights, "intercept": found.intercept}
    write_folder(options.output, settings, arrays, card(options, found, len(held), epochs))


def _fingerprint(options: QuoteOptions, rows: Sequence[GoldArticle]) -> str:
    """Name a training by its settings, but for where it writes, and by its articles."""
    settings = {key: value for key, value in dataclasses.asdict(options).items() if key != "output"}
    digest = hashlib.sha256(repr(sorted(settings.items())).encode())
    for row in rows:
        digest.update(repr((row.article_id, row.text, row.annotators)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _largest(
    options: QuoteOptions, arrays: Mapping[str, NDArray[Any]], settings: Mapping[str, Any], rows: Sequence[GoldArticle]
) -> dict[str, NDArray[np.float32]]:
    """Measure on rows kept apart what the fast form needs to do its matrix products in 8-bit numbers."""
    tokenizer = read_tokenizer(options.output)
    special = special_ids(tokenizer)
    found = marked([row.text for row in rows[:MEASURED]], tokenizer)
    cut = [(each, slice(*window.pieces)) for each in found for window in windows(0, each, options.pieces)]
    batches = [
        padded([each.pieces.ids[part] for each, part in some], [each.features[part] for each, part in some], *special)
        for some in (cut[at : at + options.batch] for at in range(0, len(cut), options.batch))
    ]
    return largest_inputs(arrays, settings["encoder"], batches)


def _notes(options: QuoteOptions) -> dict[str, Any]:
    fields = {field.name: getattr(options, field.name) for field in dataclasses.fields(options)}
    fields.pop("output")
    packages = ("framing", "torch", "transformers", "tokenizers", "numpy", "scikit-learn")
    versions = {"python": platform.python_version(), **{name: version(name) for name in packages}}
    return {**fields, "versions": versions}
