"""Which column of a file is which part of a case."""

import re
from collections.abc import Collection, Iterable, Mapping

from rft_core.errors import InputError
from rft_core.examples.cells import read_name, write_name

ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id",),
    "prompt": ("prompt", "case", "question", "input", "text", "messages"),
    "reference": (
        "reference",
        "expertanswer",
        "answer",
        "ideal",
        "output",
        "referenceanswer",
    ),
    "tags": ("tags",),
    "split": ("split", "usedfor"),
    "cluster": ("cluster", "group", "document"),
    "source": ("source",),
    "note": ("note",),
}
"""Headings by role, without spaces, underscores and capitals; the first one found wins."""

ROLE_NAMES = {
    "prompt": "the case",
    "reference": "the expert answer",
    "tags": "the tags",
    "split": "training or test",
    "cluster": "the group",
    "id": "the name of the case",
    "source": "the source",
    "note": "the note",
}
MAX_COLUMNS = 200

FIELD = "field: "
IGNORE = "ignore"

_NUMBERS_A_ROW = {"id", "ids", "no", "nr", "num", "number", "ref", "uuid"}
"""Last words of headings over what tells one row from another: "Matter no"."""
_NUMBERS = {"#", "№", "n°", "index", "row", "matter"}
"""Whole headings over the same."""
_SAYS_WHENCE = {
    "author", "client", "date", "date added", "date created", "date received", "file", "file name",
    "filename", "link", "name", "page", "timestamp", "url",
}  # fmt: skip
"""Whole headings over what says where a row comes from."""
_OF_ROWS = {
    "added", "document", "entered", "entry", "export", "file", "filed", "filing", "imported",
    "letter", "mail", "message", "note", "of", "published", "received", "report",
    "reported", "review", "reviewed", "the",
}  # fmt: skip
"""Words beside "date" over when a row or its text was written: "Report date", not "Expiry date"."""

_FIELD_PREFIX = re.compile(r"fields?\s*[:.]\s*", re.IGNORECASE)
_ROLE_BY_ALIAS = {alias: role for role, aliases in ALIASES.items() for alias in aliases}


def plain_heading(heading: str) -> str:
    """Return a heading without spaces, underscores, hyphens and capitals."""
    return re.sub(r"[\s_\-\ufeff]+", "", heading).casefold()


def known_roles(columns: Iterable[str]) -> set[str]:
    """Return the roles that the headings name."""
    headings = map(plain_heading, columns)
    return {_ROLE_BY_ALIAS[heading] for heading in headings if heading in _ROLE_BY_ALIAS}


def field_heading(name: str) -> str:
    """Return the heading under which an expected field is exported."""
    return f"{FIELD}{write_name(name)}"


def field_name(column: str) -> str:
    """Return the name of the expected field that a column holds: its heading without prefix."""
    match = _FIELD_PREFIX.match(column)
    name = read_name(column[match.end() :]) if match else None
    return column if name is None else name


