"""OpenAI graders: read as criteria that grade alike, written again as they were."""

import json
from pathlib import Path
from typing import Any

import pytest

from rft_core.checks import build
from rft_core.errors import InputError
from rft_core.examples.folder import read_project
from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.files import read_rubric, write_rubric
from rft_core.rubric.foreign.openai_export import write_graders
from rft_core.rubric.foreign.openai_graders import NO_THRESHOLD, read_graders
from rft_core.rubric.grading import Grader
from rft_core.rubric.lint import lint
from rft_core.settings import samples_folder

LABELS = {"decision": ["block", "call", "release"]}
FIELDS = {"decision", "phrase"}
CASE = Example(
    id="e", prompt="A case", reference="Decision: block, as he was told to pay a safe account",
    fields={"decision": "block", "phrase": "safe account"},
)  # fmt: skip


def string_check(operation: str, reference: str, given: str = "{{ sample.output_text }}") -> Any:
    return {
        "type": "string_check", "name": "a check", "operation": operation, "input": given,
        "reference": reference,
    }  # fmt: skip


def similarity(metric: str, item: str = "reference_answer") -> Any:
    return {
        "type": "text_similarity", "name": "alike", "input": "{{sample.output_text}}",
        "reference": f"{{{{item.{item}}}}}", "evaluation_metric": metric, "pass_threshold": 0.7,
    }  # fmt: skip


PYTHON = {
    "type": "python", "name": "by program", "image_tag": "2025-05-08", "pass_threshold": 0.5,
    "source": "import re\n\ndef grade(sample, item) -> float:\n"
    "    found = re.findall(r'\\w+', item['decision'])\t# é\r\n"
    "    return float(found[0] in sample['output_text'])\n",
}  # fmt: skip
NOT_RUN = {
    "type": "python", "name": "by library",
    "source": "def grade(sample, item):\n    from rapidfuzz import fuzz\n    return 1",
}  # fmt: skip
JUDGE = {"type": "score_model", "name": "judge", "model": "x", "range": [0, 7], "input": []}


def multi(formula: str, **graders: Any) -> dict[str, Any]:
    return {"type": "multi", "name": "all", "graders": graders, "calculate_output": formula,
            "from_tomorrow": [1]}  # fmt: skip


def read(content: dict[str, Any]) -> Any:
    return read_graders(content, LABELS, FIELDS)


@pytest.mark.parametrize(
    ("grader", "kind", "parameters"),
    [
        (string_check("eq", "{{item.decision}}"), "exact", {"field": "decision"}),
        (string_check("eq", "{{sample.output_text}}", "{{ item.decision }}"), "exact",
         {"field": "decision", "case_sensitive": True}),
        (string_check("eq", "yes"), "exact", {"text": "yes"}),
        (string_check("eq", "{{item.decision}}", "{{sample.output_json.decision}}"), "label",
         {"field": "decision", "labels": LABELS["decision"]}),
        (string_check("like", "safe"), "contains_all", {"phrases": ["safe"]}),
        (string_check("ilike", "{{item.phrase}}"), "contains_all", {"field": "phrase"}),
        (similarity("rouge_l"), "overlap", {"metric": "rouge_l"}),
        (similarity("fuzzy_match", "phrase"), "overlap", {"metric": "ratio", "field": "phrase"}),
        (similarity("rouge_1"), "overlap", {"metric": "rouge_1"}),
        (similarity("rouge_5", "phrase"), "overlap", {"metric": "rouge_5", "field": "phrase"}),
        (similarity("bleu"), "overlap", {"metric": "bleu"}),
        (similarity("gleu"), "overlap", {"metric": "gleu"}),
    ],
)  # fmt: skip
def test_a_grader_becomes_the_check_that_does_the_same(
    grader: dict[str, Any], kind: str, parameters: dict[str, Any]
) -> None:
    (criterion,) = read(grader).rubric.criteria
    assert (criterion.check.kind, criterion.enabled) == (kind, True)
    assert parameters.items() <= criterion.check.parameters.items()
    assert ("field" in parameters) == ("field" in criterion.check.parameters)


