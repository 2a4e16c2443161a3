"""Files of other tools: recognised, read whole or not at all, and nothing lost on the way."""

import datetime
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples import parquetfiles, yamlfiles
from rft_core.examples.exporting import to_jsonl
from rft_core.examples.importing import read_examples
from rft_core.records import Criterion, Rubric
from rft_core.rubric.grading import Grader, alone


def read(*rows, name="cases.jsonl", **options):
    data = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    return read_examples(name, data, **options)


def table(text, name="tests.csv", **options):
    return read_examples(name, text.encode(), **options)


def parquet(*rows, **options) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), buffer, **options)
    return buffer.getvalue()


def survives(result):
    """Tell whether all that was read comes back from this program's own file."""
    again = read_examples("again.jsonl", to_jsonl(result.examples))
    return not again.problems and again.examples == result.examples


HEALTH = {
    "prompt_id": "h-1",
    "prompt": [{"role": "user", "content": "Is my dose safe?"}],
    "rubrics": [
        {"criterion": "Says to ask a doctor", "points": 5, "tags": ["level:example"]},
        {"criterion": "Is polite", "points": 2, "tags": ["axis:communication_quality"]},
        {"criterion": "Doubles the dose", "points": -8, "tags": []},
    ],
    "example_tags": ["theme:hedging"],
    "ideal_completions_data": {"ideal_completion": "Ask.", "ideal_completions_group": "g"},
    "canary": "c",
}
LAW = {
    "task": "t1",
    "turns": 2,
    "field": "Legal",
    "topic": "Torts",
    "expert": "E",
    "prompt_0": "May I sue?",
    "response_0": "Perhaps.",
    "prompt_1": "And now?",
    "response_1": None,
    "reference_texts_0": ["Section 1."],
    "reference_texts_1": [],
    "rubric": [
        {
            "id": "r1",
            "title": "Names the limitation period",
            "annotations": {
                "criteria_category": "Legal Accuracy",
                "criteria_description": "Any mention",
                "weight_class": "critically important",
                "critically_important_weight": 9,
                "important_weight": 3,
            },
        },
        {
            "id": "r2",
            "title": "Invents a case",
            "annotations": {"weight_class": "slightly detrimental",
                            "slightly_detrimental_weight": -2},
        },
    ],
}  # fmt: skip
REPORT = {
    "task_id": "p1",
    "domain": "Chemistry",
    "prompt": "Write a report.",
    "rubrics": [
        {"criterion_description": "Finds 5 mol", "criterion_type": ["Reasoning"],
         "criterion_weight": "Critical", "justification": "J"},
        {"criterion_description": "Is short", "criterion_type": ["Style"],
         "criterion_weight": "Additional"},
    ],
    "note": None,
}  # fmt: skip


def test_healthbench():
    result = read(HEALTH)
    [example] = result.examples
    assert result.format == "HealthBench"
    assert (example.id, example.case_text, example.reference) == ("h-1", "Is my dose safe?", "Ask.")
    assert example.tags == ("theme:hedging",)
    assert [c.points for c in example.criteria] == [5, 2, -8]
    assert [c.aspect for c in example.criteria] == ["substance", "form", "substance"]
    assert example.criteria[0].tags_in_file == ["level:example"]
    assert example.canary == "c"
    assert example.ideal_completions_data == {"ideal_completions_group": "g"}
    assert "only an AI grader can decide" in result.problems[0].message
    assert "gets no points until an AI grader is set up" in result.problems[0].fix
    assert survives(result)


def test_rules_for_a_reader_are_not_graded_and_are_never_0():
    [example] = read(HEALTH).examples
    spec = {"kind": "length", "max_words": 9}
    short = Criterion(id="short", text="Short", points=1, aspect="form", check=spec)
    grade = Grader(Rubric(criteria=(short,))).grade("Ask.", example)
    assert [grade.values[c.id] for c in example.criteria] == [None, None, None]
    assert grade.values["short"] == 1
    assert grade.score is None


