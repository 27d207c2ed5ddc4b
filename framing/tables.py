"""The one door between records and tables: schemas, a fixed order of rows, Parquet files equal byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from framing.errors import CorpusError
from framing.protocols import ArticleStatements
from framing.text import paragraphs
from framing.types import (
    Article,
    CueClass,
    Estimate,
    Label,
    QuoteType,
    Resolution,
    Span,
    Speaker,
    Stance,
    Statement,
)

Row = Mapping[str, Any]

Schema = dict[str, pl.DataType | type[pl.DataType]]

SCHEMAS: dict[str, Schema] = {
    "articles": {
        "article_id": pl.String,
        "outlet": pl.String,
        "published": pl.Date,
        "title": pl.String,
        "url": pl.String,
        "language": pl.String,
        "event_id": pl.String,
        "n_characters": pl.Int64,
        "lead_end": pl.Int64,
        "text_sha256": pl.String,
        "text": pl.String,
    },
    "statements": {
        "statement_id": pl.String,
        "article_id": pl.String,
        "content": pl.String,
        "content_start": pl.List(pl.Int64),
        "content_end": pl.List(pl.Int64),
        "cue": pl.String,
        "cue_start": pl.Int64,
        "cue_end": pl.Int64,
        "source": pl.String,
        "source_start": pl.Int64,
        "source_end": pl.Int64,
        "quote_type": pl.String,
        "cue_class": pl.String,
        "speaker_id": pl.String,
        "resolution": pl.String,
        "resolution_confidence": pl.Float64,
        "confidence": pl.Float64,
        "parent_id": pl.String,
        "extractor": pl.String,
    },
    "speakers": {
        "speaker_id": pl.String,
        "name": pl.String,
        "kind": pl.String,
        "role": pl.String,
        "affiliation": pl.String,
        "aliases": pl.List(pl.String),
        "wikidata_id": pl.String,
    },
    "stances": {
        "statement_id": pl.String,
        "target": pl.String,
        "label": pl.String,
        "conditional": pl.Boolean,
        "abstained": pl.Boolean,
        **{f"p_{label}": pl.Float64 for label in Label},
        "model": pl.String,
        "reasons": pl.List(pl.String),
    },
}
KEYS: dict[str, tuple[str, ...]] = {
    "articles": ("article_id",),
    "statements": ("article_id", "statement_id"),
    "speakers": ("speaker_id",),
    "stances": ("statement_id", "target"),
}
ESTIMATE_COLUMNS = {
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "articles": pl.Int64,
    "statements": pl.Int64,
    **dict.fromkeys(("design_effect", "p_value", "p_adjusted"), pl.Float64),
    "estimator": pl.String,
    "correction": pl.String,
    "wire_policy": pl.String,
    "note": pl.String,
}
LEAD = 3  # paragraphs
GROUP_BYTES = 64_000_000  # text held at once while parts are merged into one sorted file


def table(name: str, rows: Iterable[Row]) -> pl.DataFrame:
    """Make the table `name` from rows that have its columns, in the order of its key."""
    return pl.DataFrame(list(rows), schema=SCHEMAS[name], orient="row").sort(KEYS[name])


def article_row(article: Article) -> Row:
    """Return the row of an article; other fields of the corpus (`extra`) stay in the corpus."""
    text = article.text
    return {
        "article_id": article.article_id,
        "outlet": article.outlet,
        "published": article.published,
        "title": article.title,
        "url": article.url,
        "language": article.language,
        "event_id": article.event_id,
        "n_characters": len(text),
        "lead_end": max((paragraph.end for paragraph in paragraphs(text)[:LEAD]), default=0),
        "text_sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        "text": text,
    }


def statement_rows(found: ArticleStatements) -> Iterator[Row]:
    """Yield the rows of one article's statements; `content` joins the parts of a split content with a space."""
    text = found.article.text
    for statement in found.statements:
        yield {
            "statement_id": statement.statement_id,
            "article_id": statement.article_id,
            "content": " ".join(span.of(text) for span in statement.content),
            "content_start": [span.start for span in statement.content],
            "content_end": [span.end for span in statement.content],
            **_span_columns("cue", statement.cue, text),
            **_span_columns("source", statement.source, text),
            "quote_type": str(statement.quote_type),
            "cue_class": statement.cue_class and str(statement.cue_class),
            "speaker_id": statement.speaker_id,
            "resolution": str(statement.resolution),
            "resolution_confidence": statement.resolution_confidence,
            "confidence": statement.confidence,
            "parent_id": statement.parent_id,
            "extractor": statement.extractor,
        }


def speaker_row(speaker: Speaker) -> Row:
    """Return the row of a speaker."""
    return {
        "speaker_id": speaker.speaker_id,
        "name": speaker.name,
        "kind": str(speaker.kind),
        "role": speaker.role,
        "affiliation": speaker.affiliation,
        "aliases": sorted(speaker.aliases),
        "wikidata_id": speaker.wikidata_id,
    }


