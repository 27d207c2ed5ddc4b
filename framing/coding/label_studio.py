"""The JSON export of Label Studio: one task a unit, its annotations one a coder, choices or marked passages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from framing.coding.codes import Code, Codes, NoUnitError, is_conditional, marked, unit_of
from framing.coding.offsets import OffsetError, code_points
from framing.errors import CorpusError

CONTROL = "label"
CONDITIONAL = "conditional"
"""The controls of the labelling configuration that say the position; a task may have others, such as a note."""


def read_label_studio(path: Path) -> Codes:
    """Read an export in the form JSON or JSON-MIN.

    Cancelled annotations and those without a label count as left blank. The coder is the e-mail address of the
    annotator if the export has it, and else the number.

    Raises:
        CorpusError: the file is no such export, a task has no unit, or an annotation has several labels.
    """
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CorpusError(f"{path}: cannot be read as JSON ({error})") from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise CorpusError(f"{path}: expected a list of tasks, as Label Studio exports them; found no such list")
    codes: list[Code] = []
    left_blank = 0
    for number, task in enumerate(tasks, start=1):
        place = f"{path} task {task.get('id', number)}"
        try:
            found = list(_task(task, place))
        except (NoUnitError, OffsetError) as error:
            raise CorpusError(f"{place}: {error}") from error
        codes += [code for code in found if code is not None]
        left_blank += found.count(None)
    return Codes(tuple(codes), left_blank)


def _task(task: Mapping[str, Any], place: str) -> Iterator[Code | None]:
    """Yield the codes of one task, and None for an annotation without one."""
    if "annotations" not in task and "completions" not in task:  # JSON-MIN: one flat record an annotation
        yield from _flat(task, place)
        return
    data = task.get("data")
    if not isinstance(data, dict):
        raise CorpusError(f"{place}: data is {data!r}, expected what was imported, with its unit")
    unit = unit_of(data)
    for annotation in task.get("annotations") or task.get("completions") or ():
        coder = _coder(annotation.get("completed_by"), place)
        everything = annotation.get("result") or []
        results = [] if annotation.get("was_cancelled") else _labelled(everything, place)
        limited = any(result.get("from_name") == CONDITIONAL for result in everything)
        if not results:
            yield None
        for result in results:
            yield replace(_code(unit, coder, result, data, place), conditional=limited, target=data.get("target"))


def _labelled(results: list[dict[str, Any]], place: str) -> list[dict[str, Any]]:
    """Keep the results that hold a label; a single choice can be one, and each marked passage is one."""
    kept = [
        each for each in results if each.get("type") in ("choices", "labels") and each.get("from_name") != CONDITIONAL
    ]
    if any(result.get("from_name") == CONTROL for result in kept):
        kept = [result for result in kept if result.get("from_name") == CONTROL]
    controls = sorted({str(result.get("from_name")) for result in kept})
    if len(controls) > 1:
        raise CorpusError(f"{place}: several controls hold labels ({', '.join(controls)}); call one {CONTROL!r}")
    return kept


def _code(unit: str, coder: str, result: Mapping[str, Any], data: Mapping[str, Any], place: str) -> Code:
    value, kind = result.get("value") or {}, result["type"]
    chosen = value.get(kind)
    if not isinstance(chosen, list) or len(chosen) != 1:
        raise CorpusError(f"{place}: {coder} chose {chosen!r}, expected one label; ask for a single choice")
    if kind == "choices":
        return Code(unit, coder, _text(chosen[0], place), place)
    span = code_points(str(data.get(result.get("to_name") or "text", "")), value)
    return Code(marked(unit, span), coder, _text(chosen[0], place), place, span)


def _flat(task: Mapping[str, Any], place: str) -> Iterator[Code | None]:
    unit, coder, given = unit_of(task), _coder(task.get("annotator"), place), task.get(CONTROL)
    if not given:
        yield None
    elif isinstance(given, list):
        for passage in given:
            if not isinstance(passage, dict):
                raise CorpusError(f"{place}: {coder} chose {given!r}, expected one label; ask for a single choice")
            yield _code(unit, coder, {"type": "labels", "value": passage}, task, place)
    else:
        limited = is_conditional(task.get(CONDITIONAL), place)
        yield Code(unit, coder, _text(given, place), place, None, limited, task.get("target"))


def _coder(completed_by: object, place: str) -> str:
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    if completed_by is None or completed_by == "":
        raise CorpusError(f"{place}: an annotation does not say who made it, expected completed_by or annotator")
    return str(completed_by).strip()


def _text(label: object, place: str) -> str:
    if not isinstance(label, str) or not label.strip():
        raise CorpusError(f"{place}: label is {label!r}, expected a text that is not empty")
    return label.strip()
