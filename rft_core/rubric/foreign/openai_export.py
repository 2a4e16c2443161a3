"""A rubric as an OpenAI grader: a `multi` of the types that need no model, as far as that goes.

Every criterion that cannot be said so is listed with the reason, and so is every one that will
grade a little otherwise there. Graders that came from OpenAI and were not changed since are
written as they were.
"""

import keyword
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from rft_core.checks import build
from rft_core.checks.expression import FUNCTIONS, NoFormula, names, parse, renamed
from rft_core.checks.formula import Formula
from rft_core.checks.judge import Judge
from rft_core.checks.wording import inner_marks
from rft_core.checks.words import KEPT
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Criterion, Record, Rubric
from rft_core.rubric.foreign.formulas import extremes, readable
from rft_core.rubric.foreign.openai_checks import Labels, converted
from rft_core.rubric.foreign.openai_graders import read_graders
from rft_core.rubric.foreign.openai_programs import program
from rft_core.rubric.foreign.openai_writing import Grader, NotThere, joined, written
from rft_core.rubric.ids import free_ids, slug
from rft_core.rubric.ingredients import formula_in

NOT_THE_REASONING = "read here again, it leaves out the reasoning"
_OFF = "it is switched off"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""A name that a formula can hold there."""


class Exported(Record):
    """A rubric as an OpenAI grader, and what is lost."""

    grader: dict[str, Any]
    differs: tuple[str, ...]
    """A sentence for each criterion that grades a little otherwise there."""
    left_out: tuple[str, ...]
    """A sentence for each criterion that is not in the grader."""


class _Part(NamedTuple):
    """One criterion: its graders by name, of which the greatest or the mean counts."""

    criterion: Criterion
    graders: Mapping[str, Grader]
    greatest: bool = False
    formula: str = ""
    """Of a criterion that is one: its text in terms of the other parts' graders."""


class _Found(NamedTuple):
    """The parts that can be said there, and sentences about what differs and what is left out."""

    parts: list[_Part]
    differs: list[str]
    left_out: list[str]


def write_graders(
    rubric: Rubric, labels: Labels | None = None, fields: Collection[str] = ()
) -> Exported:
    """Return the rubric as an OpenAI grader. Raises InputError if no criterion can be said there.

    `labels` and `fields` tell what the project's cases hold, as for `read_graders`.
    """
    found = _said_there(rubric, labels or {}, fields, str)
    parts, left_out = found.parts, found.left_out
    grader = _as_it_came(rubric, parts, labels or {}, fields)
    if grader is None:
        parts = _said_there(rubric, labels or {}, fields, _valid_name).parts
        left_out += [
            f"“{inner_marks(p.criterion.text)}”: {_OFF}." for p in parts if not _counts(p, rubric)
        ]
        parts = [part for part in parts if _counts(part, rubric)]
        grader = _multi(rubric, parts) | {"calculate_output": _formula(rubric, parts)}
    if not any(part.criterion.points for part in parts):
        raise InputError(
            "No criterion of this rubric can be said as an OpenAI grader.",
            "Download the rubric in this app's own form instead.",
        )
    return Exported(grader=grader, differs=tuple(found.differs), left_out=tuple(left_out))


def _said_there(
    rubric: Rubric, labels: Labels, fields: Collection[str], named: Callable[[str], str]
) -> _Found:
    """Return the criteria as graders; those that came with a name get what `named` makes of it."""
    found = _Found([], [], [])
    used: set[str] = set()
    # Formulas come last, since they speak of the others' graders.
    for criterion in sorted(rubric.criteria, key=lambda c: c.check.kind == "formula"):
        counted = [part for part in found.parts if part.criterion.enabled]
        try:
            part, difference = _part(criterion, used, labels, fields, counted, rubric, named)
        except NotThere as reason:
            found.left_out.append(f"“{inner_marks(criterion.text)}”: {reason}.")
            continue
        used.update(part.graders)
        found.parts.append(part)
        if difference:
            found.differs.append(f"“{inner_marks(criterion.text)}”: {difference}.")
    return found._replace(parts=_in_order(_needed(found.parts), rubric))