@pytest.mark.parametrize(
    "grader",
    [
        NOT_RUN, {"type": "python", "name": "n"}, {"type": "python", "name": "n", "source": "x ="},
        JUDGE, {"type": "from_tomorrow", "name": "n"}, similarity("meteor"),
        string_check("like", "x", "{{item.phrase}}"), string_check("eq", ""),
        string_check("regex", "x"), string_check("eq", "{{sample.choices}}"),
        string_check("eq", "Hello {{names.decision}}"), string_check("eq", "{{item.decision"),
        string_check("eq", "true", "{{sample.output_json.a}}"),
        string_check("eq", "x", "{{sample.output_json}}"),
    ],
)  # fmt: skip
def test_what_is_not_run_here_is_kept_whole_and_said(grader: dict[str, Any]) -> None:
    found = read(multi("a + b", a=string_check("eq", "x"), b=grader))
    kept = found.rubric.criteria[1]
    assert not kept.enabled
    assert kept.check.kind == f"openai_{grader['type']}"
    assert any("kept whole and not run here" in note for note in found.notes)
    exported = write_graders(found.rubric, LABELS, FIELDS)
    assert exported.grader["graders"]["b"] == grader
    assert Grader(found.rubric).grade("x", CASE).score == 1, "it takes no part in the score"


def test_a_program_is_run_and_written_again_as_it_was() -> None:
    content = multi("3*a + b", a=PYTHON, b=string_check("ilike", "safe"))
    found = read(content)
    first = found.rubric.criteria[0]
    assert (first.check.kind, first.points, first.enabled) == ("python", 3, True)
    assert first.check.parameters == {"code": PYTHON["source"]}
    assert any(note.startswith('"by program": It is run here') for note in found.notes)
    grader = Grader(found.rubric)
    assert grader.grade(f"so {CASE.fields['decision']}", CASE).earned == 3
    assert grader.grade("none of it", CASE).earned == 0
    again = Rubric.model_validate_json(found.rubric.model_dump_json())
    exported = write_graders(again, LABELS, FIELDS)
    assert exported.grader == content
    assert not exported.left_out and not exported.differs


def test_a_program_that_is_changed_is_written_anew() -> None:
    rubric = read(PYTHON).rubric
    code = "def grade(sample, item):\n    return 'x' in item['prompt']\n"
    changed = rubric.criteria[0].with_changes(check=CheckSpec(kind="python", code=code))
    exported = write_graders(rubric.with_criterion(changed))
    (grader,) = exported.grader["graders"].values()
    assert grader == {"type": "python", "name": "by program", "source": code}
    assert 'under "messages"' in exported.differs[0]
    assert read(exported.grader).rubric.criteria[0].check == changed.check


WANTS_JSON = [
    (string_check("eq", "x", "{{sample.output_json.a}}"), "json", '{"a": "x"}',
     ['{"a": "y"}', "x", "{}", "[]", '["x"]']),
    (string_check("eq", "{{ sample.output_json.a.b }}", "5"), "json", '{"a": {"b": 5}}',
     ['{"a": 5}', '{"a": {"b": 6}}', "5"]),
    (string_check("eq", 5, "{{sample.output_json.a}}"), "json", '{"a": "5"}', ['{"a": true}']),  # type: ignore[arg-type]
    (string_check("eq", "1.50", "{{sample.output_json.a}}"), "python", '{"a": "1.50"}',
     ['{"a": 1.5}']),
    (string_check("eq", "x", "{{sample.output_json.a[1]}}"), "python", '{"a": ["y", "x"]}',
     ['{"a": ["x"]}', '{"a": "x"}', "no JSON", "null"]),
    (string_check("eq", "{{item.phrase}}", "{{sample.output_json.p}}"), "python",
     '{"p": "safe account"}', ['{"p": "safe"}', '{"q": 1}', "safe account"]),
    (string_check("eq", "{{item.meta.kinds[0]}}"), "python", "scam", ["Scam", "Scam!", ""]),
    (string_check("eq", "Decision: {{\titem.decision\n}}."), "python", "Decision: block.",
     ["Decision: call.", "block", "Decision: block"]),
    (string_check("eq", "{{\n item.decision\t}}"), "exact", "block", ["Block"]),
    (string_check("ilike", "Is a {{item.meta.kinds[0]}}"), "python", "This is a SCAM", ["scam"]),
    (string_check("like", "{{sample.output_text}}", "{{item.phrase}}"), "python", "safe", ["Safe"]),
    (string_check("eq", "{{item.reference_answer}}"), "python", CASE.reference, ["block"]),
]  # fmt: skip


@pytest.mark.parametrize(("grader", "kind", "right", "wrong"), WANTS_JSON)
def test_a_comparison_of_parts_is_made_exactly(
    grader: dict[str, Any], kind: str, right: str, wrong: list[str]
) -> None:
    case = CASE.with_changes(fields=CASE.fields | {"meta": {"kinds": ["scam"]}})
    content = multi("a", a=grader)
    found = read(content)
    (criterion,) = found.rubric.criteria
    assert (criterion.check.kind, criterion.enabled) == (kind, True)
    graded = Grader(found.rubric)
    assert [graded.grade(text, case).score for text in (right, *wrong)] == [1, *[0] * len(wrong)]
    assert write_graders(found.rubric, LABELS, FIELDS).grader == content


