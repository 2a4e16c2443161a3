"""Reading text as a person does: words without regard to case, quoted passages, named lines.

Everything here takes any text and runs in linear time.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, zip_longest

from rft_core.checks.quoted import spans
from rft_core.settings import MAX_TEXT_CHARS

_ONE_BY_ONE = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Scripts written without spaces (Thai, Lao, Japanese, Chinese): each letter is its own word."""
_TOKEN = re.compile(rf"[{_ONE_BY_ONE}]|[^\W_{_ONE_BY_ONE}]+|[^\w\s]|_")
_WORD = re.compile(rf"[{_ONE_BY_ONE}]|[^\W{_ONE_BY_ONE}]+(?:['’.,-]\w+)*")
_MANY = 100
_MANY_MARKS = re.compile(rf"([^\w\s\x00-\x7f]{{{_MANY},}})")
_STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "…": "...", "\u2010": "-", "\u2011": "-"}
)
_NAMED_LINE = re.compile(r"^[ \t>*_#-]*[^\W\d_][^\W_]*(?: [^\W_]+){0,5}[ \t*_]*[:：]", re.MULTILINE)
_MARKED = re.compile(r"[\"“„«]([^\"“”„«»]*)[\"“”»]")
SHOWN_CHARS = 60
SHORT_CHARS = 1_000
"""Up to so many, thousands of texts are kept in plain form: checks ask for them again and again."""


def clean(text: str) -> str:
    """Return the first `MAX_TEXT_CHARS` characters, half characters (surrogates) replaced."""
    text = text[:MAX_TEXT_CHARS]
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def plain_text(text: str) -> str:
    """Return a text without capitals and with single spaces."""
    return _short_plain(text) if len(text) <= SHORT_CHARS else _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


_short_plain = lru_cache(maxsize=16_384)(_plain)


def forget_texts() -> None:
    """Forget the texts that are kept in another form, for a project that is erased."""
    _short_plain.cache_clear()
    without_passages.cache_clear()


def tokens(text: str, fold: bool = True) -> str:
    """Return words and marks set apart by single spaces, with a space at either end.

    `tokens(a) in tokens(b)` then says whether b holds a at word boundaries, whatever the
    spacing: " safe account " is in " a safe account . ". Folded, letter case does not count.
    """
    if not text.isascii():
        text = _composed(text).translate(_STRAIGHT)
    found = _TOKEN.findall(text.casefold() if fold else text)
    return f" {' '.join(found)} " if found else " "


def holds(text: str, phrase: str, fold: bool = True) -> bool:
    """Return whether `text` holds `phrase` as whole words; a phrase without any is never held."""
    return tokens_hold(tokens(text, fold), phrase, fold)


def tokens_hold(found: str, phrase: str, fold: bool = True) -> bool:
    """Return the same of a text of which `found` are the tokens: of many phrases, in less time."""
    wanted = tokens(phrase, fold)
    return wanted != " " and wanted in found


def count_words(text: str) -> int:
    """Count words as a person would: "don't", "1,250" and "follow-up" are one each."""
    return len(_WORD.findall(text))


def passages(text: str) -> list[str]:
    """Return what stands in quotation marks (straight, curly, low or angle), the outer ones."""
    return [span.of(text) for span in spans(text) if span.is_closed]


@lru_cache(maxsize=64)
def without_passages(text: str) -> str:
    """Return the text less its quoted passages; an unclosed one ends with its line."""
    kept, at = [], 0
    for span in spans(text):
        kept.append(text[at : span.start])
        at = span.end
    return " ; ".join([*kept, text[at:]])


def has_word(text: str) -> bool:
    """Return whether a text holds a letter or a digit."""
    return any(map(str.isalnum, text))


def line_rest(text: str, name: str) -> str | None:
    """Return what follows "name:" on the lines that start so, or None if nothing does."""
    rests = [rest for rest in _line_pattern(name).findall(text) if rest.strip()]
    return "\n".join(rests) if rests else None


def line_part(text: str, name: str) -> str | None:
    """Return what follows each "name:" up to the next line with a name; None if nothing does."""
    lines = list(_line_pattern(name).finditer(text))
    parts = []
    for found, until in zip_longest(lines, [line.start() for line in lines[1:]]):
        end = len(text) if until is None else until
        after = _NAMED_LINE.search(text, found.end(), end)
        parts.append(text[found.start(1) : after.start() if after else end].strip())
    return "\n".join(filter(None, parts)) or None


def with_line_part(text: str, name: str, part: str) -> str | None:
    """Return the text with another part after its first "name:"; None if no line starts so."""
    found = _line_pattern(name).search(text)
    if found is None:
        return None
    after = _NAMED_LINE.search(text, found.end())
    before = text[: found.start(1)]
    space = "" if before.endswith((" ", "\t")) else " "
    return f"{before}{space}{part}" + (f"\n{text[after.start() :]}" if after else "")


def first_words(text: str, count: int) -> str:
    """Return a text up to the end of so many words."""
    ends = [found.end() for found in islice(_WORD.finditer(text), count)]
    return text[: ends[-1]] if ends else ""


def inner_marks(text: str) -> str:
    """Return a text that is to stand in quotation marks, its own ones single: ‘refund’."""
    return _MARKED.sub(r"‘\1’", text).replace('"', "’")


def shown(text: str) -> str:
    """Return the text on one line, in quotation marks, cut to 60 characters."""
    flat = inner_marks(" ".join(text[: 4 * SHOWN_CHARS].split()))
    return f'"{flat}"' if len(flat) <= SHOWN_CHARS else f'"{flat[: SHOWN_CHARS - 1]}…"'


def listing(items: Sequence[str], last: str = "and") -> str:
    """Return "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


@lru_cache(maxsize=256)
def _line_pattern(name: str) -> re.Pattern[str]:
    if not has_word(name):  # what stands around a name would be read in quadratic time
        return re.compile(r"(?!)")
    words = r"[ \t]+".join(map(re.escape, name.rstrip(" :").split()))
    marks = r"[ \t*_]*"
    return re.compile(rf"^[ \t>*_#-]*{words}{marks}[:：]{marks}(.*)$", re.IGNORECASE | re.MULTILINE)


def _composed(text: str) -> str:
    """Return a text whose letters are one character each with their marks (NFC).

    Where many marks follow each other, short pieces of them are composed on their own: putting
    them in order takes quadratic time.
    """
    pieces = []
    for piece in _MANY_MARKS.split(text):
        step = _MANY if _MANY_MARKS.match(piece) else max(1, len(piece))
        pieces += [piece[at : at + step] for at in range(0, len(piece), step)]
    return "".join(unicodedata.normalize("NFC", piece) for piece in pieces)
