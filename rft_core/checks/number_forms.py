"""Numbers that are written in other ways than in plain digits with a decimal point or comma.

2½ · 1/2 · 5×10^3 · minus 5 · ٣٫٥ · １，２５０

All of them become plain digits here; dates and times, which are no numbers, are taken out.
"""

import re
import unicodedata

_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_OTHER_MARK = re.compile(r"(?<=\d)[٫٬．，](?=\d)")
_SPACE = " \u00a0\u2009\u202f"
_VULGAR = re.compile(rf"(?<!\d)(?P<whole>\d{{0,12}})[{_SPACE}]?(?P<part>[¼-¾⅐-⅞])")
_FRACTION = re.compile(
    r"(?<![\w/.,])(?:(?P<whole>\d{1,3}) )?(?P<top>\d)[/⁄](?P<bottom>\d)(?![\w/⁄]|[.,]\d)"
)
"""Of one digit over one: "7/10" may be a mark, "120/80" a blood pressure, "24/7" means always."""
_POWER = re.compile(
    rf"(?:(?<=\d)[{_SPACE}]?(?:[×x*·⋅]|\\times)[{_SPACE}]?|(?<![\w.,^]))10"
    r"(?:(?:\^|\*\*)[{(]?(?P<power>[-−–+]?\d{1,3})[)}]?|(?P<raised>[⁺⁻]?[⁰¹²³⁴-⁹]{1,3}))(?!\w)"
)
_LOWERED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹−–", "+-0123456789--")
_MINUS_WORD = re.compile(r"(?<![\w-])(?<!\d )(?i:minus|negative) (?=(?:[$€£¥₹]|[A-Z]{3})? ?\.?\d)")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE_OR_TIME = re.compile(
    r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}:\d{2}(?::\d{2})?"
    rf"|{_DAY}(?: of)? {_MONTH},? \d{{4}}|{_MONTH} {_DAY},? \d{{4}})\b",
    re.IGNORECASE,
)


def in_plain_digits(text: str, decimal: str) -> str:
    """Return the text with numbers in plain digits; `decimal` is the mark before decimals."""
    text = _OTHER_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), text)
    marks = {"．": ".", "，": ",", "٫": decimal, "٬": "," if decimal == "." else "."}
    text = _OTHER_MARK.sub(lambda match: marks[match[0]], text)

    def written(match: re.Match[str], part: float) -> str:
        # Set apart from a bracket, in which a number alone would be negative: "12 (1/2)".
        apart = " " if match.string[match.start() - 1 : match.start()] == "(" else ""
        return apart + f"{int(match['whole'] or 0) + part:.15g}".replace(".", decimal)

    def vulgar(match: re.Match[str]) -> str:
        return written(match, unicodedata.numeric(match["part"]))

    def fraction(match: re.Match[str]) -> str:
        top, bottom = int(match["top"]), int(match["bottom"])
        return written(match, top / bottom) if top < bottom else match[0]

    text = _FRACTION.sub(fraction, _VULGAR.sub(vulgar, text))
    return _MINUS_WORD.sub("-", _POWER.sub(_exponent, text))


def without_dates(text: str) -> str:
    """Return the text without whole dates and times of day."""
    return _DATE_OR_TIME.sub(" ; ", text)


def _exponent(match: re.Match[str]) -> str:
    power = (match["power"] or match["raised"]).translate(_LOWERED)
    return f"e{power}" if match[0][0] != "1" else f"1e{power}"