@pytest.mark.parametrize("reference", ["{{item.meta.kind}}", "x", "{{item.phrase}}."])
def test_a_comparison_of_parts_that_must_differ_becomes_a_penalty(reference: str) -> None:
    unequal = string_check("ne", reference, "{{sample.output_json.a}}")
    content = multi("a + b", a=string_check("ilike", "safe"), b=unequal)
    rubric = read(content).rubric
    assert [c.points for c in rubric.criteria] == [1, -1]
    assert write_graders(rubric, LABELS, FIELDS).grader == content


def test_a_case_that_lacks_the_part_leaves_the_answer_without_a_grade() -> None:
    rubric = read(multi("a", a=string_check("eq", "{{item.meta.kind}}"))).rubric
    for fields in ({}, {"meta": {}}, {"meta": "scam"}):
        assert Grader(rubric).grade("scam", CASE.with_changes(fields=fields)).score is None


def test_a_part_that_the_cases_hold_under_its_whole_name_is_an_expected_value() -> None:
    grader = string_check("eq", "{{item.meta.kind}}")
    (criterion,) = read_graders(grader, {}, {"meta.kind"}).rubric.criteria
    assert criterion.check.parameters == {"field": "meta.kind", "case_sensitive": True}


@pytest.mark.parametrize(
    ("grader", "why"),
    [
        (similarity("chrf"), "there is no measure “chrf” here"),
        (similarity("meteor"), "METEOR looks words up in a dictionary of synonyms"),
        (string_check("eq", "{{sample.choices}}"), "no check here compares these two"),
        (string_check("eq", "true", "{{sample.output_json.a}}"), "no check here compares"),
    ],
)
def test_why_a_comparison_is_not_run_is_said(grader: dict[str, Any], why: str) -> None:
    (note,) = read(grader).notes
    assert f"not run here: {why}" in note


def test_where_programs_are_off_a_comparison_of_parts_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = multi("a + b", a=string_check("eq", "x"), b=string_check("eq", "Is {{item.phrase}}"))
    rubric = read(content).rubric
    monkeypatch.setenv("RFT_PYTHON_CHECKS", "off")
    assert write_graders(rubric, LABELS, FIELDS).grader["graders"] == content["graders"]
    found = read(content)
    assert any("Python code is switched off here" in note for note in found.notes)
    assert write_graders(found.rubric, LABELS, FIELDS).grader == content
    monkeypatch.delenv("RFT_PYTHON_CHECKS")
    assert write_graders(found.rubric, LABELS, FIELDS).grader["graders"] == content["graders"]


def test_a_threshold_without_effect_is_said() -> None:
    notes = read(similarity("rouge_l")).notes
    assert notes == (f'"alike": {NO_THRESHOLD}',)


def test_why_a_program_is_not_run_is_said_and_stays_with_it() -> None:
    found = read(NOT_RUN)
    reason = 'line 2: there is no module "rapidfuzz" here'
    assert found.notes == (
        f'"by library" is of the type python: it is kept whole and not run here: {reason}.',
    )
    (kept,) = found.rubric.criteria
    assert reason in build(kept.check).describe()
    more = found.rubric.with_criterion(criterion("x", 1, kind="exact", text="x"))
    assert NOT_RUN in write_graders(more).grader["graders"].values()


def test_a_program_in_a_formula_is_computed_with_the_rest() -> None:
    content = multi("a * b", a=PYTHON, b=string_check("ilike", "safe"))
    rubric = read(content).rubric
    scores = [
        Grader(rubric).grade(text, CASE).score
        for text in (f"safe {CASE.fields['decision']}", "safe", CASE.fields["decision"])
    ]
    assert scores == [1, 0, 0]
    assert write_graders(rubric, LABELS, FIELDS).grader == content


def test_where_programs_are_off_they_are_kept_and_come_out_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = multi("3*a + b", a=PYTHON, b=string_check("ilike", "safe"))
    rubric = read(content).rubric
    monkeypatch.setenv("RFT_PYTHON_CHECKS", "off")
    assert write_graders(rubric, LABELS, FIELDS).grader["graders"] == content["graders"]
    found = read(content)
    assert [(c.check.kind, c.enabled) for c in found.rubric.criteria] == [
        ("openai_python", False), ("contains_all", True),
    ]  # fmt: skip
    assert any("Python code is switched off here" in note for note in found.notes)
    assert write_graders(found.rubric, LABELS, FIELDS).grader["graders"] == content["graders"]


