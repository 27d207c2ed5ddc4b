"""The commands of the hand-coding round trip: plan, sample, agree."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

LEVELS = ("nominal", "ordinal", "interval")


def plan(args: argparse.Namespace) -> None:
    """Plan how many articles of each outlet to code by hand, from the spread of a run."""
    from framing import handcoding

    print(handcoding.plan(args.run, half_width=args.half_width, by=args.by or ["outlet"], target=args.target))


def sample(args: argparse.Namespace) -> None:
    """Draw a probability sample of a run's articles and write coding sheet and Label Studio tasks."""
    from framing import handcoding

    print(
        handcoding.sample(
            args.run,
            args.output,
            articles=args.articles,
            by=args.by or ["outlet"],
            seed=args.seed,
            target=args.target,
            proposition=args.proposition,
        )
    )


def agree(args: argparse.Namespace) -> None:
    """Compare coders with each other and with a run: alpha, AC1, kappa, percent, and where they differ."""
    from framing import handcoding
    from framing.agreement.coefficients import Level
    from framing.agreement.study import Scale
    from framing.measure.interval import Bootstrap

    compared = handcoding.Compared(args.run, args.target, args.sample)
    scale = Scale.of([label.strip() for label in args.labels.split(",") if label.strip()], Level(args.level))
    interval = Bootstrap(resamples=args.resamples)
    print(handcoding.agree(args.codes, compared, scale, interval=interval, seed=args.seed, output=args.json))


def add_to(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the parsers with the function that makes one from a name and a body."""
    added = command("plan", plan, settable=False)
    added.add_argument("run", type=Path, help="a run folder, or a folder above")
    added.add_argument("--half-width", type=float, default=0.05, metavar="H", help="of the intervals (default: 0.05)")
    added.add_argument("--by", action="append", metavar="GROUP", help="group articles (default: outlet)")
    added.add_argument("--target", help="one target of the run (default: all)")
    added = command("sample", sample, settable=False)
    added.add_argument("run", type=Path, help="a run folder, or a folder above")
    added.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="a folder for the sample")
    added.add_argument("--articles", type=int, default=75, metavar="N", help="articles a group (default: 75)")
    added.add_argument("--by", action="append", metavar="GROUP", help="draw from each group (default: outlet)")
    added.add_argument("--seed", type=int, default=0, help="seed of the draw (default: 0)")
    added.add_argument("--target", help="the target to code, if the run has several")
    added.add_argument("--proposition", metavar="TEXT", help="the target as coders read it (default: the codebook's)")
    added = command("agree", agree, settable=False)
    added.add_argument(
        "codes", nargs="+", type=Path, metavar="CODES", help=".csv, .json (Label Studio), .jsonl (Doccano)"
    )
    added.add_argument("--run", type=Path, help="a run whose stances are one more coder's")
    added.add_argument("--target", help="the target that was coded, if the run has several")
    added.add_argument(
        "--sample", type=Path, metavar="FOLDER", help="refuse codes of articles that are not in the sample"
    )
    added.add_argument(
        "--labels", default="", metavar="A,B,...", help="the labels, in their order (default: of a stance)"
    )
    added.add_argument(
        "--level", choices=LEVELS, default=LEVELS[0], help="of measurement, for alpha (default: nominal)"
    )
    added.add_argument("--resamples", type=int, default=2000, help="resamples of articles or units (default: 2000)")
    added.add_argument("--seed", type=int, default=0, help="seed of the resamples (default: 0)")
    added.add_argument("--json", type=Path, metavar="FILE", help="write every figure and every disagreement")
