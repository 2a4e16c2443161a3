"""Turn a project and a preset into a job's config: everything is resolved here, once.

What time or measurement decides (dtype, threads, steps, batch sizes, answer limit) is written to
the config, so that the child decides nothing and a run can be repeated.
"""

from collections.abc import Sequence
from typing import Any

from rft_core import __version__
from rft_core.errors import InputError
from rft_core.jobs import supervisor
from rft_core.jobs.folder import JobFolder
from rft_core.models import catalogue, endpoint, shape, timing
from rft_core.records import Example, Project, Rubric, content_id
from rft_core.rubric.grading import Grader
from rft_core.settings import MIN_HELDOUT_EXAMPLES, MIN_TRAIN_EXAMPLES
from rft_core.training import plan as plans
from rft_core.training.plan import TrainingPlan


def start_timing(model_id: str) -> JobFolder:
    """Start the job that times this machine with a model (or return the one that is under way)."""
    catalogue.folder(model_id)
    return supervisor.submit({"kind": "time", "model": {"id": model_id}})


def make_plan(
    project: Project,
    examples: Sequence[Example],
    preset: str,
    model_id: str,
    steps: int | None = None,
) -> TrainingPlan:
    """Resolve a plan from the kept timing; InputError where this machine was not timed yet."""
    measured = timing.saved(model_id)
    if measured is None:
        raise InputError(
            "This machine has not been timed with this model yet.",
            "Time it first; it takes half a minute.",
        )
    return plans.resolve(
        preset,
        timing.lengths(model_id, project, examples),
        measured,
        n_train=sum(e.split == "train" for e in examples),
        n_heldout=sum(e.split == "heldout" for e in examples),
        steps=steps,
        parameters_m=catalogue.entry(model_id).parameters_m,
        shape=shape.of_folder(catalogue.prepare(model_id)),
    )


def train_config(
    project: Project,
    examples: Sequence[Example],
    rubric: Rubric,
    plan: TrainingPlan,
    model_id: str,
    seed: int,
    exploratory: str | None = None,
) -> dict[str, Any]:
    """Return the config of a train job. Raises InputError for what cannot be trained.

    `exploratory` says why the verdict of this run will be exploratory, if it will.
    """
    check_trainable(examples, rubric)
    grader = endpoint.setup() if any(map(Grader(rubric, examples).asked_for, examples)) else None
    return {
        "kind": "train",
        "rft_version": __version__,
        "workspace_id": project.workspace_id,
        "project": project.model_dump(mode="json"),
        "examples": [e.model_dump(mode="json") for e in examples],
        "rubric": rubric.model_dump(mode="json"),
        "example_set_id": content_id(list(examples)),
        "rubric_version_id": content_id(rubric),
        "model": catalogue.entry(model_id).model_dump(mode="json"),
        "preset": plan.preset,
        "plan": plan.model_dump(mode="json"),
        "seed": seed,
        "exploratory": exploratory,
        "ai_grader": grader.public if grader else None,
    }


def answer_config(
    project: Project,
    examples: Sequence[Example],
    model_id: str,
    purpose: str = "",
    shots: Sequence[Example] = (),
    max_new_tokens: int = 96,
) -> dict[str, Any]:
    """Return the config of a job that answers training cases with the model as it is.

    `purpose` says which page part asks; `shots` are worked examples that the model is shown.
    """
    measured = timing.saved(model_id)
    if measured is None:
        raise InputError("This machine has not been timed with this model yet.", "Time it first.")
    return {
        "kind": "answer",
        "purpose": purpose,
        "shots": [e.model_dump(mode="json") for e in shots],
        "project": project.model_dump(mode="json"),
        "examples": [e.model_dump(mode="json") for e in examples],
        "model": {"id": model_id},
        "dtype": measured.dtype,
        "threads": measured.threads,
        "max_new_tokens": max_new_tokens,
    }


def check_trainable(examples: Sequence[Example], rubric: Rubric) -> None:
    """Raise InputError where examples or rubric cannot be trained on, with what to add."""
    train = sum(e.split == "train" for e in examples)
    heldout = sum(e.split == "heldout" for e in examples)
    if train < MIN_TRAIN_EXAMPLES:
        raise InputError(
            f"There are {train} training cases; at least {MIN_TRAIN_EXAMPLES} are needed.",
            "Add cases on the Examples page.",
        )
    if heldout < MIN_HELDOUT_EXAMPLES:
        raise InputError(
            f"{heldout} cases are kept aside for the test; at least {MIN_HELDOUT_EXAMPLES} are "
            "needed.",
            "Keep more cases aside on the Examples page.",
        )
    Grader(rubric, [e for e in examples if e.split == "train"])
