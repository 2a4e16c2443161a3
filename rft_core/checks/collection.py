"""Checks of lists: a set of items with partial credit, a ranking of candidates."""

import re
from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from rft_core.checks.base import (
    Check,
    FieldCheck,
    LineName,
    Unscored,
    Verdict,
    expected_texts,
    expected_value,
)
from rft_core.checks.wording import line_rest, listing, shown, tokens
from rft_core.records import Example

MAX_ITEMS = 500
_NUMBERING = r"\(?\d{1,3}[.)][ \t]+|[-*•–][ \t]+"
_BULLET = re.compile(rf"^[ \t]*(?:{_NUMBERING})", re.MULTILINE)
_INLINE_NUMBER = re.compile(r"(?:^|(?<=\s))\(?\d{1,2}[.)]\s+")
_HEADING = re.compile(r"^[ \t*_]*[^\W\d][\w ]{0,40}:[*_]*(?:[ \t]+|$)", re.MULTILINE)
_SEPARATOR = re.compile(r"[,;\n]|\band\b|&", re.IGNORECASE)
_RANK_SEPARATOR = re.compile(r"[,;\n>]")
_EXPLANATION = re.compile(r"\s[(\[–—-].*|:\s.*", re.DOTALL)
_NOTHING = {"none", "nothing", "n / a", "no items", "not applicable"}


class SetOfItems(FieldCheck):
    """How well the answer's items agree with the expected ones.

    precision = right / given, recall = right / expected, f1 = 2·right / (given + expected).
    """

    kind: str = "set"
    metric: Literal["f1", "precision", "recall"] = "f1"
    line: LineName | None = None
    """Read only what follows "line:" where the answer has such a line."""

    def describe(self) -> str:
        how = {
            "f1": "each missing and each superfluous one costs a share",
            "precision": "each superfluous one costs a share",
            "recall": "each missing one costs a share",
        }[self.metric]
        return f'Met when the answer lists the items expected as "{self.field}"; {how}.'

    def _grade(self, answer: str, example: Example) -> Verdict:
        wanted = self._expected(example)
        text = (line_rest(answer, self.line) if self.line else None) or answer
        given = split_items(text, wanted)
        if not wanted:
            says_none = given <= _NOTHING and bool(given)
            reason = "Lists nothing, as expected." if says_none else 'Expected "none".'
            return Verdict(float(says_none), reason)
        return self._compared(given, wanted)

    def _expected(self, example: Example) -> set[str]:
        value = expected_value(example, self.field)
        if isinstance(value, str):
            return split_items(value, set())
        keys = (_key(text) for text in expected_texts(example, self.field)[:MAX_ITEMS])
        return {key for key in keys if key}

    def _compared(self, given: set[str], wanted: set[str]) -> Verdict:
        right = len(given & wanted)
        out_of = {
            "f1": (len(given) + len(wanted)) / 2,
            "precision": len(given),
            "recall": len(wanted),
        }[self.metric]
        value = right / out_of if out_of else 0.0
        missing = sorted(wanted - given)
        lacks = f"; lacks {listing([shown(item) for item in missing[:3]])}" if missing else ""
        reason = f"{right} of {len(wanted)} expected items, {len(given - wanted)} others{lacks}."
        return Verdict(value, reason)