def test_prbench_conversation_with_sources():
    result = read(LAW)
    [example] = result.examples
    assert result.format == "PRBench"
    assert [m.role for m in example.prompt] == ["user", "assistant", "user"]
    assert example.prompt[0].content == "Section 1.\n\nMay I sue?"
    assert example.tags == ("Legal", "Torts")
    assert [(c.id, c.text, c.points) for c in example.criteria] == [
        ("r1", "Names the limitation period", 9),
        ("r2", "Invents a case", -2),
    ]
    assert example.criteria[0].category == "Legal Accuracy"
    assert example.criteria[0].annotations["criteria_description"] == "Any mention"
    assert example.expert == "E"
    assert survives(result)


def test_prbench_as_a_list_and_as_parquet():
    listed = read_examples("law.json", json.dumps([LAW]).encode())
    packed = read_examples("law.parquet", parquet(LAW))
    assert packed.format == "PRBench"
    assert packed.examples == listed.examples == read(LAW).examples


def test_profbench():
    result = read(REPORT)
    [example] = result.examples
    assert result.format == "ProfBench"
    assert [(c.points, c.aspect) for c in example.criteria] == [(4, "substance"), (1, "form")]
    assert example.criteria[0].justification == "J"
    assert (example.prompt, example.tags) == ("Write a report.", ("Chemistry",))
    assert survives(result)


@pytest.mark.parametrize(
    ("good", "change", "said"),
    [
        (HEALTH, {"rubrics": []}, "not a list of criteria"),
        (HEALTH, {"rubrics": "text"}, "not a list of criteria"),
        (HEALTH, {"rubrics": [{"criterion": "A", "points": None}]}, "has no points"),
        (HEALTH, {"rubrics": [{"criterion": "A", "points": True}]}, "has no points"),
        (HEALTH, {"rubrics": [{"criterion": "A", "points": "five"}]}, "has no points"),
        (HEALTH, {"rubrics": [{"criterion": " ", "points": 1}]}, "no text"),
        (HEALTH, {"rubrics": [{"criterion": "A", "points": 10**7}]}, "1,000,000"),
        (HEALTH, {"prompt": [{"role": "tool", "content": "x"}]}, '"tool"'),
        (HEALTH, {"prompt": None}, "no text"),
        (LAW, {"rubric": [{"title": "A"}]}, "has no points"),
        (LAW, {"prompt_0": ""}, "turn of the conversation is missing"),
        (LAW, {"response_0": None}, "no answer to turn 1"),
        (REPORT, {"rubrics": [{"criterion_description": "A", "criterion_weight": "Huge"}]},
         "has no points"),
    ],
)  # fmt: skip
def test_a_row_with_a_broken_rubric_is_left_out_whole(good, change, said):
    result = read(good, good | change)
    assert len(result.examples) == 1
    [problem] = [p for p in result.problems if said in p.message]
    assert problem.row == 2
    assert problem.fix


def weighed(weight, kind="important"):
    return {"rubric": [{"id": "r", "title": "A", "annotations": {
        "weight_class": kind, f"{kind.replace(' ', '_')}_weight": weight}}]}  # fmt: skip


