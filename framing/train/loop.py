"""The training loop that all encoders share: slow encoder, fast heads, warm-up and decay, a running mean of weights."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from framing.progress import tracked
from framing.train.checkpoint import load_checkpoint, save_checkpoint
from framing.train.processes import Processes

B = TypeVar("B")
BEST = "best.safetensors"


class Schedule(NamedTuple):
    """How to learn.

    `rate` is for the encoder, `head_rate` for everything else, both after a warm-up over the share `warmup` of all
    steps and falling to nothing then; `decay` is the weight decay and `mean` the decay of the running mean of the
    weights, which is what counts in the end. With `patience` a training ends after so many epochs without a lower loss
    on what is kept apart, and the weights of the best epoch count.
    """

    epochs: int
    seed: int
    rate: float
    head_rate: float
    warmup: float = 0.06
    decay: float = 0.01
    mean: float = 0.997
    patience: int | None = None


class Epoch(NamedTuple):
    """One epoch of a training: its mean losses, on what was learnt and on what was kept apart."""

    epoch: int
    loss: float
    held_loss: float
    seconds: float


class Learner(Protocol[B]):
    """What is trained: a network whose `encoder` is pretrained, its batches of every epoch and its loss."""

    @property
    def network(self) -> nn.Module:
        """The network, with its pretrained part as `encoder`."""
        ...

    def batches(self, epoch: int) -> Sequence[B]:
        """Return the batches of one epoch, as many in each, whose order and variation hang on its number."""
        ...

    def held(self) -> Sequence[B]:
        """Return the batches kept apart."""
        ...

    def loss(self, batch: B) -> Tensor:
        """Return the loss of one batch."""
        ...


class Loop(Generic[B]):
    """Train a learner; `means` are the weights that count, a running mean over steps."""

    def __init__(self, learner: Learner[B], schedule: Schedule, processes: Processes) -> None:
        """Prepare the optimizer: the encoder learns slowly, the fresh heads fast."""
        self._processes = processes
        self._learner, self._schedule, self._network = learner, schedule, learner.network
        body = list(self._network.encoder.parameters())  # type: ignore[union-attr]
        known = {id(parameter) for parameter in body}
        heads = [parameter for parameter in self._network.parameters() if id(parameter) not in known]
        groups = [{"params": body, "lr": schedule.rate}, {"params": heads, "lr": schedule.head_rate}]
        self._optimizer = torch.optim.AdamW(groups, weight_decay=schedule.decay, fused=True)
        self.means = {name: value.detach().clone() for name, value in self._network.state_dict().items()}

    def __call__(self, folder: Path, fingerprint: str) -> list[Epoch]:
        """Train, resuming from a checkpoint in `folder` if there is one of the same `fingerprint`; return the epochs.

        Raises:
            ModelError: the checkpoint is damaged, or is of a training with other settings or data.
        """
        progress = load_checkpoint(folder, self._network, self.means, self._optimizer, fingerprint)
        done = [Epoch(*line) for line in progress["epochs"]] if progress else []
        step = int(progress["step"]) if progress else 0
        total = self._schedule.epochs
        steps = step
        for epoch in range(len(done), total):
            if self._is_over(done):
                break
            started = time.perf_counter()
            torch.manual_seed((self._schedule.seed + epoch) * self._processes.count + self._processes.rank)
            batches = self._processes.share(self._learner.batches(epoch))
            steps = step + (total - epoch) * len(batches)
            losses = []
            self._network.train()
            shown = tracked(batches, f"epoch {epoch + 1} of {total}", total=len(batches))
            for batch in shown if self._processes.is_first else batches:
                self._set_rate(step, steps)
                losses.append(self._learn(batch))
                step += 1
                self._average(step)
            seconds = round(time.perf_counter() - started, 1)
            done.append(Epoch(epoch, float(np.mean(losses)), self._held_loss(), seconds))
            state = {"step": step, "epochs": done, "fingerprint": fingerprint}
            if self._processes.is_first:
                if self._schedule.patience and _best(done) == len(done) - 1:
                    self._keep(folder)
                save_checkpoint(folder, self._network, self.means, self._optimizer, state)
            self._processes.wait()
        if self._schedule.patience:
            self.means = load_file(folder / BEST)
        return done

    def _is_over(self, done: Sequence[Epoch]) -> bool:
        return self._schedule.patience is not None and len(done) - 1 - _best(done) >= self._schedule.patience

    def _keep(self, folder: Path) -> None:
        """Keep the weights of the best epoch so far in a file, which appears only when it is whole."""
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{BEST}.part"
        save_file({name: value.contiguous() for name, value in self.means.items()}, part)
        part.replace(folder / BEST)

    def _learn(self, batch: B) -> float:
        loss = self._learner.loss(batch)
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._processes.average(self._network.parameters())
        nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        return float(loss.detach())

    @torch.no_grad()
    def _held_loss(self) -> float:
        """Return the mean loss of the running mean of the weights on what is kept apart."""
        current = {name: value.detach().clone() for name, value in self._network.state_dict().items()}
        self._network.load_state_dict(self.means)
        self._network.eval()
        losses = [float(self._learner.loss(batch)) for batch in self._learner.held()]
        self._network.load_state_dict(current)
        return float(np.mean(losses)) if losses else float("nan")

    def _set_rate(self, step: int, steps: int) -> None:
        warm = max(1.0, self._schedule.warmup * steps)
        share = min((step + 1) / warm, max(0.02, (steps - step) / max(1.0, steps - warm)))
        rates = self._schedule.rate, self._schedule.head_rate
        for group, rate in zip(self._optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * share

    def _average(self, step: int) -> None:
        keep = min(self._schedule.mean, (1 + step) / (10 + step))
        for name, value in self._network.state_dict().items():
            if value.dtype.is_floating_point:
                self.means[name].lerp_(value.detach(), 1 - keep)


def _best(done: Sequence[Epoch]) -> int:
    """Return the place of the epoch with the least loss on what is kept apart; -1 where there is none."""
    losses = [float("inf") if np.isnan(epoch.held_loss) else epoch.held_loss for epoch in done]
    return losses.index(min(losses)) if losses else -1
