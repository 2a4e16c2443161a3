"""Rules as experts write them down, one a line: "[+2] Names the deadline", "- Is polite (1 point)".

Each becomes a criterion, checked in the first way that works on the expert's own cases, or several
where it asks for several things; or it is kept for the expert's review.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from pydantic import Field

from rft_core.checks.wording import shown
from rft_core.records import (
    MAX_POINTS,
    AnswerPart,
    CheckSpec,
    Criterion,
    Example,
    Record,
    ReviewRule,
    Rubric,
)
from rft_core.rubric.duplicates import checked_alike
from rft_core.rubric.ids import free_id, free_ids, slug
from rft_core.rubric.rules.faults import reads_like_fault, taken_off
from rft_core.rubric.rules.left_out import are_examples, condition_left_out, is_part_left_out
from rft_core.rubric.rules.proposals import Proposal, propose
from rft_core.rubric.rules.reading import read
from rft_core.rubric.rules.said_points import points_said, without_points
from rft_core.rubric.rules.two_criteria import Half, as_criteria, worth_of_each

MAX_RULES = 200
MAX_CHARS = 1_000
"""Of a rule's text."""
_PLUS_MINUS = "+＋﹢\\-−–﹣－"
_SIGN = rf"[{_PLUS_MINUS}]\s?"
_SHORT = r"(?:\d{1,3}(?:[.,]\d{1,6})?|[.,]\d{1,6})"
_LONG = r"(?:\d{1,9}(?:[.,]\d{1,6})?|[.,]\d{1,6})"
"""A number without a sign has three digits at most: "[2024] EWCA 12" is no rule of 2,024 points."""
_UNIT = r"\s*(?:points?|pts?\.?|p)"
_BRACKETED = (
    rf"(?:[\[［]\s*(?P<square>{_SIGN}{_LONG}|{_SHORT})(?:{_UNIT})?\s*[\]］]"
    rf"|[(（]\s*(?P<signed>{_SIGN}{_LONG})(?:{_UNIT})?\s*[)）]"
    rf"|[(（]\s*(?P<unit>{_SHORT}){_UNIT}\s*[)）])"
)
"""A bare number in round brackets is part of the rule: "See section (2)"."""
_FIRST = re.compile(rf"^{_BRACKETED}\s*(?::|\.(?=\s))?\s*", re.I)
_LAST = re.compile(rf"\s*{_BRACKETED}\s*\.?$", re.I)
_BARE = re.compile(rf"^(?P<bare>[{_PLUS_MINUS}]{_SHORT})(?:{_UNIT}\b)?(?:\s*:\s*|\s+)", re.I)
_CELL = re.compile(rf"{_BRACKETED}|(?P<cell>(?:{_SIGN})?{_SHORT})(?:{_UNIT})?", re.I)
_EMPHASISED = re.compile(rf"^(\*\*|__|[*_`])(?=[\[［(（{_PLUS_MINUS}])(.+?)\1")
_EMPHASISED_LAST = re.compile(r"(\*\*|__|[*_`])([\[［(（][^\]］)）]{1,20}[\]］)）])\1(\.?)$")
_LIKE_POINTS = re.compile(
    rf"^[\[［]\s*[±{_PLUS_MINUS}][^\]］]*[\]］]|^[(（]\s*[±{_PLUS_MINUS}]\s?[\d.,][^)）]*[)）]"
    rf"|[\[［]\s*[±{_PLUS_MINUS}][^\[［\]］]*[\]］]\.?$"
    rf"|^[\[［(（]\s*[±{_PLUS_MINUS}]?\s?[\d.,]+(?=$|\s+[^\]］)）]*$)"
)
_LARGE = re.compile(r"^[\[［]\s*(?!(?:1[5-9]|20)\d\d\s*[\]］])\d{4,}(?:[.,]\d+)?\s*[\]］]")
"""A number without a sign that is neither points nor the year of a law report."""
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
"""As "1,000": a thousand to some, 1 to others."""
_PLAIN_SIGNS = str.maketrans("＋﹢−–﹣－", "++----")
_MARK = re.compile(r"^(?:[-*•·–]\s+|\d{1,3}[.)]\s+)")


class Line(NamedTuple):
    """A rule as it was written."""

    text: str
    points: float | None
    """None where none were given."""


class _NotUnderstood(Exception):
    """A line cannot be read. Carries why, as half a sentence."""


Partly = Literal["examples", "part", "guess"]
"""A check would look for words that are named as examples only, at one of several things, or at
what may not be meant."""


