"""Rubric files of every known kind; what is not known in them is kept and said."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.checks.wording import shown
from rft_core.errors import InputError
from rft_core.examples.folder import read_project
from rft_core.examples.foreign.rubric_files import to_healthbench, to_prbench
from rft_core.records import CheckSpec, Criterion, Example, ReviewRule, Rubric
from rft_core.rubric.files import rubric_text
from rft_core.rubric.foreign.imported import (
    Imported,
    added_to,
    in_place_of,
    known_here,
    new_review,
    updated_by,
    with_checks_here,
)
from rft_core.rubric.foreign.intake import read_rubric_file
from rft_core.rubric.grading import Grader
from rft_core.rubric.lint import lint
from rft_core.settings import samples_folder
from tests.models.grader_server import GraderServer

FILES = read_project(samples_folder() / "finance")
TRAIN = [e for e in FILES.examples if e.split == "train"]
HEALTHBENCH = {
    "prompt_id": "p", "prompt": [{"role": "user", "content": "x"}],
    "rubrics": [
        {"criterion": "Makes the right decision", "points": 7, "tags": ["level:example"]},
        {"criterion": "Is impolite", "points": -3, "tags": []},
    ],
}  # fmt: skip
PRBENCH = {
    "task": "t",
    "rubric": [
        {"id": "1", "title": "Makes the right decision",
         "annotations": {"weight_class": "critically important",
                         "critically_important_weight": 10}},
        {"id": "2", "title": "Is vague",
         "annotations": {"weight_class": "slightly detrimental",
                         "slightly_detrimental_weight": -2}},
    ],
}  # fmt: skip
PROFBENCH = {
    "task_id": "t",
    "rubrics": [
        {"criterion_description": "Makes the right decision", "criterion_weight": "Critical"},
        {"criterion_description": "Is vague", "criterion_weight": "Additional"},
    ],
}


def read(content: Any) -> Any:
    return read_rubric_file("file.json", json.dumps(content).encode(), TRAIN)


def test_our_own_file_comes_back_as_it_was() -> None:
    found = read_rubric_file("rubric.json", rubric_text(FILES.rubric).encode(), TRAIN)
    assert found.rubric == FILES.rubric
    assert not found.notes


def test_what_a_newer_version_wrote_is_kept_and_said() -> None:
    content = json.loads(rubric_text(FILES.rubric))
    content["mood"] = "sunny"
    content["criteria"][0]["check"]["depth"] = 3
    content["criteria"][1]["check"] = {"kind": "telepathy"}
    found = read(content)
    assert found.rubric.model_dump(mode="json") == content
    said = " ".join(found.notes)
    assert '"mood"' in said and '"depth"' in said and '"Telepathy"' in said


def newer(**change: Any) -> Any:
    """Return the sample's rubric with its first criterion changed as a newer version might."""
    content = json.loads(rubric_text(FILES.rubric))
    content["criteria"][0] |= change
    return content


def test_an_option_of_a_newer_version_is_kept_said_and_leaves_its_criterion_without_a_grade() -> (
    None
):
    content = newer(points=1, check={"kind": "overlap", "metric": "chrf"})
    found = read(content)
    assert found.rubric.model_dump(mode="json") == content
    (note,) = found.notes
    first = found.rubric.criteria[0]
    assert note.startswith(shown(first.text))
    assert '"chrf"' in note and "newer version" in note and "kept" in note
    case = TRAIN[0]
    grade = Grader(found.rubric).grade(case.reference or "", case)
    assert grade.values[first.id] is None and '"chrf"' in grade.reasons[first.id]
    assert grade.score is not None, "the others grade"
    (said,) = [f for f in lint(found.rubric, TRAIN[:3]) if f.criterion_id == first.id]
    assert "cannot be graded" in said.message and "newer version" in said.fix


def test_a_wrong_setting_is_said_when_the_file_is_read() -> None:
    (note,) = read(newer(check={"kind": "length", "min_words": "many"})).notes
    assert "cannot grade" in note and '"many"' in note and "newer version" not in note


