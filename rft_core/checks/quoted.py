"""Quoted passages: found in a text, and written so that they are found again.

A passage may itself hold quotation marks: "clause 9 says that "the tenant pays"" is one passage,
the outer one. A straight mark opens another passage inside only where it stands as an opening one
does, after a space and before a word. Where marks are left open, the passage ends with the last
mark of the line, so that nothing that was put in marks is left out.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_OPENING = re.compile('["“„«]')
_ENDS = {'"': '"', "“": "”", "„": "“”", "«": "»"}
_OWN_MARKS = {mark: re.compile(rf"[{mark}{ends}\n]") for mark, ends in _ENDS.items()}
_BEFORE_INNER = re.compile(r"[\s(\[{]")
_INSIDE = re.compile(r"""[\w(\[{"“„«‘'§$€£]""")
_WRITTEN = (('"', '"'), ("“", "”"), ("«", "»"))
"""Marks in which a passage is written, the usual ones first."""


class Span(NamedTuple):
    """Where a passage stands, with its marks."""

    start: int
    end: int
    is_closed: bool
    """Whether it has a closing mark; otherwise it ends with its line."""

    def of(self, text: str) -> str:
        """Return the words between the marks."""
        return text[self.start + 1 : self.end - self.is_closed]


def spans(text: str) -> Iterator[Span]:
    """Yield the outermost passages of a text in order, in linear time."""
    at, unclosed = 0, dict.fromkeys(_ENDS, 0)  # before these places no mark of the kind is closed
    while (opening := _OPENING.search(text, at)) is not None:
        start, mark = opening.start(), opening.group()
        at = start + 1
        if mark == '"' and _is_word(text, start - 1) and not _is_word(text, start + 1):
            continue  # as of 5" pipes
        end = None
        if start >= unclosed[mark]:
            end, unclosed[mark] = _end(text, start)
        if end is not None:
            yield Span(start, end, True)
            at = end
        elif not _is_word(text, start - 1):
            at = _line_end(text, start)
            yield Span(start, at, False)


def _end(text: str, start: int) -> tuple[int | None, int]:
    """Return the place after the mark that closes the passage, and up to where none other does.

    The first is None where nothing closes it.
    """
    mark = text[start]
    depth, last, opened, is_same_line, place = 1, None, start, True, start
    for found in _OWN_MARKS[mark].finditer(text, start + 1):
        place, own = found.start(), found.group()
        if own == "\n":
            if mark == '"' or depth > 1 or last is not None:
                break
            is_same_line = False
        elif _opens_inside(text, place, opened) if mark == '"' else own == mark:
            if not is_same_line:
                break
            depth, opened = depth + 1, place
        else:
            depth, last = depth - 1, place + 1
            if depth == 0:
                break
    else:
        place = len(text)
    return last, place if last is None else last


def _opens_inside(text: str, place: int, opened: int) -> bool:
    after_mark = place == opened + 1
    before = after_mark or _BEFORE_INNER.match(text, place - 1) is not None
    return before and _INSIDE.match(text, place + 1) is not None


def _is_word(text: str, place: int) -> bool:
    return 0 <= place < len(text) and (text[place].isalnum() or text[place] == "_")


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def listed(line: str) -> tuple[str, ...]:
    """Return the passages of a line that holds nothing else, set apart by ", "; else none."""
    found: list[str] = []
    at = 0
    for span in spans(line):
        if line[at : span.start] != (", " if found else "") or not span.is_closed:
            return ()
        found.append(span.of(line))
        at = span.end
    return tuple(found) if at == len(line) else ()


def written(phrase: str) -> str | None:
    """Return a passage in marks in which it is read again; None if it holds too many kinds."""
    for start, end in _WRITTEN:
        text = f"{start}{phrase}{end}"
        if listed(f'{text}, "x", “y”, «z»') == (phrase, "x", "y", "z"):
            return text
    return None


def has_stray_end(line: str) -> bool:
    """Say whether a line ends with a straight mark that closes no passage."""
    text = line.rstrip(" \t.,;:!?")
    end = max((span.end for span in spans(text)), default=0)
    return text.endswith('"') and 0 < end < len(text)


def apart(line: str) -> Sequence[tuple[str, ...]]:
    """Return other ways to read a line of passages: as one from its first mark to its last, or set
    apart at each `", "`; for marks that do not say where each passage ends."""
    marks = [found.start() for found in re.finditer('["“”„«»]', line)]
    if len(marks) < 3:
        return ()
    whole = line[marks[0] + 1 : marks[-1]]
    pieces = tuple(whole.split('", "'))
    return [(whole,), pieces] if len(pieces) > 1 else [(whole,)]
