"""Office files are zip files of XML: what is checked before anything in them is unpacked."""

import zipfile
from collections.abc import Sequence

from rft_core.errors import InputError

MAX_UNPACKED_MB = 100
MAX_RATIO = 200
"""How many times larger than packed a part may be; ordinary sheets reach about 20."""
_SMALL_BYTES = 2**20


def require_sizes(parts: Sequence[zipfile.ZipInfo], noun: str) -> None:
    """Raise InputError for a file ("workbook", "document") that would unpack to far too much."""
    total = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > _SMALL_BYTES and part.file_size > MAX_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if total > MAX_UNPACKED_MB * 2**20 or swollen:
        raise InputError(
            f"The {noun} would unpack to {total / 2**20:.0f} MB, far more than its size.",
            f"Copy what matters into a new {noun}.",
        )


def require_plain_xml(archive: zipfile.ZipFile, noun: str) -> None:
    """Raise InputError for a document type declaration, which Office programs never write."""
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as source:
                start = source.read(_SMALL_BYTES).replace(b"\0", b"")  # UTF-16 too
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                raise InputError(
                    f"The {noun} holds a declaration that Office programs never write.",
                    "Open it in its program, and save it again.",
                )
