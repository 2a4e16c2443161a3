"""The reward is the rubric, unscored is not 0, and a round explains itself."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from rft_core.errors import ModelError
from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.grading import Grader
from rft_core.training.reward import RubricReward, group_kind, measures
from tests.models.grader_server import GraderServer

LABEL = {"kind": "label", "labels": ["yes", "no"], "field": "answer"}


def rubric(*extra: Criterion) -> Rubric:
    first = Criterion(
        id="right", text="Right", points=4, aspect="substance", check=CheckSpec(**LABEL)
    )
    return Rubric(criteria=(first, *extra))


def reward(tmp_path: Path, examples: list[Example], *extra: Criterion) -> RubricReward:
    return RubricReward(Grader(rubric(*extra)), examples, 2, tmp_path / "practice.jsonl")


def call(function: RubricReward, ids: list[str], answers: list[str]):
    logged: dict[str, float] = {}
    result = function(
        prompts=[None] * len(ids),
        completions=[[{"role": "assistant", "content": a}] for a in answers],
        completion_ids=[[1]] * len(ids),
        example_id=ids,
        log_metric=logged.__setitem__,
        trainer_state=SimpleNamespace(global_step=2),
    )
    return result, logged


def test_rewards_are_the_normalised_score_and_are_logged(tmp_path: Path) -> None:
    examples = [Example(id="a", prompt="?", fields={"answer": "yes"}),
                Example(id="b", prompt="?", fields={"answer": "no"})]  # fmt: skip
    function = reward(tmp_path, examples)
    rewards, logged = call(function, ["a", "a", "b", "b"], ["yes", "no", "no", "No."])
    assert rewards == [1.0, 0.0, 1.0, 1.0]
    assert logged["criterion/right"] == pytest.approx(0.75)
    assert logged["groups/mixed"] == 0.5
    assert logged["groups/all_good"] == 0.5
    rows = [json.loads(x) for x in (tmp_path / "practice.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [3] * 4
    assert rows[1]["answer"] == "no"


def test_what_a_case_alone_asks_for_is_practised_in_that_case_only(tmp_path: Path) -> None:
    check = CheckSpec(kind="contains_all", phrases=["30 days"])
    own = Criterion(id="own", text="Names the days", points=4, aspect="substance", check=check)
    examples = [Example(id="a", prompt="?", fields={"answer": "yes"}, criteria=(own,)),
                Example(id="b", prompt="?", fields={"answer": "yes"})]  # fmt: skip
    said = ["yes", "yes, 30 days"]
    rewards, _ = call(reward(tmp_path, examples), ["a", "a", "b", "b"], said * 2)
    assert rewards == [0.5, 1.0, 1.0, 1.0]
    rows = [json.loads(x) for x in (tmp_path / "practice.jsonl").read_text().splitlines()]
    assert [row["possible"] for row in rows] == [8, 8, 4, 4]


def test_a_criterion_that_cannot_be_graded_is_not_a_zero(tmp_path: Path) -> None:
    unknown = Criterion(
        id="later", text="?", points=1, aspect="form", check=CheckSpec(kind="from-the-future")
    )
    example = Example(id="a", prompt="?", fields={"answer": "yes"})
    rewards, logged = call(reward(tmp_path, [example], unknown), ["a", "a"], ["yes", "no"])
    assert rewards == [1.0, 0.0]
    assert "criterion/later" not in logged


def test_a_group_that_cannot_be_graded_gives_none(tmp_path: Path) -> None:
    rewards, logged = call(reward(tmp_path, [Example(id="a", prompt="?")]), ["a", "a"], ["yes", ""])
    assert rewards == [None, None]
    assert logged["groups/unscored"] == 1.0


@pytest.mark.parametrize(
    ("rewards", "kind"),
    [
        ([1.0, 1.0], "all_good"),
        ([0.2, 0.2], "all_bad"),
        ([0.2, 0.9], "mixed"),
        ([None, 0.9], "unscored"),
    ],
)
def test_what_a_group_can_teach(rewards: list[float | None], kind: str) -> None:
    assert group_kind(rewards) == kind
    assert measures(rewards, [], 2)[f"groups/{kind}"] == 1.0


ASKED = Criterion(id="kind", text="Is kind", points=4, aspect="substance",
                  check=CheckSpec(kind="judge", question="Does it say please?"))  # fmt: skip


def asking(tmp_path: Path) -> RubricReward:
    examples = [Example(id="a", prompt="?", fields={"answer": "yes"})]
    return RubricReward(Grader(rubric(ASKED), asking=True), examples, 4, tmp_path / "p.jsonl")


def test_an_ai_grader_gives_points_in_practice(tmp_path: Path, ai_grader: GraderServer) -> None:
    said = ["yes", "yes please", "no please", "no"]
    rewards, logged = call(asking(tmp_path), ["a"] * 4, said)
    assert rewards == [0.5, 1.0, 0.5, 0.0]
    assert logged["criterion/kind"] == 0.5
    assert len(ai_grader.asked) == 4


def test_where_it_fails_for_one_answer_the_group_is_not_compared_by_it(
    tmp_path: Path, ai_grader: GraderServer
) -> None:
    ai_grader.statuses = [500]
    rewards, logged = call(asking(tmp_path), ["a"] * 4, ["yes", "yes please", "no please", "no"])
    assert rewards == [None] * 4, "half of the points are missing for one of them"
    assert logged["groups/unscored"] == 1


def test_a_round_without_any_verdict_is_asked_about_once_more(
    tmp_path: Path, ai_grader: GraderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rft_core.training.reward.PATIENCE_S", 0.01)
    ai_grader.statuses = [500] * 4
    rewards, _ = call(asking(tmp_path), ["a"] * 4, ["yes", "yes please", "no please", "no"])
    assert rewards == [0.5, 1.0, 0.5, 0.0]


def test_a_round_without_any_verdict_ends_the_run_with_the_reason(
    tmp_path: Path, ai_grader: GraderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rft_core.training.reward.PATIENCE_S", 0.01)
    function = asking(tmp_path)
    call(function, ["a"] * 4, ["yes", "yes please", "no please", "no"])
    ai_grader.stop()
    with pytest.raises(ModelError, match=r"could not be reached.*start the run again"):
        call(function, ["a"] * 4, ["maybe", "yes, please", "no, please", "never"])
