"""The tagger's network in torch: where the cues are, and for each cue which pieces are its source and its content.

An encoder reads a window of word pieces. A first head marks cues (and, to teach the encoder, contents and sources of
whatever cue). A second one reads the window once more for each cue, with the place of every piece relative to it, and
says of each piece whether it belongs to this cue's source or content; a chain of transitions joins the answers.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from framing.quotes.tagger.decode import N_ROLES
from framing.quotes.tagger.places import SIZES
from framing.quotes.tagger.windows import FEATURE_SIZES

BIO = 3
TOKEN_LABELS = 3 * BIO
"""Outside, begin, inside: for cues, contents and sources."""


class Reading(NamedTuple):
    """What the encoder says of a batch of windows.

    `tokens` has shape (windows, pieces, 9); `views` (windows, pieces, 4 × width): the piece itself and the piece as
    part of a cue, each to be added and to be multiplied.
    """

    tokens: Tensor
    views: Tensor


class QuoteNetwork(nn.Module):
    """Encoder, cue head and relation head; `width` is the size of the relation head."""

    def __init__(self, encoder: nn.Module, hidden: int, *, width: int = 128, dropout: float = 0.1) -> None:
        """Put fresh heads on an encoder that takes `inputs_embeds` and gives states of size `hidden`."""
        super().__init__()
        self.encoder = encoder
        self.features = nn.ModuleList(nn.Embedding(size, hidden) for size in FEATURE_SIZES)
        self.dropout = nn.Dropout(dropout)
        self.tokens = nn.Linear(hidden, TOKEN_LABELS)
        self.views = nn.Linear(hidden, 4 * width)
        self.places = nn.ModuleList(nn.Embedding(size, width) for size in SIZES)
        self.near = nn.Conv1d(width, width, kernel_size=5, padding=2)
        self.roles = nn.Linear(width, N_ROLES)
        self.transitions = nn.Parameter(torch.zeros(N_ROLES, N_ROLES))
        for table in [*self.features, *self.places]:
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, ids: Tensor, mask: Tensor, features: Tensor) -> Reading:
        """Read windows: ids and mask of shape (windows, pieces), features of shape (windows, pieces, 3)."""
        embed: nn.Module = self.encoder.get_input_embeddings()  # type: ignore[operator]
        embedded = embed(ids)
        for number, table in enumerate(self.features):
            embedded = embedded + table(features[..., number])
        states = self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        states = self.dropout(states)
        return Reading(self.tokens(states), self.views(states))

    def relate(self, views: Tensor, window: Tensor, cues: Tensor, places: Tensor) -> Tensor:
        """Score the roles of each piece to each cue: shape (cues, pieces, 5).

        `window` numbers the window of each cue, `cues` marks the pieces of the cue, shape (cues, pieces), `places` has
        shape (cues, pieces, 3).
        """
        seen, as_cue = views.chunk(2, dim=-1)
        share = (cues / cues.sum(dim=1, keepdim=True)).to(views.dtype)
        own = torch.stack([part @ as_cue[number] for number, part in zip(window.tolist(), share, strict=True)])
        added, factor = own.unsqueeze(1).chunk(2, dim=-1)
        piece, scaled = seen.index_select(0, window).chunk(2, dim=-1)
        read = piece + added + scaled * factor
        for number, table in enumerate(self.places):
            read = read + table(places[..., number])
        read = nn.functional.gelu(read)
        read = read + nn.functional.gelu(self.near(self.dropout(read).transpose(1, 2)).transpose(1, 2))
        scores: Tensor = self.roles(read)
        return scores


def chain_loss(scores: Tensor, transitions: Tensor, gold: Tensor, mask: Tensor) -> Tensor:
    """Return the negative log-likelihood of role sequences under a linear chain, shape (cues,).

    `gold` and `mask` have shape (cues, pieces); masked pieces stand at the end.
    """
    chosen = scores.gather(2, gold.unsqueeze(-1)).squeeze(-1)
    steps = transitions[gold[:, :-1], gold[:, 1:]] * mask[:, 1:]
    path = (chosen * mask).sum(dim=1) + steps.sum(dim=1)
    total = scores[:, 0]
    for at in range(1, scores.shape[1]):
        following = torch.logsumexp(total.unsqueeze(2) + transitions, dim=1) + scores[:, at]
        total = torch.where(mask[:, at].unsqueeze(1) > 0, following, total)
    return torch.logsumexp(total, dim=1) - path
