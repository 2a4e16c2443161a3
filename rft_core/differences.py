"""What differs between two lists of records that have ids, cases or criteria, and between texts."""

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


def around_difference(text: str, other: str, most: int) -> str:
    """Return at most so many characters of a text, around the first at which it is not as another.

    From the beginning where that is near it; to the end where it is near that, as what makes an
    answer too long is. What is cut away is "…".
    """
    if len(text) <= most:
        return text
    pairs = enumerate(zip(text, other, strict=False))
    at = next((place for place, (a, b) in pairs if a != b), min(len(text), len(other)))
    start = min(at - most // 2, len(text) - most + 1)
    if at < most * 3 // 4 or start <= 0:
        return f"{text[: most - 1]}…"
    begun = text.find(" ", start, at) + 1 or start
    end = begun + most - 2
    return f"…{text[begun:end]}{'…' if end < len(text) else ''}"
