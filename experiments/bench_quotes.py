"""How fast are the extractors of statements, and how much memory do they take?

Data: a folder of `.txt` files, or the demonstration corpus repeated. In the same run a floor: a regular expression that
pairs double quote marks and takes the capitalised words next to them for the source, as a first script would.

    python experiments/bench_quotes.py --texts polnear/data/train/text --json bench.json

PolNeAR's 84 dev articles (805 words on average) on two cores, articles a second of wall time: regular expression
30,900, rules 399, rules and speakers 217, tagger 15.2, tagger and speakers 14.3; tagger in torch, measured before, 4.8.
The process without torch peaks at 451 MB. `added_megabytes` is what a contestant adds to the peak of those before it.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from framing.protocols import ArticleStatements, QuoteExtractor
from framing.quotes.rules.extractor import Rules
from framing.quotes.tagger.extractor import Tagger
from framing.resources import locate
from framing.speakers.names import Names
from framing.types import Article

_QUOTED = re.compile(r"[“\"]([^“”\"\n]{10,})[”\"]")
_NAME = re.compile(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
_NEAR = 80


def floor(articles: Sequence[Article]) -> int:
    """Count pairs of marks with a capitalised name within eighty characters behind them."""
    return sum(
        _NAME.search(article.text, match.end(), match.end() + _NEAR) is not None
        for article in articles
        for match in _QUOTED.finditer(article.text)
    )


def counted(extractor: QuoteExtractor) -> Callable[[Sequence[Article]], int]:
    """Count the statements of an extractor."""
    return lambda articles: sum(map(len, extractor(articles)))


def with_speakers(extractor: QuoteExtractor) -> Callable[[Sequence[Article]], int]:
    """Count the statements whose speaker is resolved."""
    resolver = Names()

    def extract(articles: Sequence[Article]) -> int:
        found = [ArticleStatements(*pair) for pair in zip(articles, extractor(articles), strict=True)]
        return sum(s.speaker_id is not None for resolved in resolver(found) for s in resolved.statements)

    return extract


def read_articles(texts: Path | None, repeat: int) -> list[Article]:
    """Read the texts of a folder, or the demonstration corpus several times over."""
    if texts is not None:
        return [Article(file.stem, file.read_text(encoding="utf-8")) for file in sorted(texts.glob("*.txt"))]
    lines = (locate("framing:demo") / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Article(f"{row['article_id']}-{n}", row["text"]) for n in range(repeat) for row in rows]


def main(arguments: Sequence[str] | None = None) -> dict[str, dict[str, float]]:
    """Time each extractor, print and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--texts", type=Path, help="a folder of .txt files instead of the demonstration corpus")
    parser.add_argument("--repeat", type=int, default=20, help="how often to take the demonstration corpus")
    parser.add_argument("--articles", type=int, help="take only so many articles")
    parser.add_argument("--model", default="framing:models/quotes", help="the model folder of the tagger")
    parser.add_argument("--torch", action="store_true", help="time the tagger in torch as well")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(arguments)

    articles = read_articles(args.texts, args.repeat)[: args.articles]
    words = sum(len(article.text.split()) for article in articles)
    contestants: dict[str, Callable[[Sequence[Article]], int]] = {
        "regular expression": floor,
        "rules": counted(Rules()),
        "rules and speakers": with_speakers(Rules()),
        "tagger": counted(Tagger(model=args.model)),
        "tagger and speakers": with_speakers(Tagger(model=args.model)),
    }
    if args.torch:
        contestants["tagger in torch"] = counted(Tagger(model=args.model, engine="torch"))
    figures = {}
    for name, extract in contestants.items():
        before = peak_megabytes()
        extract(articles[:5])
        start = time.perf_counter()
        statements = extract(articles)
        seconds = time.perf_counter() - start
        figures[name] = {
            "articles": len(articles),
            "statements": statements,
            "articles_per_second": round(len(articles) / seconds, 1),
            "words_per_second": round(words / seconds),
            "added_megabytes": round(peak_megabytes() - before, 1),
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