@pytest.mark.parametrize(
    ("good", "change", "points", "said"),
    [
        (HEALTH, {"rubrics": [{"criterion": "A", "points": 0}, {"criterion": "B", "points": 2}]},
         [2], ["only an AI grader", "with 0 points was left out"]),
        (HEALTH, {"rubrics": [{"criterion": "A", "points": 0}]}, [], ["with 0 points"]),
        (HEALTH, {"rubrics": [{"criterion": "A", "points": "5"}]}, [5],
         ["only an AI grader", "taken as numbers"]),
        (HEALTH, {"rubrics": [{"criterion": "A", "points": "-2.5"}, {"criterion": "B",
                                                                     "points": "0"}]},
         [-2.5], ["only an AI grader", "with 0 points", "taken as numbers"]),
        (LAW, weighed("5"), [5], ["only an AI grader", "taken as numbers"]),
        (LAW, weighed("5", "slightly detrimental"), [-5], ["AI grader", "taken as numbers"]),
        (LAW, weighed(0), [], ["with 0 points"]),
        (REPORT, {"rubrics": [{"criterion_description": "A", "criterion_weight": "3"}]}, [3],
         ["only an AI grader", "taken as numbers"]),
    ],
)  # fmt: skip
def test_a_rule_of_0_points_or_points_as_text_do_not_cost_the_case(good, change, points, said):
    result = read(good | change)
    [example] = result.examples
    assert [c.points for c in example.criteria or ()] == points
    assert len(result.problems) == len(said)
    for problem, words in zip(result.problems, said, strict=True):
        assert words in problem.message
        assert not problem.left_out


def test_a_file_of_which_no_row_can_be_read_says_why_of_each():
    result = read(HEALTH | {"rubrics": []})
    assert (result.format, result.examples, result.rows_read) == ("HealthBench", (), 1)
    assert [p.row for p in result.problems] == [1]


def test_rules_of_different_cases_never_share_an_id_by_chance():
    other = HEALTH | {"prompt_id": "h-2", "rubrics": [{"criterion": "Is brief", "points": 5}] * 2}
    first, second = read(HEALTH, other).examples
    assert not {c.id for c in first.criteria} & {c.id for c in second.criteria}
    assert len({c.id for c in second.criteria}) == 2


PROMPTFOO = (
    "question,__expected,__expected2,__description,__metadata:tags[],__metric\n"
    'Capital of France?,Paris,"contains-any: Paris, ""Ile-de-France""",easy one,"geo, easy",m\n'
    "Write a poem,llm-rubric: It rhymes,not-contains: roses,,,\n"
    'A date?,"regex: ^\\d{4}$",is-json,,,\n'
)


def test_promptfoo_table():
    result = table(PROMPTFOO)
    first, second, third = result.examples
    assert result.format == "promptfoo tests"
    assert (first.prompt, first.reference) == ("Capital of France?", "Paris")
    assert [c.check.kind for c in first.criteria] == ["exact", "contains_any"]
    assert first.criteria[1].check.parameters == {"phrases": ["Paris", "Ile-de-France"]}
    assert (first.tags, first.description, first.metric) == (("geo", "easy"), "easy one", "m")
    assert [(c.check.kind, c.points) for c in second.criteria] == [("judge", 1), ("forbidden", -1)]
    assert second.criteria[0].check.parameters == {"question": "It rhymes"}
    assert [c.check.kind for c in third.criteria] == ["pattern", "json"]
    assert not second.fields and not third.fields
    assert [(p.row, p.message) for p in result.problems] == [
        (3, "The case has rules of its own, which only an AI grader can decide."),
        (4, '"is-json" is checked a little otherwise here.'),
    ]
    assert survives(result)


def test_promptfoo_criteria_grade():
    first, second, _ = table(PROMPTFOO).examples
    spec = {"kind": "length", "max_words": 9}
    short = Criterion(id="short", text="Short", points=1, aspect="form", check=spec)
    grader = Grader(Rubric(criteria=(short,)))
    assert grader.grade("Paris", first).net == 3
    assert grader.grade("Rome", first).net == 1
    assert grader.grade("Red roses", second).net == 0
    assert grader.grade("Red tulips", second).score is None, "no AI grader is set up"


@pytest.mark.parametrize(
    "value",
    [
        "not-contains-all: a, b",
        "regex: (?=look)ahead",
        "contains-any:",
        "similar(0.8): hello",
        "javascript: output.length > 5",
        "not-icontains-all: a, b",
        "not-is-xml",
        "contains-json",
        "cost(0.01):",
    ],
)
def test_promptfoo_expectations_without_a_check_are_kept_as_written(value):
    result = table(f'q,__expected\nHi,"{value}"\n')
    [example] = result.examples
    assert example.criteria is None
    [kept] = example.fields["expected"]
    assert kept.replace(" ", "") == value.replace(" ", "")
    assert len(result.problems) == 1


