"""How many articles a second of processor time does the reader give, and does its memory grow with the file?

Data: articles put together at random from the paragraphs of the demonstration corpus, nine paragraphs each, written as
one file of the asked size. With `--known-language` every article brings its language, which saves its detection.

    python experiments/bench_corpora.py --megabytes 200 --format jsonl --json bench.json

One core, crowded with other work, 20 MB: 2,700 to 3,100 articles a second in every format; 27,400 (JSON lines), 20,700
(CSV) and 29,300 (Parquet) with `--known-language`. The peak is 67 MB for JSON lines of 20 MB, 76 MB for 200 MB and
109 MB for 800 MB (a digest of each id is kept, to find its second article); the language detector takes 100 MB.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from framing.corpora.files import Files
from framing.resources import locate
from framing.types import Article

PARAGRAPHS = 9
FIELDS = ("article_id", "outlet", "published", "text", "language")


def make_rows(n_bytes: int, *, known_language: bool) -> Iterator[dict[str, str | None]]:
    """Yield rows until their texts have the asked size."""
    drawn = random.Random(1)  # noqa: S311
    with locate("framing:demo/articles.jsonl").open(encoding="utf-8") as file:
        paragraphs = [text for line in file for text in json.loads(line)["text"].split("\n\n")]
    number = 0
    while n_bytes > 0:
        text = "\n\n".join(drawn.choices(paragraphs, k=PARAGRAPHS))
        n_bytes -= len(text.encode())
        number += 1
        language = "en" if known_language else None
        yield dict(zip(FIELDS, (f"a{number}", f"outlet {number % 20}", "2024-03-01", text, language), strict=True))


def write(rows: Iterator[dict[str, str | None]], path: Path) -> None:
    """Write rows in the format that the name of the file says."""
    if path.suffix == ".parquet":
        schema = pa.schema([(name, pa.string()) for name in FIELDS])
        with pq.ParquetWriter(path, schema) as writer:
            while batch := [row for _, row in zip(range(10_000), rows, strict=False)]:
                writer.write_table(pa.Table.from_pylist(batch, schema=schema), row_group_size=10_000)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            table = csv.DictWriter(file, FIELDS)
            table.writeheader()
            table.writerows(rows)
        else:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a corpus, read it, and print how long that took and how much memory it needed."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--megabytes", type=float, default=200)
    options.add_argument("--format", choices=("jsonl", "csv", "parquet"), default="jsonl")
    options.add_argument("--known-language", action="store_true", help="articles bring their language")
    options.add_argument("--json", type=Path)
    args = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"articles.{args.format}"
        write(make_rows(int(args.megabytes * 1e6), known_language=args.known_language), path)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.process_time()
        articles = sum(isinstance(item, Article) for item in Files(str(path))())
        seconds = time.process_time() - started
    figures = {
        "articles": articles,
        "cpu_seconds": round(seconds, 2),
        "articles_a_cpu_second": round(articles / seconds),
        "megabytes_before": before // 1024,
        "megabytes_at_the_peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print("\n".join(f"{name}: {value:,}" for name, value in figures.items()))
    if args.json:
        args.json.write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