class Pasted(Record):
    """What was made of pasted lines."""

    criteria: tuple[Criterion, ...]
    review: tuple[ReviewRule, ...]
    problems: tuple[str, ...]
    """A sentence for each line that was not taken."""
    known: Mapping[str, str] = Field(default_factory=dict)
    """Rules of the rubric that are there already, by the id of the criterion that is checked
    alike."""
    repeated: Mapping[str, str] = Field(default_factory=dict)
    """Rules of the lines above, by the id of the criterion that is checked alike."""
    left_out: Mapping[str, str] = Field(default_factory=dict)
    """The words that say which cases a rule is for, where no check looks at them: by the text of
    the rule that is kept for review."""
    partly: Mapping[str, Partly] = Field(default_factory=dict)
    """Why a rule is kept for review that a person could choose a check for, by its text."""


def read_rules(text: str) -> tuple[list[Line], list[str]]:
    """Return the rules of a text, one a line.

    Also a sentence for each line that is not taken: not understood, without words, worth 0 points,
    written twice, too long, or beyond the first 200.
    """
    rules: list[Line] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or _is_ruler(line):
            continue
        try:
            points, rule = _parted(line)
        except _NotUnderstood as why:
            problems.append(f"Line {number} is not understood: {why}.")
            continue
        if not re.search(r"[^\W\d_]", rule):
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
            rules.append(Line(rule, points))
    return rules, problems


def paste(
    text: str, train: Sequence[Example], rubric: Rubric, form: Sequence[AnswerPart] = ()
) -> Pasted:
    """Return what pasted lines would add to a rubric, for answers of a form if there is one."""
    rules, problems = read_rules(text)
    used = {criterion.id for criterion in rubric.criteria}
    criteria: list[Criterion] = []
    review: list[ReviewRule] = []
    left_out: dict[str, str] = {}
    partly: dict[str, Partly] = {}
    for rule in map(_priced, rules):
        ways, halves = read(rule.text, train, rule.points, rubric, form)
        if halves is not None and all(map(_is_plain, halves)):
            made = as_criteria(halves, worth_of_each(rule.points, halves), free_ids(used))
            used.update(criterion.id for criterion in made)
            criteria += made
            continue
        criterion = _checked_by(ways, rule, used)
        if criterion is None:
            review.append(ReviewRule(text=rule.text, points=rule.points or 1.0))
            unread = (condition_left_out(way.text or rule.text, way) for way in ways)
            left_out[rule.text] = next(filter(None, unread), "")
            if ways and ways[0].was_tried and not left_out[rule.text]:
                partly[rule.text] = _why(ways[0].text or rule.text, ways[0])
        else:
            used.add(criterion.id)
            criteria.append(criterion)
    known = _known(criteria, rubric)
    return Pasted(
        criteria=tuple(criteria),
        review=tuple(review),
        problems=tuple(problems),
        known=known,
        repeated=_repeated(criteria, known),
        left_out={text: words for text, words in left_out.items() if words},
        partly=partly,
    )


def _why(rule: str, way: Proposal) -> Partly:
    if are_examples(rule, way):
        return "examples"
    return "part" if is_part_left_out(rule, way) else "guess"


def _known(criteria: Sequence[Criterion], rubric: Rubric) -> dict[str, str]:
    """Return the rules of a rubric that are checked as criteria are, by the id of these."""
    there = [c for c in rubric.active if c.points]
    return {c.id: alike[0].text for c in criteria if (alike := _alike(c, there))}


def _repeated(criteria: Sequence[Criterion], known: Mapping[str, str]) -> dict[str, str]:
    """Return the rules before each criterion that are checked as it is, by its id; none of those
    that are known."""
    return {
        criterion.id: alike[0].text
        for place, criterion in enumerate(criteria)
        if criterion.id not in known and (alike := _alike(criterion, criteria[:place]))
    }


def _alike(criterion: Criterion, others: Sequence[Criterion]) -> list[Criterion]:
    """Return the others that take or give points for the same, in the same cases."""
    return [
        other
        for other in others
        if (other.points > 0) == (criterion.points > 0)
        and set(criterion.tags) == set(other.tags)
        and _is_alike(other, criterion)
    ]


def _is_alike(one: Criterion, other: Criterion) -> bool:
    """Say whether two criteria are checked alike, or compare with one value: one in the answer, one
    on a line of it. Words that are looked for may stand elsewhere in the answer."""
    lines = [c.check.parameters.get("line") for c in (one, other)]
    looks_for_words = one.check.kind.startswith("contains") or one.check.kind == "forbidden"
    if one.check.parameters.get("field") and not all(lines) and not looks_for_words:
        one, other = (c.with_changes(check=_without_line(c.check)) for c in (one, other))
    return checked_alike(one, other)


