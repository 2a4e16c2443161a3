"""A project on disk: project.json, examples.jsonl and rubric.json in one folder.

The same form serves samples, import, export and the command line. Keys that are not known here
survive reading and writing.
"""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from rft_core.errors import InputError
from rft_core.examples.jsontext import (
    dump_json,
    example_line,
    load_json,
    split_lines,
)
from rft_core.records import Example, Project, Record, Rubric
from rft_core.refusals import syntax_reason, validation_reason

PROJECT_FILE = "project.json"
EXAMPLES_FILE = "examples.jsonl"
RUBRIC_FILE = "rubric.json"

AnyRecord = TypeVar("AnyRecord", bound=Record)


class ProjectFiles(Record):
    """What a project's folder holds."""

    project: Project
    examples: tuple[Example, ...] = ()
    rubric: Rubric = Rubric()


def read_project(folder: Path) -> ProjectFiles:
    """Read a project's three files.

    Raises InputError, naming the file and the line, for what is missing, is not JSON, is no such
    record, is cut off, or uses one id twice.
    """
    return ProjectFiles(
        project=_read_record(folder / PROJECT_FILE, Project),
        examples=_read_examples(folder / EXAMPLES_FILE),
        rubric=_read_record(folder / RUBRIC_FILE, Rubric),
    )


def write_project(folder: Path, files: ProjectFiles) -> None:
    """Write the three files, each whole or not at all; the folder is made if it is missing.

    Raises InputError, before anything is written, for a value that JSON cannot hold.
    """
    lines = "".join(f"{example_line(example)}\n" for example in files.examples)
    texts = {
        PROJECT_FILE: _record_text(files.project),
        EXAMPLES_FILE: lines,
        RUBRIC_FILE: _record_text(files.rubric),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        _write_whole(folder / name, text.encode())


def _record_text(record: Record) -> str:
    return dump_json(record.model_dump(), indent=2) + "\n"


def _read_record(path: Path, kind: type[AnyRecord]) -> AnyRecord:
    try:
        value = load_json(_read_text(path))
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise InputError(
            f"{path.name}, line {line}: this is not valid JSON ({syntax_reason(error)}).",
            "Correct the file there, or restore it from a copy.",
        ) from None
    return _validated(value, kind, path.name)


def _read_examples(path: Path) -> tuple[Example, ...]:
    text = _read_text(path)
    lines = [(n, line) for n, line in enumerate(split_lines(text), start=1) if line.strip()]
    whole = text.endswith("\n")
    examples = []
    line_of: dict[str, int] = {}
    for number, line in lines:
        example = _read_example(path.name, number, line, whole or number < lines[-1][0])
        if example.id in line_of:
            raise InputError(
                f'{path.name}, line {number}: the id "{example.id}" is already in line '
                f"{line_of[example.id]}.",
                "Give each case an id of its own.",
            )
        line_of[example.id] = number
        examples.append(example)
    return tuple(examples)


def _read_example(name: str, number: int, line: str, whole: bool) -> Example:
    """Read one line; `whole` is False for a last line without a line end."""
    place = f"{name}, line {number}"
    try:
        value = load_json(line)
    except ValueError as error:
        if not whole:
            raise InputError(
                f"{place}: the last line is cut off; the file was not written to its end.",
                "Delete that line, or restore the file from a copy.",
            ) from None
        raise InputError(
            f"{place}: this is not valid JSON ({syntax_reason(error)}).",
            "Correct that line; every line is one object.",
        ) from None
    return _validated(value, Example, place)


def _validated(value: Any, kind: type[AnyRecord], place: str) -> AnyRecord:
    if not isinstance(value, dict):
        raise InputError(f"{place}: an object was expected.", "Write it between braces: {…}.")
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise InputError(
            f"{place}: {validation_reason(error, value)}.", "Correct that value."
        ) from None


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            f'The folder "{path.parent}" has no {path.name}.',
            f"Choose a folder that has {PROJECT_FILE}, {EXAMPLES_FILE} and {RUBRIC_FILE}.",
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path.name}: the character at byte {error.start} is not UTF-8.",
            "Save the file with the encoding UTF-8.",
        ) from None
    except OSError as error:
        raise InputError(
            f'"{path}" cannot be read: {error.strerror}.', "Check the folder and its permissions."
        ) from None


def _write_whole(path: Path, data: bytes) -> None:
    """Write to a file beside `path`, then move it into place."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
