"""The job that embeds a project's cases: started on request, its folder is the cache.

The folder holds the texts and belongs to the project, so that it is deleted with it. A newer look
replaces the older one.
"""

import shutil
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rft_core import settings
from rft_core.errors import JobError
from rft_core.examples.similar import prompt_text
from rft_core.jobs import supervisor
from rft_core.jobs.folder import ACTIVE, JobFolder, read_lines
from rft_core.records import Example, Project

Vector = NDArray[np.float32]


def start(project: Project, examples: Sequence[Example]) -> JobFolder:
    """Start embedding the cases' texts, each once, and remove what an older look left."""
    texts = dict.fromkeys(text for e in examples if (text := prompt_text(e)).strip())
    older = _of_project(project.id)
    job = supervisor.submit({"kind": "embed", "project": {"id": project.id}, "texts": list(texts)})
    for other in older:
        if other.path != job.path and other.state().status not in ACTIVE:
            shutil.rmtree(other.path, ignore_errors=True)
    return job


def latest(project_id: str) -> JobFolder | None:
    """Return the newest job that embeds this project's cases; None if there is none."""
    found = _of_project(project_id)
    return max(found, key=lambda job: job.path.stat().st_mtime, default=None)


def read_vectors(job: JobFolder) -> dict[str, Vector]:
    """Return the unit vectors of 384 numbers that the job has written so far, by text."""
    texts = job.config()["texts"]
    found: dict[str, Vector] = {}
    for row in read_lines(job.path / "embeddings.jsonl"):
        index, vector = row.get("index"), row.get("vector")
        if isinstance(index, int) and isinstance(vector, list) and 0 <= index < len(texts):
            found[texts[index]] = np.array(vector, dtype=np.float32)
    return found


def _of_project(project_id: str) -> list[JobFolder]:
    folders = settings.jobs_folder().glob("embed-*")
    return [JobFolder(path) for path in folders if _owner(path) == project_id]


@lru_cache(maxsize=256)
def _owner(path: Path) -> str:
    """Return the project of a job. Kept, since pages ask at every turn and folders never change."""
    try:
        return str((JobFolder(path).config().get("project") or {}).get("id", ""))
    except JobError:
        return ""
