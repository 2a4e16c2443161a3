"""Parquet files as rows, nested values as they are in JSON."""

import io
from collections.abc import Iterator
from typing import Any

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.plainvalues import plain_value
from rft_core.examples.sheets import Sheet, object_sheet

MAX_UNPACKED_MB = 100
_ROWS_AT_ONCE = 16


def read_parquet(data: bytes) -> Sheet:
    """Read a table; rows are numbered from 1.

    Raises InputError for a damaged file, too many rows, and for one that would unpack to more
    than `MAX_UNPACKED_MB`.
    """
    import pyarrow as pa

    try:
        return object_sheet(enumerate(_rows(data), start=1))
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        raise InputError(
            "The Parquet file is damaged and cannot be read.",
            "Write it again, or save the table as CSV.",
        ) from None


def _rows(data: bytes) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    limit = MAX_UNPACKED_MB * 2**20
    with pq.ParquetFile(io.BytesIO(data), thrift_string_size_limit=len(data)) as file:
        _require_names(file.schema_arrow.names)
        about = file.metadata
        if about.num_rows > settings.MAX_EXAMPLES:
            raise InputError(
                f"The file has {about.num_rows:,} rows; the limit is {settings.MAX_EXAMPLES:,}.",
                "Split it, or keep the cases that matter most: a few dozen are enough.",
            )
        claimed = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
        unpacked = claimed if claimed > limit else 0
        for part in () if unpacked else file.iter_batches(batch_size=_ROWS_AT_ONCE):
            unpacked += part.nbytes
            if unpacked > limit:
                break
            yield from (plain_value(row) for row in part.to_pylist())
        if unpacked > limit:
            raise InputError(
                f"The Parquet file would unpack to more than {MAX_UNPACKED_MB} MB.",
                "Keep the columns and rows that matter.",
            )


def _require_names(names: list[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f'Two columns have the heading "{twice}".', "Rename one of them.")
