"""Small building blocks of composed statements: targets of a town, beliefs about it, and a folder to write them to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FRAMES = {
    "say": ['{Holder} said: "{text}."'],
    "that": ["According to {holder}, {text}."],
    "holders": ["the minister", "the opposition"],
    "offices": ["the envoy of"],
    "places": ["Norway"],
    "joints": ["{0}. {1}"],
}


def target(name: str, **others: Any) -> dict[str, Any]:
    plain = ("noun", "act", "acting", "acted", "undo", "undoing", "for", "against", "fact", "near")
    words = {field: [f"{field} {name}"] for field in (*plain, "outsider", "insider", "alternative", "evil")}
    return {"target": name, "proposition": f"{name.capitalize()} should come.", **words, **others}


def belief(name: str, **others: Any) -> dict[str, Any]:
    plain = ("topic", "claim", "denial", "for", "against", "fact", "near", "outsider", "insider", "evil")
    words = {field: [f"{field} {name}"] for field in plain}
    return {"target": name, "proposition": f"{name.capitalize()} are dear.", **words, **others}


def write(folder: Path, patterns: list[dict[str, Any]], targets: list[dict[str, Any]] | None = None) -> Path:
    targets = targets or [target("tolls"), target("trams"), target("zoos")]
    files = {"targets-town": {"targets": targets}, "patterns-all": {"patterns": patterns}, "frames": FRAMES}
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder
