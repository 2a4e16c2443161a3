"""Examples: one case at a time, the overview, importing, exporting, and what is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.danger import jobs_of
from pages.components.words import BANNED
from rft_core.examples.exporting import to_csv
from rft_core.examples.folder import read_project
from rft_core.jobs import embedding, supervisor
from rft_core.jobs.folder import JobState, append_line
from rft_core.records import AnswerPart, CheckSpec, Criterion, Example, Project, Rubric
from rft_core.rubric.grading import Grader
from rft_core.settings import samples_folder
from rft_core.store import Studio
from tests.pages.acting import opened

Open = Callable[[str], AppTest]
HOSTILE = "<img src=x onerror=alert(1)> $x$ :red[no] http://a.example"


@pytest.fixture
def sample(studio: Studio) -> Studio:
    files = read_project(samples_folder() / "finance")
    studio.save_project(files.project, files.examples, files.rubric)
    return studio


@pytest.fixture
def plain_text(sample: Studio) -> Studio:
    """The same cases in a project without an answer form."""
    project, cases, rubric = sample.load_project("finance-scam-alerts")
    sample.save_project(project.with_changes(answer=()), cases, rubric)
    return sample


def examples(studio: Studio) -> tuple[Example, ...]:
    return studio.load_project(str(studio.list_projects()["project_id"].iloc[0]))[1]


def view(page: AppTest, name: str) -> AppTest:
    return page.segmented_control("examples-view").set_value(name).run()


def area(page: AppTest, label: str):
    return next(a for a in page.text_area if a.label == label)


def area_from(page: AppTest, label: str):
    return next(a for a in page.text_area if a.label.startswith(label))


def said(page: AppTest) -> str:
    parts = [e.value for kind in (page.markdown, page.caption, page.text) for e in kind]
    return "\n".join([*parts, *(b.label for b in page.button)])


def with_findings(page: AppTest) -> AppTest:
    """Open the list of what was found."""
    page.session_state["case-findings"] = True
    return page.run()


def upload(page: AppTest, name: str, text: str) -> AppTest:
    return page.file_uploader[0].upload(name, text.encode(), "text/csv").run()


def test_it_counts_the_cases_and_says_what_they_can_show(sample: Studio, open_page: Open) -> None:
    page = open_page("examples")
    assert page.title[0].value == "Examples"
    assert "**40** training alerts · **60** test alerts, kept aside" in said(page)
    page = opened(page, "worth")
    assert "With 60 test alerts, a change of about 11 points of 100" in said(page)
    assert not [word for word in BANNED if word.lower() in said(page).lower()]


def test_the_expert_chooses_the_change_that_the_test_cases_should_show(
    sample: Studio, open_page: Open
) -> None:
    page = opened(open_page("examples"), "worth")
    assert page.number_input[0].value == 10
    assert "To see a change of 10 points of 100 you would need about 71 test alerts." in said(page)
    page.number_input[0].set_value(4).run()
    assert "To see a change of 4 points of 100 you would need about 441 test alerts." in said(page)
    page = view(page, "Import")
    assert page.number_input[0].value == 4, "it is remembered"


def test_what_is_typed_and_saved_at_once_is_saved_each_time(
    plain_text: Studio, open_page: Open
) -> None:
    """The keys for saving send what stands in a field and the save together."""
    page = open_page("examples")
    for group in ("letter 7", "letter 8", "letter 9"):
        next(t for t in page.text_input if t.label == "Group").set_value(group)
        page.button("case-save").click().run()
        assert examples(plain_text)[0].cluster == group


def test_a_case_is_edited_saved_and_taken_back(plain_text: Studio, open_page: Open) -> None:
    sample = plain_text
    page = open_page("examples")
    area(page, "Expert answer").set_value("Decision: call").run()
    assert "not saved yet" in said(page)
    assert examples(sample)[0].reference != "Decision: call"
    page.button("case-save").click().run()
    assert examples(sample)[0].reference == "Decision: call"
    assert page.toast[0].value.startswith("Saved")
    before = sample.load_project("finance-scam-alerts", 1)[1][0]
    page.button("undo").click().run()
    assert examples(sample)[0] == before
    assert area(page, "Expert answer").value == before.reference


def test_saving_without_a_change_adds_no_version(sample: Studio, open_page: Open) -> None:
    page = open_page("examples")
    page.button("case-save").click().run()
    assert "Nothing was changed" in page.toast[0].value
    assert sample.latest_version("finance-scam-alerts").version == 1


def test_what_was_typed_stays_while_other_cases_are_looked_at(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    area(page, "Alert").set_value("A new text").run()
    page.button("case-next").click().run()
    page.run()
    assert area(page, "Alert").value == examples(sample)[1].prompt
    page = view(page, "Export")
    page = view(page, "One case")
    page.button("case-previous").click().run()
    assert area(page, "Alert").value == "A new text"


def test_at_the_last_case_the_page_says_so_and_does_not_begin_anew(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    assert page.button("case-previous").disabled and not page.button("case-next").disabled
    first, *_, last = (e.id for e in examples(sample))
    page.selectbox("case-id").set_value(last).run()
    assert page.button("case-next").disabled and not page.button("case-previous").disabled
    area(page, "Note").set_value("Seen").run()
    page.button("case-save-next").click().run()
    assert page.toast[0].value == "Saved\\. That was the last alert\\."
    assert page.selectbox("case-id").value == last
    assert examples(sample)[-1].note == "Seen"
    page.button("case-save-next").click().run()
    assert "last alert" in page.toast[0].value
    page.button("case-previous").click().run()
    assert page.selectbox("case-id").value not in (first, last)


def test_expected_values_are_chosen_from_the_rubrics_labels(
    plain_text: Studio, open_page: Open
) -> None:
    sample = plain_text
    page = open_page("examples")
    decision = next(s for s in page.selectbox if s.label == "Decision")
    assert decision.options == ["Not set", "release", "call", "block", "cannot tell"]
    decision.set_value("block").run()
    area(page, "Key words (one a line)").set_value("one\ntwo words").run()
    page.button("case-save-next").click().run()
    first = examples(sample)[0]
    assert first.fields["decision"] == "block"
    assert first.fields["key_words"] == ["one", "two words"]
    assert (
        first.fields["person"]
        == sample.load_project("finance-scam-alerts", 1)[1][0].fields["person"]
    )
    assert page.selectbox("case-id").value == examples(sample)[1].id


def test_a_case_is_deleted_and_brought_back_and_deleted_again(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    page.button("case-delete").click().run()
    assert len(examples(sample)) == 99
    page.button("undo").click().run()
    assert len(examples(sample)) == 100
    page.button("redo").click().run()
    assert len(examples(sample)) == 99


def test_undo_goes_back_step_by_step_and_after_a_reload(sample: Studio, open_page: Open) -> None:
    page = open_page("examples")
    page.button("case-delete").click().run()
    page.button("case-delete").click().run()
    again = open_page("examples")
    for left in (99, 100):
        again.button("undo").click().run()
        assert len(examples(sample)) == left
    assert not any(button.key == "undo" for button in again.button), "nothing is left to take back"
    again.button("redo").click().run()
    assert len(examples(sample)) == 99
    again.button("case-delete").click().run()
    assert not any(button.key == "redo" for button in again.button), "another way was taken"


def test_the_address_names_the_project_so_that_a_reload_shows_the_same(
    sample: Studio, open_page: Open
) -> None:
    sample.save_project(Project(id="other", name="Other"), (), Rubric())
    page = open_page("examples")
    assert page.query_params["project"] == "other"
    reloaded = AppTest.from_file(str(Path(__file__).resolve().parents[2] / "app.py"))
    reloaded.query_params["project"] = "finance-scam-alerts"
    reloaded.run(timeout=30)
    assert "Scam alerts" in [t.value for t in reloaded.sidebar.text]


def test_a_new_case_is_written_into_an_empty_project(studio: Studio, open_page: Open) -> None:
    studio.save_project(Project(id="p", name="P"), (), Rubric())
    page = open_page("examples")
    assert "There are no cases yet" in said(page)
    page.button("first-case").click().run()
    page.button("case-save").click().run()
    assert "The case has no text." in said(page)
    area(page, "Case").set_value(HOSTILE).run()
    page.button("case-save").click().run()
    assert [(e.id, e.prompt, e.split) for e in examples(studio)] == [("case-001", HOSTILE, "train")]
    assert area(page, "Case").value == HOSTILE
    page.button("case-new").click().run()
    assert area(page, "Case").value == ""
    page.button("case-discard").click().run()
    assert len(examples(studio)) == 1


def test_a_new_case_is_named_by_what_the_project_calls_it(studio: Studio, open_page: Open) -> None:
    kept = Example(id="case-001", prompt="An old one", reference="yes", split="train")
    studio.save_project(Project(id="p", name="P", case_noun="lease clause"), (kept,), Rubric())
    page = open_page("examples")
    page.button("case-new").click().run()
    area(page, "Lease clause").set_value("The tenant pays.").run()
    page.button("case-save").click().run()
    assert [e.id for e in examples(studio)] == ["case-001", "lease-clause-001"]


def test_a_duplicate_begins_as_the_case_is_typed_and_is_saved_as_a_new_one(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    page.button("case-new").click().run()
    page.button("case-discard").click().run()  # its inputs were there before, empty
    page.session_state["case-id"] = "fin-003"
    page.run()
    area(page, "Alert").set_value("He lost his card.")
    next(t for t in page.text_input if t.label == "Group").set_value("cards").run()
    page.button("case-duplicate").click().run()
    assert page.session_state["case-id"] == ""
    assert area(page, "Alert").value == "He lost his card."
    page.button("case-save").click().run()
    third, new = examples(sample)[2], examples(sample)[-1]
    assert (new.prompt, new.cluster) == ("He lost his card.", "cards")
    assert (new.reference, new.fields, new.tags, new.split) == (
        third.reference, third.fields, third.tags, third.split,
    )  # fmt: skip
    assert third.prompt != "He lost his card.", "what was typed of it is still not saved"
    assert len(examples(sample)) == 101


def test_a_duplicate_says_of_what_and_its_discard_leads_back(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    page.session_state["case-id"] = "fin-003"
    page.run()
    page.button("case-duplicate").click().run()
    assert "This is a copy of alert fin" in said(page)
    area(page, "Alert").set_value("He lost his card.").run()
    page = open_page("examples")
    assert "This is a copy of alert fin" in said(page), "also after a reload"
    page.button("case-discard").click().run()
    assert page.session_state["case-id"] == "fin-003"
    assert "This is a copy" not in said(page)


def test_a_new_case_that_was_begun_is_not_lost_to_a_duplicate(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    page.button("case-new").click().run()
    area(page, "Alert").set_value("She changed her address.").run()
    page.button("case-previous").click().run()
    page.button("case-duplicate").click().run()
    assert "There is a new alert that you have begun." in said(page)
    page.button("case-new").click().run()
    assert area(page, "Alert").value == "She changed her address."


def test_the_page_speaks_of_what_the_project_calls_a_case(sample: Studio, open_page: Open) -> None:
    page = open_page("examples")
    assert "**40** training alerts · **60** test alerts, kept aside" in said(page)
    labels = {b.key: b.label for b in page.button}
    assert (labels["case-new"], labels["case-next"]) == ("New alert", "Next")
    project, cases, rubric = sample.load_project("finance-scam-alerts")
    hostile = project.with_changes(case_noun=HOSTILE)
    sample.save_project(hostile, cases, rubric)
    page = open_page("examples")
    assert " <img" not in said(page)
    assert list(view(page, "Overview").dataframe[0].value)[3] == HOSTILE


def test_hostile_text_is_only_ever_text(studio: Studio, open_page: Open) -> None:
    cases = [
        Example(id=f"{n} {HOSTILE}", prompt=HOSTILE, reference=f"{HOSTILE} {n}",
                fields={HOSTILE: HOSTILE}, tags=(HOSTILE,), split="train")
        for n in range(9)
    ]  # fmt: skip
    studio.save_project(Project(id="p", name=HOSTILE, case_noun=HOSTILE), cases, Rubric())
    page = open_page("examples")
    for name in ("One case", "Overview", "Export"):
        page = view(page, name)
        assert not page.exception
        for element in (*page.markdown, *page.caption):
            assert "<img" not in element.value.replace("\\<img", "")
            assert "$x$" not in element.value
            assert ":red[no]" not in element.value
    labels = [w.label for w in view(page, "One case").text_input]
    assert not any("<img" in text.replace("\\<img", "") for text in labels)


@pytest.fixture
def ratios(studio: Studio) -> Studio:
    """A project whose answers are a number, a choice and a text, without cases."""
    parts = (
        AnswerPart(kind="number", label="Net debt / EBITDA", field="ratio"),
        AnswerPart(kind="choice", label="Trend", field="trend", options=("better", "worse")),
        AnswerPart(kind="text", label="Covenant risk", field="risk"),
    )
    project = Project(id="p", name="Credit", case_noun="paragraph", answer=parts)
    studio.save_project(project, (), Rubric())
    return studio


def test_the_overview_shows_expected_values_whatever_reads_them(
    ratios: Studio, open_page: Open
) -> None:
    fields = {"ratio": 3.4, "trend": "worse", "risk": "none", "Covenant level": "4.0x"}
    cases = [Example(id=f"p{n}", prompt=f"Debt {n}.", fields=fields, split="train") for n in "ab"]
    ratios.save_examples("p", cases)
    page = view(open_page("examples"), "Overview")
    shown = ["Trend", "Net debt / EBITDA", "Covenant risk", "Covenant level"]
    assert [name for name in page.dataframe[0].value if name in shown] == shown


def test_the_overview_filters_by_side_tag_and_words(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Overview")
    assert len(page.dataframe[0].value) == 100
    page.segmented_control("filter-side").set_value("Test").run()
    assert len(page.dataframe[0].value) == 60
    page.text_input("filter-text").set_value("gift cards").run()
    shown = page.dataframe[0].value
    assert 0 < len(shown) < 60
    assert set(shown["Used for"]) == {"Test"}


def tick(page: AppTest, *rows: int) -> AppTest:
    page.session_state[page.dataframe[0].key] = {
        "selection": {"rows": list(rows), "columns": [], "cells": []}
    }
    return page.run()


def test_the_overview_shows_each_part_of_an_answer_once(sample: Studio, open_page: Open) -> None:
    form = (
        AnswerPart(kind="choice", label="Decision", field="decision", options=("call", "block")),
        AnswerPart(kind="free_text", label="Reason", field="reason"),
    )
    cases = [
        Example(id="a", prompt="One", reference="Decision: call\nReason: It is late.",
                fields={"decision": "call"}, split="train"),
        Example(id="b", prompt="Two", reference="Call them.", split="train"),
        Example(id="c", prompt="Three", fields={"reason": "It is early."}, split="train"),
    ]  # fmt: skip
    sample.save_project(Project(id="q", name="Q", answer=form), cases, Rubric(criteria=()))
    (shown,) = [d.value for d in view(open_page("examples"), "Overview").dataframe]
    assert list(shown.columns) == ["Name", "Used for", "Case", "Decision", "Reason"]
    assert shown["Reason"].tolist() == ["It is late.", "Call them.", "It is early."]


def test_several_cases_are_tagged_at_once_and_that_is_undone(
    sample: Studio, open_page: Open
) -> None:
    page = tick(view(open_page("examples"), "Overview"), 0, 2)
    assert "**2 alerts chosen**" in said(page)
    page.multiselect("bulk-tags").set_value(["mine"]).run()
    page.button("bulk-tag-add").click().run()
    assert ["mine" in e.tags for e in examples(sample)[:4]] == [True, False, True, False]
    assert "2 alerts tagged" in page.toast[0].value
    page.button("undo").click().run()
    assert not any("mine" in e.tags for e in examples(sample))


def test_after_tags_are_added_the_field_is_empty_for_the_next_cases(
    sample: Studio, open_page: Open
) -> None:
    page = tick(view(open_page("examples"), "Overview"), 0)
    page.multiselect("bulk-tags").set_value(["mine"]).run()
    page.button("bulk-tag-add").click().run()
    tick(page, 0, 3)
    assert page.multiselect("bulk-tags").value == [] and page.button("bulk-tag-add").disabled
    page.multiselect("bulk-tags").set_value(["begun"]).run()
    tick(tick(page), 5)
    assert page.multiselect("bulk-tags").value == [] and page.button("bulk-tag-add").disabled


def test_a_tag_is_taken_off_and_cases_are_deleted(sample: Studio, open_page: Open) -> None:
    tag = examples(sample)[0].tags[0]
    page = tick(view(open_page("examples"), "Overview"), 0)
    page.multiselect("bulk-tags").set_value([tag]).run()
    page.button("bulk-tag-off").click().run()
    assert examples(sample)[0].tags == ()
    page = tick(page, 0, 1, 5)
    page.button("bulk-delete").click().run()
    assert len(examples(sample)) == 97


def test_cases_of_a_group_change_sides_together(sample: Studio, open_page: Open) -> None:
    group = examples(sample)[1].cluster
    mates = [e for e in examples(sample) if e.cluster == group]
    two = [e.with_changes(cluster=group) if e.id == "fin-003" else e for e in examples(sample)]
    sample.save_examples("finance-scam-alerts", two)
    page = tick(view(open_page("examples"), "Overview"), 1)
    assert f"{len(mates)} alert" in said(page) and "of the same groups would go along" in said(page)
    page.button("bulk-heldout").click().run()
    assert {e.split for e in examples(sample) if e.cluster == group} == {"heldout"}
    assert sum(e.split == "train" for e in examples(sample)) == 40 - len(mates) - 1


def test_a_ticked_case_is_opened(sample: Studio, open_page: Open) -> None:
    page = tick(view(open_page("examples"), "Overview"), 7)
    page.button("bulk-open").click().run()
    assert page.selectbox("case-id").value == examples(sample)[7].id


def test_ticks_do_not_stay_when_other_cases_are_listed(sample: Studio, open_page: Open) -> None:
    page = tick(view(open_page("examples"), "Overview"), 0)
    page.segmented_control("filter-side").set_value("Test").run()
    assert "chosen**" not in said(page)


def test_a_finding_shows_its_cases(sample: Studio, open_page: Open) -> None:
    twice = [e.with_changes(reference=None) if i < 3 else e for i, e in enumerate(examples(sample))]
    sample.save_examples("finance-scam-alerts", twice)
    page = open_page("examples")
    assert "1 thing to look at" in [e.label for e in page.expander]
    with_findings(page)
    assert "Answer these 3 alerts" in said(page)
    next(b for b in page.button if b.key.startswith("show-no_reference")).click().run()
    assert len(page.dataframe[0].value) == 3
    page.button("list-all").click().run()
    assert len(page.dataframe[0].value) == 100


def test_the_list_of_a_finding_holds_what_is_left_to_mend(sample: Studio, open_page: Open) -> None:
    whole = examples(sample)
    without = [e.with_changes(reference=None) if i < 3 else e for i, e in enumerate(whole)]
    sample.save_examples("finance-scam-alerts", without)
    page = with_findings(open_page("examples"))
    next(b for b in page.button if b.key.startswith("show-no_reference")).click().run()
    sample.save_examples("finance-scam-alerts", [whole[0], *without[1:]], "one is mended")
    assert len(page.run().dataframe[0].value) == 2
    sample.save_examples("finance-scam-alerts", whole, "all are mended")
    assert len(page.run().dataframe[0].value) == 100
    assert "of one finding" not in said(page)


def test_the_list_of_a_finding_about_the_rubric_ends_with_it(
    sample: Studio, open_page: Open
) -> None:
    project, whole, rubric = sample.load_project("finance-scam-alerts")
    without = [
        e.with_changes(fields={**e.fields, "decision": None}) if i in (3, 5) else e
        for i, e in enumerate(whole)
    ]
    sample.save_examples(project.id, without)
    page = open_page("rubric")
    page.session_state["rubric-findings"] = True
    next(b for b in page.run().button if b.label == "Show the alerts").click().run()
    page.switch_page("pages/examples.py").run()
    assert page.dataframe[0].value["Name"].tolist() == [without[3].id, without[5].id]
    sample.save_project(project, whole, rubric, "mended")
    assert len(page.run().dataframe[0].value) == 100
    sample.save_examples(project.id, without)
    assert len(page.run().dataframe[0].value) == 100


def test_the_one_case_of_a_finding_is_not_all_that_is_listed_then(
    sample: Studio, open_page: Open
) -> None:
    with_prompt(sample, 4, "Call the customer on +44 20 7123 4567.")
    page = with_findings(open_page("examples"))
    next(b for b in page.button if b.key.startswith("show-personal_phone")).click().run()
    assert len(view(page, "Overview").dataframe[0].value) == 100


def test_a_search_that_finds_nothing_in_the_list_says_where_it_would(
    sample: Studio, open_page: Open
) -> None:
    for place in (4, 60):
        with_prompt(sample, place, "His address is 81.2.169.142.")
    with_prompt(sample, 7, "It is eleven months old.")
    page = with_findings(open_page("examples"))
    next(b for b in page.button if b.key.startswith("show-personal_ip")).click().run()
    page.text_input("filter-text").set_value("Eleven months").run()
    assert "No alert of those listed has these words; 1 of all alerts has them." in said(page)
    page.button("search-all").click().run()
    assert page.dataframe[0].value["Name"].tolist() == ["fin-008"]
    page.text_input("filter-text").set_value("no such words").run()
    assert "No alert has these words." in said(page)
    assert not page.dataframe and "Tick the box" not in said(page)


def test_save_and_next_saves_once_and_leaves_what_another_window_saved(
    plain_text: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    area(page, "Expert answer").set_value("Decision: call").run()
    second, third = (e.id for e in examples(plain_text)[1:3])
    other = [e.with_changes(note="mine") if e.id == third else e for e in examples(plain_text)]
    plain_text.save_examples("finance-scam-alerts", other, "in another window")
    before = plain_text.latest_version("finance-scam-alerts").version
    page.run().button("case-save-next").click().run()
    assert plain_text.latest_version("finance-scam-alerts").version == before + 1
    assert examples(plain_text)[0].reference == "Decision: call"
    assert examples(plain_text)[2].note == "mine"
    assert page.session_state["case-id"] == second
    page.run().button("case-save-next").click().run()
    assert page.session_state["case-id"] == third
    assert "Nothing was changed" in page.toast[0].value


def test_undo_leads_to_the_case_that_it_changes(plain_text: Studio, open_page: Open) -> None:
    page = open_page("examples")
    area(page, "Expert answer").set_value("Decision: call").run()
    page.button("case-save").click().run()
    first = page.session_state["case-id"]
    page.run().button("case-next").click().run()
    page.run()
    assert page.session_state["case-id"] != first
    page.button("undo").click().run()
    assert page.session_state["case-id"] == first


def test_what_stood_behind_a_case_is_shown_once_it_is_gone_again(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    page.session_state["case-id"] = "fin-060"
    page.run().button("case-delete").click().run()
    page.run().button("undo").click().run()
    assert page.session_state["case-id"] == "fin-060"
    page.button("redo").click().run()
    assert page.session_state["case-id"] == "fin-061"


def test_a_finding_about_one_case_opens_it(sample: Studio, open_page: Open) -> None:
    told = with_prompt(sample, 4, "Call the customer on +44 20 7123 4567.")
    page = with_findings(open_page("examples"))
    assert "a telephone number (+44 … 4567) stands in fin-005" in said(page).replace("\\", "")
    next(b for b in page.button if b.key.startswith("show-personal_phone")).click().run()
    assert area(page, "Alert").value == told


def test_a_finding_about_several_cases_lists_them_whatever_was_looked_at(
    sample: Studio, open_page: Open
) -> None:
    for place in (4, 60):
        with_prompt(sample, place, "His address is 81.2.169.142.")
    page = with_findings(view(open_page("examples"), "Export"))
    next(b for b in page.button if b.key.startswith("show-personal_ip")).click().run()
    assert page.dataframe[0].value["Name"].tolist() == ["fin-005", "fin-061"]


def with_prompt(sample: Studio, place: int, text: str) -> str:
    """Save the cases with another text in one of them, and return its text."""
    cases = list(examples(sample))
    cases[place] = cases[place].with_changes(prompt=f"{cases[place].prompt} {text}")
    sample.save_examples("finance-scam-alerts", cases)
    return str(cases[place].prompt)


def test_what_is_said_to_be_fine_is_not_told_again_until_taken_back(
    sample: Studio, open_page: Open
) -> None:
    with_prompt(sample, 4, "Write to jane@roe-law.co.uk.")
    page = with_findings(open_page("examples"))
    next(b for b in page.button if b.key.startswith("fine-personal_email")).click().run()
    assert "Nothing else is wrong with the alerts, as far as can be seen in 100 alerts." in said(
        page
    )
    page = with_findings(open_page("examples"))
    assert "Nothing else is wrong with the alerts" in said(page)
    assert not any(b.key.startswith("show-") for b in page.button)
    page.button("fine-back").click().run()
    assert "1 thing to look at" in [e.label for e in page.expander]
    page.button("undo").click().run()
    with_prompt(sample, 5, "Write to john@roe-law.co.uk.")
    page = with_findings(open_page("examples"))
    assert "in fin-005 and in 1 more" in said(page).replace("\\", "")


def test_the_things_to_look_at_stay_open_while_they_are_mended_and_closed_once_closed(
    sample: Studio, open_page: Open
) -> None:
    with_prompt(sample, 4, "Write to jane@roe-law.co.uk or call +44 20 7123 4567.")
    page = with_findings(open_page("examples"))
    assert "2 things to look at" in [e.label for e in page.expander]
    next(b for b in page.button if b.key.startswith("fine-personal_email")).click().run()
    assert "1 thing to look at" in [e.label for e in page.expander]
    assert any(b.key.startswith("fine-personal_phone") for b in page.button)
    page.switch_page("pages/rubric.py").run()
    page.switch_page("pages/examples.py").run()
    assert any(b.key.startswith("fine-personal_phone") for b in page.button)
    page.session_state["case-findings"] = False
    page.run().button("fine-back").click().run()
    assert "2 things to look at" in [e.label for e in page.expander]
    assert not any(b.key.startswith("fine-personal") for b in page.button)


def test_too_few_cases_are_to_do_and_nothing_wrong(sample: Studio, open_page: Open) -> None:
    sample.save_examples("finance-scam-alerts", examples(sample)[:1])
    page = with_findings(open_page("examples"))
    box = next(e for e in page.expander if e.label == "1 thing to look at")
    assert box.icon == ":material/pending:"
    assert "material/block" not in said(page)
    assert "1 training and 0 test alerts. More are needed." in said(open_page("home"))
    cases = (examples(sample)[0], examples(sample)[0].with_changes(id="b", prompt=" "))
    sample.save_examples("finance-scam-alerts", cases)
    box = next(e for e in open_page("examples").expander if "to look at" in e.label)
    assert box.icon == ":material/block:"


def test_what_stands_in_the_way_cannot_be_said_to_be_fine(sample: Studio, open_page: Open) -> None:
    sample.save_examples("finance-scam-alerts", examples(sample)[:5])
    page = with_findings(open_page("examples"))
    assert "At least 8 and 6 are needed" in said(page)
    assert not any(b.key.startswith("fine-too_few") for b in page.button)


def test_cases_that_mean_the_same_are_looked_for_and_told(
    sample: Studio, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_spawn", lambda job: None)
    page = with_findings(open_page("examples"))
    page.button("meaning-look").click().run()
    job = embedding.latest("finance-scam-alerts")
    assert job is not None
    cases = examples(sample)
    texts = job.config()["texts"]
    assert texts == [e.prompt for e in cases]
    assert [j.path for j in jobs_of("finance-scam-alerts")] == [job.path]
    for index in range(len(texts)):
        vector = [0.0] * len(texts)
        vector[0 if index == 5 else index] = 1.0
        append_line(job.path / "embeddings.jsonl", {"index": index, "vector": vector})
    job.write_state(JobState(status="finished"))
    page = with_findings(open_page("examples"))
    assert "fin-001 and fin-006" in said(page).replace("\\", "")
    assert "Compared by their meaning as well" in said(page)
    with_prompt(sample, 5, "He has changed his mind.")
    page = with_findings(open_page("examples"))
    assert "except for 1 alert written since" in said(page)
    assert page.button("meaning-look").label == "Look again"
    assert "fin-001 and fin-006" not in said(page).replace("\\", "")


def test_a_look_that_failed_says_why(
    sample: Studio, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_spawn", lambda job: job.take_lock())
    page = open_page("examples")
    page.button("meaning-look").click().run()
    job = embedding.latest("finance-scam-alerts")
    assert job is not None
    assert "meaning-stop" in [b.key for b in page.button]
    job.write_state(JobState(status="failed", message="It is not installed.", fix="Install it."))
    page.run()
    assert "could not be compared" in page.warning[0].value
    assert any("It is not installed. Install it." in h.proto.body for h in page.get("html"))
    assert page.button("meaning-look").label == "Look for alerts that mean the same"


def test_undecided_cases_are_divided_on_request(sample: Studio, open_page: Open) -> None:
    sample.save_examples(
        "finance-scam-alerts", [e.with_changes(split=None) for e in examples(sample)]
    )
    page = with_findings(open_page("examples"))
    page.button("divide").click().run()
    assert sum(e.split == "heldout" for e in examples(sample)) == pytest.approx(40, abs=2)


def test_an_import_saves_nothing_before_it_is_confirmed(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Import")
    page = upload(page, "more.csv", "case,answer\nOne more,yes\n,no case\nAnother,no\n")
    assert "2 alerts would be taken" in said(page)
    assert "1 row would be left out" in said(page)
    assert page.dataframe[1].value["Row"].tolist() == ["3"]
    assert len(examples(sample)) == 100
    page.button("import-do").click().run()
    assert len(examples(sample)) == 102
    assert all(e.split for e in examples(sample))
    assert "2 alerts imported" in page.toast[0].value


def test_the_preview_shows_on_which_side_new_cases_would_be(
    sample: Studio, open_page: Open
) -> None:
    page = view(open_page("examples"), "Import")
    page.radio("import-replace").set_value(True).run()
    rows = "".join(f"Clause {name},yes\n" for name in ("rent", "dogs", "keys", "heat", "term"))
    page = upload(page, "five.csv", f"case,answer\n{rows}")
    assert "Divided for you: 3 for training, 2 for the test." in said(page)
    shown = page.dataframe[0].value["Used for"].tolist()
    assert sorted(shown) == ["Test", "Test", "Training", "Training", "Training"]
    page.radio("import-replace").set_value(False).run()
    assert "In all there would be 105 alerts: 45 for training, 60 for the test." in said(page)
    shown = page.dataframe[0].value["Used for"].tolist()
    page.button("import-do").click().run()
    sides = {"train": "Training", "heldout": "Test"}
    assert [sides[e.split] for e in examples(sample)[-5:]] == shown


def test_rows_left_out_stand_apart_from_rows_taken_with_a_change(
    sample: Studio, open_page: Open
) -> None:
    page = view(open_page("examples"), "Import")
    page = upload(page, "more.csv", "id,case\nfin-001,One more\nx,\ny,Another\n")
    headings = [m.value for m in page.markdown if m.value.startswith("**")]
    assert headings[-2:] == ["**1 row would be left out.**", "**Taken, and to look at**"]
    left_out, changed = page.dataframe[1].value, page.dataframe[2].value
    assert left_out["Row"].tolist() == ["3"]
    assert left_out["What is wrong"].tolist() == ["The alert has no text."]
    assert left_out["What to do"].tolist() == ["Fill in the column of the alert."]
    assert changed["Row"].tolist() == ["2"]
    assert "is already in use" in changed["What to know"].tolist()[0]


def test_values_outside_the_answer_form_are_told_before_and_after_an_import(
    sample: Studio, open_page: Open
) -> None:
    page = view(open_page("examples"), "Import")
    page = upload(page, "more.csv", "case,decision\nOne more,perhaps\nAnother,block\n")
    told = "“Decision” in 1 alert is none of the choices of your answer form: “perhaps”."
    assert any(told in html.value for html in page.get("html"))
    page.button("import-do").click().run()
    page = with_findings(page)
    assert told in said(page).replace("\\", "")
    assert any((button.key or "").startswith("show-not_offered") for button in page.button)


def test_cases_of_a_file_that_are_here_already_are_not_added_again(
    sample: Studio, open_page: Open
) -> None:
    page = view(open_page("examples"), "Import")
    case = examples(sample)[0]
    rows = (
        f'"{case.prompt}","{(case.reference or "").replace(chr(34), chr(34) * 2)}"\nNew one,yes\n'
    )
    other = f'"{case.prompt}  ","Something else"\n'
    page = upload(page, "again.csv", f"case,answer\n{rows}{other}")
    assert page.button("import-do").label == "Add 2 alerts"
    told = "**2 alerts would be taken.** 1 of these has the text of an alert that is here already"
    assert told in said(page)
    assert "1 more row is here already with the same answer, and not added again." in said(page)
    page.radio("import-replace").set_value(True).run()
    assert "is here already" not in said(page)


def test_of_rows_that_are_not_added_nothing_else_is_said(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Import")
    rows = to_csv(examples(sample)[:20]).decode("utf-8-sig")
    page = upload(page, "own.csv", rows)
    assert "**0 alerts would be taken.** 20 rows are here already" in said(page)
    assert not page.dataframe
    assert not any(b.key == "import-do" for b in page.button)


def test_a_row_that_is_there_twice_is_said_before_it_is_added(
    sample: Studio, open_page: Open
) -> None:
    text = "Rent is due.\tfair\ttrain\nDogs.\tfair\ttrain\nRENT is  due.\tfair\ttest\n"
    page = pasted(open_page("examples"), f"Case\tanswer\tUsed for\n{text}")
    noted = page.dataframe[1].value
    assert noted["Row"].tolist() == ["4"]
    assert noted["What to know"].tolist() == [
        "The alert has the text of row 2, with the same answer: one is for training, the other for "
        "the test."
    ]
    assert "As “Used for” says: 2 for training, 1 for the test." in said(page)


def test_where_cases_are_too_few_a_button_leads_to_more(sample: Studio, open_page: Open) -> None:
    sample.save_examples("finance-scam-alerts", examples(sample)[:12], "only a few")
    page = with_findings(open_page("examples"))
    page.button("add-too_few").click().run()
    assert page.segmented_control("examples-view").value == "Import"


def test_an_import_can_replace_all_cases(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Import")
    page.radio("import-replace").set_value(True).run()
    page = upload(page, "new.csv", "case,answer\nOnly one,yes\n")
    assert page.button("import-do").label == "Replace all by 1 alert"
    page.button("import-do").click().run()
    assert [e.prompt for e in examples(sample)] == ["Only one"]


def test_a_file_that_cannot_be_read_is_a_sentence(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Import")
    page = upload(page, "empty.csv", "\n")
    assert "is empty" in said(page)
    assert not any(b.key == "import-do" for b in page.button)
    assert len(examples(sample)) == 100


def test_unknown_headings_are_asked_about(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Import")
    page = upload(page, "own.csv", "Clause,My ruling\nKeep the garden.,fair\n")
    assert "Which column holds the alert?" in page.warning[0].value
    next(s for s in page.selectbox if s.label == "Clause").set_value("prompt").run()
    next(s for s in page.selectbox if s.label == "My ruling").set_value("reference").run()
    page.button("import-do").click().run()
    added = examples(sample)[-1]
    assert (added.prompt, added.reference) == ("Keep the garden.", "fair")


def test_no_column_taken_as_the_answer_is_said_and_the_columns_stand_open(
    sample: Studio, open_page: Open
) -> None:
    columns = "What each column holds"
    page = view(open_page("examples"), "Import")
    page = upload(page, "own.csv", "case,my ruling\nKeep the garden.,fair\n")
    assert "No column was taken as the expert answer." in page.info[0].value
    assert next(e for e in page.expander if e.label == columns).proto.expanded
    next(s for s in page.selectbox if s.label == "my ruling").set_value("reference").run()
    assert not page.info
    assert next(e for e in page.expander if e.label == columns).proto.expanded
    page = upload(page, "other.csv", "case,answer\nKeep the garden.,fair\n")
    assert not page.info
    assert not next(e for e in page.expander if e.label == columns).proto.expanded


RATIOS = (
    "case,{},Trend,Covenant risk\nDebt rose to 3.4x.,3.4,worse,near its limit\n"
    "Nothing was said of debt.,n/a,better,none\nDebt fell to 2.1x.,2.1,,none\n"
)


@pytest.mark.parametrize("heading", ["ND/EBITDA (x)", "Leverage"])
def test_a_part_without_a_column_is_said_and_the_rest_of_the_answer_kept(
    ratios: Studio, open_page: Open, heading: str
) -> None:
    page = upload(view(open_page("examples"), "Import"), "own.csv", RATIOS.format(heading))
    assert "No column holds “Net debt / EBITDA”, so no answer would be whole." in page.info[0].value
    assert next(e for e in page.expander if e.label == "What each column holds").proto.expanded
    seen = "\n".join(html.value for html in page.get("html"))
    assert "Covenant risk: near its limit" in seen
    assert "which is not whole yet" in said(page)
    assert "There is no expert answer yet" not in said(page)
    page.button("import-do").click().run()
    assert [e.fields.get("risk") for e in examples(ratios)] == ["near its limit", "none", "none"]


def test_a_value_that_is_no_number_is_said_with_its_row_and_kept(
    ratios: Studio, open_page: Open
) -> None:
    page = upload(view(open_page("examples"), "Import"), "own.csv", RATIOS.format("Leverage"))
    role_of(page, "Leverage").set_value("field: ratio").run()
    assert not page.info
    noted = page.dataframe[1].value
    assert noted["Row"].tolist() == ["3"]
    assert "“Net debt / EBITDA” holds no number: n/a." in noted["What to know"][0]
    assert "**3 paragraphs would be taken.** 1 of these has a whole answer." in said(page)
    notes = "\n".join(html.value for html in page.get("html"))
    assert "“Trend” is empty in row 4, so it has no whole answer yet." in notes
    page.button("import-do").click().run()
    whole, no_number, no_trend = examples(ratios)
    assert whole.reference == "Net debt / EBITDA: 3.4\nTrend: worse\nCovenant risk: near its limit"
    assert no_number.reference is no_trend.reference is None
    assert no_number.fields == {"ratio": "n/a", "trend": "better", "risk": "none"}
    assert no_trend.fields == {"ratio": 2.1, "risk": "none"}
    page = with_findings(page)
    told = "2 paragraphs have no whole answer yet: Trend is missing; “Net debt / EBITDA” holds no "
    assert f"{told}number: n/a" in said(page).replace("\\", "")


@pytest.mark.parametrize("rare", range(5))
def test_a_choice_that_one_new_row_has_is_learned_from(
    ratios: Studio, open_page: Open, rare: int
) -> None:
    words = ["lease", "merger", "patent", "driver", "flood"]
    rows = [
        f"A {word} was looked at.,{n}.5,{'worse' if n == rare else 'better'},none"
        for n, word in enumerate(words)
    ]
    kept = Example(id="k", prompt="Nothing else.", fields={"trend": "better"}, split="train")
    cases = [kept.with_changes(id=f"k{n}", prompt=f"Nothing in {n}.") for n in "abcd"]
    ratios.save_examples("p", cases)
    table = "\n".join(["case,Net debt / EBITDA,Trend,Covenant risk", *rows])
    page = upload(view(open_page("examples"), "Import"), "own.csv", table)
    assert "1 for training, 4 for the test" in said(page)
    page.button("import-do").click().run()
    learned = [e.fields["trend"] for e in examples(ratios)[4:] if e.split == "train"]
    assert learned == ["worse"]


TABLE = "case,Our position,Key words,Comment\n" + "".join(
    f"The Buyer pays within {n} days.,{('accept', 'reject')[n % 2]},within {n} days,Usual {n}\n"
    for n in range(10, 22)
)


def made_of(page: AppTest):
    return next(m for m in page.multiselect if m.label == "The expert answer is made of")


def test_where_no_column_is_the_answer_it_is_made_of_expected_values(
    studio: Studio, open_page: Open
) -> None:
    studio.save_project(Project(id="p", name="Leases", case_noun="clause"), (), Rubric())
    page = view(open_page("examples"), "Import")
    page = upload(page, "own.csv", TABLE)
    assert not page.info
    assert made_of(page).value == ["Our position", "Key words"]
    assert 'Our position: accept\nKey words: "within 10 days"' in [
        *page.dataframe[0].value["Expert answer"]
    ]
    sides = [*page.dataframe[0].value["Used for"]]
    for role in ("id", "tags", "note"):
        role_of(page, "Comment").set_value(role).run()
        assert [*page.dataframe[0].value["Used for"]] == sides
    role_of(page, "Our position").set_value("tags").run()
    assert [*page.dataframe[0].value["Used for"]] == sides
    role_of(page, "Our position").set_value("field").run()
    assert made_of(page).value == ["Our position", "Key words"]
    page.button("import-do").click().run()
    project, cases, rubric = studio.load_project("p")
    assert [part.label for part in project.answer] == ["Our position", "Key words"]
    assert all(case.reference for case in cases) and rubric.criteria
    assert "Our position: accept or reject" in project.instruction
    page.button("undo").click().run()
    assert studio.load_project("p")[0].answer == ()
    assert examples(studio) == ()


def test_an_import_without_an_answer_is_still_possible(studio: Studio, open_page: Open) -> None:
    studio.save_project(Project(id="p", name="Leases", case_noun="clause"), (), Rubric())
    page = view(open_page("examples"), "Import")
    page = upload(page, "own.csv", TABLE)
    made_of(page).set_value([]).run()
    role_of(page, "Comment").set_value("note").run()
    assert made_of(page).value == []
    page.button("import-do").click().run()
    assert studio.load_project("p")[0].answer == ()
    assert [case.reference for case in examples(studio)] == [None] * 12


def test_a_slip_of_the_pen_is_called_right_with_one_button(sample: Studio, open_page: Open) -> None:
    right, wrong = "block", "blok"
    first = next(e for e in examples(sample) if e.fields["decision"] == right)
    slip = first.with_changes(
        fields=first.fields | {"decision": wrong},
        reference=(first.reference or "").replace(f"Decision: {right}", f"Decision: {wrong}"),
    )
    sample.save_examples(
        "finance-scam-alerts", [slip if e == first else e for e in examples(sample)], "a slip"
    )
    page = with_findings(open_page("examples"))
    assert f"“{wrong}” in {first.id} looks like “{right}”." in said(page).replace("\\", "")
    next(b for b in page.button if b.label == f"Call it “{right}”").click().run()
    assert first in examples(sample)


def test_numbers_and_dates_of_rows_are_no_expected_values(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Import")
    page = upload(page, "own.csv", "Matter no,case,answer,Date,Risk\n17,A note,fair,May,low\n")
    told = "Name of the alert: Matter no · Note: Date · Expected values: Risk"
    assert told in said(page)
    role_of(page, "Date").set_value("field").run()
    page.button("import-do").click().run()
    added = examples(sample)[-1]
    assert (added.id, added.note, added.fields) == ("17", None, {"Risk": "low", "Date": "May"})
    rows = "Matter no,case,answer\n17,Other,fair\n18,Third,fair\n"
    page = upload(view(page, "Import"), "next.csv", rows)
    assert "Left out: Matter no" in said(page)


def test_a_guessed_column_for_the_case_is_told_and_can_be_changed(
    sample: Studio, open_page: Open
) -> None:
    page = view(open_page("examples"), "Import")
    told = "Your account is blocked. Call this number and give your code."
    page = upload(page, "own.csv", f" Scam text ,Other,answer\n{told},{told},block\n")
    assert "“Scam text” is taken, for its texts" in page.info[0].value
    assert role_of(page, "Scam text").value == "prompt"
    assert next(e for e in page.expander if e.label == "What each column holds").proto.expanded
    role_of(page, "Scam text").set_value("ignore").run()
    role_of(page, "Other").set_value("prompt").run()
    assert not page.info
    page.button("import-do").click().run()
    assert examples(sample)[-1].prompt == told


def test_the_cases_can_be_exported_alone_and_with_their_criteria(
    sample: Studio, open_page: Open
) -> None:
    page = view(open_page("examples"), "Export")
    assert [b.label for b in page.download_button] == [
        "CSV", "Excel", "JSONL", "OpenAI JSONL", "HealthBench", "PRBench",
    ]  # fmt: skip
    assert not page.exception
    assert "Breaks this rule" not in said(page)
    never = days(points=-2, text="Must not name the days")
    with_never = sample.load_project("finance-scam-alerts")[2].with_criterion(never)
    sample.save_rubric("finance-scam-alerts", with_never, "a penalty")
    page = view(open_page("examples"), "Export")
    assert "is written as the fault: “Breaks this rule: Must not name the days”" in said(page)
    sample.save_rubric("finance-scam-alerts", Rubric(), "emptied")
    page = view(open_page("examples"), "Export")
    assert "HealthBench" not in [b.label for b in page.download_button]


def test_what_excel_cannot_hold_is_said_before_it_is_asked_for(
    sample: Studio, open_page: Open
) -> None:
    long = examples(sample)[0].with_changes(prompt="word " * 8_000)
    sample.save_examples("finance-scam-alerts", [long, *examples(sample)[1:]], "a long case")
    page = view(open_page("examples"), "Export")
    assert "too long for a cell of Excel" in said(page)
    assert "Excel" not in [b.label for b in page.download_button]


def test_two_columns_for_one_part_are_a_sentence(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Import")
    page = upload(page, "own.csv", "case,other\nA,B\n")
    next(s for s in page.selectbox if s.label == "other").set_value("prompt").run()
    assert not page.exception
    assert 'The columns "case", "other" are all set to be the alert.' in said(page)
    assert not any(b.key == "import-do" for b in page.button)
    next(s for s in page.selectbox if s.label == "case").set_value("ignore").run()
    page.button("import-do").click().run()
    assert examples(sample)[-1].prompt == "B"


def test_the_first_cases_are_shown_as_the_model_will_see_them(
    sample: Studio, open_page: Open
) -> None:
    page = view(open_page("examples"), "Import")
    page = upload(page, "own.csv", f"case,answer\n{HOSTILE},Do nothing\n")
    seen = "\n".join(html.value for html in page.get("html"))
    assert "You sort a bank&#x27;s payment alerts." in seen
    assert "&lt;img src=x" in seen
    assert "<img" not in seen
    assert "Do nothing" in seen


def test_a_file_of_another_tool_is_recognised(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Import")
    page = upload(page, "tests.csv", "question,__expected\nCapital?,Paris\nPoem?,llm-rubric: x\n")
    assert "Recognised as: promptfoo tests" in said(page)
    assert "2 alerts would be taken" in said(page)
    assert page.dataframe[1].value["Row"].tolist() == ["3"]
    page.toggle[0].set_value(True).run()
    assert "Recognised as: A plain table" in said(page)
    page.toggle[0].set_value(False).run()
    page.button("import-do").click().run()
    assert [e.reference for e in examples(sample)[-2:]] == ["Paris", None]


def test_rows_are_pasted_from_a_spreadsheet(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Import")
    page.segmented_control("import-way").set_value("Pasted from a spreadsheet").run()
    area(page, "Copy the rows in your spreadsheet and paste them here").set_value(
        "A case\tits answer\ntoo\tmany\tcells\nAnother\tno\n"
    ).run()
    assert "Which column holds the alert?" in page.warning[0].value
    next(s for s in page.selectbox if s.label == "Column 1").set_value("prompt").run()
    next(s for s in page.selectbox if s.label == "Column 2").set_value("reference").run()
    assert "2 alerts would be taken" in said(page)
    assert page.dataframe[1].value["Row"].tolist() == ["2"]
    page.button("import-do").click().run()
    assert [(e.prompt, e.reference) for e in examples(sample)[-2:]] == [
        ("A case", "its answer"),
        ("Another", "no"),
    ]


@pytest.fixture
def clauses(studio: Studio) -> Studio:
    """A project whose noun and answer parts are no headings that are known everywhere."""
    files = read_project(samples_folder() / "legal")
    studio.save_project(files.project, files.examples, files.rubric)
    return studio


def pasted(page: AppTest, text: str) -> AppTest:
    page = view(page, "Import")
    page.segmented_control("import-way").set_value("Pasted from a spreadsheet").run()
    return area(page, "Copy the rows in your spreadsheet and paste them here").set_value(text).run()


def role_of(page: AppTest, column: str):
    return next(s for s in page.selectbox if s.label == column)


def headings(page: AppTest):
    return next(s for s in page.selectbox if s.label == "Headings are in row")


def test_the_words_of_the_project_are_headings(clauses: Studio, open_page: Open) -> None:
    page = pasted(open_page("examples"), "Clause\tMy decision\nRent is due.\taccept\n")
    assert headings(page).value == 1
    assert "1 clause would be taken" in said(page)
    assert "of which it is not certain" not in said(page)
    page.button("import-do").click().run()
    added = examples(clauses)[-1]
    assert (added.prompt, added.fields) == ("Rent is due.", {"decision": "accept"})


@pytest.mark.parametrize("heading", ["Supplier clause", "The disputed clause"])
def test_a_heading_that_ends_with_the_noun_is_no_question(
    clauses: Studio, open_page: Open, heading: str
) -> None:
    text = "The supplier may change its prices at any time."
    page = pasted(open_page("examples"), f"{heading}\tDecision\tRisk\n{text}\taccept\thigh\n")
    assert role_of(page, heading).value == "prompt"
    assert "of which it is not certain" not in said(page)
    assert not any("No heading says" in info.value for info in page.info)


def test_a_first_row_in_doubt_is_asked_about_and_choices_stay(
    clauses: Studio, open_page: Open
) -> None:
    text = "Passage\tRuling\nThe supplier may change its prices at any time.\taccept\n"
    page = pasted(open_page("examples"), text)
    assert "of which it is not certain" in said(page)
    assert headings(page).value == 1
    role_of(page, "Passage").set_value("prompt").run()
    assert "In the answer: Decision" in role_of(page, "Ruling").options
    role_of(page, "Ruling").set_value("field: decision").run()
    assert "1 clause would be taken" in said(page)
    headings(page).set_value(0).run()
    assert role_of(page, "Column 1").value == "prompt"
    assert role_of(page, "Column 2").value == "field: decision"
    assert "2 clauses would be taken" in said(page)
    role_of(page, "Column 2").set_value("ignore").run()
    headings(page).set_value(1).run()
    assert role_of(page, "Ruling").value == "ignore"
    role_of(page, "Ruling").set_value("field: decision").run()
    page.button("import-do").click().run()
    assert examples(clauses)[-1].fields == {"decision": "accept"}


def test_a_title_above_the_headings_is_told_and_another_row_can_be_chosen(
    sample: Studio, open_page: Open
) -> None:
    page = view(open_page("examples"), "Import")
    page = upload(page, "own.csv", "Alerts of May,,\n,,\ncase,answer,risk\nA note,stop,low\n")
    assert headings(page).value == 3
    assert headings(page).options == ["No row: the first is an alert already", "1", "3"]
    assert page.dataframe[1].value["What is wrong"].tolist() == [
        "Row 1 is a title above the headings: “Alerts of May”"
    ]
    headings(page).set_value(0).run()
    assert role_of(page, "Column 1").value == "field"
    role_of(page, "Column 1").set_value("prompt").run()
    assert "3 alerts would be taken" in said(page)
    headings(page).set_value(3).run()
    assert "1 alert would be taken" in said(page)
    page.button("import-do").click().run()
    assert (examples(sample)[-1].prompt, examples(sample)[-1].fields) == ("A note", {"risk": "low"})


def test_a_file_that_is_no_table_is_not_asked_for_its_headings(
    sample: Studio, open_page: Open
) -> None:
    page = upload(view(open_page("examples"), "Import"), "own.jsonl", '{"case": "A", "x": "B"}\n')
    assert "1 alert would be taken" in said(page)
    assert not [s for s in page.selectbox if s.label == "Headings are in row"]


def test_an_expected_value_keeps_one_name(plain_text: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Import")
    page = upload(page, "own.csv", "case,Decision\nA note,block\n")
    shown = "\n".join(html.value for html in page.get("html"))
    assert "“Decision” is taken as “decision”" in shown
    page.button("import-do").click().run()
    assert examples(plain_text)[-1].fields == {"decision": "block"}

    cases = examples(plain_text)
    spelled = cases[0].with_changes(fields={"Decision": cases[0].fields["decision"]})
    plain_text.save_examples("finance-scam-alerts", (spelled, *cases[1:]), "another spelling")
    page = with_findings(open_page("examples"))
    next(b for b in page.button if b.label == "Call it the same").click().run()
    assert examples(plain_text)[0].fields == {"decision": cases[0].fields["decision"]}


def own(studio: Studio, place: int = 0) -> tuple[Criterion, ...]:
    return examples(studio)[place].criteria or ()


def button_in(page: AppTest, key: str):
    return next(b for b in page.button if b.key == key)


def test_a_case_gets_a_criterion_of_its_own_by_the_same_form(
    plain_text: Studio, open_page: Open
) -> None:
    sample = plain_text
    before = sample.latest_version("finance-scam-alerts")
    answer, rubric = examples(sample)[0].reference or "", sample.load_project(before.project_id)[2]
    page = open_page("examples")
    assert "Criteria for this alert only" in [e.label for e in page.expander]
    page.button("criterion-add").click().run()
    page.run()  # the whole page, after the part with the new criterion
    area(page, "Expert answer").set_value(f"{answer}\nCall within 30 days.").run()
    area_from(page, "The rule").set_value("Names the “30 days”").run()
    assert "Would pass, your own answer to fin-001" in said(page).replace("\\", "")
    page.button("way-take-0").click().run()
    assert "Your expert answer: 1 of 1" in said(page), "the answer as it is typed just now"
    next(n for n in page.number_input if n.label == "Points").set_value(3).run()
    page.button("criterion-save").click().run()
    (added,) = own(sample)
    assert (added.text, added.points, added.check.kind) == (
        "Names the “30 days”",
        3,
        "contains_all",
    )
    assert examples(sample)[0].reference == answer, "what is typed of the case is not saved with it"
    assert area(page, "Expert answer").value.endswith("30 days.")
    assert "was changed since" not in said(page)
    assert "1 criterion for this alert only" in [e.label for e in page.expander]
    now = sample.latest_version("finance-scam-alerts")
    assert now.version == before.version + 1
    assert now.changed == ("examples",)
    assert now.example_set_id != before.example_set_id
    grade = Grader(rubric).grade(f"{answer} 30 days", examples(sample)[0])
    assert grade.possible == Grader(rubric).grade(answer, examples(sample)[1]).possible + 3
    page.button("undo").click().run()
    assert own(sample) == ()


def days(**changes: object) -> Criterion:
    check = CheckSpec(kind="contains_all", phrases=["30 days"])
    made = Criterion(id="days", text="Names the days", points=2, aspect="substance", check=check)
    return made.with_changes(**changes)


def with_own(studio: Studio, *criteria: Criterion) -> None:
    first, *rest = examples(studio)
    studio.save_examples("finance-scam-alerts", [first.with_changes(criteria=criteria), *rest])


def test_a_case_s_own_criterion_is_changed_switched_off_and_deleted(
    sample: Studio, open_page: Open
) -> None:
    with_own(sample, days())
    page = open_page("examples")
    assert "Your expert answer: 0 of 2" in said(page)
    page.button("edit-days").click().run()
    area_from(page, "The words or phrases").set_value("Decision").run()
    assert "Your expert answer: 2 of 2" in said(page)
    page.button("criterion-save").click().run()
    assert [c.check.parameters for c in own(sample)] == [{"phrases": ["Decision"]}]
    page.menu_button("more-days").click("off").run()
    assert [c.enabled for c in own(sample)] == [False]
    assert "Switched off: earns nothing" in said(page)
    assert "Your expert answer" not in said(page)
    page.button("undo").click().run()
    assert [c.enabled for c in own(sample)] == [True]
    page.menu_button("more-days").click("delete").run()
    assert examples(sample)[0].criteria is None
    page.button("undo").click().run()
    assert len(own(sample)) == 1


def test_rules_for_a_reader_are_shown_and_can_get_a_check(sample: Studio, open_page: Open) -> None:
    question = CheckSpec(kind="telepathy", question=HOSTILE)
    with_own(sample, days(text=HOSTILE, check=question, tags_in_file=["axis:accuracy"]))
    page = open_page("examples")
    assert "it grades nothing" in said(page) and "Your expert answer" not in said(page)
    assert "<img" not in said(page).replace("\\<img", "")
    page.button("edit-days").click().run()
    next(s for s in page.selectbox if s.label == "How it is checked").set_value("length").run()
    next(n for n in page.number_input if n.label == "At most this many words").set_value(90).run()
    page.button("criterion-save").click().run()
    (changed,) = own(sample)
    assert changed.check.kind == "length"
    assert changed.tags_in_file == ["axis:accuracy"], "what else the file said of it is kept"


def test_criteria_of_two_cases_never_share_a_name_by_which_they_are_told_apart(
    sample: Studio, open_page: Open
) -> None:
    taken = sample.load_project("finance-scam-alerts")[2].criteria[0].id
    first, second, *rest = examples(sample)
    cases = [
        first.with_changes(criteria=[days(id=taken)]),
        second.with_changes(criteria=[days()]),
        *rest,
    ]
    sample.save_examples("finance-scam-alerts", cases)
    page = open_page("examples")
    assert "Not counted, because the rubric has a criterion of the same name" in said(page)
    button_in(page, f"edit-{taken}").click().run()
    page.button("criterion-save").click().run()
    assert "Not counted" not in said(page)
    page.button("criterion-add").click().run()
    area_from(page, "The rule").set_value("Days").run()
    next(s for s in page.selectbox if s.label == "How it is checked").set_value("length").run()
    next(n for n in page.number_input if n.label == "At most this many words").set_value(90).run()
    page.button("criterion-save").click().run()
    used = [c.id for e in examples(sample) for c in e.criteria or ()]
    assert len(used) == len({*used, taken} - {taken}) == 3


def test_criteria_of_a_file_that_uses_a_name_twice_are_all_shown_and_can_be_told_apart(
    sample: Studio, open_page: Open
) -> None:
    with_own(sample, days(), days(text="Names them again"), days(id=HOSTILE, text="A third"))
    page = open_page("examples")
    assert "3 criteria for this alert only" in [e.label for e in page.expander]
    assert "Names them again" in said(page) and "A third" in said(page)
    page.menu_button("more-days_2").click("delete").run()
    assert [c.text for c in own(sample)] == ["Names the days", "A third"]


def test_a_list_typed_as_an_expected_value_stays_the_same_list(
    plain_text: Studio, open_page: Open
) -> None:
    case = examples(plain_text)[0]
    changed = case.with_changes(fields={**case.fields, "words": "one"})
    plain_text.save_examples("finance-scam-alerts", [changed, *examples(plain_text)[1:]])
    page = open_page("examples")
    next(t for t in page.text_input if t.label == "Words").set_value('["a", "b"]').run()
    page.button("case-save").click().run()
    page.run()
    assert not plain_text.drafts("finance-scam-alerts")
    page.button("case-save").click().run()
    assert list(examples(plain_text)[0].fields["words"]) == ["a", "b"]


def test_what_was_typed_in_a_case_that_another_window_saved_is_not_lost(
    plain_text: Studio, open_page: Open
) -> None:
    project_id = "finance-scam-alerts"
    page = open_page("examples")
    first = examples(plain_text)[0]
    area(page, "Alert").set_value("Typed here").run()
    theirs = first.with_changes(prompt="Typed in another window")
    plain_text.save_examples(project_id, [theirs, *examples(plain_text)[1:]])
    plain_text.keep_draft(project_id, first.id, None)  # as the other window does when it saves
    page.button("case-save").click().run()
    assert "changed in another window meanwhile" in said(page)
    assert area(page, "Alert").value == "Typed here"
    assert examples(plain_text)[0] == theirs
    page.run()
    page.button("case-save").click().run()
    assert examples(plain_text)[0].prompt == "Typed here"
    assert not plain_text.drafts(project_id)
