"""The JSON lines that `framing extract` and `framing stance` read and write: one object an article, one a question."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from framing import config, registry
from framing.corpora.verbatim import Verbatim
from framing.errors import CorpusError
from framing.jsonlines import json_line
from framing.pipeline import BATCH, Analysed, analyse, batches
from framing.progress import tracked
from framing.protocols import Rejection, StanceQuery
from framing.types import Article, Span, Stance, Statement

Line = dict[str, Any]


def extract(paths: Sequence[Path], parts: Mapping[str, Any]) -> Iterator[Line]:
    """Yield one line an article with its statements; offsets refer to the text exactly as given.

    What cannot be read is named on standard error and left out.

    Raises:
        ConfigError: a part does not fit.
        CorpusError: a path does not exist or holds nothing to read.
    """
    return extract_articles(_articles(Verbatim(tuple(map(str, paths)))()), parts)


def extract_articles(articles: Iterable[Article], parts: Mapping[str, Any]) -> Iterator[Line]:
    """Yield one line for each article with its statements.

    Raises:
        ConfigError: a part does not fit.
    """
    extractor, resolver = (_build(seam, parts) for seam in ("quotes", "speakers"))
    for batch in batches(tracked(articles, "articles")):
        yield from map(_article_line, analyse(batch, extractor, resolver))


def stance(path: Path, parts: Mapping[str, Any]) -> Iterator[Line]:
    """Yield one line for each line of `path`: the stance of `speaker` in `text` toward `target`.

    Raises:
        ConfigError: a part does not fit, or a target is none of its codebook.
        CorpusError: the file cannot be read, or a line of it is no question; the message names the line.
    """
    return answers(_questions(path), parts)


def answers(questions: Iterable[StanceQuery], parts: Mapping[str, Any]) -> Iterator[Line]:
    """Yield one line for each question, in their order.

    Raises:
        ConfigError: a part does not fit, or a target is none of its codebook.
    """
    classifier = _build("stance", parts)
    asked = tracked(questions, "statements")
    while batch := list(islice(asked, BATCH)):
        yield from map(_stance_line, classifier(batch))


def question(row: Mapping[str, Any], place: str) -> StanceQuery:
    """Make a question of the fields of one line.

    Raises:
        CorpusError: a field is missing or no text; the message starts with `place`.
    """
    for field in ("id", "text", "target"):
        if not isinstance(row.get(field), str) or not row[field].strip():
            raise CorpusError(f"{place}: {field} is {row.get(field)!r}, expected a text that is not empty")
    for field in ("context", "speaker"):
        if not isinstance(row.get(field), str | None):
            raise CorpusError(f"{place}: {field} is {row[field]!r}, expected a text or null")
    return StanceQuery(row["id"], row["text"], row.get("context") or row["text"], row.get("speaker"), row["target"])


def write_lines(lines: Iterable[Line], path: Path | None) -> None:
    """Write lines to a file, or to standard output where `path` is None; a file appears only when it is whole."""
    if path is None:
        for line in lines:
            sys.stdout.write(json_line(line))
        return
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.writelines(map(json_line, lines))
        part.replace(path)
    except OSError as error:
        raise CorpusError(f"{path}: cannot be written ({error.strerror}); choose another -o") from error
    finally:
        part.unlink(missing_ok=True)


def _build(seam: str, parts: Mapping[str, Any]) -> Any:
    part = config.check(config.Part, parts[seam], place=seam)
    return registry.build(seam, part.kind, part.options, place=seam)


def _articles(items: Iterable[Article | Rejection]) -> Iterator[Article]:
    for item in items:
        if isinstance(item, Rejection):
            print(f"framing: left out: {item.file} row {item.row}: {item.reason}", file=sys.stderr)
        else:
            yield item


def _article_line(analysed: Analysed) -> Line:
    speakers = {speaker.speaker_id: speaker for speaker in analysed.speakers}

    def attribution(statement: Statement) -> Line:
        speaker = speakers.get(statement.speaker_id or "")
        return {
            "content": [list(span) for span in statement.content],
            "cue": _spans(statement.cue),
            "source": _spans(statement.source),
            "quote_type": statement.quote_type,
            "cue_class": statement.cue_class,
            "speaker": speaker.name if speaker else None,
            "speaker_kind": speaker.kind if speaker else None,
            "resolution": statement.resolution,
            "confidence": round(statement.confidence, 4),
        }

    article, statements = analysed.found
    return {"article_id": article.article_id, "attributions": [attribution(statement) for statement in statements]}


def _spans(span: Span | None) -> list[list[int]]:
    return [list(span)] if span else []


def _questions(path: Path) -> Iterator[StanceQuery]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _question(line, f"{path} line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read ({error})") from error


def _question(line: str, place: str) -> StanceQuery:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError(f"{place}: not JSON ({error.msg} at column {error.colno})") from error
    if not isinstance(row, dict):
        raise CorpusError(f"{place}: expected an object with id, text and target, found {type(row).__name__}")
    return question(row, place)


def _stance_line(stance: Stance) -> Line:
    return {
        "id": stance.statement_id,
        "target": stance.target,
        "label": stance.label,
        "conditional": stance.conditional,
        "probabilities": {str(label): round(p, 6) for label, p in stance.probabilities.items()},
        "abstained": stance.abstained,
        "reasons": list(stance.reasons),
    }
