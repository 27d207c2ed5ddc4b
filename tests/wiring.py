"""Made-up articles for the tests of wire copy and events: words drawn by chance, so that no two texts are alike."""

from __future__ import annotations

from datetime import date

import numpy as np

from framing.types import Article

_LETTERS = np.random.default_rng(0).choice(list("aeioulnrst"), (3000, 8))
VOCABULARY = ["".join(row[: 2 + number % 7]) for number, row in enumerate(_LETTERS)]


def words(seed: int, count: int = 200) -> list[str]:
    return [str(word) for word in np.random.default_rng(seed).choice(VOCABULARY, count)]


def text(seed: int, count: int = 200) -> str:
    return " ".join(words(seed, count)) + "."


def article(article_id: str, outlet: str | None, body: str, day: int | None = 1, **fields: str) -> Article:
    published = date(2024, 3, day) if day else None
    return Article(article_id, body, outlet=outlet, published=published, extra=fields)
