"""The command line: each command parses, calls the library and prints."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from framing import __version__
from framing.commands import comparing, evaluation, handcoding
from framing.errors import FramingError

SETTING = re.compile(r"[a-z_]+(\.[A-Za-z0-9_-]+)*=")
SETTABLE = "change one setting; A.B=VALUE without --set does the same"
Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def run(args: argparse.Namespace) -> None:
    """Run an experiment: read the corpus, fill the tables, draw the figures, write the report."""
    from framing import config, pipeline
    from framing.estimate_tables import main_table
    from framing.run import overview

    experiment = config.load(args.config, args.set)
    folder = pipeline.run(experiment, output=args.output, command=sys.argv, overrides=args.set)
    print(overview(folder))
    print_errors(folder)
    print(main_table(folder, experiment.measure.by))
    print(f"\nreport: {folder / 'report.html'}")


def check(args: argparse.Namespace) -> None:
    """Check an experiment without running it: every part, every option, and the first rows of the corpus."""
    from framing import config, pipeline

    experiment = config.load(args.config, args.set)
    for line in pipeline.check(experiment):
        print(line)


def extract(args: argparse.Namespace) -> None:
    """Find the statements of articles and write one JSON line an article."""
    from framing import config, exchange

    parts = config.override({"quotes": {"kind": "tagger"}, "speakers": {"kind": "names"}}, args.set)
    exchange.write_lines(exchange.extract(args.paths, parts), args.output)


def stance(args: argparse.Namespace) -> None:
    """Label statements with the position their speaker takes on a target and write one JSON line each."""
    from framing import config, exchange

    parts = config.override({"stance": {"kind": "encoder"}}, args.set)
    exchange.write_lines(exchange.stance(args.input, parts), args.output)


def train(args: argparse.Namespace) -> None:
    """Train a model from a configuration and write its folder with weights, settings and card."""
    from framing import config, registry
    from framing.resources import read_yaml

    part = config.check(config.Part, config.override(read_yaml(args.config), args.set), place=args.config)
    print(f"model: {registry.build('train', part.kind, part.options, place=args.config)()}")


def evaluate_quotes(args: argparse.Namespace) -> None:
    """Score statements against gold: every figure with its interval, and what is wrong, statement by statement."""
    from framing import config, exchange
    from framing.evaluate import output, predictions, quotes
    from framing.measure.interval import Bootstrap

    gold = quotes.read(args.gold, args.texts, args.where)
    if args.pred:
        predicted = predictions.read_predictions(args.pred, gold)
    else:
        parts = config.override({"quotes": {"kind": "tagger"}, "speakers": {"kind": "names"}}, args.set)
        predicted = predictions.from_lines(exchange.extract_articles(quotes.articles(gold), parts), gold)
    interval = Bootstrap(resamples=args.resamples)
    evaluation = quotes.evaluate(gold, predicted, by=args.by, interval=interval, seed=args.seed)
    print(output.write(evaluation, json=args.json, errors=args.errors, html=args.html))


def simulate(args: argparse.Namespace) -> None:
    """Make up a run whose truth is known: outlets with given voices, stances and errors of the classifier."""
    from framing import simulate
    from framing.run import overview

    folder = simulate.run(simulate.load(args.config), output=args.output, command=sys.argv)
    print(overview(folder))
    print(f"truth: {folder / 'truth.parquet'}\nreport: {folder / 'report.html'}")


def report(args: argparse.Namespace) -> None:
    """Draw the figures and write the report of a run again, from its tables."""
    from framing import pipeline
    from framing.run import find

    print(f"report: {pipeline.render_again(find(args.run))}")


def list_(args: argparse.Namespace) -> None:
    """List the kinds of every seam, or of one."""
    from framing import registry

    for seam in [args.seam] if args.seam else registry.SHIPPED:
        lines = [f"  {kind:20} {registry.describe(path)}" for kind, path in registry.kinds(seam).items()]
        print(seam, *lines, sep="\n")


def show(args: argparse.Namespace) -> None:
    """Show what a run found: its state, its counts and its estimates."""
    from framing import config
    from framing.estimate_tables import every_estimate, main_table
    from framing.run import find, overview, read_manifest
    from framing.wire_tables import as_text, wire_tables

    folder = find(args.run)
    print(overview(folder))
    print_errors(folder)
    by = config.load(str(folder / "config.yaml")).measure.by
    print((every_estimate if args.all else main_table)(folder, by))
    if copied := wire_tables(folder, read_manifest(folder).wire_notes):
        print(f"\n{as_text(copied)}")


def print_errors(folder: Path) -> None:
    """Print how the classifier errs, if hand codes tell: it comes before any comparison."""
    from framing.error_tables import as_text, error_tables

    if found := error_tables(folder):
        print(f"{as_text(found)}\n")


def parser() -> argparse.ArgumentParser:
    """Build the parser of the command `framing`."""
    root = argparse.ArgumentParser(prog="framing", description="Stance and framing analysis of statements in news.")
    root.add_argument("--version", action="version", version=f"framing {__version__}")
    commands = root.add_subparsers(metavar="COMMAND", required=True)

    def command(
        name: str, work: object, *, settable: bool = True, among: Subparsers = commands
    ) -> argparse.ArgumentParser:
        lines = (work.__doc__ or "").partition("\n")[0]
        added = among.add_parser(name, help=lines, description=lines)
        added.set_defaults(work=work)
        if settable:
            added.add_argument("--set", action="append", default=[], metavar="A.B=VALUE", help=SETTABLE)
        return added

    added = command("run", run)
    added.add_argument("config", help="an experiment, for example configs/nato_expansion.yaml")
    added.add_argument("--output", type=Path, default=Path("reports"), help="where run folders go (default: reports)")
    command("check", check).add_argument("config", help="an experiment")
    added = command("extract", extract)
    added.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="text, HTML or JSONL files, or folders")
    added.add_argument("-o", "--output", type=Path, help="a JSONL file (default: standard output)")
    added = command("stance", stance)
    added.add_argument("input", type=Path, help="JSONL with id, text, target and optionally context and speaker")
    added.add_argument("-o", "--output", type=Path, help="a JSONL file (default: standard output)")
    command("train", train).add_argument("config", help="for example configs/train/stance_linear.yaml")
    scored = commands.add_parser("evaluate", help="Score what a stage finds against gold.").add_subparsers(
        metavar="STAGE", required=True
    )
    added = command("quotes", evaluate_quotes, among=scored)
    added.add_argument("--gold", nargs="+", required=True, metavar="PATH", help="brat folders, JSONL, or GUM's .json")
    added.add_argument("--texts", metavar="JSONL", help="where the texts are, if the gold has none")
    added.add_argument("--where", action="append", default=[], metavar="FIELD=VALUE", help="keep these gold articles")
    added.add_argument("--pred", type=Path, metavar="JSONL", help="predicted statements (default: extract them now)")
    added.add_argument(
        "--by", action="append", default=[], metavar="FIELD", help="group articles, for example by outlet"
    )
    added.add_argument("--resamples", type=int, default=2000, help="resamples of articles (default: 2000)")
    added.add_argument("--seed", type=int, default=0, help="seed of the resamples (default: 0)")
    added.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    added.add_argument("--errors", type=Path, metavar="FILE", help="write every mistake, one JSON line each")
    added.add_argument("--html", type=Path, metavar="FILE", help="write figures and mistakes as one page")
    evaluation.add_to(command, scored)
    added = command("simulate", simulate, settable=False)
    added.add_argument("config", nargs="?", default="framing:simulation.yaml", help="outlets and errors, as YAML")
    added.add_argument("--output", type=Path, default=Path("reports"), help="where run folders go (default: reports)")
    command("report", report, settable=False).add_argument("run", type=Path, help="a run folder, or a folder above")
    command("list", list_, settable=False).add_argument("seam", nargs="?", help="corpus, quotes, speakers, ...")
    added = command("show", show, settable=False)
    added.add_argument("run", type=Path, help="a run folder, or a folder whose newest finished run is meant")
    added.add_argument("--all", action="store_true", help="every estimate, not only the main table")
    handcoding.add_to(command)
    comparing.add_to(command)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a user's mistake prints one message and gives 2, a bug prints its traceback."""
    root = parser()
    args, more = root.parse_known_args(arguments)
    if wrong := [text for text in more if not (hasattr(args, "set") and SETTING.match(text))]:
        root.error(f"unrecognized arguments: {' '.join(wrong)}")
    if more:
        args.set = [*args.set, *more]
    try:
        args.work(args)
    except FramingError as error:
        print(f"framing: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that closing it at exit does not fail again
    except KeyboardInterrupt:
        print("framing: interrupted", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
