"""What can be taken back, and what can be done again: worked out from a project's versions.

Undo and redo append an old content as a new version, which notes the version that it brought back.
So both work over any number of steps, and a day later as well as at once.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Saved(NamedTuple):
    """One version, as far as undo is concerned."""

    version: int
    note: str
    restores: int | None = None
    """The version whose content it brought back; None: it brought something new."""


class Step(NamedTuple):
    """One step back or forward."""

    version: int
    """The version to bring back."""
    what: str
    """The note of the change that it takes back or does again."""


class Steps(NamedTuple):
    """Where undo and redo lead from the latest version."""

    latest: int
    undo: Step | None = None
    redo: Step | None = None


def steps(versions: Sequence[Saved]) -> Steps:
    """Return where undo and redo lead; `versions` are all of a project, at least one, in order."""
    notes = {saved.version: saved.note for saved in versions}
    done: list[int] = []
    undone: list[int] = []
    for version, _, restores in versions:
        if restores is not None and done[-2:-1] == [restores]:
            undone.append(done.pop())
        elif restores is not None and undone[-1:] == [restores]:
            done.append(undone.pop())
        else:  # something new, or a leap to an older version, which is a change like any other
            done.append(version)
            undone.clear()
    undo = Step(done[-2], notes[done[-1]]) if len(done) > 1 else None
    redo = Step(undone[-1], notes[undone[-1]]) if undone else None
    return Steps(versions[-1].version, undo, redo)
