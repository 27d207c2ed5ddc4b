"""Who said what in a text, as the network reads it: cues with their source and content in characters, sure or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from framing.quotes.tagger.calibration import Calibration
from framing.quotes.tagger.claims import Claims
from framing.quotes.tagger.decode import Tagged
from framing.quotes.tagger.model import QuoteModel
from framing.quotes.tagger.windows import Marked, marked, windows
from framing.types import Span

CLAIMED = 0.5
"""Share of a content that a surer attribution may hold already; beyond it the less sure one is left out."""


class Attribution(NamedTuple):
    """A content with its cue and source, in characters, and the probability that content and source are right."""

    content: tuple[Span, ...]
    cue: Span
    source: Span | None
    confidence: float

    def moved(self, by: int, confidence: float) -> Attribution:
        """Return the attribution of a piece of text in the whole, where the piece itself is as sure as `confidence`."""
        return Attribution(
            content=tuple(Span(start + by, end + by) for start, end in self.content),
            cue=Span(self.cue.start + by, self.cue.end + by),
            source=self.source and Span(self.source.start + by, self.source.end + by),
            confidence=self.confidence * confidence,
        )


def attributions(texts: Sequence[str], model: QuoteModel) -> list[list[Attribution]]:
    """Return the attributions of each text by their place, however sure; what a surer one holds mostly is left out."""
    found = marked(texts, model.tokenizer)
    size, threshold = int(model.settings["pieces"]), float(model.settings["cue_threshold"])
    everything = [window for number, each in enumerate(found) for window in windows(number, each, size)]
    calibration = Calibration.from_settings(model.settings)
    read: list[list[Attribution]] = [[] for _ in texts]
    for window, tagged in model.tag(found, everything, threshold):
        told = [each for each in tagged if each.content]
        for each, confidence in zip(told, calibration(told).tolist(), strict=True):
            read[window.article].append(_in_characters(each, confidence, found[window.article], window.pieces.start))
    return [sorted(_undisputed(each, len(text))) for each, text in zip(read, texts, strict=True)]


def _in_characters(tagged: Tagged, confidence: float, found: Marked, first: int) -> Attribution:
    def characters(pieces: Span) -> Span:
        return found.characters(Span(pieces.start + first, pieces.end + first))

    source = max(tagged.source, key=lambda span: _sure(tagged, span), default=None)
    return Attribution(
        content=tuple(map(characters, tagged.content)),
        cue=characters(tagged.cue.pieces),
        source=None if source is None else characters(source),
        confidence=confidence,
    )


def _sure(tagged: Tagged, source: Span) -> float:
    """Return how sure the network is that these pieces are the source: the mean over the pieces of both roles."""
    return float(tagged.marginals[source.start : source.end, 3:].sum(axis=1).mean())


def _undisputed(found: Sequence[Attribution], length: int) -> list[Attribution]:
    claims = Claims(length)
    kept: list[Attribution] = []
    for each in sorted(found, key=lambda attribution: -attribution.confidence):
        if any(span.end > span.start for span in each.content) and claims.share(each.content) <= CLAIMED:
            claims.take(each.content)
            kept.append(each)
    return kept
