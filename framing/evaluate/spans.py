"""Scores of extracted statements against gold: what is counted in each article, and the figures that the counts give.

Tokens are words (with what follows an apostrophe in them) and single other characters; a span covers each token that
it touches, and all parts of a discontinuous content are one set of tokens. The core of a span leaves out punctuation at
its ends, and quote marks and commas everywhere.

- exact: contents with the same core as a gold content.
- token: tokens that lie in any content.
- overlap: contents matched one to one, greedily by falling Jaccard index of their tokens, of at least 0.5.
- joint: matched contents whose source shares with the gold source a token that is no function word (any token, where
  the gold source has nothing else), or where neither has a source.
- source, cue: distinct spans of an article with the same core as a gold one.
- speaker_accuracy: the share of matched statements with a gold source whose source is right in that sense.
- speaker_name, speaker_name_part, speaker_kind: the share of matched statements whose gold names the speaker (its kind)
  that were resolved to an equal name, to a name that is equal but for words left out, to the same kind.

Groups by quote type and cue class are of gold statements, so that they have recall but no precision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

from framing.evaluate import speaker_names
from framing.evaluate.matching import Compared, Pair, Side
from framing.evaluate.tokens import Tokens
from framing.types import QuoteType

Group = tuple[str, str]
"""A kind of gold statements: the name of the grouping and its value."""

EVERYTHING: Group = ("", "")
GROUPS: tuple[Group, ...] = (
    *(("quote_type", str(quote_type)) for quote_type in QuoteType),
    ("cue_class", "speech"),
    ("cue_class", "other"),
)


class Ratio(NamedTuple):
    """A figure as the sum of one count, `times` a factor, over the sum of others."""

    name: str
    part: str
    whole: tuple[str, ...]
    times: int = 1


def _scores(name: str) -> Iterator[Ratio]:
    yield Ratio(f"{name}_precision", f"{name}.hits", (f"{name}.predicted",))
    yield Ratio(f"{name}_recall", f"{name}.hits", (f"{name}.gold",))
    yield Ratio(f"{name}_f1", f"{name}.hits", (f"{name}.predicted", f"{name}.gold"), 2)


_SPEAKER = (Ratio("speaker_accuracy", "source.right", ("source.asked",)),)
_NAMES = (
    Ratio("speaker_name", "name.right", ("name.asked",)),
    Ratio("speaker_name_part", "name_part.right", ("name.asked",)),
)
_KINDS = (Ratio("speaker_kind", "kind.right", ("kind.asked",)),)

SCORES = ("exact", "token", "overlap", "joint", "source", "cue")
RECALLS = ("exact", "overlap", "joint")


def ratios(*, group: Group, names: bool, kinds: bool) -> tuple[Ratio, ...]:
    """Return the figures of a group, with those of speakers' names and kinds where the gold has them."""
    plain = (ratio for name in SCORES for ratio in _scores(name))
    recalls = (Ratio(f"{name}_recall", f"{name}.hits", (f"{name}.gold",)) for name in RECALLS)
    scores = plain if group == EVERYTHING else recalls
    return (*scores, *_SPEAKER, *(_NAMES if names else ()), *(_KINDS if kinds else ()))


def counts(compared: Compared) -> dict[Group, Counter[str]]:
    """Count in one article what the figures of each group are made of."""
    found: dict[Group, Counter[str]] = {group: Counter() for group in (EVERYTHING, *GROUPS)}
    found[EVERYTHING] = _of_everything(compared)
    groups = [_groups(side, compared) for side in compared.gold]
    for each in groups:
        for group in each:
            found[group].update({f"{name}.gold": 1 for name in RECALLS})
    for pair in compared.pairs:
        agreed = _agreement(pair, compared)
        found[EVERYTHING].update(agreed)
        if pair.exact:
            agreed["exact.hits"] = 1
        for group in groups[pair.gold]:
            found[group].update(agreed)
    return found


def cue_class(side: Side, compared: Compared) -> str:
    """Return whether the cue of a gold statement is one of speech, as coarsely as the figures tell."""
    return "speech" if compared.tokens.is_speech(side.cue) else "other"


def _groups(side: Side, compared: Compared) -> tuple[Group, Group]:
    quote_type = compared.tokens.quote_type(side.content)
    return ("quote_type", str(quote_type)), ("cue_class", cue_class(side, compared))


def _of_everything(compared: Compared) -> Counter[str]:
    gold, predicted, core = compared.gold, compared.predicted, compared.tokens.core
    found = Counter({f"{name}.gold": len(gold) for name in ("overlap", "joint")})
    found.update({f"{name}.predicted": len(predicted) for name in ("overlap", "joint")})
    found.update(_common("exact", *([core(side.content) for side in sides] for sides in (gold, predicted))))
    found.update(_common("token", *({t for side in sides for t in side.content} for sides in (gold, predicted))))
    sources = ({side.source for side in sides} for sides in (gold, predicted))
    cues = ({side.cue for side in sides} for sides in (gold, predicted))
    for name, distinct in (("source", sources), ("cue", cues)):
        found.update(_common(name, *(_cores(spans, compared) for spans in distinct)))
    return found


def _cores(spans: Iterable[Tokens], compared: Compared) -> list[Tokens]:
    return [compared.tokens.core(tokens) for tokens in spans if tokens]


def _common(name: str, gold: Iterable[Hashable], predicted: Iterable[Hashable]) -> dict[str, int]:
    """Count two collections and what they have in common, equal items as often as both hold them."""
    left, right = Counter(gold), Counter(predicted)
    hits = (left & right).total()
    return {f"{name}.hits": hits, f"{name}.gold": left.total(), f"{name}.predicted": right.total()}


def _agreement(pair: Pair, compared: Compared) -> Counter[str]:
    """Count for one pair what a matched statement agrees in."""
    found: Counter[str] = Counter()
    if not pair.matched:
        return found
    gold, predicted = compared.gold[pair.gold], compared.predicted[pair.predicted]
    found["overlap.hits"] = 1
    found["joint.hits"] = int(pair.right_source)
    if gold.source:
        found["source.asked"] = 1
        found["source.right"] = int(pair.right_source)
    wanted, named = gold.attribution, predicted.attribution
    if wanted.speaker:
        found["name.asked"] = 1
        found["name.right"] = int(speaker_names.equal(named.speaker or "", wanted.speaker))
        found["name_part.right"] = int(speaker_names.part(named.speaker or "", wanted.speaker))
    if wanted.speaker_kind:
        found["kind.asked"] = 1
        found["kind.right"] = int(named.speaker_kind == wanted.speaker_kind)
    return found
