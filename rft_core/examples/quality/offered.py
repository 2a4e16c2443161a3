"""Expected values that the answer form does not offer: no answer in the form can give them."""

from collections.abc import Iterable, Sequence

from rft_core.examples.answer_form import choices
from rft_core.examples.quality.finding import Finding, cases, finding, holders, label, named
from rft_core.records import AnswerPart, Example


def not_offered(examples: Sequence[Example], form: Sequence[AnswerPart]) -> Iterable[Finding]:
    """Name the values of each part with choices that are none of them."""
    for part in form:
        offered = set(map(label, choices(part)))
        others = {
            example.id: [value for value in _values(example, part) if label(value) not in offered]
            for example in holders(examples, part.field)
        }
        found = [example for example in examples if others.get(example.id)]
        if offered and found:
            yield finding(
                "warn",
                "not_offered",
                found,
                f'"{part.field}" in {cases(len(found))} is none of the choices of your answer '
                f"form: {named(value for values in others.values() for value in values)}.",
                "Correct it there, or add it to the choices under “Answer form”.",
            )


def _values(example: Example, part: AnswerPart) -> list[str]:
    value = example.fields[part.field]
    return [str(item) for item in (value if isinstance(value, list | tuple) else [value])]
