"""Train the stance encoder, or go on training one, and write its model folder with card, figures and fast form."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from framing.encoders.folder import read_folder, write_folder
from framing.encoders.forms import has_fast_form, torch_network
from framing.encoders.pieces import TOKENIZER, read_tokenizer, special_ids
from framing.errors import ConfigError, ModelError
from framing.resources import locate
from framing.stance.encoder.batches import inputs
from framing.stance.encoder.decision import Decision
from framing.stance.encoder.graph import largest_inputs
from framing.stance.encoder.inputs import readings
from framing.stance.encoder.model import BATCH, TASK, StanceModel, read_model
from framing.stance.encoder.network import StanceNetwork
from framing.train.bases import Base, read_base
from framing.train.checkpoint import CHECKPOINT
from framing.train.loop import BEST, Epoch, Loop, Schedule
from framing.train.processes import Processes
from framing.train.progress_table import write_epochs
from framing.train.stance.data import Data, Pool, folds, read_pool, split
from framing.train.stance.encoder_card import Trained, card
from framing.train.stance.examples import Example
from framing.train.stance.fitting import PLAIN, Answered, Fitting, error_left_out, fit_decision, scores
from framing.train.stance.learner import StanceLearner, Variation
from framing.train.stance.notes import notes
from framing.train.stance.options import StanceOptions

MEASURED = 512
"""Examples on which the largest inputs of matrix products are measured."""
TRIALS, FOLDS = "trials.csv", "folds.csv"


class Trial(NamedTuple):
    """One training: its settings, its epochs and the weights that it ended with."""

    seed: int
    rate: float
    epochs: list[Epoch]
    arrays: dict[str, NDArray[Any]]
    held_loss: float
    """The loss on what was kept apart, of the weights that were kept."""


@dataclass(frozen=True)
class TrainStance(StanceOptions):
    """Fine-tune an encoder to say which side a statement takes on a proposition."""

    def __call__(self) -> Path:
        """Train, write the model folder and return its path; a training that was stopped goes on where it was.

        Raises:
            CorpusError: a row is wrong, or there is nothing to keep apart.
            ModelError: the base cannot be had, or a checkpoint is damaged.
            MissingExtraError: torch or transformers is not installed.
        """
        if _is_model(self.base) and locate(self.base).resolve() == self.output.resolve():
            raise ConfigError(f"output: {self.output} is the base as well; write the new model elsewhere")
        pool = read_pool(self)
        data = split(self, pool)
        self.output.mkdir(parents=True, exist_ok=True)
        if self.folds:
            self._cross_validate(pool)
        trials = [self._train(data, seed, rate, f"{seed}-{rate:g}") for seed in self.seeds for rate in self.rates]
        best = min(trials, key=lambda trial: np.nan_to_num(trial.held_loss, nan=np.inf))
        if np.isnan(best.held_loss):
            raise ModelError(f"rates: every training diverged; try lower ones than {', '.join(map(str, self.rates))}")
        if (processes := Processes()).is_first:
            _write_table(self.output / TRIALS, [_line(trial) for trial in trials])
            write_epochs(best.epochs, self.output)
            self._export(best, trials, data)
            for name in (CHECKPOINT, BEST):
                for path in (self.output / "trials").rglob(name):
                    path.unlink()
        processes.wait()
        return self.output

    def _train(self, data: Data, seed: int, rate: float, name: str) -> Trial:
        torch.manual_seed(seed)
        base, network = self._network()
        if self.pieces + 2 > (most := int(base.config.get("max_position_embeddings", self.pieces + 2))):
            raise ConfigError(f"pieces: {self.pieces} are too many, the encoder reads {most - 2}")
        if self.frozen:
            network.encoder.requires_grad_(False)
            network.parts.requires_grad_(False)
        learner = StanceLearner(
            network,
            read_tokenizer(base.folder),
            data.train,
            data.held,
            batch=self.batch,
            size=self.pieces,
            seed=seed,
            variation=Variation(self.masked, self.masked_holders, self.turned, self.strangers),
            class_weights=self.class_weights,
        )
        schedule = Schedule(
            epochs=self.epochs,
            seed=seed,
            rate=0.0 if self.frozen else rate,
            head_rate=self.head_rate,
            warmup=self.warmup,
            decay=self.decay,
            mean=self.mean,
            patience=self.patience,
        )
        folder = self.output / "trials" / name
        epochs = (loop := Loop(learner, schedule, Processes()))(folder, self._fingerprint(data, seed, rate))
        losses = [epoch.held_loss for epoch in epochs]
        arrays = {key: value.cpu().numpy() for key, value in loop.means.items()}
        return Trial(seed, rate, epochs, arrays, min(losses) if self.patience else losses[-1])

    def _network(self) -> tuple[Base, StanceNetwork]:
        """Return the base and a network on it: that of a model folder of this task, or one with fresh heads."""
        device = Processes().device
        start = locate(self.base) if _is_model(self.base) else None
        if start is None:
            base = read_base(self.base)
            return base, StanceNetwork(base.encoder, base.hidden, width=self.width).to(device)
        folder = read_folder(start, TASK)
        width = int(folder.settings["width"])
        network = torch_network(folder, lambda encoder, hidden: StanceNetwork(encoder, hidden, width=width)).to(device)
        encoder = folder.settings["encoder"]
        return Base(network.encoder, int(encoder["hidden_size"]), folder.path, encoder), network

    def _start(self) -> Decision:
        """Return how the model that the training went on from makes labels of logits, or the plain way."""
        if not _is_model(self.base):
            return PLAIN
        return Decision.from_settings(read_folder(self.base, TASK).settings["decision"])

    def _export(self, best: Trial, trials: Sequence[Trial], data: Data) -> dict[str, float]:
        """Write the model folder: with the weights, then again with what these give on the examples kept apart.

        Return the scores on the latter.
        """
        base, network = self._network()
        settings: dict[str, Any] = {
            "task": TASK,
            "encoder": base.config,
            "width": network.wide.out_features,
            "pieces": self.pieces,
            "decision": PLAIN._asdict(),
            "training": notes(self, len(data.train.all()), len(data.held)),
        }
        shutil.copyfile(base.folder / TOKENIZER, self.output / TOKENIZER)
        arrays = dict(best.arrays)
        fast = has_fast_form(base.config)
        if fast:
            arrays |= _largest(self.output, arrays, settings, data.held[:MEASURED])
        write_folder(self.output, settings, arrays, "")
        model = read_model(str(self.output), "fast" if fast else "torch")
        logits = read_logits(model, data.held)
        beside = [example for found in data.beside.values() for example in found]
        answered = Answered(read_logits(model, beside), beside)
        how = Fitting(self.level, self._start(), shifted=not self.held_targets, beside=answered)
        decision = fit_decision(logits, data.held, how)
        settings["decision"] = decision._asdict()
        told = Trained(
            options=self,
            epochs=best.epochs,
            trials=[_line(trial) for trial in trials],
            n_train=len(data.train.all()),
            n_held=len(data.held),
            n_beside={name: len(found) for name, found in data.beside.items()},
            scores=scores(logits, data.held, how),
            left_out=error_left_out(logits, data.held, how),
            decision=decision,
        )
        write_folder(self.output, settings, arrays, card(told))
        return dict(told.scores)

    def _cross_validate(self, pool: Pool) -> None:
        """Train once for each fold of the groups of rows and table the scores on the fold."""
        lines = []
        for number, data in enumerate(folds(self, pool)):
            trial = self._train(data, self.seeds[0], self.rates[0], f"fold-{number}")
            if Processes().is_first:
                made = dataclasses.replace(self, output=self.output / "trials" / f"fold-{number}")
                lines.append({"fold": number, **made._export(trial, [trial], data)})
        if lines:
            _write_table(self.output / FOLDS, lines)

    def _fingerprint(self, data: Data, seed: int, rate: float) -> str:
        settings = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        settings.pop("output")
        digest = hashlib.sha256(repr((sorted(settings.items()), seed, rate)).encode())
        for example in (*data.train.all(), *data.held):
            digest.update(repr(example).encode("utf-8", "surrogatepass"))
        digest.update(repr(data.train.material).encode())
        return digest.hexdigest()


def read_logits(model: StanceModel, examples: Sequence[Example]) -> NDArray[np.float32]:
    """Return the logits of examples, each asked about its proposition."""
    return model.answers([example.query for example in examples], [example.asked for example in examples])


def _is_model(base: str) -> bool:
    return base.startswith("framing:") or (Path(base) / "framing.json").is_file()


def _largest(
    folder: Path, arrays: Mapping[str, NDArray[Any]], settings: Mapping[str, Any], examples: Sequence[Example]
) -> dict[str, NDArray[np.float32]]:
    """Measure on examples kept apart what the fast form needs to do its matrix products in 8-bit numbers."""
    tokenizer = read_tokenizer(folder)
    queries, propositions = [e.query for e in examples], [e.asked.proposition for e in examples]
    read = list(readings(queries, propositions, tokenizer, int(settings["pieces"])))
    special = special_ids(tokenizer)
    batches = (inputs(read[at : at + BATCH], *special) for at in range(0, len(read), BATCH))
    return largest_inputs(arrays, settings["encoder"], batches)


def _line(trial: Trial) -> dict[str, float]:
    return {"seed": trial.seed, "rate": trial.rate, "epochs": len(trial.epochs), "held_loss": trial.held_loss}


def _write_table(path: Path, lines: Sequence[Mapping[str, float]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