def test_a_weighted_sum_becomes_points_and_a_penalty() -> None:
    content = multi(
        "0.5 * decision + 2*alike - slang",
        decision=string_check("ilike", "{{item.decision}}"), alike=similarity("rouge_l"),
        slang=string_check("ilike", "gonna"),
    )  # fmt: skip
    found = read(content)
    assert [(c.id, c.points) for c in found.rubric.criteria] == [
        ("decision", 0.5), ("alike", 2), ("slang", -1),
    ]  # fmt: skip
    grade = Grader(found.rubric).grade(CASE.reference, CASE)
    assert (grade.earned, grade.penalty) == (2.5, 0)


@pytest.mark.parametrize(
    ("formula", "scoring"),
    [("2*a - b", "healthbench"), ("(2*a - b + 1) / 3", "normalised"), ("a + b", "normalised")],
)
def test_the_formula_says_how_points_are_counted(formula: str, scoring: str) -> None:
    found = read(multi(formula, a=string_check("eq", "x"), b=string_check("eq", "y")))
    assert found.rubric.scoring == scoring
    assert not [note for note in found.notes if "formula" in note]


def test_not_equal_becomes_a_penalty_with_the_same_score() -> None:
    content = multi("3*a + b", a=string_check("ilike", "safe"), b=string_check("ne", "x"))
    rubric = read(content).rubric
    assert [c.points for c in rubric.criteria] == [3, -1]
    scores = {text: Grader(rubric).grade(text, CASE).score for text in ("x", "safe", "no")}
    assert scores == {"x": 0, "safe": 1, "no": 0.25}
    assert write_graders(rubric, LABELS, FIELDS).grader == content


ANSWERS = ("safe", "call", "safe call", "block", "")


def scores(rubric: Rubric) -> list[float | None]:
    return [Grader(rubric).grade(answer, CASE).score for answer in ANSWERS]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("min(a, b) ^ 2", [0, 0, 1, 0, 0]),
        ("max(a * b, 0.5 * Deal_Breaker)", [0.5, 0.5, 1, 0, 0.5]),
        ("a + 3 * b * a", [0.25, 0, 1, 0, 0]),
        ("b * a - 2 * (1 - Deal_Breaker)", [2 / 3, 2 / 3, 1, 0, 2 / 3]),
        ("floor((a + b) / 2)", [0, 0, 1, 0, 0]),
        ("1 * a * b", [0, 0, 1, 0, 0]),
    ],
)
def test_another_formula_is_computed_and_written_again_as_it_was(
    formula: str, expected: list[float], tmp_path: Path
) -> None:
    content = multi(formula, a=string_check("ilike", "safe"), b=string_check("ilike", "call"),
                    Deal_Breaker=string_check("ne", "block"))  # fmt: skip
    found = read(content)
    assert any("computed by a criterion of its own" in note for note in found.notes)
    write_rubric(tmp_path / "rubric.json", found.rubric)
    rubric = read_rubric(tmp_path / "rubric.json")
    assert scores(rubric) == pytest.approx(expected)
    assert not [f for f in lint(rubric, [CASE]) if f.severity == "stop"]
    exported = write_graders(rubric, LABELS, FIELDS)
    assert exported.grader == content
    assert not exported.left_out and not exported.differs


def test_a_formula_that_was_changed_is_written_anew_and_means_the_same() -> None:
    content = multi("min(a, b) ^ 2", a=string_check("ilike", "safe"), b=string_check("ne", "block"))
    rubric = read(content).rubric
    formula = {"kind": "formula", "formula": "a * b / 2"}
    changed = rubric.with_criterion(
        rubric.criteria[2].with_changes(points=2, check=formula)
    ).with_criterion(criterion("c", 1, kind="exact", text="call", case_sensitive=True))
    exported = write_graders(changed, LABELS, FIELDS).grader
    assert exported["calculate_output"] == "(2 * (a * (1 - b) / 2) + 1 * c) / 3"
    again = read(exported).rubric
    assert scores(again) == pytest.approx(scores(changed))


def test_a_formula_over_what_is_not_run_here_is_kept_as_text_and_said() -> None:
    content = multi("min(a, b)", a=string_check("eq", "x"), b=JUDGE)
    found = read(content)
    assert [c.points for c in found.rubric.criteria] == [1, 1]
    assert any("not computed, since “b” is not run here" in note for note in found.notes)
    assert write_graders(found.rubric, LABELS, FIELDS).grader == content
    changed = found.rubric.with_criterion(found.rubric.criteria[0].with_changes(points=2))
    again = write_graders(changed, LABELS, FIELDS).grader
    assert again["calculate_output"] == "(2 * a + 1 * b) / 3", "the kept formula is out of date"


