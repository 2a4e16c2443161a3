"""What was typed and not saved comes back after a reload, which is a new session."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from rft_core import settings
from rft_core.examples.folder import read_project
from rft_core.records import AnswerPart, ReviewRule
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


@pytest.fixture
def formless(sample: Studio) -> Studio:
    """Return a store with the sample without an answer form."""
    project, examples, rubric = sample.load_project(NAME)
    sample.save_project(project.with_changes(answer=()), examples, rubric)
    return sample


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


def test_an_answer_form_comes_back_as_it_was_edited(formless: Studio, open_page: Open) -> None:
    page = in_view(open_page("examples"), "Answer form")
    page.button("form-start-0").click().run()
    label = next(t for t in page.text_input if t.key.endswith("-label") and t.value == "Decision")
    label.set_value("Verdict").run()
    area(page, "Choices").set_value("block\nrelease").run()
    page.button("form-add-number").click().run()
    labels = [t.value for t in page.text_input if t.key.endswith("-label")]
    assert labels == ["Quote", "Verdict", "Number"]

    again = in_view(open_page("examples"), "Answer form")
    assert [t.value for t in again.text_input if t.key.endswith("-label")] == labels
    assert area(again, "Choices").value == "block\nrelease"
    assert is_kept(again)
    again.button("form-cancel").click().run()
    assert again.button("form-start-0")
    assert formless.form_drafts(NAME) == {}


def test_a_saved_answer_form_is_no_draft(formless: Studio, open_page: Open) -> None:
    page = in_view(open_page("examples"), "Answer form")
    page.button("form-start-0").click().run()
    area(page, "Choices").set_value("block\nrelease").run()
    page.button("form-save").click().run()
    assert formless.load_project(NAME)[0].answer
    assert formless.form_drafts(NAME) == {}
    again = in_view(open_page("examples"), "Answer form")
    assert not is_kept(again)
    assert formless.form_drafts(NAME) == {}


def test_an_answer_form_that_was_changed_since_it_was_typed_says_so(
    formless: Studio, open_page: Open
) -> None:
    page = in_view(open_page("examples"), "Answer form")
    page.button("form-start-5").click().run()
    project, examples, criteria = formless.load_project(NAME)
    part = AnswerPart(kind="text", label="Note", field="note")
    formless.save_project(project.with_changes(answer=(part,)), examples, criteria)
    again = in_view(open_page("examples"), "Answer form")
    assert any("was changed since you typed this" in c.value for c in again.caption)


def test_a_new_project_comes_back_where_it_was_begun(studio: Studio, open_page: Open) -> None:
    page = open_page("home")
    page.text_area("new-blank-instruction").set_value("You review leases.").run()
    page.button("new-blank-create").click().run()
    assert studio.list_projects().empty

    again = open_page("home")
    assert again.text_area("new-blank-instruction").value == "You review leases."
    assert is_kept(again)
    again.text_input("new-blank-name").set_value("Leases")
    again.button("new-blank-create").click().run()
    assert studio.list_projects()["name"].tolist() == ["Leases"]
    assert studio.form_drafts("") == {}


def test_a_new_project_beside_another_comes_back_open_and_can_be_discarded(
    sample: Studio, open_page: Open
) -> None:
    page = opened(open_page("home"), "another")
    page.text_input("new-blank-name").set_value("Leases").run()
    again = open_page("home")
    assert again.text_input("new-blank-name").value == "Leases"
    again.button("new-blank-discard").click().run()
    assert not is_kept(again)
    assert not any(t.value == "Leases" for t in again.text_input)
    assert sample.form_drafts("") == {}


ROWS = (
    "alert\tdecision\tfrom\nPay now, said the caller.\tblock\tus\nYour parcel is here.\trelease\tus"
)


def test_pasted_rows_come_back_with_what_was_chosen_for_their_columns(
    sample: Studio, open_page: Open
) -> None:
    page = in_view(open_page("examples"), "Import")
    pasting(page, "import").set_value(ROWS).run()
    role = next(s for s in page.selectbox if s.label == "from")
    role.set_value("tags").run()
    assert is_kept(page)

    again = in_view(open_page("examples"), "Import")
    assert next(t for t in again.text_area if t.key.startswith("import-text")).value == ROWS
    assert next(s for s in again.selectbox if s.label == "from").value == "tags"
    again.button("import-do").click().run()
    assert [e.tags for e in sample.load_project(NAME)[1][-2:]] == [("us",), ("us",)]
    assert sample.form_drafts(NAME) == {}


def test_pasted_rows_of_a_new_project_come_back(studio: Studio, open_page: Open) -> None:
    page = open_page("home")
    rows = ROWS.replace("alert", "case")
    pasting(page, "start-file").set_value(rows).run()
    again = open_page("home")
    assert next(t for t in again.text_area if t.key.startswith("start-file")).value == rows
    again.text_input("new-file-name").set_value("Alerts")
    again.button("new-file-create").click().run()
    assert len(studio.load_project(str(studio.list_projects()["project_id"][0]))[1]) == 2
    assert studio.form_drafts("") == {}


def in_view(page: AppTest, view: str) -> AppTest:
    page.session_state["examples-view"] = view
    return page.run()


def pasting(page: AppTest, key: str):
    """Choose to paste rows; return the field for them."""
    next(g for g in page.button_group if g.key == f"{key}-way").set_value(
        "Pasted from a spreadsheet"
    ).run()
    return next(t for t in page.text_area if t.key.startswith(f"{key}-text"))


def area(page: AppTest, label: str):
    return next(a for a in page.text_area if a.label.startswith(label))


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


@pytest.mark.parametrize(
    ("view", "place", "damaged"),
    [
        ("Answer form", "answer-form", "text"),
        ("Answer form", "answer-form", {"of": "", "parts": [{"kind": "tune", "label": "x"}]}),
        ("Answer form", "answer-form", {"of": "", "parts": [{"label": "", "field": ""}]}),
        ("Import", "pasted-import", [1]),
        ("Import", "pasted-import", {"text": 5}),
        ("Import", "pasted-import", {"text": "", "roles": {"a": "b"}}),
    ],
)
def test_damaged_drafts_of_examples_are_dropped(
    sample: Studio, open_page: Open, view: str, place: str, damaged: Any
) -> None:
    sample.keep_form_draft(NAME, place, damaged)
    page = in_view(open_page("examples"), view)
    assert not page.exception
    assert not is_kept(page)
    assert sample.form_drafts(NAME) == {}


def test_what_was_chosen_for_columns_that_is_not_there_any_longer_does_no_harm(
    sample: Studio, open_page: Open
) -> None:
    typed = {
        "text": ROWS, "head": 99, "columns": 3, "roles": {"0": "tune", "77": "tags"},
        "made_of": {"x": True},
    }  # fmt: skip
    sample.keep_form_draft(NAME, "pasted-import", typed)
    page = in_view(open_page("examples"), "Import")
    assert not page.exception
    assert next(t for t in page.text_area if t.key.startswith("import-text")).value == ROWS


def test_damaged_drafts_of_a_new_project_are_dropped(studio: Studio, open_page: Open) -> None:
    for damaged in ("text", {"name": 5}, {"answer_style": "sung"}):
        studio.keep_form_draft("", "new-blank", damaged)
        page = open_page("home")
        assert not page.exception
        assert not is_kept(page)
        assert studio.form_drafts("") == {}
