"""What a project itself calls the columns of a table, and whether a row holds headings at all.

Beside the headings that are known everywhere (`rft_core.examples.columns`), a project brings its
own: its noun for a case, such as clause, and the parts of its answers, such as decision.
"""

import re
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from rft_core.examples.answer_form import choices
from rft_core.examples.cells import clean
from rft_core.examples.columns import FIELD, known_roles
from rft_core.records import Project

MOST_CHARS = 60
"""Of a heading."""
MOST_WORDS = 4
"""Of a heading that names a word of the project beside others."""
TEXT_CHARS = 25
"""From here a value is taken for a text rather than a word."""
LONGER = 3
"""How many times longer than its heading the texts of a column are."""

_FILLERS = {
    "a", "an", "the", "my", "our", "your", "expert", "right", "correct", "expected", "full", "text",
    "wording", "of",
}  # fmt: skip
_SENTENCE = re.compile(r"\w{4,}[.!;]$")
"""What ends like one; "no." and "What is it?" may be headings."""
_NUMBER = re.compile(r"[\d\s.,%$€£+\-–/]+")


class Headings(NamedTuple):
    """Whether the first row holds headings."""

    found: bool
    """What is likelier."""
    sure: bool
    """False where the expert should be asked."""


def project_roles(columns: Iterable[str], project: Project | None) -> dict[str, str]:
    """Return the roles of columns that are headed as the project names its case and answer parts.

    "The clause" and "clauses" mean the clause as well. Each role is given once, to the first such
    column, the very word before one near it; headings that are known everywhere keep their meaning.
    """
    if project is None:
        return {}
    columns = list(columns)
    by_word = _roles_by_word(project)
    if "prompt" in known_roles(columns):
        by_word.pop(_core(project.case_noun), None)
    roles: dict[str, str] = {}
    for column in sorted(columns, key=lambda one: one.casefold() not in by_word):
        role = by_word.get(_core(column))
        if role and role not in roles.values() and not known_roles([column]):
            roles[column] = role
    return roles


def find_headings(rows: Sequence[Sequence[str]], project: Project | None = None) -> Headings:
    """Tell whether the first of some rows holds headings, from its words or from how it looks."""
    if not rows:
        return Headings(False, True)
    head = [clean(cell) for cell in rows[0]]
    roles = known_roles(head) | set(project_roles(head, project).values())
    if "prompt" in roles:
        return Headings(True, True)
    below = [[clean(row[n]) for row in rows[1:] if n < len(row)] for n in range(len(head))]
    if any(_is_value(*column, project) for column in zip(head, below, strict=True)):
        return Headings(False, not roles)
    parts = sum(role.startswith(FIELD) for role in roles)
    if parts > 1 or (parts and any(names_case(cell, project) for cell in head)):
        return Headings(True, True)
    near = any(_is_near(cell, project) for cell in head)
    return Headings(bool(roles) or near or any(map(_heads_texts, head, below)), False)


def are_values(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first of some rows has a number, or values alone in half of its cells."""
    head = [clean(cell) for cell in rows[0]]
    filled = [n for n, cell in enumerate(head) if cell]
    if any(_NUMBER.fullmatch(head[n]) for n in filled):
        return True
    below = {n: [clean(row[n]) for row in rows[1:] if n < len(row)] for n in filled}
    return 2 * sum(_is_value(head[n], below[n], None) for n in filled) >= len(filled)


def names_case(heading: str, project: Project | None) -> bool:
    """Tell whether a heading ends with the project's noun: "Patient message" for a message."""
    noun = core_words(project.case_noun) if project is not None else []
    return bool(noun) and core_words(heading)[-len(noun) :] == noun


def _roles_by_word(project: Project) -> dict[str, str]:
    parts = {
        _core(name): f"{FIELD}{part.field}"
        for part in reversed(project.answer)
        for name in (part.field, part.label)
    }
    found = {_core(project.case_noun): "prompt"} | parts
    return {word: role for word, role in found.items() if word}


def _is_value(cell: str, below: Sequence[str], project: Project | None) -> bool:
    """Tell whether a cell of the first row can only be a value."""
    chosen = {c.casefold() for part in (project.answer if project else ()) for c in choices(part)}
    return bool(
        len(cell) > MOST_CHARS
        or (cell and _NUMBER.fullmatch(cell))
        or _SENTENCE.search(cell)
        or (cell and cell in below)
        or cell.casefold() in chosen
    )


def _is_near(cell: str, project: Project | None) -> bool:
    """Tell whether a word of the project is among the few words of a cell."""
    words = _words(cell)
    known = _roles_by_word(project) if project else {}
    return len(words) <= MOST_WORDS and any(word in known for word in words)


def _heads_texts(cell: str, below: Sequence[str]) -> bool:
    if not cell or not below:
        return False
    usual = median(map(len, below))
    return usual >= TEXT_CHARS and usual >= LONGER * len(cell)


def core_words(heading: str) -> list[str]:
    """Return a heading's words, small and in the singular, without those that say nothing."""
    return [word for word in _words(heading) if word not in _FILLERS]


def _core(heading: str) -> str:
    return " ".join(core_words(heading))


def _words(text: str) -> list[str]:
    return [_singular(word) for word in re.findall(r"\w+", text.replace("_", " ").casefold())]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "su" else word
