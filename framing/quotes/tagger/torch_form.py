"""The tagger's network in torch, behind the calls of the fast form: for GPUs and for any encoder of the Hub."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from framing.quotes.tagger.network import QuoteNetwork

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


class TorchForm:
    """Run a network on the GPU where there is one, else on the processor; torch has threads of its own."""

    threads = 1

    def __init__(self, network: QuoteNetwork) -> None:
        """Take a network; it is moved and set to evaluation."""
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._network = network.to(self._device).eval()

    @torch.inference_mode()
    def read(self, ids: Integers, mask: Integers, features: Integers) -> tuple[Floats, Floats]:
        """Read windows; see `QuoteGraph.read`."""
        reading = self._network(*(self._tensor(array).long() for array in (ids, mask, features)))
        return _array(reading.tokens), _array(reading.views)

    @torch.inference_mode()
    def relate(self, views: Floats, window: Integers, cues: Floats, places: Integers) -> Floats:
        """Score the roles of each piece to each cue; see `QuoteGraph.relate`."""
        seen, marks = self._tensor(views), self._tensor(cues)
        return _array(self._network.relate(seen, self._tensor(window).long(), marks, self._tensor(places).long()))

    def _tensor(self, array: NDArray[Any]) -> Tensor:
        return torch.from_numpy(array).to(self._device)


def _array(tensor: Tensor) -> Floats:
    return tensor.float().cpu().numpy()
