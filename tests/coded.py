"""Small runs with a hidden truth, and coders who look it up in a sample of the articles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from measured import tables

from framing.measure.correction import Coding

TARGET = "open_door"


class Hidden(NamedTuple):
    """The tables of a run as the classifier filled them, and the codes of the articles in the sample."""

    tables: dict[str, pl.DataFrame]
    coding: Coding


def hidden(
    errors: Mapping[str, float], *, seed: int, articles: int = 300, drawn: int = 60, support: float = 0.4
) -> Hidden:
    """Make outlets with equal truth; in each a share of the supporting statements is taken for opposing ones."""
    random = np.random.default_rng(seed)
    said: list[tuple[str, str | None, str]] = []
    truth: list[str] = []
    for outlet, error in errors.items():
        for number in range(articles):
            leaning = random.beta(support * 2, (1 - support) * 2)
            for _ in range(4):
                label = "support" if random.random() < leaning else "oppose"
                wrong = label == "support" and random.random() < error
                truth.append(label)
                said.append((f"{outlet}{number:03}", "lee", "oppose" if wrong else label))
    outlets: dict[str, str | None] = {article: article[0] for article, _, _ in said}
    made: dict[str, Any] = tables(said, outlets)
    chosen = [
        f"{outlet}{number:03}" for outlet in errors for number in random.choice(articles, size=drawn, replace=False)
    ]
    codes = made["stances"].select("statement_id").with_columns(label=pl.Series(truth))
    codes = codes.join(made["statements"].select("statement_id", "article_id"), on="statement_id")
    codes = codes.filter(pl.col("article_id").is_in(chosen)).drop("article_id")
    sample = pl.DataFrame({"article_id": chosen, "inclusion_probability": [drawn / articles] * len(chosen)})
    return Hidden(made, Coding(codes, sample))
