"""What is said to differ between two versions."""

from rft_core.examples.answer_form import rewritten
from rft_core.examples.folder import read_project
from rft_core.records import CheckSpec, Criterion, Message
from rft_core.reports.changes import changes
from rft_core.rubric.form_changes import choice_changes
from rft_core.rubric.from_form import follow_form
from rft_core.rubric.new_form import with_form
from rft_core.settings import samples_folder

FILES = read_project(samples_folder() / "finance")
BEFORE = (FILES.project, FILES.examples, FILES.rubric)


def test_nothing_differs_from_itself() -> None:
    assert changes(BEFORE, BEFORE) == []


def test_settings_cases_and_criteria_are_named_with_old_and_new() -> None:
    first, second, *rest = FILES.examples
    one = first.with_changes(reference="Decision: call", split="heldout", tags=("a", "b"))
    new = second.with_changes(id="extra", prompt="A new one", reference=None)
    heavier = FILES.rubric.criteria[0].with_changes(points=9)
    rubric = FILES.rubric.with_changes(criteria=(heavier, *FILES.rubric.criteria[2:]))
    project = FILES.project.with_changes(instruction="Be brief.")
    found = changes(BEFORE, (project, (one, *rest, new), rubric))
    says = [(c.where, c.what) for c in found]
    assert says == [
        ("Settings", "Instruction"),
        ("Case fin-002", "Deleted"),
        ("Case fin-001", "Expert answer"),
        ("Case fin-001", "Tags"),
        ("Case fin-001", "Used for"),
        ("Case extra", "Added"),
        (f"Criterion: {FILES.rubric.criteria[1].text}", "Deleted"),
        (f"Criterion: {heavier.text}", "Points"),
    ]
    by = {key: (c.old, c.new) for key, c in zip(says, found, strict=True)}
    assert by["Settings", "Instruction"] == (FILES.project.instruction, "Be brief.")
    assert by["Case fin-001", "Used for"] == ("Training", "Test")
    assert by["Case fin-001", "Tags"] == ("out of scope", "a, b")
    assert by["Case extra", "Added"] == ("", "A new one")
    assert by[f"Criterion: {heavier.text}", "Points"] == (
        f"{FILES.rubric.criteria[0].points:g}", "9",
    )  # fmt: skip


def test_expected_values_conversations_and_order_are_readable() -> None:
    first, second, *rest = FILES.examples
    turns = (Message(role="user", content="Hello"), Message(role="user", content="And now?"))
    talk = first.with_changes(prompt=turns, fields={"amount": 5.0, "words": ["a", "b"]})
    found = changes(BEFORE, (FILES.project, (second, talk, *rest), FILES.rubric))
    by = {c.what: c.new for c in found}
    assert by["Case"] == "user: Hello\nuser: And now?"
    assert by["Expected values"] == "amount: 5\nwords: a, b"
    assert by["Order"].startswith("fin-002, fin-001, fin-003")


def test_what_follows_from_a_renamed_part_is_one_sentence_beside_what_was_changed_by_hand() -> None:
    form = FILES.project.answer
    new = tuple(p.with_changes(label="Ruling") if p.label == "Decision" else p for p in form)
    first, *rest = rewritten(FILES.examples, form, new)
    by_hand = first.with_changes(note="Looked at again.")
    rubric = follow_form(FILES.rubric, form, new)
    after = (FILES.project.with_changes(answer=new), (by_hand, *rest), rubric)
    found = changes(BEFORE, after)
    says = {(c.where, c.what): c.new for c in found}
    assert says["Cases", "Expert answer"] == (
        f"{len(FILES.examples)} expert answers were written anew in the changed answer form."
    )
    assert says["Case fin-001", "Note"] == "Looked at again."
    assert says["Criteria", "Rule and how it is checked"] == (
        "1 criterion follows the changed answer form."
    )
    assert "Ruling" in says["Settings", "Answer form"]
    assert len(found) == 4


def test_cases_under_other_names_are_one_sentence() -> None:
    renamed = [e.with_changes(id=e.id.replace("fin", "alert")) for e in FILES.examples]
    renamed[0] = renamed[0].with_changes(reference="Decision: call")
    found = changes(BEFORE, (FILES.project, renamed, FILES.rubric))
    assert [(c.where, c.what) for c in found] == [
        ("Case fin-001", "Deleted"),
        ("Case alert-001", "Added"),
        ("Cases", "Name"),
    ]
    assert found[-1].new.startswith("99 cases have other names: fin-002 → alert-002, fin-003")
    assert found[-1].new.endswith("fin-006 → alert-006, …")


def test_criteria_of_a_single_case_are_readable() -> None:
    check = CheckSpec(kind="length", max_words=60)
    own = Criterion(id="own", text="Is short", points=2, aspect="form", check=check, enabled=False)
    first, *rest = FILES.examples
    after = (FILES.project, (first.with_changes(criteria=(own,)), *rest), FILES.rubric)
    (change,) = changes(BEFORE, after)
    assert (change.where, change.what) == ("Case fin-001", "Criteria of its own")
    assert change.new == "+2  Is short (switched off): Met when the answer has at most 60 words."


def test_a_renamed_choice_and_a_part_that_is_gone_are_one_sentence_for_all_cases() -> None:
    quote, _, decision = FILES.project.answer
    options = ["ring up" if option == "call" else option for option in decision.options]
    form = (quote, decision.with_changes(options=options))
    renamed, _ = choice_changes(FILES.project.answer, form)
    made = with_form(*BEFORE, form, renamed, keeps_criteria=False)
    found = changes(BEFORE, (made.project, made.examples, made.rubric))
    assert [c for c in found if c.where.startswith("Case ")] == []
    assert "100 expert answers were written anew" in next(
        c.new for c in found if c.where == "Cases"
    )