def stance_row(stance: Stance) -> Row:
    """Return the row of a stance, one probability column a label."""
    return {
        "statement_id": stance.statement_id,
        "target": stance.target,
        "label": str(stance.label),
        "conditional": stance.conditional,
        "abstained": stance.abstained,
        **{f"p_{label}": stance.probabilities[label] for label in Label},
        "model": stance.model,
        "reasons": list(stance.reasons),
    }


def statements_from(rows: pl.DataFrame) -> list[Statement]:
    """Turn rows of the table `statements` back into records, in the order of the rows."""
    return [
        Statement(
            statement_id=row["statement_id"],
            article_id=row["article_id"],
            content=tuple(map(Span, row["content_start"], row["content_end"])),
            cue=_span_from("cue", row),
            source=_span_from("source", row),
            quote_type=QuoteType(row["quote_type"]),
            cue_class=CueClass(row["cue_class"]) if row["cue_class"] else None,
            confidence=row["confidence"],
            extractor=row["extractor"],
            parent_id=row["parent_id"],
            speaker_id=row["speaker_id"],
            resolution=Resolution(row["resolution"]),
            resolution_confidence=row["resolution_confidence"],
        )
        for row in rows.iter_rows(named=True)
    ]


def estimates_table(estimates: Sequence[Estimate]) -> pl.DataFrame:
    """Make the table of estimates: the metric, one column a grouping key (null where not grouped), then the figures."""
    groups = sorted({key for estimate in estimates for key in estimate.group})
    rows = [
        {
            "metric": estimate.metric,
            **{key: estimate.group.get(key) for key in groups},
            **{name: getattr(estimate, name) for name in ESTIMATE_COLUMNS},
        }
        for estimate in estimates
    ]
    schema = {"metric": pl.String, **dict.fromkeys(groups, pl.String), **ESTIMATE_COLUMNS}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("metric", *groups, nulls_last=False)


class TableWriter:
    """Collect the rows of one table in parts on disk and merge them into one sorted Parquet file.

    Only `GROUP_BYTES` of rows are held at once, however large the corpus is.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._rows: list[Row] = []
        self._bytes = 0
        self._parts: list[Path] = []

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows; a part is written whenever enough of them have come."""
        for row in rows:
            self._rows.append(row)
            self._bytes += 500 + len(row.get("text") or row.get("content") or "")
            if self._bytes >= GROUP_BYTES:
                self._flush()

    def close(self, path: Path) -> int:
        """Write the sorted file, remove the parts, and return the number of rows.

        Raises:
            CorpusError: two rows have the same key.
        """
        self._flush()
        keys = KEYS[self.name]
        order = pl.scan_parquet(self._parts).select(keys).sort(keys).collect()
        if repeated := order.filter(order.is_duplicated()).rows():
            raise CorpusError(f"{self.name}: two rows have the key {repeated[0]}; ids must be unique")
        step = -(-order.height // len(self._parts)) or 1
        firsts = order[keys[0]][::step].unique(maintain_order=True).to_list()
        schema = pl.DataFrame(schema=SCHEMAS[self.name]).to_arrow().schema
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for low, high in pairwise([*firsts, None]):
                part = pl.scan_parquet(self._parts).filter(pl.col(keys[0]) >= low)
                part = part.filter(pl.col(keys[0]) < high) if high is not None else part
                writer.write_table(part.collect().sort(keys).to_arrow().cast(schema))
        for used in self._parts:
            used.unlink()
        self.folder.rmdir()
        return order.height

    def _flush(self) -> None:
        if self._rows or not self._parts:
            path = self.folder / f"{self.name}-{len(self._parts):05d}.parquet"
            table(self.name, self._rows).write_parquet(path)
            self._parts.append(path)
            self._rows, self._bytes = [], 0


def read(folder: Path, name: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read one table of a run folder, or some of its columns.

    Raises:
        CorpusError: the file is missing or is not Parquet.
    """
    path = folder / f"{name}.parquet"
    try:
        return pl.read_parquet(path, columns=list(columns) if columns else None)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CorpusError(f"{path}: cannot be read as a table ({error}); is {folder} a finished run?") from error


def write(rows: pl.DataFrame, path: Path) -> None:
    """Write a table as Parquet; the same table gives the same bytes."""
    pq.write_table(rows.to_arrow(), path, compression="zstd")


def _span_columns(role: str, span: Span | None, text: str) -> Row:
    if span is None:
        return {role: None, f"{role}_start": None, f"{role}_end": None}
    return {role: span.of(text), f"{role}_start": span.start, f"{role}_end": span.end}


def _span_from(role: str, row: Row) -> Span | None:
    return None if row[f"{role}_start"] is None else Span(row[f"{role}_start"], row[f"{role}_end"])
