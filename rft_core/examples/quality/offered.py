"""Expected values that the answer form does not offer: no answer in the form can give them."""

from collections.abc import Iterable, Sequence

from rft_core.examples.answer_form import choices, standing_quotes
from rft_core.examples.look_alikes import LookAlike
from rft_core.examples.quality.finding import (
    Finding,
    called,
    cases,
    finding,
    holders,
    label,
    named,
    quoted,
)
from rft_core.examples.similar import prompt_text
from rft_core.records import AnswerPart, Example


def not_offered(examples: Sequence[Example], form: Sequence[AnswerPart]) -> Iterable[Finding]:
    """Name the values of each part with choices that are none of them."""
    for part, others in _not_offered(examples, form):
        yield finding(
            "warn",
            "not_offered",
            (example for example in examples if example.id in others),
            f"{called(part.field, form)} in {cases(len(others))} is none of the choices of "
            f"your answer form: {quoted(value for values in others.values() for value in values)}.",
            f"Correct it in {'that case' if len(others) == 1 else 'those cases'}, or add it to the "
            "choices under “Answer form”.",
        )


def look_alike(alike: LookAlike, examples: Sequence[Example]) -> Finding:
    """Name the examples with a value that looks like a slip for another one."""
    having = [example for example in examples if example.id in alike.ids]
    return finding(
        "warn",
        "look_alike",
        having,
        f"“{alike.wrong}” in {named(alike.ids)} looks like “{alike.right}”.",
        f"Call it “{alike.right}” if that was meant.",
    )


def unquotable(examples: Sequence[Example], form: Sequence[AnswerPart]) -> Iterable[Finding]:
    """Name the quotations that do not stand in their case."""
    for part in form:
        if part.kind != "quote":
            continue
        lost = {
            example.id: [
                phrase
                for phrase in _values(example, part)
                if phrase.strip() and not standing_quotes([phrase], prompt_text(example))
            ]
            for example in holders(examples, part.field)
        }
        found = [example for example in examples if lost.get(example.id)]
        if found:
            yield finding(
                "warn",
                "unquotable",
                found,
                f"{called(part.field, form)} does not stand word for word in {cases(len(found))}: "
                f"{quoted(phrase for phrases in lost.values() for phrase in phrases)}.",
                "Mark the words in the case with the mouse, and take out the others.",
            )


def only_offered(examples: Sequence[Example], form: Sequence[AnswerPart]) -> list[Example]:
    """Return the examples without the values that the form does not offer, which are told apart."""
    wrong: dict[str, set[str]] = {}
    for part, found in _not_offered(examples, form):
        for example_id in found:
            wrong.setdefault(example_id, set()).add(part.field)
    return [
        e.with_changes(fields={n: v for n, v in e.fields.items() if n not in wrong[e.id]})
        if e.id in wrong
        else e
        for e in examples
    ]


def _not_offered(
    examples: Sequence[Example], form: Sequence[AnswerPart]
) -> Iterable[tuple[AnswerPart, dict[str, list[str]]]]:
    """Yield the parts with choices, and by example the values that are none of them."""
    for part in form:
        offered = set(map(label, choices(part)))
        others = {
            example.id: values
            for example in holders(examples, part.field)
            if (values := [v for v in _values(example, part) if label(v) not in offered])
        }
        if offered and others:
            yield part, others


def _values(example: Example, part: AnswerPart) -> list[str]:
    value = example.fields[part.field]
    return [str(item) for item in (value if isinstance(value, list | tuple) else [value])]
