"""A tiny chain for tests: one line a statement, "Name: content", and the stance is the first word of the content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from framing import config, pipeline, registry
from framing.protocols import ArticleStatements, Rejection, Resolved, StanceQuery
from framing.types import (
    Article,
    CueClass,
    Label,
    QuoteType,
    Resolution,
    Span,
    Speaker,
    SpeakerKind,
    Stance,
    Statement,
    statement_id,
)

TARGET = "open_door"
LABELS = {"yes": Label.SUPPORT, "no": Label.OPPOSE, "maybe": Label.NEUTRAL, "unsure": Label.SUPPORT}


@dataclass(frozen=True)
class Lines:
    """Read articles from JSON lines; a row without a text is rejected."""

    path: str

    def __call__(self) -> Iterator[Article | Rejection]:
        for number, line in enumerate(Path(self.path).read_text(encoding="utf-8").splitlines(), start=1):
            row = json.loads(line)
            if not row.get("text"):
                yield Rejection(self.path, number, "no text")
                continue
            published = date.fromisoformat(row["published"]) if row.get("published") else None
            yield Article(row["id"], row["text"], row.get("outlet"), published, row.get("title"))


@dataclass(frozen=True)
class Colon:
    """Find a statement in every line that has a colon."""

    def __call__(self, articles: Sequence[Article]) -> list[tuple[Statement, ...]]:
        return [tuple(self.statements(article)) for article in articles]

    def statements(self, article: Article) -> Iterator[Statement]:
        start = 0
        for line in article.text.split("\n"):
            name, colon, _ = line.partition(": ")
            if colon:
                content = (Span(start + len(name) + 2, start + len(line)),)
                source = Span(start, start + len(name)) if name else None
                yield Statement(
                    statement_id(article.article_id, content),
                    article.article_id,
                    content,
                    cue=Span(start + len(name), start + len(name) + 1),
                    source=source,
                    quote_type=QuoteType.DIRECT if line.endswith("!") else QuoteType.INDIRECT,
                    cue_class=CueClass.SPEECH,
                    confidence=0.9,
                    extractor="colon",
                )
            start += len(line) + 1


@dataclass(frozen=True)
class Sources:
    """Take the words of the source as the speaker; "officials" are anonymous."""

    def __call__(self, articles: Sequence[ArticleStatements]) -> list[Resolved]:
        return [self.resolved(found) for found in articles]

    def resolved(self, found: ArticleStatements) -> Resolved:
        speakers: dict[str, Speaker] = {}
        statements = []
        for statement in found.statements:
            name = statement.source.of(found.article.text) if statement.source else None
            kind = SpeakerKind.ANONYMOUS if name == "officials" else SpeakerKind.PERSON
            own = f"@{found.article.article_id}" if kind is SpeakerKind.ANONYMOUS else ""
            speaker_id = f"{kind}:{name}{own}" if name else None
            if name and speaker_id:
                speakers[speaker_id] = Speaker(speaker_id, name, kind)
            how = Resolution.EXACT if name else Resolution.NONE
            statements.append(_with_speaker(statement, speaker_id, how))
        return Resolved(tuple(statements), tuple(speakers.values()))


@dataclass(frozen=True)
class FirstWord:
    """Read the stance from the first word of the content; "unsure" abstains."""

    targets: tuple[str, ...] = (TARGET,)

    def __call__(self, queries: Sequence[StanceQuery]) -> list[Stance]:
        return [self.stance(query) for query in queries]

    def stance(self, query: StanceQuery) -> Stance:
        word = query.text.split()[0].strip(",.!").lower()
        label = LABELS.get(word, Label.UNRELATED)
        probabilities = {each: 0.7 if each is label else 0.1 for each in Label}
        return Stance(query.statement_id, query.target, label, False, probabilities, word == "unsure", "first", (word,))


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the parts known by name."""
    for seam, kind, name in (
        ("corpus", "lines", "Lines"),
        ("quotes", "colon", "Colon"),
        ("speakers", "sources", "Sources"),
        ("stance", "first_word", "FirstWord"),
    ):
        monkeypatch.setitem(registry.SHIPPED[seam], kind, f"chain:{name}")


def experiment(folder: Path, rows: Sequence[dict[str, Any]], **changes: Any) -> config.Experiment:
    """Write a corpus and make an experiment on it; a change replaces a whole section."""
    corpus = folder / "corpus.jsonl"
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    values: dict[str, Any] = {
        "name": "small",
        "corpus": {"kind": "lines", "path": str(corpus)},
        "quotes": "colon",
        "speakers": "sources",
        "stance": "first_word",
        "measure": {
            "metrics": ["source_share", *({"kind": kind, "target": TARGET} for kind in ("net_stance", "stance_share"))],
            "interval": {"resamples": 100},
        },
    }
    return config.check(config.Experiment, {**values, **changes}, place="test")


def run(folder: Path, rows: Sequence[dict[str, Any]], **changes: Any) -> Path:
    """Run an experiment on rows and return its run folder."""
    return pipeline.run(experiment(folder, rows, **changes), output=folder / "runs")


def _with_speaker(statement: Statement, speaker_id: str | None, how: Resolution) -> Statement:
    import dataclasses

    return dataclasses.replace(statement, speaker_id=speaker_id, resolution=how, resolution_confidence=1.0)


def row(article_id: str, outlet: str | None, *lines: str, published: str | None = "2024-03-01") -> dict[str, Any]:
    """Make one row of a corpus."""
    return {"id": article_id, "outlet": outlet, "published": published, "text": "\n".join(lines)}


ROWS = [
    row("a1", "Ledger", "Lee: yes, open it", "Kim: no!", "officials: maybe later", "Lee: the weather is fine"),
    row("a2", "Ledger", "Lee: yes", "Lee: yes again", "Lee: maybe", "Lee: no", published="2024-04-02"),
    row("b1", "Herald", "Kim: no", "Kim: no, never", ": yes", "officials: unsure", "Lee: unsure about it"),
    row("b2", "Herald", "Kim: unsure", "Nothing was said here.", published=None),
    row("c1", None, "Kim: yes"),
]