def test_promptfoo_variables_and_what_only_expectations_use():
    text = "context,question,answer,__expected\nThe sky,Colour?,blue,contains: {{ answer }}\n"
    [example] = table(text).examples
    assert example.prompt == "context: The sky\n\nquestion: Colour?"
    assert example.fields == {"answer": "blue"}
    assert example.criteria[0].check.parameters == {"phrases": ["blue"]}


YAML = """
prompts: ["Answer: {{q}}"]
providers: [x]
defaultTest:
  assert:
    - type: not-contains
      value: sorry
tests:
  - description: first
    vars: {q: Is it 2024-03-01, hint: no}
    assert:
      - type: contains-all
        value: [a, "b, c"]
        weight: 3
        metric: m
      - {type: llm-rubric, value: kind}
  - vars: {q: Next}
  - vars: {q: [one, two]}
  - vars: {q: "file://x.txt"}
  - nothing
"""


def test_promptfoo_yaml():
    result = table(YAML, "promptfooconfig.yaml")
    first, second = result.examples
    assert first.prompt == "q: Is it 2024-03-01\n\nhint: no"
    assert [(c.check.kind, c.points) for c in first.criteria] == [
        ("forbidden", -1),
        ("contains_all", 3),
        ("judge", 1),
    ]
    assert first.criteria[1].promptfoo == {"metric": "m"}
    assert not first.fields
    assert (second.prompt, len(second.criteria)) == ("Next", 1)
    assert [p.row for p in result.problems] == [None, 1, 3, 4, 5]
    assert "not prompts, providers" in result.problems[0].message
    assert survives(result)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a: 1\n  b: [", "Line 3"),
        ("a: &x [1]\nb: *x\n", "Line 2 refers"),
        ("- a: 1\n  a: 2\n", '"a" occurs twice'),
        ("- !!python/object/apply:os.system [ls]\n", "not valid YAML"),
        ("[" * 3000, "YAML"),
        ("plain text", "neither a list"),
        ("- prompt\n", "No column"),
        ("- x: \x07\n", "cannot be read"),
    ],
)
def test_yaml_that_cannot_be_used(text, said):
    with pytest.raises(InputError) as caught:
        table(text, "a.yaml")
    assert said in caught.value.message
    assert caught.value.fix


def test_yaml_as_a_plain_table(monkeypatch):
    result = table("- {prompt: A, decision: no, n: 3}\n", "a.yml")
    assert result.examples[0].fields == {"decision": "no", "n": 3}
    monkeypatch.setattr(yamlfiles, "MAX_MB", 0)
    with pytest.raises(InputError, match="more than 0 MB"):
        table("- {prompt: A}\n", "a.yml")


@pytest.mark.parametrize("indent", [None, 2])
def test_a_promptfoo_configuration_as_json_is_read_as_the_same_in_yaml(indent):
    config = {
        "prompts": ["Answer: {{q}}"],
        "providers": ["x"],
        "defaultTest": {"assert": [{"type": "not-contains", "value": "sorry"}]},
        "tests": [{"vars": {"q": "Capital?"}, "assert": [{"type": "equals", "value": "Paris"}]},
                  {"vars": {"q": "Next"}}, 5],
    }  # fmt: skip
    text = json.dumps(config, indent=indent)
    result = table(text, "promptfooconfig.json")
    assert result == table(text, "promptfooconfig.yaml")
    assert result.format == "promptfoo tests"
    assert [len(example.criteria) for example in result.examples] == [2, 1]
    assert [p.row for p in result.problems] == [None, 3]
    assert "not prompts, providers" in result.problems[0].message
    plain = table(json.dumps({"tests": config["tests"][:2]}, indent=indent), "tests.json")
    assert [example.prompt for example in plain.examples] == ["Capital?", "Next"]


