"""What an answer lacks to be whole: parts that are empty, values that their part cannot hold."""

from collections.abc import Sequence
from typing import NamedTuple

from rft_core.errors import InputError
from rft_core.examples.answer_form import Value, held_values, is_filled, write_answer
from rft_core.records import AnswerPart, Example


class Gaps(NamedTuple):
    """What keeps an answer from being whole."""

    empty: tuple[AnswerPart, ...] = ()
    """Parts that nothing is filled in for."""
    wrong: tuple[InputError, ...] = ()
    """Why a part cannot hold its value, such as "n/a" for a number."""

    @property
    def are_there(self) -> bool:
        return bool(self.empty or self.wrong)


def gaps(example: Example, form: Sequence[AnswerPart]) -> Gaps:
    """Return what the answer lacks that is read from expected values; nothing for a written one."""
    if example.reference:
        return Gaps()
    values = held_values(form, example) or {}
    held = {field: value for field, value in values.items() if is_filled(value)}
    empty = tuple(part for part in form if part.field not in held)
    reasons = (_refusal(part, held[part.field]) for part in form if part.field in held)
    return Gaps(empty, tuple(filter(None, reasons)))


def _refusal(part: AnswerPart, value: Value) -> InputError | None:
    """Return why a part cannot hold a value; None if it can."""
    try:
        write_answer([part], {part.field: value})
    except InputError as error:
        return error
    return None
