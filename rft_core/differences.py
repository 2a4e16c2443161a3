"""What differs between two lists of records that have ids: cases, or criteria."""

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from rft_core.records import Criterion, Example

R = TypeVar("R", Criterion, Example)


class Differences(NamedTuple, Generic[R]):
    """Records of two lists, compared by their ids."""

    added: tuple[R, ...]
    changed: tuple[tuple[R, R], ...]
    """Old and new, in the order of the new list."""
    removed: tuple[R, ...]
    moved: bool
    """Whether those that stayed stand in another order."""


def differences(before: Iterable[R], after: Iterable[R]) -> Differences[R]:
    """Compare two lists in which each id is used once."""
    old, new = ({record.id: record for record in records} for records in (before, after))
    stayed = [name for name in new if name in old]
    return Differences(
        added=tuple(record for name, record in new.items() if name not in old),
        changed=tuple((old[name], new[name]) for name in stayed if old[name] != new[name]),
        removed=tuple(record for name, record in old.items() if name not in new),
        moved=stayed != [name for name in old if name in new],
    )
