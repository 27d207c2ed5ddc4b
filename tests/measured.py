"""Small runs for the tests of the measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from framing.measure import Bootstrap, parse
from framing.types import Estimate

QUICK = Bootstrap(resamples=200)
NET = [parse("net_stance(target=open_door)")]
SHARE = [parse("source_share")]

Said = tuple[str, str | None, str]


def tables(
    said: Sequence[Said], outlets: Mapping[str, str | None], dates: Mapping[str, date | None] | None = None
) -> Any:
    """Make the tables of a small run from (article, speaker, label); the target is `open_door`."""
    ids = [f"s{i:03}" for i in range(len(said))]
    speakers = sorted({speaker for _, speaker, _ in said if speaker})
    return {
        "articles": pl.DataFrame(
            {
                "article_id": list(outlets),
                "outlet": list(outlets.values()),
                "published": [(dates or {}).get(article) for article in outlets],
            },
            schema={"article_id": pl.String, "outlet": pl.String, "published": pl.Date},
        ),
        "statements": pl.DataFrame(
            {
                "statement_id": pl.Series(ids, dtype=pl.String),
                "article_id": [article for article, _, _ in said],
                "speaker_id": [speaker for _, speaker, _ in said],
                "content": ["the door is open"] * len(said),
                "quote_type": ["direct"] * len(said),
                "cue_class": ["speech"] * len(said),
            },
            schema_overrides={"article_id": pl.String, "speaker_id": pl.String, "content": pl.String},
        ),
        "speakers": pl.DataFrame(
            {"speaker_id": speakers, "kind": ["person"] * len(speakers)},
            schema={"speaker_id": pl.String, "kind": pl.String},
        ),
        "stances": pl.DataFrame(
            {
                "statement_id": pl.Series(ids, dtype=pl.String),
                "target": ["open_door"] * len(said),
                "label": [label for _, _, label in said],
                "conditional": [False] * len(said),
                "abstained": [False] * len(said),
            },
            schema_overrides={
                "target": pl.String,
                "label": pl.String,
                "conditional": pl.Boolean,
                "abstained": pl.Boolean,
            },
        ),
    }


def estimate(estimates: list[Estimate], **group: str) -> Estimate:
    found = [each for each in estimates if each.group == group]
    assert len(found) == 1, [each.group for each in estimates]
    return found[0]


def lean(outlet: str, articles: int, *, seed: int) -> list[Said]:
    """Make articles of one to five statements that agree among themselves more than across articles."""
    random = np.random.default_rng(seed)
    said: list[Said] = []
    for number in range(articles):
        side = random.choice(["support", "oppose", "neutral"])
        for _ in range(int(random.integers(1, 6))):
            label = side if random.random() < 0.7 else str(random.choice(["support", "oppose", "neutral", "unrelated"]))
            said.append((f"{outlet}{number:02}", str(random.choice(["jones", "smith", "lee"])), str(label)))
    return said


def outlets_of(said: Sequence[Said]) -> dict[str, str | None]:
    return {article: article[0] for article, _, _ in said}
