"""How long do the voice and stance metrics take on a large corpus, and how much memory?

Data: made-up tables, four statements an article, speakers by Zipf's law, one target. Four metrics of voice and four of
stance are measured by outlet; speakers need `--min-statements` to be kept apart. In the same run a naive bootstrap, one
join and one group-by a resample and outlet as one would write it first, does the source share alone on a part of the
outlets and resamples; `ratio` compares seconds per resample and outlet of that one metric. The peak is that of the
whole process until the eight metrics are measured, the made-up tables included; where other work shares the cores,
`processor_seconds` of all threads say more than `seconds`.

    python experiments/bench_measures.py --statements 200000 --outlets 20 --resamples 2000 --json bench.json

On two quiet cores: 2.91 s (5.18 processor seconds) for the eight metrics (27,216 estimates), 350 MB at the peak (tables
130 MB); a resample of the source share in one outlet takes 0.029 ms where the naive loop takes 1.43 ms. With 10,000,000
statements, 50 outlets and 1000 resamples: 87.4 s (151 processor seconds) for 1,301,928 estimates, 5,610 MB at the peak.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from framing.measure import Bootstrap, measure, parse

STATEMENTS_AN_ARTICLE = 4
SPEAKERS = 10_000
TARGET = "nato_expansion"


def make_tables(statements: int, outlets: int, *, seed: int) -> dict[str, pl.DataFrame]:
    """Make tables of the right shape; articles lean, so that their statements are alike."""
    random = np.random.default_rng(seed)
    articles = max(outlets, statements // STATEMENTS_AN_ARTICLE)
    of = np.sort(random.integers(0, articles, statements))
    speakers = np.minimum(random.zipf(1.3, statements), SPEAKERS)
    labels = np.array(["support", "oppose", "neutral", "unrelated"])
    lean = random.integers(0, 3, articles)[of]
    label = labels[np.where(random.random(statements) < 0.5, lean, random.integers(0, 4, statements))]
    words = pl.Series(["said that the alliance would answer in due time " * n for n in range(1, 6)])
    article_ids = pl.Series([f"a{i:08d}" for i in range(articles)])
    statement_ids = pl.Series([f"s{i:08d}" for i in range(statements)])
    day = date(2022, 1, 1)
    return {
        "articles": pl.DataFrame(
            {
                "article_id": article_ids,
                "outlet": [f"outlet {i % outlets:02d}" for i in range(articles)],
                "published": [day + timedelta(days=i % 700) for i in range(articles)],
            }
        ),
        "statements": pl.DataFrame(
            {
                "statement_id": statement_ids,
                "article_id": article_ids[of],
                "content": words[random.integers(0, 5, statements)],
                "quote_type": np.array(["direct", "indirect"])[random.integers(0, 2, statements)],
                "speaker_id": pl.Series(speakers).cast(pl.String),
            }
        ),
        "speakers": pl.DataFrame({"speaker_id": sorted({str(speaker) for speaker in speakers}), "kind": "person"}),
        "stances": pl.DataFrame(
            {
                "statement_id": statement_ids,
                "target": [TARGET] * statements,
                "label": label,
                "conditional": random.random(statements) < 0.1,
                "abstained": random.random(statements) < 0.1,
            }
        ),
    }


def metric_names(min_statements: int) -> list[str]:
    """Name all voice and stance metrics."""
    return [
        f"source_share(min_statements={min_statements})",
        f"source_share(weight=article,min_statements={min_statements})",
        f"source_share(weight=prevalence,min_statements={min_statements})",
        f"quote_length_share(min_statements={min_statements})",
        f"net_stance(target={TARGET})",
        f"expression_rate(target={TARGET})",
        f"abstention_rate(target={TARGET})",
        f"stance_share(target={TARGET},min_statements={min_statements})",
    ]


def naive(tables: dict[str, pl.DataFrame], outlets: Sequence[str], resamples: int, *, seed: int) -> float:
    """Return the seconds of a loop that joins the redrawn articles with their statements, for each resample."""
    random = np.random.default_rng(seed)
    start = time.perf_counter()
    for outlet in outlets:
        articles = tables["articles"].filter(pl.col("outlet") == outlet)["article_id"]
        statements = tables["statements"].join(articles.to_frame(), on="article_id").select("article_id", "speaker_id")
        for _ in range(resamples):
            drawn = articles[random.integers(0, len(articles), len(articles))].to_frame()
            counted = drawn.join(statements, on="article_id").group_by("speaker_id").len()
            counted.with_columns(pl.col("len") / pl.col("len").sum())
    return time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Time the measures and the naive loop, print and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--statements", type=int, default=200_000)
    parser.add_argument("--outlets", type=int, default=20)
    parser.add_argument("--resamples", type=int, default=2000)
    parser.add_argument("--min-statements", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(arguments)

    tables = make_tables(args.statements, args.outlets, seed=args.seed)
    before = peak_megabytes()
    metrics = [parse(name) for name in metric_names(args.min_statements)]
    start, processor = time.perf_counter(), time.process_time()
    estimates = measure(tables, metrics, interval=Bootstrap(resamples=args.resamples), seed=args.seed)
    seconds, processor = time.perf_counter() - start, time.process_time() - processor
    peak = peak_megabytes()

    start = time.perf_counter()
    measure(tables, metrics[:1], interval=Bootstrap(resamples=args.resamples), seed=args.seed)
    one_metric = (time.perf_counter() - start) / (args.outlets * args.resamples)
    outlets, resamples = sorted(tables["articles"]["outlet"].unique())[:2], min(50, args.resamples)
    loop = naive(tables, outlets, resamples, seed=args.seed) / (len(outlets) * resamples)
    figures = {
        "statements": args.statements,
        "outlets": args.outlets,
        "resamples": args.resamples,
        "metrics": len(metrics),
        "estimates": len(estimates),
        "seconds": round(seconds, 2),
        "processor_seconds": round(processor, 2),
        "peak_megabytes": round(peak),
        "megabytes_of_tables": round(before),
        "naive_ms_per_resample": round(1000 * loop, 3),
        "ms_per_resample": round(1000 * one_metric, 3),
        "ratio": round(loop / one_metric, 1),
    }
    print(json.dumps(figures, indent=2))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return figures


def peak_megabytes() -> float:
    """Return the largest memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