@pytest.mark.parametrize(
    "formula",
    ["a +", "1 + 2", "a * nobody", "a ^ 2" + " " * 1_000, "__import__('os')", "(" * 99, "", "a$"],
)
def test_a_formula_that_cannot_be_computed_says_why(formula: str) -> None:
    content = multi(formula, a=string_check("eq", "x"))
    found = read(content)
    assert any("kept as text and not computed, since " in note for note in found.notes)
    assert write_graders(found.rubric, LABELS, FIELDS).grader == content


def test_a_formula_whose_values_are_not_known_is_kept_within_0_and_1_and_that_is_said() -> None:
    content = multi("12 * a * (1 - a)", a=string_check("ilike", "safe"))
    found = read(content)
    assert any("kept within 0 and 1" in note for note in found.notes)
    assert found.rubric.criteria[-1].check.parameters == {"formula": "12 * a * (1 - a)"}
    changed = found.rubric.with_criterion(found.rubric.criteria[-1].with_changes(points=2))
    written = write_graders(changed, LABELS, FIELDS).grader["calculate_output"]
    assert written == "(2 * max(0, min(1, 12 * a * (1 - a)))) / 2"


@pytest.mark.parametrize("formula", ["a / 0", "a / b", "log(a * b)"])
def test_a_formula_without_a_value_for_some_answers_is_not_computed(formula: str) -> None:
    content = multi(formula, a=string_check("eq", "x"), b=string_check("eq", "y"))
    found = read(content)
    assert any("for some answers it has no value" in note for note in found.notes)
    assert write_graders(found.rubric, LABELS, FIELDS).grader == content
    ours = Rubric(
        criteria=(
            criterion("a", 1, kind="exact", text="x"),
            criterion("b", 1, kind="exact", text="y"),
            criterion("ours", 1, kind="formula", formula=formula),
        )
    )
    assert "no value" in write_graders(ours).left_out[0]


def test_a_formula_that_cannot_be_said_there_is_left_out_with_its_parts() -> None:
    rubric = Rubric(
        criteria=(
            criterion("short", 0, kind="length", max_words=9),
            criterion("same", 0, kind="exact", text="x", case_sensitive=True),
            criterion("both", 1, kind="formula", formula="min(short, same)"),
            criterion("fine", 1, kind="exact", text="y", case_sensitive=True),
        )
    )
    exported = write_graders(rubric)
    assert list(exported.grader["graders"]) == ["fine"]
    assert any("it needs “Rule short”" in sentence for sentence in exported.left_out)


def test_what_is_switched_off_is_left_out_once_the_formula_is_written_anew() -> None:
    content = multi("a * b", a=string_check("ilike", "safe"), b=string_check("ilike", "call"),
                    c=string_check("ilike", "x"), d=string_check("ne", "y"), e=JUDGE)  # fmt: skip
    rubric = read(content).rubric
    assert write_graders(rubric, LABELS, FIELDS).grader == content
    whole = next(c for c in rubric.criteria if c.check.kind == "formula")
    changed = rubric.with_criterion(whole.with_changes(points=2))
    exported = write_graders(changed, LABELS, FIELDS)
    assert exported.grader["calculate_output"] == "(2 * (a * b)) / 2"
    assert list(exported.grader["graders"]) == ["a", "b"]
    assert len(exported.left_out) == 3
    assert all("it is switched off" in sentence for sentence in exported.left_out)
    assert scores(read(exported.grader).rubric) == scores(changed)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"enabled": False}, "switched off"),
        ({"tags": ["t"]}, "certain tags"),
        ({"applies_to": "reasoning"}, "reasoning alone"),
    ],
)
def test_a_grader_that_no_longer_counts_everywhere_is_left_out(
    change: dict[str, Any], why: str
) -> None:
    rubric = read(multi("a + b", a=string_check("eq", "x"), b=string_check("eq", "y"))).rubric
    changed = rubric.with_criterion(rubric.criteria[0].with_changes(**change))
    exported = write_graders(changed, LABELS, FIELDS)
    assert exported.grader["calculate_output"] == "(1 * b) / 1"
    assert list(exported.grader["graders"]) == ["b"]
    assert why in exported.left_out[0]


