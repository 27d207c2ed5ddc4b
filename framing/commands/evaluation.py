"""The command that scores stance labels against gold."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framing.evaluate.stance.answers import Answers, GoldLine
    from framing.evaluate.stance.comparison import Rival


def stance(args: argparse.Namespace) -> None:
    """Score stance labels against gold by target, with intervals, comparisons, controls and every mistake."""
    from framing.evaluate.stance import answers, output, study
    from framing.measure.interval import Bootstrap

    gold = answers.read_gold(args.gold)
    asked = study.Asked(args.cluster, args.by, args.min_items, Bootstrap(resamples=args.resamples), args.seed)
    study.check(gold, asked)
    if args.out:
        output.prepare(args.out)
    rivals = list(_versus(gold, args))
    answered, changed = _given(gold, args) if args.pred else _classified(gold, args)
    evaluation = study.evaluate(gold, answered, asked, [*rivals, *changed])
    if args.out:
        output.write(evaluation, args.out)
    print(output.told(evaluation, json=args.json))


def _given(gold: Sequence[GoldLine], args: argparse.Namespace) -> tuple[Answers, list[Rival]]:
    from framing.errors import ConfigError
    from framing.evaluate.stance.answers import read_answers

    if args.controls:
        raise ConfigError("--controls asks the classifier again, so it cannot go with --pred; leave one of them out")
    return read_answers(args.pred, gold), []


def _classified(gold: Sequence[GoldLine], args: argparse.Namespace) -> tuple[Answers, list[Rival]]:
    """Ask the configured classifier; its answers are kept in the folder, where a later --versus finds them."""
    from framing import config, exchange
    from framing.evaluate.stance.answers import answers_from
    from framing.evaluate.stance.controls import controls

    parts = config.override({"stance": {"kind": "encoder"}}, args.set)
    queries = [exchange.question(line.values, line.place) for line in gold]
    ask = partial(exchange.answers, parts=parts)
    lines = list(ask(queries))
    if args.out:
        exchange.write_lines(lines, args.out / "predictions.jsonl")
    placed = ((f"predicted line {number}", line) for number, line in enumerate(lines, start=1))
    return answers_from(placed, gold, source="the classifier"), list(controls(queries, ask) if args.controls else ())


def _versus(gold: Sequence[GoldLine], args: argparse.Namespace) -> Iterator[Rival]:
    from framing.evaluate.stance.answers import read_answers
    from framing.evaluate.stance.comparison import Rival

    if args.versus:
        yield Rival("other", str(args.versus), read_answers(args.versus, gold).answers)


def add_to(command: Callable[..., argparse.ArgumentParser], among: object) -> None:
    """Add the parser to the stages that can be evaluated, with the function that makes one from a name and a body."""
    added = command("stance", stance, among=among)
    added.add_argument("--gold", type=Path, required=True, metavar="JSONL", help="lines with id, target, label, text")
    added.add_argument("--pred", type=Path, metavar="JSONL", help="predicted labels (default: classify the texts now)")
    added.add_argument("--versus", type=Path, metavar="JSONL", help="other predicted labels to compare with")
    added.add_argument("--controls", action="store_true", help="classify again without target, context or statement")
    added.add_argument("--cluster", metavar="FIELD", help="redraw lines with one value together (default: article)")
    added.add_argument("--by", action="append", default=[], metavar="FIELD", help="group lines, say by phenomenon")
    added.add_argument("--min-items", type=int, default=30, metavar="N", help="lines a target needs (default: 30)")
    added.add_argument("--resamples", type=int, default=2000, help="resamples of clusters (default: 2000)")
    added.add_argument("--seed", type=int, default=0, help="seed of the resamples (default: 0)")
    added.add_argument("--out", type=Path, metavar="FOLDER", help="write figures, drawings, errors and a page")
    added.add_argument("--json", action="store_true", help="print every figure as JSON instead of tables")
