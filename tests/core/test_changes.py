"""What is said to differ between two versions."""

from rft_core.examples.folder import read_project
from rft_core.records import Message
from rft_core.reports.changes import changes
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
