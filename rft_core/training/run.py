"""A whole run in the child: warm start, GRPO, then the comparison on held-out cases.

Held-out examples are read in the last stage only; nothing here chooses a checkpoint or stops by
looking at them.
"""

import gc
import time
from itertools import islice
from pathlib import Path
from typing import Any

from rft_core.errors import InputError
from rft_core.evaluation import report as reports
from rft_core.evaluation.answering import Variant, answer, few_shot_examples
from rft_core.jobs.folder import JobFolder, append_line, write_json
from rft_core.jobs.progress import Progress
from rft_core.models import catalogue, chat, shape
from rft_core.models.loading import free_memory_gb, load_model, load_tokenizer
from rft_core.records import Example, Project, Rubric
from rft_core.rubric.grading import Grader
from rft_core.settings import MIN_TRAIN_EXAMPLES
from rft_core.training import adapters, grpo, memory, warm_start
from rft_core.training.plan import TrainingPlan
from rft_core.training.reward import NoVerdict, grade_patiently, require_verdicts
from rft_core.training.stage_callback import stage_callback

FIRST_ASKED = 4
"""Expert answers about which an AI grader is asked before anything is trained."""


class RunInput:
    """The parsed config of a train job."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.project = Project.model_validate(config["project"])
        self.rubric = Rubric.model_validate(config["rubric"])
        self.plan = TrainingPlan.model_validate(config["plan"])
        self.model_id: str = config["model"]["id"]
        self.seed = int(config["seed"])
        self.exploratory: str | None = config.get("exploratory")
        examples = tuple(Example.model_validate(e) for e in config["examples"])
        self.train = tuple(e for e in examples if e.split == "train")
        self.heldout = tuple(e for e in examples if e.split == "heldout")


def train_and_compare(job: JobFolder, config: dict[str, Any]) -> str:
    """Train both stages, answer the held-out cases with every model and write the report."""
    started = time.monotonic()
    run = RunInput(config)
    _check(run)
    _check_ai_grader(run)
    cut_short = _train(job, run)
    gc.collect()
    _answer(job, run)
    _compare(job, run, time.monotonic() - started)
    if job.stop_asked():
        return "Stopped early; what was learned until then is kept and compared."
    return cut_short or "Done."


def _check(run: RunInput) -> None:
    if len(run.train) < MIN_TRAIN_EXAMPLES:
        raise InputError(
            f"There are {len(run.train)} training cases; at least {MIN_TRAIN_EXAMPLES} are needed.",
            "Add cases on the Examples page.",
        )
    if not run.heldout:
        raise InputError(
            "No case is kept aside for the test.", "Keep some cases aside on the Examples page."
        )
    answers, size = run.plan.prompts_per_step * run.plan.group_size, run.plan.micro_batch
    if run.plan.group_size < 2 or answers % size:
        raise InputError(
            f"A round of {answers} answers, {run.plan.group_size} to a case, cannot be learned "
            f"from {size} at a time.",
            "Give each case at least two answers, and choose a number that divides the round.",
        )


def _check_ai_grader(run: RunInput) -> None:
    """Raise ModelError, before minutes are spent, where the AI grader asked does not answer."""
    examples = (*run.train, *run.heldout)
    grader = Grader(run.rubric, examples, asking=True)
    pairs = [(e.reference or "", e) for e in examples if grader.asked_for(e)][:FIRST_ASKED]
    require_verdicts(grader, pairs, grader.grade_all(pairs))


def _train(job: JobFolder, run: RunInput) -> str | None:
    """Train both stages and save their adapters; say why a stage was cut short, if one was."""
    import torch
    from peft import get_peft_model
    from transformers import set_seed

    torch.set_num_threads(run.plan.threads)
    memory.check(shape.of_folder(catalogue.prepare(run.model_id)), run.plan, free_memory_gb())
    tokenizer = load_tokenizer(run.model_id)
    base = load_model(run.model_id, run.plan.dtype, run.plan.attention)
    check_lengths(tokenizer, base, run)
    set_seed(run.seed)
    model: Any = get_peft_model(base, warm_start.lora(run.plan, base))
    scratch = job.path / "scratch"
    cut_short: str | None = None
    if run.plan.warm_epochs:
        callback = stage_callback(job, "warm_start")
        warm_start.train(
            model, tokenizer, run.project, run.train, run.plan, run.seed, scratch, [callback]
        )
        adapters.save(model, job.warm_adapter, run.model_id)
        cut_short = callback.cut_short
        gc.collect()
    if run.plan.steps and not cut_short and not job.stop_asked():
        callback = stage_callback(job, "reinforcement")
        grader = Grader(run.rubric, run.train, asking=True)
        try:
            grpo.train(
                model, tokenizer, run.project, run.train, grader, run.plan, run.seed,
                scratch, job.practice_file, [callback],
            )  # fmt: skip
            cut_short = callback.cut_short
        except NoVerdict as error:
            cut_short = f"Practice ended early. {error.message} What was learned is compared."
        adapters.save(model, job.adapter, run.model_id)
    _remove(scratch)
    return cut_short


def check_lengths(tokenizer: Any, model: Any, run: RunInput) -> None:
    """Raise InputError, before any training, where a case and its answer exceed the window."""
    window = int(getattr(model.config, "max_position_embeddings", 1 << 30))
    for example in (*run.train, *run.heldout):
        tokens = len(chat.prompt_tokens(tokenizer, run.project, example))
        answer_room = run.plan.max_new_tokens
        if example.split == "train" and example.reference:
            answer_room = max(answer_room, chat.answer_tokens(tokenizer, example.reference))
        if tokens + answer_room > window:
            raise InputError(
                f'The case "{example.id}" has {tokens:,} word pieces; with its answer that is more '
                f"than the {window:,} that the model reads at once.",
                "Shorten the case or its answer, or choose a model that reads more.",
            )


def _answer(job: JobFolder, run: RunInput) -> None:
    grader = Grader(run.rubric, (*run.train, *run.heldout), asking=True)
    by_id = {e.id: e for e in run.heldout}
    variants = _variants(job, run)
    progress = Progress(job, "answering", len(variants) * len(run.heldout))
    raw_answers = answer(
        run.model_id, run.plan.dtype, run.project, run.heldout, variants,
        max_new_tokens=run.plan.max_new_tokens, batch=run.plan.answer_batch,
        attention=run.plan.attention,
        on_progress=progress.at,
    )  # fmt: skip
    job.answers_file.unlink(missing_ok=True)
    while together := list(islice(raw_answers, run.plan.answer_batch)):
        grades = grade_patiently(grader, [(r.answer, by_id[r.example_id]) for r in together])
        for raw, grade in zip(together, grades, strict=True):
            row = reports.graded_row(raw, by_id[raw.example_id], grade)
            append_line(job.answers_file, row)


def _variants(job: JobFolder, run: RunInput) -> list[Variant]:
    shots = few_shot_examples(run.train, run.plan.few_shot)
    variants = [Variant(name="base")]
    if shots:
        variants.append(Variant(name="few_shot", shots=shots))
    if job.warm_adapter.exists():
        variants.append(Variant(name="warm_start", adapter=job.warm_adapter))
    if job.adapter.exists():
        variants.append(Variant(name="tuned", adapter=job.adapter))
    elif job.warm_adapter.exists():
        # No practice round was run: the tuned model is the warm start, and its hash says so.
        variants.append(Variant(name="tuned", adapter=job.warm_adapter))
    return variants


def _compare(job: JobFolder, run: RunInput, seconds: float) -> None:
    from rft_core.jobs.folder import read_lines

    grader = Grader(run.rubric, (*run.train, *run.heldout), asking=True)
    for row in reports.floor_rows(grader, run.train, run.heldout):
        append_line(job.answers_file, row)
    report = reports.build(
        list(read_lines(job.answers_file)), run.rubric, run.train, run.heldout,
        wall_seconds=seconds, exploratory=run.exploratory,
    )  # fmt: skip
    write_json(job.report_file, report)


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
