"""JSON and JSONL files, of this program and of others."""

import json

import pytest

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.importing import read_examples


def lines(*entries) -> bytes:
    return "".join(f"{json.dumps(entry)}\n" for entry in entries).encode()


def read(*entries, **options):
    return read_examples("cases.jsonl", lines(*entries), **options)


USER = {"role": "user", "content": "Is it valid?"}


def test_openai_rft_line():
    row = {"messages": [USER], "reference_answer": "yes", "score": 0.5, "codes": ["a", 1]}
    result = read(row)
    [example] = result.examples
    assert example.case_text == "Is it valid?"
    assert example.reference == "yes"
    assert example.fields == {"score": 0.5, "codes": ["a", 1]}
    assert result.columns["messages"] == "prompt"
    assert result.columns["codes"] == "field: codes"


def test_closing_answer_of_a_conversation_becomes_the_reference():
    answer = {"role": "assistant", "content": "Yes."}
    system = {"role": "developer", "content": "Be brief"}
    [example] = read({"messages": [system, USER, answer]}).examples
    assert [message.role for message in example.prompt] == ["system", "user"]
    assert example.reference == "Yes."


def test_text_parts_are_joined():
    parts = [{"type": "text", "text": "One"}, {"type": "text", "text": "Two"}]
    [example] = read({"messages": [{"role": "user", "content": parts}]}).examples
    assert example.case_text == "One\nTwo"


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "tool", "content": "x"}],
        [{"role": "user", "content": None}],
        [{"role": "user", "content": [{"type": "image_url"}]}],
        [{"role": "user", "content": "  "}],
        [{"text": "x"}],
        [],
        {"role": "user"},
    ],
)
def test_conversations_that_cannot_be_used(messages):
    result = read({"messages": [USER]}, {"messages": messages})
    assert len(result.examples) == 1
    assert [problem.row for problem in result.problems] == [2]


def test_values_that_are_not_text():
    row = {"id": 12, "prompt": 5, "reference": {"a": 1}, "tags": ["x", 2], "cluster": 3, "y": None}
    [example] = read(row).examples
    assert (example.id, example.prompt, example.reference) == ("12", "5", '{"a": 1}')
    assert (example.tags, example.cluster, example.fields) == (("x", "2"), "3", {})


def test_own_lines_keep_unknown_keys_and_criteria():
    row = {
        "id": "a",
        "prompt": "P",
        "fields": {"d": None},
        "split": "test",
        "reviewer": {"name": "M"},
        "criteria": [
            {
                "id": "c",
                "text": "t",
                "points": 1,
                "aspect": "form",
                "check": {"kind": "exact", "x": 1},
                "note": "n",
            }
        ],
    }
    result = read(row)
    [example] = result.examples
    assert example.reviewer == {"name": "M"}
    assert example.criteria[0].note == "n"
    assert (example.fields, example.split) == ({"d": None}, "heldout")
    assert result.columns["reviewer"] == "kept"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tags": 4}, '"tags"'),
        ({"criteria": [{"id": "c"}]}, 'criterion 1 ("c"): "text" is missing'),
        ({"split": "later"}, '"later"'),
        ({"prompt": ""}, "no text"),
        ({"prompt": 7}, '"prompt'),
    ],
)
def test_own_lines_that_cannot_be_used(change, said):
    good = {"prompt": "P", "fields": {}}
    result = read(good, good | change)
    assert len(result.examples) == 1
    [problem] = result.problems
    assert problem.row == 2
    assert said in problem.message


def test_list_and_lines_under_either_name():
    rows = [{"prompt": "A"}, {"prompt": "B"}]
    listed = json.dumps(rows, indent=2).encode("utf-8-sig")
    results = [
        read_examples(name, data)
        for name in ("a.json", "a.jsonl", "a.ndjson")
        for data in (listed, lines(*rows), lines(*rows).replace(b"\n", b"\r\n"))
    ]
    assert all(result.examples == results[0].examples for result in results)


def test_other_line_ends_of_unicode_do_not_end_a_line():
    data = '{"prompt": "one\u2028two\x85three"}\n'.encode()
    [example] = read_examples("a.jsonl", data).examples
    assert example.prompt == "one\u2028two\x85three"


def test_row_is_the_line_number():
    result = read_examples("a.jsonl", b'\n{"prompt": "A"}\n\n{"prompt": ""}\n"text"\n')
    assert [problem.row for problem in result.problems] == [4, 5]
    assert result.rows_read == 3


def test_row_limit(monkeypatch):
    monkeypatch.setattr(settings, "MAX_EXAMPLES", 2)
    with pytest.raises(InputError, match="more than 2 rows"):
        read(*[{"prompt": "A"}] * 3)
