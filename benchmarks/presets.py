"""Which settings of lessons and practice work? A study on cases that no sample keeps aside.

    python benchmarks/presets.py [--tasks finance reviews ...] [--settings ...] [--seeds 0 1 2]

Each task has training cases and development cases; the development cases are never those that a
sample keeps aside. Finance: the sample's training part and `data/finance_dev.jsonl`. Legal,
healthcare and insurance: two thirds of the training part teach and a third is answered, another
third with each seed. The others are synthetic (`synthetic.py`). Lessons and practice run as in a
run; after each, the development cases are answered. Lessons that several settings share are given
once a task and seed. Prints one row a task, seed and setting: decisions right and mean substance
after the lessons and after practice, groups of answers that could teach, and seconds.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import synthetic

from rft_core.cli import sample_folder
from rft_core.evaluation.report import decision_criterion
from rft_core.examples.folder import read_project
from rft_core.records import Example, Project, Rubric
from rft_core.training.stage_callback import copy_of, put_back

DATA = Path(__file__).parent / "data"


class Task(NamedTuple):
    """Training and development cases with their rubric."""

    project: Project
    train: Sequence[Example]
    dev: Sequence[Example]
    rubric: Rubric


class Setting(NamedTuple):
    """What is varied. Everything else is as in a run."""

    readings: int
    """Passes over the training cases in the lessons."""
    rounds: int
    prompts: int
    answers: int
    """Answers to each prompt of a round."""
    rate: float
    """Learning rate of practice."""
    frozen_share: float = 0.0
    """Share of the layers, from the first on, that learns nothing."""


SETTINGS = {
    "quick": Setting(8, 10, 8, 4, 3e-5),
    "lessons, upper half": Setting(8, 0, 8, 4, 3e-5, 0.5),
    "lessons, all layers": Setting(8, 0, 8, 4, 3e-5),
    "standard": Setting(8, 40, 8, 4, 3e-5),
    "thorough": Setting(10, 120, 8, 8, 3e-5),
    "short lessons": Setting(5, 16, 8, 4, 3e-5),
    "middle lessons": Setting(6, 16, 8, 4, 3e-5),
    "fast practice": Setting(5, 16, 8, 4, 1e-4),
    "few prompts": Setting(5, 16, 4, 8, 3e-5),
    "long practice": Setting(5, 40, 8, 4, 3e-5),
    "practice only": Setting(0, 25, 8, 4, 3e-5),
    "practice only, fast": Setting(0, 25, 8, 4, 2e-4),
}


class Result(NamedTuple):
    """How a model did on the development cases."""

    right: int
    n: int
    substance: float
    score: float
    labels: list[tuple[str, str | None]]
    """(right, given)"""


THIRDS = 3


def finance(seed: int) -> Task:
    files = read_project(sample_folder("finance"))
    lines = (DATA / "finance_dev.jsonl").read_text().splitlines()
    dev = [Example.model_validate(json.loads(line)) for line in lines]
    train = [e for e in files.examples if e.split == "train"]
    return Task(files.project, train, dev, files.rubric)


def training_part(sample: str, seed: int) -> Task:
    """Return a sample's training part with a third set aside; twins stay together."""
    files = read_project(sample_folder(sample))
    train = [e for e in files.examples if e.split == "train"]
    clusters = sorted({e.cluster or e.id for e in train})
    random.Random(sample).shuffle(clusters)
    aside = set(clusters[seed % THIRDS :: THIRDS])
    taught, dev = (
        [e for e in train if ((e.cluster or e.id) in aside) == is_aside]
        for is_aside in (False, True)
    )
    return Task(files.project, taught, dev, files.rubric)


def synthetic_task(name: str, seed: int) -> Task:
    train, dev = synthetic.examples(name)
    return Task(synthetic.project(name), train, dev, synthetic.rubric(name))


TASKS = (
    {"finance": finance}
    | {name: partial(training_part, name) for name in ("legal", "healthcare", "insurance")}
    | {name: partial(synthetic_task, name) for name in synthetic.KINDS}
)


