"""A project with another answer form, and all that follows from it, in one step."""

from collections.abc import Sequence

from rft_core.examples.answer_form import check_form, rewritten
from rft_core.examples.columns import plain_heading
from rft_core.examples.folder import ProjectFiles
from rft_core.examples.form_layout import with_layout
from rft_core.records import AnswerPart, Example, Project, Rubric
from rft_core.rubric.form_changes import (
    Renamed,
    criteria_called,
    examples_called,
    form_called,
    parts_gone,
    without_criteria_about,
    without_values,
)
from rft_core.rubric.from_form import (
    follow_form,
    follow_form_in_cases,
    is_of_form,
    main_part,
    rubric_of_form,
)


def with_form(
    project: Project,
    examples: Sequence[Example],
    rubric: Rubric,
    parts: Sequence[AnswerPart],
    renamed: Sequence[Renamed] = (),
    keeps_criteria: bool = True,
) -> ProjectFiles:
    """Return the project with this form: instruction, answers, rubric and own criteria follow.

    Answers are written anew where the new form holds them; cases without one are answered where
    their expected values make one. `renamed` are choices to be called otherwise everywhere.
    Criteria about parts that are gone stay unless `keeps_criteria` is False; expected values of
    such parts stay where a criterion reads them. Raises InputError for a form that cannot be
    answered in.
    """
    check_form(parts)
    form = project.answer
    old = form_called(form, renamed)
    examples = examples_called(examples, form, renamed)
    if renamed:
        criteria = criteria_called(rubric.criteria, form, renamed)
        rubric = rubric.with_changes(criteria=criteria)
    parts = named_as_values(parts, old, examples)
    gone = parts_gone(old, parts)
    followed = follow_form_in_cases(rewritten(examples, old, parts), old, parts)
    reasons = parts[0].kind == "reasoning"
    changed = project.with_changes(
        answer=parts,
        instruction=with_layout(project.instruction, form, parts, project.case_noun),
        frequencies=_frequencies(project, renamed),
        answer_style="reason_then_answer" if reasons
        else "direct" if old else project.answer_style,
    )  # fmt: skip
    if not rubric.criteria or is_of_form(rubric.criteria, old, examples):
        name = rubric.name if rubric.criteria else f"{project.name} rubric"
        rubric = rubric.with_changes(name=name, criteria=rubric_of_form(parts, followed))
    else:
        rubric = follow_form(rubric, old, parts)
    if not keeps_criteria:
        kept = without_criteria_about(rubric.criteria, gone)
        rubric = rubric.with_changes(criteria=kept)
        followed = tuple(
            e.with_changes(criteria=without_criteria_about(e.criteria, gone) or None)
            if e.criteria
            else e
            for e in followed
        )
    followed = without_values(followed, rubric, gone)
    return ProjectFiles(project=changed, examples=followed, rubric=rubric)


def _frequencies(project: Project, renamed: Sequence[Renamed]) -> dict[str, float]:
    main = main_part(project.answer)
    names = {one.was: one.now for one in renamed if main and one.field == main.field}
    return {names.get(name, name): share for name, share in project.frequencies.items()}


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
