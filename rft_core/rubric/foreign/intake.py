"""Rubric and grader files of any known kind: found out by what is in them."""

import json
from collections.abc import Sequence
from typing import Any, get_args

from rft_core.checks import KINDS, UnknownOption, build
from rft_core.checks.wording import shown
from rft_core.checks.words import KEPT, kind_title
from rft_core.errors import InputError
from rft_core.records import AppliesTo, Aspect, Criterion, Example, Record, Rubric
from rft_core.rubric.files import no_json, rubric_of
from rft_core.rubric.foreign.imported import Imported
from rft_core.rubric.foreign.openai_checks import Labels
from rft_core.rubric.foreign.openai_graders import is_grader, read_graders
from rft_core.rubric.foreign.rubric_lines import lines_of, read_lines
from rft_core.rubric.traps import cases_of

MAX_BYTES = 5_000_000
TITLE = "Rubric of this app"
_KNOWN_VALUES = {
    "aspect": (get_args(Aspect), "substance"),
    "applies_to": (get_args(AppliesTo), "answer"),
}
"""By key of a criterion: the values that are known here, and the one that stands in for others."""
_IN_FILE = "_in_file"
"""Behind a key: its value in the file, of which this version knows nothing."""
KNOWN = (
    "Known are: rubric.json of this app, graders of OpenAI, rubrics of HealthBench, PRBench and "
    'ProfBench, and a list of rules, each with "text" and "points".'
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
    content, notes = _switched_off(content)
    rubric = rubric_of(name, content)
    return Imported(title=TITLE, rubric=rubric, notes=(*notes, *_unknown(rubric)))


def _switched_off(content: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return a rubric with those criteria switched off that say something unknown, and notes.

    What they say is kept beside it.
    """
    notes: list[str] = []
    criteria = content["criteria"]
    if not isinstance(criteria, list):
        return content, notes
    made = []
    for criterion in criteria:
        unknown = _unknown_values(criterion) if isinstance(criterion, dict) else {}
        if unknown:
            known = {key: default for key, (_, default) in _KNOWN_VALUES.items() if key in unknown}
            kept = {f"{key}{_IN_FILE}": value for key, value in unknown.items()}
            criterion = criterion | known | kept | {"enabled": False}
            said = ", ".join(f'"{key}" is {shown(value)}' for key, value in unknown.items())
            called = shown(str(criterion.get("text") or criterion.get("id")))
            notes.append(
                f"{called}: {said}, which this version does not know. The file may come from a "
                "newer version of this app: the criterion is kept, switched off."
            )
        made.append(criterion)
    return content | {"criteria": made}, notes


def _unknown_values(criterion: dict[str, Any]) -> dict[str, str]:
    """Return the values that this version does not know where it knows a few, by key."""
    return {
        key: value
        for key, (known, _) in _KNOWN_VALUES.items()
        if isinstance(value := criterion.get(key), str) and value not in known
    }


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
    notes += [note for criterion in rubric.criteria if (note := _cannot_grade(criterion))]
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


def _cannot_grade(criterion: Criterion) -> str:
    """Say why a criterion's check cannot be built; "" if it can."""
    try:
        build(criterion.check)
    except InputError as error:
        hint = "The file may come from a newer version of this app. "
        hint = hint if isinstance(error, UnknownOption) else ""
        return f"{shown(criterion.text)} cannot grade. {error.message} {hint}It is kept as it is."
    return ""


def _extra(record: Record) -> set[str]:
    own = {"openai", "imported", *(f"{key}{_IN_FILE}" for key in _KNOWN_VALUES)}
    return set(record.__pydantic_extra__ or {}) - own


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
        if not text.lstrip().startswith(("{", "[")):
            raise InputError(f"{name} is no JSON file: {_beginning(text)}.", KNOWN) from None
        raise no_json(name, error) from None
    except RecursionError:
        raise InputError(f"{name} is nested too deeply.", KNOWN) from None


def _beginning(text: str) -> str:
    return f"it begins with {shown(text)}" if text.strip() else "it is empty"


def _json(text: str) -> Any:
    """Return plain JSON, half characters (surrogates) replaced. Raises ValueError."""
    value = json.loads(text, parse_constant=_refused)
    plain = json.dumps(value, ensure_ascii=False).encode(errors="replace")
    return json.loads(plain)


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number that can be used")
