"""Formulas in a rubric: parts without points of their own, and what a formula cannot name."""

from typing import Any

import pytest

from rft_core.errors import InputError
from rft_core.examples.folder import read_project
from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.fooling import spring
from rft_core.rubric.foreign.imported import Imported, added_to
from rft_core.rubric.grading import Grader, alone
from rft_core.rubric.ingredients import used_in_formulas
from rft_core.rubric.lint import lint
from rft_core.rubric.shown import OnCases, on_cases
from rft_core.settings import samples_folder

CASE = Example(id="e", prompt="case", reference="safe call", fields={"n": 5})


def criterion(name: str, points: float, **check: Any) -> Criterion:
    return Criterion(id=name, text=f"Rule {name}", points=points, aspect="substance",
                     check=CheckSpec(**check))  # fmt: skip


SAFE = criterion("safe", 0, kind="contains_all", phrases=["safe"])
CALL = criterion("call", 0, kind="contains_all", phrases=["call"])
BOTH = criterion("both", 4, kind="formula", formula="min(safe, call)")
RUBRIC = Rubric(criteria=(BOTH, SAFE, CALL))


def test_parts_earn_nothing_by_themselves_and_the_formula_earns_all() -> None:
    half, whole = (Grader(RUBRIC).grade(answer, CASE) for answer in ("safe", "safe call"))
    assert (half.net, half.possible, half.score) == (0, 4, 0)
    assert (whole.net, whole.score) == (4, 1)
    assert half.values == {"safe": 1, "call": 0, "both": 0}
    assert half.reasons["both"] == 'Comes to 0, from 1 for "Rule safe" and 0 for "Rule call".'


def test_formulas_are_read_a_few_times_however_many_parts_they_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Rubric] = []

    def counted(rubric: Rubric) -> set[str]:
        asked.append(rubric)
        return used_in_formulas(rubric)

    monkeypatch.setattr("rft_core.rubric.grading.used_in_formulas", counted)
    Grader(RUBRIC)
    assert len(asked) == 1


def test_parts_may_earn_points_too() -> None:
    rubric = RUBRIC.with_criterion(SAFE.with_changes(points=1))
    assert Grader(rubric).grade("safe", CASE).net == 1


def test_a_part_that_could_not_be_graded_leaves_the_formula_unscored() -> None:
    number = criterion("call", 0, kind="number", field="m")
    grade = Grader(RUBRIC.with_criterion(number)).grade("safe call", CASE)
    assert grade.values == {"safe": 1, "call": None, "both": None}
    assert grade.score is None, "never 0"


def test_a_part_that_cannot_be_graded_is_told_once_and_a_lone_formula_swamps_nothing() -> None:
    number = criterion("call", 0, kind="number", field="words")
    case = CASE.with_changes(fields={"words": "unknown"})
    found = [f.message for f in lint(RUBRIC.with_criterion(number), [case])]
    assert sum("could not grade" in message for message in found) == 1
    assert not any("hardly matter" in message for message in found)


def test_a_part_that_does_not_count_for_the_case_leaves_it_unscored() -> None:
    grade = Grader(RUBRIC.with_criterion(CALL.with_changes(tags=["phone"]))).grade("safe", CASE)
    assert grade.values == {"safe": 1, "both": None}
    assert "does not count for this case" in grade.reasons["both"]


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("min(safe, nobody)", 'names "nobody", which is no criterion of this rubric'),
        ("max(both, safe)", 'names "Rule both", which is that formula itself'),
        ("safe * other", 'names "Rule other", which is a formula too'),
        ("safe * off", 'names "Rule off", which is switched off'),
    ],
)
def test_what_a_formula_cannot_name_is_said_before_anything_is_graded(
    formula: str, why: str
) -> None:
    off = criterion("off", 1, kind="length", max_words=9).with_changes(enabled=False)
    other = criterion("other", 1, kind="formula", formula="safe + call")
    changed = BOTH.with_changes(check={"kind": "formula", "formula": formula})
    rubric = Rubric(criteria=(changed, SAFE, CALL, off, other))
    with pytest.raises(InputError) as caught:
        Grader(rubric)
    assert why in caught.value.message
    stops = [f for f in lint(rubric, [CASE]) if f.severity == "stop"]
    assert [why in f.message for f in stops] == [True]
    assert stops[0].fix


def test_0_points_are_for_parts_of_formulas_only() -> None:
    unused = RUBRIC.with_criterion(criterion("more", 0, kind="length", max_words=9))
    for rubric in (unused, RUBRIC.with_criterion(BOTH.with_changes(enabled=False))):
        with pytest.raises(InputError, match="has 0 points, and no formula uses it"):
            Grader(rubric)
        assert any("no formula uses it" in finding.message for finding in lint(rubric, [CASE]))
    assert not [f for f in lint(RUBRIC, [CASE]) if f.severity == "stop"]


def test_a_formula_of_a_cases_own_takes_the_cases_own_parts() -> None:
    own = (SAFE.with_changes(id="mine"), criterion("f", 2, kind="formula", formula="mine / 2"))
    rubric = Rubric(criteria=(criterion("short", 1, kind="length", max_words=9),))
    grade = Grader(rubric).grade("safe", CASE.with_changes(criteria=own))
    assert (grade.values["f"], grade.net) == (0.5, 2)


def test_a_rubric_put_behind_another_keeps_its_formulas_right() -> None:
    here = Rubric(criteria=(SAFE.with_changes(points=1), CALL.with_changes(points=2)))
    joined = added_to(Imported(title="t", rubric=RUBRIC), here)
    assert [c.id for c in joined.criteria] == ["safe", "call", "both"]
    assert joined.criteria[2].check.parameters["formula"] == "min(safe, call)"
    assert Grader(joined).grade("safe call", CASE).net == 7


def test_a_formula_is_shown_on_cases_on_own_cases_and_may_be_fooled() -> None:
    files = read_project(samples_folder() / "finance")
    train = [e for e in files.examples if e.split == "train"]
    first, second = files.rubric.criteria[:2]
    whole = criterion("whole", 5, kind="formula", formula=f"min({first.id}, {second.id})")
    rubric = Rubric(criteria=(first.with_changes(points=0), second, whole))
    met, unmet, _ = on_cases(whole, train, rubric)
    assert met and unmet
    by_id = {e.id: e for e in train}
    for shown, value in ((met, 1), (unmet, 0)):
        grade = Grader(rubric).grade(shown.answer, by_id[shown.example_id])
        assert grade.values["whole"] == value
    assert on_cases(whole, train) == OnCases(), "without its parts it shows nothing"
    assert {caught.name for caught in spring(rubric, train)} >= {"empty", "wrong", "other"}


def test_a_formula_by_itself_takes_its_parts_from_the_criteria_given() -> None:
    case = Example(id="c", prompt="A case", reference="A b", split="train")
    one, two = (
        Criterion(id=word, text=word, points=1, aspect="substance",
                  check=CheckSpec(kind="contains_any", phrases=[word]))
        for word in ("here", "there")
    )  # fmt: skip
    both = Criterion(id="both", text="Both", points=2, aspect="substance",
                     check=CheckSpec(kind="formula", formula="(here + there) / 2"))  # fmt: skip
    assert alone(both, "It is here.", case, [one, two, both])[0] == 0.5
    value, reason = alone(both, "It is here.", case, [one])
    assert value is None
    assert "there" in reason
