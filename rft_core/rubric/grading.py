"""Grading answers against a rubric: the training reward and the held-out grader in one."""

import logging
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import partial
from typing import NamedTuple

from rft_core.checks import Check, UnknownOption, Unscored, build
from rft_core.checks.formula import Formula
from rft_core.checks.judge import Judge
from rft_core.checks.parts import Parts, split_answer
from rft_core.checks.wording import clean
from rft_core.checks.words import kind_title
from rft_core.errors import InputError
from rft_core.models import endpoint
from rft_core.models.endpoint import Question
from rft_core.records import CheckSpec, Criterion, Example, Grade, Rubric, Scoring
from rft_core.rubric import scoring
from rft_core.rubric.findings import called
from rft_core.rubric.ingredients import GIVE_POINTS, NO_POINTS, problems, used_in_formulas

log = logging.getLogger(__name__)

NOT_ASKED = "The AI grader is asked in a run, or when you press “Ask the AI grader”."
ALL_OFF = "Every criterion of the rubric is switched off."
MAX_BUILT = 20_000
"""Checks of examples' own criteria that are kept built."""


class Rule(NamedTuple):
    """A criterion and its built check; the check is a sentence where it could not be built."""

    criterion: Criterion
    check: Check | str


Given = tuple[float | None, str]
"""A value in [0, 1], None where it could not be graded, and the reason in one sentence."""


class Verdicts:
    """Verdicts that were given before, for graders of a rubric that is being worked on.

    A rubric or a set of cases that was changed in one place is then graded anew in that place only.
    What could not be graded is not kept, since that may pass.
    """

    def __init__(self, most: int = 60_000) -> None:
        self._most = most
        self._kept: dict[tuple[object, str, int], tuple[Example, Given]] = {}
        """By check, text and case. The case is held, so that its place is not another's."""

    def of(self, check: object, text: str, example: Example, give: Callable[[], Given]) -> Given:
        """Return the verdict on a text; `give` is called where there is none yet."""
        key = (check, text, id(example))
        kept = self._kept.get(key)
        if kept is not None:
            return kept[1]
        given = give()
        if given[0] is not None:
            if len(self._kept) >= self._most:
                self._kept.clear()
            self._kept[key] = (example, given)
        return given

    def forget(self) -> None:
        """Forget all of them: they hold cases and answers."""
        self._kept.clear()


