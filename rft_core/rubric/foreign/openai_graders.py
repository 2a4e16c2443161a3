"""Graders in OpenAI's JSON, read as criteria.

Each becomes the check that does the same (`openai_checks.py`); the weights of a `multi` become
points; another formula becomes a criterion that computes it, its parts have 0 points. Whatever is
not run here is kept whole, switched off. Each criterion carries the graders it was made from under
"openai", so that they can be written again as they were.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from rft_core.checks import expression
from rft_core.checks.words import KEPT
from rft_core.errors import InputError
from rft_core.records import MAX_POINTS, Criterion, Rubric, Scoring
from rft_core.rubric.foreign.formulas import (
    Names,
    WeightedSum,
    extremes,
    readable,
    weighted_sum,
)
from rft_core.rubric.foreign.imported import Imported
from rft_core.rubric.foreign.openai_checks import (
    Converted,
    Grader,
    Labels,
    converted,
    spec_of,
    why_not,
)
from rft_core.rubric.ids import free_id, slug

TITLE = "OpenAI grader"
MAX_GRADERS = 500
MAX_COMPUTED_CHARS = 1_000
"""Of a formula that is computed here, so that it stays within a check's limit with our names."""
EACH_1_POINT = (
    "each part counts 1 point, also what may be a penalty there. Set the points yourself before "
    "anything is graded."
)
NO_THRESHOLD = "Its pass_threshold has no effect here: what lies below it earns its share too."
_ROUNDING = 1e-6


def is_grader(content: object) -> bool:
    """Say whether JSON is a grader, or a job's settings with one inside."""
    return isinstance(content, dict) and _unwrapped(content) is not None


def read_graders(content: Mapping[str, Any], labels: Labels, fields: Collection[str]) -> Imported:
    """Return a grader as a rubric. Raises InputError for one that names no graders.

    `labels` and `fields` tell what the project's cases hold.
    """
    grader = _unwrapped(content) or {}
    named = _named(grader)
    if not named:
        raise InputError(
            "The file names no graders.", 'Give a "multi" its graders under the key "graders".'
        )
    reader = _Reader(named, labels, fields)
    total = WeightedSum({(name,): 1.0 for name in named}, 0.0)
    is_multi = "graders" in grader
    given = grader.get("calculate_output") if is_multi else None
    criteria = None
    if given is not None:
        formula = readable(str(given), named)
        weights = reader.weights(formula)
        if weights is None:
            criteria = reader.by_formula(formula, _text("formula", grader))
        total = weights or total
    elif is_multi:
        reader.notes.append(f"The file gives no formula: {EACH_1_POINT}")
    if criteria is None:
        criteria = reader.criteria(total)
    scoring = reader.scoring
    kept = {key: value for key, value in grader.items() if key != "graders"}
    more: dict[str, Any] = {"openai": kept} if is_multi else {}
    name = str(grader.get("name") or TITLE)
    rubric = Rubric(name=name, criteria=tuple(criteria), scoring=scoring, **more)
    return Imported(title=TITLE, rubric=rubric, notes=tuple(dict.fromkeys(reader.notes)))


