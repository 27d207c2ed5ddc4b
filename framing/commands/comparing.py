"""The commands that set estimates beside each other: compare."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path


def compare(args: argparse.Namespace) -> None:
    """Compare two or more runs: differences with paired intervals, changed labels, one report."""
    from framing.comparison.compare import Options
    from framing.comparison.compare import compare as write

    options = Options(metrics=args.metric, by=args.by, paired=args.paired, articles=args.articles)
    output = args.output or Path("reports", "compare", f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    found = write(args.runs, output, options)
    print(*found.sentences, *(f"warning: {warning}" for warning in found.warnings), sep="\n")
    print(f"\nreport: {output / 'report.html'}")


def add_to(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the parsers with the function that makes one from a name and a body."""
    added = command("compare", compare, settable=False)
    added.add_argument(
        "runs", nargs="+", metavar="RUN", help="run folders, or LABEL=FOLDER; the others are compared with the first"
    )
    added.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="a new folder (default: in reports/compare)")
    added.add_argument(
        "--metric", action="append", default=[], metavar="NAME", help="a metric by its name (default: all in common)"
    )
    added.add_argument("--by", action="append", default=[], metavar="GROUP", help="compare within groups of articles")
    added.add_argument("--paired", action="store_true", help="refuse runs that have no article in common")
    added.add_argument("--articles", type=int, default=500, metavar="N", help="articles on the page (default: 500)")
