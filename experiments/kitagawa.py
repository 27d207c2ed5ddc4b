"""Do the intervals of selection and presentation hold the truth, and from how many speakers on do they not?

Two outlets whose speakers have shares by Zipf's law, in another order in the second outlet, and lean by article; every
other speaker is shown .3 nearer to support in the first. The truth is the terms of 40,000 articles an outlet.

    python experiments/kitagawa.py --repetitions 400

Two minutes of one core. Coverage of 95% intervals over 400 corpora (chance leaves ±2 points), and bias:

    speakers  articles an outlet  selection      presentation
           6                  40  95.0%, −.009   93.5%, +.001
           6                 150  96.5%, −.004   96.5%, +.003
          30                  40  95.8%, +.025   92.5%, −.018
          30                 150  92.8%, +.000   91.5%, +.006
         200                 150  89.8%, +.033   85.2%, −.035

With many speakers who are heard once or twice, some that both outlets hear are found in one of the two alone: what is
presentation then counts as selection, and a larger corpus moves it back.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
import polars as pl

from framing.measure import Bootstrap, parse
from framing.measure.decompose import Decompose
from framing.types import Estimate

DESIGNS = ((6, 40), (6, 150), (30, 40), (30, 150), (200, 150))  # speakers, articles an outlet
MANY, MOST, VOICES, LEAN = 40_000, 7, 3, 0.25
METRIC = parse("net_stance(target=t)")


def draw(speakers: int, articles: int, random: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Draw the tables of two outlets; an article has 1 to 7 statements by at most three speakers."""
    ids: list[np.ndarray] = []
    said: list[np.ndarray] = []
    support: list[np.ndarray] = []
    first = np.random.default_rng(5).uniform(-0.6, 0.6, speakers)
    for outlet, more in enumerate((0.3, 0.0)):
        shares = np.roll(1 / np.arange(1, speakers + 1), 2 * outlet)
        article = np.repeat(np.arange(articles), random.integers(1, MOST + 1, articles))
        chosen = random.choice(speakers, (articles, VOICES), p=shares / shares.sum())
        voice = chosen[article, random.integers(0, VOICES, len(article))]
        mean = first[voice] + more * (voice % 2) + random.normal(0, LEAN, articles)[article]
        ids.append(article + outlet * articles)
        said.append(voice)
        support.append(random.random(len(article)) < (1 + mean.clip(-1, 1)) / 2)
    article, voice, side = (np.concatenate(part) for part in (ids, said, support))
    numbers = [f"s{n}" for n in range(len(article))]
    return {
        "articles": pl.DataFrame(
            {"article_id": np.arange(2 * articles).astype(str), "outlet": ["a"] * articles + ["b"] * articles}
        ),
        "statements": pl.DataFrame(
            {"statement_id": numbers, "article_id": article.astype(str), "speaker_id": voice.astype(str)}
        ),
        "speakers": pl.DataFrame({"speaker_id": np.arange(speakers).astype(str), "kind": ["person"] * speakers}),
        "stances": pl.DataFrame(
            {
                "statement_id": numbers,
                "target": ["t"] * len(numbers),
                "label": np.where(side, "support", "oppose"),
                "conditional": [False] * len(numbers),
                "abstained": [False] * len(numbers),
            }
        ),
    }


def terms(tables: dict[str, pl.DataFrame], resamples: int) -> list[Estimate]:
    """Return selection and presentation."""
    return Decompose()(tables, [METRIC], interval=Bootstrap(resamples=resamples))[1:]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print coverage and bias of each design."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--repetitions", type=int, default=400)
    asked.add_argument("--many", type=int, default=MANY, help="articles an outlet that the truth is taken from")
    options = asked.parse_args(arguments)
    for speakers, articles in DESIGNS:
        random = np.random.default_rng(speakers + articles)
        truth = np.array([each.value for each in terms(draw(speakers, options.many, random), 1)])
        found = [terms(draw(speakers, articles, random), 500) for _ in range(options.repetitions)]
        value, low, high = (
            np.array([[getattr(each, name) for each in row] for row in found], float)
            for name in ("value", "low", "high")
        )
        covered, bias = ((low <= truth) & (truth <= high)).mean(axis=0), (value - truth).mean(axis=0)
        print(f"{speakers:4} speakers, {articles:4} articles: ", end="")
        print(f"selection {covered[0]:.1%}, {bias[0]:+.3f}; presentation {covered[1]:.1%}, {bias[1]:+.3f}")


if __name__ == "__main__":
    main()
