"""The face of the store that pages call.

Pages get data frames to show, and records to work with; all SQL is in this package.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from rft_core.records import Example, Project, Rubric
from rft_core.store import drafts, erasure, example_sets, intake, looks, runs, undo, versions
from rft_core.store.database import Database
from rft_core.store.drafts import Draft
from rft_core.store.erasure import Deletion
from rft_core.store.versions import ProjectVersion

_PROJECTS = """
    SELECT p.project_id, p.workspace_id, p.body->>'$.name' AS name, p.body->>'$.domain' AS domain,
        p.version, p.created_at AS "at", s.n_train, s.n_heldout,
        (SELECT count(*) FROM runs r WHERE r.project_id = p.project_id AND r.kind = 'train')
            AS n_runs
    FROM latest_projects p JOIN example_sets s USING (project_id, example_set_id)
    WHERE p.workspace_id = coalesce(?, p.workspace_id)
    ORDER BY p.created_at DESC, p.project_id
"""
_VERSIONS = """
    SELECT p.version, p.created_at AS "at", p.changed, p.note, s.n_train, s.n_heldout,
        p.example_set_id, p.rubric_version_id
    FROM projects p JOIN example_sets s USING (project_id, example_set_id)
    WHERE p.project_id = ? ORDER BY p.version DESC
