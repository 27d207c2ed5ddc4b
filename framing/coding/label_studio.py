"""The JSON export of Label Studio: one task a unit, its annotations one a coder, choices or marked passages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import AliasChoices, BaseModel, Field, ValidationError

from framing.coding.codes import Code, Codes, NoUnitError, is_conditional, marked, target_of, unit_of
from framing.coding.offsets import OffsetError, code_points
from framing.errors import CorpusError

CONTROL = "label"
CONDITIONAL = "conditional"
"""The controls of the labelling configuration that say the position; a task may have others, such as a note."""


class _Result(BaseModel):
    type: str = ""
    from_name: str = ""
    to_name: str = "text"
    value: dict[str, Any] = {}

    @property
    def chosen(self) -> Any:
        return self.value.get(self.type)


class _Annotator(BaseModel):
    id: int | None = None
    email: str | None = None


class _Annotation(BaseModel):
    completed_by: _Annotator | int | str | None = None
    was_cancelled: bool = False
    result: list[_Result] = []


class _Task(BaseModel):
    data: dict[str, Any]
    annotations: list[_Annotation] = Field(validation_alias=AliasChoices("annotations", "completions"))


class CodedTask(NamedTuple):
    """The data of a task by its name, and its codes; None is an annotation without a label.

    In the form JSON-MIN each annotation is a record of its own, so that a name comes once for each.
    """

    name: str
    data: Mapping[str, Any]
    codes: tuple[Code | None, ...]


def read_label_studio(path: Path) -> Codes:
    """Read an export in the form JSON or JSON-MIN.

    Cancelled annotations and those without a label count as left blank. The coder is the e-mail address of the
    annotator if the export has it, and else the number.

    Raises:
        CorpusError: the file is no such export, a task has no unit, or an annotation has several labels.
    """
    found = [code for task in coded_tasks(path) for code in task.codes]
    return Codes(tuple(code for code in found if code is not None), found.count(None))


def coded_tasks(
    path: Path, *, unit: Callable[[Mapping[str, object]], str] = unit_of, control: str = CONTROL
) -> Iterator[CodedTask]:
    """Yield the tasks of an export with their codes.

    `unit` names the unit from the data of a task; the control that says the label is called `control`, unless there is
    but one.

    Raises:
        CorpusError: the file is no such export, a task has no unit, or an annotation has several labels.
    """
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{path}: cannot be read as JSON ({error})") from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise CorpusError(f"{path}: expected a list of tasks, as Label Studio exports them; found no such list")
    for number, task in enumerate(tasks, start=1):
        name = str(task.get("id", number))
        place = f"{path} task {name}"
        flat = "annotations" not in task and "completions" not in task  # JSON-MIN: one flat record an annotation
        try:
            if flat:
                data, codes = task, tuple(_flat(task, unit(task), control, place))
            else:
                checked = _Task.model_validate(task)
                data, codes = checked.data, tuple(_task(checked, unit(checked.data), control, place))
        except (NoUnitError, OffsetError) as error:
            raise CorpusError(f"{place}: {error}") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise CorpusError(
                f"{place}: {where} is {first['input']!r}, expected what Label Studio exports there ({first['msg']})"
            ) from error
        yield CodedTask(name, data, codes)


def _task(task: _Task, unit: str, control: str, place: str) -> Iterator[Code | None]:
    """Yield the codes of one task, and None for an annotation without one."""
    target = target_of(task.data)
    for annotation in task.annotations:
        by = annotation.completed_by
        coder = _coder(by.email or by.id if isinstance(by, _Annotator) else by, place)
        results = [] if annotation.was_cancelled else _labelled(annotation.result, control, place)
        limited = any(result.from_name == CONDITIONAL and result.chosen for result in annotation.result)
        if not results:
            yield None
        for result in results:
            yield replace(_code(unit, coder, result, task.data, place), conditional=limited, target=target)


def _flat(task: Mapping[str, Any], unit: str, control: str, place: str) -> Iterator[Code | None]:
    coder, given = _coder(task.get("annotator"), place), task.get(control)
    target, limited = target_of(task), is_conditional(task.get(CONDITIONAL), place)
    if not given:
        yield None
        return
    passages = given if isinstance(given, list) else []
    if not all(isinstance(passage, dict) for passage in passages):
        raise CorpusError(f"{place}: {coder} chose {given!r}, expected one label; ask for a single choice")
    results = [_Result(type="labels", value=passage) for passage in passages]
    for result in results or [_Result(type="choices", value={"choices": [given]})]:
        yield replace(_code(unit, coder, result, task, place), conditional=limited, target=target)


def _labelled(results: Sequence[_Result], control: str, place: str) -> list[_Result]:
    """Keep the results that hold a label; a single choice can be one, and each marked passage is one."""
    kept = [each for each in results if each.type in ("choices", "labels") and each.from_name != CONDITIONAL]
    if any(result.from_name == control for result in kept):
        kept = [result for result in kept if result.from_name == control]
    controls = sorted({result.from_name for result in kept})
    if len(controls) > 1:
        raise CorpusError(f"{place}: several controls hold labels ({', '.join(controls)}); call one {control!r}")
    return kept


def _code(unit: str, coder: str, result: _Result, data: Mapping[str, Any], place: str) -> Code:
    chosen = result.chosen
    if not isinstance(chosen, list) or len(chosen) != 1 or not isinstance(chosen[0], str) or not chosen[0].strip():
        raise CorpusError(f"{place}: {coder} chose {chosen!r}, expected one label; ask for a single choice")
    if result.type == "choices":
        return Code(unit, coder, chosen[0].strip(), place)
    span = code_points(str(data.get(result.to_name, "")), result.value)
    return Code(marked(unit, span), coder, chosen[0].strip(), place, span)


def _coder(name: str | int | None, place: str) -> str:
    if not isinstance(name, str | int) or not str(name).strip():
        raise CorpusError(f"{place}: an annotation is by {name!r}, expected completed_by or annotator to say by whom")
    return str(name).strip()
