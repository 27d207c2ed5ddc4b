"""Read codes from files of any known form; the ending of a name says which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from framing.coding.codes import Codes, joined
from framing.coding.columns import read_columns
from framing.coding.doccano import read_doccano
from framing.coding.label_studio import read_label_studio
from framing.errors import CorpusError

FORMS: Mapping[str, Callable[[Path], Codes]] = {
    ".csv": read_columns,
    ".tsv": read_columns,
    ".json": read_label_studio,
    ".jsonl": read_doccano,
}


def read_codes(paths: Sequence[Path]) -> Codes:
    """Read all files and put their codes together.

    `.csv` and `.tsv` hold columns (plain or from Label Studio), `.json` a Label Studio export, `.jsonl` a Doccano one.

    Raises:
        CorpusError: a file cannot be read or is of no known form, or a coder coded a unit twice.
    """
    return joined(map(_read, paths))


def _read(path: Path) -> Codes:
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise CorpusError(f"{path}: codes of the form {path.suffix or '(none)'!r}; expected {', '.join(FORMS)}")
    try:
        return form(path)
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror or error})") from error