class Study:
    """The embedded model, with a fresh adapter for each trial."""

    def __init__(self) -> None:
        import torch

        from rft_core.jobs.memory import keep_freed_memory
        from rft_core.models.loading import load_model, load_tokenizer
        from rft_core.models.timing import BF16_MUST_BE_FASTER, best_threads, bf16_speedup

        keep_freed_memory()
        self.threads = best_threads()
        torch.set_num_threads(self.threads)
        self.tokenizer: Any = load_tokenizer("embedded")
        self.dtype = "bfloat16" if bf16_speedup() >= BF16_MUST_BE_FASTER else "float32"
        self.base: Any = load_model("embedded", self.dtype)

    def adapted(self, plan: Any, seed: int) -> Any:
        from peft import get_peft_model
        from transformers import set_seed

        from rft_core.training import warm_start

        set_seed(seed)
        return get_peft_model(self.base, warm_start.lora(plan, self.base))

    def rows(self, name: str, seed: int, settings: Sequence[str]) -> Iterator[str]:
        """Yield a row of the table for each setting."""
        task = TASKS[name](seed)
        by_lessons: dict[tuple[int, float], list[str]] = {}
        for setting in settings:
            lessons_of = SETTINGS[setting].readings, SETTINGS[setting].frozen_share
            by_lessons.setdefault(lessons_of, []).append(setting)
        for (readings, frozen_share), names in by_lessons.items():
            plan = self.plan(task, readings, frozen_share)
            model = self.adapted(plan, seed)
            started = time.perf_counter()
            if readings:
                self.teach(model, task, plan, seed)
            lessons = time.perf_counter() - started
            taught, weights = self.test(model, task, plan), copy_of(model)
            for setting in names:
                put_back(model, weights)
                chosen = SETTINGS[setting]
                started = time.perf_counter()
                kinds, seconds, practised = "-", 0.0, taught
                if chosen.rounds:
                    rows = self.practise(model, task, practice(plan, chosen), seed)
                    kinds = teaching(rows, chosen.answers)
                    seconds = time.perf_counter() - started
                    practised = self.test(model, task, plan)
                yield (
                    f"| {name} | {seed} | {setting} | {taught.right}, {practised.right} of "
                    f"{taught.n} | {taught.substance:.2f}, {practised.substance:.2f} | {kinds} "
                    f"| {lessons:.0f} + {seconds:.0f} |"
                )
            model.unload()

    def plan(self, task: Task, readings: int, frozen_share: float = 0.0) -> Any:
        from rft_core.models import chat
        from rft_core.training.plan import TrainingPlan, answer_limit

        limit = answer_limit([chat.answer_tokens(self.tokenizer, e.reference) for e in task.train])
        longest = max(len(chat.prompt_tokens(self.tokenizer, task.project, e)) for e in task.train)
        return TrainingPlan(
            preset="study", dtype=self.dtype, threads=self.threads, frozen_share=frozen_share,
            warm_epochs=readings, warm_learning_rate=2e-3, steps=0, prompts_per_step=8,
            group_size=4, learning_rate=3e-5, max_new_tokens=limit, row_tokens=longest + limit,
            micro_batch=4, answer_batch=16, minutes=1,
        )  # fmt: skip

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


def practice(plan: Any, setting: Setting) -> Any:
    """Return the plan with a setting's practice; whole groups of about 16 answers in one pass."""
    return plan.with_changes(
        steps=setting.rounds, prompts_per_step=setting.prompts, group_size=setting.answers,
        learning_rate=setting.rate, micro_batch=16 if 16 % setting.answers == 0 else 12,
    )  # fmt: skip


def teaching(rows: Sequence[dict[str, Any]], answers: int) -> str:
    """Return the share of groups whose answers did not all score alike, in five parts of a run."""
    groups = [[r["score"] for r in rows[i : i + answers]] for i in range(0, len(rows), answers)]
    mixed = [max(g) - min(g) > 1e-6 for g in groups]
    fifth = max(1, len(mixed) // 5)
    parts = [mixed[i : i + fifth] for i in range(0, fifth * 5, fifth)]
    return " ".join(f"{fmean(part):.1f}" for part in parts if part)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", nargs="+", choices=list(TASKS), default=list(TASKS))
    parser.add_argument("--settings", nargs="+", choices=list(SETTINGS), default=list(SETTINGS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args()
    study = Study()
    print(HEADER)
    for seed in options.seeds:
        for task in options.tasks:
            for row in study.rows(task, seed, options.settings):
                print(row, flush=True)
                if options.out:
                    with options.out.open("a") as file:
                        file.write(row + "\n")


HEADER = (
    "| task | seed | setting | right: taught, practised | substance: taught, practised "
    "| groups that teach, by fifths | seconds |\n|---|---|---|---|---|---|---|"
)

if __name__ == "__main__":
    main()
