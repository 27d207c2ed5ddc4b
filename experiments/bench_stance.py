"""How many statements a second does the stance encoder label, and how much memory does it take?

Data: statements of 40 words put together from those on phenomena that ship with the package, each asked about a target
of the codebook, in batches of 64. In the same run, in turns: the fast form with and without explanations, and the same
weights in torch, eager and in 32-bit floats (on a GPU where there is one: hide it to compare processors). Each is timed
as it is in use, with the linear classifier as second voice about the targets that this one knows, half of them here.

    python experiments/bench_stance.py --model framing:models/stance --json bench.json

On two cores: 278 statements a second, 133 with explanations, 80 in torch (3.5 and 1.7 times as many), 338 MB.
`peak_megabytes` is the peak of the process after the contestant and those before it; torch is loaded last.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from framing import exchange
from framing.evaluate.stance.answers import read_gold
from framing.protocols import StanceClassifier, StanceQuery
from framing.resources import locate
from framing.stance.encoder.classifier import Encoder

CODEBOOK = "framing:codebooks/foreign_policy.yaml"
TEST = "framing:stance/test/phenomena.jsonl"
TORCH = "torch, eager"


def read_queries(n: int, words: int) -> list[StanceQuery]:
    """Return `n` queries of so many words: a statement and as much of the following ones as fits."""
    rows = [exchange.question(line.values, line.place) for line in read_gold(locate(TEST))]
    made = []
    for at in range(n):
        following = (word for row in (rows[at % len(rows) :] + rows) for word in row.text.split())
        text = " ".join(islice(following, words))
        made.append(rows[at % len(rows)]._replace(statement_id=f"s{at}", text=text, context=text))
    return made


def timed(classifier: StanceClassifier, queries: Sequence[StanceQuery], batch: int) -> float:
    """Return the statements labelled a second."""
    start = time.perf_counter()
    for at in range(0, len(queries), batch):
        classifier(queries[at : at + batch])
    return len(queries) / (time.perf_counter() - start)


def main(arguments: Sequence[str] | None = None) -> dict[str, dict[str, float]]:
    """Time each form, print and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", default="framing:models/stance", help="a model folder of the stance encoder")
    parser.add_argument("--statements", type=int, default=1280)
    parser.add_argument("--words", type=int, default=40)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5, help="how often to time each form; the median is told")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(arguments)

    queries = read_queries(args.statements, args.words)
    contestants = {
        "fast": Encoder(args.model, CODEBOOK, explain=False),
        "fast, explained": Encoder(args.model, CODEBOOK, explain=True),
        TORCH: Encoder(args.model, CODEBOOK, explain=False, engine="torch"),
    }
    peaks = {}
    for name, classifier in contestants.items():
        timed(classifier, queries[: 2 * args.batch], args.batch)
        peaks[name] = peak_megabytes()
    rounds = [
        {name: timed(classifier, queries, args.batch) for name, classifier in contestants.items()}
        for _ in range(args.rounds)
    ]
    figures = {
        name: {
            "statements": len(queries),
            "statements_per_second": round(statistics.median(each[name] for each in rounds), 1),
            "times_torch": round(statistics.median(each[name] / each[TORCH] for each in rounds), 2),
            "peak_megabytes": round(peaks[name]),
        }
        for name in contestants
    }
    figures["whole process"] = {"peak_megabytes": round(peak_megabytes())}
    print(json.dumps(figures, indent=2))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return figures


def peak_megabytes() -> float:
    """Return the largest memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
