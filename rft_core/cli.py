"""The command `rft`: the whole job without a browser."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from rft_core import doctor as machine
from rft_core import settings
from rft_core.errors import InputError, JobError, RftError
from rft_core.examples.folder import ProjectFiles, read_project
from rft_core.jobs import submission, supervisor
from rft_core.jobs.folder import ACTIVE, JobFolder, JobState, read_lines
from rft_core.models import catalogue, endpoint, timing
from rft_core.records import Example
from rft_core.refusals import syntax_reason, validation_reason
from rft_core.rubric.files import read_rubric
from rft_core.rubric.grading import Grader

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Tune a small language model to your own standards, and see whether it worked.",
    pretty_exceptions_enable=False,
)
models_app = typer.Typer(no_args_is_help=True, help="The models that can be tuned.")
app.add_typer(models_app, name="models")
console = Console(highlight=False, soft_wrap=True)
err_console = Console(highlight=False, soft_wrap=True, stderr=True)

STAGES = {
    "waiting": "Waiting its turn",
    "starting": "Starting",
    "timing": "Timing this machine",
    "warm_start": "Learning from your answers",
    "reinforcement": "Practising with your rubric",
    "answering": "Answering the test cases",
    "downloading": "Downloading",
}
GRADED_AT_ONCE = 64
"""Answers that are read and graded together."""
RESULTS = ("report.json", "answers.jsonl", "metrics.jsonl", "config.json", "state.json", "adapter",
           "adapter_warm", "practice.jsonl", "out.log")  # fmt: skip


@contextmanager
def errors_on_one_line() -> Iterator[None]:
    """Print an expected error as one line and end with status 1."""
    try:
        yield
    except RftError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error


@app.command()
def demo(
    sample: Annotated[str, typer.Option(help="Which sample: a folder of sample_data.")] = "finance",
    preset: Annotated[str, typer.Option(help="quick, standard or thorough.")] = "quick",
    seed: Annotated[int, typer.Option(help="Seed of the run.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Also copy the results to this folder.")] = None,
) -> None:
    """Run a sample from start to verdict, without a browser."""
    with errors_on_one_line():
        files = read_project(sample_folder(sample))
        job = _run(files, preset, seed, catalogue.EMBEDDED_ID)
        if out is not None:
            copy_results(job, out)
        print_verdict(job)
        print_before_after(job)


@app.command()
def run(
    project_dir: Annotated[Path, typer.Argument(help="A folder with project.json and the rest.")],
    out: Annotated[Path, typer.Option(help="Where report.json and answers.jsonl go.")],
    preset: Annotated[str, typer.Option(help="quick, standard or thorough.")] = "quick",
    seed: Annotated[int, typer.Option(help="Seed of the run.")] = 0,
    model: Annotated[str, typer.Option(help="A model's id; see `rft models list`.")] = "embedded",
    rubric: Annotated[
        Path | None, typer.Option(help="A rubric.json to use instead of the project's own.")
    ] = None,
) -> None:
    """Tune a model on a project folder and write the comparison."""
    with errors_on_one_line():
        check_out(out)
        files = read_project(project_dir)
        if rubric is not None:
            files = files.with_changes(rubric=read_rubric(rubric))
        job = _run(files, preset, seed, model)
        copy_results(job, out)
        print_verdict(job)
        console.print(f"Results: {out}", markup=False)


@app.command()
def grade(
    rubric: Annotated[Path, typer.Option(help="A rubric.json.")],
    answers: Annotated[Path, typer.Option(help="JSONL: answer, prompt, fields, reference.")],
) -> None:
    """Grade answers against a rubric; one JSON line each on standard output.

    An AI grader is asked where the rubric has questions for one.
    """
    with errors_on_one_line():
        grader = Grader(read_rubric(rubric), asking=True)
        if endpoint.sent_to() and any(c.check.kind == "judge" for c in grader.rubric.active):
            err_console.print(endpoint.sent_to(), markup=False)
        rows = (answer_row(row, number) for number, row in answer_lines(answers))
        while together := list(islice(rows, GRADED_AT_ONCE)):
            grades = grader.grade_all([(answer, example) for example, answer in together])
            for (example, _), grade in zip(together, grades, strict=True):
                line = {"id": example.id} | grade.model_dump(mode="json")
                sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


@app.command()
def doctor() -> None:
    """Say what this machine has and what will be slow."""
    with errors_on_one_line():
        for finding in machine.examine():
            mark = {"good": "[green]✓[/]", "slow": "[yellow]![/]", "missing": "[red]✗[/]"}
            console.print(f"{mark[finding.state]} ", end="")
            console.print(finding.text, markup=False)


@models_app.command("list")
def list_models() -> None:
    """List the models with size, memory for tuning, licence and whether each is here."""
    for entry in catalogue.entries():
        here = "here" if catalogue.is_here(entry.id) else "not here"
        memory = f"{entry.tuning_gb:g} GB to tune" if entry.tuning_gb else ""
        size = f"{entry.download_mb / 1000:.1f} GB download" if entry.download_mb else ""
        facts = ", ".join(fact for fact in (here, size, memory, entry.licence) if fact)
        console.print(f"{entry.id:14} {entry.name}: {facts}", markup=False)


@models_app.command("download")
def download_model(model: Annotated[str, typer.Argument(help="A model's id.")]) -> None:
    """Download a model from the hub."""
    with errors_on_one_line():
        entry = catalogue.entry(model)
        job = supervisor.submit({"kind": "download", "model": {"id": entry.id}})
        _follow(job)
        console.print(f"{entry.name} is on this machine now.", markup=False)


@models_app.command("add")
def add_model(
    name: Annotated[str, typer.Argument(help="How you will call it.")],
    folder: Annotated[Path, typer.Argument(help="A folder in Hugging Face layout.")],
) -> None:
    """Add a model that lies in a folder of this machine."""
    with errors_on_one_line():
        console.print(f"Added as {catalogue.add_local(name, folder).id}.", markup=False)


def sample_folder(name: str) -> Path:
    """Return a sample's folder; InputError with the known names."""
    folder = settings.samples_folder() / name
    if not (folder / "project.json").is_file():
        known = sorted(p.parent.name for p in settings.samples_folder().glob("*/project.json"))
        raise InputError(f"There is no sample {name!r}.", f"Choose one of: {', '.join(known)}.")
    return folder


