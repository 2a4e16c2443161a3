"""Cases with their criteria as HealthBench's and PRBench's files."""

import json

import pytest

from rft_core.errors import InputError
from rft_core.examples.foreign.rubric_files import (
    check_healthbench,
    check_prbench,
    to_healthbench,
    to_prbench,
)
from rft_core.examples.importing import read_examples
from rft_core.records import Criterion, Example, Message, Rubric

HEALTH = {
    "prompt_id": "h-1",
    "prompt": [{"role": "user", "content": "Is my dose safe?"}],
    "rubrics": [
        {"criterion": "Says to ask a doctor", "points": 5.0, "tags": ["level:example"]},
        {"criterion": "Doubles the dose", "points": -8.0, "tags": []},
    ],
    "example_tags": ["theme:hedging"],
    "ideal_completions_data": {"ideal_completion": "Ask.", "ideal_completions_group": "g"},
    "canary": "c",
}
LAW = {
    "id": "l-1",
    "task": "t",
    "turns": 2,
    "field": "Legal",
    "topic": "Torts",
    "prompt_0": "May I sue?",
    "response_0": "Perhaps.",
    "prompt_1": "And now?",
    "rubric": [
        {
            "id": "r1",
            "title": "Names the limitation period",
            "annotations": {
                "criteria_category": "Legal Accuracy",
                "weight_class": "important",
                "important_weight": 9.0,
            },
        }
    ],
}
BRIEF = Criterion(
    id="brief", text="Is brief", points=2, aspect="form", check={"kind": "length", "max_words": 9}
)
GRAVE = Criterion(
    id="grave", text="Invents a case", points=-6, aspect="substance",
    check={"kind": "forbidden", "phrases": ["v."]}, tags=("law",),
)  # fmt: skip
RUBRIC = Rubric(criteria=(BRIEF, GRAVE))


@pytest.mark.parametrize("row, write", [(HEALTH, to_healthbench), (LAW, to_prbench)])
def test_a_file_of_theirs_is_written_back_as_it_was(row, write):
    examples = read_examples("cases.jsonl", f"{json.dumps(row)}\n".encode()).examples
    assert json.loads(write(examples, Rubric())) == row


def test_each_case_gets_the_criteria_that_grade_it():
    cases = [Example(id="a", prompt="A?", tags=("law",)), Example(id="b", prompt="B?")]
    first, second = map(json.loads, to_healthbench(cases, RUBRIC).splitlines())
    assert [rule["criterion"] for rule in first["rubrics"]] == ["Is brief", "Invents a case"]
    assert second["rubrics"] == [
        {"criterion": "Is brief", "points": 2.0, "tags": ["axis:communication_quality"]}
    ]


def test_prbench_names_the_weight_of_each_rule():
    [row] = map(json.loads, to_prbench([Example(id="a", prompt="A?", tags=("law",))], RUBRIC)
                .splitlines())  # fmt: skip
    assert [rule["annotations"] for rule in row["rubric"]] == [
        {"weight_class": "important", "important_weight": 2.0},
        {"weight_class": "critically detrimental", "critically_detrimental_weight": -6.0},
    ]


@pytest.mark.parametrize("write", [to_healthbench, to_prbench])
@pytest.mark.parametrize("text", ["Must not name a dose", 'Does not say "red flag"'])
def test_a_penalty_of_what_must_not_be_is_written_as_the_fault_and_read_as_the_rule(write, text):
    rule = GRAVE.with_changes(text=text, tags=())
    data = write([Example(id="a", prompt="A?")], Rubric(criteria=(rule,)))
    assert f"Breaks this rule: {text}" in json.dumps(json.loads(data)).replace('\\"', '"')
    [case] = read_examples("cases.jsonl", data).examples
    [read] = case.criteria
    assert (read.text, read.points) == (text, -6)
    assert read.check.parameters["question"] == f"Breaks this rule: {text}"
    assert json.loads(write([case], Rubric())) == json.loads(data), "and written again alike"


@pytest.mark.parametrize(
    "case, rubric, check, write, said",
    [
        (Example(id="a", prompt="A?"), Rubric(), check_healthbench, to_healthbench, "No criterion"),
        (
            Example(id="a", prompt=(Message(role="user", content="A?"),
                                    Message(role="assistant", content="B."))),
            RUBRIC, check_healthbench, to_healthbench, "does not end",
        ),
        (
            Example(id="a", prompt=(Message(role="system", content="S"),
                                    Message(role="user", content="A?"))),
            RUBRIC, check_prbench, to_prbench, "cannot hold the conversation",
        ),
        (
            Example(id="a", prompt=tuple(
                Message(role="user" if n % 2 == 0 else "assistant", content=str(n))
                for n in range(21)
            )),
            RUBRIC, check_prbench, to_prbench, "cannot hold the conversation",
        ),
    ],
)  # fmt: skip
def test_what_a_file_cannot_hold_is_told_before_and_while_it_is_written(
    case, rubric, check, write, said
):
    for refused in (check, write):
        with pytest.raises(InputError, match=said):
            refused([case], rubric)