def asserted(one, **more):
    result = read({"vars": {"q": "Hi"}, "assert": [one], **more})
    return result.examples[0], [problem.message for problem in result.problems]


@pytest.mark.parametrize(
    ("one", "points", "right", "wrong"),
    [
        ({"type": "is-json"}, 1, '{"a": 1}', "a"),
        ({"type": "not-is-json"}, -1, '{"a": 1}', "a"),
        ({"type": "is-json", "value": {"required": ["a"], "type": "object"}, "weight": 2}, 2,
         '{"a": 1}', '{"b": 1}'),
        ({"type": "is-json", "value": '{"required": ["a"]}'}, 1, '{"a": 1}', '{"b": 1}'),
        ({"type": "not-starts-with", "value": "Sorry (really)"}, -1, "Sorry (really) no", "Yes"),
        ({"type": "equals", "value": True}, 1, "true", "True"),
        ({"type": "contains-any", "value": [1.5, "b"]}, 1, "b", "a"),
    ],
)  # fmt: skip
def test_promptfoo_expectations_become_criteria(one, points, right, wrong):
    example, _ = asserted(one)
    (criterion,) = example.criteria
    assert criterion.points == points
    assert [alone(criterion, answer, example)[0] for answer in (right, wrong)] == [1, 0]


@pytest.mark.parametrize(
    ("kind", "points"), [("llm-rubric", 1), ("not-llm-rubric", -1), ("grade", 1)]
)
def test_a_promptfoo_rubric_in_words_is_asked_of_an_ai_grader(kind, points):
    example, said = asserted({"type": kind, "value": "Is it rude to {{q}}?"}, vars={"q": "me"})
    (criterion,) = example.criteria
    assert (criterion.text, criterion.points) == ("Is it rude to me?", points)
    assert criterion.check.parameters == {"question": "Is it rude to me?"}
    assert said == ["The case has rules of its own, which only an AI grader can decide."]


@pytest.mark.parametrize(
    "one",
    [
        {"type": "llm-rubric"},
        {"type": "llm-rubric", "value": " "},
        {"type": "llm-rubric", "value": [{"role": "user", "content": "x"}]},
        {"type": "is-json", "value": {"$ref": "#/x"}},
        {"type": "is-json", "value": "file://schema.json"},
        {"type": "equals", "value": ["a"]},
    ],
)
def test_promptfoo_expectations_that_no_check_can_be_given_are_kept_and_said(one):
    example, said = asserted(one)
    assert example.criteria is None
    assert example.fields["expected"][0].startswith(one["type"])
    assert said == [f'No check here fits the expectation "{one["type"]}".']


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ({"assert": [{"type": "contains", "value": "x", "threshold": 0.5}]},
         'The "threshold" of the expectation "contains" has no effect here.'),
        ({"assert": [{"type": "equals", "value": "x", "transform": "output.a"}]},
         'The "transform" of the expectation "equals" has no effect here.'),
        ({"assert": [{"type": "equals", "value": "x"}], "threshold": 0.5},
         'The "threshold" of the test has no effect here.'),
        ({"assert": [{"type": "assert-set", "threshold": 0.5,
                      "assert": [{"type": "equals", "value": "x"}]}]},
         'The "threshold" of the expectation "assert-set" has no effect here.'),
    ],
)  # fmt: skip
def test_what_has_no_effect_of_a_promptfoo_test_is_said(test, said):
    example, messages = asserted({}, **test)
    assert len(example.criteria) == 1
    assert messages == [said]


def test_a_threshold_in_a_promptfoo_table_is_told_from_a_variable_of_that_name():
    column = table("threshold,__expected,__threshold\nHi,x,0.5\n")
    assert [p.message for p in column.problems] == [
        'The "threshold" of the test has no effect here.'
    ]
    assert not table("threshold,__expected\nHi,x\n").problems


