"""Runs Python code that an expert or a file brought, where it can reach nothing.

Monty (https://github.com/pydantic/monty) is an interpreter of its own for a large part of Python:
without files, network, environment, installed packages or a clock that moves. It works in processes
of its own, so what breaks it breaks nothing here; they end with this process. Each call begins
afresh, so nothing that the code keeps can change what another answer earns.
"""

import atexit
import threading
import time
from collections import deque
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psutil

from rft_core.checks.wording import shown

if TYPE_CHECKING:
    from pydantic_monty import Monty, MontyRuntimeError, MontySyntaxError

MAX_SECONDS = 0.4
"""For reading the code, and again for one call of its function."""
MAX_MEMORY_MB = 64
MAX_CALLS_DEEP = 200
MAX_MESSAGE_CHARS = 200
MOST_LIMITS = 5
"""Answers in a row for which code may reach a limit; then it rests."""
MOST_LIMITS_OF_ALL = 50
"""Limits that all code together may reach within the time of a rest."""
REST_S = 60.0
"""So that hundreds of answers, or of programs in a file, do not each wait for what never ends."""
_WORKERS = 2
_TRIES = (1, 2, 4)
"""Times its time: anew, with more, where the computer was too busy to let the code work."""
_KILLED_AFTER_S = 0.5
"""Beyond its time, where a worker does not even stop."""
_LIMITS = {"max_memory": MAX_MEMORY_MB * 1_000_000, "max_recursion_depth": MAX_CALLS_DEEP}
_SAME_EACH_TIME: Any = {
    "datetime": datetime(2000, 1, 1, tzinfo=UTC),
    "sleep": "zero",
    "random_start": {"seed": 0},
}
_CALL = "grade(sample, item)"
_CODE_FILE, _CALL_FILE = "<python-input-0>", "<python-input-1>"
"""What Monty calls the two things that a session is given."""
_TOO_LONG = f"it took longer than {MAX_SECONDS:g} seconds"
_ALWAYS = ("SyntaxError", "ImportError", "ModuleNotFoundError", "NotImplementedError", "NameError")


class CodeError(Exception):
    """The code gave no value. Carries what happened, such as "line 3: KeyError: decision"."""

    def __init__(self, message: str, always: bool = False) -> None:
        super().__init__(message)
        self.always = always
        """Whether it is the code's own fault, so that no answer could be graded."""


class BusyError(CodeError):
    """The code was not tried now; later it would be."""


class LimitError(CodeError):
    """The code took too long or too much memory, or broke its interpreter."""


class _HeldUp(LimitError):
    """The computer was too busy to let the code work for half of its time."""


def call_grade(code: str, sample: dict[str, Any], item: dict[str, Any]) -> Any:
    """Return what the code's `grade(sample, item)` returns; both hold JSON values.

    Raises CodeError.
    """
    try:
        _require_rested(code)
        value = _value(code, {"sample": sample, "item": item})
    except (BusyError, LimitError) as error:
        if isinstance(error, BusyError | _HeldUp):
            _count["passing"] += 1
        if isinstance(error, LimitError):
            _note_limit(code)
        raise
    _in_a_row.pop(code, None)
    return value


def failures() -> int:
    """Return how often code gave no value for what passes: a rest, or a busy computer."""
    return _count["passing"]


_count = {"passing": 0}
_in_a_row: dict[str, tuple[int, float]] = {}
"""By code: for how many answers in a row it reached a limit, and when last."""
_lately: deque[float] = deque(maxlen=MOST_LIMITS_OF_ALL)
"""When limits were reached by any code."""


def _require_rested(code: str) -> None:
    now = time.monotonic()
    count, last = _in_a_row.get(code, (0, 0.0))
    if count >= MOST_LIMITS and now - last < REST_S:
        raise BusyError("it reached a limit several times in a row, so it is left alone a minute")
    if len(_lately) == MOST_LIMITS_OF_ALL and now - _lately[0] < REST_S:
        raise BusyError("too much code reached its limits, so all of it is left alone a minute")


