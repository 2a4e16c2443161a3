"""One row of a file made into one example, or a sentence that says why it cannot be."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.cells import (
    clean,
    read_field,
    read_long,
    read_prompt,
    read_short,
    read_tags,
)
from rft_core.examples.columns import FIELD, IGNORE, plain_heading
from rft_core.examples.jsontext import dump_json
from rft_core.examples.messages import lone_question, split_answer, to_messages
from rft_core.records import Example, Message
from rft_core.refusals import validation_reason

SPLIT_WORDS = {
    "train": "train",
    "training": "train",
    "heldout": "heldout",
    "test": "heldout",
    "testing": "heldout",
    "keptaside": "heldout",
}
UNNAMED = "\0unnamed"
"""The id of an example whose row gives none, until it gets one."""


def cell_example(values: Mapping[str, str], roles: Mapping[str, str]) -> Example:
    """Make an example of a table's row. Raises InputError for a row that cannot be used."""
    draft: dict[str, Any] = {"fields": {}}
    for column, cell in values.items():
        role = roles[column]
        if role.startswith(FIELD):
            draft["fields"][role.removeprefix(FIELD)] = read_field(cell)
        elif role != IGNORE:
            draft[role] = _READERS[role](cell)
            if role == "prompt":
                _take_closing_answer(draft, column)
    return _example(draft)


def object_example(values: Mapping[str, Any], roles: Mapping[str, str]) -> Example:
    """Make an example of a foreign JSON object. Raises InputError for one that cannot be used."""
    draft: dict[str, Any] = {"fields": {}}
    for column, value in values.items():
        role = roles.get(column, IGNORE)
        if value is None or role == IGNORE:
            continue
        if role.startswith(FIELD):
            draft["fields"][role.removeprefix(FIELD)] = value
        elif role == "prompt":
            draft["prompt"] = _object_prompt(value)
            _take_closing_answer(draft, column)
        elif role == "tags":
            draft["tags"] = _object_tags(value)
        else:
            draft[role] = value if isinstance(value, str) else dump_json(value)
    return _example(draft)


def own_example(values: Mapping[str, Any]) -> Example:
    """Make an example of an object this program wrote; unknown keys stay. Raises InputError."""
    draft = dict(values)
    if isinstance(draft.get("id"), (int, float)):
        draft["id"] = str(draft["id"])
    return _example(draft)


def _take_closing_answer(draft: dict[str, Any], column: str) -> None:
    """Make the last turn of a whole conversation the answer, and a lone question a plain text.

    A "prompt" column is left alone.
    """
    prompt = draft["prompt"]
    if isinstance(prompt, tuple) and plain_heading(column) != "prompt":
        draft["prompt"], answer = split_answer(prompt)
        if answer is not None:
            draft.setdefault("reference", answer)
        draft["prompt"] = lone_question(draft["prompt"])


def _object_prompt(value: Any) -> str | tuple[Message, ...]:
    if isinstance(value, (str, int, float)):
        return str(value)
    return to_messages(value)


def _object_tags(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(tag for item in value if (tag := clean(str(item))))
    return read_tags(str(value))


def _example(draft: dict[str, Any]) -> Example:
    draft["id"] = draft.get("id") or UNNAMED
    if draft.get("split") is not None:
        draft["split"] = _split(str(draft["split"]))
    if not draft.get("prompt"):
        raise InputError("The case has no text.", "Fill in the column of the case.")
    try:
        example = Example.model_validate(draft)
    except ValidationError as error:
        raise InputError(
            f"The case cannot be read: {validation_reason(error, draft)}.", "Correct that value."
        ) from None
    _require_text(example)
    return example


def _split(word: str) -> str | None:
    plain = plain_heading(word)
    if plain and plain not in SPLIT_WORDS:
        raise InputError(
            f'"{word[:40]}" does not say whether the case is for training or kept aside.',
            'Write "train" or "heldout", or leave the cell empty.',
        )
    return SPLIT_WORDS.get(plain)


def _require_text(example: Example) -> None:
    turns = [example.prompt] if isinstance(example.prompt, str) else _contents(example.prompt)
    if not any(map(clean, turns)):
        raise InputError("The case has no text.", "Fill in the column of the case.")
    parts = {"The case": sum(map(len, turns)), "The answer": len(example.reference or "")}
    parts |= {f'The value of "{name}"': _size(value) for name, value in example.fields.items()}
    for name, size in parts.items():
        if size > settings.MAX_TEXT_CHARS:
            raise InputError(
                f"{name} has {size:,} characters; the limit is {settings.MAX_TEXT_CHARS:,}.",
                "Keep the passages that matter for the answer.",
            )


def _contents(prompt: tuple[Message, ...]) -> list[str]:
    return [message.content for message in prompt]


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str) else len(dump_json(value))


_READERS = {
    "id": read_short,
    "prompt": read_prompt,
    "reference": read_long,
    "tags": read_tags,
    "split": read_short,
    "cluster": read_short,
    "source": read_short,
    "note": read_short,
}
