"""The child's entry: `python -m rft_core.jobs JOB_DIR`.

Takes the job's lock (or inherits it from the parent), waits for its turn (one heavy job at a
time), runs the job's kind and writes how it ended. All it knows is in the folder.
"""

import errno
import fcntl
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

from rft_core import settings
from rft_core.errors import RftError
from rft_core.jobs.folder import JobFolder, JobState, utc_now
from rft_core.jobs.memory import keep_freed_memory

INHERITED_LOCK = "RFT_JOB_LOCK_FD"


class Ended(BaseException):
    """The process was asked to end at once (SIGTERM)."""


def main(arguments: list[str]) -> int:
    """Run the job in the folder named by the one argument and return the exit status."""
    if len(arguments) != 1:
        print("usage: python -m rft_core.jobs JOB_DIR", file=sys.stderr)  # noqa: T201
        return 2
    job = JobFolder(Path(arguments[0]))
    if INHERITED_LOCK in os.environ:
        os.set_inheritable(int(os.environ.pop(INHERITED_LOCK)), False)
    else:
        job.take_lock()
    signal.signal(signal.SIGTERM, _end)
    os.nice(10)
    keep_freed_memory()
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    return _run(job)


def _run(job: JobFolder) -> int:
    started = utc_now()
    try:
        config = job.config()
        if config["kind"] != "download":
            os.environ["HF_HUB_OFFLINE"] = "1"
        turn = _wait_for_turn(job)
        started = utc_now()  # the wait is not part of the run
        job.write_state(JobState(status="running", stage="starting", started_at=started))
        message = _work(job, config)
        os.close(turn)
        _finish(job, "stopped" if job.stop_asked() else "finished", started, message)
        return 0
    except RftError as error:
        _finish(job, "failed", started, error.message, error.fix)
    except Ended:
        _finish(job, "stopped", started, "The run was ended before it could be evaluated.")
    except MemoryError:
        _finish(job, "failed", started, *_out_of_memory())
    except Exception as error:
        traceback.print_exc()
        _finish(job, "failed", started, *_explain(error))
    return 1


def _work(job: JobFolder, config: dict[str, object]) -> str:
    from rft_core.jobs import kinds

    return kinds.run(job, config)


def _wait_for_turn(job: JobFolder) -> int:
    """Block until no other heavy job runs; return the descriptor that holds the turn."""
    descriptor = os.open(
        settings.jobs_folder() / "turn.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
    )
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _finish(job: JobFolder, status: str, started: str, message: str, fix: str = "") -> None:
    written = job.state()
    try:
        job.write_state(
            written.with_changes(
                status=status, started_at=started, finished_at=utc_now(), message=message, fix=fix
            )
        )
    except OSError as error:
        print(f"The end of the run could not be written: {error}", file=sys.stderr)  # noqa: T201


def _explain(error: Exception) -> tuple[str, str]:
    """Say in a sentence what an unexpected error means, and what to do."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return (
            "The disk is full.",
            "Free some space and start the run again; what was saved before is kept.",
        )
    from rft_core.training.memory import ran_out

    if ran_out(error):
        return _out_of_memory()
    return (
        f"The run stopped on an error it did not expect ({type(error).__name__}).",
        "The details are in the run's log.",
    )


def _out_of_memory() -> tuple[str, str]:
    return (
        "This machine ran out of memory.",
        "Close other programs, shorten the longest cases, or choose a smaller model.",
    )


def _end(signal_number: int, frame: FrameType | None) -> None:
    raise Ended


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
