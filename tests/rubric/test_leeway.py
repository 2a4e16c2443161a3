"""How each criterion comes out on the model's answers before practice."""

import pytest

from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.grading import Grader
from rft_core.rubric.leeway import leeways

CASES = [
    Example(id=f"e{i}", prompt=f"case {i}", reference="Decision: block", fields={"d": "block"})
    for i in range(4)
]


def criterion(name: str, points: float, *phrases: str, **more: object) -> Criterion:
    check = CheckSpec(kind="contains_all", phrases=list(phrases))
    return Criterion.model_validate(
        {"id": name, "text": name, "points": points, "check": check, "aspect": "substance"} | more
    )


RULES = (
    criterion("always", 1, "Decision"),
    criterion("never", 2, "because"),
    criterion("sometimes", 1, "block"),
    criterion("part", 1, "Decision", "because"),
    criterion("kept free", -1, "sorry"),
    criterion("each time", -1, "Decision"),
    criterion("off", 1, "Decision", enabled=False),
    criterion("for none", 1, "Decision", tags=("rare",)),
)


@pytest.mark.parametrize(
    ("answers", "remarks"),
    [
        (
            ["Decision: block", "Decision: call", "Decision: block", "Decision: call"],
            ["Always met", "Never met yet", "", "", "Never lost", "Always lost: practice"],
        ),
        (["Decision: block", "Decision: block"], [""] * 6),
    ],
    ids=["four answers", "too few to say"],
)
def test_what_comes_out_alike_on_all_of_the_models_answers_is_said(
    answers: list[str], remarks: list[str]
) -> None:
    rubric = Rubric(criteria=RULES)
    grader = Grader(rubric)
    tried = list(zip(answers, CASES, strict=False))
    expert = [grader.grade(case.reference or "", case) for _, case in tried]
    rows = leeways(rubric.active, expert, grader.grade_all(tried))
    assert [row.criterion.id for row in rows] == [
        "always", "never", "sometimes", "part", "kept free", "each time",
    ]  # fmt: skip
    for row, remark in zip(rows, remarks, strict=True):
        assert row.remark.startswith(remark) and bool(row.remark) == bool(remark)
    assert [row.expert for row in rows] == [1, 0, 1, 0.5, 0, 1]
    assert rows[2].model == (0.5 if len(answers) == 4 else 1)
    assert rows[3].model == 0.5
