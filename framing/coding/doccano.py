"""The JSONL export of Doccano: one line a text, classified as a whole or with marked passages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from framing.coding.codes import Code, Codes, NoUnitError, marked, target_of, unit_of
from framing.coding.offsets import OffsetError, code_points
from framing.corpora.jsonl import rows
from framing.corpora.rows import Row
from framing.errors import CorpusError

LABELS = ("label", "labels", "entities")


def read_doccano(path: Path) -> Codes:
    """Read an export; Doccano writes one file an annotator, so the coder is the name of the file unless a line says.

    Raises:
        CorpusError: a line cannot be read, has no unit, or classifies its text in more than one way.
    """
    codes: list[Code] = []
    left_blank = 0
    for record in rows(path):
        place = f"{path} line {record.number}"
        if not isinstance(record, Row):
            raise CorpusError(f"{place}: {record.reason}")
        try:
            found = list(_line(record.values, path.stem, place))
        except (NoUnitError, OffsetError) as error:
            raise CorpusError(f"{place}: {error}") from error
        codes += found
        left_blank += not found
    return Codes(tuple(codes), left_blank)


def _line(values: Mapping[str, Any], stem: str, place: str) -> Iterator[Code]:
    meta = values.get("meta") or values.get("metadata")
    kept = meta if isinstance(meta, dict) and "unit" in meta else values
    unit, target = unit_of(kept), target_of(kept)
    coder = str(values.get("annotator") or values.get("coder") or stem).strip()
    field = next((name for name in LABELS if name in values), None)
    if field is None:
        raise CorpusError(f"{place}: none of {', '.join(LABELS)} is there, expected one, as Doccano exports them")
    given = [values[field]] if isinstance(values[field], str) else values[field] or []
    if not isinstance(given, list):
        raise CorpusError(f"{place}: {field} is {given!r}, expected a list")
    texts = [label for label in given if isinstance(label, str)]
    if len(texts) > 1:
        raise CorpusError(f"{place}: {coder} chose {texts!r}, expected one label; ask for a single label")
    for label in given:
        if isinstance(label, str):
            if label.strip():
                yield Code(unit, coder, label.strip(), place, target=target)
            continue
        start, end, name = _passage(label, place)
        span = code_points(str(values.get("text") or values.get("data") or ""), {"start": start, "end": end})
        yield Code(marked(unit, span), coder, name, place, span, target=target)


def _passage(label: object, place: str) -> tuple[object, object, str]:
    """Return start, end and label of a marked passage, which newer exports call an entity."""
    if isinstance(label, dict):
        label = [label.get("start_offset"), label.get("end_offset"), label.get("label")]
    if isinstance(label, list) and len(label) == 3 and isinstance(label[2], str) and label[2].strip():
        return label[0], label[1], label[2].strip()
    raise CorpusError(f"{place}: a label is {label!r}, expected a text, [start, end, label] or an entity with offsets")
