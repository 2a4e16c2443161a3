"""Names of cases that bring none: what the project calls a case, and a number."""

import re
import unicodedata
from collections.abc import Collection, Container, Iterator, Sequence
from itertools import count

from rft_core.records import Example

CASE = "case"
"""What a case is called where the project has no noun of its own."""


def new_names(noun: str, used: Container[str]) -> Iterator[str]:
    """Yield "clause-001", "clause-002" and so on without those that are in use when it is asked.

    Letters of every script stay, and all else becomes a hyphen: "CT scan" gives "ct-scan-001".
    """
    letters = unicodedata.normalize("NFC", noun).lower()
    stem = re.sub(r"[\W_]+", "-", letters).strip("-") or CASE
    for number in count(1):
        if (name := f"{stem}-{number:03d}") not in used:
            yield name


def named_anew(
    examples: Sequence[Example], unnamed: Collection[str], noun: str
) -> tuple[Example, ...]:
    """Return the examples, those with an id in `unnamed` named after the noun."""
    names = new_names(noun, {e.id for e in examples if e.id not in unnamed})
    return tuple(
        e.model_copy(update={"id": next(names)}) if e.id in unnamed else e for e in examples
    )