"""


class Studio:
    """Projects with their versions, runs with their results, looks and deletions."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._known = example_sets.KnownSets()
        erasure.finish_interrupted(database)

    # Projects

    def save_project(
        self, project: Project, examples: Sequence[Example], rubric: Rubric, note: str = ""
    ) -> ProjectVersion:
        """Append a version holding what changed; where nothing did, return the latest."""
        with self.database.write() as cursor:
            return versions.append(cursor, project, examples, rubric, self._known, note)

    def save_examples(
        self, project_id: str, examples: Sequence[Example], note: str = ""
    ) -> ProjectVersion:
        """Append a version with these examples. Raises StoreError for an unknown project."""
        with self.database.write() as cursor:
            row = versions.find(cursor, project_id)
            project, _, rubric = versions.contents(cursor, row, self._known)
            return versions.append(cursor, project, examples, rubric, self._known, note)

    def example_set_id(self, examples: Sequence[Example]) -> str:
        """Return the content id of examples in their order; quick for those of `load_project`."""
        return self._known.set_id(examples)

    def save_rubric(self, project_id: str, rubric: Rubric, note: str = "") -> ProjectVersion:
        """Append a version with this rubric. Raises StoreError for an unknown project."""
        with self.database.write() as cursor:
            return versions.append_rubric(cursor, project_id, rubric, note)

    def keep_draft(self, project_id: str, case_id: str, draft: Draft | None) -> None:
        """Keep what was typed for a case ("": a new one) and not saved; None forgets it."""
        with self.database.write() as cursor:
            drafts.keep(cursor, project_id, case_id, draft)

    def drafts(self, project_id: str) -> dict[str, Draft]:
        """Return what was typed and not saved, by case id ("" for a new case)."""
        with self.database.snapshot() as cursor:
            return drafts.of_project(cursor, project_id)

    def keep_form_draft(self, project_id: str, place: str, typed: Any | None) -> bool:
        """Keep what a form holds as JSON, None forgets it; return whether it is kept.

        The project may be `drafts.NO_PROJECT`. What is too long is not kept.
        """
        with self.database.write() as cursor:
            return drafts.keep_form(cursor, project_id, place, typed)

    def form_drafts(self, project_id: str) -> dict[str, Any]:
        """Return what was typed into forms and not saved, by place, oldest first."""
        with self.database.snapshot() as cursor:
            return drafts.forms_of_project(cursor, project_id)

    def load_project(
        self, project_id: str, version: int | None = None
    ) -> tuple[Project, tuple[Example, ...], Rubric]:
        """Return a version's contents (None: the latest). Raises StoreError if there is none."""
        with self.database.snapshot() as cursor:
            row = versions.find(cursor, project_id, version)
            return versions.contents(cursor, row, self._known)

    def latest_version(self, project_id: str) -> ProjectVersion:
        """Return the latest version. Raises StoreError for an unknown project."""
        with self.database.snapshot() as cursor:
            return versions.as_version(cursor, versions.find(cursor, project_id))

    def restore_version(self, project_id: str, version: int, note: str = "") -> ProjectVersion:
        """Append an earlier version's contents as the newest."""
        with self.database.write() as cursor:
            return versions.append_old(cursor, project_id, version, note)

    def steps_back(self, project_id: str) -> undo.Steps:
        """Return what can be undone and done again. Raises StoreError for an unknown project."""
        with self.database.snapshot() as cursor:
            return undo.steps(versions.saved(cursor, project_id))

    def project_versions(self, project_id: str) -> pd.DataFrame:
        """Return version, at, changed, note, n_train, n_heldout and ids; newest first."""
        return self.database.read(_VERSIONS, [project_id])

    def has_project(self, project_id: str) -> bool:
        """Say whether there is a project with this id."""
        return bool(
            self.database.rows("SELECT 1 FROM projects WHERE project_id = ? LIMIT 1", [project_id])
        )

    def list_projects(self, workspace_id: str | None = None) -> pd.DataFrame:
        """Return one row a project, last changed first; of one workspace, or of all."""
        return self.database.read(_PROJECTS, [workspace_id])

    # Runs

    def import_job(self, folder: Path) -> str:
        """Take in what is new in a job's folder, in one transaction, and return the run's id.

        May be called while the job runs, and as often as wanted. Raises JobError or StoreError
        where the folder cannot be used, has no project, or was deleted.
        """
        job = intake.read_job(folder)
        with self.database.write() as cursor:
            runs.store(cursor, job, self._known)
        return job.run_id

    def runs(self, project_id: str | None = None) -> pd.DataFrame:
        """Return one row a run, newest first, with its last status; without its config.

        `rubric` is the name of the rubric that it used, `compared` whether it has a report.
        """
        return self.database.read(
            "SELECT r.* EXCLUDE (config), b.body->>'$.name' AS rubric, "
            "r.run_id IN (SELECT run_id FROM latest_reports) AS compared FROM latest_runs r "
            "LEFT JOIN rubrics b USING (project_id, rubric_version_id) "
            "WHERE r.project_id = coalesce(?, r.project_id) ORDER BY r.created_at DESC, run_id",
            [project_id],
        )

    def run(self, run_id: str) -> dict[str, Any]:
        """Return a run with its last status and its `config` (examples and rubric by id).

        Raises StoreError if there is none.
        """
        return runs.one(self.database, run_id)

    def run_contents(self, run_id: str) -> tuple[tuple[Example, ...], Rubric | None]:
        """Return the exact examples and rubric of a run. Raises StoreError if there is none."""
        run = self.run(run_id)
        with self.database.snapshot() as cursor:
            examples = example_sets.read(cursor, run["project_id"], run["example_set_id"])
            rubric_id = run["rubric_version_id"]
            rubric = rubric_id and versions.rubric_of(cursor, run["project_id"], rubric_id)
        return examples, rubric or None

    def run_events(self, run_id: str) -> pd.DataFrame:
        """Return the run's states in their order: happened_at, status, message, fix, …"""
        return self.database.read(
            "SELECT * FROM run_events WHERE run_id = ? ORDER BY number", [run_id]
        )

    def metrics(self, run_id: str) -> pd.DataFrame:
        """Return stage, step, name, value: one row a number."""
        return self.database.read(
            "SELECT stage, step, name, value FROM metrics WHERE run_id = ? "
            "ORDER BY stage DESC, step, name",
            [run_id],
        )

    def answers(self, run_id: str) -> pd.DataFrame:
        """Return one row an answer; `criteria` and `reasons` are dictionaries by criterion id."""
        frame = self.database.read(
            "SELECT * EXCLUDE (position) FROM answers WHERE run_id = ? ORDER BY position", [run_id]
        )
        for column in ("criteria", "reasons"):
            frame[column] = pd.Series(
                [json.loads(value) for value in frame[column]], index=frame.index, dtype=object
            )
        return frame

    def report(self, run_id: str) -> dict[str, Any] | None:
        """Return the run's last report, with `exploratory` as the store knows it."""
        found = self.database.rows(
            "SELECT body, exploratory FROM latest_reports WHERE run_id = ?", [run_id]
        )
        if not found:
            return None
        body: dict[str, Any] = json.loads(found[0]["body"])
        return body | {"exploratory": found[0]["exploratory"]}

    def run_history(self, project_id: str | None = None) -> pd.DataFrame:
        """Return one row a training run, newest first.

        Columns: at, status, preset, model_id, seed, rubric, verdict, headline, exploratory,
        minutes, and for each model (base, few_shot, …) score_, substance_ and form_, means in
        [0, 1] over the held-out answers that could be scored.
        """
        return self.database.read(runs.HISTORY, [project_id])

    # Looks

    def record_look(self, project_id: str, run_id: str | None, what: str) -> None:
        """Note that someone opened held-out results, now."""
        with self.database.write() as cursor:
            looks.record(cursor, project_id, run_id, what)

    def looks(self, project_id: str) -> pd.DataFrame:
        """Return run_id, looked_at and what; oldest first."""
        return self.database.read(
            "SELECT run_id, looked_at, what FROM looks WHERE project_id = ? ORDER BY looked_at",
            [project_id],
        )

    def changed_after_look(self, project_id: str) -> list[str]:
        """Return a sentence for each rubric or example set newer than the first look."""
        with self.database.snapshot() as cursor:
            return looks.changes_since(cursor, project_id)

    def is_exploratory(
        self, project_id: str, example_set_id: str, rubric_version_id: str
    ) -> str | None:
        """Return why a verdict on these contents is exploratory; None if it is not."""
        with self.database.snapshot() as cursor:
            return looks.reason(cursor, project_id, example_set_id, rubric_version_id)

    def corrected_after_look(self, project_id: str) -> tuple[str, ...]:
        """Return ids of held-out cases that were changed after results on them were seen."""
        with self.database.snapshot() as cursor:
            return looks.corrected_cases(cursor, project_id)

    # Deleting

    def delete_project(self, project_id: str) -> Deletion:
        """Erase a project for good, backups included; the caller removes `folders`."""
        self._known.clear()
        return erasure.erase_project(self.database, project_id)

    def delete_run(self, run_id: str) -> Deletion:
        """Erase a run for good, backups included; the caller removes `folders`."""
        return erasure.erase_run(self.database, run_id)

    def deletions(self) -> pd.DataFrame:
        """Return what was deleted when, with counts; newest first."""
        return self.database.read("SELECT * FROM deletions ORDER BY deleted_at DESC")
