"""The part that finds wire copy in a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from framing.corpora.wire.candidates import candidates
from framing.corpora.wire.clusters import Containment, containment, stars
from framing.corpora.wire.gather import Gathered, Texts
from framing.corpora.wire.ledger import Ledger, ledger_of
from framing.errors import ConfigError
from framing.types import Article

_UNDATED = -(10**9)


@dataclass(frozen=True)
class WireCopy:
    """Find texts that several outlets share: candidates by MinHash, confirmed by containment of runs of five words.

    A pair is confirmed where `containment` of the shorter text stands in the longer and `reverse` of the longer in the
    shorter. Wire copy is cut and edited, so the first asks for half; of 300 pairs of independent reports of the same
    events (BASIL) none reaches .36, and of 44,550 other pairs none .04. The second keeps a brief that is quoted inside
    a long article from being its copy. Only articles of different outlets, at most `within_days` apart, are compared
    (null: any days; an article without a date is compared with all), of at least `min_shingles` shingles. What an
    outlet puts under many of its articles does not count. `agencies` are credited beside those of the lexicon, each
    with its short form: `{Fourpoint Wire: Fourpoint}`.

    Raises:
        ConfigError: a threshold is out of its range.
    """

    containment: float = 0.5
    reverse: float = 0.1
    within_days: int | None = 7
    min_shingles: int = 20
    agencies: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("containment", "reverse"):
            if not 0 < (value := getattr(self, name)) <= 1:
                raise ConfigError(f"wire.{name}: found {value}, expected a share above 0 and up to 1, such as 0.5")
        if self.reverse > self.containment:
            raise ConfigError(
                f"wire.reverse: found {self.reverse}, expected at most wire.containment ({self.containment}), as the "
                "longer text is contained less"
            )
        if self.within_days is not None and self.within_days < 0:
            raise ConfigError(f"wire.within_days: found {self.within_days}, expected 0 or more, or null for any")
        if self.min_shingles < 1:
            raise ConfigError(f"wire.min_shingles: found {self.min_shingles}, expected 1 or more")
        if not all(map(str.strip, (*self.agencies, *self.agencies.values()))):
            raise ConfigError("wire.agencies: found an empty name, expected the name of each agency and its short form")

    def __call__(self, articles: Iterable[Article]) -> Ledger:
        """Return the ledger of a corpus; the order of the articles does not matter."""
        gathered = self.gathered()
        gathered.add(articles)
        return self.ledger(gathered)

    def gathered(self) -> Gathered:
        """Return what articles are to be added to, batch by batch, before their ledger is asked for."""
        return Gathered(tuple(self.agencies.items()))

    def ledger(self, gathered: Gathered) -> Ledger:
        """Return the ledger of the articles that were gathered."""
        texts = gathered.texts()
        sizes = {number: len(texts.shingles(number)) for number, _ in enumerate(texts.seen)}
        compared = [n for n, one in enumerate(texts.seen) if one.outlet is not None and sizes[n] >= self.min_shingles]
        confirmed = dict(self._confirmed(texts, compared)) if compared else {}
        clusters = stars(list(confirmed), sizes)
        return ledger_of(clusters, texts.seen, sizes, confirmed, tuple(self._notes(texts, sizes)))

    def _confirmed(self, texts: Texts, compared: Sequence[int]) -> Iterator[tuple[tuple[int, int], Containment]]:
        numbers = np.array(compared, np.int64)
        seen = [texts.seen[number] for number in compared]
        outlets = np.unique([one.outlet or "" for one in seen], return_inverse=True)[1]
        days = np.array([one.published.toordinal() if one.published else _UNDATED for one in seen], np.int64)
        pairs = candidates(texts.sketches(numbers), outlets, days, undated=_UNDATED, within=self.within_days)
        for first, second in zip(*(numbers[side].tolist() for side in pairs), strict=True):
            found = containment(texts.shingles(first), texts.shingles(second))
            if max(found) >= self.containment and min(found) >= self.reverse:
                yield (first, second), found

    def _notes(self, texts: Texts, sizes: dict[int, int]) -> Iterator[str]:
        total = len(texts.seen)
        nameless = sum(one.outlet is None for one in texts.seen)
        outlets = {one.outlet for one in texts.seen if one.outlet is not None}
        if len(outlets) < 2:
            known = "none is known" if not outlets else f"all are of {next(iter(outlets))!r}"
            yield f"no wire copy can be found: it is sought between outlets, and of {total} articles {known}"
        elif nameless:
            yield f"articles without an outlet, not compared: {nameless}"
        if short := sum(size < self.min_shingles for size in sizes.values()):
            yield f"articles of fewer than {self.min_shingles} shingles of their own, not compared: {short}"
        undated = sum(one.published is None for one in texts.seen)
        if self.within_days is not None and undated:
            yield f"articles without a date, compared with articles of any day: {undated}"
