"""How fast is wire copy found, and how much of it, by how far outlets cut and edit it?

Data: made-up articles of words drawn by Zipf's law, `--tokens` long on average. A fifth are agency texts, each printed
by three outlets, two of which cut it to a share of its length and change some of its words; the others are different.
Random words share fewer runs of five than reports on the same matter do, so this shows speed and recall; what keeps
independent reports apart is measured on BASIL (see `WireCopy`).

    python experiments/bench_wire.py --articles 20000 --json bench.json

On two cores shared with other work: 3,500 to 4,100 articles a second (20,000 articles of 870 words, 122 MB beside the
articles themselves). Every copy cut to 30% or more is found, with up to 6% of its words changed; of those cut to 15%,
99.5% unchanged, 92% with 3% and 86% with 6% of the words changed. No other article is listed.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from framing.corpora.wire.finder import WireCopy
from framing.types import Article

VOCABULARY = 50_000
OUTLETS = 30
COPIES = 3
COPIED = 0.2
KEPT = (1.0, 0.6, 0.3, 0.15)  # the share of its length that a copy is cut to
EDITED = (0.0, 0.03, 0.06)  # the share of its words that are changed


def make_articles(count: int, tokens: int, *, seed: int) -> Iterator[tuple[Article, str | None]]:
    """Yield articles, each with how it was copied, if it was."""
    random = np.random.default_rng(seed)
    vocabulary = np.array(["".join(random.choice(list("aeilnorstdmcu"), length)) for length in _lengths(random)])
    outlets = [f"outlet {number:02d}" for number in range(OUTLETS)]
    made = 0
    while made < count:
        size = max(60, int(random.normal(tokens, tokens / 4)))
        text = _drawn(random, size)
        day = date(2024, 1, 1) + timedelta(days=int(random.integers(0, 300)))
        copies = COPIES if random.random() < COPIED / COPIES / (1 - COPIED + COPIED / COPIES) else 1
        for number, outlet in enumerate(random.choice(outlets, copies, replace=False)):
            words, how = text, None
            if copies > 1:
                kept, edited = (1.0, 0.0) if number == 0 else (random.choice(KEPT), random.choice(EDITED))
                words = text[: max(40, int(kept * size))].copy()
                changed = random.random(len(words)) < edited
                words[changed] = _drawn(random, int(changed.sum()))
                how = f"cut to {kept:.0%}, {edited:.0%} of words changed" if number else "whole"
            body = " ".join(vocabulary[words].tolist()).capitalize() + "."
            yield Article(f"a{made:07d}", body, outlet=str(outlet), published=day + timedelta(days=number)), how
            made += 1


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Time the search, print and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--tokens", type=int, default=870)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(arguments)

    made = list(make_articles(args.articles, args.tokens, seed=args.seed))
    before = peak_megabytes()
    start = time.perf_counter()
    ledger = WireCopy()(article for article, _ in made)
    seconds = time.perf_counter() - start
    listed = set(ledger.rows["article_id"])
    copied = {article.article_id for article, each in made if each}
    hows = sorted({how for _, how in made if how})
    by_how = {how: [article.article_id in listed for article, each in made if each == how] for how in hows}
    figures = {
        "articles": len(made),
        "tokens": args.tokens,
        "seconds": round(seconds, 2),
        "articles_per_second": round(len(made) / seconds),
        "peak_megabytes": round(peak_megabytes()),
        "megabytes_of_articles": round(before),
        "listed": len(listed),
        "listed_wrongly": len(listed - copied),
        "clusters": ledger.rows["cluster_id"].n_unique(),
        "copies_found": {how: round(sum(found) / len(found), 3) for how, found in by_how.items()},
    }
    print(json.dumps(figures, indent=2))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return figures


def peak_megabytes() -> float:
    """Return the largest memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _drawn(random: np.random.Generator, size: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.minimum(random.zipf(1.2, size), VOCABULARY) - 1


def _lengths(random: np.random.Generator) -> list[int]:
    return [int(length) for length in np.clip(random.poisson(5, VOCABULARY), 1, 14)]


if __name__ == "__main__":
    main()
