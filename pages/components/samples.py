"""Samples that ship with the app: starting from one, and importing its recorded run."""

from pathlib import Path

import streamlit as st

from pages.components import state
from pages.components.state import Current
from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.folder import PROJECT_FILE, ProjectFiles, read_project
from rft_core.examples.splitting import assign_splits
from rft_core.records import Rubric, content_id
from rft_core.rubric.files import read_rubric

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


def sample_of(project_id: str) -> tuple[Path, ProjectFiles] | None:
    """Return the folder and the files of the sample with this project id."""
    for folder in all_samples():
        files = contents(folder)
        if files and files.project.id == project_id:
            return folder, files
    return None


def recorded_runs(project_id: str) -> list[Path]:
    """Return the folders of the recorded runs of the sample with this project id, usual first."""
    sample = sample_of(project_id)
    found = sample[0].glob(f"{RECORDED}*/config.json") if sample else ()
    return sorted(path.parent for path in found)


def other_rubrics(found: Current) -> list[Rubric]:
    """Return the rubrics that ship with the project's sample, without the one in use."""
    sample = sample_of(found.project.id)
    files = sorted(sample[0].glob("rubric*.json"), key=lambda f: len(f.name)) if sample else ()
    known = [rubric for file in files if (rubric := _read_rubric(str(file), file.stat().st_mtime))]
    return [rubric for rubric in known if content_id(rubric) != content_id(found.rubric)]


@st.cache_data(show_spinner=False)
def _read_rubric(file: str, changed: float) -> Rubric | None:
    """Return the rubric of a file; None for one that cannot be read, which is not offered."""
    try:
        return read_rubric(Path(file))
    except InputError:
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


def offer_recorded(project_id: str, key: str) -> None:
    """Offer to see the recorded runs of a sample; nothing where it has none."""
    if recorded_runs(project_id) and st.button(
        "See a finished run", icon=":material/play_circle:", key=key, type="tertiary",
        help="A run of this sample that was recorded on another computer.",
    ):  # fmt: skip
        open_recorded(project_id)


def open_recorded(project_id: str) -> None:
    """Import the recorded runs of a sample and go to the comparison of the first."""
    sample = sample_of(project_id)
    if sample:
        start(sample[1])
    imported = [state.studio().import_job(folder) for folder in recorded_runs(project_id)]
    st.session_state["run_id"] = imported[0]
    st.switch_page("pages/compare.py")
