"""Reading numbers as people write them, with the units beside them.

1,250 · 1.250,00 · 1 250 · 1'250 · 60% · (12.5) · −3 · $12.5 million · £5m · .5 · 1.5e6 · sixty
2½ · 1/2 · 5×10^3 · minus 5 · EUR1,000 · $5-10m
"""

import math
import re
from typing import Literal, NamedTuple

from rft_core.checks.number_forms import in_plain_digits, without_dates
from rft_core.checks.number_words import restated_as_digits, words_as_digits
from rft_core.checks.units import CURRENCIES, Unit, unit, unit_at

Percent = Literal["fraction", "number"]
DecimalMark = Literal["auto", "point", "comma"]

_MINUS = "-−–‐‑‒－﹣"
_SPACE = " \u00a0\u2009\u202f"
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "mio": 1e6,
    "mn": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "bn": 1e9,
    "mrd": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
_LETTERS = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}
"""Read as a scale only beside a currency: "£5m" is five million, "5m" may be five metres."""

_CODES = "|".join(CURRENCIES)
_CODE_BEFORE = re.compile(rf"\b(?:{_CODES})$")
_LABEL = re.compile(
    rf"^[ \t]*\(\d{{1,2}}\)[ \t]+(?!(?:{'|'.join(_SCALES)}|per ?cent|pct|bps|basis)s?\b)"
    rf"(?!(?-i:{_CODES})\b)(?=[^\W\d_])",
    re.IGNORECASE | re.MULTILINE,
)
"""The number of an item of a list: "(1) Notice: 30 days"."""
_DIGITS = re.compile(
    rf"(?:[1-9]\d{{0,2}}(?:[{_SPACE}]\d{{3}})+(?!\d)|\d+)(?:[.,'’]\d+)*(?:[eE][+-]?\d{{1,3}}(?!\w))?"
    r"|(?<![\w.])\.\d+"
)
_BEFORE = re.compile(
    rf"(?:(?:^|(?<=[\s(\[:=,;<>~\"“*|/]))(?P<sign>[{_MINUS}]))?"
    rf"(?:(?P<currency>[$€£¥₹₩₽₺]{{1}}[{_SPACE}]?|\b[A-Z]{{3}}[{_SPACE}]|\b(?:{_CODES}))(?P<inner>[{_MINUS}])?)?$"
)
_AFTER = re.compile(
    rf"[{_SPACE}]?(?:(?P<percent>%|٪|％|percent\b|per cent\b|pct\b)|(?P<permille>‰)"
    rf"|(?P<bps>bps\b|basis points?\b)|(?P<scale>{'|'.join(_SCALES)})s?\b"
    r"(?: (?P<more>thousand|million|billion)\b)?|(?P<letter>[kmbt])\b)",
    re.IGNORECASE,
)
_CURRENCY_AFTER = re.compile(rf"[{_SPACE}]?(?:[$€£¥₹₩₽₺]|(?-i:[A-Z]{{3}})\b)")
_RANGE = re.compile(
    rf"(?P<currency>[$€£¥₹][{_SPACE}]?|\b(?:{_CODES})[{_SPACE}]?|(?<![\w.,]))"
    r"(?P<low>\d+(?:[.,]\d+)*)[-–—](?P<high>\d+(?:[.,]\d+)*)"
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_POINT_STYLE = re.compile(r"[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_SWAP = str.maketrans(".,", ",.")
_APOSTROPHES = re.compile(r"\d{1,3}(?:['’]\d{3})+(?:[.,]\d+)?")
_LOOK_BACK = 8


class Quantity(NamedTuple):
    """A number that was read, with the unit beside it if that is known."""

    value: float
    unit: Unit | None = None

    def in_unit_of(self, other: "Quantity") -> float | None:
        """Return the value in the unit of `other`, where both have one; None if none can be."""
        if self.unit is None or other.unit is None:
            return self.value
        return self.unit.converted(self.value, other.unit)

    def said(self) -> str:
        """Return it as a person writes it: "5 mg"."""
        return f"{plain_number(self.value)}{f' {self.unit.written}' if self.unit else ''}"


def read_numbers(
    text: str, *, percent: Percent = "fraction", decimal_mark: DecimalMark = "auto"
) -> list[float]:
    """Return the numbers of a text in order, scaled by "million" and the like.

    Whole dates, times, ordinals (3rd), digits inside names (B12, COVID-19) and the numbers of a
    list's items, "(1)", are not numbers. A number alone in round brackets is negative, as
    accountants write, unless it is a year or repeats the number before it: "0.6 (60%)". A fraction
    is one digit over a larger one: "3/4". Numbers in English words count where there are none in
    digits.
    """
    return [q.value for q in read_quantities(text, percent=percent, decimal_mark=decimal_mark)]


def read_quantities(text: str, *, percent: Percent, decimal_mark: DecimalMark) -> list[Quantity]:
    """Return the numbers of a text as `read_numbers` does, with the known units beside them."""

    def read(digits: str) -> list[Quantity]:
        return _read_digits(digits, percent, decimal_mark)

    def read_values(digits: str) -> list[float]:
        return [quantity.value for quantity in read(digits)]

    text = in_plain_digits(text, "," if decimal_mark == "comma" else ".")
    text = restated_as_digits(text, read_values)
    unlabelled = _LABEL.sub("", text)
    found = read(unlabelled) or read(words_as_digits(unlabelled))
    return found or (read(text) if unlabelled != text else [])


def _read_digits(text: str, percent: Percent, decimal_mark: DecimalMark) -> list[Quantity]:
    text = _RANGE.sub(_both_ends, without_dates(text))
    found: list[Quantity] = []
    for match in _DIGITS.finditer(text):
        if _part_of_name(text, match):
            continue
        factor, bracketed, beside = _around(text, match, percent)
        for value in _values(match[0], decimal_mark):
            number = value * factor + 0.0
            if bracketed and _restates(match[0], number, found):
                number = -number
            if math.isfinite(number):
                found.append(Quantity(number, beside))
    return found


def _both_ends(match: re.Match[str]) -> str:
    """Return a range whose first number has the currency, scale and unit of both: "$5m – $10m"."""
    text, end, currency = match.string, match.end(), match["currency"]
    after = _AFTER.match(text, end)
    if after and after["letter"] and not (currency or _CURRENCY_AFTER.match(text, after.end())):
        after = None
    scale = after[0] if after else ""
    beside = unit_at(text, end + len(scale))
    said = f"{scale} {beside.written}" if beside else scale
    if not (currency or said):
        return match[0]
    return f"{currency}{match['low']}{said} – {currency}{match['high']}"


def plain_number(value: float) -> str:
    """Return the number as a person writes it: 1,250 or 0.6 or −3."""
    text = f"{value:,.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:.10g}"
    return text.replace("-", "−")


def _part_of_name(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    if before[-1:].isalpha() and not _CODE_BEFORE.search(before):
        return True
    if before[-1:] == "_" or (before[-2:-1].isalpha() and before[-1:] == "-"):
        return True
    return bool(_ORDINAL.match(text, match.end()))


def _restates(written: str, number: float, before: list[Quantity]) -> bool:
    if before and math.isclose(before[-1].value, -number):
        return True
    return bool(_YEAR.fullmatch(written))


def _around(text: str, match: re.Match[str], percent: Percent) -> tuple[float, bool, Unit | None]:
    """Return what the digits are multiplied by, whether brackets make them negative, the unit."""
    start, end = max(0, match.start() - _LOOK_BACK), match.end()
    before = _BEFORE.search(text[start : match.start()])
    bracket = start + before.start() - 1 if before else match.start() - 1
    opened = bracket >= 0 and text[bracket] == "("
    closed_early = opened and text[end : end + 1] == ")"
    after = _AFTER.match(text, end + closed_early)
    if after and after["letter"] and not _has_currency(text, before, after):
        after = None
    closed = opened and after is not None and text[after.end() : after.end() + 1] == ")"
    signed = before is not None and bool(before["sign"] or before["inner"])
    bracketed = (closed_early or closed) and not signed
    scale = _scale(after, percent) if after else 1.0
    beside = _currency(text, start, before) or unit_at(
        text, after.end() if after else end + closed_early
    )
    return (-scale if bracketed or signed else scale), bracketed, beside


def _currency(text: str, start: int, before: re.Match[str] | None) -> Unit | None:
    """Return the currency before a number; None if it is not known, as of "A$5"."""
    if before is None or not before["currency"]:
        return None
    at = start + before.start("currency")
    is_other = text[at - 1 : at].isalpha() and text[max(0, at - 2) : at] != "US"
    return None if is_other else unit(before["currency"].strip())


def _has_currency(text: str, before: re.Match[str] | None, after: re.Match[str]) -> bool:
    return bool(before and before["currency"]) or bool(_CURRENCY_AFTER.match(text, after.end()))


def _scale(after: re.Match[str], percent: Percent) -> float:
    if after["percent"]:
        return 0.01 if percent == "fraction" else 1.0
    if after["permille"] or after["bps"]:
        share = 1e-3 if after["permille"] else 1e-4
        return share if percent == "fraction" else share * 100
    if after["letter"]:
        return _LETTERS[after["letter"].lower()]
    more = _SCALES[after["more"].lower()] if after["more"] else 1.0
    return _SCALES[after["scale"].lower()] * more


def _values(written: str, mark: DecimalMark) -> list[float]:
    """Return the numbers in a run of digits and marks: "1,2,3" is three, "1.2.3" is none."""
    body, _, exponent = written.lower().partition("e")
    one = _one_number(body, mark)
    if one is not None:
        return [float(f"{one}e{exponent}" if exponent else one)]
    parts = [_one_number(part, mark) for part in re.split(r"[,'’]", body)]
    return [float(part) for part in parts if part] if len(parts) > 1 else []


def _one_number(body: str, mark: DecimalMark) -> str | None:
    """Return the digits with a decimal point and without grouping, or None if not one number."""
    body = re.sub(f"[{_SPACE}]", "", body)
    if _APOSTROPHES.fullmatch(body):
        body = re.sub("['’]", "", body)
    readings = {"auto": (body, body.translate(_SWAP)), "point": (body,)}.get(
        mark, (body.translate(_SWAP),)
    )
    found = next((text for text in readings if _POINT_STYLE.fullmatch(text)), None)
    return found.replace(",", "") if found is not None else None