@pytest.mark.parametrize(("key", "value"), [("aspect", "style"), ("applies_to", "tool_calls")])
def test_a_criterion_that_says_something_unknown_is_kept_switched_off_and_said(
    key: str, value: str
) -> None:
    content = newer(**{key: value})
    found = read(content)
    first, *others = found.rubric.criteria
    assert not first.enabled and getattr(first, f"{key}_in_file") == value
    assert tuple(others) == FILES.rubric.criteria[1:]
    (note,) = found.notes
    assert f'"{key}" is "{value}"' in note and "switched off" in note and "newer version" in note
    assert read(json.loads(rubric_text(found.rubric))).notes == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [({"scoring": "pairwise"}, '"scoring" is "pairwise"'), ({"scoring": 5}, '"scoring" is 5')],
)
def test_another_way_of_scoring_is_refused_as_perhaps_newer(
    change: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(newer() | change)
    assert said in caught.value.message
    assert "newer version" in caught.value.fix


@pytest.mark.parametrize(
    ("content", "points", "scoring"),
    [
        (HEALTHBENCH, (7, -3), "healthbench"),
        (HEALTHBENCH["rubrics"], (7, -3), "healthbench"),
        (PRBENCH, (10, -2), "normalised"),
        (PROFBENCH, (4, 1), "normalised"),
    ],
)
def test_an_examples_rubric_becomes_criteria_or_rules_for_review(
    content: Any, points: tuple[float, float], scoring: str
) -> None:
    found = read(content)
    (criterion,), (rule,) = found.rubric.criteria, found.review
    assert (criterion.check.kind, criterion.points, rule.points) == ("label", *points)
    assert found.rubric.scoring == scoring
    rules = content if isinstance(content, list) else content.get("rubrics", content.get("rubric"))
    assert [criterion.imported, rule.imported] == rules, "nothing of the file is lost"


@pytest.mark.parametrize("rules", [HEALTHBENCH, PRBENCH])
def test_a_rule_that_was_written_as_the_fault_of_breaking_it_is_the_rule_again(rules: Any) -> None:
    item = {"criterion": 'Breaks this rule: Must not say "red flag"', "points": -3, "tags": []}
    law = {"id": "r", "title": item["criterion"], "annotations": {
        "weight_class": "detrimental", "detrimental_weight": -3}}  # fmt: skip
    (criterion,) = read({"rubrics": [item]} if rules is HEALTHBENCH else
                        {"rubric": [law]}).rubric.criteria  # fmt: skip
    assert (criterion.text, criterion.points) == ('Must not say "red flag"', -3)
    assert criterion.check.kind == "forbidden"


def test_of_several_examples_the_first_is_read_and_that_is_said() -> None:
    data = f"{json.dumps(HEALTHBENCH)}\n{json.dumps(HEALTHBENCH)}\n".encode()
    found = read_rubric_file("lines.jsonl", data, TRAIN)
    assert "holds 2 entries; only the first one's rubric is read" in found.notes[0]


def test_imported_criteria_replace_or_stand_behind_the_present_ones() -> None:
    found = read(HEALTHBENCH)
    other = FILES.rubric.with_changes(id="mine", workspace_id="w")
    replaced = in_place_of(found, other)
    assert (replaced.id, replaced.workspace_id) == ("mine", "w")
    other_rule = found.rubric.criteria[0].with_changes(text="Another rule", id="decision")
    added = added_to(found.with_changes(rubric={"criteria": [other_rule]}), FILES.rubric)
    assert added.criteria[:-1] == FILES.rubric.criteria
    assert (added.criteria[-1].text, added.criteria[-1].id) == ("Another rule", "decision_2")


def test_a_rule_that_is_there_is_not_added_twice() -> None:
    mine = FILES.rubric
    first, second, *rest = mine.criteria
    both = Criterion(id="both", text="Both", points=1, aspect="substance",
                     check=CheckSpec.model_validate(
                         {"kind": "formula", "formula": f"min({first.id}, other)"}
                     ))  # fmt: skip
    file = Imported(
        title="t",
        rubric=Rubric(criteria=(first.with_changes(points=9), second.with_changes(id="other"),
                                *rest, both)),
    )  # fmt: skip
    assert set(known_here(file, mine)) == {c.id for c in file.rubric.criteria} - {"both"}
    added = added_to(file, mine)
    assert added.criteria[:-1] == mine.criteria
    assert added.criteria[-1].check.parameters["formula"] == f"min({first.id}, {second.id})"
    updated = updated_by(file, mine)
    assert updated.criteria[0] == first.with_changes(points=9)
    assert updated.criteria[1:] == added.criteria[1:]
    own = file.with_changes(rubric=mine)
    assert added_to(own, mine) == updated_by(own, mine) == mine


@pytest.mark.parametrize("write", [to_healthbench, to_prbench])
@pytest.mark.parametrize("domain", ["finance", "legal", "healthcare", "insurance"])
def test_rules_that_were_exported_are_here_already_with_whatever_check(
    domain: str, write: Callable[[Sequence[Example], Rubric], bytes]
) -> None:
    files = read_project(samples_folder() / domain)
    train = [e for e in files.examples if e.split == "train" and not e.criteria]
    impossible = Criterion(id="x", text="Shines", points=-2, aspect="substance",
                           check=CheckSpec.model_validate({"kind": "length", "max_words": 9})
                           )  # fmt: skip
    mine = files.rubric.with_criterion(impossible)
    data = write(train[:1], mine)
    read_back = read_rubric_file("file.jsonl", data, train)
    assert [rule.text for rule in read_back.review if rule.text == "Shines"]
    found = with_checks_here(read_back, mine)
    exported = [c for c in mine.criteria_for(train[0]) if c.points]
    assert list(found.rubric.criteria) == exported and not found.review
    assert len(known_here(found, mine)) == len(exported)
    assert added_to(found, mine) == updated_by(found, mine) == mine


def test_a_rule_of_the_file_is_known_by_its_words_and_changes_only_points() -> None:
    found = read([{"criterion": "is  impolite", "points": -4, "tags": []},
                  {"criterion": "Is impolite", "points": -3, "tags": []},
                  {"criterion": "Is rude", "points": -3, "tags": []},
                  {"criterion": "Is rude", "points": -3, "tags": []}])  # fmt: skip
    own = Criterion(id="polite", text="Is impolite", points=-3, aspect="substance",
                    check=CheckSpec.model_validate({"kind": "forbidden", "phrases": ["damn"]})
                    )  # fmt: skip
    mine = Rubric(criteria=(own,))
    settled = with_checks_here(found, mine)
    assert settled.rubric.criteria == (own.with_changes(points=-4),)
    assert "once more" in settled.notes[0]
    assert added_to(settled, mine) == mine
    assert updated_by(settled, mine).criteria == (own.with_changes(points=-4),)
    assert [rule.text for rule in new_review(settled, ())] == ["Is rude"]


def test_a_file_with_checks_is_taken_as_it_is() -> None:
    found = Imported(title="t", rubric=FILES.rubric)
    assert with_checks_here(found, FILES.rubric.with_changes(criteria=())) == found


def test_rules_for_review_are_kept_once() -> None:
    found = read(HEALTHBENCH)
    assert new_review(found, ()) == found.review
    assert new_review(found, (ReviewRule(text="is  impolite"),)) == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "not valid JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"points": NaN}', "NaN is no number"),
        (b"{}", "holds no rubric that is known"),
        (b"[]", "holds no rubric that is known"),
        (b"5", "holds no rubric that is known"),
        (b'{"criteria": [{"id": "a"}]}', '"text" is missing'),
        (b"9" * 5_000, "no JSON file"),
        (b" " * 5_000_001, "larger than 5 MB"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_rubric_file("file.json", data, TRAIN)
    assert message in caught.value.message
    assert caught.value.fix


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["type", "name", "graders", "grader", "rubrics", "rubric", "criterion",
                         "points", "annotations", "calculate_output", "input", "reference",
                         "operation", "method", "reinforcement", "weight_class", "_weight"]),
        inner | st.sampled_from(["multi", "string_check", "text_similarity", "a + b", "eq",
                                 "{{sample.output_text}}", "{{item.a}}"]),
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@given(ANY_JSON)
def test_any_json_is_read_or_refused(content: Any) -> None:
    try:
        found = read_rubric_file("file.json", json.dumps(content).encode(), TRAIN[:3])
    except InputError:
        return
    assert rubric_text(found.rubric)


@pytest.mark.parametrize("content", [HEALTHBENCH, PRBENCH, PROFBENCH])
def test_what_no_check_tells_becomes_a_question_where_an_ai_grader_is_set_up(
    content: Any, ai_grader: GraderServer
) -> None:
    found = read(content)
    assert [c.check.kind for c in found.rubric.criteria] == ["label", "judge"]
    asked = found.rubric.criteria[1]
    assert asked.check.parameters == {"question": asked.text}
    assert not found.review and ai_grader.asked == []


def test_a_list_of_rules_says_which_are_left_out_and_why() -> None:
    rules = [
        {"text": "At most 20 words", "points": 1}, "a sentence", {"text": "Fine", "points": None},
        {"criterion": "x" * 1_001, "points": 1}, {"criterion": "Is fine", "points": 10**7},
    ]  # fmt: skip
    found = read_rubric_file("rules.json", json.dumps(rules).encode(), TRAIN)
    assert (found.title, found.rubric.scoring) == ("A list of rules", "normalised")
    assert [c.text for c in found.rubric.criteria] == ["At most 20 words"]
    assert found.notes == (
        "Rule 2 has no text, so it is left out.",
        "Rule 3 has no points, so it is left out.",
        "Rule 4 has over 1,000 characters, so it is left out.",
        'Rule 5 has "10000000" as its points, which is no number up to 1,000,000, so it is left '
        "out.",
    )
