"""The rubric of one published example as criteria: HealthBench, PRBench, ProfBench.

A rule is checked in the first way that works on the project's own cases, or kept for review.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rft_core.checks.wording import shown
from rft_core.examples.foreign.rubrics import rule_points
from rft_core.records import MAX_POINTS, Criterion, Example, ReviewRule, Rubric, Scoring
from rft_core.rubric.foreign.imported import Imported
from rft_core.rubric.rule_words import from_fault
from rft_core.rubric.rules.pasting import MAX_CHARS, MAX_RULES, Line, checked

HEALTHBENCH, PRBENCH, PROFBENCH = "HealthBench rubric", "PRBench rubric", "ProfBench rubric"
OWN_LIST = "A list of rules"
"""Rules with points that say nothing of where they come from."""


def lines_of(content: object) -> tuple[str, list[Mapping[str, Any]]] | None:
    """Return the kind and the rules of an example, or of a list of rules; None for other JSON."""
    items: object = content
    if isinstance(content, dict):
        items = content.get("rubrics", content.get("rubric"))
    if not isinstance(items, list):
        return None
    rules: list[Mapping[str, Any]] = [item if isinstance(item, dict) else {} for item in items]
    kinds = [_kind(item) for item in rules if item]
    if not kinds or None in kinds:
        return None
    is_healthbench = isinstance(content, dict) or any("tags" in item for item in rules)
    kind = HEALTHBENCH if kinds[0] == OWN_LIST and is_healthbench else kinds[0]
    return kind or OWN_LIST, rules


def read_lines(kind: str, rules: Sequence[Mapping[str, Any]], train: Sequence[Example]) -> Imported:
    """Return the rules as a rubric, each with what stood in the file under "imported"."""
    criteria: list[Criterion] = []
    review: list[ReviewRule] = []
    notes: list[str] = []
    used: set[str] = set()
    if len(rules) > MAX_RULES:
        notes.append(f"Only the first {MAX_RULES} of {len(rules)} rules are taken in.")
    for number, item in enumerate(rules[:MAX_RULES], start=1):
        points = _points(item)
        text = from_fault(_text(item), points)
        lacks = _lacks(item, text, points)
        if lacks:
            notes.append(f"Rule {number} {lacks}, so it is left out.")
            continue
        came = dict(item)
        found = checked(Line(text, points), train, used)
        if found is None:
            rule = {"text": text, "points": points, "imported": came}
            review.append(ReviewRule.model_validate(rule))
        else:
            used.add(found.id)
            criteria.append(found.with_changes(imported=came))
    scoring: Scoring = "healthbench" if kind == HEALTHBENCH else "normalised"
    return Imported(
        title=kind,
        rubric=Rubric(name=kind, criteria=tuple(criteria), scoring=scoring),
        review=tuple(review),
        notes=tuple(notes),
        has_checks=False,
    )


def _kind(item: Mapping[str, Any]) -> str | None:
    if isinstance(item.get("annotations"), dict):
        return PRBENCH
    if "criterion_description" in item:
        return PROFBENCH
    has_text = "criterion" in item or ("text" in item and "check" not in item)
    return OWN_LIST if has_text and "points" in item else None


def _lacks(item: Mapping[str, Any], text: str, points: float) -> str:
    """Say why a rule cannot be used; "" if it can."""
    if not text:
        return "has no text"
    if len(text) > MAX_CHARS:
        return f"has over {MAX_CHARS:,} characters"
    if points:
        return ""
    value = rule_points(item) or item.get("points")
    if value in (None, "", 0, "0"):
        return "has no points"
    return f"has {shown(str(value))} as its points, which is no number up to {MAX_POINTS:,}"


def _text(item: Mapping[str, Any]) -> str:
    notes = item.get("annotations")
    described = notes.get("criteria_description") if isinstance(notes, dict) else None
    texts = (
        item.get("criterion"), item.get("criterion_description"), item.get("title"), described,
        item.get("text"),
    )  # fmt: skip
    return next((" ".join(t.split()) for t in texts if isinstance(t, str) and t.strip()), "")


def _points(item: Mapping[str, Any]) -> float:
    """Return the signed points of a rule, 0 where there are none."""
    value = rule_points(item)
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return 0.0
    try:
        points = float(value)
    except (ValueError, OverflowError):
        return 0.0
    return points if abs(points) <= MAX_POINTS else 0.0