class Grader:
    """Grades answers against one rubric, and against an example's own criteria beside it.

    Only with `asking` is an AI grader asked; else what it would decide is left unscored.
    Raises InputError if the rubric cannot grade: no criteria that are switched on, no positive
    points, points of 0 for what no formula uses, a check with bad parameters, or a formula that
    names what it cannot use. Points that some of the `examples` to be graded bring with criteria
    of their own will do. A check of unknown kind, or with an unknown option, is kept and grades as
    unscored.
    What is among the `known` verdicts is not graded again.
    """

    def __init__(
        self,
        rubric: Rubric,
        examples: Sequence[Example] = (),
        asking: bool = False,
        known: Verdicts | None = None,
    ) -> None:
        _require_points(rubric, examples)
        _require_parts(rubric)
        self.rubric = rubric
        self.asking = asking
        self._checks = {criterion.id: _built(criterion) for criterion in rubric.active}
        self._own_checks: dict[tuple[str, str], Check | str] = {}
        self.known = known
        self._keys = {criterion.id: _key(criterion.check) for criterion in rubric.active}

    def not_asking(self) -> "Grader":
        """Return the same without an AI grader being asked."""
        other = copy(self)
        other.asking = False
        return other

    def criteria_for(self, example: Example) -> tuple[Criterion, ...]:
        """Return the criteria that grade this example, as `Rubric.criteria_for` does."""
        return self.rubric.criteria_for(example)

    def reads(self, example: Example) -> dict[str, str]:
        """Return by id the field that a criterion of this example reads, of those that read one."""
        checks = ((c.id, self._check(c)) for c in self.criteria_for(example))
        return {i: c.reads for i, c in checks if isinstance(c, Check) and c.reads}

    def grade(self, answer: str, example: Example) -> Grade:
        """Grade one answer to one example. Takes any text; never raises."""
        if self.asking:
            return self.grade_all([(answer, example)])[0]
        return self._grade(split_answer(clean(answer)), example)

    def grade_all(self, answers: Sequence[tuple[str, Example]]) -> list[Grade]:
        """Grade many answers, each to its example: as `grade` does, but faster with some checks."""
        taken = [(split_answer(clean(answer)), example) for answer, example in answers]
        self._prepare(taken)
        return [self._grade(parts, example) for parts, example in taken]

    def asked_for(self, example: Example) -> tuple[str, ...]:
        """Return the ids of the criteria for which an AI grader that is set up is to be asked."""
        checks = {c.id: self._check(c) for c in self.criteria_for(example)}
        return tuple(i for i, check in checks.items() if _asks(check))

    def _prepare(self, taken: Sequence[tuple[Parts, Example]]) -> None:
        """Get checks ready, and ask an AI grader what is to be asked, all at once."""
        by_check: dict[int, tuple[Check, list[tuple[str, Example]]]] = {}
        questions: list[Question] = []
        for parts, example in taken:
            for criterion in self.criteria_for(example):
                check = self._check(criterion)
                if isinstance(check, Judge):
                    if self.asking:
                        text = _text(parts, criterion, check)
                        questions.append(check.about(text, example))
                elif isinstance(check, Check) and type(check).prepare is not Check.prepare:
                    text = _text(parts, criterion, check)
                    by_check.setdefault(id(check), (check, []))[1].append((text, example))
        for check, texts in by_check.values():
            check.prepare(texts)
        if questions:
            endpoint.ENDPOINT.ask_all(questions)

    def _grade(self, parts: Parts, example: Example) -> Grade:
        values: dict[str, float | None] = {}
        reasons: dict[str, str] = {}
        rules = [Rule(c, self._check(c)) for c in self.criteria_for(example)]
        formulas: dict[str, Formula] = {}
        for criterion, check in rules:
            if isinstance(check, Formula):
                formulas[criterion.id] = check
                continue
            text = _text(parts, criterion, check)
            give = partial(_verdict, check, text, example, self.asking)
            if self.known is None or isinstance(check, Judge):
                given = give()
            else:
                key = self._keys.get(criterion.id) or _key(criterion.check)
                given = self.known.of(key, text, example, give)
            values[criterion.id], reasons[criterion.id] = given
        plain, texts = dict(values), {rule.criterion.id: rule.criterion.text for rule in rules}
        for name, formula in formulas.items():
            values[name], reasons[name] = _computed(formula, plain, texts)
        return _grade(values, reasons, [rule.criterion for rule in rules], self.rubric.scoring)

    def _check(self, criterion: Criterion) -> Check | str:
        return self._checks.get(criterion.id) or self._own_check(criterion.check)

    def _own_check(self, spec: CheckSpec) -> Check | str:
        key = _key(spec)
        if key not in self._own_checks:
            if len(self._own_checks) >= MAX_BUILT:
                self._own_checks.clear()
            try:
                self._own_checks[key] = build(spec)
            except InputError as error:
                self._own_checks[key] = error.message
        return self._own_checks[key]


def alone(
    criterion: Criterion,
    answer: str,
    example: Example,
    others: Sequence[Criterion] = (),
    asking: bool = False,
) -> Given:
    """Grade an answer by one criterion, whatever its points, tags and whether it is switched on.

    A formula takes its parts from `others`. Only with `asking` is an AI grader asked. Returns the
    value in [0, 1], None where it cannot grade, with one sentence as the reason.
    """
    check = _built_or_why(criterion)
    if isinstance(check, Formula):
        parts = _parts_of(check, others)
        values = {c.id: alone(c, answer, example, asking=asking)[0] for c in parts}
        return _computed(check, values, {c.id: c.text for c in others})
    text = _text(split_answer(clean(answer)), criterion, check)
    if asking and isinstance(check, Judge):
        endpoint.ENDPOINT.ask_all([check.about(text, example)])
    return _verdict(check, text, example, asking)


def asks(criterion: Criterion, others: Sequence[Criterion] = ()) -> bool:
    """Say whether an AI grader that is set up is to be asked for one criterion."""
    check = _built_or_why(criterion)
    if isinstance(check, Formula):
        return any(asks(part) for part in _parts_of(check, others))
    return _asks(check)


def _parts_of(formula: Formula, others: Sequence[Criterion]) -> list[Criterion]:
    return [c for c in others if c.id in formula.parts and c.check.kind != formula.kind]


