"""Write an evaluation: figures as JSON, mistakes as JSON lines, both as a page."""

from __future__ import annotations

import json as json_format
from pathlib import Path

from framing.evaluate import layout, page
from framing.evaluate.quotes import Evaluation
from framing.jsonlines import json_line
from framing.writing import write_text


def write(evaluation: Evaluation, *, json: Path | None, errors: Path | None, html: Path | None) -> str:
    """Write the files that are asked for and return the text for the terminal.

    Raises:
        CorpusError: a file cannot be written.
    """
    if json:
        write_text(json, json_format.dumps(evaluation.as_dict(), indent=1, ensure_ascii=False) + "\n")
    if errors:
        write_text(errors, "".join(json_line(mistake.as_dict()) for mistake in evaluation.mistakes))
    if html:
        write_text(html, page.as_page(evaluation))
    return layout.as_text(evaluation)
