"""Show that long work moves: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
SECONDS_BETWEEN_LINES = 10.0


def tracked(items: Iterable[Item], label: str, *, total: int | None = None) -> Iterator[Item]:
    """Yield `items` while their number and rate are shown on standard error, with the time left where `total` is known.

    Work that ends within a few seconds prints nothing when standard error is not a terminal.
    """
    if sys.stderr.isatty():
        from tqdm import tqdm

        yield from tqdm(items, desc=label, total=total, unit_scale=True, leave=False, file=sys.stderr)
        return
    started = last = time.monotonic()
    for count, item in enumerate(items, start=1):
        yield item
        now = time.monotonic()
        if now - last >= SECONDS_BETWEEN_LINES:
            rate = count / (now - started)
            left = f", {(total - count) / rate:,.0f} s left" if total else ""
            print(f"{label}: {count:,} in {now - started:,.0f} s ({rate:,.0f}/s{left})", file=sys.stderr)
            last = now
