"""Answers that are not as the answer form says, or say another choice than is expected."""

import re
from collections.abc import Iterable, Sequence

from rft_core.examples.answer_form import read_answer
from rft_core.examples.quality.finding import Finding, called, cases, finding, label
from rft_core.examples.typed_answer import other_layout
from rft_core.records import AnswerPart, Example


def not_laid_out(examples: Sequence[Example], form: Sequence[AnswerPart]) -> Iterable[Finding]:
    """Name the examples with an answer in another layout, with the reason of the first."""
    wrong = [e for e in examples if form and read_answer(form, e.reference) is None]
    if not wrong:
        return
    first = wrong[0]
    reason = other_layout(form, first.reference or "")
    answers = "1 answer is" if len(wrong) == 1 else f"{len(wrong)} answers are"
    where = first.id if len(wrong) == 1 else f"first {first.id}"
    yield finding(
        "warn",
        "not_laid_out",
        wrong,
        f"{answers} not laid out as the answer form says ({where}): {reason}",
        f"Answer {'that case' if len(wrong) == 1 else 'those cases'} in the form, or change the "
        "form under “Answer form”.",
    )


def other_choice(examples: Sequence[Example], form: Sequence[AnswerPart]) -> Iterable[Finding]:
    """Name, for each choice, the examples whose answer says another one than is expected."""
    for part in (part for part in form if part.kind == "choice"):
        differing = [
            (example, said, str(expected))
            for example in examples
            if (said := _said(example, part, form))
            and (expected := example.fields.get(part.field)) not in (None, "", [])
            and label(said) != label(expected)
        ]
        if not differing:
            continue
        name = called(part.field, form)
        pairs = [f"the answer says “{s}”, its {name} is “{e}”" for _, s, e in differing]
        yield finding(
            "warn",
            "other_choice",
            (example for example, _, _ in differing),
            f"In {cases(len(differing))} the answer says another {name} than is expected: "
            f"{'; '.join(list(dict.fromkeys(pairs))[:2])}.",
            "Save the answer that is right with the inputs of the form.",
        )


def _said(example: Example, part: AnswerPart, form: Sequence[AnswerPart]) -> str:
    """Return the choice of an answer, in another layout that of the one line with its label."""
    read = read_answer(form, example.reference)
    if read is not None:
        return str(read.get(part.field, ""))
    lines = re.findall(rf"(?im)^\s*{re.escape(part.label)}\s*:(.*)$", example.reference or "")
    return str(lines[0]).strip(' \t.*"“”') if len(lines) == 1 else ""
