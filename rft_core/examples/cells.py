"""What a spreadsheet cell holds, read and written so that a round trip changes nothing.

One rule serves all columns: a text is written plainly if it reads back as itself, else as a JSON
string in quotation marks. Expected fields may hold other things than text. A cell that is a JSON
list or object is read as one, and so is a number, true, false or null written exactly as JSON
writes it: 12.5 is a number, while 12.50, 007 and 1,250 stay text.

Cells that a spreadsheet would take for a formula get an apostrophe in front, which is taken off
again on the way in.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from rft_core.errors import InputError
from rft_core.examples.jsontext import dump_json, load_json
from rft_core.examples.messages import looks_like_messages, to_messages
from rft_core.records import Message

Prompt = str | tuple[Message, ...]

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_EDGES = "".join(filter(str.isspace, map(chr, range(0x10000)))) + "\ufeff\u200b"
_TAG_SEPARATOR = re.compile("[,;]")


def guard_formula(cell: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def guard_apostrophe(cell: str) -> str:
    """Guard only what `unguard` would change: for formats whose cells have a text type."""
    return f"'{cell}" if _GUARDED.match(cell) else cell


def unguard(cell: str) -> str:
    """Take the guarding apostrophe off."""
    return cell[1:] if _GUARDED.match(cell) else cell


def clean(text: str) -> str:
    """Strip spaces, line ends, byte-order marks and zero-width spaces from both ends."""
    return text.strip(_EDGES)


def read_short(cell: str) -> str | None:
    """Read an id, cluster or source: the text without surrounding spaces, None where blank."""
    value = _read(cell, lambda text: clean(text) or None)
    return value if value is None else str(value)


def write_short(text: str | None) -> str:
    return "" if text is None else _write(text, read_short)


def read_long(cell: str) -> str | None:
    """Read an answer: the text exactly as it is, None where blank."""
    value = _read(cell, lambda text: text if clean(text) else None)
    return value if value is None else str(value)


def write_long(text: str | None) -> str:
    return "" if text is None else _write(text, read_long)


def read_prompt(cell: str) -> Prompt | None:
    """Read a prompt: messages where the cell is a JSON list of turns, else the text as it is."""
    prompt: Prompt | None = _read(cell, _plain_prompt)
    return prompt


def write_prompt(prompt: Prompt) -> str:
    if isinstance(prompt, str):
        return _write(prompt, read_prompt)
    return dump_json([message.model_dump() for message in prompt])


def read_field(cell: str) -> Any:
    """Read an expected value (see the module's rule). The cell is not blank."""
    return _read(cell, _plain_field)


def write_field(value: Any) -> str:
    return _write(value, read_field) if isinstance(value, str) else dump_json(value)


def read_tags(cell: str) -> tuple[str, ...]:
    """Read tags: a JSON list of texts, else the parts between commas or semicolons."""
    listed = _json_or_none(cell) if cell.lstrip().startswith("[") else None
    if isinstance(listed, list) and all(isinstance(tag, str) for tag in listed):
        return tuple(listed)
    return tuple(tag for part in _TAG_SEPARATOR.split(cell) if (tag := clean(part)))


def write_tags(tags: tuple[str, ...]) -> str:
    joined = "; ".join(tags)
    return joined if read_tags(joined) == tags else dump_json(list(tags))


def read_name(text: str) -> str | None:
    """Read the name of a field from its header, None where blank."""
    return read_short(text)


write_name = write_short


def _read(cell: str, plain: Callable[[str], Any]) -> Any:
    """Read with `plain`, after taking off quotation marks that `_write` had to put on."""
    inner = _quoted_text(cell)
    if inner is not None and _read(inner, plain) != inner:
        return inner
    return plain(cell)


def _write(text: str, read: Callable[[str], Any]) -> str:
    return text if read(text) == text else json.dumps(text, ensure_ascii=False)


def _quoted_text(cell: str) -> str | None:
    if not cell.startswith('"') or not cell.endswith('"'):
        return None
    value = _json_or_none(cell)
    return value if isinstance(value, str) else None


def _plain_prompt(cell: str) -> Prompt | None:
    turns = _json_or_none(cell) if cell.lstrip().startswith("[") else None
    if looks_like_messages(turns):
        try:
            return to_messages(turns)
        except InputError:
            return cell
    return cell if clean(cell) else None


def _plain_field(cell: str) -> Any:
    text = clean(cell)
    value = _json_or_none(text)
    if isinstance(value, (list, dict)):
        return value
    if text and not isinstance(value, str) and _is_canonical(text, value):
        return value
    return text or None


def _is_canonical(text: str, value: Any) -> bool:
    return json.dumps(value) == text


def _json_or_none(text: str) -> Any:
    try:
        return load_json(text)
    except ValueError:
        return None