def _built_or_why(criterion: Criterion) -> Check | str:
    try:
        return build(criterion.check)
    except InputError as error:
        return error.message


def points_text(grade: Grade) -> str:
    """Return the points as pages show them: "4 of 10 points (6 won, 2 lost by penalties)"."""
    if grade.coverage == 0:
        return "could not be graded"
    left = grade.earned + grade.penalty
    text = f"{_number(left)} of {_number(grade.possible)} point{'' if grade.possible == 1 else 's'}"
    if grade.penalty:
        text += f" ({_number(grade.earned)} won, {_number(-grade.penalty)} lost by penalties)"
    if grade.coverage < 1:
        text += f"; {1 - grade.coverage:.0%} of all points and penalties could not be graded"
    return text


def can_earn(rubric: Rubric, examples: Sequence[Example]) -> bool:
    """Say whether answers to some of the examples can win points, also by their own criteria."""
    return any(c.points > 0 for e in examples for c in rubric.criteria_for(e))


def _text(parts: Parts, criterion: Criterion, check: Check | str) -> str:
    """Return the part of an answer that the criterion looks at."""
    whole = isinstance(check, Check) and check.reads_whole
    text: str = getattr(parts, "whole" if whole else criterion.applies_to)
    return text


def _key(spec: CheckSpec) -> tuple[str, str]:
    return spec.kind, repr(spec.parameters)


def _require_points(rubric: Rubric, examples: Sequence[Example]) -> None:
    earns = can_earn(rubric, examples)
    if not rubric.criteria and not earns:
        raise InputError("The rubric has no criteria.", "Add at least one criterion with points.")
    if not rubric.active and not earns:
        raise InputError(ALL_OFF, "Switch at least one of them on.")
    used = used_in_formulas(rubric)
    unused = [c for c in rubric.active if c.points == 0 and c.id not in used]
    if unused:
        raise InputError(f"The criterion {called(unused[0])} {NO_POINTS}", GIVE_POINTS)
    if not earns and not any(criterion.points > 0 for criterion in rubric.active):
        raise InputError(
            f"The rubric has only penalties, such as {called(rubric.active[0])}: "
            "no answer could win a point.",
            "Give at least one criterion positive points.",
        )


def _require_parts(rubric: Rubric) -> None:
    for criterion, message, fix in problems(rubric):
        raise InputError(f"The criterion {called(criterion)} {message}", fix)


def _built(criterion: Criterion) -> Check | str:
    try:
        return build(criterion.check)
    except UnknownOption as error:
        return error.message
    except InputError as error:
        raise InputError(f"Criterion {called(criterion)}: {error.message}", error.fix) from None


def _asks(check: Check | str) -> bool:
    return isinstance(check, Judge) and not check.obstacle


def _computed(
    formula: Formula, values: Mapping[str, float | None], texts: Mapping[str, str]
) -> tuple[float | None, str]:
    try:
        return formula.computed(values, texts)
    except Unscored as failure:
        return None, str(failure)


def _verdict(
    check: Check | str, text: str, example: Example, asking: bool = False
) -> tuple[float | None, str]:
    if isinstance(check, str):
        return None, check
    if isinstance(check, Judge) and not asking:
        return None, check.obstacle or NOT_ASKED
    try:
        value, reason = check.grade(text, example)
    except Unscored as failure:
        return None, str(failure)
    except Exception as error:
        # The message may quote the user's text, so only the kind of failure is logged.
        log.warning("check %s failed with %s", check.kind, type(error).__name__)
        return None, f'The check "{kind_title(check.kind)}" could not read this answer.'
    if value != value:
        return None, f'The check "{kind_title(check.kind)}" gave no number.'
    return min(1.0, max(0.0, value)), reason


def _grade(
    values: dict[str, float | None],
    reasons: dict[str, str],
    criteria: Sequence[Criterion],
    how: Scoring,
) -> Grade:
    earned, penalty = scoring.won_and_lost(values, criteria)
    return Grade(
        values=values,
        reasons=reasons,
        score=scoring.score(values, criteria, how=how),
        substance=scoring.score(values, criteria, "substance", how),
        form=scoring.score(values, criteria, "form", how),
        earned=earned,
        possible=sum(c.points for c in criteria if c.points > 0),
        penalty=penalty,
        coverage=scoring.coverage(values, criteria),
    )


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")
