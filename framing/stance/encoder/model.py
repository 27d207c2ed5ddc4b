"""A trained stance encoder, ready to answer: its network in one of two forms, its tokenizer and its settings."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from framing.encoders.folder import ModelFolder, check_settings, read_folder
from framing.encoders.forms import Engine, fast_form, torch_network
from framing.encoders.pieces import read_tokenizer, special_ids
from framing.errors import MissingExtraError
from framing.protocols import StanceQuery
from framing.stance.encoder.batches import Inputs, inputs
from framing.stance.encoder.decision import Decision
from framing.stance.encoder.inputs import readings
from framing.stance.propositions import Sides, is_denied
from framing.stance.weights import HEADS, factorise

TASK = "stance"
BATCH = 16
SUPPORT = HEADS.index("support")
EITHER = 0.2
"""Uncalibrated probability of both sides from which on the negation is asked about as well."""

Floats = NDArray[np.float32]


class Network(Protocol):
    """What both forms of the network do; `threads` says from how many threads it wants to be called at once."""

    threads: int

    def __call__(self, batch: Inputs) -> Floats:
        """Return the logits of `StanceNetwork`, shape (rows, 4)."""
        ...


class Read(NamedTuple):
    """Logits of `HEADS`, shape (queries, 4), and which queries agree with a proposition and with its negation too.

    `agrees` is the logit of agreeing with either, shape (queries, 2); NaN where only the proposition was asked about.
    """

    logits: Floats
    agrees: Floats


class StanceModel:
    """A stance encoder read from a model folder."""

    def __init__(self, folder: ModelFolder, network: Network) -> None:
        self.name = folder.name
        self.settings = folder.settings
        self.decision = Decision.from_settings(folder.settings["decision"])
        self.tokenizer = read_tokenizer(folder.path)
        self._network = network
        self._special = special_ids(self.tokenizer)

    def read(self, queries: Sequence[StanceQuery], asked: Sequence[Sides], *, both: bool = True) -> Read:
        """Answer about the propositions; with `both`, read their other form as well where either side is likely.

        What is said of the other form decides nothing: it tells whether a statement that may take either side agrees
        with both of them.
        """
        logits = self.answers(queries, asked)
        agrees = np.full((len(queries), 2), np.nan, dtype=np.float32)
        again = np.flatnonzero(_may_take_either(logits)).tolist()
        if both and again:
            denied = np.array([is_denied(asked[at].proposition) for at in again])
            forms = [
                asked[at].proposition if is_so else asked[at].negation for at, is_so in zip(again, denied, strict=True)
            ]
            own, other = logits[again, SUPPORT], self.logits([queries[at] for at in again], forms)[:, SUPPORT]
            agrees[again] = np.where(denied[:, None], np.stack([other, -own], 1), np.stack([own, other], 1))
        return Read(logits, agrees)

    def answers(self, queries: Sequence[StanceQuery], asked: Sequence[Sides]) -> Floats:
        """Return the logits of queries about their propositions, shape (queries, 4).

        The network reads a "not" in a proposition badly, so who denies one is asked about it in its affirmative form.
        """
        denied = np.array([is_denied(each.proposition) for each in asked], dtype=bool)
        forms = [each.negation if is_so else each.proposition for each, is_so in zip(asked, denied, strict=True)]
        logits = self.logits(queries, forms)
        logits[denied, SUPPORT] *= -1
        return logits

    def logits(self, queries: Sequence[StanceQuery], propositions: Sequence[str]) -> Floats:
        """Return the network's logits for queries, each asked about a proposition as it stands, shape (queries, 4)."""
        found = np.zeros((len(queries), len(HEADS)), dtype=np.float32)
        read = list(readings(queries, propositions, self.tokenizer, int(self.settings["pieces"])))
        order = sorted(range(len(read)), key=lambda at: len(read[at].ids))
        groups = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        with ThreadPoolExecutor(self._network.threads) as pool:
            answers = pool.map(lambda group: self._network(inputs([read[at] for at in group], *self._special)), groups)
            for group, answer in zip(groups, answers, strict=True):
                found[group] = answer
        return found


def _may_take_either(logits: Floats) -> NDArray[np.bool_]:
    probabilities, _ = factorise(logits.astype(np.float64))
    return np.asarray(probabilities[:, :2].min(axis=1) >= EITHER)


@functools.cache
def cached_model(path: str, engine: Engine) -> StanceModel:
    """Read a stance encoder once for each path."""
    return read_model(path, engine)


def read_model(path: str, engine: Engine) -> StanceModel:
    """Read a stance encoder.

    Raises:
        ModelError: the folder is damaged, made for another task, or its encoder has no fast form.
        MissingExtraError: torch was asked for and is not installed.
    """
    folder = read_folder(path, TASK)
    check_settings(folder, "width", "decision")
    return StanceModel(folder, _fast(folder) if engine == "fast" else _torch(folder))


def _fast(folder: ModelFolder) -> Network:
    from framing.stance.encoder.graph import StanceGraph

    return fast_form(folder, StanceGraph)


def _torch(folder: ModelFolder) -> Network:
    try:
        from framing.stance.encoder.network import StanceNetwork
        from framing.stance.encoder.torch_form import TorchForm
    except ImportError as error:
        raise MissingExtraError("the torch form needs torch and transformers: pip install 'framing[train]'") from error
    width = int(folder.settings["width"])
    return TorchForm(torch_network(folder, lambda encoder, hidden: StanceNetwork(encoder, hidden, width=width)))
