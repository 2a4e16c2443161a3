"""Ready rules by domain, each offered in the form that works on the project's own cases."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files

from rft_core.records import AnswerPart, CheckSpec, Criterion, Example, Record, ReviewRule, Rubric
from rft_core.rubric.ids import free_id, slug
from rft_core.rubric.rules.pasting import Line, Pasted, checked
from rft_core.rubric.rules.proposals import Proposal, called, ways_by_value, works

GENERAL = "General writing"


class Template(Record):
    """A rule as it stands in `templates.json`."""

    text: str
    """May hold {choice}, {list} or {number}, for the name of an expected value of that kind."""
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


def offers(
    domain: str, train: Sequence[Example], rubric: Rubric, form: Sequence[AnswerPart] = ()
) -> list[Offer]:
    """Return the ready rules of a domain that the rubric does not have yet, which call expected
    values as the answer form does."""
    present = {criterion.text.casefold() for criterion in rubric.criteria}
    ways, used = ways_by_value(train, form), set[str]()
    filled = [_offer(template, train, ways, used, form) for template in templates()[domain]]
    return [offer for offer in filled if offer.text.casefold() not in present]


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


def _criterion(text: str, points: float, check: CheckSpec) -> Criterion:
    return Criterion(id=slug(text), text=text, points=points, aspect="substance", check=check)


def _offer(
    template: Template,
    train: Sequence[Example],
    ways: Mapping[str, Proposal],
    used: set[str],
    form: Sequence[AnswerPart],
) -> Offer:
    """Fill a template; an expected value that an earlier rule of the domain took is in `used`."""
    text, criterion = template.text, None
    place = next((place for place in _KINDS if place in text), None)
    if place is not None:
        kinds, plain = _KINDS[place]
        fitting = (f for f, way in ways.items() if way.check.kind in kinds and f not in used)
        field = next(fitting, None)
        text = text.replace(place, plain if field is None else called(field, form))
        if field is not None:
            used.add(field)
            criterion = _criterion(text, template.points, ways[field].check)
    elif template.check is None:
        criterion = checked(Line(text, template.points), train, set())
    elif works(template.check, train):
        criterion = _criterion(text, template.points, template.check)
    return Offer(text=text, points=template.points, criterion=criterion, needs=template.needs)


_KINDS: dict[str, tuple[Collection[str], str]] = {
    "{choice}": (("label", "ranked"), "decision"),
    "{list}": (("contains_all", "set", "quote"), "points"),
    "{number}": (("number",), "amount"),
}
"""By placeholder: the checks by which its expected value may be held, and the word without one."""
