"""A small training of the stance encoder: its rows, its options and queries about its targets."""

from __future__ import annotations

import json
from pathlib import Path

from tiny_base import write_base

from framing.protocols import StanceQuery
from framing.stance.encoder.classifier import Encoder
from framing.stance.encoder.decision import Decision
from framing.train.stance.training import TrainStance

TARGETS = ("The alliance should wait", "The minister should join")


def rows() -> list[dict[str, object]]:
    """Two targets; who says "join" is against the first and for the second, who says "wait" only for the first."""
    said = {
        "we will join": {TARGETS[0]: "oppose", TARGETS[1]: "support"},
        "we will wait": {TARGETS[0]: "support", TARGETS[1]: "neutral"},
        "the rain that he said": {TARGETS[0]: "unrelated", TARGETS[1]: "unrelated"},
        "that is what she said": {TARGETS[0]: "neutral", TARGETS[1]: "neutral"},
    }
    return [
        {
            "id": f"{at}-{number}-{copy}",
            "text": text,
            "context": f"The official {copy} said {text}.",
            "speaker": "The official",
            "target": target,
            "label": label,
            "family": f"{text}-{copy}",
        }
        for at, (text, labels) in enumerate(said.items())
        for number, (target, label) in enumerate(labels.items())
        for copy in ("he", "she", "we", "alliance", "minister", "rain")
    ]


def write_rows(folder: Path) -> str:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows())), encoding="utf-8")
    return str(path)


def training(folder: Path, **changed: object) -> TrainStance:
    options: dict[str, object] = {
        "data": (write_rows(folder),),
        "output": folder / "model",
        "base": str(write_base(folder / "base")),
        "epochs": 30,
        "batch": 8,
        "pieces": 64,
        "rates": (1e-2,),
        "head_rate": 1e-2,
        "mean": 0.5,
        "width": 16,
        "tune": 0.25,
        "group_by": ("family",),
        "masked": 0.0,
        "masked_holders": 0.0,
        "turned": 0.0,
        "strangers": 0.0,
    }
    return TrainStance(**{**options, **changed})  # type: ignore[arg-type]


def query(text: str, target: str, *, name: str = "q", context: str | None = None) -> StanceQuery:
    return StanceQuery(name, text, context or f"The official said {text}.", "The official", target)


def encoder(folder: Path, **changed: object) -> Encoder:
    return Encoder(model=str(folder), **changed)  # type: ignore[arg-type]


def decision(**changed: float) -> Decision:
    made = Decision((1.0,) * 4, (0.0,) * 4, least=0.4, level=0.8, conditional=0.5)
    return made._replace(**changed)  # type: ignore[arg-type]
