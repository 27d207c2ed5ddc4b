"""Write a file of text, or say why it cannot be written."""

from __future__ import annotations

from pathlib import Path

from framing.errors import CorpusError


def write_text(path: Path, text: str, *, encoding: str = "utf-8") -> None:
    """Write a text; what the encoding cannot hold (a lone surrogate) becomes a question mark.

    Raises:
        CorpusError: the file cannot be written.
    """
    try:
        path.write_text(text, encoding=encoding, errors="replace", newline="")
    except OSError as error:
        raise CorpusError(f"{path}: cannot be written ({error.strerror}); choose another file") from error
