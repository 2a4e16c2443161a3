"""Examples from a file that an expert already has: a table, JSON, or another tool's export.

A file is read whole, without side effects. What concerns the whole file is raised as InputError;
a row that cannot be used is left out and reported, and the rest is taken.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from pydantic import Field

from rft_core.checks.wording import plain_text
from rft_core.errors import InputError
from rft_core.examples.columns import require_unique, resolve_columns
from rft_core.examples.decoding import decode_text, encoding_remark, file_kind
from rft_core.examples.delimited import read_delimited
from rft_core.examples.foreign import recognise, rewrite
from rft_core.examples.jsonfiles import read_json
from rft_core.examples.names import CASE, new_names
from rft_core.examples.parquetfiles import read_parquet
from rft_core.examples.rows import UNNAMED, cell_example, object_example, own_example
from rft_core.examples.sheets import Problem, Row, Sheet, is_own
from rft_core.examples.similar import prompt_text
from rft_core.examples.splitting import kinds_of
from rft_core.examples.workbooks import read_workbook
from rft_core.records import Example, Record

__all__ = [
    "ImportResult",
    "Problem",
    "open_sheet",
    "read_examples",
    "repeated_rows",
    "take_examples",
]

TABLE = "A plain table"
OWN = "RFT Studio"
CHAT = "OpenAI RFT"

Numbered = tuple[int, Example]


class ImportResult(Record):
    """What a file gave."""

    examples: tuple[Example, ...]
    problems: tuple[Problem, ...] = ()
    """Rows left out or taken with a change, and remarks on the whole file (row None)."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Role of every column: id, prompt, reference, tags, split, cluster, source, "field: NAME",
    "ignore", or "kept" for a key that this program wrote and does not know."""
    format: str = TABLE
    """What the file was recognised as, in words that pages show."""
    unnamed: tuple[str, ...] = ()
    """Ids that were given here, as the file had none."""
    kinds: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """By id: the labels in an example's row, whatever its columns are taken for."""
    rows: dict[str, int] = Field(default_factory=dict)
    """By id: the row of an example, numbered as those of `problems`."""
    rows_read: int = 0
    """Rows that are not blank, the headings not counted."""


def read_examples(
    filename: str,
    data: bytes,
    existing_ids: Collection[str] = (),
    mapping: Mapping[str, str] | None = None,
    plain: bool = False,
    noun: str = CASE,
) -> ImportResult:
    """Read examples from a file's bytes; ids in `existing_ids` are not given again.

    `mapping` gives columns their roles where the headings do not (see `ImportResult.columns`;
    "field" stands for a field of the column's own name). `plain` reads the columns as they are,
    even where the file looks like one of another tool (`rft_core.examples.foreign`). Rows without
    an id are named after `noun`.

    Raises InputError where nothing of the file can be used: its kind, size, encoding or syntax,
    its headings, too many rows or none at all.
    """
    return take_examples(*open_sheet(filename, data, plain), existing_ids, mapping, noun)


def take_examples(
    sheet: Sheet,
    told: str,
    existing_ids: Collection[str] = (),
    mapping: Mapping[str, str] | None = None,
    noun: str = CASE,
) -> ImportResult:
    """Make examples of what `open_sheet` or `read_pasted` returned; see `read_examples`.

    Raises InputError where the columns cannot be used as they are mapped.
    """
    roles = _roles(sheet, told, mapping)
    problems = list(sheet.problems)
    taken = _without_repeats(_convert(sheet, roles, problems), problems)
    named = tuple(_with_ids(taken, existing_ids, noun, problems))
    problems.sort(key=lambda problem: problem.row or 0)
    rows = {None, *(number for number, _ in taken)}
    numbers = {e.id: number for e, (number, _) in zip(named, taken, strict=True)}
    return ImportResult(
        examples=named,
        problems=tuple(p.with_changes(left_out=p.row not in rows) for p in problems),
        columns=roles | _own_columns(sheet),
        unnamed=tuple(
            new.id for (_, old), new in zip(taken, named, strict=True) if old.id == UNNAMED
        ),
        kinds=_kinds(sheet, numbers),
        rows=numbers,
        rows_read=sheet.rows_read,
        format=told,
    )


def repeated_rows(examples: Sequence[Example], rows: Mapping[str, int]) -> list[Problem]:
    """Report the examples of a file with the text of an earlier one, which may not be meant.

    `rows` are their rows by id (see `ImportResult.rows`).
    """
    first: dict[str, Example] = {}
    told = []
    for example in examples:
        other = first.setdefault(plain_text(prompt_text(example)), example)
        if other is example:
            continue
        same = (example.reference, example.fields) == (other.reference, other.fields)
        message = f"The case has the text of row {rows[other.id]}, with "
        message += f"{'the same' if same else 'another'} answer"
        if {example.split, other.split} == {"train", "heldout"}:
            message += ": one is for training, the other for the test"
        problem = Problem(row=rows[example.id], message=f"{message}.", fix="Delete one of the two.")
        told.append(problem)
    return told


