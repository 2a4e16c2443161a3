"""What each kind of job does. Runs in the child; torch and its friends are imported here only."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rft_core.errors import InputError
from rft_core.jobs.folder import JobFolder, append_line, utc_now, write_json
from rft_core.records import Example, Project


def run(job: JobFolder, config: dict[str, Any]) -> str:
    """Run the job and return a closing sentence; RftError when it cannot be done."""
    kinds: dict[str, Callable[[JobFolder, dict[str, Any]], str]] = {
        "train": train,
        "answer": answer,
        "time": time_machine,
        "download": download,
        "embed": embed,
    }
    kind = str(config.get("kind"))
    if kind not in kinds:
        raise InputError(f"There is no job of the kind {kind!r}.", f"Known: {', '.join(kinds)}.")
    return kinds[kind](job, config)


def train(job: JobFolder, config: dict[str, Any]) -> str:
    """Warm start, GRPO, evaluation of both against the base model."""
    from rft_core.training.run import train_and_compare

    return train_and_compare(job, config)


def answer(job: JobFolder, config: dict[str, Any]) -> str:
    """Answer training cases with the base model or a run's adapter, for trying a rubric.

    Held-out cases are refused: nothing may show answers to them outside a comparison.
    """
    from rft_core.evaluation.answering import Variant
    from rft_core.evaluation.answering import answer as answers
    from rft_core.jobs.progress import Progress

    project = Project.model_validate(config["project"])
    examples = tuple(Example.model_validate(e) for e in config["examples"])
    if any(e.split == "heldout" for e in examples):
        raise InputError(
            "Test cases are kept aside and are not answered here.", "Choose training cases."
        )
    _use_threads(int(config["threads"]))
    progress = Progress(job, "answering", len(examples))
    adapter = config.get("adapter")
    shots = tuple(Example.model_validate(e) for e in config.get("shots", ()))
    if any(e.split == "heldout" for e in shots):
        raise InputError("Test cases are never shown to the model.", "Choose training cases.")
    variant = Variant(
        name=config.get("name", "base"), adapter=Path(adapter) if adapter else None, shots=shots
    )
    for row in answers(
        config["model"]["id"],
        config["dtype"],
        project,
        examples,
        [variant],
        max_new_tokens=int(config["max_new_tokens"]),
        batch=8,
        on_progress=lambda done, total: progress.at(done, total),
    ):
        append_line(job.answers_file, row.model_dump(mode="json"))
    return f"{len(examples)} cases answered."


def time_machine(job: JobFolder, config: dict[str, Any]) -> str:
    """Measure this machine with the model and keep the result."""
    from rft_core.jobs.progress import Progress
    from rft_core.models import timing
    from rft_core.models.loading import load_model, load_tokenizer

    model_id = config["model"]["id"]
    Progress(job, "timing", 0)
    threads = _use_threads(int(config.get("threads") or timing.best_threads()))
    tokenizer = load_tokenizer(model_id)
    measured = timing.measure(
        model_id, load_model(model_id, "float32", "eager"), tokenizer, threads
    )
    timing.save(measured)
    write_json(job.path / "timing.json", measured.model_dump(mode="json"))
    return "This machine was timed."


def download(job: JobFolder, config: dict[str, Any]) -> str:
    """Download a hub model's safetensors, tokenizer and configuration files."""
    import os

    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    from rft_core.errors import ModelError
    from rft_core.jobs.progress import Progress
    from rft_core.models import catalogue

    entry = catalogue.entry(config["model"]["id"])
    if entry.hub_id is None:
        raise ModelError(f"{entry.name} needs no download.", "It is on this machine already.")
    Progress(job, "downloading", 0)
    target = catalogue.hub_folder(entry.id)
    partial = target.with_name(target.name + ".partial")
    try:
        snapshot_download(
            entry.hub_id,
            local_dir=partial,
            allow_patterns=["*.json", "*.safetensors", "*.jinja", "*.txt", "*.model"],
        )
    except (HfHubHTTPError, OSError) as error:
        gated = " Its licence has to be accepted on the hub first." if entry.gated else ""
        raise ModelError(
            f"{entry.name} could not be downloaded ({type(error).__name__}).{gated}",
            "Check the connection and start the download again; it goes on where it stopped.",
        ) from error
    catalogue.check_folder(partial)
    os.replace(partial, target)
    return f"{entry.name} is on this machine now."


def embed(job: JobFolder, config: dict[str, Any]) -> str:
    """Write one embedding a text (closeness in meaning) as `embeddings.jsonl`."""
    from rft_core.jobs.progress import Progress
    from rft_core.models.embeddings import embed_texts

    texts: Sequence[str] = config["texts"]
    progress = Progress(job, "embedding", len(texts))
    for index, vector in enumerate(embed_texts(texts)):
        append_line(job.path / "embeddings.jsonl", {"index": index, "vector": vector})
        progress.at(index + 1, len(texts))
    return f"{len(texts)} texts embedded at {utc_now()}."


def _use_threads(threads: int) -> int:
    import torch

    torch.set_num_threads(threads)
    return threads
