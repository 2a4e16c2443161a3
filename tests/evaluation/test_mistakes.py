"""Mistakes that a rubric names: one criterion each, or the cells of a cost table."""

from typing import Any

from rft_core.evaluation.mistakes import named_errors
from rft_core.evaluation.report import decision_criterion
from rft_core.records import CheckSpec, Criterion, Example, Rubric

LABELS = ["release", "call", "block"]
TABLE = {
    "release": {"release": 1, "call": 0.8, "block": 0.6},
    "call": {"release": 0.2, "call": 1, "block": 0.7},
    "block": {"release": 0, "call": 0.5, "block": 1},
}
CHECK = CheckSpec(kind="cost_table", labels=LABELS, field="decision", line="Decision", table=TABLE)
RUBRIC = Rubric(
    criteria=(Criterion(id="decision", text="Decides", points=10, aspect="substance", check=CHECK),)
)
CASES = [
    Example(id=f"h{i}", prompt="case", fields={"decision": right}, split="heldout")
    for i, right in enumerate(["block", "block", "block", "call", "release"])
]


def rows(*answers: str) -> dict[str, dict[str, Any]]:
    return {
        case.id: {"answer": f"Decision: {answer}", "values": {}}
        for case, answer in zip(CASES, answers, strict=True)
    }


def test_cells_that_were_fallen_into_are_counted_of_their_cases_dearest_first() -> None:
    errors = named_errors(
        {
            "base": rows("release", "release", "call", "release", "release"),
            "tuned": rows("block", "call", "block", "call", "block"),
        },
        RUBRIC, CASES,
    )  # fmt: skip
    found = [(e["text"], e["costs"], e["of"], e["models"]) for e in errors]
    assert found == [
        ('Says "release" where "block" is right', 10, 3, {"base": 2, "tuned": 0}),
        ('Says "release" where "call" is right', 8, 1, {"base": 1, "tuned": 0}),
        ('Says "call" where "block" is right', 5, 3, {"base": 1, "tuned": 1}),
        ('Says "block" where "release" is right', 4, 1, {"base": 0, "tuned": 1}),
    ]


def test_the_dearest_mistake_is_named_even_if_nobody_made_it() -> None:
    right = rows("block", "block", "block", "call", "release")
    (error,) = named_errors({"tuned": right}, RUBRIC, CASES)
    assert error["text"] == 'Says "release" where "block" is right'
    assert error["models"] == {"tuned": 0}


def test_a_penalty_for_what_an_answer_says_is_a_mistake_in_any_case() -> None:
    check = CheckSpec(kind="forbidden", words=["fbn9"])
    invents = Criterion(
        id="invents", text="Names an unknown gene", points=-2, aspect="substance", check=check
    )
    lengthy = invents.with_changes(id="lengthy", aspect="form")
    made = {
        case.id: {"answer": "", "values": {"invents": float(case.id in ("h0", "h3")), "lengthy": 1}}
        for case in CASES
    }
    (error,) = named_errors({"base": made}, Rubric(criteria=(invents, lengthy)), CASES)
    assert (error["text"], error["costs"], error["of"]) == ("Names an unknown gene", 2, 5)
    assert error["models"] == {"base": 2}


def test_a_case_that_could_not_be_graded_is_not_among_those_counted() -> None:
    check = CheckSpec(kind="forbidden", words=["fbn9"])
    invents = Criterion(
        id="invents", text="Names an unknown gene", points=-2, aspect="substance", check=check
    )
    values = {"h0": 1.0, "h1": 0.5, "h2": 0.4, "h3": None, "h4": 0.0}
    made = {i: {"answer": "", "values": {"invents": v}} for i, v in values.items()}
    (error,) = named_errors({"tuned": made}, Rubric(criteria=(invents,)), CASES)
    assert (error["of"], error["models"]) == (4, {"tuned": 2})


def test_a_label_that_no_test_case_has_is_no_mistake_to_count() -> None:
    errors = named_errors({"tuned": {}}, RUBRIC, CASES[3:])
    assert [e["text"] for e in errors] == ['Says "release" where "call" is right']


def test_an_answer_that_names_several_labels_is_no_named_mistake() -> None:
    both = rows("block or release", "block", "block", "call", "release")
    (error,) = named_errors({"tuned": both}, RUBRIC, CASES)
    assert error["models"] == {"tuned": 0}


def test_criteria_for_one_mistake_stand_beside_cells_by_what_they_cost() -> None:
    check = CheckSpec(kind="mistake", labels=LABELS, field="decision", given=["release"],
                      right=["call", "block"])  # fmt: skip
    penalty = Criterion(id="lets", text="Lets a scam through", points=-9, aspect="substance",
                        check=check)  # fmt: skip
    answers = rows("release", "release", "call", "release", "release")
    for row in answers.values():
        row["values"]["lets"] = float("release" in row["answer"])
    errors = named_errors(
        {"base": answers}, RUBRIC.with_changes(criteria=(*RUBRIC.criteria, penalty)), CASES
    )
    assert [e["costs"] for e in errors] == [10, 9, 8, 5]
    assert errors[1]["models"] == {"base": 3}


def test_parts_of_a_formula_have_its_points() -> None:
    decision = RUBRIC.criteria[0].with_changes(points=0)
    invents = Criterion(
        id="invents", text="Names an unknown gene", points=0, aspect="substance",
        check=CheckSpec(kind="forbidden", phrases=["fbn9"]),
    )  # fmt: skip
    kind = Criterion(
        id="kind", text="Names the kind", points=2, aspect="substance",
        check=CheckSpec(kind="label", labels=LABELS, field="decision"),
    )  # fmt: skip
    whole = Criterion(
        id="whole", text="Both", points=8, aspect="substance",
        check=CheckSpec(kind="formula", formula="decision * (1 - invents)"),
    )  # fmt: skip
    rubric = Rubric(criteria=(kind, decision, invents, whole))
    found = decision_criterion(rubric)
    assert found is not None and found.id == "decision"
    made = rows("release", "block", "block", "call", "release")
    for row in made.values():
        row["values"]["invents"] = 1.0
    errors = named_errors({"base": made}, rubric, CASES)
    assert [(e["criterion"], e["costs"]) for e in errors] == [("decision", 8), ("invents", 8)]


def test_a_mistake_is_counted_only_where_its_criterion_counts() -> None:
    tagged = [case.with_changes(tags=("letter",)) for case in CASES[:1]] + CASES[1:]
    given = {"base": rows("release", "release", "release", "release", "release")}
    only_letters = RUBRIC.criteria[0].with_changes(tags=("letter",))
    (error,) = named_errors(given, RUBRIC.with_criterion(only_letters), tagged)
    assert (error["of"], error["models"]) == (1, {"base": 1})
    off = RUBRIC.with_criterion(only_letters.with_changes(enabled=False))
    assert named_errors(given, off, tagged) == []
