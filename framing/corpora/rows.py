"""What a file format gives to a reader: rows of raw values, and places that could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

WHOLE_FILE = 0
ROW_OF_PAGE = 1
LONGEST_RECORD = 1 << 24
"""Bytes of one line, cell or page (16 MiB); what is longer is rejected, so that no file can fill the memory."""
TOO_LONG = (
    f"longer than {LONGEST_RECORD:,} bytes, expected one article; cut it into articles, or leave it out of the corpus"
)


class Row(NamedTuple):
    """One record of a file by its number (1 is the first) and its values by column, as the format gives them."""

    number: int
    values: Mapping[str, object]


class Unreadable(NamedTuple):
    """A record that is none, and why; the number `WHOLE_FILE` stands for the file as a whole."""

    number: int
    reason: str
