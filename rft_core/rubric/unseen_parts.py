"""Parts of an answer that the expert words freely and no criterion looks at, such as a reason.

There whatever is written earns full points, and practice soon finds out. A criterion looks at a
part if it reads the part's line, if it compares the whole answer, asks an AI or runs own code, or
if a sentence about something else costs points there; how long a part is, and that it is there,
does not count.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rft_core.checks import Unknown
from rft_core.checks.wording import holds, line_part, plain_text, with_line_part
from rft_core.errors import InputError
from rft_core.examples.answer_form import read_answer, write_answer
from rft_core.records import AnswerPart, Criterion, Example, Grade, ReviewRule, Rubric
from rft_core.rubric.findings import Finding, try_build
from rft_core.rubric.grading import Grader
from rft_core.rubric.partial_tricks import paid
from rft_core.rubric.traps import Case, cases_of, share

WORDED: tuple[str, ...] = ("text", "free_text", "reasoning")
"""Kinds of parts that the expert words freely."""
FEW = 10
"""Cases on which it is tried."""
NONSENSE = "Bananas are yellow."
PRESENCE = ("length", "reasoned")
"""Checks of how long a part is, or that it is there."""
READERS = ("overlap", "meaning", "judge", "python")
"""Checks that may look at all that an answer says."""


class Kept(NamedTuple):
    """What right answers keep with another case's words in one part, as shares of their points."""

    whole: float
    own: float | None
    """Of the points of the criteria that look at the part; None where none does."""


def worded_parts(form: Sequence[AnswerPart]) -> list[AnswerPart]:
    """Return the freely worded parts that stand beside others."""
    return [part for part in form if part.kind in WORDED] if len(form) > 1 else []


def unseen_parts(
    grader: Grader,
    examples: Sequence[Example],
    form: Sequence[AnswerPart],
    review: Sequence[ReviewRule] = (),
) -> list[AnswerPart]:
    """Return the parts in which anything earns full points; those named in `review` are left out.

    None without a case whose answer has the part: nothing could be tried.
    """
    worded = worded_parts(form)
    cases = cases_of(examples, FEW, grader.rubric) if worded else []
    return [
        part
        for part in worded
        if not any(holds(rule.text, part.label) for rule in review)
        and _is_unseen(grader, cases, form, part)
    ]


def find_unseen(
    grader: Grader,
    examples: Sequence[Example],
    form: Sequence[AnswerPart],
    review: Sequence[ReviewRule] = (),
) -> Iterator[Finding]:
    """Find the parts in which anything earns full points."""
    for part in unseen_parts(grader, examples, form, review):
        nothing = (
            f"Nothing looks at what is written as “{part.label}”, so any text there earns full "
            "points."
        )
        only_length = (
            f"Only the length of “{part.label}” is looked at, not what it says: any text of that "
            "length earns full points."
        )
        yield Finding(
            severity="warn",
            message=only_length if _is_measured(grader, examples, part) else nothing,
            fix=f"Write a rule about what a good “{part.label}” names, or keep a rule about "
            f"“{part.label}” for your own review.",
        )


def kept_with_others(
    rubric: Rubric, train: Sequence[Example], form: Sequence[AnswerPart]
) -> dict[str, Kept]:
    """Return, by label of a freely worded part, what right answers keep with another case's words.

    Empty where an AI grader takes part, which is not asked here. Raises InputError for a rubric
    that cannot grade.
    """
    worded = worded_parts(form)
    cases = cases_of(train, FEW, rubric) if worded else []
    grader = Grader(rubric, train)
    if any(grader.asked_for(case.example) for case in cases):
        return {}
    found: dict[str, Kept] = {}
    for part in worded:
        tries = [(case, text) for case in cases if (text := _with_anothers(case, form, part))]
        experts = [grader.grade(case.reference, case.example) for case, _ in tries]
        if sum(grade.net for grade in experts) > 0:
            others = [grader.grade(text, case.example) for case, text in tries]
            own = _own_points(grader, [case for case, _ in tries], part, experts, others)
            whole = share([g.net for g in others], [g.net for g in experts])
            found[part.label] = Kept(whole, share(*own) if sum(own[1]) > 0 else None)
    return found


