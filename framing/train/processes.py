"""Several processes that train one network together, as `accelerate launch` starts them; one alone by default."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import torch
from torch import Tensor

from framing.errors import MissingExtraError

T = TypeVar("T")


class Processes:
    """The processes of a training: each learns a share of the batches, and their gradients are averaged.

    All begin with the same weights and see the same gradients, so their weights stay the same; the first of them
    writes. One process alone needs no `accelerate`.
    """

    def __init__(self) -> None:
        """Join the others, if this process was started together with others.

        Raises:
            MissingExtraError: it was, and `accelerate` is not installed.
        """
        self.rank, self.count = 0, 1
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._state: Any = None
        if int(os.environ.get("WORLD_SIZE", "1")) > 1:
            try:
                from accelerate import PartialState
            except ImportError as error:
                raise MissingExtraError("several processes need accelerate: pip install 'framing[train]'") from error
            self._state = PartialState(cpu=not torch.cuda.is_available())
            self.rank, self.count = self._state.process_index, self._state.num_processes
            self.device = self._state.device

    @property
    def is_first(self) -> bool:
        """Whether this process writes files and shows progress."""
        return self.rank == 0

    def share(self, batches: Sequence[T]) -> list[T]:
        """Return the batches that this process learns: as many in each, so the last ones may come twice."""
        length = -(-len(batches) // self.count)
        return [batches[(at * self.count + self.rank) % len(batches)] for at in range(length)]

    def average(self, parameters: Iterable[Tensor]) -> None:
        """Replace gradients by their mean over all processes."""
        if self.count > 1:
            for parameter in parameters:
                if parameter.requires_grad:
                    if parameter.grad is None:
                        parameter.grad = torch.zeros_like(parameter)
                    torch.distributed.all_reduce(parameter.grad)
                    parameter.grad /= self.count

    def wait(self) -> None:
        """Wait until all processes are here."""
        if self._state is not None:
            self._state.wait_for_everyone()
