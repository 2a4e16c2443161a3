"""Deleting a project for good, and the record of what was deleted."""

import json
import shutil
from collections.abc import Sized
from pathlib import Path

import streamlit as st

from pages.components import plain, saving, state
from pages.components.state import Current
from pages.components.words import plural
from rft_core import settings
from rft_core.checks.wording import forget_texts
from rft_core.errors import JobError
from rft_core.jobs import supervisor
from rft_core.jobs.folder import ACTIVE, JobFolder
from rft_core.models import endpoint
from rft_core.models.embedder import EMBEDDER
from rft_core.rubric import lint

_COUNTED = {
    "projects": "version",
    "runs": "run",
    "answers": "answer",
    "looks": "opening of results",
}


def delete_project(found: Current) -> None:
    """Offer to delete the project, after its name was typed."""
    with st.popover("Delete this project", icon=":material/delete:"):
        jobs = jobs_of(found.project.id)
        runs = state.studio().runs(found.project.id)
        versions = state.studio().project_versions(found.project.id)
        st.markdown("**This cannot be undone.** It erases:\n" + _what(found, versions, runs, jobs))
        st.caption("Files that you exported, and backups made by other programs, stay.")
        typed = st.text_input(
            f"Type the project's name to confirm: {plain.label(found.project.name)}",
            key=f"delete-{found.project.id}",
        )
        if st.button("Delete for good", key="delete"):
            if typed.strip() != found.project.name.strip():
                st.warning("The name is not the same, so nothing was deleted.")
                return
            erase(found.project.id)
            st.rerun()


def erase(project_id: str) -> None:
    """Erase a project with its job folders. Raises JobError while one of its jobs runs."""
    jobs = jobs_of(project_id)
    if any(job.state().status in ACTIVE for job in jobs):
        raise JobError(
            "A run of this project is still going on.",
            "Stop it on the Train page, then delete the project.",
        )
    deletion = state.studio().delete_project(project_id)
    EMBEDDER.forget()
    endpoint.ENDPOINT.forget()
    lint.KNOWN.forget()
    forget_texts()
    folders = {job.path.resolve() for job in jobs} | {f.resolve() for f in deletion.folders}
    removed = sum(_remove(folder) for folder in folders)
    st.session_state.pop(state.CURRENT, None)
    folders_too = f", {plural('folder', removed)} on disk" if removed else ""
    saving.say(f"“{deletion.name}” was deleted: {_counts(deletion.counts)}{folders_too}.")


def show_deletions() -> None:
    """Show the record of what was deleted, if anything was."""
    known = state.studio().deletions()
    if known.empty:
        return
    with st.expander("What was deleted", icon=":material/receipt_long:"):
        st.dataframe(
            [
                {
                    "When (UTC)": row["deleted_at"].strftime("%-d %b %Y, %H:%M"),
                    "Project": row["name"],
                    "What": "a run" if row["run_id"] else "the project",
                    "Erased": _counts(json.loads(row["counts"])),
                }
                for row in known.to_dict("records")
            ],
            hide_index=True,
        )


def jobs_of(project_id: str) -> list[JobFolder]:
    """Return the jobs of a project, of every kind."""
    found = []
    for job in supervisor.jobs():
        try:
            owner = job.config().get("project") or {}
        except JobError:
            continue
        if owner.get("id") == project_id:
            found.append(job)
    return found


def _what(found: Current, versions: Sized, runs: Sized, jobs: Sized) -> str:
    """Return what will be erased as a list."""
    version = plural("version", len(versions))
    lines = [f"{version} of the {plural(found.noun)}, the rubric and the settings"]
    if len(runs):
        lines.append(f"{plural('run', len(runs))} with logs, answers, reports and review votes")
    if len(jobs):
        lines.append(f"{plural('folder', len(jobs))} on disk, with the tuned models in them")
    return "\n".join(f"- {line}" for line in lines)


def _remove(folder: Path) -> int:
    """Remove a folder inside the jobs folder; any other is left alone."""
    if folder.parent != settings.jobs_folder().resolve() or not folder.is_dir():
        return 0
    shutil.rmtree(folder, ignore_errors=True)
    return int(not folder.exists())


def _counts(counts: dict[str, int]) -> str:
    named = [plural(noun, counts.get(table, 0)) for table, noun in _COUNTED.items()]
    return ", ".join(text for text in named if not text.startswith("0 ")) or "nothing else"
