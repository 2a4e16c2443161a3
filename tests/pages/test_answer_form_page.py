"""Examples with an answer form: saying what an answer is made of, and answering in it."""

import io
from collections.abc import Callable

import pytest
import streamlit as st
from docx import Document
from streamlit.testing.v1 import AppTest

from pages.components import answer_inputs, marker
from pages.components.words import BANNED
from rft_core import settings
from rft_core.examples.drafting import ENOUGH
from rft_core.examples.folder import read_project
from rft_core.examples.form_layout import layout
from rft_core.jobs import supervisor
from rft_core.jobs.folder import JobFolder, JobState, append_line
from rft_core.models import chat, timing
from rft_core.records import AnswerPart, Example, Project, Rubric
from rft_core.rubric.from_form import rubric_of_form
from rft_core.rubric.grading import Grader
from rft_core.settings import samples_folder
from rft_core.store import Studio

Open = Callable[[str], AppTest]
FILES = read_project(samples_folder() / "finance")
NAME = FILES.project.id


@pytest.fixture
def sample(studio: Studio) -> Studio:
    studio.save_project(FILES.project, FILES.examples, FILES.rubric)
    return studio


@pytest.fixture
def empty(studio: Studio) -> Studio:
    studio.save_project(Project(id="p", name="Leases", case_noun="clause"), (), Rubric())
    return studio


def labelled(elements, label: str):
    return next(e for e in elements if e.label == label)


def said(page: AppTest) -> str:
    parts = [e.value for kind in (page.markdown, page.caption, page.text) for e in kind]
    return "\n".join(
        [*parts, *(b.label for b in page.button), *(h.proto.body for h in page.get("html"))]
    )


def unescaped(page: AppTest) -> str:
    return said(page).replace("\\", "")


def view(page: AppTest, name: str) -> AppTest:
    return page.segmented_control("examples-view").set_value(name).run()


def test_before_a_form_is_chosen_it_is_said_that_the_instruction_is_kept(
    empty: Studio, open_page: Open
) -> None:
    own = Project(id="p", name="Leases", case_noun="clause", instruction="You review leases.")
    empty.save_project(own, (), Rubric())
    page = open_page("examples")
    page.button("first-form").click().run()
    assert "Your instruction is kept: how an answer is laid out is added below it" in said(page)
    page.button("form-start-0").click().run()
    labelled(page.text_area, "Choices (one a line)").set_value("accept\nescalate\n").run()
    page.button("form-save").click().run()
    assert empty.load_project("p")[0].instruction.startswith("You review leases.\n")


