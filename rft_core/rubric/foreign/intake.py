"""Rubric and grader files of any known kind: found out by what is in them."""

import json
from collections.abc import Sequence
from typing import Any

from rft_core.checks import KINDS
from rft_core.checks.words import KEPT, kind_title
from rft_core.errors import InputError
from rft_core.records import Example, Record, Rubric
from rft_core.rubric.files import rubric_of
from rft_core.rubric.foreign.imported import Imported
from rft_core.rubric.foreign.openai_checks import Labels
from rft_core.rubric.foreign.openai_graders import is_grader, read_graders
from rft_core.rubric.foreign.rubric_lines import lines_of, read_lines
from rft_core.rubric.traps import cases_of

MAX_BYTES = 5_000_000
TITLE = "Rubric of this app"
KNOWN = (
    "Known are: rubric.json of this app, graders of OpenAI, and rubrics of HealthBench, PRBench "
    "and ProfBench."
)


def read_rubric_file(name: str, data: bytes, train: Sequence[Example]) -> Imported:
    """Read a file of any known kind. Raises InputError, with a sentence, for any other."""
    documents = _documents(name, data)
    first = documents[0]
    if isinstance(first, dict) and "criteria" in first and lines_of(first) is None:
        found = _own(name, first)
    elif is_grader(first):
        found = read_graders(first, labels_of(train), fields_of(train))
    else:
        lines = lines_of(first)
        if lines is None:
            raise InputError(f"{name} holds no rubric that is known here.", KNOWN)
        found = read_lines(*lines, train)
    if len(documents) > 1:
        note = f"The file holds {len(documents)} entries; only the first one's rubric is read."
        found = found.with_changes(notes=(note, *found.notes))
    return found


def labels_of(train: Sequence[Example]) -> Labels:
    """Return the choices of the cases by expected value."""
    cases = cases_of(train, 1)
    return cases[0].choices if cases else {}


def fields_of(train: Sequence[Example]) -> set[str]:
    """Return the names of the cases' expected values."""
    return {name for example in train for name in example.fields}


def _own(name: str, content: dict[str, Any]) -> Imported:
    rubric = rubric_of(name, content)
    return Imported(title=TITLE, rubric=rubric, notes=tuple(_unknown(rubric)))


def _unknown(rubric: Rubric) -> list[str]:
    """Say what in the file is not known here; all of it is kept."""
    notes = []
    kinds = sorted({c.check.kind for c in rubric.criteria} - KINDS.keys())
    for kind in kinds:
        count = sum(c.check.kind == kind for c in rubric.criteria)
        many = "1 criterion is" if count == 1 else f"{count} criteria are"
        what = (
            f"of the OpenAI type {kind.removeprefix(KEPT)}, which is not run here"
            if kind.startswith(KEPT)
            else f'checked by "{kind_title(kind)}", which is not known here'
        )
        notes.append(f"{many} {what}: kept, not graded.")
    keys = {key for record in (rubric, *rubric.criteria) for key in _extra(record)}
    for criterion in rubric.criteria:
        if criterion.check.kind in KINDS:
            keys |= criterion.check.parameters.keys() - KINDS[criterion.check.kind].model_fields
    if keys:
        listed = ", ".join(f'"{key}"' for key in sorted(keys)[:8])
        notes.append(
            f"The file may come from a newer version or another tool: it has {listed}, which mean "
            "nothing here. They are kept."
        )
    return notes


def _extra(record: Record) -> set[str]:
    return set(record.__pydantic_extra__ or {}) - {"openai", "imported"}


def _documents(name: str, data: bytes) -> list[Any]:
    """Return the JSON of the file, or that of each of its lines."""
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{name} is larger than {MAX_BYTES // 1_000_000} MB.", "Take the rubric out of it."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name} is not UTF-8 text.", "Save it as UTF-8.") from None
    try:
        return [_json(text)]
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            if len(lines) > 1:
                return [_json(line) for line in lines]
        except (ValueError, RecursionError):
            pass
        raise InputError(f"{name} is not valid JSON: {error}.", KNOWN) from None
    except RecursionError:
        raise InputError(f"{name} is nested too deeply.", KNOWN) from None


def _json(text: str) -> Any:
    """Return plain JSON, half characters (surrogates) replaced. Raises ValueError."""
    value = json.loads(text, parse_constant=_refused)
    plain = json.dumps(value, ensure_ascii=False).encode(errors="replace")
    return json.loads(plain)


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number that can be used")
