"""Examples as files: CSV and Excel for people, JSONL for everything.

A table holds id, prompt, reference, expected fields, tags, split, cluster and source; reading it
again gives the same examples. Criteria of single examples and unknown keys are kept by JSONL only.
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
from rft_core.examples.columns import field_heading
from rft_core.examples.jsontext import example_line
from rft_core.examples.workbooks import is_exact_number, write_workbook
from rft_core.records import Example

_BEFORE = ("id", "prompt", "reference")
_AFTER = ("tags", "split", "cluster", "source")


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
    names = _field_names(examples)
    rows = [[_excel_value(cell) for cell in _cells(example, names, True)] for example in examples]
    return write_workbook([_headings(names), *rows])


def to_jsonl(examples: Sequence[Example]) -> bytes:
    """Write one example a line, with everything it holds (UTF-8)."""
    return "".join(f"{example_line(example)}\n" for example in examples).encode()


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
    ]


def _field_cell(fields: dict[str, Any], name: str, numbers: bool) -> Any:
    if name not in fields:
        return ""
    value = fields[name]
    return value if numbers and is_exact_number(value) else write_field(value)


def _excel_value(cell: Any) -> Any:
    return guard_apostrophe(cell) if isinstance(cell, str) else cell
