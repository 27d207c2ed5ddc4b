"""Parquet: a batch of rows at a time, so that a file of any size is read with little memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.corpora.rows import WHOLE_FILE, Row, Unreadable

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

BATCH = 32
BUFFER_BYTES = 1 << 20


def rows(path: Path) -> Iterator[Row | Unreadable]:
    """Yield one row a record, with the columns that hold plain values.

    A damaged row group loses its own rows only, and says which.

    Raises:
        OSError: the file cannot be read.
    """
    import pyarrow as pa

    try:
        file = _open(path)
    except pa.ArrowException as error:
        yield Unreadable(WHOLE_FILE, f"not a whole Parquet file ({_first_line(error)}); write or download it again")
        return
    with file:
        columns = [field.name for field in file.schema_arrow if not pa.types.is_nested(field.type)]
        start = 1
        for group in range(file.num_row_groups):
            number = start
            start += file.metadata.row_group(group).num_rows
            try:
                for batch in file.iter_batches(BATCH, row_groups=[group], columns=columns):
                    yield from _rows(batch, number)
                    number += batch.num_rows
            except (pa.ArrowException, OSError) as error:
                yield Unreadable(
                    number,
                    f"rows {number} to {start - 1} are damaged ({_first_line(error)}); "
                    "write or download the file again",
                )


def header(path: Path) -> list[str] | None:
    """Return the names of the columns, or None where the file is damaged.

    Raises:
        OSError: the file cannot be read.
    """
    import pyarrow as pa

    try:
        with _open(path) as file:
            return list(file.schema_arrow.names)
    except pa.ArrowException:
        return None


def _open(path: Path) -> pq.ParquetFile:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path, buffer_size=BUFFER_BYTES, pre_buffer=False)


def _rows(batch: pa.RecordBatch, number: int) -> Iterator[Row | Unreadable]:
    columns = {name: _plain(column) for name, column in zip(batch.schema.names, batch.columns, strict=True)}
    for i in range(batch.num_rows):
        try:
            yield Row(number + i, {name: column[i].as_py() for name, column in columns.items()})
        except (ValueError, OverflowError) as error:
            yield Unreadable(number + i, f"a value cannot be read ({error}), expected UTF-8 text and dates up to 9999")


def _plain(column: Any) -> Any:
    """Give up what Python's own dates cannot hold: nanoseconds; and look up coded values."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return column


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