def _note_limit(code: str) -> None:
    now = time.monotonic()
    count, _ = _in_a_row.get(code, (0, now))
    if len(_in_a_row) > MOST_LIMITS_OF_ALL:
        _in_a_row.clear()
    _in_a_row[code] = count + 1, now
    _lately.append(now)


_starting = threading.Lock()
_open = ExitStack()
_started: "list[Monty]" = []


def _workers() -> "Monty":
    """Return the interpreter's processes, started by the first call."""
    with _starting:
        if not _started:
            from pydantic_monty import Monty

            pool = Monty(
                max_processes=_WORKERS,
                checkout_timeout=30.0,
                request_timeout=5.0,
                feed_duration_limit_grace=_KILLED_AFTER_S,
            )
            _started.append(_open.enter_context(pool))
            atexit.register(_open.close)
        return _started[0]


def _value(code: str, inputs: dict[str, Any]) -> Any:
    try:
        workers = _workers()
    except (ImportError, FileNotFoundError):
        raise CodeError("the package pydantic-monty, which runs it, is not installed") from None
    failure = _HeldUp(_TOO_LONG)
    for times in _TRIES:
        try:
            return _once(workers, code, inputs, times * MAX_SECONDS)
        except _HeldUp as error:
            failure = error
    raise failure


def _once(workers: "Monty", code: str, inputs: dict[str, Any], seconds: float) -> Any:
    from pydantic_monty import MontyError, MontyRuntimeError, MontySyntaxError

    limits: Any = {**_LIMITS, "max_feed_duration_secs": seconds}
    worker, before = None, 0.0
    try:
        with workers.checkout(limits=limits, os_policy=_SAME_EACH_TIME) as session:
            worker = session.worker_pid
            before = _worked_s(worker)
            session.feed_run(code, print_callback=_not_shown)
            return session.feed_run(_CALL, inputs=inputs, print_callback=_not_shown)
    except (MontySyntaxError, MontyRuntimeError) as error:
        failure = _said(error)
        if str(failure) == _TOO_LONG and _worked_s(worker) - before < MAX_SECONDS / 2:
            failure = _HeldUp(_TOO_LONG)
        raise failure from None
    except MontyError as error:
        raise LimitError(f"it broke off ({type(error).__name__})") from None
    except TimeoutError:
        raise BusyError("too much other code is being run at this moment") from None


def _worked_s(pid: int | None) -> float:
    """Return the processor time that an interpreter has used; that of one that died is 0."""
    try:
        times = psutil.Process(pid).cpu_times() if pid else None
    except psutil.Error:
        return 0.0
    return times.user + times.system if times else 0.0


def _not_shown(stream: str, text: str) -> None:
    """Take what the code prints, which nobody sees."""


def _said(error: "MontySyntaxError | MontyRuntimeError") -> CodeError:
    kind, _, _ = error.display("type-msg").partition(":")
    message = " ".join(error.display("msg").split())[:MAX_MESSAGE_CHARS]
    if kind == "TimeoutError" and "time limit" in message:
        return LimitError(_TOO_LONG)
    if kind == "MemoryError":
        return LimitError(f"it needs more than {MAX_MEMORY_MB} MB of memory")
    frames = [frame.filename for frame in error.traceback()]
    line = next((f.line for f in reversed(error.traceback()) if f.filename == _CODE_FILE), None)
    if line is None and frames and kind in ("NameError", "TypeError"):
        return CodeError('it has no function "grade(sample, item)"', always=True)
    always = kind in _ALWAYS or message.startswith(("module '", "grade() "))
    is_called = _CALL_FILE in frames or not frames
    where = f"line {line}: " if line else ""
    return CodeError(f"{where}{_what(kind, message)}", always or not is_called)


def _what(kind: str, message: str) -> str:
    if kind == "SyntaxError":
        return message
    if kind == "ModuleNotFoundError":
        name = message.removeprefix("No module named ").strip("'")
        return f"there is no module {shown(name)} here"
    if kind == "NotImplementedError":
        return message.replace("The monty syntax parser", "the interpreter here")
    return f"{kind}: {message}" if message else kind
