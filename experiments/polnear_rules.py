"""How much of the attributions of PolNeAR do the rules find, without a model and without a parser?

Data: one compartment of PolNeAR 1.0 (a folder with `text/NAME.txt`), which is not part of this project. The answers
are written as JSON Lines (`article_id`, `attributions` with `content`, `cue` and `source` as lists of code-point
ranges) for a scorer of attributions.

    python experiments/polnear_rules.py polnear/data/dev --out dev_rules.jsonl

Takes a second. Figures in per cent, one gold annotator, contents matched one to one at a token overlap of half or more:

    part    statements  exact F1  token F1  overlap F1  joint F1 [95 %]     source F1  right speaker  articles/s
    dev          1,709      54.8      82.7        66.7  62.1 [58.1, 65.7]       64.6           93.6         297
    train       15,116      53.3      83.6        65.5  60.2                    61.6           93.0         371

Joint asks for overlap and the right source. The frames of the lexicon and the confidences of the rules were chosen on
train; dev was scored five times on the way. One process, one core of a machine shared with other work;
the speed on dev includes reading the lexicon.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from framing.quotes.rules.extractor import Rules
from framing.types import Article, Statement


def read_texts(folder: Path) -> list[Article]:
    """Read the texts without translating their line ends, which would move the offsets."""
    files = sorted((folder / "text").glob("*.txt"))
    return [Article(file.stem, file.read_bytes().decode("utf-8")) for file in files]


def attribution(statement: Statement) -> dict[str, Any]:
    """Write one statement in the form that scorers of attributions read."""
    return {
        "content": [list(span) for span in statement.content],
        "cue": [list(statement.cue)] if statement.cue else [],
        "source": [list(statement.source)] if statement.source else [],
        "quote_type": statement.quote_type,
        "confidence": statement.confidence,
    }


def main(arguments: Sequence[str] | None = None) -> dict[str, float]:
    """Extract, write the answers and print how many there are and how fast they came."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a compartment of PolNeAR, such as polnear/data/dev")
    parser.add_argument("--out", type=Path, required=True, help="the JSON Lines to write")
    parser.add_argument("--min-confidence", type=float, default=0.0)
    args = parser.parse_args(arguments)

    articles = read_texts(args.folder)
    if not articles:
        parser.error(f"{args.folder / 'text'} holds no .txt file; name a compartment such as polnear/data/dev")
    extractor = Rules(min_confidence=args.min_confidence)
    start = time.process_time()
    found = extractor(articles)
    seconds = time.process_time() - start
    with args.out.open("w", encoding="utf-8") as file:
        for article, statements in zip(articles, found, strict=True):
            row = {"article_id": article.article_id, "attributions": [attribution(s) for s in statements]}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    figures = {
        "articles": len(articles),
        "statements": sum(map(len, found)),
        "articles_per_second": round(len(articles) / seconds, 1),
    }
    print(json.dumps(figures, indent=2))
    return figures


if __name__ == "__main__":
    main()
