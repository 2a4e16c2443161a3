"""A project with another answer form, and all that follows from it, in one step."""

from collections.abc import Sequence

from rft_core.examples.answer_form import check_form, rewritten
from rft_core.examples.columns import plain_heading
from rft_core.examples.folder import ProjectFiles
from rft_core.examples.form_layout import with_layout
from rft_core.records import AnswerPart, Example, Project, Rubric
from rft_core.rubric.from_form import (
    follow_form,
    follow_form_in_cases,
    is_of_form,
    rubric_of_form,
)


def with_form(
    project: Project,
    examples: Sequence[Example],
    rubric: Rubric,
    parts: Sequence[AnswerPart],
) -> ProjectFiles:
    """Return the project with this form: instruction, answers, rubric and own criteria follow.

    Answers are written anew where the new form holds them; cases without one are answered where
    their expected values make one. Raises InputError for a form that cannot be answered in.
    """
    check_form(parts)
    old = project.answer
    parts = named_as_values(parts, old, examples)
    followed = follow_form_in_cases(rewritten(examples, old, parts), old, parts)
    reasons = parts[0].kind == "reasoning"
    changed = project.with_changes(
        answer=parts,
        instruction=with_layout(project.instruction, old, parts, project.case_noun),
        answer_style="reason_then_answer" if reasons
        else "direct" if old else project.answer_style,
    )  # fmt: skip
    if not rubric.criteria or is_of_form(rubric.criteria, old, examples):
        name = rubric.name if rubric.criteria else f"{project.name} rubric"
        rubric = rubric.with_changes(name=name, criteria=rubric_of_form(parts, followed))
    else:
        rubric = follow_form(rubric, old, parts)
    return ProjectFiles(project=changed, examples=followed, rubric=rubric)


def named_as_values(
    parts: Sequence[AnswerPart], old: Sequence[AnswerPart], examples: Sequence[Example]
) -> tuple[AnswerPart, ...]:
    """Return the parts, new ones with the name of the expected value that is called as they are.

    Only what cases without an answer have is looked at.
    """
    settled = {part.field for part in old}
    taken = {part.field for part in parts}
    names = dict.fromkeys(n for e in examples if not e.reference for n in e.fields)
    known = {plain_heading(name): name for name in names}
    named = []
    for part in parts:
        if part.field not in settled and part.field not in names:
            found = (known.get(plain_heading(name)) for name in (part.label, part.field))
            own = next((name for name in found if name and name not in taken), part.field)
            taken.add(own)
            part = part.model_copy(update={"field": own})
        named.append(part)
    return tuple(named)
