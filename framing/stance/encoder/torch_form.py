"""The stance network in torch, behind the call of the fast form: for GPUs and for any encoder of the Hub."""

from __future__ import annotations

import torch
from torch import Tensor

from framing.stance.encoder.batches import Floats, Inputs
from framing.stance.encoder.network import StanceNetwork


class TorchForm:
    """Run a network on the GPU where there is one, else on the processor; torch has threads of its own."""

    threads = 1

    def __init__(self, network: StanceNetwork) -> None:
        """Take a network; it is moved and set to evaluation."""
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._network = network.to(self._device).eval()

    @torch.inference_mode()
    def __call__(self, batch: Inputs) -> Floats:
        """Return the logits of a batch; see `StanceGraph`."""
        ids, mask, parts, pools = (torch.from_numpy(array).to(self._device) for array in batch)
        logits: Tensor = self._network(ids.long(), mask.long(), parts.long(), pools)
        found: Floats = logits.float().cpu().numpy()
        return found
