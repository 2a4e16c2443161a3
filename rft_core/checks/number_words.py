"""Numbers written in words (English), as digits: "twenty-five thousand" becomes "25000".

Read by the library text2num, in short runs of number words: on long texts it takes quadratic time.
"""

import re
from collections.abc import Callable

from text_to_num import alpha2digit, text2num

_SMALL = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_LARGE = "hundred|thousand|million|billion|trillion"
LONGEST = 15
"""Words of a number."""
_NUMBER = (
    rf"(?<![\w-])(?:(?P<half>half an? )(?=(?:{_LARGE})\b)|(?P<minus>(?:minus|negative) )?"
    rf"(?P<words>(?:a(?= (?:{_LARGE})\b)|(?:{_SMALL})\b)"
    rf"(?:(?:[ -]| and )(?:{_SMALL}|{_LARGE}|point)\b){{0,{LONGEST}}})(?P<more> and a half\b)?)"
)
_ANYWHERE = re.compile(_NUMBER, re.IGNORECASE)
_RESTATED = re.compile(
    _NUMBER + r"(?P<unit>(?:(?:(?<= )| )[^\W\d_]{1,20}){0,3} ?)\((?P<again>[^()\n]{1,30})\)",
    re.IGNORECASE,
)
_A = re.compile("^a ", re.IGNORECASE)


def words_as_digits(text: str) -> str:
    """Return the text with numbers in words as digits.

    A lone "one" stays a word, since it is seldom a number ("the one that"), unless it is all there
    is. "half a million" becomes "0.5 million".
    """
    if text.strip(" .").lower() == "one":
        return "1"
    return _ANYWHERE.sub(_digits, text)


def restated_as_digits(text: str, read: Callable[[str], list[float]]) -> str:
    """Return the text with those numbers in words as digits that brackets repeat in digits.

    "twelve (12)", "thirty days (30)", "five million dollars ($5,000,000)". `read` returns the
    numbers of a text with digits.
    """

    def twice(match: re.Match[str]) -> str:
        digits, unit, again = _digits(match), match["unit"], match["again"]
        said = read(digits + unit), read(digits)
        return f"{digits}{unit}({again})" if read(again) in said else match[0]

    return _RESTATED.sub(twice, text) if "(" in text else text


def _digits(match: re.Match[str]) -> str:
    if match["half"]:
        return "0.5 "
    words, more = match["words"], match["more"]
    if words.lower() == "one" and not more and match.re is _ANYWHERE:
        return match[0]
    words = _A.sub("one ", words)
    # Of several words the library leaves those that make no number, such as an "and".
    is_one_word = words.isalpha()
    try:
        digits = str(text2num(words, "en")) if is_one_word else alpha2digit(words, "en")
    except ValueError:  # a letter that only looks like one of a number word, as in "ſix"
        return match[0]
    return ("-" if match["minus"] else "") + digits + (".5" if more else "")
