"""Events told from texts and dates: which articles belong together, and what is said of those that cannot be placed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from wiring import VOCABULARY

from framing.corpora.events.features import NAMES, features
from framing.corpora.events.finder import TextEvents
from framing.corpora.events.linkage import average_linkage
from framing.errors import ConfigError
from framing.types import Article


def report(article_id: str, event: int, day: int | None = 1, event_id: str | None = None) -> Article:
    """Write an article that shares a third of its words with others on the same event, in another order."""
    own, shared = (np.random.default_rng(seed) for seed in ([*map(ord, article_id)], event))
    words = [*shared.choice(VOCABULARY, 40), *own.choice(VOCABULARY, 80)]
    body = " ".join(str(word) for word in own.permutation(words))
    return Article(article_id, body, published=date(2024, 3, day) if day else None, event_id=event_id)


def groups(articles: Sequence[Article], **options: float) -> list[list[str]]:
    ids = TextEvents(**options)(articles).ids  # type: ignore[arg-type]
    return sorted(sorted(one for one in ids if ids[one] == event) for event in set(ids.values()))


CORPUS = [report(f"{outlet}{event}", event, day=1 + event) for event in range(4) for outlet in "abc"]


def test_articles_on_one_event_share_its_id_and_others_do_not() -> None:
    assert groups(CORPUS) == [[f"{outlet}{event}" for outlet in "abc"] for event in range(4)]


def test_an_event_is_named_by_its_first_day() -> None:
    ids = TextEvents()([report("a", 1, day=5), report("b", 1, day=4)]).ids
    assert ids["a"].startswith("2024-03-04-")


def test_an_article_like_no_other_is_an_event_of_its_own() -> None:
    assert groups([*CORPUS, report("z", 99)])[-1] == ["z"]


def test_the_same_words_outside_the_window_are_another_event() -> None:
    pair = [report("a", 1, day=1), report("b", 1, day=5)]
    assert groups(pair) == [["a"], ["b"]]
    assert groups(pair, within_days=4) == [["a", "b"]]


def test_an_article_without_a_date_belongs_to_no_event_and_is_counted() -> None:
    found = TextEvents()([*CORPUS, report("z", 1, day=None)])
    assert "z" not in found.ids
    assert found.notes == ("articles without a date, which belong to no event: 1",)


def test_without_any_date_there_are_no_events_and_that_is_said() -> None:
    found = TextEvents()([report("a", 1, day=None), report("b", 1, day=None)])
    assert found.ids == {}
    assert found.notes == ("no events can be found: they are sought within days, and of 2 articles none has a date",)


def test_an_empty_corpus_has_no_events() -> None:
    assert TextEvents()([]).ids == {}


def test_ids_of_the_corpus_are_replaced_and_that_is_said() -> None:
    found = TextEvents()([report("a", 1, event_id="summit"), report("b", 1)])
    assert found.ids["a"] == found.ids["b"] != "summit"
    assert found.notes == ("event ids of the corpus that were replaced by those found in the texts: 1",)


def test_texts_without_a_content_word_break_nothing() -> None:
    articles = [Article(name, "the and of", published=date(2024, 3, 1)) for name in "ab"]
    assert groups(articles) == [["a"], ["b"]]


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_articles_changes_nothing(random: Random) -> None:
    assert TextEvents()(random.sample(CORPUS, len(CORPUS))) == TextEvents()(CORPUS)


def test_names_count_more_than_other_words_and_the_first_word_of_a_sentence_is_none() -> None:
    found = list(features(Article("a", "Talks in Oslo went on. Ministers left.", title="Talks")))
    assert found.count("oslo") == 1
    assert found.count("@Oslo") == NAMES
    assert not {"@Talks", "@Ministers"} & set(found)


def test_what_stands_far_down_in_an_article_does_not_count() -> None:
    assert "summit" not in set(features(Article("a", "word " * 500 + "summit")))


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12), st.integers(0, 10_000), st.floats(0.2, 0.8))
def test_average_linkage_equals_that_of_scipy(size: int, seed: int, least: float) -> None:
    similar = np.random.default_rng(seed).random((size, size))
    similar = np.triu(similar, 1) + np.triu(similar, 1).T
    pairs = [(i, j, float(similar[i, j])) for i in range(size) for j in range(i + 1, size)]
    distances = squareform(1 - similar - np.eye(size), checks=False)
    labels = fcluster(linkage(distances, "average"), 1 - least, "distance")
    expected = sorted(np.flatnonzero(labels == label).tolist() for label in set(labels))
    assert average_linkage(size, pairs, least) == expected


def test_groups_that_are_alike_in_one_pair_only_are_not_joined() -> None:
    pairs = [(0, 1, 0.9), (2, 3, 0.9), (1, 2, 0.6)]
    assert average_linkage(4, pairs, 0.5) == [[0, 1], [2, 3]]


@pytest.mark.parametrize(
    ("options", "place"),
    [({"within_days": -1}, "events.within_days"), ({"similarity": 0.0}, "events.similarity")],
)
def test_a_threshold_out_of_range_is_refused_by_its_name(options: dict[str, float], place: str) -> None:
    with pytest.raises(ConfigError, match=place):
        TextEvents(**options)  # type: ignore[arg-type]
