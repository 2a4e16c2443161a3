"""Samples that ship with the app: starting from one, and importing its recorded run."""

from pathlib import Path

import streamlit as st

from pages.components import state
from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.folder import PROJECT_FILE, ProjectFiles, read_project
from rft_core.examples.splitting import assign_splits

RECORDED = "recorded"


def all_samples() -> list[Path]:
    """Return the folders of the samples, by name."""
    found = settings.samples_folder().glob(f"*/{PROJECT_FILE}")
    return sorted(path.parent for path in found)


@st.cache_data(show_spinner=False)
def _read(folder: str, changed: float) -> ProjectFiles:
    return read_project(Path(folder))


def contents(folder: Path) -> ProjectFiles | None:
    """Return a sample's files; None for one that cannot be read, which is not shown."""
    try:
        changed = max(path.stat().st_mtime for path in folder.glob("*.json*"))
        return _read(str(folder), changed)
    except InputError:
        return None


def recorded_run(project_id: str) -> Path | None:
    """Return the folder of the recorded run of the sample with this project id, if it has one."""
    for folder in all_samples():
        files = contents(folder)
        run = folder / RECORDED
        if files and files.project.id == project_id and (run / "config.json").is_file():
            return run
    return None


def is_started(files: ProjectFiles) -> bool:
    """Say whether the project of this sample is there already."""
    return files.project.id in set(state.studio().list_projects()["project_id"])


def start(files: ProjectFiles) -> None:
    """Make the sample's project current; it is stored first if it is not there yet."""
    if not is_started(files):
        state.studio().save_project(
            files.project, assign_splits(files.examples), files.rubric, "started from the sample"
        )
    state.choose(files.project.id)


def start_copy(files: ProjectFiles) -> None:
    """Store a fresh copy of the sample beside what is there, and make it current."""
    known = set(state.studio().list_projects()["project_id"])
    number = next(n for n in range(2, len(known) + 3) if f"{files.project.id}-{n}" not in known)
    project = files.project.with_changes(
        id=f"{files.project.id}-{number}", name=f"{files.project.name} ({number})"
    )
    state.studio().save_project(
        project, assign_splits(files.examples), files.rubric, "fresh copy of the sample"
    )
    state.choose(project.id)


def open_recorded(project_id: str, folder: Path) -> None:
    """Import the recorded run of a sample and go to its comparison."""
    for sample in all_samples():
        files = contents(sample)
        if files and files.project.id == project_id:
            start(files)
    st.session_state["run_id"] = state.studio().import_job(folder)
    st.switch_page("pages/compare.py")
