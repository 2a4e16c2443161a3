"""The entries of a YAML or JSON file: a list, or the tests of a promptfoo configuration."""

from typing import Any

from rft_core.examples.sheets import Problem, Sheet, object_sheet


def entries_sheet(value: Any) -> Sheet | None:
    """Return the entries as rows, numbered from 1; None for what holds no list of them.

    What else a configuration holds is named in a problem.
    """
    rest: list[str] = []
    if isinstance(value, dict) and isinstance(value.get("tests"), list):
        rest = [key for key in value if key not in ("tests", "defaultTest", "description")]
        value = _with_defaults(value["tests"], value.get("defaultTest"))
    if not isinstance(value, list):
        return None
    sheet = object_sheet(enumerate(value, start=1))
    if rest:
        message = f"Only the tests were read, not {', '.join(rest)[:200]}."
        fix = "Write what the model is told before every case as the project's instruction."
        sheet.problems.append(Problem(row=None, message=message, fix=fix))
    return sheet


def _with_defaults(tests: list[Any], default: Any) -> list[Any]:
    """Give every test the variables and assertions that hold for all of them."""
    if not isinstance(default, dict):
        return tests
    return [_with_default(test, default) if isinstance(test, dict) else test for test in tests]


def _with_default(test: dict[str, Any], default: dict[str, Any]) -> dict[str, Any]:
    merged = default | test
    variables = [part.get("vars") or {} for part in (default, test)]
    if all(isinstance(part, dict) for part in variables):
        merged["vars"] = {**variables[0], **variables[1]}
    expected = [part.get("assert") or [] for part in (default, test)]
    if all(isinstance(part, list) for part in expected):
        merged["assert"] = [*expected[0], *expected[1]]
    return merged