def _without_line(check: CheckSpec) -> CheckSpec:
    return CheckSpec(kind=check.kind, **{k: v for k, v in check.parameters.items() if k != "line"})


def _priced(rule: Line) -> Line:
    """Return a rule with the points that it gives or takes off in so many words, where it has no
    others; those that it gives are no longer in its text."""
    if rule.points is not None:
        return rule
    said = points_said(rule.text)
    points = -1.0 if said is None and taken_off(rule.text) else said
    return Line(without_points(rule.text), points)


def _is_plain(half: Half) -> bool:
    """Say whether nobody has to look at a half before it is a criterion."""
    return not (half.way.is_guess or condition_left_out(*half))


def checked(rule: Line, train: Sequence[Example], used: "set[str]") -> Criterion | None:
    """Return the rule as a criterion, checked in the first way that fits the sign of its points.

    Without points it is worth 1, or -1 where the likeliest way finds a fault. What must not be is a
    penalty also if points are given for it. None where each way
    would leave something of the rule out: the other thing that it asks for, a number of words, or
    the cases for which it is meant.
    """
    fault = rule.points is not None and rule.points < 0
    return _checked_by(propose(rule.text, train, fault), rule, used)


def _checked_by(ways: Sequence[Proposal], rule: Line, used: "set[str]") -> Criterion | None:
    is_refusal = not reads_like_fault(rule.text)
    for way in ways:
        text = way.text or rule.text
        if are_examples(text, way):
            return None  # Nor does a lesser way look at what they stand for.
        if way.is_guess or is_part_left_out(text, way) or condition_left_out(text, way):
            continue
        points = abs(rule.points or 1.0) * (-1 if way.is_penalty else 1)
        if rule.points in (None, points) or way.text or (way.is_penalty and is_refusal):
            return Criterion(
                id=free_id(used, slug(text)),
                text=text,
                points=points,
                aspect="form" if way.is_form else "substance",
                check=way.check,
                tags=way.tags,
            )
    return None


def _is_ruler(line: str) -> bool:
    """Say whether it is the line under the headings of a table, such as "|---|:--|"."""
    return {"|", "-"} <= set(line) <= set("|-:= \t\r")


def _parted(line: str) -> tuple[float | None, str]:
    """Return the points, if any, and the rule of a line. Raises _NotUnderstood."""
    plain = " ".join(line.split())
    if plain.startswith("|"):
        return _of_table(plain)
    rest = _EMPHASISED.sub(r"\2", _MARK.sub("", plain))
    rest = _EMPHASISED_LAST.sub(r"\2\3", rest)
    for pattern in (_FIRST, _BARE, _LAST):
        found = pattern.search(rest)
        if found:
            rule = (rest[: found.start()] + rest[found.end() :]).strip()
            return _points(found), rule
    large = _LARGE.match(rest)
    if large:
        raise _NotUnderstood(
            f"{shown(large[0])} may be points or not. Write more than 999 points with a sign, "
            "such as [+1000]"
        )
    found = _LIKE_POINTS.search(rest)
    if found:
        raise _NotUnderstood(_no_points(found[0]))
    return None, rest


def _of_table(row: str) -> tuple[float | None, str]:
    """Return the points, if any, and the rule of a row such as "| [+2] | Names the deadline |"."""
    cells = [cell for part in row.strip("|").split("|") if (cell := part.strip())]
    cells = [_EMPHASISED.sub(r"\2", cell) for cell in cells]
    found = [match for cell in cells if (match := _CELL.fullmatch(cell))]
    rules = [cell for cell in cells if not _CELL.fullmatch(cell)]
    if len(found) > 1:  # One may be the number of the row.
        found = [match for match in found if not (match["cell"] or "+").isdecimal()]
    if len(rules) == 1 and not found:
        return _parted(rules[0])
    if len(rules) != 1 or len(found) != 1:
        raise _NotUnderstood("a row of a table needs one cell with points and one with the rule")
    return _points(found[0]), rules[0]


def _points(found: re.Match[str]) -> float:
    """Return the points that a pattern has found. Raises _NotUnderstood."""
    text = next(filter(None, found.groups())).translate(_PLAIN_SIGNS).replace(" ", "")
    if _THOUSANDS.fullmatch(text.lstrip("+-")):
        raise _NotUnderstood(_no_points(found[0].strip()))
    points = float(text.replace(",", "."))
    if abs(points) > MAX_POINTS:
        raise _NotUnderstood(f"more than {MAX_POINTS:,} points cannot be given")
    return points


def _no_points(text: str) -> str:
    return f"{shown(text)} could not be read as points. Write them as [+2] or [-0.5]"
