"""Answers that stand in the case itself, where the model could copy instead of learn."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rft_core.checks.wording import plain_text
from rft_core.examples.quality.finding import (
    Finding,
    are_labels,
    called,
    cases,
    field_names,
    finding,
    named,
)
from rft_core.examples.similar import prompt_text
from rft_core.records import AnswerPart, Example

VISIBLE_WORDS = 3
"""An answer of so few words may stand in the case without giving anything away."""
VISIBLE_CHARS = 4
"""Expected values shorter than this may stand anywhere by chance."""
QUOTED = 0.5
"""Share of the cases from which a value that stands in them is taken to be quoted from them."""


def visible_references(examples: Sequence[Example]) -> Iterable[Finding]:
    """Name examples whose whole reference stands in the prompt."""
    visible = []
    for example in examples:
        answer = plain_text(example.reference or "")
        if len(answer.split()) > VISIBLE_WORDS and answer in plain_text(prompt_text(example)):
            visible.append(example)
    if visible:
        yield finding(
            "warn",
            "answer_in_prompt",
            visible,
            f"The whole expert answer is visible in {cases(len(visible))}.",
            "Take the answer out of the case, unless copying it is the task.",
        )


def visible_values(
    examples: Sequence[Example], required: Mapping[str, str], form: Sequence[AnswerPart] = ()
) -> Iterable[Finding]:
    """Name examples whose expected value stands in the prompt, though those of most do not.

    A value that is in most cases is meant to be quoted. A label may be a word of any case; it is
    found only as it would stand in an answer or a table ("decision: block"). Where a rubric reads
    fields (`required`), only those are looked at.
    """
    texts = [plain_text(prompt_text(example)) for example in examples]
    for name in required or field_names(examples):
        having = [
            (example, text, example.fields[name])
            for example, text in zip(examples, texts, strict=True)
            if example.fields.get(name) not in (None, "")
        ]
        if _are_choices([value for _, _, value in having]):
            forms = _labelled(name)
            visible = [e for e, text, value in having if _is_labelled(text, forms, value)]
        else:
            long = [(e, text, value) for e, text, value in having if _is_long(value)]
            visible = [e for e, text, value in long if _stands_in(text, value)]
            if len(visible) >= QUOTED * len(long):
                continue
        if visible:
            yield finding(
                "warn",
                "value_in_prompt",
                visible,
                f"The expected {called(name, form)} can be read in {cases(len(visible))}: "
                f"{named(e.id for e in visible)}.",
                "Take it out of the case, or the model is tested on copying.",
            )


def _are_choices(values: Sequence[Any]) -> bool:
    """Tell whether values are labels, or lists of labels."""
    items = [i for v in values for i in (v if isinstance(v, (list, tuple)) else [v])]
    return are_labels(items)


def _labelled(name: str) -> list[str]:
    """Return what stands before a label where its field is named."""
    names = {plain_text(name), plain_text(name.replace("_", " "))}
    return [f"{n}{sign}" for n in names for sign in (": ", "=", " = ", ":")]


def _is_labelled(text: str, forms: Sequence[str], value: Any) -> bool:
    if not isinstance(value, str):
        return False
    wanted = plain_text(value)
    return any(form in text and _holds(text, form + wanted) for form in forms)


def _is_long(value: Any) -> bool:
    items = value if isinstance(value, (list, tuple)) else [value]
    return bool(items) and all(
        isinstance(i, (str, int, float)) and len(plain_text(str(i))) >= VISIBLE_CHARS for i in items
    )


def _stands_in(text: str, value: Any) -> bool:
    items = value if isinstance(value, (list, tuple)) else [value]
    return all(_holds(text, plain_text(str(item))) for item in items)


def _holds(text: str, words: str) -> bool:
    """Tell whether a text holds these words, not as a part of longer ones."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        if not text[max(0, start - 1) : start].isalnum() and not text[end : end + 1].isalnum():
            return True
        start = text.find(words, start + 1)
    return False
