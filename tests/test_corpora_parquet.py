"""Parquet files: typed values, damage of every size, and little memory."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpora_reading import mixed, stream, written

from framing.errors import CorpusError
from framing.types import Article


def parquet(tmp_path: Path, columns: dict[str, Any], **options: Any) -> Path:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path


def test_parquet_rows_are_read_with_their_types(tmp_path: Path) -> None:
    when = pa.array([datetime.datetime(2024, 3, 31, 23, 30)] * 2, pa.timestamp("ns", tz="Europe/Oslo"))
    outlets = pa.array(["Post", "Post"]).dictionary_encode()
    path = parquet(tmp_path, {"article_id": [1, 2], "text": ["One", "Two"], "published": when, "outlet": outlets})
    found = [item for item in stream(path) if isinstance(item, Article)]
    assert [(item.article_id, item.text, item.outlet) for item in found] == [("1", "One", "Post"), ("2", "Two", "Post")]
    assert {item.published for item in found} == {datetime.date(2024, 4, 1)}  # as stored: half past one in Oslo


def test_a_parquet_value_that_cannot_be_read_rejects_its_row_alone(tmp_path: Path) -> None:
    binary = pa.array([b"One", b"Tw\xff", b"Three"])
    unchecked = pa.Array.from_buffers(pa.string(), len(binary), binary.buffers())
    found, rejected = mixed(parquet(tmp_path, {"text": unchecked}))
    assert found == ["One", "Three"]
    assert list(rejected) == [2]


def test_a_broken_parquet_file_is_rejected_as_a_whole_and_the_next_is_read(tmp_path: Path) -> None:
    whole = parquet(tmp_path, {"text": ["One"]}).read_bytes()
    written(tmp_path, "b.parquet", whole[: len(whole) // 2])
    written(tmp_path, "c.txt", "Two")
    found, rejected = mixed(tmp_path)
    assert found == ["One", "Two"]
    assert rejected[0].startswith("not a whole Parquet file")


def test_a_damaged_row_group_loses_its_own_rows_only(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"text": [f"{n} {os.urandom(99).hex()}" for n in range(30)]}, row_group_size=10)
    content = bytearray(path.read_bytes())
    group = pq.ParquetFile(path).metadata.row_group(1).column(0)
    start = group.dictionary_page_offset or group.data_page_offset
    content[start : start + 200] = b"\xff" * 200
    path.write_bytes(content)
    found, rejected = mixed(path)
    assert [int(text.split()[0]) for text in found] == [*range(10), *range(20, 30)]
    assert rejected[11].startswith("rows 11 to 20 are damaged")


def test_a_parquet_file_without_the_text_column_stops_the_corpus(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"body_text": ["One"]})
    with pytest.raises(CorpusError, match=r"'text'; set corpus\.columns\.text .*did you mean 'body_text'"):
        next(stream(path))


def test_one_batch_of_a_parquet_file_is_in_memory_at_a_time(tmp_path: Path) -> None:
    path = parquet(
        tmp_path, {"text": [os.urandom(50_000).hex() for _ in range(400)]}, use_dictionary=False, write_batch_size=8
    )
    before = pa.total_allocated_bytes()
    reading = stream(path)
    next(reading)
    assert pa.total_allocated_bytes() - before < path.stat().st_size / 4
