"""One app at a time in a home folder.

`studio.lock` is held with flock while the app lives, so a crash frees it; `studio.owner.json`
says who holds it, for the sentence that a second app shows.
"""

import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from rft_core.errors import StoreError

LOCK_NAME = "studio.lock"
OWNER_NAME = "studio.owner.json"


class HomeLock:
    """Holds a home folder for this process, from creation to `release()`.

    Raises StoreError where another app, or another lock of this process, holds it.
    """

    def __init__(self, folder: Path, address: str = "") -> None:
        self._owner = folder / OWNER_NAME
        self._lock = FileLock(str(folder / LOCK_NAME), mode=0o600, thread_local=False)
        try:
            self._lock.acquire(blocking=False)
        except Timeout as error:
            raise StoreError(
                f"Another RFT Studio has this folder open{_describe(self._owner)}.",
                "Use the window that is open, or close that app first.",
                "To work beside it, set RFT_HOME to another folder.",
            ) from error
        self._write_owner(address)

    def release(self) -> None:
        """Give the folder back; a second call does nothing."""
        if self._lock.is_locked:
            self._owner.unlink(missing_ok=True)
            self._lock.release()

    def _write_owner(self, address: str) -> None:
        owner = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "address": address,
        }
        partial = self._owner.with_suffix(".tmp")
        partial.write_text(json.dumps(owner), encoding="utf-8")
        partial.replace(self._owner)


def _describe(path: Path) -> str:
    """Return " (process 123 on host since 12:04, at http://…)", or "" where nobody knows."""
    try:
        owner: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        since = _clock(datetime.fromisoformat(owner["started_at"]))
        text = f"process {owner['pid']} on {owner['host']} since {since}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return f" ({text}, at {owner['address']})" if owner.get("address") else f" ({text})"


def _clock(moment: datetime) -> str:
    """Return the local time, with the day where it is not today."""
    local = moment.astimezone()
    today = local.date() == datetime.now(UTC).astimezone().date()
    return f"{local:%H:%M}" if today else f"{local:%-d %b %H:%M}"
