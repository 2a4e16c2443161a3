"""Answers that are JSON."""

from typing import Any

import pytest

from rft_core.checks import build
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Example

CASE = Example(id="a", prompt="x")
SCHEMA = '{"properties": {"amount": {"type": "number", "minimum": 0}}, "required": ["amount"]}'


def graded(answer: str, **parameters: Any) -> tuple[float, str]:
    return build(CheckSpec(kind="json", **parameters)).grade(answer, CASE)


@pytest.mark.parametrize(
    ("answer", "parameters", "value"),
    [
        ('{"decision": "block"}', {}, 1),
        (' {"decision": "block"}\n', {"keys": ["decision"]}, 1),
        ('```json\n{"decision": "block"}\n```', {"keys": ["decision"]}, 1),
        ('{"kind": "x"}', {"keys": ["decision"]}, 0),
        ('{"decision": 1, "why": 2}', {"keys": ["decision"]}, 1),
        ('{"decision": 1, "why": 2}', {"keys": ["decision"], "only": True}, 0),
        ('{"decision": "block"', {}, 0),
        ('Here: {"decision": "block"}', {}, 0),
        ('["decision"]', {}, 0),
        ("", {}, 0),
        ("null", {}, 0),
        ('{"amount": 5}', {"json_schema": SCHEMA}, 1),
        ('{"amount": -5}', {"json_schema": SCHEMA}, 0),
        ('{"amount": "5"}', {"json_schema": SCHEMA}, 0),
        ("{}", {"json_schema": SCHEMA}, 0),
        ('{"a": ' * 30_000 + "1" + "}" * 30_000, {}, 0),
        ('{"a": ' * 60 + "1" + "}" * 60, {}, 0),
    ],
)
def test_an_answer_is_one_object_with_what_is_wanted(
    answer: str, parameters: dict[str, Any], value: float
) -> None:
    assert graded(answer, **parameters)[0] == value


def test_reasons_name_the_place() -> None:
    assert graded('{"a": 1}', keys=["b"])[1] == 'Lacks "b".'
    assert graded('{"amount": -1}', json_schema=SCHEMA)[1] == (
        'Does not fit the schema at "amount".'
    )


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("{", "not a JSON object"),
        ("[]", "not a JSON object"),
        ('{"type": "thing"}', "the JSON Schema is none"),
        ('{"properties": {"a": {"pattern": "(a+)+$"}}}', '"pattern" cannot be used'),
        ('{"$ref": "http://a.example/x"}', '"$ref" cannot be used'),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused(schema: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        build(CheckSpec(kind="json", json_schema=schema))
    assert message in caught.value.message


def test_the_check_is_read_back() -> None:
    check = build(CheckSpec(kind="json", keys=["a", "b"], only=True))
    assert check.describe() == (
        'Met when the whole answer is one JSON object with "a" and "b" and nothing else.'
    )
