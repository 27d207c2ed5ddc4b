"""How much do a few labelled statements of a new target help the stance encoder?

Data: GWSD (a folder with `GWSD.tsv`), which is not part of this project and from which no shipped weights have learnt:
news sentences on whether global warming is a serious concern. Statements composed about that question are part of a
training with `composed`: to weights of such a one the sentences are new, the target is not. Rows are drawn from four
fifths, each label as often as it is there; a draw of 50 holds the draw of 10 with the same seed.
`configs/train/stance_fewshot.yaml` lets only the heads learn from them, and the other fifth is scored. With 0 rows the
model is scored as it is.

    python experiments/stance_fewshot.py --model framing:models/stance --data gwsd --json fewshot.json --figure figures

The weights that ship, means of seeds 13, 14 and 15 with their range, on 381 sentences; seconds on two cores:

    rows   forced F1          three-class macro-F1   recall of neutral   calibration error   labelled   seconds
    0      .63                .47                    .36                 .18                 .55        0
    10     .64 [.63, .65]     .46 [.44, .48]         .29                 .18                 .56        4 to 13
    50     .64 [.63, .65]     .46 [.44, .47]         .62                 .10                 .18        23 to 25
    200    .64 [.63, .65]     .49 [.47, .52]         .77                 .08                 .28        58 to 63
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.lines import Line2D

from framing import config, plot, registry
from framing.errors import CorpusError
from framing.evaluate.layout import Table, aligned
from framing.evaluate.stance.study import Asked
from framing.jsonlines import json_line
from framing.measure.interval import Bootstrap
from framing.resources import read_yaml
from framing.stance.codebook import read_codebook
from framing.stance.encoder.model import read_model
from framing.train.stance.evaluation import GROUP, evaluate_model, gold_lines
from framing.train.stance.public import Labelled, read_set
from framing.types import Label

CONFIG = Path(__file__).parents[1] / "configs" / "train" / "stance_fewshot.yaml"
CODEBOOK = "framing:codebooks/foreign_policy.yaml"
SHOWN = ("forced_f1", "macro_f1_3", "neutral_recall", "ece", "coverage", "seconds")
DRAWN = {"forced_f1": "series 1", "macro_f1_3": "series 2"}
NAMED = {"forced_f1": "support against oppose", "macro_f1_3": "three classes"}

Figures = Mapping[str, float]


class Parts(NamedTuple):
    """What rows are drawn from, and what is scored."""

    train: list[Labelled]
    dev: list[Labelled]


def read_parts(folder: Path) -> Parts:
    """Read GWSD; of the part to draw from only sentences that the other has not."""
    found = read_set("gwsd", folder)
    dev = [each for each in found if each.dev]
    scored = {each.query.text for each in dev}
    return Parts([each for each in found if not each.dev and each.query.text not in scored], dev)


def drawn(rows: Sequence[Labelled], seed: int) -> list[Labelled]:
    """Return all rows in random order, so that of any first few each label has about its share."""
    generator = np.random.default_rng(seed)
    places: list[tuple[float, int]] = []
    for label in Label:
        own = [at for at, each in enumerate(rows) if each.label is label]
        order = generator.permutation(own).tolist()
        places += [((rank + 0.5) / len(own), at) for rank, at in enumerate(order)]
    return [rows[at] for _, at in sorted(places)]


def adapted(model: str, rows: Sequence[Labelled], seed: int, folder: Path) -> str:
    """Let the heads of a model learn from rows and return the new model folder."""
    part = config.check(config.Part, read_yaml(CONFIG), place=str(CONFIG))
    data = folder / f"rows-{len(rows)}-{seed}.jsonl"
    data.write_text("".join(map(json_line, _lines(rows))), encoding="utf-8")
    changed = {"data": [str(data)], "base": model, "output": folder / data.stem, "seeds": [seed]}
    return str(registry.build("train", part.kind, {**part.options, **changed}, place=str(CONFIG))())


def scored(model: str, dev: Sequence[Labelled]) -> dict[str, float]:
    """Score a model; the spread over seeds is what this asks about, so intervals are left out."""
    asked = Asked(cluster=GROUP, min_items=len(dev) + 1, interval=Bootstrap(resamples=1))
    queries = [each.query for each in dev]
    found = evaluate_model(
        read_model(model, "fast"), read_codebook(CODEBOOK), queries, gold_lines(dev), asked, among=()
    )  # fmt: skip
    return {each.name: each.value for each in found.figures if each.name in SHOWN and each.value is not None}


def curve(model: str, parts: Parts, sizes: Sequence[int], seeds: Sequence[int]) -> Iterator[dict[str, float]]:
    """Yield the figures of each number of rows and each seed.

    Raises:
        CorpusError: there are fewer rows than asked for.
    """
    if max(sizes) > len(parts.train):
        raise CorpusError(f"GWSD has {len(parts.train)} rows to draw from, fewer than {max(sizes)}; ask for fewer")
    for size in sizes:
        for seed in seeds if size else seeds[:1]:
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                made = adapted(model, drawn(parts.train, seed)[:size], seed, Path(folder)) if size else model
                seconds = time.perf_counter() - start if size else 0.0
                yield {"rows": size, "seed": seed, **scored(made, parts.dev), "seconds": round(seconds, 1)}


def table(runs: Sequence[Figures]) -> Table:
    """Table means and ranges over seeds."""
    rows = []
    for size in dict.fromkeys(int(run["rows"]) for run in runs):
        own = [run for run in runs if run["rows"] == size]
        cells = (_cell([run[name] for run in own if name in run]) for name in SHOWN)
        rows.append((str(size), *cells, str(len(own))))
    return Table("mean [least, most] over seeds", ("rows", *SHOWN, "seeds"), rows)


def draw(runs: Sequence[Figures], folder: Path) -> None:
    """Draw the learning curve: a mark for the mean, a line for the range over seeds."""
    sizes = list(dict.fromkeys(int(run["rows"]) for run in runs))
    with plot.canvas("F1 by labelled statements of a new target", 4.8, 4.0) as figure:
        axes = figure.subplots()
        for name, at in ((name, at) for name in DRAWN for at in range(len(sizes))):
            values = [run[name] for run in runs if run["rows"] == sizes[at] and name in run]
            many = len(values) > 1
            estimate = {
                "value": statistics.mean(values) if values else None,
                "low": min(values) if many else None,
                "high": max(values) if many else None,
                "estimator": "range over seeds",
            }
            plot.point(axes, estimate, at + 0.06 * list(DRAWN).index(name) - 0.03, DRAWN[name], vertical=True)
        axes.set_xticks(range(len(sizes)), list(map(str, sizes)))
        axes.margins(x=0.08)
        axes.set_xlabel("labelled statements")
        axes.set_ylabel("F1, mean and range of seeds; hollow: one run")
        marks = [
            Line2D([], [], color=plot.COLOURS[side], marker=plot.MARKS[side], linestyle="", label=NAMED[name])
            for name, side in DRAWN.items()
        ]
        figure.legend(handles=marks, frameon=False, loc="outside lower left", ncols=len(marks))
        plot.save(figure, folder, "stance_fewshot")


def main(arguments: Sequence[str] | None = None) -> list[dict[str, float]]:
    """Train and score for each number of rows and each seed, print and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", default="framing:models/stance", help="the model folder to start from")
    parser.add_argument("--data", type=Path, required=True, help="the folder of GWSD")
    parser.add_argument("--rows", type=int, nargs="+", default=[0, 10, 50, 200])
    parser.add_argument("--seeds", type=int, nargs="+", default=[13, 14, 15])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--figure", type=Path, help="a folder for the learning curve as SVG, PNG and PDF")
    args = parser.parse_args(arguments)

    runs = []
    for run in curve(args.model, read_parts(args.data), args.rows, args.seeds):
        print(run, flush=True)
        runs.append(run)
    print(aligned(table(runs)))
    if args.json:
        args.json.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    if args.figure:
        draw(runs, args.figure)
    return runs


def _lines(rows: Sequence[Labelled]) -> Iterator[dict[str, Any]]:
    for each in rows:
        query = each.query
        yield {"id": query.statement_id, "text": query.text, "target": query.target, "label": each.label}


def _cell(values: Sequence[float]) -> str:
    if not values:
        return "–"
    spread = f" [{min(values):.3f}, {max(values):.3f}]" if len(values) > 1 else ""
    return f"{statistics.mean(values):.3f}{spread}"


if __name__ == "__main__":
    main()
