"""A project with another answer form, and all that follows from it, in one step."""

from collections.abc import Collection, Sequence

from rft_core.examples.answer_form import check_form, held_values, rewritten
from rft_core.examples.columns import plain_heading
from rft_core.examples.folder import ProjectFiles
from rft_core.examples.form_layout import with_layout
from rft_core.records import AnswerPart, Criterion, Example, Project, Rubric
from rft_core.rubric.form_changes import (
    Renamed,
    criteria_called,
    examples_called,
    form_called,
    parts_gone,
    read_by,
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
from rft_core.rubric.ids import free_id, slug


def with_form(
    project: Project,
    examples: Sequence[Example],
    rubric: Rubric,
    parts: Sequence[AnswerPart],
    renamed: Sequence[Renamed] = (),
    keeps_criteria: bool = True,
    in_use: Collection[str] = (),
) -> ProjectFiles:
    """Return the project with this form: instruction, answers, rubric and own criteria follow.

    Answers are written anew where the new form holds them; cases without one are answered where
    their expected values make one. `renamed` are choices to be called otherwise everywhere.
    Criteria about parts that are gone stay unless `keeps_criteria` is False; expected values of
    such parts stay where a criterion reads them. A part's expected value is named as the part is,
    unless a case or a criterion has it under another name, or what is not saved yet has (`in_use`).
    Raises InputError for a form that cannot be answered in.
    """
    check_form(parts)
    form = project.answer
    old = form_called(form, renamed)
    examples = examples_called(examples, form, renamed)
    if renamed:
        criteria = criteria_called(rubric.criteria, form, renamed)
        rubric = rubric.with_changes(criteria=criteria)
    parts = named_as_values(parts, old, examples)
    is_own = bool(rubric.criteria) and not is_of_form(rubric.criteria, old, examples)
    parts = named_as_labelled(parts, old, examples, rubric.criteria if is_own else (), in_use)
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
    if not is_own:
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


def named_as_labelled(
    parts: Sequence[AnswerPart],
    old: Sequence[AnswerPart],
    examples: Sequence[Example],
    own: Sequence[Criterion],
    in_use: Collection[str] = (),
) -> tuple[AnswerPart, ...]:
    """Return the parts, each with an expected value named as the part is labelled where that is
    free to choose: where no case has the value, no criterion of the expert's `own` reads it and it
    is not `in_use`."""
    settled = {part.field for part in old} if own else set()
    kept = {*in_use, *settled, *read_by(own)}
    for example in examples:
        kept |= example.fields.keys() | read_by(example.criteria or ())
        kept |= (held_values(old, example) or {}).keys()
    taken = set(kept)
    named = []
    for part in parts:
        is_called_so = plain_heading(part.field) == plain_heading(part.label)
        if part.field not in kept and not is_called_so and slug(part.label) != slug(""):
            part = part.model_copy(update={"field": free_id(taken, slug(part.label))})
        taken.add(part.field)
        named.append(part)
    return tuple(named)
