"""Turn a project and an example into the messages and tokens that a model sees."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rft_core.records import Example, Project

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

ChatMessage = dict[str, str]


def messages(
    project: Project, example: Example, shots: Sequence[Example] = ()
) -> list[ChatMessage]:
    """Return the conversation before the answer: instruction, worked examples, the case."""
    turns: list[ChatMessage] = []
    if project.instruction:
        turns.append({"role": "system", "content": project.instruction})
    for shot in shots:
        turns += case_turns(shot)
        turns.append({"role": "assistant", "content": shot.reference or ""})
    return turns + case_turns(example)


def case_turns(example: Example) -> list[ChatMessage]:
    """Return the example's own turns."""
    if isinstance(example.prompt, str):
        return [{"role": "user", "content": example.prompt}]
    return [{"role": m.role, "content": m.content} for m in example.prompt]


def template_options(project: Project) -> dict[str, Any]:
    """Return the chat template's switches: no hidden thinking where answers are direct.

    Templates that do not know the switch ignore it.
    """
    return {"enable_thinking": False} if project.answer_style == "direct" else {}


def prompt_tokens(
    tokenizer: "PreTrainedTokenizerBase",
    project: Project,
    example: Example,
    shots: Sequence[Example] = (),
) -> list[int]:
    """Return the token ids of the whole prompt, ready for the answer to follow."""
    text: Any = tokenizer.apply_chat_template(
        messages(project, example, shots),
        tokenize=False,
        add_generation_prompt=True,
        **template_options(project),
    )
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids


def answer_tokens(tokenizer: "PreTrainedTokenizerBase", answer: str) -> int:
    """Return the number of tokens of an answer with its end-of-text."""
    return len(tokenizer(answer, add_special_tokens=False)["input_ids"]) + 1
