"""What the verdict says about a model that decides nearly everything alike."""

from typing import Any

import pytest

from rft_core.evaluation.verdict import judge

CHANGE = {
    "ci95": [0.1, 0.3], "p": 0.01, "coverage": 1.0, "better": 20, "worse": 1, "same": 79,
    "substance": None, "form": None,
}  # fmt: skip


def said(*cells: tuple[str, str, int]) -> str:
    """Return the verdict's sentences for a model with these (right, given, cases)."""
    table = [{"right": right, "given": given, "n": n} for right, given, n in cells]
    right = sum(n for right, given, n in cells if right == given)
    decision: dict[str, Any] = {
        "labels": ["release", "block"],
        "models": {"tuned": {"table": table, "right": right, "n": sum(n for *_, n in cells)}},
    }
    report = {
        "paired": {"tuned_vs_base": CHANGE}, "floors": {}, "decision": decision,
        "models": {"tuned": {"substance": 0.9}},
    }  # fmt: skip
    return " ".join(judge(report)["sentences"])


@pytest.mark.parametrize(
    ("cells", "accused"),
    [
        ([("release", "release", 60), ("block", "release", 40)], True),
        ([("release", "release", 85), ("block", "release", 12), ("block", "block", 3)], True),
        ([("release", "release", 60), ("block", "block", 40)], False),
        ([("release", "release", 95), ("block", "block", 5)], False),
        ([("release", "none or several", 60), ("block", "none or several", 40)], True),
    ],
)
def test_a_model_is_accused_of_one_decision_only_where_right_ones_vary(
    cells: list[tuple[str, str, int]], accused: bool
) -> None:
    assert ("has not learned to tell them apart" in said(*cells)) == accused


SURE, UNSURE = ({"ci95": [0.1, 0.3], "p": 0.01}, {"ci95": [-0.1, 0.2], "p": 0.4})


@pytest.mark.parametrize(
    ("substance", "form", "ending"),
    [
        (SURE, SURE, "better than before on these test cases."),
        (SURE, UNSURE, "better than before on these test cases."),
        (None, SURE, "better than before on these test cases."),
        (UNSURE, SURE, "better laid out than before on these test cases, not shown to be right "
                       "more often."),
    ],
)  # fmt: skip
def test_the_headline_does_not_call_better_what_is_only_laid_out_better(
    substance: Any, form: Any, ending: str
) -> None:
    report = {
        "paired": {"tuned_vs_base": CHANGE | {"substance": substance, "form": form}},
        "floors": {}, "models": {"tuned": {"substance": 0.9}},
    }  # fmt: skip
    assert judge(report)["headline"] == f"20 better, 1 worse, 79 the same: {ending}"


def test_practice_that_never_began_is_not_said_to_have_added_nothing() -> None:
    models = {name: {"substance": 0.9, "adapter_sha256": "abc"} for name in ("warm_start", "tuned")}
    paired = {"tuned_vs_base": CHANGE, "tuned_vs_warm_start": CHANGE | {"ci95": [-0.1, 0.1]}}
    sentences = judge({"paired": paired, "floors": {}, "models": models})["sentences"]
    assert "There was no practice with the rubric: the run ended before it." in sentences
    models["tuned"]["adapter_sha256"] = "other"
    sentences = judge({"paired": paired, "floors": {}, "models": models})["sentences"]
    assert "Practice with the rubric added nothing measurable here." in sentences