def _valid_name(wanted: str) -> str:
    """Return a name that a formula can hold there: the wanted one, or one like it.

    A digit cannot come first, and functions and words of the language have a meaning of their own.
    """
    if _PLAIN.fullmatch(wanted) and not (wanted in FUNCTIONS or keyword.iskeyword(wanted)):
        return wanted
    return f"rule_{slug(wanted)}"


def _counts(part: _Part, rubric: Rubric) -> bool:
    """Say whether a part counts in the score there.

    What is not run here counts though it is switched off, unless the formula that came with it
    does not name it.
    """
    if part.criterion.enabled:
        return True
    if not part.criterion.check.kind.startswith(KEPT):
        return False
    graders = {name for criterion in rubric.criteria for name in _original(criterion)}
    try:
        named = names(parse(readable(str(_kept(rubric)["calculate_output"]), graders)))
    except (KeyError, NoFormula):
        return True
    return not named or not set(named).isdisjoint(_original(part.criterion))


def _needed(parts: Sequence[_Part]) -> list[_Part]:
    """Return the parts with points, and those that a formula among them is made of."""
    formulas = [found for part in parts if (found := formula_in(part.criterion.check)) is not None]
    named = {name for formula in formulas for name in formula.parts}
    return [part for part in parts if part.criterion.points or part.criterion.id in named]


def _in_order(parts: Sequence[_Part], rubric: Rubric) -> list[_Part]:
    places = {criterion.id: place for place, criterion in enumerate(rubric.criteria)}
    return sorted(parts, key=lambda part: places[part.criterion.id])


def _kept(rubric: Rubric) -> dict[str, Any]:
    """Return what came with a rubric's graders, such as their formula."""
    return dict((rubric.__pydantic_extra__ or {}).get("openai") or {})


def _multi(rubric: Rubric, parts: Sequence[_Part]) -> Grader:
    graders = {name: grader for part in parts for name, grader in part.graders.items()}
    return {"type": "multi", "name": rubric.name} | _kept(rubric) | {"graders": graders}


def _as_it_came(
    rubric: Rubric, parts: Sequence[_Part], labels: Labels, fields: Collection[str]
) -> Grader | None:
    """Return the graders with the formula that came with them; None if it means no longer this."""
    whole = _multi(rubric, parts)
    came = {criterion.id for criterion in rubric.criteria if _original(criterion)}
    if not came <= {part.criterion.id for part in parts}:
        return None
    if "calculate_output" in whole and _still_means(whole, parts, rubric, labels, fields):
        return whole
    return None


def _still_means(
    whole: Grader, parts: Sequence[_Part], rubric: Rubric, labels: Labels, fields: Collection[str]
) -> bool:
    """Say whether a formula that came with the graders gives the criteria their points of now."""
    again = read_graders(whole, labels, fields).rubric
    ours = [_meaning_of(part.criterion) for part in parts]
    return again.scoring == rubric.scoring and list(map(_meaning_of, again.criteria)) == ours


def _meaning_of(criterion: Criterion) -> tuple[float, bool, CheckSpec | str]:
    """Return what a criterion counts for; why one that is kept is not run here is no matter."""
    check = criterion.check
    is_kept = check.kind.startswith(KEPT)
    return criterion.points, criterion.enabled, check.kind if is_kept else check


def _formula(rubric: Rubric, parts: Sequence[_Part]) -> str:
    """Return the score as a formula: the weighted sum, brought to the scale of the scoring."""
    parts = [part for part in parts if part.criterion.points]
    terms = [_term(part) for part in parts]
    points = [part.criterion.points for part in parts]
    opposite = [_is_opposite(part) for part in parts]
    best = sum(p for p in points if p > 0)
    spared = -sum(p for p in points if p < 0) if rubric.scoring == "normalised" else 0.0
    constant = spared + sum(p for p, turned in zip(points, opposite, strict=True) if turned)
    signed = [-p if turned else p for p, turned in zip(points, opposite, strict=True)]
    text = " + ".join(f"{p:.12g} * {t}" for p, t in zip(signed, terms, strict=True))
    text = text.replace("+ -", "- ")
    total = best + spared
    constant_text = f" + {constant:.12g}" if constant > 0 else f" - {-constant:.12g}"
    text += constant_text if constant else ""
    return f"({text}) / {total:.12g}" if total else text