def test_closeness_in_meaning_is_taken_in_and_written_again() -> None:
    content = multi("a + b", a=similarity("cosine"), b=string_check("eq", "x"))
    found = read(content)
    assert found.rubric.criteria[0].check.parameters == {"threshold": 0.0, "graded": True}
    assert any("another model here" in note for note in found.notes)
    assert write_graders(found.rubric, LABELS, FIELDS).grader == content
    ours = Rubric(criteria=(criterion("alike", 1, kind="meaning", threshold=0.7),))
    exported = write_graders(ours)
    assert exported.grader["graders"]["alike"]["evaluation_metric"] == "cosine"
    assert "another model" in exported.differs[0]


@pytest.mark.parametrize(
    "content",
    [
        multi("(2*a - b + c + 1) / 4", a=string_check("eq", "x"), b=string_check("ilike", "y"),
              c=JUDGE),
        multi("max(a, b) - c", a=string_check("ilike", "x"), b=string_check("ilike", "y"),
              c=string_check("eq", "{{item.decision}}")),
    ],
)  # fmt: skip
def test_a_grader_survives_the_way_through_a_project(content: dict[str, Any], tmp_path) -> None:
    write_rubric(tmp_path / "rubric.json", read(content).rubric)
    exported = write_graders(read_rubric(tmp_path / "rubric.json"), LABELS, FIELDS)
    assert exported.grader == content
    assert not exported.left_out and not exported.differs


def test_a_changed_check_is_written_anew() -> None:
    rubric = read(multi("a", a=string_check("eq", "x"))).rubric
    check = CheckSpec(kind="exact", text="y", case_sensitive=True)
    changed = rubric.with_criterion(rubric.criteria[0].with_changes(check=check))
    (grader,) = write_graders(changed).grader["graders"].values()
    assert grader["reference"] == "y"


def test_settings_of_a_job_hold_the_grader() -> None:
    job = {"method": {"type": "reinforcement", "reinforcement": {"grader": PYTHON}}}
    assert read(job).rubric.criteria[0].text == "by program"
    with pytest.raises(InputError, match="names no graders"):
        read({"type": "multi", "graders": {}})


def criterion(name: str, points: float, **check: Any) -> Criterion:
    return Criterion(id=name, text=f"Rule {name}", points=points, aspect="substance",
                     check=CheckSpec(**check))  # fmt: skip


def test_our_rubric_is_written_with_its_score_and_read_again() -> None:
    rubric = Rubric(
        criteria=(
            criterion("same", 2, kind="exact", text="x", case_sensitive=True),
            criterion("both", 1, kind="contains_all", phrases=["one", "two"]),
            criterion("any", 1, kind="contains_any", phrases=["one", "two"]),
            criterion("never", -1, kind="forbidden", phrases=["slang"]),
            criterion("short", 1, kind="length", max_words=9),
            criterion("off", 1, kind="exact", text="z").with_changes(enabled=False),
            criterion("tagged", 1, kind="exact", text="z").with_changes(tags=["t"]),
        )
    )
    exported = write_graders(rubric)
    assert exported.grader["calculate_output"] == (
        "(2 * same + 1 * ((both_1 + both_2) / 2) + 1 * max(any_1, any_2) - 1 * never + 1) / 5"
    )
    assert [s.partition("”")[0] for s in exported.left_out] == [
        "“Rule short", "“Rule off", "“Rule tagged",
    ]  # fmt: skip
    assert len(exported.differs) == 3
    again = read(json.loads(json.dumps(exported.grader))).rubric
    kinds = [(c.check.kind, c.points) for c in again.criteria]
    assert kinds == [
        ("exact", 2), ("contains_all", 0.5), ("contains_all", 0.5), ("contains_any", 1),
        ("contains_all", -1),
    ]  # fmt: skip
    kept = rubric.with_changes(criteria=rubric.criteria[:4])
    for answer in ("x", "one", "one two", "slang", "", "one slang"):
        ours, theirs = (Grader(r).grade(answer, CASE).score for r in (kept, again))
        assert ours == pytest.approx(theirs), answer


def test_healthbenchs_way_of_counting_survives() -> None:
    rubric = Rubric(
        scoring="healthbench",
        criteria=(
            criterion("yes", 4, kind="exact", text="x", case_sensitive=True),
            criterion("no", -2, kind="contains_all", phrases=["slang"]),
        ),
    )
    exported = write_graders(rubric).grader
    assert exported["calculate_output"] == "(4 * yes - 2 * no) / 4"
    again = read(exported).rubric
    assert (again.scoring, [c.points for c in again.criteria]) == ("healthbench", [4, -2])


def test_a_formula_with_points_for_nothing_keeps_them() -> None:
    rubric = read(multi("a + 0.5", a=string_check("eq", "x"))).rubric
    assert [Grader(rubric).grade(answer, CASE).score for answer in ("x", "y")] == pytest.approx(
        [1, 1 / 3]
    )


