"""Ids of criteria: readable, and each used once in a rubric."""

import re
from collections.abc import Callable, Collection, Iterable
from itertools import chain

from rft_core.records import Criterion

MOST_WORDS = 4


def slug(text: str) -> str:
    """Return the first words of a rule as an id."""
    return "_".join(re.findall(r"[a-z0-9]+", text.lower())[:MOST_WORDS]) or "criterion"


def free_id(used: Collection[str], wanted: str) -> str:
    """Return the wanted id, with a number behind it where it is used already."""
    tries = (f"{wanted}_{n}" for n in range(2, len(used) + 3))
    return next(name for name in chain([wanted], tries) if name not in used)


def free_ids(used: Collection[str]) -> Callable[[str], str]:
    """Return a function that returns the wanted id, or one like it, and each only once."""
    taken = set(used)

    def free(wanted: str) -> str:
        own = free_id(taken, wanted)
        taken.add(own)
        return own

    return free


def with_own_ids(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Return the criteria, those whose id an earlier one has under another."""
    named: dict[str, Criterion] = {}
    for criterion in criteria:
        own = free_id(named, criterion.id)
        named[own] = criterion.with_changes(id=own)
    return tuple(named.values())
