"""Take from each article, as it passes, what wire copy is found by; the texts themselves are not kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.corpora.wire.agencies import Cue, cue
from framing.corpora.wire.candidates import SKETCH, sketches
from framing.corpora.wire.shingles import Shingles, shingles
from framing.types import Article

SAMPLED = 200  # articles of an outlet
BOILERPLATE = 10  # more articles of the sample than this, and more than a tenth of it
AT_ONCE = 512  # articles sketched together


class Seen(NamedTuple):
    """What is kept of an article; its shingles are numbers `start` to before `end` of the file of all."""

    article_id: str
    outlet: str | None
    published: date | None
    cue: Cue | None
    start: int
    end: int


class Gathered:
    """The articles seen so far, their shingles in a file that goes with this object: 3.5 kilobytes an article."""

    def __init__(self, agencies: Sequence[tuple[str, str]] = ()) -> None:
        self._agencies = agencies
        self.seen: list[Seen] = []
        self._file = TemporaryFile()  # noqa: SIM115  # it lives as long as this object does
        self._size = 0

    def add(self, articles: Iterable[Article]) -> None:
        """Take articles."""
        for article in articles:
            found = shingles(article.text)
            self._file.write(found.tobytes())
            self.seen.append(
                Seen(
                    article.article_id,
                    article.outlet,
                    article.published,
                    cue(article, self._agencies),
                    self._size,
                    self._size + len(found),
                )
            )
            self._size += len(found)

    def texts(self) -> Texts:
        """Return the articles by id, with the shingles that tell them from others of their outlet."""
        self._file.flush()
        stored = np.memmap(self._file, np.uint32, "r", shape=self._size) if self._size else np.empty(0, np.uint32)
        seen = sorted(self.seen, key=lambda one: one.article_id)
        return Texts(seen, stored, boilerplate(seen, stored))


class Texts(NamedTuple):
    """Articles in the order of their ids and their shingles, without the boilerplate of their outlets."""

    seen: list[Seen]
    stored: Shingles
    boilerplate: dict[str, Shingles]

    def shingles(self, number: int) -> Shingles:
        """Return the shingles of one article."""
        one = self.seen[number]
        own = np.asarray(self.stored[one.start : one.end])
        usual = self.boilerplate.get(one.outlet or "")
        return own if usual is None else np.setdiff1d(own, usual, assume_unique=True)

    def sketches(self, numbers: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Return the sketches of some articles, one a row."""
        parts = [
            sketches([self.shingles(number) for number in numbers[start : start + AT_ONCE].tolist()])
            for start in range(0, len(numbers), AT_ONCE)
        ]
        return np.concatenate([np.empty((0, SKETCH), np.uint32), *parts])


def boilerplate(seen: list[Seen], stored: Shingles) -> dict[str, Shingles]:
    """Return the shingles that an outlet puts under its articles: appeals, notices, names of newsletters.

    They stand in more than `BOILERPLATE` articles and more than a tenth of the `SAMPLED` articles that are looked at,
    chosen by a hash of their ids, so that the order of the corpus does not matter.
    """
    by_outlet: dict[str, list[Seen]] = {}
    for one in seen:
        by_outlet.setdefault(one.outlet or "", []).append(one)
    found = {}
    for outlet, articles in by_outlet.items():
        if len(articles) <= BOILERPLATE:
            continue
        sample = sorted(articles, key=lambda one: hashlib.sha256(one.article_id.encode()).digest())[:SAMPLED]
        values, counts = np.unique(np.concatenate([stored[one.start : one.end] for one in sample]), return_counts=True)
        usual = values[counts > max(BOILERPLATE, len(sample) / 10)]
        if len(usual):
            found[outlet] = usual
    return found
