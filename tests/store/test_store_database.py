import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from rft_core.errors import StoreError
from rft_core.store import Database, open_database

HOLD = """
import sys, pathlib
from rft_core.store import Database
database = Database(pathlib.Path(sys.argv[1]), address="http://localhost:8501")
with database.write() as cursor:
    cursor.execute("INSERT INTO looks VALUES ('local', 'p', NULL, '2026-01-01', 'kept')")
print("open", flush=True)
sys.stdin.readline()
"""
TRY = """
import sys, pathlib
from rft_core.errors import StoreError
from rft_core.store import Database
try:
    Database(pathlib.Path(sys.argv[1]))
except StoreError as error:
    print(error)
"""


@pytest.fixture
def other_app(home: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home / "studio.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().strip() == "open"
    yield process
    process.kill()
    process.communicate()


def test_a_second_app_is_refused_with_who_has_it(home: Path, other_app) -> None:
    before = (home / "studio.duckdb").read_bytes()
    with pytest.raises(StoreError) as refused:
        Database(home / "studio.duckdb")
    assert "Another RFT Studio has this folder open" in refused.value.message
    assert f"process {other_app.pid} on" in refused.value.message
    assert "at http://localhost:8501)" in refused.value.message
    assert refused.value.fix
    assert (home / "studio.duckdb").read_bytes() == before


def test_another_process_is_refused_while_this_one_is_open(database: Database) -> None:
    tried = subprocess.run(
        [sys.executable, "-c", TRY, str(database.path)], capture_output=True, text=True, check=True
    )
    assert f"process {os.getpid()} on" in tried.stdout


def test_a_crash_frees_the_folder_and_keeps_what_was_committed(home: Path, other_app) -> None:
    other_app.send_signal(signal.SIGKILL)
    other_app.wait()
    with Database(home / "studio.duckdb") as database:
        assert database.rows("SELECT what FROM looks") == [{"what": "kept"}]


def test_close_frees_the_folder_and_may_be_called_twice(home: Path) -> None:
    first = Database(home / "studio.duckdb")
    first.close()
    first.close()
    assert not (home / "studio.owner.json").exists()
    with pytest.raises(StoreError, match="closed"):
        first.read("SELECT 1")
    Database(home / "studio.duckdb").close()


def test_one_database_a_process_and_path(home: Path) -> None:
    one = open_database(home / "studio.duckdb")
    assert open_database(home / "studio.duckdb") is one
    one.close()
    again = open_database(home / "studio.duckdb")
    assert again is not one
    again.close()


def test_default_path_is_the_home_folder(home: Path, monkeypatch) -> None:
    monkeypatch.setenv("RFT_HOME", str(home))
    with Database() as database:
        assert database.path == home / "studio.duckdb"


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO 'out.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "ATTACH 'other.duckdb' AS other",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET threads = 8",
    ],
)
def test_statements_reach_neither_files_nor_settings(database: Database, sql: str) -> None:
    with pytest.raises((duckdb.Error, StoreError)):
        database.read(sql)


def test_an_exception_undoes_the_whole_transaction(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as cursor:
        cursor.execute("INSERT INTO looks VALUES ('local', 'p', NULL, '2026-01-01', 'x')")
        raise RuntimeError
    assert database.rows("SELECT count(*) AS n FROM looks") == [{"n": 0}]


def test_reads_from_threads_while_one_writes_and_rewrites(database: Database) -> None:
    """Each write adds two rows: no reader may ever see an odd number."""
    seen: list[int] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def look() -> None:
        try:
            while not done.is_set():
                seen.append(int(database.read("SELECT count(*) AS n FROM looks")["n"].iloc[0]))
        except BaseException as error:
            errors.append(error)

    def put(name: str) -> None:
        try:
            for _ in range(15):
                with database.write() as cursor:
                    for _ in range(2):
                        cursor.execute(
                            "INSERT INTO looks VALUES ('local', ?, NULL, '2026-01-01', 'x')",
                            [name],
                        )
        except BaseException as error:
            errors.append(error)

    readers = [threading.Thread(target=look) for _ in range(4)]
    writers = [threading.Thread(target=put, args=[f"p{n}"]) for n in range(3)]
    for thread in readers + writers:
        thread.start()
    for _ in range(3):
        database.rewrite()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert errors == []
    assert all(n % 2 == 0 for n in seen)
    assert database.rows("SELECT count(*) AS n FROM looks") == [{"n": 90}]


def test_a_file_that_is_no_database_gives_a_sentence_and_frees_the_folder(home: Path) -> None:
    path = home / "studio.duckdb"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreError, match="cannot be used"):
        Database(path)
    assert path.read_bytes() == b"not a database" * 1000
    path.unlink()
    Database(path).close()


def test_a_database_open_in_another_program_gives_a_sentence(home: Path) -> None:
    path = home / "studio.duckdb"
    Database(path).close()
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", hold, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    other.stdout.readline()
    try:
        with pytest.raises(StoreError, match="Another program has the database"):
            Database(path)
    finally:
        other.communicate("\n")


def test_leftovers_of_a_crash_are_removed(home: Path) -> None:
    for name in ("fresh", "copying"):
        (home / f"studio.duckdb.{name}").write_text("secret")
    (home / "studio.duckdb.tmp").mkdir()
    (home / "studio.duckdb.tmp" / "spilled").write_text("secret")
    with Database(home / "studio.duckdb"):
        assert not [p for p in home.rglob("*") if p.is_file() and b"secret" in p.read_bytes()]


def test_the_store_loads_neither_streamlit_nor_torch() -> None:
    code = "import sys, rft_core.store; print({'streamlit', 'torch'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
