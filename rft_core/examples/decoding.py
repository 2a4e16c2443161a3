"""From an uploaded file to its text: size, kind and encoding, checked before anything is read."""

import codecs
import itertools
import re
from collections.abc import Iterator
from pathlib import PurePath

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.sheets import Problem

KINDS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".xlsx": "xlsx",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".parquet": "parquet",
}

_SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "an Excel, Word or zip file"),
    (b"PK\x05\x06", "an empty zip file"),
    (b"\xd0\xcf\x11\xe0", "an older Office file, or one protected by a password"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a rich-text document"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WORD = re.compile(r"[^\s,;|:\"{}\[\]]+")
_WORDS_SHOWN = 3
_WORD_CHARS = 15
"""Characters of a word that are shown on each side of its first special one."""
_ENCODING_FIX = "Save it again with the encoding UTF-8 (in Excel: CSV UTF-8)."


def file_kind(filename: str, data: bytes) -> str:
    """Return csv, tsv, xlsx, json, jsonl, yaml or parquet.

    Raises InputError for an unknown extension, an empty or too large file, and for content of
    another kind than the extension says.
    """
    kind = KINDS.get(PurePath(filename).suffix.lower())
    if kind is None:
        raise InputError(
            f'"{filename}" is not a kind of file that can be read here.',
            "Use CSV, TSV, Excel (.xlsx), JSON, JSONL, YAML or Parquet.",
        )
    _require_size(filename, data)
    _require_content(filename, kind, data)
    return kind


def decode_text(data: bytes) -> str:
    """Decode text: by its byte-order mark, else as UTF-8, else as Windows-1252.

    Raises InputError where none of them fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], encoding)
    if b"\0" in data:
        raise InputError("The file is not plain text.", _ENCODING_FIX)
    return _decode(data, "utf-8" if _is_utf8(data) else "cp1252")


def encoding_remark(data: bytes, text: str) -> Problem | None:
    """Say that the encoding was guessed, with words by which to judge it; None where it is told."""
    if any(data.startswith(mark) for mark, _ in _MARKS) or _is_utf8(data):
        return None
    words = itertools.islice(dict.fromkeys(_special_words(text)), _WORDS_SHOWN)
    return Problem(
        row=None,
        message="The file is not saved as UTF-8 and does not say how it is; it was read as Western "
        f"European (Windows-1252), for example: {', '.join(words)}.",
        fix="If these words look wrong, save the file again as UTF-8 (in Excel: CSV UTF-8) and "
        "import that one.",
    )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _special_words(text: str) -> Iterator[str]:
    """Yield the words that hold other characters than ASCII's, cut around the first of these."""
    for match in _WORD.finditer(text):
        word = match[0]
        if not word.isascii():
            at = next(n for n, character in enumerate(word) if not character.isascii())
            yield word[max(0, at - _WORD_CHARS) : at + _WORD_CHARS]


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"The text of the file cannot be read: line {line} holds a character in an "
            "unknown encoding.",
            _ENCODING_FIX,
        ) from None


def _require_size(filename: str, data: bytes) -> None:
    limit = settings.MAX_UPLOAD_MB
    if len(data) > limit * 2**20:
        raise InputError(
            f'"{filename}" has {len(data) / 2**20:.1f} MB; the limit is {limit} MB.',
            "Split it into smaller files.",
        )
    if not data.strip(b' \t\r\n\0,;|"' + codecs.BOM_UTF8 + codecs.BOM_UTF16_LE):
        raise InputError(f'"{filename}" is empty.', "Choose a file with at least one case.")


def _require_content(filename: str, kind: str, data: bytes) -> None:
    found = next((name for sign, name in _SIGNATURES if data.startswith(sign)), None)
    if kind == "xlsx":
        if not data.startswith(b"PK\x03\x04"):
            raise InputError(
                f'"{filename}" is not an Excel workbook: it is {found or "something else"}.',
                "Open it in Excel and save it as .xlsx, without a password.",
            )
    elif kind == "parquet":
        if not data.startswith(b"PAR1"):
            raise InputError(
                f'"{filename}" is not a Parquet file: it is {found or "something else"}.',
                "Give the file the ending of its kind, or save the table as CSV.",
            )
    elif found:
        raise InputError(
            f'"{filename}" is {found}, whatever its name says.',
            "Save the table itself as CSV or .xlsx.",
        )
    elif data[:200].lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower().startswith((b"<!doc", b"<html")):
        raise InputError(f'"{filename}" is a web page.', "Save the table itself as CSV or .xlsx.")
