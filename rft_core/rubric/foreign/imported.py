"""A rubric or grader from a file, looked at before anything is saved."""

from collections.abc import Sequence

from rft_core.checks.wording import plain_text, shown
from rft_core.records import Criterion, Record, ReviewRule, Rubric
from rft_core.rubric.ids import free_id, with_own_ids
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
    has_checks: bool = True
    """Whether the file says how its rules are checked; else their checks are proposals."""


def with_checks_here(imported: Imported, rubric: Rubric) -> Imported:
    """Return a file without checks whose rules are checked as those of the same words here.

    Such a rule is the criterion of the rubric, also where no check was found for it, with the
    points of the file. One that the file has more often than the rubric is left out there.
    """
    if imported.has_checks:
        return imported
    free = list(rubric.criteria)
    here = {plain_text(criterion.text) for criterion in free}
    same: dict[str, Criterion] = {}
    criteria: list[Criterion] = []
    review: list[ReviewRule] = []
    notes = list(imported.notes)
    rules: tuple[Criterion | ReviewRule, ...] = (*imported.rubric.criteria, *imported.review)
    for rule in rules:
        own = _same_words(free, rule)
        if own is not None:
            free.remove(own)
            same[own.id] = own.with_changes(points=rule.points)
        elif plain_text(rule.text) in here:
            notes.append(f"{shown(rule.text)} stands in the file once more, and is left out there.")
        elif isinstance(rule, ReviewRule):
            review.append(rule)
        else:
            criteria.append(rule)
    in_order = (same[one.id] for one in rubric.criteria if one.id in same)
    taken = imported.rubric.with_changes(criteria=with_own_ids((*in_order, *criteria)))
    return imported.with_changes(rubric=taken, review=tuple(review), notes=tuple(notes))


def in_place_of(imported: Imported, rubric: Rubric) -> Rubric:
    """Return the imported rubric as the next version of this one."""
    return imported.rubric.with_changes(id=rubric.id, workspace_id=rubric.workspace_id)


def known_here(imported: Imported, rubric: Rubric) -> dict[str, Criterion]:
    """Return, by the id in the file, the criterion of the rubric that is the same rule.

    It is the same where its text is, or its id and its check; each counts once. Points, tags and
    the like may differ.
    """
    free = list(rubric.criteria)
    found: dict[str, Criterion] = {}
    for is_same in (_is_alike, _has_its_text, _has_its_check):
        for criterion in imported.rubric.criteria:
            if criterion.id in found:
                continue
            own = next((one for one in free if is_same(one, criterion)), None)
            if own is not None:
                free.remove(own)
                found[criterion.id] = own
    return found


def added_to(imported: Imported, rubric: Rubric, update: bool = False) -> Rubric:
    """Return the rubric with those imported criteria behind its own that it does not know.

    New ones get free ids. Those that it knows stay as they are, or with `update` become as they
    are in the file.
    """
    known = known_here(imported, rubric)
    own = {file_id: criterion.id for file_id, criterion in known.items()}
    used = {criterion.id for criterion in rubric.criteria}
    for criterion in imported.rubric.criteria:
        if criterion.id not in own:
            own[criterion.id] = free_id(used, criterion.id)
            used.add(own[criterion.id])
    criteria = {criterion.id: criterion for criterion in rubric.criteria}
    for criterion in imported.rubric.criteria:
        if update or criterion.id not in known:
            check = renamed_in_formula(criterion.check, own)
            taken = criterion.with_changes(id=own[criterion.id], check=check)
            criteria[taken.id] = taken
    return rubric.with_changes(criteria=tuple(criteria.values()))


def updated_by(imported: Imported, rubric: Rubric) -> Rubric:
    """Return the rubric with what the file adds, and what it knows as it is in the file."""
    return added_to(imported, rubric, update=True)


def new_review(imported: Imported, kept: Sequence[ReviewRule]) -> tuple[ReviewRule, ...]:
    """Return the rules for review that are not kept yet, each once."""
    known = {plain_text(rule.text) for rule in kept}
    new = {plain_text(rule.text): rule for rule in reversed(imported.review)}
    return tuple(rule for words, rule in reversed(new.items()) if words not in known)


def _same_words(criteria: Sequence[Criterion], rule: Criterion | ReviewRule) -> Criterion | None:
    """Return the criterion with the words of a rule, of several rather that with its points."""
    same = [one for one in criteria if plain_text(one.text) == plain_text(rule.text)]
    return min(same, key=lambda one: one.points != rule.points, default=None)


def _is_alike(one: Criterion, other: Criterion) -> bool:
    return one == other.with_changes(id=one.id)


def _has_its_text(one: Criterion, other: Criterion) -> bool:
    return plain_text(one.text) == plain_text(other.text)


def _has_its_check(one: Criterion, other: Criterion) -> bool:
    return one.id == other.id and one.check == other.check