def _own_points(
    grader: Grader,
    cases: Sequence[Case],
    part: AnswerPart,
    experts: Sequence[Grade],
    others: Sequence[Grade],
) -> tuple[list[float], list[float]]:
    """Return by case what the other words and the expert's earn by what looks at the part."""
    earned: tuple[list[float], list[float]] = [], []
    for case, expert, other in zip(cases, experts, others, strict=True):
        by = [
            (paid(c, other.values), paid(c, expert.values), c)
            for c in grader.criteria_for(case.example)
        ]
        own = [(theirs, mine) for theirs, mine, c in by if theirs < mine or _reads(c, part)]
        earned[0].append(sum(theirs for theirs, _ in own))
        earned[1].append(sum(mine for _, mine in own))
    return earned


def _is_unseen(
    grader: Grader, cases: Sequence[Case], form: Sequence[AnswerPart], part: AnswerPart
) -> bool:
    criteria = (c for case in cases for c in grader.criteria_for(case.example))
    if any(_reads(criterion, part) for criterion in criteria):
        return False
    tries = [(c, text) for c in cases if (text := _with_part(c.reference, form, part, NONSENSE))]
    return bool(tries) and not any(_is_minded(grader, case, text) for case, text in tries)


def _reads(criterion: Criterion, part: AnswerPart) -> bool:
    """Say whether a criterion looks at a part by what its check is; others are tried."""
    if criterion.applies_to == ("answer" if part.kind == "reasoning" else "reasoning"):
        return False
    check = try_build(criterion)
    if isinstance(check, InputError) or check.kind in PRESENCE:
        return False
    line = getattr(check, "line", None)
    if line and check.kind != "quote":
        return plain_text(line) == plain_text(part.label)
    return isinstance(check, Unknown) or check.kind in READERS


def _is_measured(grader: Grader, examples: Sequence[Example], part: AnswerPart) -> bool:
    """Say whether a criterion looks at how long a part is."""
    criteria = (c for example in examples for c in grader.criteria_for(example))
    checks = (try_build(c) for c in criteria if c.check.kind == "length" and c.points)
    return any(
        plain_text(getattr(check, "line", "") or "") == plain_text(part.label) for check in checks
    )


def _is_minded(grader: Grader, case: Case, text: str) -> bool:
    """Say whether an answer loses by a criterion what the expert's answer has by it."""
    expert = grader.grade(case.reference, case.example).values
    other = grader.grade(text, case.example).values
    return any(
        paid(c, other) < paid(c, expert)
        for c in grader.criteria_for(case.example)
        if c.check.kind not in PRESENCE
    )


def _with_anothers(case: Case, form: Sequence[AnswerPart], part: AnswerPart) -> str | None:
    """Return the expert's answer with another case's words in a part; None if there are none."""
    mine = _held(case.reference, form, part)
    others = (_held(other.reference or "", form, part) for other in case.others)
    theirs = next((text for text in others if text and text != mine), None)
    return _with_part(case.reference, form, part, theirs) if mine and theirs else None


def _held(reference: str, form: Sequence[AnswerPart], part: AnswerPart) -> str | None:
    values = read_answer(form, reference)
    found = values.get(part.field) if values else line_part(reference, part.label)
    return found if isinstance(found, str) else None


def _with_part(
    reference: str, form: Sequence[AnswerPart], part: AnswerPart, text: str
) -> str | None:
    """Return an answer with another text in a part; None where the answer has no such part."""
    values = read_answer(form, reference)
    if not values:
        return with_line_part(reference, part.label, text)
    try:
        return write_answer(form, {**values, part.field: text})
    except InputError:
        return None
