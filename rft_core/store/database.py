"""The database file and the one connection to it.

DuckDB lets one process open a file for writing, and then no other even for reading; inside the
process a connection serves one thread at a time. So: a lock on the folder, one connection, a
cursor for each call, and one lock around writes. The connection cannot reach other files or the
network (`enable_external_access=false`), and no later statement can change that.

Deleted rows stay readable in the file's free blocks, also after CHECKPOINT and VACUUM (tried with
DuckDB 2.0.0): `rewrite()` copies what is alive to a fresh file and puts that in place.
"""

import atexit
import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from rft_core import settings
from rft_core.errors import StoreError
from rft_core.store import migrations
from rft_core.store.ownership import HomeLock

FILE_NAME = "studio.duckdb"
MEMORY_LIMIT = "256MB"
THREADS = 2

Cursor = Any
"""A DuckDB cursor (`duckdb` has no usable types)."""

_LIMITS = {"memory_limit": MEMORY_LIMIT, "threads": THREADS}
_CLOSED_OFF = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "lock_configuration": "true",
}
_FILE_ERRORS = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.SerializationException,
    duckdb.ConnectionException,
)


class Database:
    """The studio's database file, open for reading and writing in this process alone.

    `address` is where the app can be reached; a second app that is refused shows it. Raises
    StoreError where the file is in use, damaged or of a newer version.
    """

    def __init__(self, path: Path | None = None, address: str = "") -> None:
        self.path = (path or settings.home() / FILE_NAME).resolve()
        self._gate = _Gate()
        self._write_lock = threading.Lock()
        self._home_lock = HomeLock(self.path.parent, address)
        try:
            self._remove_leftovers()
            self._back_up_before_migrating()
            self._connection = connect(self.path)
            self._migrate()
        except BaseException:
            self._home_lock.release()
            raise
        self.is_open = True

    def read(self, sql: str, params: Sequence[Any] = ()) -> pd.DataFrame:
        """Return the result of a query, as it stood when the call began."""
        with self._cursor() as cursor:
            frame: pd.DataFrame = cursor.execute(sql, list(params)).df()
        return frame

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Return the result of a query as plain dictionaries; NULL is None."""
        with self._cursor() as cursor:
            return rows_of(cursor.execute(sql, list(params)))

    @contextmanager
    def snapshot(self) -> Iterator[Cursor]:
        """Give a cursor for several reads of one state of the database; nothing it does stays."""
        with self._cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
            finally:
                _roll_back(cursor)

    @contextmanager
    def write(self) -> Iterator[Cursor]:
        """Give a cursor inside one transaction: committed at the end, undone by an exception.

        Only one thread writes at a time. Do not nest; reads from the same cursor see its writes.
        """
        with self._write_lock, self._cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
                cursor.commit()
            except BaseException:
                _roll_back(cursor)
                raise

    def rewrite(self) -> None:
        """Copy all living rows to a fresh file and put it in place of this one.

        Waits until nobody reads or writes. What was deleted is then in no block of the file.
        """
        fresh = self._beside("fresh")
        with self._write_lock, self._gate.alone(), plain_errors(self.path):
            self._connection.execute("CHECKPOINT")
            self._connection.close()
            try:
                _copy(self.path, fresh)
                fresh.replace(self.path)
            finally:
                self._remove_leftovers()
                self._connection = connect(self.path)

    def backups(self) -> list[Path]:
        """Return the copies made before migrations, oldest first."""
        return sorted(self.path.parent.glob(f"{self.path.name}.backup-*"))

    def close(self) -> None:
        """Close the file and free the folder; a second call does nothing."""
        with self._write_lock, self._gate.alone():
            if self.is_open:
                self.is_open = False
                self._connection.close()
                self._home_lock.release()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _cursor(self) -> Iterator[Cursor]:
        with self._gate.shared():
            if not self.is_open:
                raise StoreError("The database has been closed.", "Restart RFT Studio.")
            with plain_errors(self.path), self._connection.cursor() as cursor:
                yield cursor

    def _back_up_before_migrating(self) -> None:
        """Copy a file that is about to be migrated; StoreError if it is too new, untouched."""
        if not self.path.exists():
            return
        with connect(self.path, read_only=True) as connection:
            version = migrations.version(connection)
        migrations.check(version, self.path)
        if version >= len(migrations.MIGRATIONS):
            return
        with connect(self.path) as connection:
            connection.execute("CHECKPOINT")
        partial = self._beside("copying")
        shutil.copy2(self.path, partial)
        partial.replace(self._beside(f"backup-{version}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"))

    def _migrate(self) -> None:
        try:
            with plain_errors(self.path):
                migrations.migrate(self._connection)
            self.path.chmod(0o600)
        except BaseException:
            self._connection.close()
            raise

    def _remove_leftovers(self) -> None:
        """Remove what a crash may leave: half-written copies and spilled query data."""
        for name in ("fresh", "fresh.wal", "copying"):
            self._beside(name).unlink(missing_ok=True)
        shutil.rmtree(self._beside("tmp"), ignore_errors=True)

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(f"{self.path.name}.{suffix}")


class _Gate:
    """Lets in any number of calls at once, or one that needs the database to itself.

    While that one waits nobody new is let in, except threads that are inside already: a call
    within a call must not wait for itself.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._inside: Counter[int] = Counter()
        self._closing = False

    @contextmanager
    def shared(self) -> Iterator[None]:
        me = threading.get_ident()
        with self._condition:
            self._condition.wait_for(lambda: not self._closing or self._inside[me])
            self._inside[me] += 1
        try:
            yield
        finally:
            with self._condition:
                self._inside[me] -= 1
                self._condition.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Enter when all are out. Callers hold the write lock, so there is one at a time."""
        with self._condition:
            self._closing = True
            try:
                self._condition.wait_for(lambda: not self._inside.total())
                self._inside.clear()
                yield
            finally:
                self._closing = False
                self._condition.notify_all()


_open: dict[Path, Database] = {}
_open_lock = threading.Lock()


def open_database(path: Path | None = None, address: str = "") -> Database:
    """Return this process's database for `path`, opened on the first call and closed at exit."""
    where = (path or settings.home() / FILE_NAME).resolve()
    with _open_lock:
        database = _open.get(where)
        if database is None or not database.is_open:
            database = _open[where] = Database(where, address)
            atexit.register(database.close)
        return database


