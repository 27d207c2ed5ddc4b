"""How well does the trained extractor find statements, and how much does the seed of its training matter?

Data: PolNeAR 1.0 (a folder with `train` and `dev`), which is not part of this project. For each seed a model is trained
on train by `configs/train/quotes.yaml` (about an hour on two cores; a training that was stopped goes on where it was)
and scored on dev against the first annotator; `--model` scores one that exists.

    python experiments/polnear.py polnear/data --seeds 13 14 15
    python experiments/polnear.py polnear/data --model framing:models/quotes

Figures of the model that ships on dev, in per cent (seed 13; other seeds have not been trained):

    exact F1 66.4 [62.9, 69.4]   token F1 90.8 [89.5, 92.2]   overlap F1 80.0 [77.6, 82.2]   joint F1 74.2 [71.1, 76.9]
    joint recall: direct 88.3, mixed 82.1, indirect 68.1; speech 89.2, other 54.5; right source 93.6

`configs/train/quotes.yaml` alone gave 65.1, 90.5, 79.1 and 74.3, with joint recall 89.4, 82.8 and 66.8; with windows of
188 pieces, an eighth of the pieces masked and dropout .2 from the start, 65.6, 89.3, 78.7 and 74.2. The least
confidence, the shorter windows in use and which weights were averaged were chosen on dev, so these figures lean to the
good side.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from framing import config, exchange, registry
from framing.evaluate import predictions, quotes
from framing.measure.interval import Bootstrap
from framing.resources import read_yaml

CONFIG = Path(__file__).parents[1] / "configs" / "train" / "quotes.yaml"
SHOWN = ("exact_f1", "token_f1", "overlap_f1", "speaker_accuracy", "joint_f1", "source_f1", "cue_f1")
GROUPS = ("joint_recall",)


def trained(folder: Path, seed: int) -> str:
    """Train on the train part with one seed and return the model folder."""
    part = config.check(config.Part, read_yaml(CONFIG), place=str(CONFIG))
    training = registry.build("train", part.kind, part.options, place=str(CONFIG))
    output = Path("models") / f"quotes-{seed}"
    return str(replace(training, data=(str(folder / "train"),), seed=seed, output=output)())


def scored(folder: Path, model: str) -> dict[str, float]:
    """Score a model on the dev part, in per cent."""
    gold = quotes.read([str(folder / "dev")])
    parts = {"quotes": {"kind": "tagger", "model": model}, "speakers": {"kind": "names"}}
    found = predictions.from_lines(exchange.extract_articles(quotes.articles(gold), parts), gold)
    evaluation = quotes.evaluate(gold, found, interval=Bootstrap(resamples=1000))
    kept = {}
    for figure in evaluation.figures:
        group = ", ".join(figure.group.values())
        if figure.value is not None and ((figure.name in SHOWN and not group) or (figure.name in GROUPS and group)):
            kept[f"{figure.name} {group}".strip()] = figure.value
            print(f"{model}: {figure.name} {group}: {figure.value:.1f} [{figure.low:.1f}, {figure.high:.1f}]")
    return kept


def main(arguments: Sequence[str] | None = None) -> dict[str, list[float]]:
    """Train and score, and print mean and spread over the seeds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="polnear/data, which holds train and dev")
    parser.add_argument("--seeds", type=int, nargs="+", default=[13, 14, 15])
    parser.add_argument("--model", help="score this model folder instead of training")
    args = parser.parse_args(arguments)

    models = [args.model] if args.model else [trained(args.folder, seed) for seed in args.seeds]
    scores = [scored(args.folder, model) for model in models]
    table = {name: [each[name] for each in scores] for name in scores[0]}
    for name, values in table.items():
        spread = statistics.stdev(values) if len(values) > 1 else 0.0
        print(f"{name:32} {statistics.mean(values):5.1f} ± {spread:.1f} over {len(values)}")
    return table


if __name__ == "__main__":
    main()
