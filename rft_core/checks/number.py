"""The number check: the expected number, within a tolerance, in whatever way it is written."""

import re
from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from rft_core.checks.base import FieldCheck, LineName, Unscored, Verdict, expected_value, on_line
from rft_core.checks.number_reading import (
    DecimalMark,
    Percent,
    Quantity,
    plain_number,
    read_quantities,
)
from rft_core.checks.wording import clean, holds, line_rest, listing, plain_text, shown
from rft_core.records import Example

NONE = "none"
_UNTOLD = ("cannot tell", "out of scope")
NO_NUMBER = (*_UNTOLD, NONE)
"""What may be expected in place of a number."""
_SAYS_NONE = re.compile(rf"(?im)(?:^|:)[^\w\n]*{NONE}\b(?!\s+of\b)")
"""At the start of a line or behind a colon: elsewhere "none" is a word like others."""
_SAYS = rf"[\W_]*(?:{'|'.join(_UNTOLD).replace(' ', '[ ]+')})\b"
_SAYS_ON_LINE = re.compile(_SAYS, re.IGNORECASE)
_SAYS_ANYWHERE = re.compile(rf"(?:[^:：]{{1,80}}[:：])?{_SAYS}[ \t]*(?:[^\w\s]|$)", re.IGNORECASE)
"""A line of the whole answer may begin with its name, and with "Out of scope costs"."""
_ROUNDING = 1e-9


class Number(FieldCheck):
    """Met when a number of the answer is the expected one, within a tolerance.

    Where both stand beside units that are known (`units`), the number is converted; of another
    measure, it is not the expected one. Where one of `NO_NUMBER` is expected, it is met when the
    answer says so and gives no number. A line that begins with one of them gives none, whatever
    follows: "cannot tell, figures for 2023 are missing".
    """

    kind: str = "number"
    tolerance: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    tolerance_unit: Literal["absolute", "percent"] = "absolute"
    """Whether `tolerance` is in the number's own unit or in percent of the expected one."""
    which: Literal["first", "last", "only"] = "last"
    """Which number of the answer counts; with "only", no second one may be given."""
    percent: Percent = "fraction"
    """Whether 60% reads as 0.60 or as 60."""
    decimal_mark: DecimalMark = "auto"
    """How "1.250" and "1,250" are meant; "auto" reads them as 1.25 and 1250."""
    line: LineName | None = None
    """Read only what follows "line:" where the answer has such a line."""

    def describe(self) -> str:
        which = {"first": "first number", "last": "last number", "only": "only number"}[self.which]
        within = f", give or take {self._tolerance_text()}" if self.tolerance else ""
        where = on_line(self.line) if self.line else " in the answer"
        return f'Met when the {which}{where} is the expected "{self.field}"{within}.'

    def _grade(self, answer: str, example: Example) -> Verdict:
        rest = line_rest(answer, self.line) if self.line else None
        text = rest or answer
        says = _SAYS_ON_LINE if rest else _SAYS_ANYWHERE
        found = [] if self._says_none(text, says) else self._read(text)
        none = _no_number(expected_value(example, self.field))
        if none is not None:
            return _without_number(text, none, found)
        expected = self._expected(example)
        if not found:
            says_none = _says_instead(_none_said(text))
            return Verdict(0.0, f"{says_none}; expected {plain_number(expected.value)}.")
        numbers = {quantity.in_unit_of(expected) for quantity in found}
        if self.which == "only" and len(numbers) > 1:
            wanted = f"expected {plain_number(expected.value)}"
            return Verdict(0.0, f"Gives {len(numbers)} different numbers; {wanted}.")
        given = found[-1 if self.which == "last" else 0]
        number = given.in_unit_of(expected)
        is_met = number is not None and self._is_close(number, expected.value)
        return Verdict(float(is_met), _compared(given, expected))

    def _says_none(self, text: str, says: re.Pattern[str]) -> bool:
        """Return whether a line says that there is no number, and no other line gives one."""
        lines = text.splitlines()
        others = [line for line in lines if not says.match(line)]
        return len(others) < len(lines) and not self._read("\n".join(others))

    def _read(self, text: str) -> list[Quantity]:
        return read_quantities(text, percent=self.percent, decimal_mark=self.decimal_mark)

    def _expected(self, example: Example) -> Quantity:
        value = expected_value(example, self.field)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found = [Quantity(float(value))] if abs(value) < 1e300 else []
        else:
            found = self._read(clean(str(value)))
        if len(found) != 1:
            raise Unscored(f'The case\'s "{self.field}" is {shown(str(value))}, not one number.')
        return found[0]

    def _is_close(self, number: float, expected: float) -> bool:
        return abs(number - expected) <= self._allowed(expected)

    def _allowed(self, expected: float) -> float:
        share = abs(expected) / 100 if self.tolerance_unit == "percent" else 1.0
        return self.tolerance * share + _ROUNDING * abs(expected)

    def _tolerance_text(self) -> str:
        unit = " percent" if self.tolerance_unit == "percent" else ""
        return f"{plain_number(self.tolerance)}{unit}"


def _no_number(value: object) -> str | None:
    """Return which of `NO_NUMBER` an expected value is; None if it is none of them."""
    text = plain_text(value) if isinstance(value, str) else ""
    return text if text in NO_NUMBER else None


def _without_number(text: str, none: str, found: Sequence[Quantity]) -> Verdict:
    """Grade an answer that should say that there is no number."""
    if found:
        return Verdict(0.0, f'Gives {found[0].said()}; expected "{none}".')
    said = _none_said(text)
    if said == [none]:
        return Verdict(1.0, f'Says "{none}", as expected.')
    return Verdict(0.0, f'{_says_instead(said)}; expected "{none}".')


def _none_said(text: str) -> list[str]:
    """Return which of `NO_NUMBER` a text says."""
    return [none for none in NO_NUMBER if _says(text, none)]


def _says_instead(said: Sequence[str]) -> str:
    return f"Says {listing([shown(none) for none in said])}" if said else "Gives no number"


def _says(text: str, none: str) -> bool:
    return bool(_SAYS_NONE.search(text)) if none == NONE else holds(text, none)


def _compared(given: Quantity, expected: Quantity) -> str:
    """Say which number was given and which expected, with their units where both have one."""
    if given.unit is None or expected.unit is None:
        return f"Gives {plain_number(given.value)}; expected {plain_number(expected.value)}."
    return f"Says {given.said()}; expected {expected.said()}."
