"""The stance network in torch: an encoder with four answers about a statement and a proposition."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from framing.stance.encoder.batches import POOLS
from framing.stance.encoder.inputs import Part
from framing.stance.weights import HEADS


class StanceNetwork(nn.Module):
    """An encoder with one head over its first state and the means of its states over the parts of the input."""

    def __init__(self, encoder: nn.Module, hidden: int, *, width: int = 256, dropout: float = 0.1) -> None:
        """Put fresh heads on an encoder that takes `inputs_embeds` and gives states of size `hidden`."""
        super().__init__()
        self.encoder = encoder
        self.parts = nn.Embedding(Part.SIZE, hidden)
        self.dropout = nn.Dropout(dropout)
        self.wide = nn.Linear((POOLS + 2) * hidden, width)
        self.answers = nn.Linear(width, len(HEADS))
        nn.init.normal_(self.parts.weight, std=0.02)

    def forward(self, ids: Tensor, mask: Tensor, parts: Tensor, pools: Tensor) -> Tensor:
        """Return logits of `HEADS`, shape (rows, 4).

        `ids`, `mask` and `parts` have shape (rows, pieces); `pools` (rows, 4, pieces) weighs the pieces of each mean
        (see `batches.Inputs`).
        """
        embed: nn.Module = self.encoder.get_input_embeddings()  # type: ignore[operator]
        embedded = embed(ids) + self.parts(parts)
        states = self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        whole, proposition, statement, holder = (pools.to(states.dtype) @ states).unbind(dim=1)
        read = torch.cat([states[:, 0], whole, proposition, statement, proposition * statement, holder], dim=-1)
        logits: Tensor = self.answers(nn.functional.gelu(self.wide(self.dropout(read))))
        return logits
