"""Score extracted statements against gold articles: every figure with its interval, and every mistake."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from framing.corpora.gold import read_gold
from framing.corpora.gold_records import GoldArticle
from framing.errors import ConfigError, CorpusError, did_you_mean
from framing.evaluate.figures import Figure, figures
from framing.evaluate.matching import compare
from framing.evaluate.mistakes import Mistake, mistakes
from framing.evaluate.predictions import Predictions
from framing.evaluate.spans import EVERYTHING, GROUPS, counts, ratios
from framing.measure.counts import NONE
from framing.measure.interval import Bootstrap
from framing.types import Article


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of all articles, of kinds of statements and of groups of articles, and the mistakes behind them."""

    articles: int
    without_prediction: int
    gold: int
    predicted: int
    interval: Bootstrap
    seed: int
    figures: tuple[Figure, ...]
    mistakes: tuple[Mistake, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, without the mistakes; figures are in per cent."""
        plain = {name: getattr(self, name) for name in ("articles", "without_prediction", "gold", "predicted", "seed")}
        kinds = Counter(str(mistake.kind) for mistake in self.mistakes)
        return {
            **plain,
            "interval": dataclasses.asdict(self.interval),
            "mistakes": dict(sorted(kinds.items())),
            "figures": [figure._asdict() for figure in self.figures],
        }


def read(paths: Sequence[str], texts: str | None = None, where: Sequence[str] = ()) -> list[GoldArticle]:
    """Read gold articles and keep those whose fields have the values asked for, as `field=value`.

    Raises:
        CorpusError: the gold cannot be read, holds an article twice, or none is kept.
        ConfigError: a condition has another form.
    """
    gold = read_gold(paths, texts)
    for condition in where:
        name, equals, value = condition.partition("=")
        if not equals:
            raise ConfigError(f"--where {condition}: expected field=value, for example split=dev")
        _check_field(name, gold, "--where")
        gold = [article for article in gold if article.fields.get(name) == value]
    if not gold:
        raise CorpusError(f"{', '.join(paths)}: no gold article {' and '.join(where) or 'in it'}")
    repeated = [key for key, n in Counter(article.article_id for article in gold).items() if n > 1]
    if repeated:
        raise CorpusError(f"{', '.join(paths)}: article {repeated[0]!r} occurs twice ({len(repeated)} do)")
    return gold


def articles(gold: Sequence[GoldArticle]) -> list[Article]:
    """Return the texts of the gold articles, for an extractor."""
    return [Article(article.article_id, article.text) for article in gold]


def evaluate(
    gold: Sequence[GoldArticle],
    predictions: Predictions,
    *,
    by: Sequence[str] = (),
    interval: Bootstrap | None = None,
    seed: int = 0,
) -> Evaluation:
    """Score predictions against the first annotator of each gold article.

    `by` are fields of the articles; each is a grouping of its own, and "(none)" are articles without the field.

    Raises:
        ConfigError: no article has a field that `by` names.
    """
    interval = interval or Bootstrap()
    compared = [compare(article, predictions.get(article.article_id, ())) for article in gold]
    counted = [counts(each) for each in compared]
    sides = [side.attribution for each in compared for side in each.gold]
    asked = {"names": any(side.speaker for side in sides), "kinds": any(side.speaker_kind for side in sides)}
    found: list[Figure] = []
    for group in (EVERYTHING, *GROUPS):
        labels = {} if group == EVERYTHING else dict([group])
        found += figures([each[group] for each in counted], ratios(group=group, **asked), labels, interval, seed)
    for name in by:
        _check_field(name, gold, "--by")
        values = [article.fields.get(name, NONE) for article in gold]
        for value in sorted(set(values)):
            own = [each[EVERYTHING] for each, at in zip(counted, values, strict=True) if at == value]
            found += figures(own, ratios(group=EVERYTHING, **asked), {name: value}, interval, seed)
    return Evaluation(
        articles=len(gold),
        without_prediction=sum(article.article_id not in predictions for article in gold),
        gold=sum(len(each.gold) for each in compared),
        predicted=sum(len(each.predicted) for each in compared),
        interval=interval,
        seed=seed,
        figures=tuple(found),
        mistakes=tuple(mistake for each in compared for mistake in mistakes(each)),
    )


def _check_field(name: str, gold: Sequence[GoldArticle], option: str) -> None:
    known = {field for article in gold for field in article.fields}
    if name not in known:
        raise ConfigError(f"{option} {name}: no gold article has such a field; {did_you_mean(name, known)}")
