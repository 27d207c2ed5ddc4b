"""Do intervals of differences between corrected runs hold what they promise when the truth is known?

Two runs of articles with 1 to 7 statements and correlation within articles, each with a classifier of its own and 75
coded articles: over the same 600 articles with the same articles coded, with articles coded that were drawn apart, with
half of the articles in common (drawn apart), and with none. The true difference is that of the coders' labels: 0 where
the articles are the same, and in expectation else. The figures are of net stance.

    python experiments/corrected_runs.py --repetitions 2000

Coverage and width where half of the statements support, and where a tenth does: same articles coded, 95.0% and .204,
96.0% and .127; coded apart, 95.0% and .268, 92.5% and .181; half of the articles in common, 95.2% and .293, 93.2% and
.192; none, 94.8% and .314, 93.3% and .203.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.measure.prediction_powered import Influenced, Sums, influenced_ratio

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
ARTICLES, CODED = 600, 75
RIGHT = ((0.85, 0.9), (0.65, 0.97))  # sensitivity and specificity for support in either run


class Corpus(NamedTuple):
    """The article of each statement, and whether coders see support in it, else opposition."""

    article: Integers
    support: NDArray[np.bool_]

    def taken(self, articles: Integers) -> Corpus:
        """Number some of the articles anew, in the order given."""
        place = np.full(int(self.article.max()) + 1, -1)
        place[articles] = np.arange(len(articles))
        inside = place[self.article] >= 0
        return Corpus(place[self.article[inside]], self.support[inside])


def drawn(random: np.random.Generator, articles: int, support: float) -> Corpus:
    """Draw a corpus whose articles lean one way or the other (correlation .3)."""
    sizes = random.integers(1, 8, articles)
    leaning = random.beta(support * 7 / 3, (1 - support) * 7 / 3, articles)
    article = np.repeat(np.arange(articles), sizes)
    return Corpus(article, random.random(len(article)) < leaning[article])


def read(random: np.random.Generator, corpus: Corpus, right: tuple[float, float], coded: Integers) -> Influenced:
    """Let a classifier read a corpus, and correct its net stance by the coded articles."""
    size = int(corpus.article.max()) + 1
    chance = np.where(corpus.support, right[0], 1 - right[1])
    seen = random.random(len(chance)) < chance
    weights = np.zeros(size)
    weights[coded] = size / len(coded)
    below = np.bincount(corpus.article, minlength=size).astype(np.float64)

    def sums(sided: NDArray[np.bool_]) -> Sums:
        return Sums(np.bincount(corpus.article, np.where(sided, 1.0, -1.0), size).astype(np.float64), below)

    return influenced_ratio(sums(seen), sums(corpus.support), weights)


def once(random: np.random.Generator, common: float, *, same: bool, support: float) -> tuple[float, bool, float]:
    """Return the error of the difference, whether its interval holds the truth, and its width."""
    shared = round(common * ARTICLES)
    everything = drawn(random, 2 * ARTICLES - shared, support)
    own = np.arange(ARTICLES), np.arange(ARTICLES) + ARTICLES - shared
    samples = [random.choice(ARTICLES, CODED, replace=False) for _ in own]
    if same:
        samples[1] = samples[0]
    one, other = (
        read(random, everything.taken(articles), right, np.sort(coded))
        for articles, right, coded in zip(own, RIGHT, samples, strict=True)
    )
    places = np.arange(ARTICLES - shared, ARTICLES), np.arange(shared)
    found = one.minus(other, places)
    low, high = found.limits(0.95)
    return found.value, low <= 0 <= high, high - low


def main(arguments: Sequence[str] | None = None) -> list[tuple[str, float, float, float]]:
    """Repeat and print bias, coverage and width for each design."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repetitions", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(arguments)
    random = np.random.default_rng(args.seed)
    rows = []
    for name, common, same in (
        ("same articles, same coded", 1.0, True),
        ("same articles, coded apart", 1.0, False),
        ("half in common, coded apart", 0.5, False),
        ("none in common", 0.0, False),
    ):
        for support in (0.5, 0.1):
            found = np.array([once(random, common, same=same, support=support) for _ in range(args.repetitions)])
            error, covered, width = found.mean(axis=0).tolist()
            rows.append((f"{name}, {support:.0%} support", error, covered, width))
            print(f"{rows[-1][0]:44}{error:>+8.3f}{covered:>8.1%}{width:>8.3f}", flush=True)
    return rows


if __name__ == "__main__":
    main()
