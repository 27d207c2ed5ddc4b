"""How well does the trained extractor find statements, and how much does the seed of its training matter?

Data: PolNeAR 1.0 (a folder with `train` and `dev`), which is not part of this project. For each seed a model is trained
on train by `configs/train/quotes.yaml` (about an hour on two cores; a training that was stopped goes on where it was)
and scored on dev against the first annotator; `--model` scores one that exists.

    python experiments/polnear.py polnear/data --seeds 13 14 15
    python experiments/polnear.py polnear/data --model framing:models/quotes

Figures of the model that ships (seed 13) on dev, in per cent; other seeds have not been trained:

    exact F1 65.1 [61.6, 68.2]   token F1 90.5   overlap F1 79.1   joint F1 74.3 [71.6, 76.8]   right source 94.5
    joint recall: direct 89.4, mixed 82.8, indirect 66.8; speech 88.6, other 54.0

With windows of 254 word pieces, as in training, exact F1 is 65.3, token 90.2 and joint 74.1; in torch and 32-bit
floats with these windows 65.8, 90.5 and 74.3. The articles kept apart from train chose thresholds; dev was scored
after epochs 1, 2, 4, 7 and 9 while the training went on, and chose the shorter windows.
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