def _term(part: _Part) -> str:
    if part.formula:
        return part.formula
    names = list(part.graders)
    if len(names) == 1:
        return names[0]
    if part.greatest:
        return f"max({', '.join(names)})"
    return f"(({' + '.join(names)}) / {len(names)})"


def _is_opposite(part: _Part) -> bool:
    """Say whether the grader is met where the criterion's check is not (`ne`).

    What is kept without a check here has the points that the grader had.
    """
    if part.criterion.check.kind.startswith(KEPT):
        return False
    graders = list(part.graders.values())
    return len(graders) == 1 and graders[0].get("operation") == "ne"


def _part(
    criterion: Criterion,
    used: Collection[str],
    labels: Labels,
    fields: Collection[str],
    others: Sequence[_Part],
    rubric: Rubric,
    named: Callable[[str], str],
) -> tuple[_Part, str]:
    """Return the criterion's graders and what differs ("" if nothing). Raises NotThere."""
    if criterion.tags:
        raise NotThere("it is only for cases with certain tags")
    if criterion.applies_to == "reasoning":
        raise NotThere("it looks at the reasoning alone")
    original, free = _original(criterion), free_ids(used)
    if original and _is_unchanged(criterion, original, labels, fields):
        graders = {free(named(name)): grader for name, grader in original.items()}
        return _Part(criterion, graders, len(graders) > 1), ""
    if not criterion.enabled:
        raise NotThere(_OFF)
    try:
        check = build(criterion.check)
    except InputError as error:
        raise NotThere(error.message.rstrip(".")) from None
    if isinstance(check, Formula):
        return _Part(criterion, {}, formula=_of_graders(check, others, rubric)), ""
    if isinstance(check, Judge):
        raise NotThere("OpenAI's AI grader has a prompt and a scale of its own")
    made, difference = written(check)
    name = _valid_name(slug(criterion.id))
    names = [name] if len(made) == 1 else [f"{name}_{n}" for n in range(1, len(made) + 1)]
    graders = {
        free(own): {"name": criterion.text} | grader
        for own, grader in zip(names, made, strict=True)
    }
    greatest = check.kind in ("contains_any", "forbidden")
    whole = NOT_THE_REASONING if criterion.applies_to == "whole" else ""
    return _Part(criterion, graders, greatest), joined((difference, whole))


def _of_graders(check: Formula, others: Sequence[_Part], rubric: Rubric) -> str:
    """Return the formula in terms of the graders of its parts, kept within 0 and 1."""
    terms = {p.criterion.id: f"(1 - {_term(p)})" if _is_opposite(p) else _term(p) for p in others}
    missing = next((name for name in check.parts if name not in terms), None)
    if missing is not None:
        text = next((c.text for c in rubric.criteria if c.id == missing), missing)
        raise NotThere(f"it needs “{text}”, which cannot be said there")
    gap = check.gap()
    if gap is not None:
        raise NotThere(f"for some answers it has no value: {gap.why}")
    text = renamed(check.formula, terms)
    low, high = extremes(check.formula) or (-math.inf, math.inf)
    return f"({text})" if low >= 0 and high <= 1 else f"max(0, min(1, {text}))"


def _original(criterion: Criterion) -> dict[str, Grader]:
    """Return the graders that a criterion came from, if any."""
    came = (criterion.__pydantic_extra__ or {}).get("openai")
    graders = came.get("graders") if isinstance(came, dict) else None
    return graders if isinstance(graders, dict) else {}


def _is_unchanged(
    criterion: Criterion, graders: Mapping[str, Grader], labels: Labels, fields: Collection[str]
) -> bool:
    if criterion.check.kind.startswith(KEPT):
        return True
    if criterion.check.kind == "python":
        codes = [grader.get("source") or program(grader) for grader in graders.values()]
        return codes == [criterion.check.parameters.get("code")]
    found = [converted(grader, labels, fields) for grader in graders.values()]
    if len(found) == 1:
        return found[0] is not None and found[0].check == criterion.check
    if criterion.check.parameters.get("line"):
        return False
    phrases = [p for c in found if c for p in c.check.parameters.get("phrases", ())]
    return phrases == list(criterion.check.parameters.get("phrases", ()))