def connect(path: Path, *, read_only: bool = False) -> Any:
    """Open a DuckDB file that can reach nothing but itself. Raises StoreError.

    What queries spill goes to `<path>.tmp`, which DuckDB makes and removes.
    """
    with plain_errors(path):
        return duckdb.connect(str(path), read_only=read_only, config=_LIMITS | _CLOSED_OFF)


def rows_of(cursor: Cursor) -> list[dict[str, Any]]:
    """Return what a cursor has left to fetch as dictionaries by column name."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn DuckDB's errors about files, disk and memory into StoreError sentences."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise StoreError(
            f"The database needed more than the {MEMORY_LIMIT} of memory it may use.",
            "Try again with a smaller project, or delete runs that are no longer needed.",
        ) from error
    except _FILE_ERRORS as error:
        raise _explain(path, error) from error


def _explain(path: Path, error: Exception) -> StoreError:
    text = str(error)
    if "lock on file" in text:
        return StoreError(
            f"Another program has the database {path.name} open.", "Close it and try again."
        )
    if "No space left" in text:
        return StoreError("The disk is full.", "Free some space; what was saved before is kept.")
    return StoreError(
        f"The database {path} cannot be used: {text.splitlines()[0]}",
        "Move the file away to start afresh, or put a backup (studio.duckdb.backup-…) in its "
        "place.",
    )


def _roll_back(cursor: Cursor) -> None:
    try:
        cursor.rollback()
    except duckdb.Error:
        # A failed commit has already ended the transaction; the first error is the one to show.
        return


def _copy(source: Path, target: Path) -> None:
    """Copy tables and views of one file to a new one, through a connection of its own."""
    with duckdb.connect(
        ":memory:", config=_LIMITS | {"temp_directory": f"{source}.tmp"}
    ) as connection:
        connection.execute(f"ATTACH '{_quoted(source)}' AS source (READ_ONLY)")
        connection.execute(f"ATTACH '{_quoted(target)}' AS target")
        connection.execute("COPY FROM DATABASE source TO target")
        connection.execute("CHECKPOINT target")
        connection.execute("DETACH target")
    target.chmod(0o600)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