def test_a_rubric_of_which_nothing_can_be_said_is_refused() -> None:
    with pytest.raises(InputError, match="No criterion of this rubric"):
        write_graders(Rubric(criteria=(criterion("short", 1, kind="length", max_words=9),)))


def test_a_field_or_text_that_would_break_a_placeholder_is_left_out() -> None:
    odd = criterion("odd", 1, kind="exact", field="a}} {{b")
    braces = criterion("braces", 1, kind="exact", text="{{x}}")
    fine = criterion("fine", 1, kind="exact", text="x")
    exported = write_graders(Rubric(criteria=(odd, braces, fine)))
    assert list(exported.grader["graders"]) == ["fine"]
    assert len(exported.left_out) == 2


@pytest.mark.parametrize("name", ["finance", "legal", "healthcare", "insurance"])
def test_a_samples_rubric_says_what_is_lost(name: str) -> None:
    rubric = read_project(samples_folder() / name).rubric
    exported = write_graders(rubric)
    assert exported.grader["graders"]
    said = len(exported.left_out) + len(exported.grader["graders"])
    assert said >= len(rubric.criteria)


def test_an_imported_rubric_of_programs_only_says_that_nothing_is_on() -> None:
    rubric = read(NOT_RUN).rubric
    assert any("switched off" in f.message for f in lint(rubric, [CASE]))


def test_a_question_to_an_ai_grader_is_left_out_of_openais_form() -> None:
    asked = Criterion(id="a", text="Is kind", points=1, aspect="substance",
                      check=CheckSpec(kind="judge", question="Is it kind?"))  # fmt: skip
    short = asked.with_changes(id="b", check={"kind": "exact", "text": "yes"})
    exported = write_graders(Rubric(criteria=(short, asked)))
    assert "a prompt and a scale of its own" in exported.left_out[0]


@pytest.mark.parametrize(
    ("name", "exported_as"),
    [
        ("2_weeks_notice_is", "rule_2_weeks_notice_is"),
        ("2", "rule_2"),
        ("min", "rule_min"),
        ("LOG", "rule_log"),
        ("not", "rule_not"),
        ("a", "a"),
        ("Größe", "gr_e"),
        ("規則", "criterion"),
        ("a rule; with - marks", "a_rule_with_marks"),
    ],
)
def test_every_name_can_stand_in_the_formula_and_a_penalty_stays_one(
    name: str, exported_as: str
) -> None:
    rubric = Rubric(
        criteria=(
            criterion("right", 3, kind="contains_all", phrases=["safe"]),
            criterion(name, -2, kind="contains_all", phrases=["call"]),
            criterion(f"{name} ", 1, kind="contains_all", phrases=["block"]),
        )
    )
    exported = write_graders(rubric).grader
    assert list(exported["graders"]) == ["right", exported_as, f"{exported_as}_2"]
    assert exported["calculate_output"] == (
        f"(3 * right - 2 * {exported_as} + 1 * {exported_as}_2 + 2) / 6"
    )
    again = read(exported).rubric
    assert [c.points for c in again.criteria] == [3, -2, 1]
    assert scores(again) == pytest.approx(scores(rubric))


@pytest.mark.parametrize("names", [("2nd", "my rule"), ("2nd", "b"), ("max", "2nd")])
def test_names_that_came_stay_until_the_formula_is_written_anew(names: tuple[str, str]) -> None:
    first, second = names
    graders = {first: string_check("ilike", "safe"), second: string_check("ilike", "call")}
    content = multi("unreadable +", **graders)
    rubric = read(content).rubric
    assert write_graders(rubric, LABELS, FIELDS).grader == content
    changed = rubric.with_criterion(rubric.criteria[0].with_changes(points=-2))
    exported = write_graders(changed, LABELS, FIELDS).grader
    again = read(exported)
    assert [c.points for c in again.rubric.criteria] == [-2, 1]
    assert not any("formula" in note for note in again.notes)


def test_a_name_that_begins_with_a_digit_is_read_in_the_formula_of_a_file() -> None:
    content = multi(
        "(3 * a - 2 * 2_weeks_notice_is + 2) / 5",
        a=string_check("ilike", "safe"), **{"2_weeks_notice_is": string_check("ilike", "call")},
    )  # fmt: skip
    found = read(content)
    assert [c.points for c in found.rubric.criteria] == [3, -2]
    assert not any("formula" in note for note in found.notes)
    assert write_graders(found.rubric, LABELS, FIELDS).grader == content
    computed = read(multi("a * 2nd", a=string_check("ilike", "safe"),
                          **{"2nd": string_check("ilike", "call")}))  # fmt: skip
    assert scores(computed.rubric) == [0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (multi("3 * a - 2 * b c", a=string_check("eq", "x"), b=string_check("eq", "y")),
         "kept as text and not computed"),
        ({"type": "multi", "graders": {"a": string_check("eq", "x")}}, "gives no formula"),
    ],
)  # fmt: skip
def test_where_no_points_can_be_read_it_is_said_that_a_penalty_may_be_a_reward_now(
    content: dict[str, Any], said: str
) -> None:
    (note,) = read(content).notes
    assert said in note
    assert "each part counts 1 point, also what may be a penalty there" in note