def record(text, responses, states, **more):
    return {"text": text, "label.responses": responses, "label.responses.status": states,
            "label.responses.users": ["u"] * len(responses), "label.suggestion": "x",
            "label.suggestion.score": 0.5, "_server_id": "s", **more}  # fmt: skip


def test_argilla_records():
    ok = "submitted"
    result = read(
        record("A", ["yes"], [ok], id="a"),
        record("B", ["yes", "no", "yes"], [ok] * 3, id="b"),
        record("C", ["yes", "no"], [ok] * 2, id="c"),
        record("D", ["no", "yes"], ["discarded", ok], id="d"),
        record("E", [], [], id="e"),
    )
    assert result.format == "Argilla"
    assert [(e.id, e.prompt) for e in result.examples] == list(zip("abcde", "ABCDE", strict=True))
    assert [e.fields.get("label") for e in result.examples] == ["yes", "yes", None, "yes", None]
    assert result.examples[1].fields["all answers"] == {"label": ["yes", "no", "yes"]}
    assert [p.row for p in result.problems] == [3, 5]
    assert result.columns["label"] == "field: label"
    mapped = read(record("A", ["yes"], [ok]), mapping={"label": "reference"})
    assert mapped.examples[0].reference == "yes"


def test_argilla_lists_in_a_table():
    text = 'text,q.responses,q.responses.status\nA,["x"],\nB,"[\'y\']","[\'submitted\']"\n'
    assert [e.fields["q"] for e in table(text).examples] == ["x", "y"]


def labelled(name, kind, value, **more):
    return {"completed_by": 1, "result": [
        {"from_name": name, "to_name": "text", "type": kind, "value": value}], **more}  # fmt: skip


def test_label_studio_tasks():
    result = read_examples(
        "project.json",
        json.dumps(
            [
                {"id": 7, "data": {"text": "A"}, "annotations": [
                    labelled("mood", "choices", {"choices": ["good"]}),
                    labelled("mood", "choices", {"choices": ["bad"]}, was_cancelled=True)]},
                {"id": 8, "data": {"text": "B"}, "annotations": [
                    labelled("answer", "textarea", {"text": ["Long"]}),
                    labelled("mood", "rating", {"rating": 4})]},
                {"id": 9, "data": {"text": "C"}, "annotations": [
                    labelled("part", "labels", {"start": 0, "end": 1, "text": "C",
                                                "labels": ["X"]}),
                    labelled("text", "choices", {"choices": ["a", "b"]})]},
                {"id": 10, "data": {"text": "D"}, "annotations": []},
                {"id": 11, "data": None, "annotations": []},
            ]
        ).encode(),
    )  # fmt: skip
    assert result.format == "Label Studio"
    assert [(e.id, e.prompt) for e in result.examples] == [
        ("7", "A"), ("8", "B"), ("9", "C"), ("10", "D"),
    ]  # fmt: skip
    assert result.examples[0].fields == {"mood": "good"}
    assert (result.examples[1].reference, result.examples[1].fields) == ("Long", {"mood": 4})
    assert result.examples[2].fields == {"part": ["X: C"], "text (answer)": ["a", "b"]}
    assert [p.row for p in result.problems] == [4, 5]


def test_any_of_them_can_be_read_as_a_plain_table():
    result = table(PROMPTFOO, plain=True, mapping={"question": "prompt"})
    assert result.format == "A plain table"
    assert result.examples[0].fields["__expected"] == "Paris"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"messages": [{"role": "user", "content": "x"}]}], "OpenAI RFT"),
        ([{"prompt": "x", "fields": {}}], "RFT Studio"),
        ([{"prompt": "x", "vars": "y"}], "A plain table"),
        ([{"prompt": "x", "rubrics": "y"}], "A plain table"),
        ([{"prompt": "x", "data": "y", "annotations": "z"}], "A plain table"),
        ([{"prompt": "x", "data": {"a": "y"}, "annotations": "z"}], "A plain table"),
        ([{"text": "x", "vars": "y"}], "A plain table"),
        ([{"data": {"text": "x"}, "annotations": []}], "Label Studio"),
        (
            [{"prompt": "x", "data": "y"}, {"data": {"text": "x"}, "annotations": []}],
            "Label Studio",
        ),
    ],
)
def test_what_a_file_is_recognised_as(rows, told):
    assert read(*rows).format == told


