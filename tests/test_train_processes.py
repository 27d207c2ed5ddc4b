"""Several processes train one network as one process with all of their batches would."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from framing.train.processes import Processes

PROGRAM = """
import sys
from pathlib import Path
import torch
from safetensors.torch import save_file
from framing.train.loop import Loop, Schedule
from framing.train.processes import Processes

torch.set_num_threads(1)


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.encoder, self.head = torch.nn.Linear(3, 4), torch.nn.Linear(4, 1)


class Learner:
    network = Network()

    def batches(self, epoch):
        return torch.randn(4, {size}, 3, generator=torch.Generator().manual_seed(epoch)).unbind()

    def held(self):
        return self.batches(9)

    def loss(self, batch):
        return (self.network.head(torch.tanh(self.network.encoder(batch))) - 1).square().mean()


class Joined(Learner):
    def batches(self, epoch):
        apart = super().batches(epoch)
        return [torch.cat(apart[at:at + 2]) for at in range(0, len(apart), 2)]


processes = Processes()
folder = Path(sys.argv[1])
learner = Joined() if sys.argv[2] == "joined" else Learner()
loop = Loop(learner, Schedule(epochs=3, seed=0, rate=1e-2, head_rate=1e-2), processes)
loop(folder / "training", "x")
save_file(loop.means, folder / f"weights-{processes.rank}.safetensors")
"""


def train(folder: Path, how: str, rank: int | None = None, port: int = 0) -> subprocess.Popen[str]:
    """Start a training; with a `rank` as one of two processes."""
    together = {"WORLD_SIZE": "2", "RANK": str(rank), "LOCAL_RANK": str(rank), "MASTER_ADDR": "127.0.0.1"}
    names = {} if rank is None else {**together, "MASTER_PORT": str(port), "ACCELERATE_USE_CPU": "true"}
    command = [sys.executable, "-c", PROGRAM.replace("{size}", "5"), str(folder), how]
    return subprocess.Popen(command, env={**os.environ, **names}, stderr=subprocess.PIPE, text=True)


def finish(*started: subprocess.Popen[str]) -> None:
    for each in started:
        _, error = each.communicate(timeout=120)
        assert each.returncode == 0, error


def test_two_processes_learn_what_one_learns_from_both_of_their_batches(tmp_path: Path) -> None:
    pytest.importorskip("accelerate")
    alone, both = tmp_path / "alone", tmp_path / "both"
    alone.mkdir()
    both.mkdir()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    finish(train(alone, "joined"), *(train(both, "apart", rank, port) for rank in (0, 1)))
    first, second = (load_file(both / f"weights-{rank}.safetensors") for rank in (0, 1))
    one = load_file(alone / "weights-0.safetensors")
    for name in one:
        np.testing.assert_array_equal(first[name], second[name])
        np.testing.assert_allclose(first[name], one[name], rtol=1e-4, atol=1e-6)


def test_batches_are_shared_out_evenly_and_none_is_left_out() -> None:
    parts = []
    for rank in range(3):
        processes = Processes()
        processes.rank, processes.count = rank, 3
        parts.append(processes.share(["a", "b", "c", "d"]))
    assert [len(part) for part in parts] == [2, 2, 2]
    assert {batch for part in parts for batch in part} == {"a", "b", "c", "d"}
    assert Processes().share(["a", "b"]) == ["a", "b"]
