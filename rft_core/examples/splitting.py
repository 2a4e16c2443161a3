"""Which examples teach and which are kept aside for the test.

Whole clusters are placed, never parts of one, and nearly equal prompts with them. They are laid out
by their label and tags, or by the labels in the rows of a file, and then taken at an even rate
(systematic sampling), so that both sides hold each kind in proportion. A label that only the test
would have then changes places with others that are learned from anyway.
"""

import itertools
import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from rft_core.checks.wording import plain_text
from rft_core.errors import InputError
from rft_core.examples.similar import near_places, prompt_text
from rft_core.records import AnswerPart, Example, Split

Group = list[int]
"""Positions of the examples that stay together."""
MOST_ALIKE = 5
"""Prompts that are kept together for being nearly equal; more of them share a form, as letters
do, and are different cases."""

MOST_LABELS = 20
"""Different values of a column up to which they are labels."""
Kind = tuple[str, ...]
Label = tuple[str | int, str]
"""A label with the name or the place of the value that it is of."""


def kinds_of(rows: Sequence[Mapping[str, Any]]) -> list[Kind]:
    """Return the labels in each row of a file: of the columns with few values, used often.

    What the columns are taken for does not matter.
    """
    columns = dict.fromkeys(column for row in rows for column in row)
    found = [[_plain(row.get(column)) for row in rows] for column in columns]
    return list(zip(*filter(_are_labels, found), strict=True)) or [()] * len(rows)


def _plain(value: Any) -> str:
    return plain_text(str(value)) if isinstance(value, (str, int, float)) else ""


def _are_labels(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text]
    return 1 < len(set(filled)) <= min(MOST_LABELS, len(filled) / 2)


def assign_splits(
    examples: Sequence[Example],
    heldout_share: float = 0.4,
    seed: int = 0,
    kinds: Mapping[str, Kind] | None = None,
    labels: Collection[str] = (),
) -> tuple[Example, ...]:
    """Fill the splits that are missing, so that `heldout_share` (0 to 1) of all is held out.

    Splits already set stay; the share is met as nearly as clusters and near prompts allow. A
    cluster with a member already placed follows the side that most of its members are on. Distinct
    ids given, the result does not depend on the examples' order. With `kinds`, by id (`kinds_of`),
    it depends on them, on the prompts and the clusters alone, not on the ids or expected values,
    other than those named as `labels` (`label_fields`). Nothing but labels is looked at.
    Raises InputError for a share outside 0 to 1.
    """
    if not 0 <= heldout_share <= 1:
        raise InputError(
            f"A share of {heldout_share} cannot be kept aside.", "Choose a share from 0 to 1."
        )
    sides = [example.split for example in examples]
    if None not in sides:
        return tuple(examples)
    groups = _groups(examples)
    for group in groups:
        _follow(group, sides)
    free = [group for group in groups if sides[group[0]] is None]
    free = _ordered(free, examples, seed, kinds or {})
    _walk(free, sides, _rate(sides, heldout_share))
    _even_out(free, sides, heldout_share * len(sides))
    _teach(free, sides, _labels(examples, kinds or {}, labels))
    pairs = zip(examples, sides, strict=True)
    return tuple(example.model_copy(update={"split": side}) for example, side in pairs)


def _groups(examples: Sequence[Example]) -> list[Group]:
    """Gather positions by cluster, and by nearly equal prompts; others stand alone."""
    alike = _gathered(len(examples), near_places(examples))
    links = [pair for group in alike if len(group) <= MOST_ALIKE for pair in _chain(group)]
    clusters: dict[str, Group] = {}
    for position, example in enumerate(examples):
        if example.cluster is not None:
            clusters.setdefault(example.cluster, []).append(position)
    links += [pair for group in clusters.values() for pair in _chain(group)]
    return _gathered(len(examples), links)


def _chain(group: Group) -> Iterator[tuple[int, int]]:
    return itertools.pairwise(group)


def _gathered(count: int, links: Sequence[tuple[int, int]]) -> list[Group]:
    """Return the positions below `count` in groups: those that are linked, over others too."""
    group_of = [[position] for position in range(count)]
    for one, other in links:
        large, small = sorted((group_of[one], group_of[other]), key=len, reverse=True)
        if large is not small:
            large += small
            for position in small:
                group_of[position] = large
    return [sorted(group) for i, group in enumerate(group_of) if i == min(group)]


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


