"""Make finished runs without training: hand-made answers, the real grader, the real report."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.components.words import BANNED
from rft_core import settings
from rft_core.evaluation import report as reports
from rft_core.evaluation.answering import RawAnswer
from rft_core.examples.folder import ProjectFiles, read_project
from rft_core.jobs.folder import JobFolder, append_line, write_json
from rft_core.jobs.submission import train_config
from rft_core.records import Example, Rubric
from rft_core.rubric.grading import Grader
from rft_core.training.plan import TrainingPlan

Answers = Mapping[str, Callable[[Example], str]]

PLAN = TrainingPlan(
    preset="quick", dtype="float32", threads=2, warm_epochs=6, warm_learning_rate=2e-3,
    steps=8, prompts_per_step=4,
    group_size=6, learning_rate=3e-5, max_new_tokens=64, row_tokens=200, micro_batch=8,
    answer_batch=8, minutes=3,
)  # fmt: skip
FINGERPRINTS = {"warm_start": "1a" * 32, "tuned": "2b" * 32}


def finance(train: int = 12, heldout: int = 20) -> ProjectFiles:
    """Return the finance sample with its first cases only."""
    files = read_project(settings.samples_folder() / "finance")
    examples = [
        e
        for split, count in (("train", train), ("heldout", heldout))
        for e in [e for e in files.examples if e.split == split][:count]
    ]
    return files.model_copy(update={"examples": tuple(examples)})


def right(example: Example) -> str:
    """Answer as the expert does."""
    return example.reference or ""


def says(example: Example, decision: str, kind: str) -> str:
    """Answer in the expert's layout, whatever its order, with a quote that stands nowhere."""
    text = re.sub(r"(?m)^Decision: .*$", f"Decision: {decision}", example.reference or "")
    text = re.sub(r"(?m)^Kind: .*$", f"Kind: {kind}", text)
    return re.sub(r"(?m)^Quote: .*$", 'Quote: "nothing"', text)


def releases(example: Example) -> str:
    """Release every payment, in the right layout."""
    return says(example, "release", "none")


def make_run(
    files: ProjectFiles,
    answers: Answers,
    *,
    run_id: str = "train-000000000001",
    created_at: str = "2026-11-20T10:00:00+00:00",
    rubric: Rubric | None = None,
    exploratory: str | None = None,
    recorded: bool = False,
    root: Path | None = None,
) -> Path:
    """Write the folder of a finished run that gave these answers, and return it."""
    rubric = rubric or files.rubric
    job = make_folder(files, run_id, created_at, rubric, exploratory, recorded, root)
    train = [e for e in files.examples if e.split == "train"]
    heldout = [e for e in files.examples if e.split == "heldout"]
    grader = Grader(rubric)
    for model, say in answers.items():
        for example in heldout:
            raw = RawAnswer(
                model=model,
                example_id=example.id,
                answer=say(example),
                truncated=False,
                tokens=20,
                seconds=0.4,
                adapter_sha256=FINGERPRINTS.get(model),
            )
            grade = grader.grade(raw.answer, example)
            append_line(job.answers_file, reports.graded_row(raw, example, grade))
    for row in reports.floor_rows(grader, train, heldout):
        append_line(job.answers_file, row)
    rows = [json.loads(line) for line in job.answers_file.read_text().splitlines()]
    report = reports.build(
        rows, rubric, train, heldout, wall_seconds=180.0, exploratory=exploratory
    )
    write_json(job.report_file, report)
    set_state(job.path, "finished", created_at)
    return job.path


def make_folder(
    files: ProjectFiles,
    run_id: str,
    created_at: str,
    rubric: Rubric | None = None,
    exploratory: str | None = None,
    recorded: bool = False,
    root: Path | None = None,
) -> JobFolder:
    """Write the folder of a run that has not begun."""
    config = train_config(
        files.project, files.examples, rubric or files.rubric, PLAN, "embedded", 0, exploratory
    )
    more = {"job_id": run_id, "created_at": created_at, "recorded": recorded}
    job = JobFolder((root or settings.jobs_folder()) / run_id)
    job.create(config | more)
    return job


def set_state(folder: Path, status: str, at: str, message: str = "", fix: str = "") -> None:
    """Write the state of a run; without a lock, a running one shows as interrupted."""
    ended = at if status not in ("queued", "running") else None
    write_json(
        folder / "state.json",
        {"status": status, "started_at": at, "finished_at": ended, "message": message, "fix": fix},
    )


KINDS = (
    "title", "subheader", "caption", "markdown", "text", "html", "info", "warning", "error",
    "success", "metric",
)  # fmt: skip


def page_text(app: AppTest) -> str:
    """Return what a page shows, as one text; HTML is left as it is sent."""
    return "\n".join(str(e.value) for kind in KINDS for e in getattr(app.main, kind))


def links(app: AppTest) -> list[str]:
    """Return the labels of the links to other pages."""
    return [link.label for link in app.main.page_link]


HOSTILE = '<img src="http://evil.example/x.png"><script>alert(1)</script> $x$ :red[hi] ![a](b)'
FILES = finance(heldout=20)
HELDOUT = [e for e in FILES.examples if e.split == "heldout"]
AT_STAKE = [e.id for e in HELDOUT if e.fields["decision"] in ("call", "block")]
SOUND = [e.id for e in HELDOUT if e.fields["decision"] == "release"]
STILL_RELEASED = AT_STAKE[:2]
GOT_WORSE = SOUND[:2]


def practised(example: Example) -> str:
    """Answer right, but release two scams as before and stop two sound payments."""
    if example.id in STILL_RELEASED:
        return releases(example)
    if example.id in GOT_WORSE:
        return says(example, "block", "invoice")
    return right(example)


ANSWERS = {
    "base": releases,
    "few_shot": releases,
    "warm_start": practised,
    "tuned": practised,
}


def jargon(text: str) -> list[str]:
    """Return the banned words that begin a word of the text."""
    return [w for w in BANNED if re.search(rf"\b{re.escape(w)}", text, re.IGNORECASE)]