def test_a_heading_twice_in_another_tools_table_is_not_lost():
    with pytest.raises(InputError, match="Two columns"):
        table("q,__expected,__expected\nA,b,c\n")


def test_parquet_as_a_plain_table():
    row = {"id": 1, "prompt": "P", "when": datetime.date(2024, 3, 1), "x": float("nan"),
           "parts": [{"a": 1}], "n": 2.5, "raw": b"text"}  # fmt: skip
    [example] = read_examples("a.parquet", parquet(row)).examples
    assert (example.id, example.prompt) == ("1", "P")
    assert example.fields == {
        "when": "2024-03-01", "parts": [{"a": 1}], "n": 2.5, "raw": "text",
    }  # fmt: skip


def test_parquet_that_cannot_be_used(monkeypatch):
    good = parquet({"prompt": "A"}, {"prompt": "B"})
    pictures = parquet({"prompt": "A", "image": b"\x89PNG\xff"})
    swollen = parquet(*[{"prompt": "x" * 2**20}] * 120, compression="zstd")
    for data, said in [
        (good[:-20], "damaged"),
        (good[:4] + b"\0" * 80 + good[-8:], "damaged"),
        (b"prompt\nA\n", "not a Parquet file"),
        (pictures, "not text"),
        (swollen, "more than 100 MB"),
        (b"", "empty"),
    ]:
        with pytest.raises(InputError) as caught:
            read_examples("a.parquet", data)
        assert said in caught.value.message
        assert caught.value.fix
    monkeypatch.setattr(settings, "MAX_EXAMPLES", 1)
    with pytest.raises(InputError, match="2 rows; the limit is 1"):
        read_examples("a.parquet", good)
    monkeypatch.setattr(parquetfiles, "MAX_UNPACKED_MB", 0)
    with pytest.raises(InputError, match=r"limit is 1|more than 0 MB"):
        read_examples("a.parquet", good)


def leaves(value):
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [] if value is None else [value]


@pytest.mark.parametrize("row", [HEALTH, LAW, REPORT], ids=["healthbench", "prbench", "profbench"])
def test_no_value_of_a_row_is_lost(row):
    kept = to_jsonl(read(row).examples).decode()
    assert [leaf for leaf in leaves(row) if str(leaf) not in kept] == []


def test_promptfoo_takes_the_answer_that_is_wanted_and_no_other():
    tests = [
        {"vars": {"q": "A?"}, "assert": [{"type": "contains", "value": "refund"},
                                         {"type": "not-equals", "value": "No"}]},
        {"vars": {"q": "B?"}, "assert": [{"type": "not-contains", "value": "x"},
                                         {"type": "equals", "value": "Yes"}]},
        {"vars": {"q": "C?"}, "assert": [{"type": "assert-set", "assert": ["z"]}]},
    ]  # fmt: skip
    result = read(*tests)
    assert [example.reference for example in result.examples] == [None, "Yes"]
    assert [problem.message for problem in result.problems if problem.row == 3] == [
        "An assertion of the test has no type."
    ]


def test_label_studio_answers_to_one_question_by_region_are_all_kept():
    both = [labelled("tone", "choices", {"choices": [tone]}) for tone in ("pos", "neg")]
    results = [result for one in both for result in one["result"]]
    task = {"id": 1, "data": {"text": "P"}, "annotations": [{"completed_by": 1, "result": results}]}
    [example] = read(task).examples
    assert example.fields["tone"] == ["pos", "neg"]