def _ordered(
    groups: list[Group], examples: Sequence[Example], seed: int, kinds: Mapping[str, Kind]
) -> list[Group]:
    """Shuffle, then put groups of one kind side by side: of one label, and of the same tags."""
    label = _first_field(examples)
    named = [(prompt_text(example), example.id) for example in examples]
    ordered = sorted(groups, key=lambda group: min(named[i] for i in group))
    random.Random(seed).shuffle(ordered)

    def kind(group: Group) -> Kind:
        first = min((examples[i] for i in group), key=lambda e: (prompt_text(e), e.id))
        return kinds[first.id] if first.id in kinds else _kind(first, label)

    return sorted(ordered, key=kind)


def _first_field(examples: Sequence[Example]) -> str:
    """Return the field that most examples name first, "" where there are no fields."""
    counts = Counter(next(iter(example.fields), "") for example in examples)
    return max(sorted(counts), key=lambda name: counts[name], default="")


def _kind(example: Example, label: str) -> Kind:
    return str(example.fields.get(label, "")), *sorted(example.tags)


def _walk(groups: list[Group], sides: list[Split | None], rate: float) -> None:
    """Hold a group out whenever at least half of it is owed."""
    owed = 0.0
    for group in groups:
        owed += rate * len(group)
        held = owed >= len(group) / 2
        owed -= len(group) if held else 0
        for position in group:
            sides[position] = "heldout" if held else "train"


def _even_out(groups: Sequence[Group], sides: list[Split | None], wanted: float) -> None:
    """Change over one group, or two, as long as that brings the number held out nearer."""
    while True:
        off = sides.count("heldout") - wanted
        kinds = {(sides[group[0]], len(group)): group for group in reversed(groups)}.values()
        change = next(
            (some for n in (1, 2) for some in itertools.combinations(kinds, n)
             if abs(off + _gain(some, sides)) < abs(off) - 1e-6),
            None,
        )  # fmt: skip
        if change is None:
            return
        for group in change:
            held = sides[group[0]] == "heldout"
            for position in group:
                sides[position] = "train" if held else "heldout"


def label_fields(form: Sequence[AnswerPart]) -> list[str]:
    """Return the expected values of an answer form whose values are labels."""
    return [part.field for part in form if part.kind in ("choice", "ranked")]


def _labels(
    examples: Sequence[Example], kinds: Mapping[str, Kind], names: Collection[str]
) -> list[set[Label]]:
    """Return the labels of each example: of those names, else of its kind, else of its values."""
    if not names and not kinds:
        columns = dict.fromkeys(name for example in examples for name in example.fields)
        texts = {name: [_plain(e.fields.get(name)) for e in examples] for name in columns}
        names = [name for name, values in texts.items() if _are_labels(values)]
    if not names:
        return [set(enumerate(kinds.get(example.id, ()))) for example in examples]
    return [
        {(name, text) for name in names if (text := _plain(example.fields.get(name)))}
        for example in examples
    ]


def _teach(
    groups: Sequence[Group], sides: list[Split | None], labels: Sequence[set[Label]]
) -> None:
    """Change a group with a label that only the test has for one whose labels are taught anyway.

    Groups of one size change places, so that as many stay held out.
    """
    taught = Counter(x for i, found in enumerate(labels) if sides[i] == "train" for x in found)
    held = [Counter(label for i in group for label in labels[i]) for group in groups]
    for group, own in zip(groups, held, strict=True):
        if sides[group[0]] != "heldout" or all(taught[label] for label in own):
            continue
        for other, theirs in zip(groups, held, strict=True):
            free = sides[other[0]] == "train" and len(other) == len(group)
            if free and all(taught[x] + own[x] > count for x, count in theirs.items()):
                for position in (*group, *other):
                    sides[position] = "train" if position in group else "heldout"
                taught = taught - theirs + own
                break


def _gain(groups: Sequence[Group], sides: Sequence[Split | None]) -> int:
    """Return how many more are held out once these groups change over."""
    return sum(-len(g) if sides[g[0]] == "heldout" else len(g) for g in groups)
