"""Which examples teach and which are kept aside for the test.

Whole clusters are placed, never parts of one. They are laid out by their label and tags and then
taken at an even rate (systematic sampling), so that both sides hold each kind in proportion.
"""

import random
from collections import Counter
from collections.abc import Sequence

from rft_core.errors import InputError
from rft_core.records import Example, Split

Group = list[int]
"""Positions of the examples of one cluster."""


def assign_splits(
    examples: Sequence[Example], heldout_share: float = 0.4, seed: int = 0
) -> tuple[Example, ...]:
    """Fill the splits that are missing, so that about `heldout_share` (0 to 1) is held out.

    Splits already set stay. A cluster with a member already placed follows the side that most of
    its members are on. Distinct ids given, the result does not depend on the examples' order.
    Raises InputError for a share outside 0 to 1.
    """
    if not 0 <= heldout_share <= 1:
        raise InputError(
            f"A share of {heldout_share} cannot be kept aside.", "Choose a share from 0 to 1."
        )
    sides = [example.split for example in examples]
    groups = _groups(examples)
    for group in groups:
        _follow(group, sides)
    free = [group for group in groups if sides[group[0]] is None]
    _walk(_ordered(free, examples, seed), sides, _rate(sides, heldout_share))
    pairs = zip(examples, sides, strict=True)
    return tuple(example.model_copy(update={"split": side}) for example, side in pairs)


def _groups(examples: Sequence[Example]) -> list[Group]:
    """Gather positions by cluster; an example without a cluster stands alone."""
    groups: dict[str | int, Group] = {}
    for position, example in enumerate(examples):
        key = position if example.cluster is None else example.cluster
        groups.setdefault(key, []).append(position)
    return list(groups.values())


def _follow(group: Group, sides: list[Split | None]) -> None:
    """Put the unplaced of a group where most of its placed members are."""
    counts = Counter(side for position in group if (side := sides[position]) is not None)
    if counts:
        most = max(sorted(counts), key=lambda side: counts[side])
        for position in group:
            sides[position] = sides[position] or most


def _rate(sides: Sequence[Split | None], share: float) -> float:
    """Return the share of the unplaced to hold out, so that the whole comes to `share`."""
    missing = share * len(sides) - sides.count("heldout")
    return min(1.0, max(0.0, missing / max(sides.count(None), 1)))


def _ordered(groups: list[Group], examples: Sequence[Example], seed: int) -> list[Group]:
    """Shuffle, then put groups of one label, and within it of the same tags, side by side."""
    label = _first_field(examples)
    ordered = sorted(groups, key=lambda group: min(examples[i].id for i in group))
    random.Random(seed).shuffle(ordered)
    return sorted(ordered, key=lambda group: _kind(examples[group[0]], label))


def _first_field(examples: Sequence[Example]) -> str:
    """Return the field that most examples name first, "" where there are no fields."""
    counts = Counter(next(iter(example.fields), "") for example in examples)
    return max(sorted(counts), key=lambda name: counts[name], default="")


def _kind(example: Example, label: str) -> tuple[str, tuple[str, ...]]:
    return str(example.fields.get(label, "")), tuple(sorted(example.tags))


def _walk(groups: list[Group], sides: list[Split | None], rate: float) -> None:
    """Hold a group out whenever at least half of it is owed."""
    owed = 0.0
    for group in groups:
        owed += rate * len(group)
        held = owed >= len(group) / 2
        owed -= len(group) if held else 0
        for position in group:
            sides[position] = "heldout" if held else "train"
