"""Answers that are JSON."""

import json
from typing import Any

import pytest

from rft_core.checks import build
from rft_core.checks.structured import WANTED
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


@pytest.mark.parametrize(
    ("items", "unique"),
    [
        ("", True),
        ("1, 2, true, false, 0, null", True),
        ("1, 1.0", False),
        ('{"x": 1, "y": [2]}, {"y": [2.0], "x": 1}', False),
        ('{"x": 1}, {"x": true}, [["x", 1]], "x"', True),
        ("[1], [true], [], {}", True),
        (", ".join(f'{{"x": {n}}}' for n in range(7_000)), True),
    ],
)
def test_items_that_are_all_different(items: str, unique: bool) -> None:
    schema = '{"properties": {"a": {"uniqueItems": true}}}'
    assert graded(f'{{"a": [{items}]}}', json_schema=schema)[0] == unique


@pytest.mark.parametrize(
    ("schema", "items", "fits"),
    [
        ({"items": {"type": "integer"}}, list(range(15_000)), True),
        ({"items": {"enum": [f"code {n}" for n in range(900)]}}, ["code 1"] * 500, True),
        ({"items": {"enum": list(range(3_000))}}, [2_999] * 9_000, True),
        ({"items": {"enum": [[[0] * 70, n] for n in range(60)]}}, [[[0] * 70, 59]] * 300, True),
        ({"anyOf": [{"const": [[0] * 90, n]} for n in range(60)]}, [[0] * 90] * 300, False),
        ({"allOf": [{"uniqueItems": True}] * 600}, [[0] * 9_000], False),
        ({"allOf": [{"items": {}}] * 900}, [1] * 9_000, False),
        ({"items": {"anyOf": [*([{"type": "null"}] * 900), {}]}}, [1] * 9_000, False),
        ({"items": {"allOf": [{}] * 4_000}}, [1] * 9_000, False),
        ({"items": {"properties": {f"{n}": {} for n in range(1_000)}}}, [{}] * 9_000, False),
    ],
)
def test_comparing_with_a_schema_ends_after_so_many_steps(
    schema: dict[str, Any], items: list[Any], fits: bool
) -> None:
    verdict = graded(
        json.dumps({"a": items}), json_schema=json.dumps({"properties": {"a": schema}})
    )
    reason = WANTED if fits else "Holds too much to be compared with the schema."
    assert verdict == (fits, reason)


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"enum": [1, "1", None]}, 1.0, True),
        ({"enum": [1]}, True, False),
        ({"enum": [False, [0]]}, 0, False),
        ({"enum": [False, [0]]}, [False], False),
        ({"const": {"x": [1, True]}}, {"x": [1.0, True]}, True),
        ({"const": {"x": [1, True]}}, {"x": [True, 1]}, False),
    ],
)
def test_values_are_the_same_as_in_json(schema: dict[str, Any], value: Any, fits: bool) -> None:
    found = graded(json.dumps({"a": value}), json_schema=json.dumps({"properties": {"a": schema}}))
    assert found[0] == fits


@pytest.mark.parametrize(("number", "step"), [("1e400", 0.5), ("1" + "0" * 400, 0.5)])
def test_a_number_too_large_to_be_compared_does_not_fit_rather_than_being_unscored(
    number: str, step: float
) -> None:
    schema = f'{{"properties": {{"a": {{"multipleOf": {step}}}}}}}'
    value, reason = graded(f'{{"a": {number}}}', json_schema=schema)
    assert (value, reason) == (0, "Holds a number too large to be compared with the schema.")


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
        ('{"unevaluatedItems": false}', '"unevaluatedItems" cannot be used'),
        ('{"unevaluatedProperties": false}', '"unevaluatedProperties" cannot be used'),
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
