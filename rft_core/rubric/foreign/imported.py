"""A rubric or grader from a file, looked at before anything is saved."""

from rft_core.records import Record, ReviewRule, Rubric
from rft_core.rubric.ids import free_id
from rft_core.rubric.ingredients import renamed_in_formula


class Imported(Record):
    """What a file would bring."""

    title: str
    """What kind of file it is, as a page calls it."""
    rubric: Rubric
    review: tuple[ReviewRule, ...] = ()
    """Rules that no check here can tell."""
    notes: tuple[str, ...] = ()
    """Sentences about what is kept without effect, or comes out otherwise than where it was."""


def in_place_of(imported: Imported, rubric: Rubric) -> Rubric:
    """Return the imported rubric as the next version of this one."""
    return imported.rubric.with_changes(id=rubric.id, workspace_id=rubric.workspace_id)


def added_to(imported: Imported, rubric: Rubric) -> Rubric:
    """Return the rubric with the imported criteria behind its own, each under a free id."""
    criteria = list(rubric.criteria)
    used = {criterion.id for criterion in criteria}
    own: dict[str, str] = {}
    for criterion in imported.rubric.criteria:
        own[criterion.id] = free_id(used, criterion.id)
        used.add(own[criterion.id])
    for criterion in imported.rubric.criteria:
        check = renamed_in_formula(criterion.check, own)
        criteria.append(criterion.with_changes(id=own[criterion.id], check=check))
    return rubric.with_changes(criteria=tuple(criteria))
