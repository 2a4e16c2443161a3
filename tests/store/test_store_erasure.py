import json
from pathlib import Path

import pytest

from rft_core.errors import StoreError
from rft_core.records import Example, Project, Rubric
from rft_core.store import Database, Studio, migrations

CANARY = "Zq7xKestrelVaultWv3"


def files_with_canary(home: Path) -> list[str]:
    return sorted(
        p.name for p in home.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()
    )


@pytest.fixture
def secret_examples() -> tuple[Example, ...]:
    return tuple(
        Example(id=f"{CANARY}-{n}", prompt=f"{CANARY} {n} " * 20, reference=CANARY, split="heldout")
        for n in range(50)
    )


@pytest.fixture
def secret(studio: Studio, secret_examples, rubric: Rubric, make_job, tools) -> Studio:
    """A studio with a project full of the canary, and another without."""
    project = Project(id="secret", name="Merger", purpose=CANARY)
    studio.save_project(project, secret_examples, rubric.with_changes(name=CANARY))
    studio.save_examples("secret", secret_examples[1:])
    folder = make_job(
        "train-s",
        project=project.model_dump(mode="json"),
        examples=[e.model_dump(mode="json") for e in secret_examples],
    )
    rows = [tools.answer_line("base", e.id, 0.5, answer=CANARY) for e in secret_examples]
    tools.write_lines(folder / "answers.jsonl", rows)
    tools.write_lines(folder / "metrics.jsonl", [{"stage": "x", "step": 1, CANARY: 1.0}])
    tools.write(folder / "report.json", {"headline": CANARY})
    studio.import_job(folder)
    studio.record_look("secret", "train-s", CANARY)
    studio.keep_form_draft("secret", "rules", CANARY)
    studio.save_project(Project(id="other", name="Other"), [Example(id="a", prompt="b")], rubric)
    return studio


def test_nothing_of_a_deleted_project_stays_in_any_file(secret: Studio, home: Path) -> None:
    assert files_with_canary(home), "the canary must be findable before, or this proves nothing"
    deletion = secret.delete_project("secret")
    assert files_with_canary(home) == []
    assert [folder.name for folder in deletion.folders] == ["train-s"]
    assert deletion.counts["answers"] == 50
    assert deletion.counts["example_bodies"] == 50
    secret.database.close()
    assert files_with_canary(home) == []


def test_delete_and_checkpoint_alone_would_not_do(secret: Studio, home: Path) -> None:
    """Documents DuckDB: if this fails, `Database.rewrite` may have become unnecessary."""
    with secret.database.write() as cursor:
        for table in (
            "projects",
            "example_bodies",
            "rubrics",
            "runs",
            "answers",
            "reports",
            "looks",
        ):
            cursor.execute(f"DELETE FROM {table} WHERE project_id = 'secret'")
    with secret.database.snapshot() as cursor:
        cursor.execute("ROLLBACK; CHECKPOINT; BEGIN")
    assert files_with_canary(home)


def test_the_deletion_stays_on_record_and_other_projects_live(secret: Studio) -> None:
    secret.delete_project("secret")
    (row,) = secret.deletions().to_dict("records")
    assert (row["project_id"], row["name"]) == ("secret", "Merger")
    assert json.loads(row["counts"])["runs"] == 1
    assert list(secret.list_projects()["project_id"]) == ["other"]
    assert secret.runs().empty
    assert secret.looks("secret").empty
    with pytest.raises(StoreError, match="does not exist"):
        secret.load_project("secret")
    assert secret.save_rubric("other", Rubric()).version == 2


def test_a_run_that_went_on_does_not_bring_a_deleted_project_back(
    secret: Studio, tmp_path: Path
) -> None:
    folder = Path(secret.run("train-s")["folder"])
    secret.delete_project("secret")
    with pytest.raises(StoreError, match="was deleted"):
        secret.import_job(folder)
    assert secret.runs().empty


def test_recorded_runs_and_new_runs_come_back_with_the_project(
    studio: Studio, project, examples, rubric, make_job
) -> None:
    studio.save_project(project, examples, rubric)
    studio.delete_project("alerts")
    studio.save_project(project, examples, rubric)
    studio.import_job(make_job("train-shown", recorded=True))
    studio.import_job(make_job("train-new", created_at="2126-01-01T00:00:00Z"))
    assert len(studio.runs("alerts")) == 2


def test_deleting_a_run_takes_its_results_and_nothing_else(secret: Studio) -> None:
    deletion = secret.delete_run("train-s")
    assert (deletion.project_id, deletion.run_id) == ("secret", "train-s")
    assert secret.answers("train-s").empty
    assert secret.metrics("train-s").empty
    assert len(secret.load_project("secret")[1]) == 49
    with pytest.raises(StoreError, match="was deleted"):
        secret.import_job(deletion.folders[0])


@pytest.mark.parametrize("column", ["project_id", "run_id"])
def test_backups_that_hold_the_rows_go_too(
    secret: Studio, home: Path, monkeypatch, column: str
) -> None:
    secret.database.close()
    (home / "empty").mkdir()
    Database(home / "empty" / "studio.duckdb").close()
    before = home / "studio.duckdb.backup-1-20200101T000000Z"
    (home / "empty" / "studio.duckdb").rename(before)
    steps = [*migrations.MIGRATIONS, lambda connection: None]
    monkeypatch.setattr(migrations, "MIGRATIONS", steps)
    (home / "studio.duckdb.backup-0-20190101T000000Z").write_bytes(b"unreadable")
    with Database(home / "studio.duckdb") as database:
        assert len(database.backups()) == 3
        studio = Studio(database)
        deletion = (
            studio.delete_project("secret")
            if column == "project_id"
            else studio.delete_run("train-s")
        )
        assert database.backups() == [before]
        assert len(deletion.backups_removed) == 2
    if column == "project_id":
        assert files_with_canary(home) == []


def test_what_a_crash_interrupted_is_finished_at_the_next_start(
    secret: Studio, home: Path, monkeypatch
) -> None:
    def crash() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(secret.database, "rewrite", crash)
    with pytest.raises(KeyboardInterrupt):
        secret.delete_project("secret")
    secret.database.close()
    assert files_with_canary(home)
    with Database(home / "studio.duckdb") as database:
        studio = Studio(database)
        assert files_with_canary(home) == []
        assert list(studio.list_projects()["project_id"]) == ["other"]
    assert not (home / "studio.erasing.json").exists()


def test_deleting_what_is_not_there_says_so(secret: Studio, home: Path) -> None:
    with pytest.raises(StoreError, match="no project 'nope'"):
        secret.delete_project("nope")
    with pytest.raises(StoreError, match="no run 'nope'"):
        secret.delete_run("nope")
    assert secret.deletions().empty
    assert not (home / "studio.erasing.json").exists()