def resolve_columns(columns: Iterable[str], mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Give every column a role: one of `ALIASES`, "field: NAME" or "ignore".

    `mapping` gives some columns theirs; the role "field" stands for a field of the column's own
    name. Raises InputError for headings that occur twice, an unknown column or role in `mapping`,
    a role given to two columns, too many columns, and where no column is the prompt.
    """
    resolved = guess_columns(columns, mapping)
    _require_one_each(resolved)
    if "prompt" not in resolved.values():
        raise _no_prompt(list(resolved))
    return resolved


def guess_columns(
    columns: Iterable[str], mapping: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Give every column a role as `resolve_columns` does, whether or not they fit together.

    Raises InputError for headings that occur twice, for an unknown column or role in `mapping`
    and for too many columns.
    """
    named = [column for column in columns if column]
    if len(named) > MAX_COLUMNS:
        raise InputError(
            f"The file has {len(named):,} columns; the limit is {MAX_COLUMNS}.",
            "Keep the columns that matter.",
        )
    require_unique(named)
    roles = _mapped(named, mapping or {})
    taken = set(roles.values())
    by_heading = {plain_heading(c): c for c in named if c not in roles}
    for role, aliases in ALIASES.items():
        found = next((by_heading[alias] for alias in aliases if alias in by_heading), None)
        if found is not None and role not in taken:
            roles[found] = role
    return {column: roles.get(column, f"{FIELD}{field_name(column)}") for column in named}


def is_row_number(column: str) -> bool:
    """Tell whether a heading is one over what numbers or names rows: "No.", "#", "Matter no"."""
    words = _words(column)
    if _FIELD_PREFIX.match(column) or "yes" in words:
        return False
    return column.strip().casefold() in _NUMBERS or bool({*words[-1:]} & _NUMBERS_A_ROW)


def is_identifier(column: str) -> bool:
    """Tell whether a heading is one over names, numbers or dates of rows, not over answers."""
    if _FIELD_PREFIX.match(column):
        return False
    words = _words(column)
    dated = "date" in words and set(words) - {"date"} <= _OF_ROWS
    return is_row_number(column) or " ".join(words) in _SAYS_WHENCE or dated


def set_aside(
    roles: Mapping[str, str], fields: Collection[str], unique: Collection[str] = ()
) -> dict[str, str]:
    """Return the roles of a table's columns without identifiers among the expected values.

    The first that numbers rows and is among the `unique` columns names the cases, and the first
    that says where they come from is the note, as far as no column is; others are left out. Those
    stay that are named as one of the `fields`, which the project uses.
    """
    used = set(map(plain_heading, fields))
    changed = dict(roles)
    for column, role in roles.items():
        own = f"{FIELD}{field_name(column)}"
        if role == own and is_identifier(column) and plain_heading(column) not in used:
            wanted = "id" if is_row_number(column) else "note"
            free = wanted not in changed.values() and (wanted == "note" or column in unique)
            changed[column] = wanted if free else IGNORE
    return changed


def _words(heading: str) -> list[str]:
    return re.findall(r"[^\W_]+", heading.casefold())


def _mapped(columns: list[str], mapping: Mapping[str, str]) -> dict[str, str]:
    for column, role in mapping.items():
        if column not in columns:
            raise InputError(
                f'There is no column "{column}" in the file.', f"It has: {_listed(columns)}."
            )
        if role not in (*ALIASES, "field", IGNORE) and not role.startswith(FIELD):
            raise InputError(
                f'The column "{column}" cannot be used as "{role}".',
                f"Choose one of: {', '.join(ALIASES)}, field, ignore.",
            )
    own = {column: f"{FIELD}{field_name(column)}" for column in columns}
    return {column: own[column] if role == "field" else role for column, role in mapping.items()}


def require_unique(columns: Iterable[str]) -> None:
    """Raise InputError where two columns have the same heading."""
    seen: dict[str, str] = {}
    for column in filter(None, columns):
        plain = plain_heading(column)
        key = f"role {plain}" if plain in _ROLE_BY_ALIAS else f"field {field_name(column)}"
        if key in seen:
            both = f'"{column}"' if seen[key] == column else f'"{seen[key]}" and "{column}"'
            raise InputError(f"Two columns have the same heading: {both}.", "Rename one of them.")
        seen[key] = column


def _require_one_each(resolved: dict[str, str]) -> None:
    used = [role for role in resolved.values() if role != IGNORE]
    twice = next((role for role in used if used.count(role) > 1), None)
    if twice is not None:
        both = [column for column, role in resolved.items() if role == twice]
        what = ROLE_NAMES.get(twice) or f'the expected value "{twice.removeprefix(FIELD)}"'
        raise InputError(
            f"The columns {_listed(both)} are all set to be {what}.",
            "Keep one of them as that; make the others expected values, or leave them out.",
        )


def _no_prompt(columns: list[str]) -> InputError:
    return InputError(
        f"No column holds the cases. The headings found are: {_listed(columns) or 'none'}.",
        'Give the column with the case the heading "prompt" ("case", "question", "input" or "text" '
        "do too).",
    )


def _listed(columns: list[str]) -> str:
    shown = [f'"{column[:40]}"' for column in columns[:12]]
    return ", ".join(shown) + (", …" if len(columns) > 12 else "")
