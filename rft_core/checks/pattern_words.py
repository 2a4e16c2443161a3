"""A pattern in plain words, where it is plain enough: '"Section ", then one or more digits'."""

import re
from typing import NamedTuple

from rft_core.checks.wording import listing

MOST_CHARS = 240
"""Longer words would help nobody."""
MOST_CHOICES = 8
_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|[*+?]\??|\{\d{1,4}(?:,\d{0,4})?\}\??|[\s\S]", re.DOTALL
)
_RANGE = re.compile(r"\\?(.)-\\?(.)|\\?(.)", re.DOTALL)
_QUANTIFIER = re.compile(r"([*+?]|\{(\d+)(,?)(\d*)\})\??")
_BREAKS = {r"\n": "a line break", "\n": "a line break", r"\t": "a tab", "\t": "a tab"}


_NAMED_LINE = re.compile(
    r"""((?:[\w ]|\\.)+):\ (?: "?(?:\.|\[\\s\\S\]|\[\^(?:\\.|[^\]\\])*\])\+"?
    | \((?:\?:)?([^()\[\]*+?.{}]+)\) )""",
    re.VERBOSE,
)


class _Unit(NamedTuple):
    """What one place of a pattern stands for."""

    one: str
    many: str = ""
    """In the plural; empty where repeating it cannot be said plainly."""
    is_text: bool = False
    """Whether `one` is the very text."""


_ANYTHING = _Unit("any character", "characters")
_SPACE = _Unit("a space", "spaces")
_DIGIT = _Unit("a digit", "digits")
_LETTER_OR_DIGIT = _Unit("a letter or digit", "letters or digits")
_ESCAPES = {r"\d": _DIGIT, r"\w": _LETTER_OR_DIGIT, r"\s": _SPACE}
_SETS = {
    "09": _DIGIT,
    "AZ": _Unit("a capital letter", "capital letters"),
    "az": _Unit("a small letter", "small letters"),
    "AZaz": _Unit("a letter", "letters"),
    "09AZ": _Unit("a capital letter or digit", "capital letters or digits"),
    "09az": _Unit("a small letter or digit", "small letters or digits"),
    "09AZaz": _LETTER_OR_DIGIT,
}
_ALL_SETS = {r"[\s\S]", r"[\S\s]", r"[\d\D]", r"[\w\W]"}


class _NotPlain(Exception):
    """The pattern holds what is better read as a pattern."""


def in_words(pattern: str, whole: bool) -> str:
    """Return what an answer does that matches: 'begins with "Yes", then a space'; "" if not plain.

    `whole` says that nothing else may stand in the answer.
    """
    tokens = _TOKEN.findall(pattern)
    first, last = tokens[:1] in (["^"], [r"\A"]), tokens[-1:] in (["$"], [r"\z"])
    inner = tokens[first : len(tokens) - last]
    words = inner[:1] == inner[-1:] == [r"\b"] and len(inner) > 1
    if words:
        inner = inner[1:-1]
    verbs = {(True, True): "is", (True, False): "begins with", (False, True): "ends with"}
    verb = "is" if whole else verbs.get((first, last), "contains")
    try:
        reader = _Reader(inner)
        alternatives = reader.alternatives()
        if reader.left or ((first or last or words) and len(alternatives) > 1):
            return ""
        said = " or ".join(", then ".join(units) for units in alternatives)
        said += ", as a word" if words else ""
    except _NotPlain:
        return ""
    return f"{verb} {said}" if said and len(said) <= MOST_CHARS else ""


def named_lines(pattern: str) -> list[str]:
    """Return the lines of a layout, such as "Quote: …" and "Decision: a or b"; none for others."""
    lines = [""]
    for token in _TOKEN.findall(pattern):
        if token in (r"\n", "\n"):
            lines.append("")
        else:
            lines[-1] += token
    found = [_NAMED_LINE.fullmatch(line) for line in lines]
    said = [f"{match[1]}: {_listed(match[2])}".replace("\\", "") for match in found if match]
    return said if len(said) == len(found) else []


def _listed(choices: str | None) -> str:
    return listing(choices.split("|"), "or") if choices else "…"


class _Reader:
    """Reads the tokens of a pattern one after another."""

    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens[::-1]

    def alternatives(self) -> list[list[str]]:
        """Return the words for each unit of each alternative, up to a closing bracket."""
        found: list[list[_Unit]] = [[]]
        while self.left and self.left[-1] != ")":
            token = self.left.pop()
            if token == "|":
                found.append([])
                continue
            found[-1].append(self._repeated(self._unit(token)))
        return [_joined(units) for units in found]

    def _unit(self, token: str) -> _Unit:
        if token in ("(", "(?:"):
            return self._group()
        if token == "." or token in _ALL_SETS:
            return _ANYTHING
        if token in _BREAKS:
            return _Unit(_BREAKS[token])
        if token in _ESCAPES:
            return _ESCAPES[token]
        if token.startswith("[") and len(token) > 1:
            return _set(token[1:-1])
        is_class = token[0] == "\\" and token[-1].isalnum()
        if is_class or token in ("^", "$") or _QUANTIFIER.fullmatch(token):
            raise _NotPlain
        return _Unit(token[-1], is_text=True)

    def _group(self) -> _Unit:
        if self.left and self.left[-1].startswith("?"):
            raise _NotPlain
        alternatives = self.alternatives()
        if not self.left or not all(alternatives):
            raise _NotPlain
        self.left.pop()
        return _Unit(listing([" and ".join(units) for units in alternatives], "or"))

    def _repeated(self, unit: _Unit) -> _Unit:
        found = _QUANTIFIER.fullmatch(self.left[-1]) if self.left else None
        if found is None:
            return unit
        self.left.pop()
        if unit.is_text:
            unit = _SPACE if unit.one == " " else _Unit(f'"{unit.one}"')
        if found[1] == "?":
            return _Unit(f"perhaps {unit.one}")
        if unit is _ANYTHING and found[1] in ("*", "+"):
            return _Unit("some text" if found[1] == "+" else "any text or none")
        if not unit.many:
            raise _NotPlain
        return _Unit(f"{_times(found)} {unit.many}")


def _times(quantifier: re.Match[str]) -> str:
    if quantifier[1] in ("*", "+"):
        return "any number of" if quantifier[1] == "*" else "one or more"
    low, comma, high = quantifier.group(2, 3, 4)
    if high and high != low:
        return f"{low} to {high}"
    return f"{low} or more" if comma and not high else low


def _set(inside: str) -> _Unit:
    """Return what a set in square brackets stands for."""
    inside = inside.replace(r"\d", "0-9").replace(r"\w", "0-9A-Za-z")
    if inside.startswith("^") or re.search(r"\\[a-zA-Z]", inside):
        raise _NotPlain
    members = _RANGE.findall(inside)
    ranges = "".join(sorted(low + high for low, high, _ in members if low))
    single = [one for _, _, one in members if one]
    if ranges and not single and ranges in _SETS:
        return _SETS[ranges]
    if ranges or not 0 < len(single) <= MOST_CHOICES:
        raise _NotPlain
    return _Unit(listing([f'"{one}"' for one in single], "or"))


def _joined(units: list[_Unit]) -> list[str]:
    """Return the words of units, letters that follow each other as one text."""
    said: list[str] = []
    text = ""
    for unit in [*units, None]:
        if unit is not None and unit.is_text:
            text += unit.one
            continue
        if text:
            said.append(f'"{text}"')
            text = ""
        if unit is not None:
            said.append(unit.one)
    return said
