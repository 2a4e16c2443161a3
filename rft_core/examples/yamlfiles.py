"""YAML files as rows: a list, or the tests of a promptfoo configuration."""

import re
from typing import Any

import yaml

from rft_core.errors import InputError
from rft_core.examples.plainvalues import plain_value
from rft_core.examples.sheets import Sheet
from rft_core.examples.testsuites import entries_sheet
from rft_core.refusals import yaml_reason

MAX_MB = 2
"""YAML is read slowly; a larger table is better saved as CSV or JSONL."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML 1.2 in what matters here: "no" and dates are texts; a key given twice is an error."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(
                None, None, f'the key "{twice}" occurs twice', node.start_mark
            )
        return super().construct_mapping(node, deep)


_UNWANTED = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _UNWANTED]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def read_yaml(text: str) -> Sheet:
    """Read a list of entries; rows are numbered from 1.

    Raises InputError for bad YAML (with the line), another shape, references ("*name"), which can
    make a short file endless, and for more than `MAX_MB`.
    """
    if len(text) > MAX_MB * 2**20:
        raise InputError(
            f"The YAML file has more than {MAX_MB} MB.", "Save the cases as CSV or JSONL instead."
        )
    value = plain_value(_load(text))
    sheet = entries_sheet(value)
    if sheet is None:
        raise InputError(
            "The YAML file holds neither a list of cases nor tests.",
            "Write the cases as a list, or the tests under tests:.",
        )
    return sheet


def _load(text: str) -> Any:
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                raise InputError(
                    f'Line {event.start_mark.line + 1} refers to another place ("*").',
                    "Write the value out there.",
                )
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(
            f"Line {line} is not valid YAML: {yaml_reason(error.problem)}.",
            "Correct the file there.",
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        raise InputError(
            "The YAML file cannot be read: it is damaged, or holds what no list of cases holds.",
            "Correct it, or save the cases as CSV.",
        ) from None
