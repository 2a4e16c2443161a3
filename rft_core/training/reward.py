"""The rubric as the one reward function of GRPO, with the measures that explain a round."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from rft_core.errors import ModelError
from rft_core.records import Example, Grade
from rft_core.rubric.grading import Grader
from rft_core.rubric.scoring import comparable_scores

PATIENCE_S = 60.0
"""After a round without any verdict of the AI grader it is asked once more, this much later."""


class NoVerdict(ModelError):
    """The AI grader that a rubric asks gave no verdict at all."""


LogMetric = Callable[[str, float], None]
Pair = tuple[str, Example]
"""An answer and its case."""


class RubricReward:
    """Grades sampled answers; unscored answers get None, never 0.

    `__call__` has TRL's reward signature. Answers of one group (same example, neighbours) are
    compared only on criteria that could be graded for all of them. Every graded answer is
    appended to `log_file`, so that the practice can be read while it goes on.
    Raises NoVerdict in a round without a verdict of the AI grader that the rubric asks.
    """

    __name__ = "rubric"

    def __init__(
        self, grader: Grader, examples: Sequence[Example], group_size: int, log_file: Path
    ) -> None:
        self.grader = grader
        self.examples = {example.id: example for example in examples}
        self.group_size = group_size
        self.log_file = log_file

    def __call__(
        self,
        prompts: Sequence[Any],
        completions: Sequence[Any],
        completion_ids: Sequence[Sequence[int]],
        example_id: Sequence[str],
        log_metric: LogMetric,
        trainer_state: Any,
        **_: Any,
    ) -> list[float | None]:
        answers = [completion[0]["content"] for completion in completions]
        cases = [self.examples[i] for i in example_id]
        pairs = list(zip(answers, cases, strict=True))
        grades = grade_patiently(self.grader, pairs)
        require_verdicts(self.grader, pairs, grades)
        rewards: list[float | None] = []
        for start in range(0, len(grades), self.group_size):
            rewards += self._group(
                self.examples[example_id[start]], grades[start : start + self.group_size]
            )
        for name, value in measures(rewards, grades, self.group_size).items():
            log_metric(name, value)
        self._write(trainer_state.global_step + 1, answers, example_id, grades)
        return rewards

    def _group(self, example: Example, grades: Sequence[Grade]) -> list[float | None]:
        criteria = self.grader.criteria_for(example)
        return comparable_scores([grade.values for grade in grades], criteria)

    def _write(
        self, step: int, answers: Sequence[str], ids: Sequence[str], grades: Sequence[Grade]
    ) -> None:
        with self.log_file.open("a", encoding="utf-8") as log:
            for answer, example_id, grade in zip(answers, ids, grades, strict=True):
                row = {
                    "step": step,
                    "example_id": example_id,
                    "answer": answer,
                    "score": grade.score,
                    "earned": grade.earned,
                    "possible": grade.possible,
                    "penalty": grade.penalty,
                }
                log.write(json.dumps(row, ensure_ascii=False) + "\n")


def grade_patiently(grader: Grader, pairs: Sequence[Pair]) -> list[Grade]:
    """Grade answers; where an AI grader gave no verdict at all, ask once more after a while."""
    grades = grader.grade_all(pairs)
    try:
        require_verdicts(grader, pairs, grades)
    except NoVerdict:
        time.sleep(PATIENCE_S)
        grades = grader.grade_all(pairs)
    return grades


def require_verdicts(grader: Grader, pairs: Sequence[Pair], grades: Sequence[Grade]) -> None:
    """Raise NoVerdict if an AI grader was asked about these answers and gave no verdict at all.

    Single questions without one are unscored like any other criterion.
    """
    asked = [
        (grade.values[i], grade.reasons[i])
        for (_, case), grade in zip(pairs, grades, strict=True)
        for i in grader.asked_for(case)
    ]
    if asked and all(value is None for value, _ in asked):
        raise NoVerdict(asked[0][1], "See that the AI grader works, then start the run again.")


def measures(
    rewards: Sequence[float | None], grades: Sequence[Grade], group_size: int
) -> dict[str, float]:
    """Return each criterion's mean and the shares of groups by what they can teach.

    A group whose answers all score alike teaches nothing: *all good* from half of the range up,
    *all bad* below. *mixed* groups teach. *unscored* groups hold no comparable pair.
    """
    groups = [rewards[i : i + group_size] for i in range(0, len(rewards), group_size)]
    kinds = [group_kind(group) for group in groups]
    shares = {
        f"groups/{kind}": kinds.count(kind) / len(kinds)
        for kind in ("all_good", "all_bad", "mixed", "unscored")
    }
    return shares | criterion_means([grade.values for grade in grades])


def group_kind(rewards: Sequence[float | None]) -> str:
    """Say what a group of answers to one prompt can teach."""
    scored = [reward for reward in rewards if reward is not None]
    if len(scored) < 2:
        return "unscored"
    if max(scored) - min(scored) > 1e-6:
        return "mixed"
    return "all_good" if scored[0] >= 0.5 else "all_bad"


def criterion_means(values: Sequence[Mapping[str, float | None]]) -> dict[str, float]:
    """Return `criterion/<id>`: the mean over answers for which it could be graded."""
    ids = dict.fromkeys(key for row in values for key in row)
    means = {}
    for key in ids:
        scored = [row[key] for row in values if row.get(key) is not None]
        if scored:
            means[f"criterion/{key}"] = fmean(v for v in scored if v is not None)
    return means