def open_sheet(
    filename: str, data: bytes, plain: bool = False, head: int | None = None
) -> tuple[Sheet, str]:
    """Return a file's rows, another tool's rewritten, and the name of what it was recognised as.

    `head` is the row of a table that has the headings, if known (see `titles.begin_sheet`).
    Raises InputError for a file that cannot be read, or that holds no rows.
    """
    sheet = _sheet(filename, data, head)
    if not sheet.rows_read:
        raise InputError(
            f'"{filename}" has headings but no cases.'
            if sheet.columns
            else f'"{filename}" is empty.',
            "Choose a file with at least one case.",
        )
    known = None if plain else recognise(sheet)
    if known is not None:
        require_unique(sheet.columns)
        return rewrite(sheet, known), known.name
    if any(not sheet.is_text and is_own(row.values) for row in sheet.rows):
        return sheet, OWN
    return sheet, CHAT if not sheet.is_text and "messages" in sheet.columns else TABLE


def _sheet(filename: str, data: bytes, head: int | None) -> Sheet:
    kind = file_kind(filename, data)
    if kind == "xlsx":
        return read_workbook(data, head)
    if kind == "parquet":
        return read_parquet(data)
    text = decode_text(data)
    sheet = _text_sheet(filename, kind, text, head)
    remark = encoding_remark(data, text)
    if remark is not None:
        sheet.problems.insert(0, remark)
    return sheet


def _text_sheet(filename: str, kind: str, text: str, head: int | None) -> Sheet:
    if kind in ("json", "jsonl"):
        return read_json(text, lines=kind == "jsonl")
    if kind == "yaml":
        from rft_core.examples.yamlfiles import read_yaml  # PyYAML would slow every start

        return read_yaml(text)
    if text.lstrip().startswith(('{"', '[{"')):
        raise InputError(
            f'"{filename}" holds JSON, not a table.', "Rename it to end in .json or .jsonl."
        )
    return read_delimited(text, head)


def _roles(sheet: Sheet, told: str, mapping: Mapping[str, str] | None) -> dict[str, str]:
    none_needed = not sheet.is_text and not sheet.columns and (bool(sheet.rows) or told != TABLE)
    return {} if none_needed else resolve_columns(sheet.columns, mapping)


def _kinds(sheet: Sheet, numbers: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Return the labels of rows, by id; rows that this program wrote are left out."""
    values = {row.number: row.values for row in sheet.rows}
    rows = {example_id: values[number] for example_id, number in numbers.items()}
    if not sheet.is_text:
        rows = {example_id: row for example_id, row in rows.items() if not is_own(row)}
    return dict(zip(rows, kinds_of(list(rows.values())), strict=True))


def _own_columns(sheet: Sheet) -> dict[str, str]:
    if sheet.is_text:
        return {}
    keys = dict.fromkeys(key for row in sheet.rows if is_own(row.values) for key in row.values)
    return {key: key if key in Example.model_fields else "kept" for key in keys}


def _convert(sheet: Sheet, roles: Mapping[str, str], problems: list[Problem]) -> Iterator[Numbered]:
    for row in sheet.rows:
        try:
            yield row.number, _example(row, sheet.is_text, roles)
        except InputError as error:
            problems.append(Problem(row=row.number, message=error.message, fix=error.fix))


def _example(row: Row, is_text: bool, roles: Mapping[str, str]) -> Example:
    if is_text:
        return cell_example(row.values, roles)
    return own_example(row.values) if is_own(row.values) else object_example(row.values, roles)


def _without_repeats(found: Iterator[Numbered], problems: list[Problem]) -> list[Numbered]:
    first_row: dict[str, int] = {}
    taken = []
    for number, example in found:
        if example.id != UNNAMED and example.id in first_row:
            message = f'The id "{example.id}" is already in row {first_row[example.id]}.'
            fix = "Give each case an id of its own, or leave the ids out."
            problems.append(Problem(row=number, message=message, fix=fix))
        else:
            first_row[example.id] = number
            taken.append((number, example))
    return taken


def _with_ids(
    taken: list[Numbered], existing_ids: Collection[str], noun: str, problems: list[Problem]
) -> Iterator[Example]:
    """Name the unnamed, and rename whose id the project already has."""
    existing = set(existing_ids)
    used = existing | {example.id for _, example in taken}
    names = new_names(noun, used)
    for number, example in taken:
        if example.id == UNNAMED:
            new = next(names)
        elif example.id in existing:
            new = next(i for n in range(2, len(used) + 3) if (i := f"{example.id}-{n}") not in used)
            message = f'The id "{example.id}" is already in use; the case became "{new}".'
            fix = "Delete one of the two if they are the same case."
            problems.append(Problem(row=number, message=message, fix=fix))
        else:
            yield example
            continue
        used.add(new)
        yield example.model_copy(update={"id": new})
