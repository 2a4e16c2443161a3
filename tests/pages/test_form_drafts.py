"""What was typed and not saved comes back after a reload, which is a new session."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from rft_core import settings
from rft_core.examples.folder import read_project
from rft_core.records import ReviewRule
from rft_core.store import Studio
from tests.pages.acting import opened

Open = Callable[[str], AppTest]
NAME = "finance-scam-alerts"
KEPT = "Kept as a draft, not saved yet"
CRITERION = {
    "of": "", "text": "<b>", "points": 1, "aspect": "form", "applies_to": "answer", "tags": [],
}  # fmt: skip
CRITERIA = "criterion//", "criterion//decision", "criterion/gone/x"
DAMAGED: list[tuple[str, Any]] = [
    *((place, damaged) for place in ("rules", *CRITERIA) for damaged in ("text", 5, [], {})),
    ("rules", {"text": None}),
    ("rules", {"text": "<b>", "choices": 3}),
    *(
        (place, CRITERION | {"check": check})
        for place in CRITERIA
        for check in (
            5,
            {"kind": "contains_any", "phrases": 5},
            {"kind": "length", "max_words": "many"},
            {"kind": "json", "keys": {"a": 1}},
            {"kind": "cost_table", "table": "many"},
        )
    ),
]


@pytest.fixture
def sample(studio: Studio) -> Studio:
    files = read_project(settings.samples_folder() / "finance")
    studio.save_project(files.project, files.examples, files.rubric)
    return studio


def is_kept(page: AppTest) -> bool:
    return any(KEPT in caption.value for caption in page.caption)


def test_pasted_rules_come_back_with_what_was_chosen_for_them(
    sample: Studio, open_page: Open
) -> None:
    page = opened(open_page("rubric"), "paste")
    page.text_area(f"paste-text-{NAME}").set_value("[+2] At most 40 words\nIs kind").run()
    choice = next(g for g in page.button_group if g.key.startswith("paste-line-"))
    choice.set_value("out").run()
    assert is_kept(page)

    again = open_page("rubric")
    assert again.text_area(f"paste-text-{NAME}").value == "[+2] At most 40 words\nIs kind"
    assert next(g for g in again.button_group if g.key == choice.key).value == "out"
    again.button("paste-discard").click().run()
    assert again.text_area(f"paste-text-{NAME}").value == ""
    assert sample.form_drafts(NAME) == {}
    assert not is_kept(open_page("rubric"))


def test_rules_that_were_added_are_no_draft(sample: Studio, open_page: Open) -> None:
    page = opened(open_page("rubric"), "paste")
    page.text_area(f"paste-text-{NAME}").set_value("At most 40 words").run()
    page.button("paste-add").click().run()
    assert not page.exception
    assert sample.form_drafts(NAME) == {}


def field(page: AppTest, ends: str):
    """Return the input of the open criterion whose key ends so."""
    inputs = (*page.text_area, *page.text_input, *page.number_input, *page.selectbox)
    return next(i for i in inputs if i.key.startswith("criterion-") and i.key.endswith(ends))


def test_a_new_criterion_comes_back_open_as_it_was_typed(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    assert not is_kept(page)
    field(page, "-text").set_value("At most 40 words").run()
    field(page, "-points").set_value(3.0).run()
    assert is_kept(page)

    again = open_page("rubric")
    assert (field(again, "-text").value, field(again, "-points").value) == ("At most 40 words", 3)
    again.button("way-take-0").click().run()
    field(again, "-max_words").set_value(35).run()

    third = open_page("rubric")
    assert field(third, "-max_words").value == 35
    third.button("criterion-save").click().run()
    saved = sample.load_project(NAME)[2].criteria[-1]
    assert (saved.points, saved.check.parameters["max_words"]) == (3, 35)
    assert sample.form_drafts(NAME) == {}
    assert open_page("rubric").button("criterion-add")


def test_a_changed_criterion_comes_back_and_cancel_discards_it(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("edit-decision").click().run()
    assert not is_kept(page)
    assert sample.form_drafts(NAME) == {}
    before = field(page, "-text").value
    field(page, "-text").set_value("The right decision, in one word").run()

    again = open_page("rubric")
    assert field(again, "-text").value == "The right decision, in one word"
    again.button("criterion-cancel").click().run()
    again.button("edit-decision").click().run()
    assert field(again, "-text").value == before
    assert not is_kept(again)
    assert not any(a.key.endswith("-text") for a in open_page("rubric").text_area)


def test_a_criterion_that_was_changed_since_it_was_typed_says_so(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("edit-decision").click().run()
    field(page, "-text").set_value("Typed before").run()
    rubric = sample.load_project(NAME)[2]
    changed = [c.with_changes(points=7) if c.id == "decision" else c for c in rubric.criteria]
    sample.save_rubric(NAME, rubric.with_changes(criteria=changed))

    again = open_page("rubric")
    assert field(again, "-text").value == "Typed before"
    assert any("was changed since you typed this" in c.value for c in again.caption)


def test_a_criterion_of_one_case_alone_is_kept_with_the_case(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    page.button("criterion-add").click().run()
    field(page, "-text").set_value("Names the bank").run()
    again = open_page("examples")
    assert field(again, "-text").value == "Names the bank"
    assert not any(a.value == "Names the bank" for a in open_page("rubric").text_area)


def test_a_rule_for_review_of_which_a_criterion_is_made_goes_once_it_is_saved(
    sample: Studio, open_page: Open
) -> None:
    project = sample.load_project(NAME)[0]
    rule = ReviewRule(text="At most 40 words", points=2)
    sample.save_project(project.with_changes(review=(rule,)), *sample.load_project(NAME)[1:])
    page = open_page("rubric")
    page.button("review-edit-0").click().run()
    page.button("way-take-0").click().run()
    again = open_page("rubric")
    again.button("criterion-save").click().run()
    assert sample.load_project(NAME)[0].review == ()


def test_of_two_windows_the_last_that_typed_counts(sample: Studio, open_page: Open) -> None:
    one, other = open_page("rubric"), open_page("rubric")
    for page, text in ((one, "First"), (other, "Second")):
        page.button("criterion-add").click().run()
        field(page, "-text").set_value(text).run()
    one.run()
    assert field(one, "-text").value == "First"
    assert field(open_page("rubric"), "-text").value == "Second"


def test_damaged_drafts_are_dropped(sample: Studio, open_page: Open) -> None:
    for place, damaged in DAMAGED:
        sample.keep_form_draft(NAME, place, damaged)
        page = open_page("rubric")
        assert not page.exception, damaged
        assert page.title[0].value == "Rubric"
        assert not is_kept(page), (place, damaged)
