"""The words of a rule under which alone it is to hold: "if the decision is Hold"."""

import re
from collections.abc import Iterator

from rft_core.rubric.rules.two_demands import begins_with_verb, tells_what_to_do, without_asides

_CONDITION = re.compile(
    r"\b(?:(?:only|except|but)\s+)?(?:where|when|whenever|if|unless|except|in case|provided"
    r"|although|though)\b"
    r"(?!\s+(?:possible|necessary|needed|applicable|any)\b)[^,;:]*",
    re.I,
)
_JOINED = {"or", "about", "whether"}
"""Before a question that the answer is to settle: "says whether or when it began"."""
_WORD = re.compile(r"[^\W\d_]+")
_BEGINS_CLAUSE = {"the", "its", "it", "then"}
_GOES_ON = set(
    """
    a about an and are as at be before below between but by for from has have if in into is not of
    on or over than that to under was were where with without must should will would may can could
    """.split()  # noqa: SIM905
)
"""Words after which a clause is not at its end."""
_SHORTEST = 3
"""Words of a condition: "if it rejects"."""


def conditions(rule: str) -> Iterator[tuple[int, int]]:
    """Yield where each condition of a rule begins and ends.

    One that a rule begins with ends at a comma, or where the demand begins. What an answer is to
    tell is none: "says when the notice was sent".
    """
    masked = without_asides(rule)
    for found in _CONDITION.finditer(masked):
        before = masked[: found.start()].split()
        is_told = bool(before) and (begins_with_verb(before[-1]) or before[-1] in _JOINED)
        if not is_told or before[-2:] == ["cannot", "tell"]:
            end = found.end() if before else _end_of_first(masked, found.start(), found.end())
            yield found.start(), end


def _end_of_first(text: str, start: int, end: int) -> int:
    """Return where a condition without a comma behind it ends: before the demand, if any."""
    if text[end:].strip(" .!"):
        return end
    words = [*_WORD.finditer(text, start, end)]
    for place in range(_SHORTEST, len(words)):
        word, before = words[place][0].lower(), words[place - 1][0].lower()
        is_open = before in _GOES_ON or begins_with_verb(before)
        if not is_open and (word in _BEGINS_CLAUSE or tells_what_to_do(word)):
            return words[place].start()
    return end


def demanded(rule: str, all_of_it: bool = True) -> str:
    """Return a rule of the same length without its conditions, or without one at its beginning."""
    for start, end in conditions(rule):
        if all_of_it or not rule[:start].strip():
            rule = f"{rule[:start]}{' ' * (end - start)}{rule[end:]}"
    return rule
