"""The commands that set estimates beside each other: compare, multiverse."""

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


def multiverse(args: argparse.Namespace) -> None:
    """Rerun the measures of a run under every combination of choices and draw the specification curves."""
    from framing import multiverse
    from framing.curves import sentence

    found = multiverse.vary(multiverse.locate(args.place, output=args.output, overrides=args.set))
    print(f"{found.folder}: {found.specifications:,} specifications")
    print(*(f"{curve.title}: {sentence(curve)}." for curve in found.curves), sep="\n")
    print(*(f"note: {note}" for note in found.notes), f"\nreport: {found.folder / 'report.html'}", sep="\n")


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
    added = command("multiverse", multiverse)
    added.add_argument("place", type=Path, metavar="CONFIG", help="an experiment that was run, or a run folder")
    added.add_argument("--output", type=Path, default=Path("reports"), help="where its runs are (default: reports)")
