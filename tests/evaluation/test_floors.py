"""What needs no model, where an AI grader takes part in the points."""

from rft_core.evaluation.floors import commonest_answer
from rft_core.evaluation.report import chance, floor_rows
from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.grading import Grader
from tests.models.grader_server import GraderServer

WORDS = ["red", "green", "green", "blue"]
TRAIN = [
    Example(id=f"t{n}", prompt=f"Case {n}", reference=word, fields={"colour": word})
    for n, word in enumerate(WORDS)
]
TEST = [e.with_changes(id=f"h{n}", split="heldout") for n, e in enumerate(TRAIN[:3])]


def rubric(points: float) -> Rubric:
    checks = {
        "right": CheckSpec(kind="exact", field="colour"),
        "asked": CheckSpec(kind="judge", question="Does it say green?"),
    }
    return Rubric(
        criteria=tuple(
            Criterion(id=name, text=name, points=worth, aspect="substance", check=checks[name])
            for name, worth in (("right", 1.0), ("asked", points))
        )
    )


def test_the_constant_answer_is_chosen_by_what_can_be_graded_without_asking(
    ai_grader: GraderServer,
) -> None:
    for points in (0.1, 9):
        assert commonest_answer(Grader(rubric(points), asking=True), TRAIN) == "green"
    assert ai_grader.asked == []


def test_the_answers_to_test_cases_are_graded_by_it_but_not_what_is_picked_at_random(
    ai_grader: GraderServer,
) -> None:
    rows = floor_rows(Grader(rubric(9), asking=True), TRAIN, TEST)
    assert [row["model"] for row in rows] == ["commonest", "nearest"] * 3
    assert all(row["values"]["asked"] == (row["answer"] == "green") for row in rows)
    asked = len(ai_grader.asked)
    assert asked <= 6
    assert chance(Grader(rubric(9)), TRAIN, TEST)["mean_score"] is None
    assert len(ai_grader.asked) == asked
