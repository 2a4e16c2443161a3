"""Ready rules: good wording for every domain, in a form that works on the cases at hand."""

import pytest

from rft_core.examples.folder import read_project
from rft_core.records import Example, Rubric
from rft_core.rubric.grading import Grader
from rft_core.rubric.templates import GENERAL, domain_of, offers, taken, templates
from rft_core.settings import samples_folder

SAMPLES = {
    name: read_project(samples_folder() / name)
    for name in ("finance", "healthcare", "insurance", "legal")
}
TRAIN = {n: [e for e in f.examples if e.split == "train"] for n, f in SAMPLES.items()}


@pytest.mark.parametrize("name", list(SAMPLES))
def test_the_templates_of_a_samples_domain_grade_its_expert_answers(name: str) -> None:
    domain = domain_of(SAMPLES[name].project.domain)
    assert domain.casefold() == name
    made = taken(offers(domain, TRAIN[name], Rubric()), Rubric())
    assert made.criteria and made.review
    grader = Grader(Rubric(criteria=made.criteria))
    full = [grader.grade(e.reference or "", e).score == 1 for e in TRAIN[name]]
    assert sum(full) >= 0.8 * len(full)


def test_a_template_speaks_of_the_projects_own_values() -> None:
    first = offers("Finance", TRAIN["finance"], Rubric())[0]
    assert first.text == "Makes the right decision"
    assert first.criterion is not None
    assert first.criterion.check.parameters["field"] == "decision"


def test_without_the_expected_value_it_is_kept_for_review_and_says_what_it_needs() -> None:
    bare = [Example(id="a", prompt="A letter", reference="Sent.", split="train")]
    offer = next(o for o in offers("Finance", bare, Rubric()) if "amount" in o.text)
    assert offer.criterion is None
    assert offer.needs == "an expected value that is a number"


def test_what_the_rubric_has_is_not_offered_and_ids_stay_apart() -> None:
    every = offers("Legal", TRAIN["legal"], Rubric())
    rubric = Rubric(criteria=taken(every, Rubric()).criteria)
    again = offers("Legal", TRAIN["legal"], rubric)
    assert [o.text for o in again] == [o.text for o in every if o.criterion is None]
    renamed = rubric.with_changes(
        criteria=[c.with_changes(text=f"{c.text}, really") for c in rubric.criteria]
    )
    more = taken(offers("Legal", TRAIN["legal"], renamed), renamed)
    Rubric(criteria=(*renamed.criteria, *more.criteria))


def test_every_domain_has_rewards_and_penalties_once_each() -> None:
    for rules in templates().values():
        assert 5 <= len(rules) <= 8
        assert {rule.points > 0 for rule in rules} == {True, False}
        assert len({rule.text for rule in rules}) == len(rules)
    assert domain_of("poetry") == GENERAL
