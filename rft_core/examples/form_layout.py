"""What the model is told about the layout of its answers, from the answer form."""

import re
from collections.abc import Sequence

from rft_core.checks.wording import listing
from rft_core.examples.answer_form import ANSWER, choices
from rft_core.records import AnswerPart

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_HEADING = re.compile(r"(?:Answer in \w+ lines?:|Give your reasons first\. Then write .*:)\s*\Z")


def layout(parts: Sequence[AnswerPart], noun: str) -> str:
    """Return what the model is told about the layout of its answers."""
    return "\n".join([_heading(parts), *_lines(parts, noun).values()]) if _has_lines(parts) else ""


def with_layout(
    instruction: str, old: Sequence[AnswerPart], new: Sequence[AnswerPart], noun: str
) -> str:
    """Return an instruction with the layout of the new form in place of that of the old one.

    Lines of parts that stay as they are keep the expert's wording. Without a layout so far it is
    put behind what there is.
    """
    told = instruction.strip().split("\n")
    form = old or new
    labels = [part.label for part in form if part.kind != "reasoning"] if _has_lines(form) else []
    start = _place(told, labels)
    if start is None:
        return f"{instruction.strip()}\n{layout(new, noun)}".strip()
    lines = _lines(new, noun) if _has_lines(new) else {}
    kept = {part.label for part in new if not old or part in old}
    there = dict(zip(labels, told[start : start + len(labels)], strict=True))
    lines |= {label: there[label] for label in lines if label in kept and label in there}
    before = _HEADING.sub("", "\n".join(told[:start]))
    is_new = before == "\n".join(told[:start])
    heading = "" if not lines or is_new else _heading(new)
    joint = "" if not before or before.endswith(("\n", " ")) else "\n"
    block = "\n".join(filter(None, [heading, *lines.values()]))
    return "\n".join([f"{before}{joint}{block}", *told[start + len(labels) :]]).strip()


def _place(told: Sequence[str], labels: Sequence[str]) -> int | None:
    """Return the line of an instruction from which on a line for each label follows."""
    for start in range(len(told) - len(labels) + 1):
        if all(told[start + i].startswith(f"{label}:") for i, label in enumerate(labels)):
            return start if labels else None
    return None


def _has_lines(parts: Sequence[AnswerPart]) -> bool:
    return bool(parts) and [part.kind for part in parts] != ["free_text"]


def _lines(parts: Sequence[AnswerPart], noun: str) -> dict[str, str]:
    return {
        part.label: f"{part.label}: {_told(part, noun)}"
        for part in parts
        if part.kind != "reasoning"
    }


def _heading(parts: Sequence[AnswerPart]) -> str:
    if parts[0].kind == "reasoning":
        return f'Give your reasons first. Then write "{ANSWER}" and below it:'
    count = _NUMBERS[len(parts)] if len(parts) < len(_NUMBERS) else str(len(parts))
    return f"Answer in {count} line{'s' if len(parts) > 1 else ''}:"


def _told(part: AnswerPart, noun: str) -> str:
    match part.kind:
        case "choice":
            return listing(choices(part), "or")
        case "quote":
            return f'"the deciding words copied from the {noun}"'
        case "ranked":
            count = _NUMBERS[part.top] if part.top < len(_NUMBERS) else str(part.top)
            most = f"the likeliest {count} of {listing(part.options, 'or')}, likeliest first"
            return ", or ".join([most, *part.alone])
        case "number":
            return ", or ".join(["a number", *part.alone])
        case "text":
            return ", or ".join(["a few words", *part.alone])
        case _:
            return "in your own words"
