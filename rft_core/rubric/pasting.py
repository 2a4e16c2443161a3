"""Rules as experts write them down, one a line: "[+2] Names the deadline", "- Is polite (1 point)".

Each becomes a criterion, checked in the first way that works on the expert's own cases, or is kept
for the expert's review.
"""

import re
from collections.abc import Sequence

from rft_core.records import Criterion, Example, Record, ReviewRule, Rubric
from rft_core.rubric.ids import free_id, slug
from rft_core.rubric.proposals import propose

MAX_RULES = 200
MAX_CHARS = 1_000
"""Of a rule's text."""
_NUMBER = r"[+\-−–]?\s?\d{1,3}(?:[.,]\d{1,3})?"
_FIRST = re.compile(
    rf"^[\[(]\s*(?P<points>{_NUMBER})\s*(?:points?|pts?\.?|p)?\s*[\])]\s*:?\s*", re.I
)
_LAST = re.compile(rf"\s*[\[(]\s*(?P<points>{_NUMBER})\s*(?:points?|pts?\.?)?\s*[\])]\s*\.?$", re.I)
_MARK = re.compile(r"^(?:[-*•·–]\s+|\d{1,3}[.)]\s+)")


class Pasted(Record):
    """What was made of pasted lines."""

    criteria: tuple[Criterion, ...]
    review: tuple[ReviewRule, ...]
    problems: tuple[str, ...]
    """A sentence for each line that was not taken."""


def read_rules(text: str) -> tuple[list[ReviewRule], list[str]]:
    """Return the rules of a text, one a line, with their points (1 where none are given).

    Also a sentence for each line that is not taken: without words, worth 0 points, written twice,
    too long, or beyond the first 200.
    """
    rules: list[ReviewRule] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        points, rule = _parted(line)
        if not re.search(r"\w", rule):
            problems.append(f"Line {number} has no rule.")
        elif points == 0:
            problems.append(f"Line {number} is worth 0 points.")
        elif len(rule) > MAX_CHARS:
            problems.append(f"Line {number} is longer than {MAX_CHARS:,} characters.")
        elif rule.casefold() in seen:
            problems.append(f"Line {number} repeats an earlier one.")
        elif len(rules) == MAX_RULES:
            problems.append(f"Line {number} and what follows: at most {MAX_RULES} rules are taken.")
            break
        else:
            seen.add(rule.casefold())
            rules.append(ReviewRule(text=rule, points=points))
    return rules, problems


def paste(text: str, train: Sequence[Example], rubric: Rubric) -> Pasted:
    """Return what pasted lines would add to a rubric."""
    rules, problems = read_rules(text)
    used = {criterion.id for criterion in rubric.criteria}
    criteria: list[Criterion] = []
    review: list[ReviewRule] = []
    for rule in rules:
        criterion = _checked(rule, train, used)
        if criterion is None:
            review.append(rule)
        else:
            used.add(criterion.id)
            criteria.append(criterion)
    return Pasted(criteria=tuple(criteria), review=tuple(review), problems=tuple(problems))


def _parted(line: str) -> tuple[float, str]:
    """Return the points and the rule of a line."""
    rest = _MARK.sub("", " ".join(line.split()))
    for pattern in (_FIRST, _LAST):
        found = pattern.search(rest)
        if found:
            rule = (rest[: found.start()] + rest[found.end() :]).strip()
            return _number(found["points"]), rule
    return 1.0, rest


def _number(text: str) -> float:
    plain = re.sub(r"[−–]", "-", text).replace(",", ".").replace(" ", "")
    return float(plain)


def _checked(rule: ReviewRule, train: Sequence[Example], used: "set[str]") -> Criterion | None:
    """Return the rule as a criterion, checked in a way that fits the sign of its points."""
    for way in propose(rule.text, train, fault=rule.points < 0):
        if way.is_penalty == (rule.points < 0):
            return Criterion(
                id=free_id(used, slug(rule.text)),
                text=rule.text,
                points=rule.points,
                aspect="form" if way.is_form else "substance",
                check=way.check,
            )
    return None
