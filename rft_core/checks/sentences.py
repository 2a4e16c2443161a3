"""Counting sentences as a person would: "Art. 5 No. 2 applies, e.g. to 1.5 t." is one.

A sentence ends at a full stop, question or exclamation mark that no abbreviation and no number
holds, and at the end of a line unless the next one goes on in small letters. Linear time.
"""

import re
from collections.abc import Iterator
from itertools import islice

from rft_core.checks.wording import has_word

_END = re.compile(r"[.!?…]+[\"”’»)\]*_]*(?=\s|$)|[。！？]+[”’」』）]*|\n", re.MULTILINE)
_NEVER = set(
    """
    e.g i.e eg ie cf viz vs v mr mrs ms mx messrs dr prof hon st rev gen sen sr approx ca resp incl
    excl esp dept acc bzw vgl z.b d.h u.a
    """.split()  # noqa: SIM905
)
"""Abbreviations that something always follows."""
_BEFORE_NUMBERS = set(
    """
    no nos nr art arts sec secs sect s ss para paras cl cls reg regs r rr ch chap p pp pg vol fig
    figs tab tabs app sch abs ziff rn ex ed eds al est max min avg temp wk wks
    """.split()  # noqa: SIM905
)
"""Abbreviations where a number follows: "No. 5"; "The answer is no." ends."""
_MAY_END = set(
    """
    etc ltd inc co corp cos bros llc plc publ gmbh jr al est max min avg temp yr yrs mth mths hr hrs
    wk wks mins jan feb mar apr jun jul aug sep sept oct nov dec
    """.split()  # noqa: SIM905
)
"""Abbreviations that may stand last: a sentence ends there if the next begins with a capital. So
does each that has full stops inside, such as "p.a." and "S.A."."""
_WITH_STOPS = re.compile(r"[^\W\d_](?:\.[^\W\d_]{1,2})+")
_OF = re.compile(r"of\b")
_NUMBER = re.compile(r"[§(\[]*(?:\d|[IVXLC]+\b|[a-zA-Z]\))")
_LAST = re.compile(r"[\w.&-]{1,20}\Z")
_LOOK = 24
"""Characters before an end mark among which an abbreviation is looked for."""


def count_sentences(text: str) -> int:
    """Count the sentences of a text; a line without an end mark, such as a heading, is one."""
    return sum(1 for _ in _ends(text))


def first_sentences(text: str, count: int) -> str:
    """Return a text up to the end of so many sentences."""
    ends = list(islice(_ends(text), count))
    return text[: ends[-1]].rstrip() if ends else ""


def _ends(text: str) -> Iterator[int]:
    """Yield where each sentence ends; what holds no word is none."""
    start = 0
    for mark in _END.finditer(text):
        if _goes_on(text, start, mark):
            continue
        if has_word(text[start : mark.end()]):
            yield mark.end()
        start = mark.end()
    if has_word(text[start:]):
        yield len(text)


def _goes_on(text: str, start: int, mark: re.Match[str]) -> bool:
    """Say whether a mark ends no sentence."""
    after = text[mark.end() : mark.end() + _LOOK]
    following = after.lstrip()
    is_small = following[:1].islower()
    if mark[0] == "\n":
        return is_small
    if mark[0].startswith(("..", "…")):
        return is_small
    if is_small and mark[0][-1] in (")]" if mark[0].startswith(".") else '"”’»)]'):
        return True
    if not mark[0].startswith("."):
        return False
    found = _LAST.search(text[max(start, mark.start() - _LOOK) : mark.start()])
    word = found[0] if found else ""
    return _is_abbreviation(word, following, is_small) or _is_list_number(text, start, mark)


def _is_abbreviation(word: str, following: str, is_small: bool) -> bool:
    plain = word.casefold()
    if not following:
        return False
    if plain in _NEVER or (len(word) == 1 and word.isupper() and word != "I"):
        return True
    if plain in _BEFORE_NUMBERS and _NUMBER.match(following):
        return True
    if plain in ("no", "nos"):
        return _OF.match(following) is not None
    is_one = plain in _MAY_END or _WITH_STOPS.fullmatch(plain) is not None
    return is_one and (is_small or (following[0].isdigit() and plain not in _MAY_END))


def _is_list_number(text: str, start: int, mark: re.Match[str]) -> bool:
    """Say whether a full stop is that of a list: "1. The fees"."""
    before = text[max(start, mark.start() - _LOOK) : mark.start()]
    is_first = mark.start() - start <= _LOOK
    return is_first and re.fullmatch(r"\s*(?:\d{1,3}|[a-z])", before) is not None
