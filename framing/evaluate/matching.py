"""Pair gold statements with predicted ones, one to one, by the tokens that their contents share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from framing.corpora.gold_records import Attribution, GoldArticle
from framing.evaluate.tokens import Tokens, TokenText

OVERLAP = 0.5
"""Share of common tokens, of all tokens of both contents, from which on two statements count as matched."""


class Side(NamedTuple):
    """An attribution with the tokens that its roles cover."""

    attribution: Attribution
    content: Tokens
    cue: Tokens
    source: Tokens


class Pair(NamedTuple):
    """A gold and a predicted statement by their positions, and in what they agree."""

    gold: int
    predicted: int
    jaccard: float
    exact: bool
    right_source: bool

    @property
    def matched(self) -> bool:
        """Tell whether the contents overlap enough to be one statement."""
        return self.jaccard >= OVERLAP


class Compared(NamedTuple):
    """One article with its gold and predicted statements, without those of no content, and the pairs of them."""

    article: GoldArticle
    tokens: TokenText
    gold: tuple[Side, ...]
    predicted: tuple[Side, ...]
    pairs: tuple[Pair, ...]


def compare(article: GoldArticle, predicted: Sequence[Attribution]) -> Compared:
    """Compare the predicted statements of an article with those of its first annotator."""
    tokens = TokenText(article.text)
    gold_sides, predicted_sides = _sides(article.annotators[0], tokens), _sides(predicted, tokens)
    return Compared(article, tokens, gold_sides, predicted_sides, _pairs(gold_sides, predicted_sides, tokens))


def _sides(attributions: Sequence[Attribution], tokens: TokenText) -> tuple[Side, ...]:
    sides = (Side(a, tokens.cover(a.content), tokens.cover(a.cue), tokens.cover(a.source)) for a in attributions)
    return tuple(side for side in sides if side.content)


def _pairs(gold: Sequence[Side], predicted: Sequence[Side], tokens: TokenText) -> tuple[Pair, ...]:
    """Pair greedily by falling Jaccard index; equal ones in the order of the gold, then of the predicted statements."""
    free_gold, free_predicted = set(range(len(gold))), set(range(len(predicted)))
    found = []
    for negative, i, j in sorted((-index, i, j) for (i, j), index in _jaccard(gold, predicted).items()):
        if i in free_gold and j in free_predicted:
            free_gold.remove(i)
            free_predicted.remove(j)
            exact = tokens.core(gold[i].content) == tokens.core(predicted[j].content)
            found.append(Pair(i, j, -negative, exact, _same_source(gold[i].source, predicted[j].source, tokens)))
    return tuple(found)


def _jaccard(gold: Sequence[Side], predicted: Sequence[Side]) -> dict[tuple[int, int], float]:
    """Return the Jaccard index of all contents that share a token."""
    holders: dict[int, list[int]] = {}
    for j, side in enumerate(predicted):
        for token in side.content:
            holders.setdefault(token, []).append(j)
    shared = Counter((i, j) for i, side in enumerate(gold) for token in side.content for j in holders.get(token, ()))
    sizes = [len(side.content) for side in gold], [len(side.content) for side in predicted]
    return {(i, j): common / (sizes[0][i] + sizes[1][j] - common) for (i, j), common in shared.items()}


def _same_source(gold: Tokens, predicted: Tokens, tokens: TokenText) -> bool:
    return not tokens.telling(gold).isdisjoint(predicted) if gold else not predicted
