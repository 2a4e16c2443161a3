"""Conversations as other tools write them, turned into messages."""

from typing import Any, cast

from rft_core.errors import InputError
from rft_core.records import Example, Message

_ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}


def looks_like_messages(value: Any) -> bool:
    """Tell whether `value` is a list of `{role, content}` objects."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(turn, dict) and {"role", "content"} <= turn.keys() for turn in value)
    )


def to_messages(value: Any) -> tuple[Message, ...]:
    """Convert `[{role, content}, …]`; "developer" becomes "system", text parts are joined.

    Raises InputError for a role or a content that a case cannot have (tool calls, pictures).
    """
    if not looks_like_messages(value):
        raise InputError(
            "The conversation is not a list of turns.",
            'Write it as [{"role": "user", "content": "…"}].',
        )
    return tuple(_message(cast(dict[str, Any], turn)) for turn in value)


def split_answer(turns: tuple[Message, ...]) -> tuple[tuple[Message, ...], str | None]:
    """Take a closing assistant turn off: it is the expert's answer (chat fine-tuning files)."""
    if len(turns) > 1 and turns[-1].role == "assistant":
        return turns[:-1], turns[-1].content
    return turns, None


def lone_question(turns: tuple[Message, ...]) -> str | tuple[Message, ...]:
    """Return the text of a conversation that is one question and nothing else."""
    if len(turns) == 1 and turns[0].role == "user" and not turns[0].model_extra:
        return turns[0].content
    return turns


def _message(turn: dict[str, Any]) -> Message:
    role = _ROLES.get(str(turn["role"]))
    if role is None:
        raise InputError(
            f'The conversation has a turn of "{turn["role"]}".',
            "Keep the turns of system, user and assistant.",
        )
    return Message.model_validate({**turn, "role": role, "content": _content(turn["content"])})


def _content(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    texts = [part.get("text") if isinstance(part, dict) else None for part in parts]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise InputError(
            "The conversation has a turn without plain text.",
            "Keep turns of text only; pictures and tool calls cannot be used.",
        )
    return "\n".join(cast(list[str], texts))


def asked_turns(example: Example) -> tuple[Message, ...]:
    """Return the turns of a case, which for other tools must end with what is asked.

    Raises InputError where the last turn is not the user's.
    """
    if isinstance(example.prompt, str):
        return (Message(role="user", content=example.prompt),)
    if example.prompt[-1].role != "user":
        raise InputError(
            f'The case "{example.id[:60]}" does not end with a turn of the user.',
            "Export as JSONL instead, which holds any conversation.",
        )
    return example.prompt
