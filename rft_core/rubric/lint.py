"""Finding what is wrong with a rubric before minutes of training are spent on it.

`lint` never raises: a rubric that cannot be built is a finding, not an error. What needs grading
is tried on at most `MAX_TRIED` examples.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from rft_core.checks import Check, UnknownOption
from rft_core.checks.judge import Judge
from rft_core.checks.wording import count_words, listing, plain_text, shown
from rft_core.checks.words import KEPT, kind_title
from rft_core.errors import InputError
from rft_core.examples.columns import plain_heading
from rft_core.records import AnswerPart, Example, ReviewRule, Rubric
from rft_core.rubric.duplicates import checked_alike
from rft_core.rubric.findings import (
    NAMED,
    Finding,
    called,
    examples_do,
    named,
    stop,
    try_build,
    warn,
)
from rft_core.rubric.grading import ALL_OFF, Grader, Verdicts, can_earn
from rft_core.rubric.ingredients import (
    GIVE_POINTS,
    NO_POINTS,
    formula_in,
    problems,
    used_in_formulas,
)
from rft_core.rubric.lint_answers import ALIKE, Basis, basis, by_grading
from rft_core.rubric.lint_own import own_criteria
from rft_core.rubric.lost_parts import find_lost
from rft_core.rubric.rules.two_demands import joins_two_demands
from rft_core.rubric.scoring import too_little
from rft_core.rubric.signs import wrong_sign
from rft_core.rubric.traps import tricked
from rft_core.rubric.unseen_parts import find_unseen

MAX_TRIED = 100
KNOWN = Verdicts()
"""Of this process, so that a change of one criterion or one case is looked through quickly."""
VERBATIM = ("contains_all", "contains_any", "exact")
"""Checks that look for an expected value as it is written."""
SENTENCE = 6
"""Words from which a text can be said in many ways."""
SUBSTANCE_LEAST = 0.5
SWAMP = 0.7
_SWITCH_OFF = "Or switch the criterion off."


def lint(
    rubric: Rubric,
    examples: Sequence[Example],
    instruction: str = "",
    form: Sequence[AnswerPart] = (),
    review: Sequence[ReviewRule] = (),
) -> list[Finding]:
    """Return what is wrong with the rubric, on its own and on these examples; worst first.

    The others are the project's: giving back the `instruction` must not pay, and the parts of the
    answer `form` are looked at, unless a rule for the expert's own `review` names them.
    """
    findings = [*_points(rubric, examples), *_checks(rubric), *_gaps(rubric), *_balance(rubric)]
    findings += [*_twice(rubric), *_two_demands(rubric), *_word_for_word(rubric, examples)]
    findings += [*_missing_fields(rubric, examples), *_for_no_case(rubric, examples)]
    findings += own_criteria(rubric, examples)
    findings += find_lost(rubric, examples, form)
    try:
        grader = Grader(rubric, examples, known=KNOWN)
    except InputError:
        grader = None
    if grader is not None:
        findings += by_grading(grader, examples[:MAX_TRIED], instruction, tricked(examples))
        findings += find_unseen(grader, examples[:MAX_TRIED], form, review)
    return sorted(findings, key=lambda finding: finding.severity != "stop")


def looked_at(rubric: Rubric, examples: Sequence[Example]) -> Basis:
    """Return how many answers `lint` grades, and to how many cases they are."""
    return basis(rubric, examples[:MAX_TRIED], tricked(examples))


def _points(rubric: Rubric, examples: Sequence[Example]) -> Iterator[Finding]:
    if can_earn(rubric, examples):
        pass
    elif not rubric.criteria:
        yield Finding(
            severity="stop",
            message="The rubric has no criteria.",
            fix="Add at least one criterion with points.",
        )
    elif not rubric.active:
        yield Finding(severity="stop", message=ALL_OFF, fix="Switch at least one of them on.")
    elif not any(criterion.points > 0 for criterion in rubric.active):
        yield Finding(
            severity="stop",
            message="No criterion has positive points, so no answer could win any.",
            fix="Give at least one criterion positive points.",
        )
    used = used_in_formulas(rubric)
    for criterion in rubric.active:
        if criterion.points == 0 and criterion.id not in used:
            yield stop(criterion, NO_POINTS, GIVE_POINTS)
    for criterion, message, fix in problems(rubric):
        yield stop(criterion, message, fix)


def _checks(rubric: Rubric) -> Iterator[Finding]:
    total = sum(abs(criterion.points) for criterion in rubric.active)
    for criterion in rubric.active:
        check = try_build(criterion)
        too_much = too_little(total - abs(criterion.points), total)
        say = stop if too_much else warn
        if isinstance(check, UnknownOption):
            yield say(criterion, f"cannot be graded. {check.message}", f"{check.fix} {_SWITCH_OFF}")
        elif isinstance(check, InputError):
            yield stop(criterion, f"cannot grade. {check.message}", check.fix)
        elif check.obstacle:
            yield say(
                criterion,
                f"cannot be graded. {check.obstacle}",
                _instead_of(check),
            )
        else:
            wrong = wrong_sign(criterion, check)
            if wrong is not None:
                yield warn(criterion, *wrong)


def _instead_of(check: Check) -> str:
    """Return what to do about a check that grades nothing here."""
    if isinstance(check, Judge):
        return "Or choose another check, or switch the criterion off."
    asks_model = check.kind.startswith(KEPT) and check.kind.endswith("_model")
    such_as = f", such as “{kind_title('judge')}”," if asks_model else ""
    return f"Choose another check{such_as} or switch the criterion off."


def _gaps(rubric: Rubric) -> Iterator[Finding]:
    """Find formulas that some answers give no value."""
    texts = {criterion.id: criterion.text for criterion in rubric.criteria}
    for criterion in rubric.active:
        formula = formula_in(criterion.check)
        gap = formula.gap() if formula is not None else None
        if gap is not None:
            where = [
                f"{shown(texts.get(name) or name)} is {value:g}"
                for name, value in gap.values.items()
            ]
            more = ["so on"] if len(where) > NAMED else []
            yield warn(
                criterion,
                f"is a formula without a value where {listing([*where[:NAMED], *more])}: "
                f"{gap.why}. Such answers earn 0 by it.",
                "Write it so that it has a value whichever rules are met.",
            )


def _balance(rubric: Rubric) -> Iterator[Finding]:
    positive = sum(c.points for c in rubric.active if c.points > 0)
    total = sum(abs(c.points) for c in rubric.active)
    substance = sum(c.points for c in rubric.active if c.points > 0 and c.aspect == "substance")
    if positive and substance < SUBSTANCE_LEAST * positive:
        yield Finding(
            severity="warn",
            message=f"Only {substance / positive:.0%} of the points are for what the answer says; "
            "the rest is for its form.",
            fix="Give criteria of substance at least half of the points.",
        )
    alike = sum(c.points for c in rubric.active if c.points > 0 and c.check.kind in ALIKE)
    if alike > SUBSTANCE_LEAST * positive:
        yield Finding(
            severity="warn",
            message=f"{alike / positive:.0%} of the points are for sounding like the expert "
            "answer, which a wrong answer may do too.",
            fix="Give more points to criteria that look something up, such as the right choice.",
        )
    several = sum(c.points != 0 for c in rubric.active) > 1
    for criterion in rubric.active:
        formula = formula_in(criterion.check)
        # The points of a formula are those of the criteria that it combines.
        combined = len(formula.parts) if formula is not None else 1
        if several and abs(criterion.points) > SWAMP * total * max(1, combined):
            yield warn(
                criterion,
                f"carries {abs(criterion.points) / total:.0%} of all points, so the other "
                "criteria hardly matter.",
                "Lower its points or raise the others'.",
            )


def _missing_fields(rubric: Rubric, examples: Sequence[Example]) -> Iterator[Finding]:
    for criterion in rubric.active:
        check = try_build(criterion)
        field = None if isinstance(check, InputError) else check.reads
        if field is None:
            continue
        graded = [e for e in examples if criterion.counts_for(e)]
        lacking = [e.id for e in graded if e.fields.get(field) in (None, "")]
        others = [n for e in graded if field not in e.fields for n in e.fields]
        spelled = next((n for n in others if plain_heading(n) == plain_heading(field)), None)
        if lacking:
            yield Finding(
                severity="stop" if len(lacking) == len(graded) else "warn",
                criterion_id=criterion.id,
                message=f'{called(criterion)} reads "{field}", which {examples_do(lacking)} not '
                "have.",
                fix=f'Call it "{field}" there too, not "{spelled}": on the Examples page.'
                if spelled
                else f'Fill in "{field}", or choose another check.',
                example_ids=tuple(lacking),
            )


def _for_no_case(rubric: Rubric, examples: Sequence[Example]) -> Iterator[Finding]:
    """Find criteria that no case has a tag of, and cases that no criterion gives points for."""
    for criterion in rubric.active:
        if examples and not any(criterion.counts_for(e) for e in examples):
            yield warn(
                criterion,
                f"is only for cases tagged {listing([shown(t) for t in criterion.tags], 'or')}, "
                "and there are none.",
                "Give cases the tag, or let it count for all.",
            )
    if any(c.points > 0 and not c.tags for c in rubric.active):
        return
    without = [e.id for e in examples if not any(c.points > 0 for c in rubric.criteria_for(e))]
    if without and (len(without) < len(examples) or any(c.points > 0 for c in rubric.active)):
        yield Finding(
            severity="stop" if len(without) == len(examples) else "warn",
            message=f"No criterion gives points for answers to {named(without)}, so they cannot "
            "be graded.",
            fix="Let at least one criterion with points count for all cases.",
            example_ids=tuple(without),
        )


def _twice(rubric: Rubric) -> Iterator[Finding]:
    """Find criteria with the text or the check of an earlier one that counts for the same cases."""
    for place, criterion in enumerate(rubric.active):
        for earlier in rubric.active[:place]:
            if criterion.tags and earlier.tags and set(criterion.tags).isdisjoint(earlier.tags):
                continue
            if checked_alike(earlier, criterion):
                how = "is checked in the same way as"
            elif plain_text(earlier.text) == plain_text(criterion.text):
                how = "has the same text as"
            else:
                continue
            yield warn(criterion, f"{how} {called(earlier)}.", "Change one of them or remove it.")
            break


def _word_for_word(rubric: Rubric, examples: Sequence[Example]) -> Iterator[Finding]:
    """Find criteria that only the expert's own sentences meet."""
    for criterion in rubric.active:
        check = try_build(criterion)
        if isinstance(check, InputError) or check.kind not in VERBATIM or not check.reads:
            continue
        values = (e.fields.get(check.reads) for e in examples if criterion.counts_for(e))
        words = [count_words(value) for value in values if isinstance(value, str)]
        if words and median(words) >= SENTENCE:
            yield warn(
                criterion,
                f'is met only by your very words: "{check.reads}" has {median(words):.0f} words '
                "in most cases.",
                f"Choose “{kind_title('meaning')}” with few points, or keep the rule for your own "
                "eyes.",
            )


def _two_demands(rubric: Rubric) -> Iterator[Finding]:
    for criterion in rubric.active:
        if joins_two_demands(criterion.text):
            yield warn(
                criterion, "asks for two things in one, so half of it earns nothing.",
                "Make two criteria of it, each with its own points.",
            )  # fmt: skip
