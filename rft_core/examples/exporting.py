"""Examples as files: CSV and Excel for people, JSONL for everything, OpenAI's form for others.

A table holds id, prompt, reference, expected fields, tags, split, cluster, source and note; reading
it again gives the same examples. Criteria of single examples and unknown keys are kept by JSONL
only. OpenAI's form holds what a table holds, but no expected value of null and no blank tag.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any

from rft_core.examples.cells import (
    guard_apostrophe,
    guard_formula,
    write_field,
    write_long,
    write_prompt,
    write_short,
    write_tags,
)
from rft_core.examples.columns import field_heading, field_name, known_roles
from rft_core.examples.jsontext import dump_json, example_line
from rft_core.examples.messages import asked_turns
from rft_core.examples.workbooks import MAX_CELL_CHARS, check_cells, is_exact_number, write_workbook
from rft_core.records import Example

_BEFORE = ("id", "prompt", "reference")
_AFTER = ("tags", "split", "cluster", "source", "note")
_SURELY_SHORT = MAX_CELL_CHARS // 8
"""Characters of an example that fit a cell of Excel however they are written: one becomes up to
seven."""


def to_csv(examples: Sequence[Example]) -> bytes:
    """Write a CSV file that Excel opens: UTF-8 with a byte-order mark, formulas made harmless.

    Raises InputError for a value that JSON cannot hold.
    """
    names = _field_names(examples)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(_headings(names))
    for example in examples:
        writer.writerow([guard_formula(str(cell)) for cell in _cells(example, names)])
    return buffer.getvalue().encode("utf-8-sig")


def to_xlsx(examples: Sequence[Example]) -> bytes:
    """Write an Excel workbook with one sheet; text stays text, never a formula.

    Raises InputError for a text longer than 32,767 characters, Excel's limit for a cell.
    """
    return write_workbook(_excel_rows(examples))


def check_xlsx(examples: Sequence[Example]) -> None:
    """Raise InputError where `to_xlsx` would, in a fraction of its time."""
    check_cells(_excel_rows([e for e in examples if len(repr(e)) > _SURELY_SHORT]))


def check_openai(examples: Sequence[Example]) -> None:
    """Raise InputError where `to_openai` would."""
    for example in examples:
        asked_turns(example)


def to_jsonl(examples: Sequence[Example]) -> bytes:
    """Write one example a line, with everything it holds (UTF-8)."""
    return "".join(f"{example_line(example)}\n" for example in examples).encode()


def to_openai(examples: Sequence[Example]) -> bytes:
    """Write the JSONL that OpenAI's reinforcement fine-tuning took (UTF-8).

    A line holds `messages` that end with the user's turn, `reference_answer`, every expected value
    under its own name, and id, tags, split, cluster, source and note where they are set. A name
    that would be read as one of these gets "field: " in front. Raises InputError for a
    conversation that does not end with the user's turn.
    """
    return "".join(f"{dump_json(_openai_row(example))}\n" for example in examples).encode()


def _openai_row(example: Example) -> dict[str, Any]:
    turns = [turn.model_dump() for turn in asked_turns(example)]
    fields = {_openai_name(name): value for name, value in example.fields.items()}
    own = {
        "reference_answer": example.reference,
        "id": example.id,
        "tags": list(example.tags) or None,
        "split": example.split,
        "cluster": example.cluster,
        "source": example.source,
        "note": example.note,
    }
    return {"messages": turns} | {k: v for k, v in (own | fields).items() if v is not None}


def _openai_name(name: str) -> str:
    is_plain = name and field_name(name) == name and not known_roles([name])
    return name if is_plain else field_heading(name)


def _field_names(examples: Sequence[Example]) -> list[str]:
    """List the names of all expected fields, in the order in which they first occur."""
    return list(dict.fromkeys(name for example in examples for name in example.fields))


def _headings(names: list[str]) -> list[str]:
    return [*_BEFORE, *map(field_heading, names), *_AFTER]


def _cells(example: Example, names: list[str], numbers: bool = False) -> list[Any]:
    fields = [_field_cell(example.fields, name, numbers) for name in names]
    return [
        write_short(example.id),
        write_prompt(example.prompt),
        write_long(example.reference),
        *fields,
        write_tags(example.tags),
        example.split or "",
        write_short(example.cluster),
        write_short(example.source),
        write_short(example.note),
    ]


def _field_cell(fields: dict[str, Any], name: str, numbers: bool) -> Any:
    if name not in fields:
        return ""
    value = fields[name]
    return value if numbers and is_exact_number(value) else write_field(value)


def _excel_rows(examples: Sequence[Example]) -> list[list[Any]]:
    names = _field_names(examples)
    rows = [[_excel_value(cell) for cell in _cells(example, names, True)] for example in examples]
    return [_headings(names), *rows]


def _excel_value(cell: Any) -> Any:
    return guard_apostrophe(cell) if isinstance(cell, str) else cell
