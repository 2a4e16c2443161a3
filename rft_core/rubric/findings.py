"""What is wrong with a rubric, as sentences about it and about the examples that show it."""

import textwrap
from collections.abc import Sequence
from typing import Literal

from rft_core.checks import Check, build
from rft_core.checks.wording import inner_marks
from rft_core.errors import InputError
from rft_core.records import Criterion, Record

MAX_CALLED = 60
"""Characters of a rule in a message."""
NAMED = 5
"""Examples named in a message."""


class Finding(Record):
    """One thing to mend (stop) or to think about (warn)."""

    severity: Literal["stop", "warn"]
    criterion_id: str | None = None
    message: str
    fix: str
    example_ids: tuple[str, ...] = ()
    """Examples that show it."""


def try_build(criterion: Criterion) -> Check | InputError:
    """Return the criterion's check, or why it cannot be built."""
    try:
        return build(criterion.check)
    except InputError as error:
        return error


def stop(criterion: Criterion, message: str, fix: str, example_ids: Sequence[str] = ()) -> Finding:
    """Return a finding about a criterion that must be mended."""
    return Finding(
        severity="stop",
        criterion_id=criterion.id,
        message=f"{called(criterion)} {message}",
        fix=fix,
        example_ids=tuple(example_ids),
    )


def warn(criterion: Criterion, message: str, fix: str, example_ids: Sequence[str] = ()) -> Finding:
    """Return a finding about a criterion to think about."""
    return stop(criterion, message, fix, example_ids).with_changes(severity="warn")


def called(criterion: Criterion) -> str:
    """Return a criterion's rule in quotation marks, shortened."""
    text = inner_marks(criterion.text)
    return f'"{textwrap.shorten(text, MAX_CALLED, placeholder="…") or criterion.id}"'


def examples_do(ids: Sequence[str]) -> str:
    """Return "2 cases (a, b) do", before a "not"."""
    if len(ids) == 1:
        return f"1 case ({ids[0]}) does"
    return f"{len(ids)} cases ({_first(ids)}) do"


def named(ids: Sequence[str]) -> str:
    """Return "2 cases (a, b)"."""
    return f"{len(ids)} case{'' if len(ids) == 1 else 's'} ({_first(ids)})"


def _first(ids: Sequence[str]) -> str:
    more = ", …" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more
