"""How well does the stance encoder do on public sets, on the project's phenomena, and without the target?

Data: the dev parts of public sets, which are not part of this project (a folder that holds one folder a set), and the
statements on twelve phenomena that ship with it and that no training sees. The wording is new, not always the target:
that of GWSD, and by a count by eye those of a seventh of the rows of Perspectrum and of a sixth of VAST's, are also
among the targets that training statements are composed about, and the phenomena share theirs with the training rows.
Figures of certainty (calibration error, Brier score, coverage) leave out the half of a dev part that calibrates.

Figures are those of `framing evaluate stance`, of the network without its second voice; what is drawn again for an
interval is an article (NewsMTSC), a sentence (DSE, GWSD), a motion (IBM claims), a claim (Perspectrum), a comment
(VAST) or a family of variants (phenomena). Where a set has no speakers, masking the target leaves the text only: what
is then still right, a model that ignores the target would have right as well.

    python experiments/stance_public.py --model framing:models/stance --data sets --json public.json

The figures of the encoder that ships are in its card, `framing/data/models/stance/README.md`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from framing import exchange
from framing.evaluate.figures import Figure
from framing.evaluate.layout import Table, aligned, cell
from framing.evaluate.stance.answers import read_gold
from framing.evaluate.stance.comparison import Comparison
from framing.evaluate.stance.controls import CONTROLS, Control
from framing.evaluate.stance.layout import DIGITS, difference_cell
from framing.evaluate.stance.study import Asked, StanceEvaluation
from framing.measure.interval import Bootstrap
from framing.resources import locate
from framing.stance.codebook import read_codebook
from framing.stance.encoder.model import StanceModel, read_model
from framing.train.stance.evaluation import GROUP, evaluate_model, gold_lines
from framing.train.stance.public import Labelled, calibrates, read_set, spread

CODEBOOK = "framing:codebooks/foreign_policy.yaml"
TEST = "framing:stance/test/phenomena.jsonl"
FOLDERS = {
    "newsmtsc": "newsmtsc",
    "dse": "dse",
    "ibmcs": "ibm_claims",
    "perspectrum": "perspectrum",
    "gwsd": "gwsd",
    "vast": "vast",
}
PHENOMENA = "phenomena"
LABELLED = ("forced_f1", "macro_f1_3", "neutral_recall", "no_stance_recall", "accuracy")
SURE = ("ece", "brier", "coverage", "accuracy_covered")
MASKED = CONTROLS[0].name


def public(model: StanceModel, name: str, data: Path, limit: int | None, interval: Bootstrap) -> StanceEvaluation:
    """Score the dev part of a set, or some of it."""
    return _scored(model, spread(_dev(name, data), limit), interval, CONTROLS)


def certain(
    model: StanceModel, name: str, data: Path, limit: int | None, interval: Bootstrap
) -> StanceEvaluation | None:
    """Score what has not calibrated the model of the dev part of a set, or some of it, without its controls.

    Where none of the set has, this is None: what `public` says counts.
    """
    training = model.settings["training"]
    alike = {FOLDERS[name], *(("ibm_targets",) if FOLDERS[name] == "ibm_claims" else ())}
    if not training.get("calibrating") or not alike & set(training["public"]):
        return None
    found = [each for each in _dev(name, data) if not calibrates(each)]
    return _scored(model, spread(found, limit), interval, ())


def _dev(name: str, data: Path) -> list[Labelled]:
    return [each for each in read_set(FOLDERS[name], data / name) if each.dev]


def _scored(
    model: StanceModel, found: Sequence[Labelled], interval: Bootstrap, among: Sequence[Control]
) -> StanceEvaluation:
    asked = Asked(cluster=GROUP, min_items=len(found) + 1, interval=interval)
    queries = [each.query for each in found]
    return evaluate_model(model, read_codebook(CODEBOOK), queries, gold_lines(found), asked, among=among)


def phenomena(model: StanceModel, limit: int | None, interval: Bootstrap) -> StanceEvaluation:
    """Score the statements on phenomena, by phenomenon."""
    gold = spread(read_gold(locate(TEST)), limit)
    asked = Asked(cluster="family", by=("phenomenon",), min_items=len(gold) + 1, interval=interval)
    queries = [exchange.question(line.values, line.place) for line in gold]
    return evaluate_model(model, read_codebook(CODEBOOK), queries, gold, asked)


def of_group(evaluation: StanceEvaluation, group: Mapping[str, str]) -> dict[str, Figure]:
    """Return the figures of a group by name; the group without labels is everything."""
    return {each.name: each for each in evaluation.figures if each.group == group}


def tables(scored: Mapping[str, StanceEvaluation], sure: Mapping[str, StanceEvaluation]) -> Iterator[Table]:
    """Yield labels, certainty and controls by set, and the phenomena."""
    for title, names, evaluations in (("labels", LABELLED, scored), ("certainty", SURE, sure)):
        rows = []
        for name, evaluation in evaluations.items():
            figures = of_group(evaluation, {})
            cells = (cell(figures[column], digits=DIGITS) for column in names)
            rows.append((name, *cells, str(evaluation.lines), str(evaluation.clusters)))
        yield Table(title, ("set", *names, "rows", "groups"), rows)
    rows = [
        (name, each.name, *compared(each, "forced_f1", {}), *compared(each, "macro_f1_3", {}), str(each.lines))
        for name, evaluation in scored.items()
        for each in evaluation.comparisons
    ]
    columns = ("set", "control", "forced_f1", "ours ahead by", "macro_f1_3", "ours ahead by", "rows")
    yield Table("controls", columns, rows)
    if PHENOMENA in scored:
        yield by_phenomenon(scored[PHENOMENA])


def by_phenomenon(evaluation: StanceEvaluation) -> Table:
    """Table the accuracy of each phenomenon, and what it is without the target; a guess has about a third right."""
    masked = next(each for each in evaluation.comparisons if each.name == MASKED)
    rows: list[tuple[str, ...]] = []
    for each in evaluation.figures:
        if each.name == "accuracy":
            ours = cell(each, digits=DIGITS)
            rows.append(
                (each.group.get("phenomenon", "all"), ours, *compared(masked, each.name, each.group), str(each.units))
            )
    return Table(PHENOMENA, (PHENOMENA, "accuracy", MASKED, "ours ahead by", "rows"), rows)


def compared(comparison: Comparison, name: str, group: Mapping[str, str]) -> tuple[str, str]:
    """Write a figure of a control and how far ours is ahead of it."""
    for each in comparison.differences:
        if each.name == name and each.group == group:
            return f"{each.theirs:.{DIGITS}f}", difference_cell(each)
    return "–", "–"


def main(arguments: Sequence[str] | None = None) -> dict[str, dict[str, Any]]:
    """Score each set, print and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", default="framing:models/stance", help="a model folder of the stance encoder")
    parser.add_argument("--data", type=Path, help="the folder that holds the folders of the sets")
    parser.add_argument("--sets", nargs="+", choices=[*FOLDERS, PHENOMENA], default=[*FOLDERS, PHENOMENA])
    parser.add_argument("--limit", type=int, help="score only so many rows of each set")
    parser.add_argument("--resamples", type=int, default=2000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(arguments)
    if args.data is None and set(args.sets) - {PHENOMENA}:
        parser.error("--data is missing: give the folder that holds the sets, or --sets phenomena")

    model = read_model(args.model, "fast")
    given = (args.limit or None, Bootstrap(resamples=args.resamples))
    sets = [name for name in args.sets if name != PHENOMENA]
    scored = {name: public(model, name, args.data, *given) for name in sets}
    sure = {name: certain(model, name, args.data, *given) or scored[name] for name in sets}
    if PHENOMENA in args.sets:
        scored[PHENOMENA] = sure[PHENOMENA] = phenomena(model, *given)
    print("\n\n".join(map(aligned, tables(scored, sure))))
    figures = {name: {**evaluation.as_dict(), "certainty": sure[name].as_dict()} for name, evaluation in scored.items()}
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


if __name__ == "__main__":
    main()
