"""Which settings of lessons and practice work? A study on cases that no sample keeps aside.

    python benchmarks/presets.py [--tasks finance ...] [--settings quick ...] [--seeds 0 1 2]

Each task has training cases and development cases; the development cases are never those that a
sample keeps aside. Finance: the sample's training part and `data/finance_dev.jsonl`. The others are
synthetic and made here by code (`synthetic.py`). Lessons and practice run as in a run; after each,
the development cases are answered. Prints one row a task, setting and seed: decisions right after
the lessons and after practice, mean substance, and how many rounds had something to tell apart.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from rft_core.evaluation.report import decision_criterion
from rft_core.records import Example, Project, Rubric

DATA = Path(__file__).parent / "data"


class Task(NamedTuple):
    """Training and development cases with their rubric."""

    project: Project
    train: Sequence[Example]
    dev: Sequence[Example]
    rubric: Rubric


class Result(NamedTuple):
    """How a model did on the development cases."""

    right: int
    n: int
    substance: float
    score: float
    labels: list[tuple[str, str | None]]
    """(right, given)"""


def finance(rubric_file: str = "rubric.json") -> Task:
    from rft_core.cli import sample_folder
    from rft_core.examples.folder import read_project
    from rft_core.rubric.files import read_rubric

    folder = sample_folder("finance")
    files = read_project(folder)
    lines = (DATA / "finance_dev.jsonl").read_text().splitlines()
    dev = [Example.model_validate(json.loads(line)) for line in lines]
    train = [e for e in files.examples if e.split == "train"]
    return Task(files.project, train, dev, read_rubric(folder / rubric_file))


class Study:
    """The embedded model, with a fresh adapter for each trial."""

    def __init__(self) -> None:
        import torch

        from rft_core.jobs.kinds import physical_cores
        from rft_core.jobs.memory import keep_freed_memory
        from rft_core.models.loading import load_model, load_tokenizer

        keep_freed_memory()
        torch.set_num_threads(physical_cores())
        self.tokenizer: Any = load_tokenizer("embedded")
        self.base: Any = load_model("embedded", "bfloat16")

    def adapted(self, plan: Any, seed: int) -> Any:
        from peft import get_peft_model
        from transformers import set_seed

        from rft_core.training import warm_start

        set_seed(seed)
        return get_peft_model(self.base, warm_start.lora(plan))

    def teach(self, model: Any, task: Task, plan: Any, seed: int) -> None:
        from rft_core.training import warm_start

        with tempfile.TemporaryDirectory() as folder:
            warm_start.train(
                model, self.tokenizer, task.project, task.train, plan, seed, Path(folder)
            )

    def practise(self, model: Any, task: Task, plan: Any, seed: int) -> list[dict[str, Any]]:
        """Practise, and return the graded answers of all rounds."""
        from rft_core.rubric.grading import Grader
        from rft_core.training import grpo

        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "practice.jsonl"
            grpo.train(
                model, self.tokenizer, task.project, task.train, Grader(task.rubric), plan, seed,
                Path(folder), log,
            )  # fmt: skip
            return [json.loads(line) for line in log.read_text().splitlines()]

    def test(self, model: Any, task: Task, plan: Any) -> Result:
        from rft_core.checks import build
        from rft_core.checks.wording import clean
        from rft_core.evaluation.answering import Variant, _answer_batch, length_batches
        from rft_core.rubric.grading import Grader

        model.eval()
        grader = Grader(task.rubric)
        batches = length_batches(self.tokenizer, task.project, task.dev, 16)
        answers = [
            row
            for cases in batches
            for row in _answer_batch(
                model, self.tokenizer, task.project, cases, Variant(name="m"),
                plan.max_new_tokens, None,
            )
        ]  # fmt: skip
        by_id = {example.id: example for example in task.dev}
        grades = [grader.grade(a.answer, by_id[a.example_id]) for a in answers]
        criterion = decision_criterion(task.rubric)
        assert criterion
        check: Any = build(criterion.check)
        labels = [
            (str(by_id[a.example_id].fields[check.field]), check.decided(clean(a.answer)))
            for a in answers
        ]
        return Result(
            sum(r == g for r, g in labels), len(labels),
            fmean(g.substance or 0.0 for g in grades), fmean(g.score or 0.0 for g in grades),
            labels,
        )  # fmt: skip