def test_the_formula_is_read_also_where_the_type_is_missing() -> None:
    content = multi("(3 * a - b + 1) / 4", a=string_check("eq", "x"), b=string_check("eq", "y"))
    del content["type"]
    assert [c.points for c in read(content).rubric.criteria] == [3, -1]


def test_points_stay_however_small() -> None:
    content = multi("a + 0.00000012345 * b", a=string_check("eq", "x"), b=string_check("eq", "y"))
    assert [c.points for c in read(content).rubric.criteria] == [1, 0.00000012345]


def test_not_equal_that_is_kept_counts_there_as_it_did() -> None:
    content = multi("2 * a + b", a=string_check("eq", "x"), b=string_check("ne", "{{sample.x}}"))
    rubric = read(content).rubric
    assert not rubric.criteria[1].enabled
    changed = rubric.with_criterion(rubric.criteria[0].with_changes(points=3))
    exported = write_graders(changed, LABELS, FIELDS).grader
    assert exported["calculate_output"] == "(3 * a + 1 * b) / 4"


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ({"kind": "exact", "field": "phrase", "case_sensitive": True}, "lists several texts"),
        ({"kind": "contains_any", "field": "phrase"}, "lists several texts"),
        ({"kind": "overlap", "field": "phrase", "metric": "rouge_l"}, "lists several texts"),
        ({"kind": "contains_any", "phrases": ["a"]}, "longer word"),
    ],
)
def test_what_is_graded_otherwise_there_is_announced(check: dict[str, Any], said: str) -> None:
    (sentence,) = write_graders(Rubric(criteria=(criterion("a", 1, **check),))).differs
    assert said in sentence
    assert ("several texts" in sentence) == ("field" in check)


def test_a_criterion_that_looks_at_the_reasoning_too_says_what_comes_back() -> None:
    whole = criterion("a", 1, kind="overlap", metric="rouge_l").with_changes(applies_to="whole")
    (sentence,) = write_graders(Rubric(criteria=(whole,))).differs
    assert "read here again, it leaves out the reasoning" in sentence


def test_phrases_on_one_line_cannot_be_said_there() -> None:
    content = multi("a + max(b, c)", a=string_check("eq", "x"), b=string_check("ilike", "one"),
                    c=string_check("ilike", "two"))  # fmt: skip
    came = read(content).rubric
    either = came.criteria[1]
    assert either.check.parameters["phrases"] == ["one", "two"]
    assert write_graders(came, LABELS, FIELDS).left_out == ()
    on_a_line = either.with_changes(check=either.check.with_changes(line="Decision"))
    exported = write_graders(came.with_criterion(on_a_line), LABELS, FIELDS)
    assert "it looks at one line alone" in exported.left_out[0]
    assert list(exported.grader["graders"]) == ["a"]


def test_the_export_says_that_a_choice_on_one_line_is_looked_for_in_the_whole_answer() -> None:
    check = {"kind": "label", "labels": ["yes", "no"], "field": "decision", "line": "Decision"}
    (sentence,) = write_graders(Rubric(criteria=(criterion("a", 1, **check),))).differs
    assert "the whole answer is looked at, not one line of it" in sentence


def test_likeness_of_one_line_cannot_be_said_there() -> None:
    close = criterion("close", 1, kind="overlap", metric="rouge_1", field="why", line="Reason")
    whole = close.with_changes(id="whole", check={"kind": "overlap", "metric": "rouge_1"})
    exported = write_graders(Rubric(criteria=(close, whole)))
    assert exported.left_out == ("“Rule close”: it looks at one line alone.",)


def test_a_length_is_left_out_there_in_whichever_unit() -> None:
    short = criterion("short", 1, kind="length", max_words=9)
    brief = criterion("brief", 1, kind="length", max_sentences=3)
    close = criterion("close", 1, kind="overlap", metric="rouge_1")
    left_out = write_graders(Rubric(criteria=(short, brief, close))).left_out
    assert [said.partition(": ")[2] for said in left_out] == [
        "OpenAI has no grader that does this without a program."
    ] * 2