class _Reader:
    """Turns named graders into criteria and gathers what is to be said about it."""

    def __init__(
        self, named: Mapping[str, Grader], labels: Labels, fields: Collection[str]
    ) -> None:
        self.named = named
        self.labels = labels
        self.fields = fields
        self.notes: list[str] = []
        self.scoring: Scoring = "normalised"

    def weights(self, formula: str) -> WeightedSum | None:
        """Return the formula's weights; None where they cannot be points."""
        total = weighted_sum(formula)
        if total is not None and self._is_known(total) and self._settle_scoring(total):
            self._note_unused({name for names in total.weights for name in names})
            return total
        return None

    def _note_unused(self, used: Collection[str]) -> None:
        for name in sorted(self.named.keys() - set(used)):
            called = _text(name, self.named[name])
            self.notes.append(f'"{called}" is not in the formula: it is kept, switched off.')

    def by_formula(self, formula: str, text: str) -> list[Criterion] | None:
        """Return the graders as parts with 0 points, and a criterion that computes the formula.

        None, with a note, where it cannot be computed here.
        """
        shown = formula if len(formula) <= 200 else f"{formula[:199]}…"
        why = self._why_not_computed(formula)
        if why:
            self.notes.append(
                f"The formula {shown} is kept as text and not computed, since {why}: {EACH_1_POINT}"
            )
            return None
        self.notes.append(
            f"The formula {shown} is computed by a criterion of its own; its parts earn nothing by "
            "themselves."
        )
        used = expression.names(expression.parse(formula))
        self._note_unused(used)
        parts = self.criteria(WeightedSum({(name,): 1.0 for name in used}, 0.0))
        terms: dict[str, str] = {}
        for name, part in zip(used, parts, strict=False):
            term = expression.written(part.id)
            terms[name] = f"(1 - {term})" if part.points < 0 else term
        check = spec_of(
            kind="formula", formula=self._scaled(formula, expression.renamed(formula, terms))
        )
        whole = Criterion(
            id=free_id([part.id for part in parts], slug(text)), text=text, points=1.0,
            aspect="substance", check=check,
        )  # fmt: skip
        return [*(p.with_changes(points=0.0) if p.enabled else p for p in parts), whole]

    def _why_not_computed(self, formula: str) -> str:
        """Return why a formula cannot be computed here; "" if it can."""
        try:
            node = expression.parse(formula)
        except expression.NoFormula as error:
            return str(error)
        used = expression.names(node)
        if not used:
            return "it names no grader"
        if len(formula) > MAX_COMPUTED_CHARS:
            return f"it is longer than {MAX_COMPUTED_CHARS:,} characters"
        for name in used:
            if name not in self.named:
                return f"it has no grader “{name}”"
            if converted(self.named[name], self.labels, self.fields) is None:
                return f"“{name}” is not run here"
        gap = expression.gap(node)
        return f"for some answers it has no value: {gap.why}" if gap else ""

    def _scaled(self, formula: str, text: str) -> str:
        """Return the formula brought to 0 to 1 where its values are others, with a note."""
        found = extremes(formula)
        if found is None:
            self.notes.append("The formula's value is kept within 0 and 1 here.")
            return text
        low, high = min(0.0, found.low), max(1.0, found.high)
        if (low, high) == (0.0, 1.0):
            return text
        self.notes.append(
            f"The formula comes to {found.low:g} to {found.high:g}; here it is brought to 0 to 1, "
            "which changes no order of answers."
        )
        lifted = f"({text} + {-low:.12g})" if low else f"({text})"
        return f"{lifted} / {high - low:.12g}"

    def criteria(self, total: WeightedSum) -> list[Criterion]:
        used: set[str] = set()
        made = []
        weights = dict(total.weights)
        named = {name for names in weights for name in names}
        for name in self.named:
            if name not in named:
                weights[(name,)] = 0.0
        for names, weight in weights.items():
            criterion = self._criterion(names, weight, used)
            used.add(criterion.id)
            made.append(criterion)
        return made

    def _is_known(self, total: WeightedSum) -> bool:
        """Say whether all names are graders; those under max must make one check of phrases."""
        return all(
            set(names) <= self.named.keys() and (len(names) == 1 or self._phrases(names))
            for names in total.weights
        ) and all(abs(weight) <= MAX_POINTS for weight in total.weights.values())

    def _settle_scoring(self, total: WeightedSum) -> bool:
        """Find the scoring that the formula is; False where it is none of ours."""
        spared, constant = 0.0, total.constant
        for names, weight in total.weights.items():
            if self._is_opposite(names):
                weight, constant = -weight, constant + weight
            spared -= min(0.0, weight)
        if abs(constant - spared) <= _ROUNDING * max(1.0, spared):
            return True
        if abs(constant) <= _ROUNDING:
            self.scoring = "healthbench"
            return True
        return False

    def _is_opposite(self, names: Names) -> bool:
        found = converted(self.named[names[0]], self.labels, self.fields)
        return found is not None and found.is_opposite

    def _phrases(self, names: Names) -> list[str]:
        """Return the phrases of graders that each look for one; [] if they do not."""
        checks = [converted(self.named[name], self.labels, self.fields) for name in names]
        phrases = [c.check.parameters.get("phrases") for c in checks if c and not c.is_opposite]
        texts = [p[0] for p in phrases if p]
        return texts if len(texts) == len(names) else []

    def _criterion(self, names: Names, weight: float, used: Collection[str]) -> Criterion:
        graders = {name: self.named[name] for name in names}
        first = graders[names[0]]
        text = _text(names[0], first)
        found = converted(first, self.labels, self.fields)
        if len(names) > 1:
            kind = "forbidden" if weight < 0 else "contains_any"
            found = Converted(spec_of(kind=kind, phrases=self._phrases(names)))
        if found is None:
            kind = str(first.get("type") or "unknown")
            why = why_not(first)
            since = f": {why}" if why else ""
            self.notes.append(
                f'"{text}" is of the type {kind}: it is kept whole and not run here{since}.'
            )
            check = spec_of(kind=f"{KEPT}{kind}", **({"reason": why} if why else {}))
        else:
            check = found.check
            if found.note:
                self.notes.append(f'"{text}": {found.note}')
            if first.get("pass_threshold") is not None:
                self.notes.append(f'"{text}": {NO_THRESHOLD}')
            if found.is_opposite:
                weight = -weight
        return Criterion(
            id=free_id(used, slug(names[0])),
            text=text,
            points=float(f"{weight:.9g}") or 1.0,
            aspect="substance",
            check=check,
            enabled=found is not None and bool(weight),
            openai={"graders": graders},
        )  # type: ignore[call-arg]


def _unwrapped(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the grader itself, out of the settings of a job where it stands in some."""
    method = content.get("method")
    reinforcement = method.get("reinforcement") if isinstance(method, dict) else None
    inner = reinforcement.get("grader") if isinstance(reinforcement, dict) else None
    places = (content, content.get("grader"), inner)
    for place in places:
        if isinstance(place, dict) and ("graders" in place or isinstance(place.get("type"), str)):
            return place
    return None


def _named(grader: Mapping[str, Any]) -> dict[str, Grader]:
    """Return the graders by name: those of a multi, or the one."""
    graders = grader.get("graders") if "graders" in grader else {_name(grader, 1): grader}
    if isinstance(graders, list):
        graders = {_name(g, n): g for n, g in enumerate(graders, 1) if isinstance(g, dict)}
    if not isinstance(graders, dict):
        return {}
    if len(graders) > MAX_GRADERS:
        raise InputError(
            f"The file has {len(graders)} graders.", f"At most {MAX_GRADERS} can be taken in."
        )
    return {str(n): g if isinstance(g, dict) else {"value": g} for n, g in graders.items()}


def _name(grader: Mapping[str, Any], number: int) -> str:
    return str(grader.get("name") or f"grader_{number}")


def _text(key: str, grader: Grader) -> str:
    name = str(grader.get("name") or key)
    text = name if re.search(r"\s", name) else name.replace("_", " ")
    return " ".join(text.split())[:1_000] or key
