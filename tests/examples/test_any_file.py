"""Whatever is in a file: cases, or a sentence, never anything else."""

import json

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rft_core.errors import InputError
from rft_core.examples.decoding import KINDS
from rft_core.examples.delimited import pasted_start, read_pasted
from rft_core.examples.exporting import to_jsonl
from rft_core.examples.importing import TABLE, open_sheet, read_examples, take_examples
from rft_core.examples.titles import guess_head

quick = settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)

words = st.sampled_from(
    ["", "A", "{{q}}", "[1]", "['a']", "submitted", "Critical", "important", "user", "equals: x",
     "not-regex: (", "contains-all: a,, b", "similar(0.5): a", "file://x", "\0", "\ufeff"]
) | st.text(max_size=6)  # fmt: skip
plain = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | words


def parts(*names):
    """Return objects that have some of these keys, and values of any kind."""
    key = st.sampled_from([*names, "role", "content", "type", "value", "title"])
    inner = st.recursive(
        plain,
        lambda value: st.lists(value, max_size=3) | st.dictionaries(key, value, max_size=4),
        max_leaves=12,
    )
    return st.dictionaries(key, inner, max_size=len(names))


SHAPES = {
    "healthbench": parts("prompt_id", "prompt", "rubrics", "criterion", "points", "tags",
                         "ideal_completions_data", "example_tags", "ideal_completion", "id"),
    "prbench": parts("prompt_0", "prompt_1", "response_0", "rubric", "annotations", "turns",
                     "weight_class", "important_weight", "reference_texts_0", "criteria"),
    "profbench": parts("task_id", "prompt", "rubrics", "criterion_description", "domain",
                       "criterion_weight", "criterion_type", "check", "points"),
    "promptfoo": parts("vars", "assert", "metadata", "tags", "weight", "threshold", "q",
                       "prefix", "options", "fields", "description"),
    "argilla": parts("text", "q.responses", "q.responses.status", "q.suggestion", "id", "status"),
    "label studio": parts("id", "data", "annotations", "result", "from_name", "choices", "text",
                          "was_cancelled", "labels"),
}  # fmt: skip
ALWAYS = {
    "healthbench": {"prompt_id": "1", "prompt": "A", "rubrics": [{"criterion": "B", "points": 1}]},
    "prbench": {"prompt_0": "A", "rubric": [{"title": "B", "annotations": {
        "weight_class": "important", "important_weight": 4}}]},
    "profbench": {"task_id": "1", "prompt": "A", "rubrics": [{
        "criterion_description": "B", "criterion_weight": "Minor"}]},
    "promptfoo": {"vars": {"q": "A"}, "assert": [{"type": "equals", "value": "B"}]},
    "argilla": {"text": "A", "q.responses": ["x"]},
    "label studio": {"data": {"text": "A"}, "annotations": []},
}  # fmt: skip


def taken(filename, data):
    """Read a file, and all that was read once more from this program's own file."""
    try:
        result = read_examples(filename, data)
    except InputError as error:
        assert error.message
        return
    assert len(result.examples) <= result.rows_read
    assert all(problem.message and problem.fix for problem in result.problems)
    if result.examples:
        again = read_examples("again.jsonl", to_jsonl(result.examples))
        assert again.problems == ()
        assert to_jsonl(again.examples) == to_jsonl(result.examples)


@pytest.mark.parametrize("shape", SHAPES)
@quick
@given(data=st.data())
def test_rows_that_look_like_those_of_another_tool(shape, data):
    rows = [ALWAYS[shape] | data.draw(SHAPES[shape]) for _ in range(2)]
    taken("a.jsonl", "\n".join(map(json.dumps, rows)).encode())


@quick
@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=200))
def test_any_bytes_under_any_name(ending, data):
    taken(f"a{ending}", data)


@quick
@given(
    st.sampled_from([".csv", ".tsv", ".json", ".jsonl", ".yaml"]),
    st.text(alphabet="abq,;|\t\n\r\"'{}[]:-&*!#=_ \u200b", max_size=60),
)
def test_any_text_after_a_heading(ending, text):
    taken(f"a{ending}", f"prompt,__expected\nA,{text}".encode())
    taken(f"a{ending}", text.encode())


@quick
@given(
    st.text(alphabet='ab\t\n\r", ', max_size=40),
    st.none() | st.integers(0, 4),
    st.booleans(),
)
def test_any_row_taken_for_the_headings(text, head, pasted):
    try:
        guess_head(pasted_start(text))
        if pasted:
            sheet = read_pasted(text, head)
        else:
            sheet, _ = open_sheet("a.csv", text.encode(), head=head)
        mapping = {sheet.columns[0]: "prompt"} if sheet.columns and sheet.columns[0] else None
        result = take_examples(sheet, TABLE, (), mapping)
    except InputError:
        return
    assert len(result.examples) <= sheet.rows_read