def test_a_form_is_chosen_filled_in_and_gives_instruction_and_rubric(
    empty: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    page.button("first-form").click().run()
    assert "The instruction and a first rubric are written for you." in said(page)
    page.button("form-start-0").click().run()
    assert "fewer than two choices" in said(page)
    labelled(page.text_area, "Choices (one a line)").set_value("accept\nescalate\n").run()
    assert "The model will be told" in said(page)
    assert not [word for word in BANNED if word.lower() in said(page).lower()]
    page.button("form-save").click().run()
    project, _, rubric = empty.load_project("p")
    assert [(p.kind, p.label, p.field) for p in project.answer] == [
        ("quote", "Quote", "quote"), ("choice", "Decision", "decision"),
    ]  # fmt: skip
    assert project.answer[1].alone == ("cannot tell",)
    assert project.instruction == layout(project.answer, "clause")
    assert rubric.criteria == rubric_of_form(project.answer)
    page.button("undo").click().run()
    assert empty.load_project("p")[0].answer == ()


def test_a_decision_with_words_and_a_reason_is_one_of_the_starts(
    empty: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    page.button("first-form").click().run()
    labelled(page.button, "A decision, with the words that decide and a reason").click().run()
    labelled(page.text_area, "Choices (one a line)").set_value("accept\nescalate\n").run()
    page.button("form-save").click().run()
    project, _, rubric = empty.load_project("p")
    assert [(p.kind, p.label) for p in project.answer] == [
        ("choice", "Decision"), ("quote", "Quote"), ("free_text", "Reason"),
    ]  # fmt: skip
    assert rubric.criteria == rubric_of_form(project.answer)


def test_a_number_may_be_answered_with_that_it_cannot_be_told(
    empty: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    page.button("first-form").click().run()
    labelled(page.button, "A number, a decision and a reason").click().run()
    labelled(page.text_area, "Choices (one a line)").set_value("accept\nescalate\n").run()
    assert "a number, or cannot tell" in said(page)
    page.button("form-save").click().run()
    project, _, _ = empty.load_project("p")
    assert [(p.kind, p.alone) for p in project.answer] == [
        ("number", ("cannot tell",)), ("choice", ("cannot tell",)), ("free_text", ()),
    ]  # fmt: skip
    labelled(page.text_area, "Clause").set_value("No fee is named.").run()
    labelled(page.button, "cannot tell").click().run()
    assert labelled(page.text_input, "Amount").value == "cannot tell"
    labelled(page.get("button_group"), "Decision").set_value("accept").run()
    labelled(page.text_area, "Reason").set_value("There is nothing to pay.").run()
    page.button("case-save").click().run()
    (case,) = empty.load_project("p")[1]
    assert case.fields == {"amount": "cannot tell", "decision": "accept"}
    assert (case.reference or "").startswith("Amount: cannot tell\nDecision: accept\n")


def test_a_number_that_is_not_there_can_be_answered_with_none(
    empty: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    page.button("first-form").click().run()
    labelled(page.button, "A number, a decision and a reason").click().run()
    labelled(page.text_area, "Choices (one a line)").set_value("accept\nescalate\n").run()
    offers = [box for box in page.checkbox if box.label == "Offer “none” as well"]
    assert len(offers) == 1  # a choice has its own choices
    offers[0].check().run()
    page.button("form-save").click().run()
    assert empty.load_project("p")[0].answer[0].alone == ("cannot tell", "none")
    labelled(page.text_area, "Clause").set_value("No fee is named.").run()
    labelled(page.get("button_group"), "Decision").set_value("accept").run()
    labelled(page.text_area, "Reason").set_value("There is nothing to pay.").run()
    page.button("case-save").click().run()
    assert "Where there is no number, write “cannot tell” or “none”." in said(page)
    labelled(page.button, "none").click().run()
    page.button("case-save").click().run()
    (case,) = empty.load_project("p")[1]
    assert case.fields == {"amount": "none", "decision": "accept"}


def test_a_new_number_offers_what_the_instruction_names_for_where_there_is_none(
    empty: Studio, open_page: Open
) -> None:
    project = empty.load_project("p")[0]
    told = 'Give the fee in euros, or "cannot tell".'
    form = (AnswerPart(kind="text", label="Party", field="party"),)
    empty.save_project(project.with_changes(instruction=told, answer=form), (), Rubric())
    page = view(open_page("examples"), "Answer form")
    assert "Your own instruction says “cannot tell”, which no part offers." in said(page)
    page.button("form-add-number").click().run()
    assert "which no part offers" not in said(page)
    page.button("form-save").click().run()
    project, _, _ = empty.load_project("p")
    assert project.answer[1].alone == ("cannot tell",)
    assert project.instruction.endswith("Number: a number, or cannot tell")


def test_of_a_test_case_it_is_said_that_the_model_never_sees_the_answer(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    assert "As the model will learn it" in said(page)
    test = next(e.id for e in sample.load_project(NAME)[1] if e.split == "heldout")
    page.selectbox("case-id").set_value(test).run()
    assert "As the model will learn it" not in said(page)
    assert "Kept aside: the model never sees this answer" in said(page)


def test_a_new_case_is_answered_with_buttons(empty: Studio, open_page: Open) -> None:
    form = FILES.project.answer
    project = empty.load_project("p")[0].with_changes(answer=form)
    empty.save_project(project, (), Rubric(criteria=rubric_of_form(form)))
    page = open_page("examples")
    page.button("first-case").click().run()
    labelled(page.text_area, "Clause").set_value("He read the code out on the phone.").run()
    assert said(page).count("He read the code out") == 0  # the text is in its field alone
    labelled(page.get("button_group"), "Decision").set_value("block").run()
    page.button("case-save").click().run()
    assert 'The answer lacks "Quote" and "Kind".' in said(page)
    drawn = [getattr(e, "key", None) or getattr(e, "value", "") for e in page.main]
    lacks = drawn.index('The answer lacks "Quote" and "Kind".')
    assert drawn[lacks + 2] == "case-actions", "it stands with its fix right above the buttons"
    assert empty.load_project("p")[1] == ()
    labelled(page.get("button_group"), "Kind").set_value("impersonation").run()
    labelled(page.text_area, "Quote (one passage a line)").set_value("read the code").run()
    page.button("case-save").click().run()
    (case,) = empty.load_project("p")[1]
    assert case.reference == 'Quote: "read the code"\nKind: impersonation\nDecision: block'
    assert case.fields == {
        "decision": "block", "kind": "impersonation", "key_words": ["read the code"],
    }  # fmt: skip


def test_a_choice_that_is_changed_back_is_as_it_was(sample: Studio, open_page: Open) -> None:
    page = open_page("examples")
    for value in ("call", None, "cannot tell"):
        labelled(page.get("button_group"), "Decision").set_value(value).run()
    assert "not saved yet" not in said(page)
    page.button("case-save").click().run()
    assert sample.load_project(NAME)[1] == FILES.examples


def test_a_window_that_types_nothing_leaves_the_draft_of_another(
    sample: Studio, open_page: Open
) -> None:
    idle, typing = open_page("examples"), open_page("examples")
    labelled(typing.text_area, "Alert").set_value("Typed elsewhere").run()
    idle.run()
    assert sample.drafts(NAME)["fin-001"].case.prompt == "Typed elsewhere"


def test_a_new_case_never_opens_with_the_text_of_a_deleted_one(
    sample: Studio, open_page: Open
) -> None:
    sample.save_examples(NAME, [*FILES.examples[:3], FILES.examples[3].with_changes(id="case-001")])
    page = open_page("examples")
    page.selectbox("case-id").set_value("case-001").run()
    labelled(page.text_area, "Alert").set_value("Old draft").run()
    sample.save_examples(NAME, FILES.examples[:3])
    page = open_page("examples")
    page.button("case-new").click().run()
    labelled(page.text_area, "Alert").set_value("Fresh").run()
    page.button("case-save").click().run()
    assert [e.prompt for e in sample.load_project(NAME)[1]][3:] == ["Fresh"]
    assert labelled(page.text_area, "Alert").value == "Fresh"


def test_fewer_items_than_an_answer_has_can_be_chosen(studio: Studio, open_page: Open) -> None:
    files = read_project(samples_folder() / "healthcare")
    short = [p.with_changes(top=1) if p.kind == "ranked" else p for p in files.project.answer]
    project = files.project.with_changes(answer=short)
    studio.save_project(project, files.examples, files.rubric)
    page = open_page("examples")
    for _ in range(3):
        genes = labelled(page.multiselect, "Genes")
        genes.set_value(genes.value[:-1]).run()
        assert not page.exception
    assert genes.value == []


def save_as_text(page: AppTest, answer: str) -> None:
    labelled(page.toggle, "Write the answer as text").set_value(True).run()
    labelled(page.text_area, "Expert answer").set_value(answer).run()
    page.button("case-save").click().run()


def test_an_answer_typed_as_text_brings_its_expected_values(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    answer = 'Quote: "the PIN"\nKind: none\nDecision: call'
    save_as_text(page, answer)
    first = sample.load_project(NAME)[1][0]
    assert (first.reference, first.fields["decision"]) == (answer, "call")


def test_a_quotation_that_does_not_stand_in_the_case_is_pointed_out(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    quote = labelled(page.text_area, "Quote (one passage a line)")
    assert quote.value == "the PIN"
    assert "word for word." not in said(page)
    quote.set_value("the secret number").run()
    assert "“the secret number” does not stand in the alert word for word." in said(page)
    quote.set_value("the secret number\nthe PIN").run()
    labelled(page.button, "Take out what does not stand in the alert").click().run()
    assert labelled(page.text_area, "Quote (one passage a line)").value == "the PIN"
    assert "word for word." not in said(page)


def test_a_choice_that_is_not_offered_is_marked_until_another_is_chosen(
    sample: Studio, open_page: Open
) -> None:
    first = FILES.examples[0].with_changes(
        reference='Quote: "the PIN"\nKind: none\nDecision: maybe', fields={"decision": "maybe"}
    )
    sample.save_examples(NAME, [first, *FILES.examples[1:]])
    page = open_page("examples")
    decision = labelled(page.get("button_group"), "Decision")
    shown = [option.content for option in decision.proto.options]
    assert shown[:2] == ["release", "call"]
    assert shown[-1].endswith("maybe (not offered)")
    decision.set_value("call").run()
    decision = labelled(page.get("button_group"), "Decision")
    assert "maybe" not in " ".join(option.content for option in decision.proto.options)
    page.button("case-save").click().run()
    assert sample.load_project(NAME)[1][0].fields["decision"] == "call"


def test_what_was_typed_is_there_after_the_browser_was_closed(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    labelled(page.text_area, "Alert").set_value("Another text").run()
    labelled(page.get("button_group"), "Kind").set_value(None).run()
    later = open_page("examples")
    assert labelled(later.text_area, "Alert").value == "Another text"
    assert labelled(later.get("button_group"), "Kind").value is None
    assert "not saved yet" in said(later)
    assert "Kept as a draft, not saved yet" in said(later)
    assert sample.load_project(NAME)[1] == FILES.examples
    later.button("case-discard").click().run()
    assert labelled(later.text_area, "Alert").value == FILES.examples[0].prompt
    assert labelled(open_page("examples").text_area, "Alert").value == FILES.examples[0].prompt
    assert sample.drafts(NAME) == {}


def test_expected_values_without_an_answer_are_shown_and_become_one(
    sample: Studio, open_page: Open
) -> None:
    bare = [FILES.examples[0].with_changes(reference=None), *FILES.examples[1:]]
    sample.save_examples(NAME, bare)
    page = open_page("examples")
    assert labelled(page.get("button_group"), "Decision").value == "cannot tell"
    assert "not saved yet" not in said(page)
    page.button("case-save").click().run()
    assert sample.load_project(NAME)[1] == FILES.examples


@pytest.mark.parametrize("as_text", [False, True])
def test_once_an_answer_is_whole_its_reason_is_kept_in_it_alone(
    studio: Studio, open_page: Open, as_text: bool
) -> None:
    form = (
        AnswerPart(kind="number", label="Months", field="months"),
        AnswerPart(kind="free_text", label="Reason", field="reason"),
    )
    case = Example(id="c1", prompt="Clause 1.", fields={"reason": "It is late."}, split="train")
    studio.save_project(Project(id="mine", name="Mine", answer=form), [case], Rubric())
    page = open_page("examples")
    assert labelled(page.text_area, "Reason").value == "It is late."
    if as_text:
        save_as_text(page, "Months: 3\nReason: It is early.")
    else:
        labelled(page.text_input, "Months").set_value("3")
        labelled(page.text_area, "Reason").set_value("It is early.").run()
        page.button("case-save").click().run()
    (saved,) = studio.load_project("mine")[1]
    assert saved.reference == "Months: 3\nReason: It is early."
    assert saved.fields == {"months": 3}


def test_a_source_and_a_note_are_kept_and_never_shown_to_the_model(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    labelled(page.text_area, "Source").set_value("Policy 4, section 2").run()
    labelled(page.text_area, "Note").set_value("Ask Mara").run()
    page.button("case-save").click().run()
    project, examples, _ = sample.load_project(NAME)
    assert (examples[0].source, examples[0].note) == ("Policy 4, section 2", "Ask Mara")
    assert "note" not in examples[1].model_dump(), "cases without one keep their content id"
    told = str(chat.messages(project, examples[0]))
    assert "Policy 4" not in told and "Mara" not in told


def test_a_draft_of_a_case_that_changed_meanwhile_says_so(sample: Studio, open_page: Open) -> None:
    page = open_page("examples")
    labelled(page.text_area, "Alert").set_value("Another text").run()
    tagged = [e.with_changes(tags=("x",)) for e in FILES.examples]
    sample.save_examples(NAME, tagged)
    later = open_page("examples")
    assert "The alert was changed since you typed this." in said(later)
    assert labelled(later.text_area, "Alert").value == "Another text"


def test_a_part_named_otherwise_before_it_is_saved_is_called_so_everywhere(
    empty: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    page.button("first-form").click().run()
    page.button("form-start-4").click().run()
    labelled([t for t in page.text_input if t.value == "Amount"], "Name").set_value(
        "Net debt / EBITDA"
    ).run()
    assert "“Net debt / EBITDA” is worth most." in unescaped(page)
    page.button("form-save").click().run()
    project, _, rubric = empty.load_project("p")
    assert [part.field for part in project.answer] == ["net_debt_ebitda"]
    assert rubric.criteria == rubric_of_form(project.answer)


def test_an_expected_value_is_called_as_its_part_is_labelled(
    sample: Studio, open_page: Open
) -> None:
    project = FILES.project
    parts = [p.with_changes(label="Urgency") if p.field == "decision" else p
             for p in project.answer]  # fmt: skip
    changed = project.with_changes(answer=tuple(parts))
    sample.save_project(changed, FILES.examples, FILES.rubric)
    page = open_page("examples")
    boxes = [box.label for box in page.selectbox]
    assert "Urgency" in boxes
    assert "Decision" not in boxes
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    next(s for s in page.selectbox if s.label == "How it is checked").set_value("label").run()
    compared = next(s for s in page.selectbox if s.label.startswith("Compared"))
    assert compared.value == "decision"
    assert "Urgency" in compared.options
    assert "decision" not in compared.options


def test_an_answer_in_another_layout_is_shown_as_text(sample: Studio, open_page: Open) -> None:
    other = [FILES.examples[0].with_changes(reference="Block it."), *FILES.examples[1:]]
    sample.save_examples(NAME, other)
    page = open_page("examples")
    assert labelled(page.text_area, "Expert answer").value == "Block it."
    assert "not laid out as the answer form says" in said(page)
    switch(page, to_text=False)
    assert labelled(page.text_area, "Expert answer").value == "Block it."
    assert labelled(page.toggle, "Write the answer as text").value is True
    assert "since the form cannot hold it. The line “Block it.” does not" in unescaped(page)
    labelled(page.text_area, "Expert answer").set_value("").run()
    switch(page, to_text=False)
    assert labelled(page.get("button_group"), "Decision").value is None
    assert "Kept as a draft, not saved yet" in said(page), "the text that is saved was deleted"


def switch(page: AppTest, to_text: bool) -> None:
    labelled(page.toggle, "Write the answer as text").set_value(to_text).run()


def test_what_was_typed_goes_with_the_switch_between_form_and_text(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    switch(page, to_text=True)
    assert labelled(page.text_area, "Expert answer").value == FILES.examples[0].reference
    assert "not saved yet" not in said(page)
    typed = 'decision: Block\n\nQuote: "the PIN", "is "safe" now"'
    labelled(page.text_area, "Expert answer").set_value(typed).run()
    switch(page, to_text=False)
    assert labelled(page.get("button_group"), "Decision").value == "block"
    assert labelled(page.get("button_group"), "Kind").value is None
    quote = labelled(page.text_area, "Quote (one passage a line)")
    assert quote.value == 'the PIN\nis "safe" now'
    assert "Kept as a draft, not saved yet" in said(page)
    quote.set_value('the PIN\na"b "c').run()
    switch(page, to_text=True)
    assert labelled(page.text_area, "Expert answer").value == (
        'Quote: "the PIN", “a"b "c”\nDecision: block'
    )
    page.button("case-save").click().run()
    saved = sample.load_project(NAME)[1][0].reference
    assert saved == 'Quote: "the PIN", “a"b "c”\nDecision: block'
    assert labelled(page.text_area, "Expert answer").value == saved


def test_a_choice_that_the_form_does_not_offer_keeps_the_answer_a_text(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    switch(page, to_text=True)
    other = 'Quote: "the PIN"\nKind: none\nDecision: perhaps'
    labelled(page.text_area, "Expert answer").set_value(other).run()
    switch(page, to_text=False)
    assert "hold it. “perhaps” is none of the choices of “Decision”." in unescaped(page)
    assert labelled(page.text_area, "Expert answer").value == other


def test_the_page_speaks_of_the_text_as_it_is_now(sample: Studio, open_page: Open) -> None:
    other = [FILES.examples[0].with_changes(reference="Block it."), *FILES.examples[1:]]
    sample.save_examples(NAME, other)
    page = open_page("examples")
    labelled(page.text_area, "Expert answer").set_value(
        'Quote: "the PIN"\nKind: none\nDecision: call\n'
    ).run()
    assert "not laid out" not in said(page)
    assert not [s for s in page.selectbox if s.label in ("Decision", "Kind")]
    labelled(page.text_area, "Expert answer").set_value('Quote: "the PIN"\nKind: none').run()
    assert "as the answer form says. The answer lacks “Decision”." in unescaped(page)
    more = 'Quote: "the PIN"\nKind: none\nDecision: call\nSo: yes'
    labelled(page.text_area, "Expert answer").set_value(more).run()
    assert "says. The line “So: yes” does not begin with" in unescaped(page)
    labelled(page.text_area, "Expert answer").set_value(
        'Quote: "the PIN"\nKind: none\nDecision: call'
    ).run()
    page.button("case-save").click().run()
    assert sample.load_project(NAME)[1][0].fields["decision"] == "call"


def test_words_are_marked_in_a_case_whose_answer_is_written_as_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts, values = FILES.project.answer, {}
    state = {"k-as-text": True, "k-reference": FILES.examples[0].reference}
    monkeypatch.setattr(st, "session_state", state)
    field = parts[0].field
    answer_inputs.take(parts, values, "k", field, "a code")
    assert state["k-reference"].startswith('Quote: "the PIN", "a code"\n')
    assert answer_inputs.marks(parts, values, "k") == {field: ["the PIN", "a code"]}
    answer_inputs.take(parts, values, "k", field, "a code now")
    assert answer_inputs.marks(parts, values, "k") == {field: ["the PIN", "a code now"]}
    answer_inputs.take_off(parts, values, "k", field, "the PIN")
    assert state["k-reference"].startswith('Quote: "a code now"\n')
    state["k-reference"] = "Block it."
    answer_inputs.take(parts, values, "k", field, "a code")
    assert state["k-reference"] == 'Block it.\nQuote: "a code"'


def test_an_answer_is_suggested_for_training_cases_only(sample: Studio, open_page: Open) -> None:
    bare = [e.with_changes(reference=None, fields={}) if i in (0, 45) else e
            for i, e in enumerate(FILES.examples)]  # fmt: skip
    assert bare[45].split == "heldout"
    sample.save_examples(NAME, bare)
    page = open_page("examples")
    labelled(page.button, "Suggest an answer").click().run()
    assert "Please correct it." in said(page)
    assert labelled(page.get("button_group"), "Decision").value
    page.selectbox("case-id").set_value(bare[45].id).run()
    assert "Test alerts are answered without help" in said(page)
    assert not [b for b in page.button if b.label == "Suggest an answer"]


def test_the_models_answer_can_be_taken_over_if_it_is_in_the_form(
    sample: Studio, open_page: Open
) -> None:
    first, second, *rest = FILES.examples
    bare = [e.with_changes(reference=None, fields={}) for e in (first, second)]
    sample.save_examples(NAME, [*bare, *rest])
    job = JobFolder(settings.jobs_folder() / "answer-1")
    job.create({
        "kind": "answer", "purpose": "model-drafts", "project": {"id": NAME, "name": "S"},
        "examples": [e.model_dump(mode="json") for e in bare],
    })  # fmt: skip
    append_line(job.answers_file, {"example_id": first.id, "answer": f"{first.reference}\n"})
    append_line(job.answers_file, {"example_id": second.id, "answer": "I cannot say."})
    job.write_state(JobState(status="finished"))
    page = open_page("examples")
    assert "What the model says" in said(page)
    labelled(page.button, "Take it, and correct it").click().run()
    page.button("case-save-next").click().run()
    assert sample.load_project(NAME)[1][0].reference == first.reference
    assert "I cannot say." in said(page)
    assert "cannot be taken over" in said(page)


def test_asking_the_model_never_sends_test_cases(
    sample: Studio, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = [e.with_changes(reference=None, fields={}) if i in (0, 3, 45) else e
            for i, e in enumerate(FILES.examples)]  # fmt: skip
    sample.save_examples(NAME, bare)
    monkeypatch.setattr(timing, "saved", lambda model_id: timing.Timing(
        model_id=model_id, machine="m", device="cpu", threads=1, dtype="float32", bf16_speedup=1,
        train_tokens_per_s=1, decode_tokens_per_s=1, free_gb=8))  # fmt: skip
    monkeypatch.setattr(supervisor, "_spawn", lambda job: job.take_lock())
    page = open_page("examples")
    page.button("model-drafts-ask").click().run()
    assert not page.exception
    (job,) = supervisor.jobs()
    config = job.config()
    assert [e["id"] for e in config["examples"]] == [bare[0].id, bare[3].id]
    assert {e["split"] for e in config["shots"]} == {"train"} and len(config["shots"]) == 4


def test_few_answers_give_no_suggestion(sample: Studio, open_page: Open) -> None:
    few = [e if i < ENOUGH else e.with_changes(reference=None)
           for i, e in enumerate(FILES.examples[:40])]  # fmt: skip
    sample.save_examples(NAME, few[1:])
    page = open_page("examples")
    page.selectbox("case-id").set_value(few[-1].id).run()
    assert not [b for b in page.button if b.label == "Suggest an answer"]


def test_a_renamed_part_is_renamed_in_all_answers(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Answer form")
    assert [t.value for t in page.text_input if t.label == "Name"] == ["Quote", "Kind", "Decision"]
    names = [t for t in page.text_input if t.label == "Name"]
    names[2].set_value("Verdict").run()
    assert "Your rubric follows" in said(page)
    page.button("form-save").click().run()
    assert "100 answers written anew" in page.toast[0].value
    project, examples, rubric = sample.load_project(NAME)
    assert examples[0].reference.endswith("\nVerdict: cannot tell")
    assert project.instruction.split("\n")[:3] == FILES.project.instruction.split("\n")[:3]
    assert project.instruction.split("\n")[3] == "Verdict: release, call, block or cannot tell"
    grader, usual = Grader(rubric), Grader(FILES.rubric)
    for new, was in zip(examples[:9], FILES.examples, strict=False):
        assert grader.grade(new.reference, new) == usual.grade(was.reference, was)
    assert [c.points for c in rubric.criteria] == [c.points for c in FILES.rubric.criteria]


def decisions(page: AppTest):
    return next(t for t in page.text_area if t.value.startswith("release"))


def test_a_renamed_choice_is_renamed_wherever_it_stands(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Answer form")
    decisions(page).set_value("release\nring up\nblock").run()
    having = [e.id for e in FILES.examples if e.fields["decision"] == "call"]
    (box,) = [c for c in page.checkbox if "there too" in c.label]
    assert box.label == f"“call” is in {len(having)} alerts: call it “ring up” there too"
    page.button("form-save").click().run()
    project, examples, rubric = sample.load_project(NAME)
    assert [e.id for e in examples if e.fields["decision"] == "ring up"] == having
    assert [e.id for e in examples if e.reference.endswith("Decision: ring up")] == having
    old, new = Grader(FILES.rubric), Grader(rubric)
    for case, was in zip(examples, FILES.examples, strict=True):
        assert new.grade(case.reference, case).values == old.grade(was.reference, was).values
    assert "ring up" in project.instruction
    page.button("undo").click().run()
    assert sample.load_project(NAME)[1] == FILES.examples


def test_a_choice_keeps_its_name_in_cases_if_that_is_wanted(
    sample: Studio, open_page: Open
) -> None:
    page = view(open_page("examples"), "Answer form")
    decisions(page).set_value("release\nring up\nblock").run()
    next(c for c in page.checkbox if "there too" in c.label).set_value(False).run()
    page.button("form-save").click().run()
    assert sample.load_project(NAME)[1] == FILES.examples


def test_of_choices_that_cannot_be_matched_it_is_said_how_many_cases_have_them(
    sample: Studio, open_page: Open
) -> None:
    told = f"Call nobody yourself.\n{FILES.project.instruction}"
    sample.save_project(FILES.project.with_changes(instruction=told), FILES.examples, FILES.rubric)
    page = view(open_page("examples"), "Answer form")
    decisions(page).set_value("release\nring up").run()
    count = sum(e.fields["decision"] in ("call", "block") for e in FILES.examples)
    assert f"{count} alerts have “call” or “block”, which you do not offer" in unescaped(page)
    assert "Your own instruction still says “call”" in unescaped(page)
    assert not [c for c in page.checkbox if "there too" in c.label]


def delete_part(page: AppTest, place: int) -> None:
    next(b for b in page.button if b.key.endswith(f"-{place}-delete")).click().run()


@pytest.mark.parametrize("removes", [True, False])
def test_with_a_part_go_its_criteria_and_values_unless_they_are_kept(
    sample: Studio, open_page: Open, removes: bool
) -> None:
    page = view(open_page("examples"), "Answer form")
    delete_part(page, 1)
    about = [c for c in FILES.rubric.criteria if c.check.parameters.get("field") == "kind"]
    assert "“Kind” goes: 100 answers are written anew without it." in unescaped(page)
    (box,) = [c for c in page.checkbox if c.label.startswith("Remove the ")]
    assert about and f"Remove the {len(about)} criteri" in box.label
    box.set_value(removes).run()
    page.button("form-save").click().run()
    _, examples, rubric = sample.load_project(NAME)
    assert set(about).isdisjoint(rubric.criteria) is removes
    assert any("kind" in e.fields for e in examples) is not removes
    assert not [e for e in examples if "Kind:" in e.reference]
    page.button("undo").click().run()
    assert sample.load_project(NAME)[1:] == (FILES.examples, FILES.rubric)


def test_a_part_is_added_moved_and_deleted(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Answer form")
    page.button("form-add-number").click().run()
    page.button("form-add-reasoning").click().run()
    names = [t.value for t in page.text_input if t.label == "Name"]
    assert names == ["Reasons", "Quote", "Kind", "Decision", "Number"]
    next(b for b in page.button if b.key.endswith("-3-up")).click().run()
    assert "has to be the first part" not in said(page)
    page.button("form-save").click().run()
    project, examples, _ = sample.load_project(NAME)
    assert project.answer_style == "reason_then_answer"
    assert examples == FILES.examples, "answers that lack a part stay as they are"


def test_the_form_of_given_cases_is_offered(sample: Studio, open_page: Open) -> None:
    sample.save_project(FILES.project.with_changes(answer=()), FILES.examples, FILES.rubric)
    page = view(open_page("examples"), "Answer form")
    assert page.button("form-own").label == "As in my alerts: Quote, Kind, Decision"
    page.button("form-own").click().run()
    page.button("form-save").click().run()
    project, examples, _ = sample.load_project(NAME)
    assert [part.field for part in project.answer] == ["key_words", "kind", "decision"]
    assert (project.instruction, examples) == (FILES.project.instruction, FILES.examples)


def test_the_form_can_be_given_up(sample: Studio, open_page: Open) -> None:
    page = view(open_page("examples"), "Answer form")
    page.button("form-remove").click().run()
    project, examples, _ = sample.load_project(NAME)
    assert (project.answer, examples) == ((), FILES.examples)
    assert labelled(view(page, "One case").text_area, "Expert answer").value


@pytest.mark.parametrize(
    "picked",
    [None, "x", {}, {"part": "quote"}, {"part": "other", "text": "a b"},
     {"part": "quote", "text": "not there"}, {"part": "quote", "text": ""},
     {"part": "quote", "text": 3}, {"part": "quote", "text": "a " * 5_000}],
)  # fmt: skip
def test_only_words_of_the_case_can_be_marked(picked: object) -> None:
    assert marker._checked(picked, "a b\nc d", {"quote": "Quote"}) is None
    good = {"part": "quote", "text": " b\nc"}
    assert marker._checked(good, "a b\nc d", {"quote": "Quote"}) == ("quote", "b c")


def test_only_a_passage_that_was_taken_can_be_taken_off() -> None:
    taken = {"quote": ["b c"]}
    assert marker._dropped({"part": "quote", "text": "b c"}, taken) == ("quote", "b c")
    for wrong in ({"part": "quote", "text": "b"}, {"part": "x", "text": "b c"}, "b c", {}):
        assert marker._dropped(wrong, taken) is None


@pytest.mark.parametrize(
    ("marked", "taken"),
    [
        ("INR this morning 6.8, ", "INR this morning 6.8"), ("6.8.", "6.8"),
        ("- INR 6.8;", "INR 6.8"),
        (", on warfarin:", "on warfarin"), ("stopped –", "stopped"), ("stopped ...", "stopped"),
        ("(6.8),", "(6.8)"), ("said “stop”,", "said “stop”"), ("-2 mmol", "-2 mmol"),
        (".5 mg", ".5 mg"), ("5 mg b.i.d.", "5 mg b.i.d."), ("5 mg b.i.d.,", "5 mg b.i.d."),
        ("Stop it?", "Stop it?"), ("50%", "50%"),
    ],
)  # fmt: skip
def test_punctuation_around_marked_words_is_not_taken(marked: str, taken: str) -> None:
    picked = {"part": "quote", "text": marked}
    assert marker._checked(picked, f"He {marked} and", {"quote": "Quote"}) == ("quote", taken)
    assert marker._checked({"part": "quote", "text": " , "}, "a , b", {"quote": "Quote"}) is None


def test_the_text_of_a_document_is_put_into_a_case(empty: Studio, open_page: Open) -> None:
    page = open_page("examples")
    page.button("first-case").click().run()
    labelled(page.text_area, "Clause").set_value("First:").run()
    document = Document()
    document.add_paragraph("3.2 Landlord may raise the rent.")
    buffer = io.BytesIO()
    document.save(buffer)
    box = f"{labelled(page.text_area, 'Clause').key}-document-box"
    page.session_state[box] = True
    page.file_uploader[0].upload("clause.docx", buffer.getvalue(), "application/zip").run()
    assert page.session_state[box]
    labelled(page.button, "Put it into the clause").click().run()
    assert not page.session_state[box]
    assert labelled(page.text_area, "Clause").value == "First:\n\n3.2 Landlord may raise the rent."
    page.button("case-save").click().run()
    assert len(empty.load_project("p")[1]) == 1


def test_a_document_without_text_is_a_sentence(empty: Studio, open_page: Open) -> None:
    page = open_page("examples")
    page.button("first-case").click().run()
    page.file_uploader[0].upload("scan.pdf", b"%PDF-1.4 broken", "application/pdf").run()
    assert not page.exception
    assert "print it into a new PDF" in said(page)


def test_an_answer_saved_as_text_is_what_its_parts_show_then(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("examples")
    other = 'Quote: "the PIN"\nKind: none\nDecision: call'
    save_as_text(page, other)
    page.run()
    labelled(page.toggle, "Write the answer as text").set_value(False).run()
    page.run()
    assert not sample.drafts(NAME)
    page.button("case-save").click().run()
    saved = sample.load_project(NAME)[1][0]
    assert saved.reference == other
    assert saved.fields["decision"] == "call"


CLAUSES = tuple(
    Example(
        id=f"{n}", prompt=f"The Buyer pays within {n} days.", split="train",
        fields={"Our position": ("accept", "reject")[n % 2], "Key words": f"within {n} days"},
    )
    for n in range(10, 22)
)  # fmt: skip


@pytest.fixture
def valued(empty: Studio) -> Studio:
    """Cases with expected values and no answers."""
    empty.save_project(empty.load_project("p")[0], CLAUSES, Rubric())
    return empty


def test_a_form_is_offered_of_the_expected_values_and_answers_all_cases(
    valued: Studio, open_page: Open
) -> None:
    page = view(open_page("examples"), "Answer form")
    assert page.button("form-own").label == "Made of my expected values: Our position, Key words"
    page.button("form-own").click().run()
    assert "Filled from “Our position” in 12 clauses." in unescaped(page)
    page.button("form-save").click().run()
    assert "12 answers made from your expected values" in page.toast[0].value
    project, cases, rubric = valued.load_project("p")
    assert cases[0].reference == 'Our position: accept\nKey words: "within 10 days"'
    assert all(case.reference for case in cases)
    assert rubric.criteria == rubric_of_form(project.answer, cases)
    page.button("undo").click().run()
    assert tuple(valued.load_project("p"))[:2] == (empty_project(project), CLAUSES)


def empty_project(project: Project) -> Project:
    return project.with_changes(answer=(), instruction="")


def test_parts_of_another_form_are_filled_by_their_name_or_from_a_value_that_is_chosen(
    valued: Studio, open_page: Open
) -> None:
    page = view(open_page("examples"), "Answer form")
    labelled(page.button, "A decision, with the words that decide").click().run()
    labelled(page.text_input, "Name").set_value("Deciding words").run()
    decision = next(t for t in page.text_input if t.value == "Decision")
    decision.set_value("our position").run()
    choices = labelled(page.text_area, "Choices (one a line)")
    assert choices.value.split("\n") == ["accept", "reject"]
    labelled(page.selectbox, "Take it from").set_value("Key words").run()
    page.button("form-save").click().run()
    project, cases, _ = valued.load_project("p")
    assert [(part.label, part.field) for part in project.answer] == [
        ("Deciding words", "Key words"), ("our position", "Our position"),
    ]  # fmt: skip
    assert cases[1].reference == 'Deciding words: "within 11 days"\nour position: reject'
    assert cases[1].fields.keys() == {"Our position", "Key words"}
