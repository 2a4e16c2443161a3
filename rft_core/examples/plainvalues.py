"""Values of Parquet and YAML made into what JSON can hold."""

import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from rft_core.errors import InputError


def plain_value(value: Any) -> Any:
    """Return texts, numbers, lists and objects as they are, dates as ISO texts, NaN as None.

    Raises InputError for what has no plain form, such as pictures.
    """
    if isinstance(value, dict):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_value(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        midnight = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return _text(value)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise InputError(
            "The file holds pictures or other data that is not text.",
            "Leave those columns out when you save it.",
        ) from None
