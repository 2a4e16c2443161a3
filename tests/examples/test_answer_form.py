"""The answer form: answers as text and as parts, the instruction, and forms that cannot be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.errors import InputError
from rft_core.examples.answer_form import (
    check_form,
    expected_values,
    held_values,
    in_form,
    read_answer,
    rewritten,
    write_answer,
)
from rft_core.examples.exporting import to_csv
from rft_core.examples.folder import read_project
from rft_core.examples.form_layout import layout, with_layout
from rft_core.examples.form_of_cases import form_of_cases
from rft_core.examples.importing import read_examples
from rft_core.records import AnswerPart, Example, Rubric
from rft_core.rubric.fooling import spring
from rft_core.rubric.from_form import follow_form, follow_form_in_cases, rubric_of_form
from rft_core.rubric.grading import Grader
from rft_core.rubric.lint import lint
from rft_core.settings import samples_folder

SAMPLES = {
    n: read_project(samples_folder() / n) for n in ("finance", "legal", "healthcare", "insurance")
}


def part(kind: Any, label: str, *options: str, **more: Any) -> AnswerPart:
    return AnswerPart(kind=kind, label=label, field=label.lower(), options=options, **more)


QUOTE = part("quote", "Quote")
DECISION = part("choice", "Decision", "accept", "escalate", alone=("cannot tell",))
GENES = part("ranked", "Genes", "FBN1", "CBS", "FBN2", alone=("cannot tell",))
AMOUNT = part("number", "Amount")
NOTE = part("text", "Note")
ADVICE = part("free_text", "Advice")
REASONS = part("reasoning", "Reasons")

WHOLE = (REASONS, QUOTE, AMOUNT, GENES, NOTE, DECISION, ADVICE)
VALUES = {
    "reasons": "It may rise.\nNobody asked us.", "quote": ("sole discretion", "at any time"),
    "amount": "1,250.50", "genes": ("CBS", "FBN1"), "note": "ask them", "decision": "escalate",
    "advice": "Dear all,\n\nplease wait.",
}  # fmt: skip
TEXT = (
    'It may rise.\nNobody asked us.\nAnswer:\nQuote: "sole discretion", "at any time"\n'
    "Amount: 1,250.50\nGenes: CBS, FBN1\nNote: ask them\nDecision: escalate\n"
    "Advice: Dear all,\n\nplease wait."
)


def test_an_answer_is_written_as_lines_and_read_again() -> None:
    check_form(WHOLE)
    assert write_answer(WHOLE, VALUES) == TEXT
    assert read_answer(WHOLE, TEXT) == VALUES
    assert expected_values(WHOLE, VALUES) == {
        "quote": ["sole discretion", "at any time"], "amount": 1250.5, "genes": "CBS",
        "note": "ask them", "decision": "escalate",
    }  # fmt: skip


def test_one_free_text_is_the_answer_itself() -> None:
    assert write_answer([ADVICE], {"advice": " Wait. "}) == "Wait."
    assert read_answer([ADVICE], "Wait.\nThen sign.") == {"advice": "Wait.\nThen sign."}
    assert layout([ADVICE], "letter") == ""


def test_an_answer_in_another_layout_is_not_read() -> None:
    form = (QUOTE, DECISION)
    assert read_answer(form, None) == read_answer(form, "") == {}
    for text in ("escalate", 'Decision: escalate\nQuote: "a"', 'Quote: "a"\nDecision: escalate\n',
                 'Quote: "a"', "Quote: a\nDecision: escalate"):  # fmt: skip
        assert read_answer(form, text) is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"decision": ""}, 'The answer lacks "Decision".'),
        ({"decision": "", "quote": ()}, 'The answer lacks "Quote" and "Decision".'),
        ({"quote": ()}, 'The answer lacks "Quote".'),
        ({"amount": "two or 3 or 4"}, '"Amount" is not one number'),
        ({"amount": "about a hundred"}, '"Amount" holds no number: about a hundred.'),
        ({"genes": ("CBS", "cannot tell")}, '"Genes" lists others beside "cannot tell".'),
        ({"note": "one\ntwo"}, '"Note" has more than one line.'),
        ({"decision": "accept\nSo: yes"}, '"Decision" has more than one line.'),
        ({"genes": ("CBS", "FBN1\nSo: yes")}, '"Genes" has more than one line.'),
        ({"reasons": "So:\nAnswer: no"}, 'A line of "Reasons" begins with "Answer:"'),
    ],
)
def test_what_is_missing_or_cannot_be_is_named(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        write_answer(WHOLE, VALUES | changed)
    assert caught.value.message.startswith(message) and caught.value.fix


def test_in_place_of_a_number_stands_only_what_is_offered() -> None:
    offering = AMOUNT.with_changes(alone=("cannot tell", "out of scope"))
    assert read_answer([offering], "Amount: out of scope") == {"amount": "out of scope"}
    assert write_answer([offering], {"amount": "Cannot tell"}) == "Amount: Cannot tell"
    assert expected_values([offering], {"amount": "Cannot tell"}) == {"amount": "cannot tell"}
    assert expected_values([offering], {"amount": "12"}) == {"amount": 12}
    with pytest.raises(InputError) as caught:
        write_answer([AMOUNT], {"amount": "cannot tell"})
    assert caught.value.message == '"Amount" holds no number: cannot tell.'
    assert "offer “cannot tell” under “Answer form”" in caught.value.fix
    for part, fix in (
        (offering, "such as 100, or write “cannot tell” or “out of scope”."),
        (AMOUNT, "such as 100, or offer “none” or “cannot tell” under “Answer form”."),
    ):
        with pytest.raises(InputError) as caught:
            write_answer([part], {"amount": "n.m."})
        assert caught.value.message == '"Amount" holds no number: n.m.'
        assert caught.value.fix.endswith(fix)


@pytest.mark.parametrize(
    ("typed", "alone", "way_out"),
    [
        ("", (), " Where there is no number, offer “none” or “cannot tell” under “Answer form”."),
        ("", ("none",), " Where there is no number, write “none”."),
        ("none", (), ", or offer “none” under “Answer form”."),
        ("hardly any", (), ", or offer “none” or “cannot tell” under “Answer form”."),
        ("hardly any", ("cannot tell", "none"), ", or write “cannot tell” or “none”."),
    ],
)
def test_without_a_number_the_message_says_the_way_out(
    typed: str, alone: tuple[str, ...], way_out: str
) -> None:
    form = [DECISION, AMOUNT.with_changes(alone=alone)]
    with pytest.raises(InputError) as caught:
        write_answer(form, {"decision": "accept", "amount": typed})
    assert caught.value.fix.endswith(way_out)


def test_none_can_stand_for_a_number_and_a_few_words() -> None:
    form = [AMOUNT.with_changes(alone=("none",)), part("text", "Note", alone=("none",))]
    text = write_answer(form, {"amount": "none", "note": "none"})
    assert text == "Amount: none\nNote: none"
    values = {"amount": "none", "note": "none"}
    assert expected_values(form, read_answer(form, text) or {}) == values


@pytest.mark.parametrize("cell", ["none", "None", "n/a", "-", "–"])
def test_a_cell_without_a_number_is_taken_where_none_is_offered(cell: str) -> None:
    offering = AMOUNT.with_changes(alone=("none",))
    case = Example(id="a", prompt="No fee.", fields={"Amount": cell})
    (taken,) = in_form([case], [offering])
    assert (taken.reference, taken.fields) == ("Amount: none", {"amount": "none"})
    (kept,) = in_form([case], [AMOUNT])
    assert (kept.reference, kept.fields) == (None, {"amount": cell})
    for alone, reference in (((), None), (("none",), "Amount: none")):
        (later,) = rewritten([kept], [AMOUNT], [AMOUNT.with_changes(alone=alone)])
        assert later.reference == reference


def test_an_empty_cell_is_not_taken_for_none() -> None:
    case = Example(id="a", prompt="No fee.", fields={"Amount": ""})
    assert in_form([case], [AMOUNT.with_changes(alone=("none",))])[0].reference is None


def test_an_empty_form_is_no_answer() -> None:
    empty = {"quote": (), "decision": "", "advice": " "}
    assert write_answer(WHOLE, empty) is None
    assert set(expected_values(WHOLE, empty).values()) == {None}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([DECISION, part("text", "decision")], 'Two parts are called "decision".'),
        ([part("choice", "Decision", "yes")], '"Decision" has fewer than two choices.'),
        ([part("choice", "Decision", "call", "Call ")], 'the choice "call" twice'),
        ([part("choice", "Decision", "no", "yes", alone=("no",))], 'the choice "no" twice'),
        ([part("ranked", "Order", "a, b", "c")], 'A choice of "Order" has a comma'),
        ([part("text", "a: b")], 'A part cannot be called "a: b".'),
        ([part("text", "?")], 'A part cannot be called "?".'),
        ([part("text", "__")], 'A part cannot be called "__".'),
        ([DECISION, REASONS], '"Reasons" has to be the first part'),
        ([ADVICE, DECISION], '"Advice" has to be the last part'),
        ([part("text", f"T{i}") for i in range(13)], "The answer has 13 parts"),
    ],
)
def test_a_form_that_cannot_be_answered_in_is_refused(
    parts: list[AnswerPart], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        check_form(parts)
    assert message in caught.value.message and caught.value.fix


def test_the_model_is_told_the_layout() -> None:
    assert layout((QUOTE, GENES, DECISION), "clause") == (
        'Answer in three lines:\nQuote: "the deciding words copied from the clause"\n'
        "Genes: the likeliest three of FBN1, CBS or FBN2, likeliest first, or cannot tell\n"
        "Decision: accept, escalate or cannot tell"
    )
    assert layout((REASONS, DECISION), "clause").startswith(
        'Give your reasons first. Then write "Answer:" and below it:\nDecision: '
    )


def test_a_new_layout_takes_the_place_of_the_old_one_in_the_instruction() -> None:
    one, two = (DECISION,), (QUOTE, DECISION)
    old, new = layout(one, "clause"), layout(two, "clause")
    assert with_layout("You review clauses.", (), one, "clause") == f"You review clauses.\n{old}"
    assert with_layout("", (), one, "clause") == old
    assert with_layout(f"You review. {old}\nBe brief.", one, two, "clause") == (
        f"You review. {new}\nBe brief."
    )
    assert with_layout(f"You review.\n{new}", (), two, "clause") == f"You review.\n{new}"
    assert with_layout(f"You review.\n{new}", two, (ADVICE,), "clause") == "You review."
    reasons = layout((REASONS, DECISION), "clause")
    assert with_layout(f"You review.\n{reasons}", (REASONS, DECISION), one, "clause") == (
        f"You review.\n{old}"
    )


def test_a_free_texts_name_in_an_instruction_is_no_layout() -> None:
    told = "You help customers.\nAdvice: briefly, never promising money.\nBe kind."
    new = with_layout(told, (ADVICE,), (QUOTE, DECISION), "letter")
    assert new == f"{told}\n{layout((QUOTE, DECISION), 'letter')}"


def test_answers_in_the_form_bring_the_expected_values_that_are_missing() -> None:
    case = Example(id="a", prompt="x", reference='Quote: "x"\nDecision: accept',
                   fields={"decision": "own"})  # fmt: skip
    (filled,) = rewritten([case], (), (QUOTE, DECISION))
    assert filled.fields == {"decision": "own", "quote": ["x"]}


def test_a_rubric_follows_renamed_and_swapped_parts() -> None:
    kind = part("choice", "Kind", "rent", "repairs")
    old = (kind, DECISION)
    rubric = Rubric(criteria=rubric_of_form(old))
    own = rubric.criteria[-1].with_changes(id="own", check={"kind": "citation"})
    rubric = rubric.with_changes(criteria=(*rubric.criteria, own))
    longer = (kind, DECISION.with_changes(label="Final Decision"))
    assert follow_form(rubric, old, longer).criteria[:-1] == tuple(
        c.with_changes(id=mine.id)
        for c, mine in zip(rubric_of_form(longer), rubric.criteria, strict=False)
    )
    swapped = (kind.with_changes(label="Decision"), DECISION.with_changes(label="Kind"))
    followed = follow_form(rubric, old, swapped)
    case = Example(id="a", prompt="x", reference="Decision: rent\nKind: accept",
                   fields={"kind": "rent", "decision": "accept"})  # fmt: skip
    grader = Grader(followed.with_changes(criteria=followed.criteria[:-1]))
    assert grader.grade(case.reference or "", case).score == 1


def test_the_rule_about_a_few_words_follows_a_renamed_part() -> None:
    old, new = (NOTE, DECISION), (NOTE.with_changes(label="Reason"), DECISION)
    rubric = Rubric(criteria=rubric_of_form(old))
    followed = follow_form(rubric, old, new).criteria
    assert [(c.text, c.check) for c in followed] == [(c.text, c.check) for c in rubric_of_form(new)]


def test_criteria_of_a_single_case_follow_renamed_parts_as_the_rubric_does() -> None:
    old, new = (QUOTE, DECISION), (QUOTE, DECISION.with_changes(label="Ruling"))
    own = rubric_of_form(old)[0].with_changes(id="own")
    case = Example(id="a", prompt="x", reference='Quote: "x"\nDecision: accept',
                   fields={"decision": "accept"}, criteria=(own,))  # fmt: skip
    (renamed,) = follow_form_in_cases(rewritten([case], old, new), old, new)
    assert renamed.criteria == (rubric_of_form(new)[0].with_changes(id="own"),)
    grade = Grader(Rubric(criteria=rubric_of_form(new))).grade(renamed.reference or "", renamed)
    assert grade.values["own"] == 1


@pytest.mark.parametrize("name", list(SAMPLES))
def test_the_experts_own_wording_of_the_layout_stays(name: str) -> None:
    project = SAMPLES[name].project
    form = project.answer
    assert form
    for before in (form, ()):
        told = with_layout(project.instruction, before, form, project.case_noun)
        assert told == project.instruction
    fewer = with_layout(project.instruction, form, form[1:], project.case_noun)
    lines = project.instruction.split("\n")
    assert fewer.split("\n")[1:] == lines[2:]
    assert fewer.split("\n")[0] == lines[0].replace("three", "two")


def test_answers_are_rewritten_where_the_new_form_holds_them() -> None:
    cases = [
        Example(id="a", prompt="x", reference='Quote: "x"\nDecision: accept'),
        Example(id="b", prompt="x", reference="as I said"),
        Example(id="c", prompt="x"),
    ]
    renamed = (DECISION.with_changes(label="Result"), QUOTE)
    assert [e.reference for e in rewritten(cases, (QUOTE, DECISION), renamed)] == [
        'Result: accept\nQuote: "x"', "as I said", None,
    ]  # fmt: skip
    assert rewritten(cases, (QUOTE, DECISION), (*renamed, NOTE)) == tuple(cases), "Note is unknown"
    other = (DECISION.with_changes(kind="quote"), QUOTE)
    assert rewritten(cases, (QUOTE, DECISION), other) == tuple(cases)


def test_expected_values_alone_make_an_answer_if_they_are_whole() -> None:
    form = (QUOTE, GENES, AMOUNT, DECISION)
    fields = {"quote": ["x", "y"], "genes": "CBS", "amount": 12.5, "decision": "accept"}
    whole = Example(id="a", prompt="x", fields=fields)
    part = whole.with_changes(fields={"quote": "x", "decision": ""})
    assert held_values(form, part) == {"quote": ("x",)}
    written, left = rewritten([whole, part], (), form)
    assert written.reference == 'Quote: "x", "y"\nGenes: CBS\nAmount: 12.5\nDecision: accept'
    assert left == part


@pytest.mark.parametrize("name", list(SAMPLES))
def test_the_form_of_each_sample_is_found_and_holds_its_answers(name: str) -> None:
    files = SAMPLES[name]
    form = form_of_cases(files.examples)
    assert len(form) == 3 and form[0].kind == "quote"
    for example in files.examples:
        values = read_answer(form, example.reference)
        assert values is not None and write_answer(form, values) == example.reference
        wanted = {p.field: example.fields[p.field] for p in form}
        assert expected_values(form, values) == wanted


@pytest.mark.parametrize("name", list(SAMPLES))
def test_the_first_rubric_of_a_form_is_sound_and_pays_no_trick(name: str) -> None:
    form = form_of_cases(SAMPLES[name].examples)
    train = [e for e in SAMPLES[name].examples if e.split == "train"]
    rubric = Rubric(criteria=rubric_of_form(form))
    assert rubric.criteria[0].check.parameters["field"] in ("decision", "gene")
    assert lint(rubric, train) == []
    assert not [one.name for one in spring(rubric, train) if one.slips]
    grader = Grader(rubric)
    assert all(grader.grade(e.reference or "", e).score == 1 for e in train)


def test_the_whole_form_has_a_rubric_that_its_own_answer_meets() -> None:
    rubric = Rubric(criteria=rubric_of_form(WHOLE))
    case = Example(
        id="a", prompt="Supplier may change the fees at any time, at its sole discretion.",
        reference=TEXT, fields=expected_values(WHOLE, VALUES),
    )  # fmt: skip
    assert Grader(rubric).grade(TEXT, case).score == 1
    assert rubric_of_form((REASONS, ADVICE)) == ()


def test_answers_without_a_common_layout_have_no_form() -> None:
    assert form_of_cases([]) == ()
    texts = ["Decision: accept", "It is fine", "Decision: escalate"]
    cases = [Example(id=str(i), prompt="x", reference=t) for i, t in enumerate(texts)]
    assert form_of_cases(cases) == ()


@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=60), st.text(max_size=40))
def test_whatever_is_written_reads_the_same_or_is_not_read(
    phrases: list[str], advice: str, note: str
) -> None:
    form = (QUOTE, NOTE, ADVICE)
    values = {"quote": tuple(phrases), "note": note, "advice": advice}
    try:
        text = write_answer(form, values)
    except InputError:
        return
    again = read_answer(form, text)
    assert again is None or write_answer(form, again) == text


PASSAGE = st.text('ab5.,:;( )\n"“”„«»', max_size=12)


@given(st.lists(PASSAGE, max_size=4))
def test_passages_with_any_marks_are_read_as_they_were_written(phrases: list[str]) -> None:
    form = (QUOTE, DECISION)
    try:
        text = write_answer(form, {"quote": tuple(phrases), "decision": "accept"})
    except InputError as error:
        assert "lacks" in error.message or "marks of all kinds" in error.message
        return
    told = [" ".join(phrase.split()) for phrase in phrases if phrase.strip()]
    again = read_answer(form, text)
    assert again is not None
    assert [" ".join(phrase.split()) for phrase in again["quote"]] == told


@pytest.mark.parametrize(
    "phrases",
    [
        ('clause 9 says that "the tenant pays"',), ('"we" pay', 'the 5" pipe', "“as is”"),
        ('alarms", "locks',), ('says that "',), ("a », “b",),
    ],
)  # fmt: skip
def test_an_answer_that_quotes_marks_earns_its_points(phrases: tuple[str, ...]) -> None:
    form = (QUOTE, DECISION)
    values = {"quote": phrases, "decision": "accept"}
    text = write_answer(form, values) or ""
    assert read_answer(form, text) == values
    case = Example(
        id="a", reference=text, fields=expected_values(form, values),
        prompt=f"Heading of some words. {' , '.join(phrases)} and the rest, which says much more.",
    )  # fmt: skip
    assert Grader(Rubric(criteria=rubric_of_form(form))).grade(text, case).score == 1


def test_answers_written_with_doubled_marks_are_read() -> None:
    form = (QUOTE, DECISION)
    for line, phrases in (
        ('"it says "we pay""', ('it says "we pay"',)),
        ('"the 5" pipe"', ('the 5" pipe',)),
        ('"the 5" pipe", "rent"', ('the 5" pipe', "rent")),
    ):
        text = f"Quote: {line}\nDecision: accept"
        assert read_answer(form, text) == {"quote": phrases, "decision": "accept"}


def test_imported_values_named_as_the_form_names_them_become_its_answers() -> None:
    parts = (
        AnswerPart(kind="quote", label="Quote", field="quote"),
        AnswerPart(
            kind="choice", label="Decision", field="decision", options=("accept", "escalate")
        ),
    )
    row = Example(
        id="a", prompt="The fee may change at any time.", split="train",
        fields={"Quote": "at any time", "DECISION": "escalate", "party": "Supplier"},
    )  # fmt: skip
    lacking = row.with_changes(id="b", fields={"Decision": "accept"})
    own = row.with_changes(id="c", reference="Leave it.", fields={"Decision": "accept"})
    taken, without, kept = in_form([row, lacking, own], parts)
    assert taken.fields == {"quote": ["at any time"], "decision": "escalate", "party": "Supplier"}
    assert taken.reference == 'Quote: "at any time"\nDecision: escalate'
    assert without.fields == {"decision": "accept"}
    assert without.reference is None
    assert kept.reference == "Leave it."
    assert in_form([row], ()) == (row,)
    loud = row.with_changes(fields={"quote": "at any time", "Decision": " ESCALATE"})
    assert in_form([loud], parts)[0].fields["decision"] == "escalate", "no choice of its own"


def test_an_imported_case_holds_what_the_same_case_holds_when_it_is_typed() -> None:
    form = (REASONS, DECISION, ADVICE)
    values = {"reasons": "It is one-sided.", "decision": "escalate", "advice": "Ask\nfor a cap."}
    typed = Example(
        id="a", prompt="The fee may change.", reference=write_answer(form, values),
        fields={"decision": "escalate"}, split="train",
    )  # fmt: skip
    assert {n: v for n, v in expected_values(form, values).items() if v} == typed.fields
    row = typed.with_changes(reference=None, fields=values)
    assert in_form([row], form) == (typed,)
    assert in_form(read_examples("a.csv", to_csv([typed])).examples, form) == (typed,)
    told = {"decision": "escalate", "advice": "Ask for a cap, or less."}
    other = typed.with_changes(fields=told)
    assert in_form([other], form)[0].fields == told, "nothing that only a value says is lost"
    half = row.with_changes(fields={"advice": "Ask."})
    assert in_form([half], form) == (half,), "no whole answer is there to hold it"
