import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from rft_core.errors import StoreError
from rft_core.records import content_id
from rft_core.store import Database, Studio, migrations


def add_mood(connection) -> None:
    connection.execute("ALTER TABLE projects ADD COLUMN mood VARCHAR DEFAULT 'calm'")


def add_then_fail(connection) -> None:
    add_mood(connection)
    raise RuntimeError("half way")


@pytest.fixture
def old_file(home: Path, project, examples, rubric) -> Path:
    with Database(home / "studio.duckdb") as database:
        Studio(database).save_project(project, examples, rubric)
    return home / "studio.duckdb"


def test_a_new_file_gets_all_steps_and_no_backup(database: Database) -> None:
    noted = database.rows("SELECT version, name FROM _migrations ORDER BY version")
    assert [row["version"] for row in noted] == list(range(1, len(migrations.MIGRATIONS) + 1))
    assert database.backups() == []


def test_opening_again_migrates_nothing(old_file: Path) -> None:
    with Database(old_file) as database:
        assert database.backups() == []


def test_an_old_file_is_copied_before_it_is_migrated(old_file: Path, monkeypatch, project) -> None:
    before = len(migrations.MIGRATIONS)
    monkeypatch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, add_mood])
    with Database(old_file) as database:
        assert database.rows("SELECT mood FROM projects") == [{"mood": "calm"}]
        assert Studio(database).load_project("alerts")[0] == project
        (backup,) = database.backups()
    assert re.fullmatch(rf"studio\.duckdb\.backup-{before}-\d{{8}}T\d{{6}}Z", backup.name)
    with duckdb.connect(str(backup), read_only=True) as old:
        assert old.execute("SELECT max(version) FROM _migrations").fetchone() == (before,)
        assert old.execute("SELECT count(*) FROM example_bodies").fetchone() == (8,)


def test_sets_of_examples_become_lists_of_contents(
    home: Path, monkeypatch, project, examples, rubric
) -> None:
    """A file as the second step left it: each set with all its examples, one set twice stored."""
    path = home / "studio.duckdb"
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:2])
        Database(path).close()
    sets = (examples, examples[::-1], examples[1:])
    now = datetime.now(UTC).replace(tzinfo=None)
    with duckdb.connect(str(path)) as old:
        for number, members in enumerate(sets, start=1):
            named = content_id(list(members))
            old.execute(
                "INSERT INTO projects VALUES ('local', 'alerts', ?, ?, ?, ?, ?, ?, '', ?)",
                [number, now, project.model_dump_json(), content_id(project), named,
                 content_id(rubric), "version 1 restored" if number == 2 else ""],
            )  # fmt: skip
            old.execute(
                "INSERT INTO example_sets VALUES ('local', 'alerts', ?, ?, NULL, ?, 6, 2)",
                [named, number, now],
            )
            old.executemany(
                "INSERT INTO examples VALUES ('local', 'alerts', ?, ?, ?, ?, ?)",
                [[named, n, e.id, e.split, e.model_dump_json()] for n, e in enumerate(members)],
            )
        old.execute(
            "INSERT INTO rubrics VALUES ('local', 'alerts', ?, 1, NULL, ?, ?)",
            [content_id(rubric), now, rubric.model_dump_json()],
        )
    with Database(path) as database:
        studio = Studio(database)
        for number, members in enumerate(sets, start=1):
            assert studio.load_project("alerts", number) == (project, members, rubric)
        assert database.rows("SELECT count(*) AS n FROM example_bodies") == [{"n": 8}]
        restored = database.rows("SELECT restores FROM latest_projects")
        assert database.rows("SELECT restores FROM projects ORDER BY version") == [
            {"restores": None}, {"restores": 1}, {"restores": None},
        ]  # fmt: skip
        assert restored == [{"restores": None}]
        assert studio.save_examples("alerts", examples[1:]).version == 3, "the same set"
        assert studio.save_examples("alerts", examples[2:]).changed == ("examples",)


def test_a_step_that_fails_leaves_the_file_as_it_was(old_file: Path, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, add_then_fail])
        with pytest.raises(RuntimeError):
            Database(old_file)
    with Database(old_file) as database:
        assert "mood" not in database.read("SELECT * FROM projects").columns
        assert len(database.backups()) == 1


def test_a_newer_file_is_refused_and_not_touched(old_file: Path) -> None:
    with duckdb.connect(str(old_file)) as connection:
        connection.execute(
            "INSERT INTO _migrations VALUES (99, 'later', ?)",
            [datetime.now(UTC).replace(tzinfo=None)],
        )
    before = old_file.read_bytes()
    with pytest.raises(StoreError, match="newer RFT Studio"):
        Database(old_file)
    assert old_file.read_bytes() == before
    assert not list(old_file.parent.glob("*backup*"))


def test_a_file_of_something_else_is_refused_and_not_touched(home: Path) -> None:
    path = home / "studio.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE recipes (name VARCHAR)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not made by RFT Studio"):
        Database(path)
    assert path.read_bytes() == before