def _run(files: ProjectFiles, preset: str, seed: int, model_id: str) -> JobFolder:
    """Time the machine if need be, run the job and return its folder; JobError if it failed."""
    if timing.saved(model_id) is None:
        _follow(submission.start_timing(model_id))
    plan = submission.make_plan(files.project, files.examples, preset, model_id)
    config = submission.train_config(
        files.project, files.examples, files.rubric, plan, model_id, seed
    )
    grader = Grader(files.rubric, files.examples)
    if any(map(grader.asked_for, files.examples)) and endpoint.sent_to():
        console.print(endpoint.sent_to(), markup=False)
    console.print(f"{files.project.name}, preset {preset}: about {plan.minutes:.0f} minutes.")
    job = supervisor.submit(config)
    _follow(job)
    return job


def _follow(job: JobFolder) -> None:
    """Show a job's progress until it ends; Ctrl-C stops it. Raises JobError if it failed."""
    columns = (TextColumn("{task.description:36}"), BarColumn(), TaskProgressColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=console) as progress:
        show = _stage_bars(progress)
        try:
            state = supervisor.wait(job, show)
        except KeyboardInterrupt:
            supervisor.end_now(job)
            raise JobError("Stopped.", f"What was saved lies in {job.path}.") from None
    if state.status not in ("finished", "stopped"):
        raise JobError(state.message or f"The run {state.status}.", state.fix)


def _stage_bars(progress: Progress) -> Callable[[JobState], None]:
    bars: dict[str, Any] = {}

    def show(state: JobState) -> None:
        if state.stage not in bars:
            _close(progress, bars)
            bars[state.stage] = progress.add_task(
                STAGES.get(state.stage, state.stage), total=state.steps or None
            )
        bar = bars[state.stage]
        progress.update(bar, total=state.steps or None, completed=state.step)
        if state.status not in ACTIVE:
            progress.update(bar, total=state.steps or 1, completed=state.steps or 1)

    return show