class Ranked(FieldCheck):
    """Reciprocal rank of the right item (first: 1, second: 1/2 …), less a price for inventions."""

    kind: str = "ranked"
    known: tuple[str, ...] = Field(default=(), max_length=10_000)
    """All items that exist; empty: not checked."""
    alone: tuple[str, ...] = Field(default=(), max_length=MAX_ITEMS)
    """Items that say something only where nothing else is listed, such as "cannot tell"."""
    unknown_penalty: float = Field(default=0.25, ge=0, le=1)
    """Taken off for each item that is not known; the value never falls below 0."""
    line: LineName | None = None
    """Read only what follows "line:" where the answer has such a line."""

    def describe(self) -> str:
        price = f" Each unknown item takes off {self.unknown_penalty:g}." if self.known else ""
        return (
            f'Met when the answer\'s list starts with the expected "{self.field}"; it earns '
            f"half when it comes second, a third when third, and so on.{price}"
        )

    @property
    def choices(self) -> list[str]:
        """The items among which the answer chooses the first."""
        return [*self.known, *self.alone]

    def decided(self, answer: str) -> str | None:
        """Return the item that the answer lists first, in the spelling of `known` and `alone`.

        None if it is neither, or if something else stands beside an item that must be alone.
        """
        items = self._items(answer)
        spelling = {_key(item): item for item in self.choices}
        return None if self._not_alone(items) or not items else spelling.get(items[0])

    def _items(self, answer: str) -> list[str]:
        return ranked_items((line_rest(answer, self.line) if self.line else None) or answer)

    def _not_alone(self, items: Sequence[str]) -> bool:
        return len(items) > 1 and any(_key(item) in items for item in self.alone)

    def _grade(self, answer: str, example: Example) -> Verdict:
        wanted = {_key(text) for text in expected_texts(example, self.field)} - {""}
        if not wanted:
            raise Unscored(f'The case lists nothing under "{self.field}".')
        items = self._items(answer)
        if self._not_alone(items):
            return Verdict(0.0, f"Lists others beside {listing([shown(a) for a in self.alone])}.")
        known = wanted | {_key(item) for item in self.choices}
        unknown = [item for item in items if item not in known] if self.known else []
        rank = next((i for i, item in enumerate(items, 1) if item in wanted), None)
        if rank is None:
            return Verdict(
                0.0, f"Does not list {listing([shown(w) for w in sorted(wanted)], 'or')}."
            )
        value = max(0.0, 1 / rank - self.unknown_penalty * len(unknown))
        items_are = "1 item is" if len(unknown) == 1 else f"{len(unknown)} items are"
        invented = f"; {items_are} not known" if unknown else ""
        return Verdict(value, f"Lists the right item in place {rank}{invented}.")


class UnknownItem(Check):
    """Met when the answer lists an item that does not exist: give it a penalty."""

    finds_fault: ClassVar[bool] = True
    kind: str = "unknown_item"
    known: tuple[str, ...] = Field(min_length=1, max_length=10_000)
    """All items that exist, with what may stand in place of a list."""
    line: LineName | None = None
    """Read only what follows "line:" where the answer has such a line."""

    def describe(self) -> str:
        few = [shown(item) for item in self.known[:6]] + ["others"] * (len(self.known) > 6)
        return f"Counts as a fault when the answer lists anything but {listing(few, 'or')}."

    def _grade(self, answer: str, example: Example) -> Verdict:
        text = (line_rest(answer, self.line) if self.line else None) or answer
        known = {_key(item) for item in self.known}
        unknown = [item for item in ranked_items(text) if item not in known]
        if unknown:
            return Verdict(1.0, f"Lists {shown(unknown[0])}, which is not known.")
        return Verdict(0.0, "Lists nothing that is not known.")


def split_items(text: str, whole: set[str]) -> set[str]:
    """Return the distinct items of a list in prose, folded.

    Items are set apart by commas, semicolons, line ends and "and"; those in `whole` (folded) that
    hold such a separator themselves ("salt and pepper") are taken out first.
    """
    found = set()
    words = tokens(text)
    for item in filter(_SEPARATOR.search, whole):
        if f" {item} " in words:
            found.add(item)
            text = words = words.replace(f" {item} ", " ; ")
    text = _HEADING.sub("", _BULLET.sub("", text))
    keys = (_key(part) for part in _SEPARATOR.split(text)[:MAX_ITEMS])
    return found | {key for key in keys if key}


def ranked_items(text: str) -> list[str]:
    """Return the distinct items of a ranking in order, folded, without their explanations.

    Numbered or bulleted lines are the items where there are any; else "a > b", lines or commas.
    """
    if _INLINE_NUMBER.search(text):
        parts = [part.partition("\n")[0] for part in _INLINE_NUMBER.split(text)[1:]]
    elif _BULLET.search(text):
        parts = [part.partition("\n")[0] for part in _BULLET.split(text)[1:]]
    else:
        parts = _RANK_SEPARATOR.split(_HEADING.sub("", text))
    keys = (_key(_EXPLANATION.sub("", part.strip(" \t*_"), count=1)) for part in parts[:MAX_ITEMS])
    return list(dict.fromkeys(key for key in keys if key))


def _key(item: str) -> str:
    return tokens(item.strip(" \t\r\n.,;:*_\"'“”")).strip()
