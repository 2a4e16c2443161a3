"""Values that look like a slip of the pen for another one."""

import pytest

from rft_core.examples.folder import read_project
from rft_core.examples.look_alikes import corrected, look_alikes
from rft_core.examples.quality import check_examples
from rft_core.records import AnswerPart, Example
from rft_core.settings import samples_folder

QUOTE = AnswerPart(kind="quote", label="Quote", field="quote")
DECISION = AnswerPart(
    kind="choice", label="Decision", field="decision", options=("accept", "reject")
)


def cases(*values: object) -> list[Example]:
    return [Example(id=f"{n}", prompt=f"{n}", fields={"decision": v}) for n, v in enumerate(values)]


def slips(*values: object, form: tuple[AnswerPart, ...] = ()) -> list[tuple[str, str]]:
    return [(slip.wrong, slip.right) for slip in look_alikes(cases(*values), form)]


def test_a_rare_value_one_letter_from_a_frequent_one_is_a_slip() -> None:
    found = look_alikes(cases("Accept", "acept", *["accept"] * 3))
    assert [(slip.wrong, slip.right, slip.ids) for slip in found] == [("acept", "accept", ("1",))]
    assert slips("rejcet", *["reject"] * 3) == [("rejcet", "reject")]
    assert slips("to rejct", *["to reject"] * 3) == [("to rejct", "to reject")]


@pytest.mark.parametrize(
    ("rare", "usual"),
    [
        ("nigh", "high"),
        ("type 1", "type 2"),
        ("class a", "class b"),
        ("AB123456", "AB123457"),
        ("atypical", "typical"),
        ("hypotension", "hypertension"),
        ("include", "exclude"),
        ("except", "accept"),
        (1250, 1251),
    ],
)
def test_another_value_is_no_slip(rare: object, usual: object) -> None:
    assert slips(rare, *[usual] * 9) == []


def test_a_value_nearly_as_frequent_is_none_unless_the_form_offers_only_the_other() -> None:
    assert slips("acept", "acept", *["accept"] * 3) == []
    assert slips("acept", "acept", "accept", form=(DECISION,)) == [("acept", "accept")]
    both = DECISION.model_copy(update={"options": ("acept", "accept")})
    assert slips("acept", *["accept"] * 9, form=(both,)) == []


def test_it_is_put_right_in_the_answer_too() -> None:
    text = 'Quote: "acept"\nDecision: acept'
    case = Example(
        id="0", prompt="acept", reference=text, fields={"decision": "acept", "quote": ["acept"]}
    )
    form = (QUOTE, DECISION)
    (right,) = corrected([case], look_alikes([case], form), form)
    assert right.reference == 'Quote: "acept"\nDecision: accept'
    assert right.fields == {"decision": "accept", "quote": ["acept"]}
    plain = case.with_changes(reference="acept", fields={"decision": "acept"})
    others = [e.with_changes(id=f"x{e.id}") for e in cases(*["accept"] * 3)]
    found = look_alikes([plain, *others])
    assert corrected([plain], found)[0].reference == "accept"


def test_a_slip_is_one_finding_and_no_rare_label() -> None:
    examples = [
        e.with_changes(split="heldout" if n % 3 else "train")
        for n, e in enumerate(cases(*["accept", "reject"] * 12, "acept"))
    ]
    kinds = [f.kind for f in check_examples(examples, form=(DECISION,))]
    assert "look_alike" in kinds
    assert not {"not_offered", "label_hardly_taught", "unseen_label"} & set(kinds)
    told = next(f for f in check_examples(examples) if f.kind == "look_alike")
    assert told.message == "“acept” in 24 looks like “accept”."
    assert told.example_ids == ("24",)


@pytest.mark.parametrize("name", ["finance", "healthcare", "insurance", "legal"])
def test_the_samples_have_no_slips(name: str) -> None:
    files = read_project(samples_folder() / name)
    assert look_alikes(files.examples) == ()
    assert look_alikes(files.examples, files.project.answer) == ()
