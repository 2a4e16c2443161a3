"""What is exported reads back as it was."""

import csv
import io
import json

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rft_core.errors import InputError
from rft_core.examples.cells import clean
from rft_core.examples.exporting import to_csv, to_jsonl, to_openai, to_xlsx
from rft_core.examples.foreign.rubric_files import to_healthbench, to_prbench
from rft_core.examples.importing import read_examples
from rft_core.records import Criterion, Example, Message, Rubric

quick = settings(
    max_examples=150,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)

awkward = st.sampled_from(
    [
        *("=1+1", "'=1", "''-2", "-5", "+x", "@a", "'", "''", "\t=", "\r\n", "\n- item", "＝1"),
        *('"quoted"', '"', '""', '"\\"a\\""', "12.5", "12.50", "007", "true", "null", "[1]", "{}"),
        *(" a ", "a,b;c", "a|b\tc", "_x000D_", "_x005F_", "_x0041_", "a\x00b", "\x1f", "\ufeff"),
        *("#N/A", "#REF!", "2024-03-01", "sep=;", "nan", "\u2028", "\ufffe", "x005F_", "[]", '["'),
        '[{"role": "user", "content": "Hi"}]',
        '"[{\\"role\\": \\"user\\", \\"content\\": \\"Hi\\"}]"',
    ]
)
text = awkward | st.text(max_size=20)
filled = text.filter(clean)
foreign = st.sampled_from(
    [
        *("label.responses", "q.responses.status", ".responses", "q.suggestion", "field: x"),
        *("fields.x", "Fields: y", "field:", "a.b:c", "x: y", "__expected", "__expected2", "vars"),
        *("assert", "__metadata:tags[]", "rubrics", "rubric", "prompt_0", "prompt_id", "task_id"),
        *("data", "annotations", "messages", "prompt", "Prompt", "answer", "reference", "id"),
        *("tags", "split", "cluster", "fields", "criteria", "ignore", "all answers", "expected"),
    ]
)
"""Names that mean something to this program or in files of others."""
name = awkward | foreign | st.text(max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | text
finite = scalars.filter(lambda value: value not in (float("inf"), float("-inf")))
values = st.recursive(
    finite, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(name, inner, max_size=3)
)
message = st.builds(Message, role=st.sampled_from(["user", "assistant"]), content=filled)
prompts = filled | st.lists(message, min_size=1, max_size=3).map(tuple)


def example_parts(**more):
    return st.builds(
        Example,
        id=st.text(min_size=1, max_size=6) | awkward,
        prompt=prompts,
        reference=st.none() | text,
        fields=st.dictionaries(name, values, max_size=3),
        tags=st.lists(text, max_size=3).map(tuple),
        split=st.sampled_from(["train", "heldout", None]),
        cluster=st.none() | text,
        source=st.none() | text,
        note=st.none() | text,
        **more,
    )


def sets(**more):
    return st.lists(
        example_parts(**more), min_size=1, max_size=4, unique_by=lambda example: example.id
    )


def assert_same(filename, data, examples):
    result = read_examples(filename, data)
    assert result.problems == ()
    assert [exact(example) for example in result.examples] == [exact(e) for e in examples]


def exact(example):
    """Types included: 1, 1.0 and true are different values."""
    return json.dumps(example.model_dump(mode="json"), sort_keys=True)


@quick
@given(sets())
def test_csv(examples):
    assert_same("cases.csv", to_csv(examples), examples)


@quick
@given(sets())
def test_xlsx(examples):
    assert_same("cases.xlsx", to_xlsx(examples), examples)


criteria = st.builds(
    Criterion,
    id=st.text(min_size=1, max_size=5),
    text=text,
    points=st.floats(-5, 5),
    aspect=st.sampled_from(["form", "substance"]),
    check=st.fixed_dictionaries({"kind": text, "phrases": st.lists(text, max_size=2)}),
)


@quick
@given(sets(criteria=st.none() | st.lists(criteria, max_size=2).map(tuple), reviewer=values))
def test_jsonl_with_criteria_and_unknown_keys(examples):
    assert_same("cases.jsonl", to_jsonl(examples), examples)


@pytest.mark.parametrize(
    "field",
    ["label.responses", "field: label.responses", "__expected", "vars", "fields.x", "a.b:c"],
)
def test_a_field_may_have_a_name_of_foreign_files(field):
    examples = [Example(id="a", prompt="P", fields={field: "y"})]
    assert_same("cases.csv", to_csv(examples), examples)
    assert_same("cases.xlsx", to_xlsx(examples), examples)
    assert_same("cases.jsonl", to_openai(examples), examples)


def as_openai_holds_it(example):
    """A lone question is a text, and null and blank tags are not held."""
    lone = not isinstance(example.prompt, str) and len(example.prompt) == 1
    return example.with_changes(
        prompt=example.prompt[0].content if lone else example.prompt,
        fields={name: value for name, value in example.fields.items() if value is not None},
        tags=tuple(tag for tag in map(clean, example.tags) if tag),
    )


@quick
@given(sets())
def test_openai(examples):
    asked = [
        e if isinstance(e.prompt, str) or e.prompt[-1].role == "user"
        else e.with_changes(prompt=(*e.prompt, Message(role="user", content="Go on")))
        for e in examples
    ]  # fmt: skip
    assert_same("cases.jsonl", to_openai(asked), list(map(as_openai_holds_it, asked)))


def test_openai_line_is_what_others_expect():
    example = Example(
        id="1", prompt="P", reference="R", fields={"decision": "block", "answer": 2}, split="train"
    )
    assert json.loads(to_openai([example])) == {
        "messages": [{"role": "user", "content": "P"}],
        "reference_answer": "R",
        "id": "1",
        "split": "train",
        "decision": "block",
        "field: answer": 2,
    }


def test_openai_refuses_a_conversation_that_ends_with_an_answer():
    turns = [Message(role="user", content="A"), Message(role="assistant", content="B")]
    with pytest.raises(InputError, match="does not end with a turn of the user"):
        to_openai([Example(id="a", prompt=tuple(turns))])


HOSTILE = Example(
    id="=id",
    prompt='=HYPERLINK("http://x")',
    reference="+1",
    fields={"=f": "-2", "n": -2, "at": "@SUM(A1)", "tab": "\tx"},
    tags=("=t",),
    cluster="-c",
    source="\r=s",
)


def test_csv_holds_no_formula_and_opens_in_excel():
    data = to_csv([HOSTILE])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r"))]
    assert rows[0] == [
        *("id", "prompt", "reference", "field: =f", "field: n", "field: at", "field: tab"),
        *("tags", "split", "cluster", "source", "note"),
    ]


def test_xlsx_holds_text_and_numbers_never_formulas():
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([HOSTILE])))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n"] == [-2]
    assert "HYPERLINK" in book.active["B2"].value
    assert book.active["B2"].quotePrefix


