"""Units that stand beside a number, as far as they can be told apart without doubt.

A unit has a measure and a size in it; numbers of the same measure can be converted. Currencies are
measures of their own, and so are months, which have no fixed number of days. What is not listed,
such as "business days" and "mg/kg", is no known unit; nor are other dollars, which may be written
"$" as well.
"""

import re
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit as it was written."""

    written: str
    measure: str
    size: float
    """In the unit of its measure that has the size 1."""

    def converted(self, value: float, other: "Unit") -> float | None:
        """Return a value in this unit as one in another; None if they measure something else."""
        if self.measure != other.measure:
            return None
        return float(f"{value * self.size / other.size:.12g}")


CURRENCIES = (
    "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "AUD", "CAD", "NZD", "SGD", "HKD", "SEK",
    "NOK", "DKK", "PLN", "CZK", "HUF", "ZAR", "BRL", "MXN", "KRW", "TRY", "AED", "ILS",
)  # fmt: skip
"""Codes that may stand right before the digits: "EUR1,000"."""
_TABLE = (
    ("mass", 1e-6, "µg μg ug mcg microgram micrograms"),
    ("mass", 1e-3, "mg milligram milligrams"),
    ("mass", 1, "g gram grams gramme grammes"),
    ("mass", 1e3, "kg kilogram kilograms kilo kilos"),
    ("length", 1e-3, "mm millimetre millimetres millimeter millimeters"),
    ("length", 1e-2, "cm centimetre centimetres centimeter centimeters"),
    ("length", 1, "m metre metres meter meters"),
    ("length", 1e3, "km kilometre kilometres kilometer kilometers"),
    ("volume", 1e-3, "ml millilitre millilitres milliliter milliliters"),
    ("volume", 1, "l L litre litres liter liters"),
    ("time", 1, "min mins minute minutes"),
    ("time", 60, "h hr hrs hour hours"),
    ("time", 1_440, "day days"),
    ("time", 10_080, "week weeks"),
    ("months", 1, "month months"),
    ("months", 12, "year years"),
    ("EUR", 1, "€ EUR euro euros"),
    ("USD", 1, "$ USD"),
    ("GBP", 1, "£ GBP"),
    ("CHF", 1, "CHF"),
)
_KNOWN = {word: (measure, size) for measure, size, words in _TABLE for word in words.split()}
_AFTER = re.compile(
    r"(?:[ \u00a0\u2009\u202f]?|-)(?P<word>[^\W\d_]{1,12}|[€$£])(?![\w²³^/*·]| per\b)"
)


def unit(word: str) -> Unit | None:
    """Return the unit that a word or a sign names, None if it is not known.

    Letter case counts in single letters only: "5 M" is no length.
    """
    found = _KNOWN.get(word) or (_KNOWN.get(word.lower()) if len(word) > 1 else None)
    if found is None:
        return None
    is_currency = found[0].isupper()
    return Unit(found[0] if is_currency else word, *found)


def unit_at(text: str, end: int) -> Unit | None:
    """Return the known unit that follows a number which ends there."""
    found = _AFTER.match(text, end)
    return unit(found["word"]) if found else None
