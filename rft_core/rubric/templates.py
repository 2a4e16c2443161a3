"""Ready rules by domain, each offered in the form that works on the project's own cases."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from rft_core.records import CheckSpec, Criterion, Example, Record, ReviewRule, Rubric
from rft_core.rubric.ids import free_id, slug
from rft_core.rubric.pasting import Line, Pasted, checked
from rft_core.rubric.proposals import is_number, works
from rft_core.rubric.traps import MAX_CHOICES

GENERAL = "General writing"


class Template(Record):
    """A rule as it stands in `templates.json`."""

    text: str
    """May hold {choice}, {list} or {number}: an expected value of that kind."""
    points: float
    check: CheckSpec | None = None
    """How it is checked; without one, ways are looked for as for a rule that was written."""
    needs: str = ""
    """The expected value without which it cannot be checked."""


class Offer(Record):
    """A ready rule for the cases at hand."""

    text: str
    points: float
    criterion: Criterion | None
    """None where no check works on the cases: it is kept for the expert's review."""
    needs: str


@cache
def templates() -> Mapping[str, tuple[Template, ...]]:
    """Return the ready rules by domain."""
    text = files("rft_core.rubric").joinpath("templates.json").read_text(encoding="utf-8")
    return {
        domain: tuple(Template.model_validate(rule) for rule in rules)
        for domain, rules in json.loads(text).items()
    }


def domain_of(name: str) -> str:
    """Return the domain that a project's own word for it means."""
    return next((d for d in templates() if d.casefold() in name.casefold()), GENERAL)


def offers(domain: str, train: Sequence[Example], rubric: Rubric) -> list[Offer]:
    """Return the ready rules of a domain that the rubric does not have yet."""
    present = {criterion.text.casefold() for criterion in rubric.criteria}
    filled = [(_filled(t.text, train), t) for t in templates()[domain]]
    return [
        Offer(
            text=text,
            points=template.points,
            criterion=_criterion(text, template, train),
            needs=template.needs,
        )
        for text, template in filled
        if text.casefold() not in present
    ]


def taken(chosen: Sequence[Offer], rubric: Rubric) -> Pasted:
    """Return what the chosen rules would add to a rubric."""
    used = {criterion.id for criterion in rubric.criteria}
    criteria = []
    for offer in chosen:
        if offer.criterion is not None:
            own = free_id(used, offer.criterion.id)
            used.add(own)
            criteria.append(offer.criterion.with_changes(id=own))
    review = (ReviewRule(text=o.text, points=o.points) for o in chosen if o.criterion is None)
    return Pasted(criteria=tuple(criteria), review=tuple(review), problems=())


def _criterion(text: str, template: Template, train: Sequence[Example]) -> Criterion | None:
    if template.check is None:
        return checked(Line(text, template.points), train, set())
    if not works(template.check, train):
        return None
    return Criterion(
        id=slug(text), text=text, points=template.points, aspect="substance", check=template.check
    )


def _filled(text: str, train: Sequence[Example]) -> str:
    """Put the name of the first expected value of the kind in place of "{choice}" and the like."""
    for place, (fits, plain) in _KINDS.items():
        if place in text:
            name = next((n for n in _fields(train) if fits(_values(n, train))), None)
            text = text.replace(place, plain if name is None else name.replace("_", " "))
    return text


def _fields(train: Sequence[Example]) -> list[str]:
    return list(dict.fromkeys(name for e in train for name in e.fields))


def _values(name: str, train: Sequence[Example]) -> list[Any]:
    return [v for e in train if (v := e.fields.get(name)) not in (None, "", [])]


def _is_choice(values: Sequence[Any]) -> bool:
    return all(isinstance(v, str) for v in values) and (
        1 < len(set(values)) <= min(MAX_CHOICES, len(values) - 1)
    )


def _is_list(values: Sequence[Any]) -> bool:
    return bool(values) and all(isinstance(v, (list, tuple)) for v in values)


def _is_numbers(values: Sequence[Any]) -> bool:
    return bool(values) and all(is_number(v) for v in values)


_KINDS: dict[str, tuple[Callable[[Sequence[Any]], bool], str]] = {
    "{choice}": (_is_choice, "decision"),
    "{list}": (_is_list, "point"),
    "{number}": (_is_numbers, "amount"),
}
"""By placeholder: which expected values fit, and the word where there are none."""
