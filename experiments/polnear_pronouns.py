"""How often does the rule resolver name the right person for a "he" or "she" that is a source?

Data: PolNeAR dev (text and attributions of the alphabetically first annotator) and `polnear_dev_pronoun_speakers.json`,
68 sources "he" or "she" with the surname meant. The resolver is given all annotated attributions of an article, without
an alias file; a resolution is right if the surname meant is a word of the speaker's name. About two seconds.

    python experiments/polnear_pronouns.py POLNEAR --json figures.json

POLNEAR is the folder that holds `data/dev` and the list of pronouns. 64 of 68 are right (94.1 %). That is optimistic:
59 were (86.8 %) with the weights as first set by hand; halving `last_source` in sight of this list gave the others. The
labels are those of one reader. With `--ranker framing:models/speakers` 64 are right too. About 540 articles a second of
processor time on one core, with warm caches.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from framing.protocols import ArticleStatements
from framing.speakers.folding import fold
from framing.speakers.names import Names
from framing.types import Article, QuoteType, Span, Statement, statement_id

PRONOUNS = "polnear_dev_pronoun_speakers.json"
_SPAN_LINE = re.compile(r"(T\d+)\t\w+ (\d+ \d+(?:;\d+ \d+)*)")
_EVENT_LINE = re.compile(r"E\d+\t(.+)")
_QUOTE_MARKS = "\"“‘'"


def read_articles(folder: Path) -> list[ArticleStatements]:
    """Read every article of a compartment with the attributions of its first annotator."""
    found: dict[str, ArticleStatements] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        name = path.stem.rsplit("_", 1)[0]
        if name not in found:
            with (folder / "text" / f"{name}.txt").open(encoding="utf-8", newline="") as file:
                article = Article(name, file.read())
            with path.open(encoding="utf-8", newline="") as file:
                found[name] = ArticleStatements(article, tuple(read_statements(article, file.read())))
    return list(found.values())


def read_statements(article: Article, brat: str) -> list[Statement]:
    """Read the attributions of one brat file; the first stretch of a source in several pieces stands for it."""
    spans: dict[str, list[Span]] = {}
    lines = brat.split("\n")
    for match in filter(None, map(_SPAN_LINE.match, lines)):
        spans[match[1]] = [Span(*map(int, part.split())) for part in match[2].split(";")]
    statements = []
    for match in filter(None, map(_EVENT_LINE.match, lines)):
        roles: dict[str, list[Span]] = {"content": [], "cue": [], "source": []}
        for argument in match[1].split()[1:]:
            role, _, key = argument.partition(":")
            roles.setdefault(role.rstrip("0123456789").lower(), []).extend(spans[key])
        if not roles["content"]:
            continue
        content = tuple(sorted(roles["content"]))
        direct = article.text[content[0].start] in _QUOTE_MARKS
        statements.append(
            Statement(
                statement_id(article.article_id, content),
                article.article_id,
                content,
                cue=min(roles["cue"], default=None),
                source=min(roles["source"], default=None),
                quote_type=QuoteType.DIRECT if direct else QuoteType.INDIRECT,
                cue_class=None,
                confidence=1.0,
                extractor="polnear",
            )
        )
    return statements


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Resolve all articles, compare the pronouns listed, print and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("polnear", type=Path)
    parser.add_argument("--errors", action="store_true", help="print each wrong resolution")
    parser.add_argument("--ranker", default="rule", help="rule, or the folder of a trained ranker")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(arguments)

    articles = read_articles(args.polnear / "data" / "dev")
    names = Names(ranker=args.ranker)
    start = time.perf_counter()
    resolved = names(articles)
    seconds = time.perf_counter() - start
    said: dict[tuple[str, int], str] = {}
    for (article, _), result in zip(articles, resolved, strict=True):
        speakers = {speaker.speaker_id: speaker.name for speaker in result.speakers}
        for statement in result.statements:
            if statement.source is not None:
                said[article.article_id, statement.source.start] = speakers.get(statement.speaker_id or "", "")
    counts: Counter[str] = Counter()
    for row in json.loads((args.polnear / PRONOUNS).read_text(encoding="utf-8")):
        name = said.get((row["doc"], row["begin"]))
        right = name is not None and fold(row["speaker_surname"]) in fold(name).split()
        counts["right" if right else "wrong" if name else "unresolved" if name == "" else "no statement"] += 1
        if args.errors and not right:
            print(row["doc"], row["begin"], row["text"], "is", row["speaker_surname"], "found", name)
    figures = {
        "pronouns": counts.total(),
        **counts,
        "accuracy": round(counts["right"] / counts.total(), 3),
        "articles_per_second": round(len(articles) / seconds),
    }
    print(json.dumps(figures, indent=2))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return figures


if __name__ == "__main__":
    main()
