"""Write an evaluation into a folder: figures as JSON, mistakes as CSV, two drawings, and all of it as one page."""

from __future__ import annotations

import base64
import json as json_format
from pathlib import Path

from framing import plot
from framing.errors import CorpusError
from framing.evaluate.stance import drawings, layout, mistakes, page
from framing.evaluate.stance.study import StanceEvaluation
from framing.writing import write_text


def prepare(folder: Path) -> None:
    """Make the folder, before anything takes long.

    Raises:
        CorpusError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CorpusError(f"{folder}: cannot be written ({error.strerror}); choose another --out") from error


def write(evaluation: StanceEvaluation, folder: Path) -> None:
    """Write `figures.json`, `errors.csv`, `evaluation.html`, and `confusion` and `reliability` as SVG, PNG and PDF.

    Raises:
        CorpusError: a file cannot be written.
    """
    prepare(folder)
    drawn = {
        "which labels are taken for which": plot.save(drawings.confusion(evaluation), folder, "confusion"),
        "how often a confidence is right": plot.save(drawings.reliability(evaluation), folder, "reliability"),
    }
    images = {shown: _inline(files["svg"]) for shown, files in drawn.items()}
    write_text(folder / "figures.json", as_json(evaluation))
    write_text(folder / "errors.csv", mistakes.as_csv(evaluation.mistakes))
    write_text(folder / "evaluation.html", page.as_page(evaluation, images))


def as_json(evaluation: StanceEvaluation) -> str:
    """Return every figure as JSON."""
    return json_format.dumps(evaluation.as_dict(), indent=1, ensure_ascii=False) + "\n"


def told(evaluation: StanceEvaluation, *, json: bool) -> str:
    """Return what the command prints: tables, or with `json` the figures."""
    return as_json(evaluation).rstrip() if json else layout.as_text(evaluation)


def _inline(svg: Path) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.read_bytes()).decode()}"
