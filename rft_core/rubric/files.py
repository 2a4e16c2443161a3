"""Reading and writing rubric.json. Keys that are not known here survive."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rft_core.errors import InputError
from rft_core.records import Rubric
from rft_core.refusals import syntax_place, syntax_reason, validation_reason


def read_rubric(path: Path) -> Rubric:
    """Read a rubric. Raises InputError, with a sentence, if the file cannot be used."""
    return rubric_of(path.name, _json_object(path))


def rubric_of(name: str, content: dict[str, Any]) -> Rubric:
    """Return the rubric that JSON holds. Raises InputError, with a sentence, if it holds none."""
    if "criteria" not in content:
        raise InputError(
            f'{name} has no "criteria".', 'Put the rules in a list under the key "criteria".'
        )
    try:
        return Rubric.model_validate(content)
    except ValidationError as error:
        raise InputError(
            f"{name} cannot be used: {validation_reason(error, content)}.", _fix(error)
        ) from None


def rubric_text(rubric: Rubric) -> str:
    """Return the text of rubric.json."""
    return json.dumps(rubric.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def write_rubric(path: Path, rubric: Rubric) -> None:
    """Write a rubric whole or not at all. Raises InputError if the folder cannot be written to."""
    text = rubric_text(rubric)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _cannot("written", path, error) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        os.replace(name, path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise _cannot("written", path, error) from None


def no_json(name: str, error: ValueError) -> InputError:
    """Return the error that says why a file is not valid JSON."""
    return InputError(
        f"{name} is not valid JSON: {syntax_place(error)}{syntax_reason(error)}.",
        "Correct that place, or save the file once more where it came from.",
    )


def _json_object(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _cannot("read", path, error) from None
    except UnicodeDecodeError:
        raise InputError(f"{path.name} is not UTF-8 text.", "Save it as UTF-8.") from None
    except ValueError as error:
        raise no_json(path.name, error) from None
    except RecursionError:
        raise InputError(f"{path.name} is nested too deeply.", "Write a plain rubric.") from None
    if not isinstance(content, dict):
        kind = "a list" if isinstance(content, list) else "a single value"
        raise InputError(
            f"{path.name} holds {kind} instead of an object.",
            'Wrap it: {"criteria": [ … ]}.',
        )
    return content


def _cannot(done: str, path: Path, error: OSError) -> InputError:
    why = error.strerror or "the computer refused it"
    return InputError(
        f"{path.name} cannot be {done}: {why}.", "Check that it exists and that you may use it."
    )


def _fix(error: ValidationError) -> str:
    if any(one["type"] == "literal_error" for one in error.errors(include_url=False)):
        return (
            "The file may come from a newer version of this app: open it there, or take out of the "
            "file what this version does not know."
        )
    return (
        'Correct it in the file. A rubric holds "criteria", a list of rules, each with "id", '
        '"text", "points", "aspect" and "check", as a rubric that is downloaded from here shows.'
    )
