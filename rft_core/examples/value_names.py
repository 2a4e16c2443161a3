"""One name for each expected value: "Decision" beside "decision" is no other value.

Checks look an expected value up by its name. A case that has it under another spelling lacks it
for them, and what is found in the cases of one spelling is not true of all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rft_core.examples.columns import plain_heading
from rft_core.records import Example


def spellings(examples: Sequence[Example], known: Iterable[str] = ()) -> dict[str, str]:
    """Return, for each name that is spelled otherwise than it should be, the name it should have.

    Capitals, spaces, hyphens and underscores make no other name. The spelling among `known` is
    right, else the commonest. A known name is never wrong, and a name stands where one case has
    both spellings.
    """
    known = tuple(known)
    used = Counter(name for example in examples for name in example.fields)
    right: dict[str, str] = {}
    for name in (*known, *(name for name, _ in used.most_common())):
        right.setdefault(plain_heading(name), name)
    found = {name: right[plain_heading(name)] for name in used}
    wrong = {name: to for name, to in found.items() if name != to and name not in known}
    clashing = set().union(*(_clashing(example, wrong) for example in examples))
    return {name: to for name, to in wrong.items() if name not in clashing}


def _clashing(example: Example, wrong: Mapping[str, str]) -> set[str]:
    """Return the names of one case that would take the place of another of its values."""
    if wrong.keys().isdisjoint(example.fields):
        return set()
    would = Counter(wrong.get(name, name) for name in example.fields)
    return {name for name in example.fields if name in wrong and would[wrong[name]] > 1}


def renamed(examples: Sequence[Example], names: Mapping[str, str]) -> tuple[Example, ...]:
    """Return the examples with expected values named as `spellings` returned."""
    return tuple(_renamed(example, names) for example in examples)


def _renamed(example: Example, names: Mapping[str, str]) -> Example:
    if names.keys().isdisjoint(example.fields):
        return example
    fields = {names.get(name, name): value for name, value in example.fields.items()}
    return example.with_changes(fields=fields)
