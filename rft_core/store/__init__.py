"""The DuckDB store: projects and their versions, runs, answers, looks, deletions.

    ownership.py    one app a home folder
    database.py     the connection: reads, transactions, rewriting the file
    migrations.py   the schema, as numbered steps
    rows.py         rows in and out of tables
    versions.py     append-only versions of a project
    example_sets.py the cases of a version, each content stored once
    intake.py       reading a job's folder
    runs.py         storing runs, and asking for them
    drafts.py       cases and other forms that were typed and not saved
    looks.py        who saw held-out results when, and what changed since
    erasure.py      deleting for good
    studio.py       the face that pages call

Only the app's process opens the file. All times are UTC, stored without a zone.
"""

from rft_core.store.database import Database, open_database
from rft_core.store.erasure import Deletion
from rft_core.store.studio import Studio
from rft_core.store.versions import ProjectVersion

__all__ = ["Database", "Deletion", "ProjectVersion", "Studio", "open_database"]
