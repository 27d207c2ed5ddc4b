"""What only the whole corpus can tell: which articles are copies of one text, and which report the same event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from framing.parts import Parts
from framing.run import Run
from framing.types import Article


class Collation:
    """Sees every article of a run as it passes, and writes what it found when the tables are complete."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._for_wire = parts.wire.gathered() if parts.wire else None
        self._for_events = parts.events.gathered() if parts.events else None

    def add(self, articles: Sequence[Article]) -> None:
        """Take a batch of articles."""
        for gathered in (self._for_wire, self._for_events):
            if gathered is not None:
                gathered.add(articles)

    def write(self, current: Run) -> None:
        """Write the ledger of wire copy and put the events that were found into the table of articles."""
        from framing import tables

        if self._parts.wire and self._for_wire is not None:
            ledger = self._parts.wire.ledger(self._for_wire)
            tables.write(ledger.rows, current.folder / "wire.parquet")
            current.manifest.counts["wire"] = ledger.rows.height
            current.manifest.wire_notes = list(ledger.notes)
        if self._parts.events and self._for_events is not None:
            found = self._parts.events.events(self._for_events)
            place_events(current.folder / "articles.parquet", found.ids)
            current.manifest.counts["events"] = len(set(found.ids.values()))
            for note in found.notes:
                current.warn(f"events: {note}")


def place_events(path: Path, ids: Mapping[str, str]) -> None:
    """Write the event of every article into a table of articles, a part of it at a time."""
    import polars as pl
    import pyarrow.parquet as pq

    source = pq.ParquetFile(path)
    written = path.with_suffix(".part")
    with pq.ParquetWriter(written, source.schema_arrow, compression="zstd") as writer:
        for number in range(source.num_row_groups):
            rows = pl.DataFrame(source.read_row_group(number))
            event = pl.col("article_id").replace_strict(ids, default=None, return_dtype=pl.String)
            rows = rows.with_columns(event_id=event if ids else pl.lit(None, pl.String))
            writer.write_table(rows.to_arrow().cast(source.schema_arrow))
    source.close()
    written.replace(path)