def test_csv_saved_by_excel_as_a_workbook_reads_the_same():
    rows = csv.reader(io.StringIO(to_csv([HOSTILE]).decode("utf-8-sig"), newline=""))
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell.replace("\r", "_x000D_") or None for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    assert_same("cases.xlsx", buffer.getvalue(), [HOSTILE])


def test_text_too_long_for_a_cell_of_excel():
    long = Example(id="a", prompt="x" * 32_768)
    with pytest.raises(InputError, match="32,768 characters is too long"):
        to_xlsx([long])
    assert_same("cases.csv", to_csv([long]), [long])


def test_table_of_plain_cases_is_plain():
    example = Example(id="1", prompt="P", fields={"decision": "block", "n": 2}, tags=("a", "b"))
    lines = to_csv([example]).decode("utf-8-sig").splitlines()
    assert lines[1] == '"1","P","","block","2","a; b","","","",""'


def test_values_that_json_cannot_hold_are_refused():
    with pytest.raises(InputError, match="cannot be saved"):
        to_jsonl([Example(id="a", prompt="P", fields={"x": float("nan")})])


ruled = st.builds(
    Criterion,
    id=st.text(min_size=1, max_size=5),
    text=filled,
    points=st.floats(-5, 5).filter(bool),
    aspect=st.sampled_from(["form", "substance"]),
    check=st.just({"kind": "judge", "question": "Is it so?"}),
)
turns = st.lists(filled, min_size=1, max_size=5).map(
    lambda texts: tuple(
        Message(role="user" if n % 2 == 0 else "assistant", content=text)
        for n, text in enumerate(texts[: len(texts) - 1 + len(texts) % 2])
    )
)
ruled_cases = st.lists(
    st.builds(
        Example,
        id=filled,
        prompt=filled | turns,
        reference=st.none() | filled,
        tags=st.lists(filled, max_size=2).map(tuple),
        criteria=st.lists(ruled, min_size=1, max_size=4, unique_by=lambda c: c.id).map(tuple),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda example: clean(example.id),
)


def graded_alike(one, other):
    assert [turn.content for turn in as_turns(one)] == [turn.content for turn in as_turns(other)]
    assert (one.id, one.tags) == (other.id, other.tags)
    told = [[(c.text, c.points) for c in example.criteria] for example in (one, other)]
    assert told[0] == told[1]


def as_turns(example):
    given = example.prompt
    return (Message(role="user", content=given),) if isinstance(given, str) else given


@quick
@given(ruled_cases)
def test_healthbench(examples):
    result = read_examples("cases.jsonl", to_healthbench(examples, Rubric()))
    assert result.format == "HealthBench"
    for one, other in zip(examples, result.examples, strict=True):
        graded_alike(one, other)
        assert one.reference == other.reference
        assert [c.aspect for c in one.criteria] == [c.aspect for c in other.criteria]


@quick
@given(ruled_cases)
def test_prbench(examples):
    result = read_examples("cases.jsonl", to_prbench(examples, Rubric()))
    assert result.format == "PRBench"
    for one, other in zip(examples, result.examples, strict=True):
        graded_alike(one, other)
