"""What an answer in JSON must hold, as a table of keys and as a schema."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.checks import build
from rft_core.checks.json_table import (
    HOLDS,
    Row,
    Table,
    doubts,
    in_words,
    schema_of,
    table_of,
)
from rft_core.checks.structured import JsonAnswer, parameters_of, table_for
from rft_core.records import CheckSpec, Example

CASE = Example(id="a", prompt="x")
PARTY = Table(
    (
        Row("decision", "text", True, ("block", "call")),
        Row("amount", "whole", False),
        Row("party.name", "text", True),
        Row("party.age", "number", False),
        Row("tags", "list", False, ("a", "b")),
    ),
    others=False,
)
KEYS = st.sampled_from(["a", "b", "größe", "party.name", "party.age", "party.place.town", "x y"])
VALUES = st.lists(st.sampled_from(["block", "5", "2.5", "it’s", "x y"]), max_size=3, unique=True)
ROWS = st.lists(
    st.builds(Row, KEYS, st.sampled_from(HOLDS), st.booleans(), VALUES.map(tuple)),
    max_size=5,
    unique_by=lambda row: row.key,
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["properties", "required", "type", "items", "enum", "const", "a", "a.b"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def check_of(table: Table) -> JsonAnswer:
    check = build(CheckSpec.model_validate({"kind": "json"} | parameters_of(table)))
    assert isinstance(check, JsonAnswer)
    return check


def value(table: Table, answer: Any) -> float:
    return check_of(table).grade(json.dumps(answer), CASE).value


GOOD = {"decision": "call", "amount": 3, "party": {"name": "Li"}, "tags": ["b"]}


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({}, True),
        ({"decision": "wait"}, False),
        ({"decision": None}, False),
        ({"amount": 2.5}, False),
        ({"amount": "3"}, False),
        ({"party": {"age": 2.5}}, False),
        ({"party": {"name": "Li", "age": 2.5}}, True),
        ({"party": {"name": "Li", "hair": "red"}}, False),
        ({"party": "Li"}, False),
        ({"tags": ["c"]}, False),
        ({"more": 1}, False),
    ],
)
def test_an_answer_is_held_to_the_table(changed: dict[str, Any], fits: bool) -> None:
    assert value(PARTY, GOOD | changed) == fits


@pytest.mark.parametrize("key", GOOD)
def test_a_key_must_be_there_where_the_table_says_so(key: str) -> None:
    answer = {name: held for name, held in GOOD.items() if name != key}
    assert value(PARTY, answer) == (key in ("amount", "tags"))


def test_a_table_is_read_back_in_words() -> None:
    assert check_of(PARTY).describe() == (
        'Met when the whole answer is one JSON object with "decision" ("block" or "call") and '
        '"party.name" (text), which may also have "amount" (a whole number), "party.age" '
        '(a number) and "tags" (a list of "a" or "b"), and no other keys.'
    )


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"decision": "call"}, 'Lacks "party".'),
        (GOOD | {"party": {}}, 'Lacks "party.name".'),
        (GOOD | {"party": {"name": "Li", "hair": "red"}}, 'Has "party.hair" besides.'),
        (GOOD | {"amount": "3"}, 'What "amount" holds is not a whole number.'),
        (GOOD | {"decision": "x"}, 'What "decision" holds is not among the values to choose from.'),
    ],
)
def test_the_reason_says_which_key_and_why(answer: dict[str, Any], reason: str) -> None:
    assert check_of(PARTY).grade(json.dumps(answer), CASE).reason == reason


@given(ROWS, st.booleans())
def test_a_table_comes_back_from_its_schema(rows: list[Row], others: bool) -> None:
    written = schema_of(Table(tuple(rows), others))
    again = table_of(written)
    assert again.whole
    assert schema_of(again) == written
    kept = parameters_of(again)
    assert schema_of(table_for(**kept)) == written or not rows


@given(ROWS, st.booleans())
def test_answers_made_of_a_table_fit_it_or_do_not_as_they_are_shown(
    rows: list[Row], others: bool
) -> None:
    table = Table(tuple(rows), others)
    met, unmet = check_of(table).samples()
    assert met is not None
    assert value(table, json.loads(met)) == 1
    if unmet is not None:
        assert value(table, json.loads(unmet)) == 0
    assert unmet is not None or not any(r.required or r.holds != "anything" for r in rows)


@given(ANY_JSON)
def test_any_json_is_read_as_far_as_a_table_goes(content: Any) -> None:
    if isinstance(content, dict):
        table = table_of(content)
        assert isinstance(in_words(table), str)
        if table.whole:
            assert table_of(schema_of(table)) == table


@pytest.mark.parametrize(
    ("schema", "whole", "said"),
    [
        ({"type": "object", "required": ["a"]}, True, ' with "a"'),
        ({"properties": {"a": {"enum": ["5", 5]}}}, True, ', which may also have "a" ("5")'),
        ({"properties": {"a": {"minimum": 0, "type": "number"}}, "required": ["a"]}, False,
         ' with "a" (a number), and that fits the rest of its JSON schema'),
        ({"properties": {"a": {"type": ["string", "null"]}}}, False,
         ', which may also have "a", and that fits the rest of its JSON schema'),
        ({"properties": {"a": {"enum": ["x, y"]}}}, False,
         ', which may also have "a" ("x, y"), and that fits the rest of its JSON schema'),
        ({"properties": {"a.b": {}}, "required": ["a.b"]}, False,
         ' with "a.b", and that fits the rest of its JSON schema'),
        ({"properties": {"a": {"enum": [True]}}}, False,
         ', which may also have "a" ("true"), and that fits the rest of its JSON schema'),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, False, " that fits its schema"),
    ],
)  # fmt: skip
def test_a_schema_is_said_as_far_as_a_table_goes(
    schema: dict[str, Any], whole: bool, said: str
) -> None:
    table = table_of(schema)
    assert (table.whole, in_words(table)) == (whole, said)


def test_keys_beside_a_schema_are_read_together() -> None:
    schema = '{"properties": {"a": {"type": "string"}}}'
    table = table_for(["a", "b"], False, schema)
    assert table == Table((Row("a", "text", True), Row("b", "anything", True)), True, True)
    assert not table_for(["b"], True, schema).whole, "the schema's own key is not allowed"


def test_keys_alone_need_no_schema() -> None:
    plain = Table((Row("a", "anything", True), Row("b", "anything", True)), others=False)
    assert parameters_of(plain) == {"keys": ["a", "b"], "only": True, "json_schema": None}
    assert table_for(["a", "b"], True, None) == plain


def test_rows_that_do_not_count_as_written_are_named() -> None:
    rows = [
        Row("a", "number", True, ("5", "many")), Row("w", "whole", True, ("2.5",)),
        Row("b"), Row("b.c"), Row("a"), Row("x."),
        Row("d", "list", True, ("x",)),
    ]  # fmt: skip
    assert doubts(rows) == [
        '"many" is no number, so it is left out.',
        '"2.5" is no whole number, so it is left out.',
        'Two rows are about "a"; the last one counts.',
        '"x." has nothing before or after a dot, so it is left out.',
        '"b" has keys of its own, so that is what it holds.',
    ]
    assert schema_of(Table(tuple(rows)))["properties"]["b"]["type"] == "object"
