"""A trained tagger, ready to read: its weights on the processor or in torch, its tokenizer and its settings."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from framing.encoders.folder import SETTINGS, ModelFolder, check_settings, read_folder
from framing.encoders.forms import Engine, fast_form, torch_network
from framing.encoders.padding import padded
from framing.encoders.pieces import read_tokenizer, special_ids
from framing.errors import MissingExtraError, ModelError
from framing.quotes.tagger import decode
from framing.quotes.tagger.calibration import FEATURES
from framing.quotes.tagger.decode import Cue, Tagged
from framing.quotes.tagger.places import SIZES, places
from framing.quotes.tagger.windows import Marked, Window

TASK = "quotes"
BATCH = 8
Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


class Network(Protocol):
    """What both forms of the network can do: read windows, then score the roles of their pieces to each cue.

    `threads` says from how many threads it wants to be called at once.
    """

    threads: int

    def read(self, ids: Integers, mask: Integers, features: Integers) -> tuple[Floats, Floats]:
        """Return label scores and views of the pieces of each window."""
        ...

    def relate(self, views: Floats, window: Integers, cues: Floats, places: Integers) -> Floats:
        """Return the scores of the five roles for each piece and cue."""
        ...


class QuoteModel:
    """A tagger read from a model folder."""

    def __init__(self, folder: ModelFolder, network: Network) -> None:
        self.name = folder.name
        self.settings = folder.settings
        self.tokenizer: Tokenizer = read_tokenizer(folder.path)
        self._network = network
        self._special = special_ids(self.tokenizer)
        self._transitions = decode.legal(folder.arrays["transitions"].astype(np.float32))

    def tag(
        self, found: Sequence[Marked], windows: Sequence[Window], threshold: float
    ) -> Iterator[tuple[Window, list[Tagged]]]:
        """Yield the cues of each window with what belongs to them; the order of the windows is not kept."""
        order = sorted(windows, key=lambda window: window.pieces.start - window.pieces.end)
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        with ThreadPoolExecutor(self._network.threads) as pool:
            for tagged in pool.map(lambda batch: list(self._batch(found, batch, threshold)), batches):
                yield from tagged

    def _batch(
        self, found: Sequence[Marked], chosen: Sequence[Window], threshold: float
    ) -> Iterator[tuple[Window, list[Tagged]]]:
        parts = [slice(*window.pieces) for window in chosen]
        marked = [found[window.article] for window in chosen]
        batch = padded(
            [each.pieces.ids[part] for each, part in zip(marked, parts, strict=True)],
            [each.features[part] for each, part in zip(marked, parts, strict=True)],
            *self._special,
        )
        tokens, views = self._network.read(*batch)
        begins = decode.softmax(tokens[..., :3])
        rows: list[tuple[int, Cue]] = []
        for number, window in enumerate(chosen):
            n = window.pieces.end - window.pieces.start
            rows += [(number, cue) for cue in decode.cues(begins[number, 1 : n + 1], threshold)]
        tagged: list[list[Tagged]] = [[] for _ in chosen]
        if rows:
            sentences = [each.sentence[part] for each, part in zip(marked, parts, strict=True)]
            for (number, _), each in zip(rows, self._related(views, rows, sentences), strict=True):
                tagged[number].append(each)
        yield from zip(chosen, tagged, strict=True)

    def _related(
        self, views: Floats, rows: Sequence[tuple[int, Cue]], sentences: Sequence[Integers]
    ) -> Iterator[Tagged]:
        length = views.shape[1]
        own = np.zeros((len(rows), length), np.float32)
        where = np.zeros((len(rows), length, len(SIZES)), np.int32)
        starts = [[cue.pieces.start for other, cue in rows if other == number] for number in range(len(sentences))]
        for row, (number, cue) in enumerate(rows):
            own[row, cue.pieces.start + 1 : cue.pieces.end + 1] = 1
            where[row, 1 : len(sentences[number]) + 1] = places(sentences[number], cue.pieces, starts[number])
        window = np.array([number for number, _ in rows], dtype=np.int32)
        scores = self._network.relate(views, window, own, where)
        for row, (number, _) in enumerate(rows):
            beyond = [0, *range(len(sentences[number]) + 1, length)]
            scores[row, beyond, 1:] = decode.IMPOSSIBLE
        paths = decode.best_paths(scores, self._transitions)
        likely = decode.marginals(scores, self._transitions)
        for row, (number, cue) in enumerate(rows):
            n = len(sentences[number])
            path = paths[row, 1 : n + 1].tolist()
            content, source = decode.runs(path, decode.CONTENT), decode.runs(path, decode.SOURCE)
            yield Tagged(cue, tuple(content), tuple(source), likely[row, 1 : n + 1])


@functools.cache
def cached_model(path: str, engine: Engine) -> QuoteModel:
    """Read a tagger once for each path."""
    return read_model(path, engine)


def read_model(path: str, engine: Engine) -> QuoteModel:
    """Read a tagger.

    Raises:
        ModelError: the folder is damaged, made for another task, or its encoder has no fast form.
        MissingExtraError: torch was asked for and is not installed.
    """
    folder = read_folder(path, TASK)
    _check(folder)
    return QuoteModel(folder, _fast(folder) if engine == "fast" else _torch(folder))


def _check(folder: ModelFolder) -> None:
    check_settings(folder, "width", "cue_threshold", "min_confidence", "calibration")
    if tuple(folder.settings["calibration"].get("features", ())) != FEATURES:
        raise ModelError(f"{folder.path / SETTINGS}: calibrated over other features than {', '.join(FEATURES)}")
    if "transitions" not in folder.arrays:
        raise ModelError(f"{folder.path}: the weights lack 'transitions'; copy or train the model again")


def _fast(folder: ModelFolder) -> Network:
    from framing.quotes.tagger.graph import QuoteGraph

    return fast_form(folder, QuoteGraph)


def _torch(folder: ModelFolder) -> Network:
    try:
        from framing.quotes.tagger.network import QuoteNetwork
        from framing.quotes.tagger.torch_form import TorchForm
    except ImportError as error:
        raise MissingExtraError("the torch form needs torch and transformers: pip install 'framing[train]'") from error
    width = int(folder.settings["width"])
    network = torch_network(folder, lambda encoder, hidden: QuoteNetwork(encoder, hidden, width=width))
    return TorchForm(network)