def _close(progress: Progress, bars: dict[str, Any]) -> None:
    """Fill the bars of stages that are over; take away those that counted nothing."""
    for stage, bar in list(bars.items()):
        total = next(task.total for task in progress.tasks if task.id == bar)
        if total is None:
            progress.remove_task(bar)
            del bars[stage]
        else:
            progress.update(bar, completed=total)


def check_out(out: Path) -> None:
    """Refuse an output folder that holds another run's report."""
    if (out / "report.json").exists():
        raise InputError(
            f"{out} already holds a report.", "Name a new folder, or move the old one away."
        )


def copy_results(job: JobFolder, out: Path) -> None:
    """Copy what a run left to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for name in RESULTS:
        source = job.path / name
        if source.is_dir():
            shutil.copytree(source, out / name, dirs_exist_ok=True)
        elif source.is_file():
            shutil.copy2(source, out / name)


def print_verdict(job: JobFolder) -> None:
    """Print the headline, its sentences and one line a model."""
    if not job.report_file.is_file():
        state = job.state()
        raise JobError(state.message or "The run left no comparison.", state.fix)
    report = json.loads(job.report_file.read_text())
    console.print()
    console.print(report["headline"], style="bold", markup=False)
    for sentence in report["sentences"]:
        console.print(f"  {sentence}", markup=False)
    console.print()
    for name, values in (report["models"] | report["floors"]).items():
        console.print(f"  {model_line(name, values, report)}", markup=False)
    console.print(f"  {report['wall_seconds'] / 60:.1f} minutes.", markup=False)


def model_line(name: str, values: dict[str, Any], report: dict[str, Any]) -> str:
    """Return a model's substance, form and decision accuracy in one line."""
    parts = [f"{name:10}"]
    for aspect in ("substance", "form"):
        if values.get(aspect) is not None:
            parts.append(f"{aspect} {values[aspect]:.2f}")
    decided = (report["decision"] or {}).get("models", {}).get(name)
    if decided:
        parts.append(f"decisions right {decided['right']} of {decided['n']}")
    return "  ".join(parts)


def print_before_after(job: JobFolder, count: int = 3) -> None:
    """Print a few test cases with the answer before and after, the largest changes first."""
    rows: dict[str, dict[str, Any]] = {}
    for row in read_lines(job.answers_file):
        rows.setdefault(row["example_id"], {})[row["model"]] = row
    pairs = [r for r in rows.values() if "base" in r and "tuned" in r]
    pairs.sort(key=lambda r: (r["base"]["score"] or 0) - (r["tuned"]["score"] or 0))
    for pair in pairs[:count]:
        console.print("\n" + pair["base"]["prompt"], style="dim", markup=False)
        for name, label in (("base", "before"), ("tuned", "after")):
            text = " / ".join(pair[name]["answer"].split("\n"))[:300]
            console.print(f"  {label:7} {text}", markup=False)


def answer_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield numbered objects of a JSONL file; InputError names the first damaged line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} cannot be read: it is not there, may not be used, or is not UTF-8 text.",
            "Name a JSONL file in UTF-8.",
        ) from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(
                f"Line {number} of {path.name} is not JSON: {syntax_reason(error)}.",
                "Put one JSON object on each line.",
            ) from error
        if not isinstance(row, dict):
            raise InputError(
                f"Line {number} of {path.name} is no JSON object.", "It should look like {…}."
            )
        yield number, row


def answer_row(row: dict[str, Any], number: int) -> tuple[Example, str]:
    """Return the example and the answer of a line; InputError where the answer is missing."""
    answer = row.get("answer")
    if not isinstance(answer, str):
        raise InputError(f"Line {number} has no text under 'answer'.", "Add it.")
    found = {
        "id": str(row.get("id") or row.get("example_id") or number),
        "prompt": row.get("prompt", ""),
        "reference": row.get("reference"),
        "fields": row.get("fields") or {},
    }
    try:
        return Example.model_validate(found), answer
    except ValidationError as error:
        raise InputError(
            f"Line {number}: {validation_reason(error, found)}.", "Correct that value."
        ) from None
