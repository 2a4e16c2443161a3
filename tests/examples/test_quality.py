"""What is found wrong with a set of examples."""

import pytest

from rft_core.errors import InputError
from rft_core.evaluation.statistics import paired
from rft_core.examples.answer_form import expected_values, write_answer
from rft_core.examples.folder import read_project
from rft_core.examples.quality import (
    cases_needed,
    check_examples,
    detectable_difference,
    needed_sentence,
    not_offered,
    shown_sentence,
    wanted_change,
)
from rft_core.examples.quality.labels import labels
from rft_core.examples.value_names import renamed, spellings
from rft_core.records import AnswerPart, Example, Message
from rft_core.settings import samples_folder

SUBJECTS = (
    "lease rent cap notice tenant", "supply delay penalty harbour strike", "merger vote quorum",
    "patent claim prior art lens", "employment overtime driver", "loan covenant ratio breach",
    "insurance flood exclusion cellar", "software escrow source", "franchise territory bakery",
    "warranty pump corrosion", "data breach hospital", "arbitration seat Geneva law",
    "estate trust minor heir", "construction crane collapse", "shipping demurrage Rotterdam",
    "tax residency football player",
)  # fmt: skip


def good(number: int, **changes) -> Example:
    data = {
        "id": f"e{number}",
        "prompt": f"{SUBJECTS[number]}: what follows from it?",
        "reference": f"Answer {number}",
        "fields": {"decision": "yes" if number % 2 else "no"},
        "split": "train" if number < 10 else "heldout",
    }
    return Example.model_validate(data | changes)


def sound() -> list[Example]:
    return [good(number) for number in range(16)]


def with_change(number: int, **changes) -> list[Example]:
    examples = sound()
    examples[number] = good(number, **changes)
    return examples


def only(examples, **options):
    [finding] = check_examples(examples, **options)
    assert finding.fix
    return finding


def test_a_sound_set_has_no_findings():
    assert check_examples(sound(), {"decision": "Decides rightly"}) == []


@pytest.mark.parametrize(
    "learn, test, fix",
    [
        (7, 7, "Add 1 more to learn from, or take 1 from the test."),
        (6, 6, "Add 2 more to learn from."),
        (10, 4, "Add 2 more for the test, or take 2 from those to learn from."),
        (10, 0, "Add 6 more for the test."),
        (5, 5, "Add 4 more: 3 to learn from and 1 for the test."),
    ],
)
def test_too_few_says_how_many_to_add_for_which_side(learn, test, fix):
    sides = ["train"] * learn + ["heldout"] * test
    finding = only([good(n, split=side, fields={}) for n, side in enumerate(sides)])
    assert (finding.kind, finding.severity) == ("too_few", "stop")
    assert f"{learn} cases to learn from and {test} kept aside" in finding.message
    assert finding.fix == fix


def test_unplaced():
    finding = only(with_change(0, split=None))
    assert (finding.kind, finding.severity) == ("no_split", "warn")
    assert finding.example_ids == ("e0",)


def test_divided_cluster():
    examples = with_change(0, cluster="deed")
    examples[12] = good(12, cluster="deed")
    finding = only(examples)
    assert (finding.kind, finding.severity) == ("cluster_divided", "stop")
    assert finding.example_ids == ("e0", "e12")
    assert "deed" in finding.message


def test_duplicate_ids():
    finding = only(with_change(1, id="e0"))
    assert (finding.kind, finding.severity) == ("duplicate_id", "stop")


@pytest.mark.parametrize("prompt", ["  ", (Message(role="system", content="Be brief"),)])
def test_empty_prompt(prompt):
    finding = only(with_change(1, prompt=prompt))
    assert (finding.kind, finding.severity) == ("empty_prompt", "stop")


def test_missing_answers_warn_until_too_few_remain():
    examples = [e.with_changes(reference=None) if e.id in ("e0", "e1") else e for e in sound()]
    finding = only(examples)
    assert (finding.kind, finding.severity) == ("no_reference", "warn")
    assert finding.example_ids == ("e0", "e1")
    finding = only([e.with_changes(reference=" ") if e.id == "e2" else e for e in examples])
    assert finding.severity == "stop"
    assert "only 7 remain" in finding.message


def test_with_an_answer_form_all_cases_without_an_answer_are_one_finding():
    form = (AnswerPart(kind="choice", label="Decision", field="label", options=("yes", "no")),)
    begun = [e.with_changes(reference="Decision: yes", fields={"label": "yes"}) for e in sound()]
    opened = [next(e.id for e in begun if e.split == "heldout"), "e0"]
    examples = [e.with_changes(reference=None, fields={}) if e.id in opened else e for e in begun]
    required = {"label": "The right decision."}
    found = check_examples(examples, required, form=form)
    [finding] = [f for f in found if f.kind in ("no_reference", "missing_field")]
    assert (finding.message, finding.fix) == (
        "2 cases have no answer yet.",
        "Answer these 2 cases.",
    )
    assert (finding.severity, sorted(finding.example_ids)) == ("warn", sorted(opened))
    none = [e.with_changes(reference=None, fields={}) if e.split == "heldout" else e for e in begun]
    found = check_examples(none, required, form=form)
    assert [f.severity for f in found if f.kind == "no_reference"] == ["stop"]


def test_held_out_answers_may_be_missing():
    assert check_examples(with_change(12, reference=None)) == []


def test_contradicting_answers():
    finding = only(with_change(1, prompt=f"  {good(3).prompt.upper()}"))
    assert (finding.kind, finding.severity) == ("contradiction", "warn")
    assert finding.example_ids == ("e1", "e3")


FORM = (
    AnswerPart(kind="quote", label="Quote", field="quote"),
    AnswerPart(kind="choice", label="Decision", field="decision", options=("yes", "no")),
    AnswerPart(kind="ranked", label="Drugs", field="drug", options=("A", "B"), top=2),
    AnswerPart(kind="number", label="Dose", field="dose"),
    AnswerPart(kind="text", label="Reason", field="reason"),
)


def answered(number: int, **changes) -> Example:
    values = {
        "quote": (SUBJECTS[number].split()[0],), "decision": "yes" if number % 2 else "no",
        "drug": ("A", "B"), "dose": "1,000", "reason": f"It says {SUBJECTS[number]}.",
    } | changes  # fmt: skip
    held = {name: v for name, v in expected_values(FORM, values).items() if v is not None}
    return good(number, reference=write_answer(FORM, values), fields=held)


def test_the_same_case_is_answered_alike_where_the_form_decides_alike():
    one = answered(3)
    reworded = answered(3, quote=("what follows",), dose="1000", reason="So it is.")
    assert {e.reference for e in (one, reworded)} == {one.reference, reworded.reference}
    others = [answered(n) for n in range(16) if n != 3]
    found = check_examples([*others, one, reworded.with_changes(id="again")], form=FORM)
    kinds = {f.kind for f in found}
    assert "repeated_case" in kinds
    assert not kinds & {"contradiction", "near_contradiction"}
    for changed, told in (
        ({"decision": "no"}, "e3 and again (Decision: “yes” / “no”)."),
        ({"drug": ("A",)}, "e3 and again (Drugs: “A, B” / “A”)."),
        ({"dose": "5"}, "e3 and again (Dose: “1000” / “5”)."),
    ):
        again = answered(3, **changed).with_changes(id="again")
        found = check_examples([*others, one, again], form=FORM)
        messages = [f.message for f in found if f.kind == "contradiction"]
        assert messages == [f"The same case is answered in different ways: {told}"]


def test_without_a_form_the_values_that_differ_are_told_and_else_the_answers_compared():
    found = only(with_change(2, prompt=good(3).prompt))
    assert found.message.endswith("ways: e2 and e3 (decision: “no” / “yes”).")
    found = only(with_change(1, prompt=good(3).prompt))
    assert found.message.endswith("ways: e1 and e3.")
    short = (AnswerPart(kind="free_text", label="Answer", field="answer"),)
    kinds = [f.kind for f in check_examples(with_change(1, prompt=good(3).prompt), form=short)]
    assert kinds == ["contradiction"], "a form that decides nothing"


def test_same_case_with_the_same_answer_is_a_repetition_unless_grouped():
    same = {"prompt": good(3).prompt, "reference": good(3).reference}
    finding = only(with_change(1, **same))
    assert (finding.kind, finding.example_ids) == ("repeated_case", ("e1", "e3"))
    examples = with_change(1, **same, cluster="pair")
    examples[3] = good(3, cluster="pair")
    assert check_examples(examples) == []


def test_many_repetitions_are_one_finding_that_names_a_few():
    examples = [
        *sound(),
        *(good(n, id=f"again{n}", split=good(n).split, prompt=f"{good(n).prompt} ")
          for n in range(16)),
    ]  # fmt: skip
    finding = only(examples)
    assert finding.kind == "repeated_case"
    assert len(finding.example_ids) == 32
    assert "e0 and again0, e1 and again1, e2 and again2 and 13 more" in finding.message


def test_nearly_the_same_case_with_another_label():
    finding = only(with_change(1, prompt=f"{good(2).prompt}!"))
    assert (finding.kind, finding.example_ids) == ("near_contradiction", ("e1", "e2"))
    examples = with_change(1, prompt=f"{good(2).prompt}!", cluster="pair")
    examples[2] = good(2, cluster="pair")
    assert check_examples(examples) == []


def test_nearly_the_same_case_with_another_answer_where_there_are_no_labels():
    examples = [e.with_changes(fields={}) for e in with_change(1, prompt=f"{good(2).prompt}!")]
    assert only(examples).kind == "near_contradiction"


TERMINATION = (
    "Either party may terminate this Agreement at once if the other commits a material breach "
    "which is not remedied within thirty (30) days of {}notice."
)


def repeated(**changes):
    """Return cases of which two test cases say nearly the same, their quotations as well."""
    twins = [
        good(n, prompt=TERMINATION.format(word), split="heldout", reference="Accept it.",
             fields={"decision": "yes", "words": f"within thirty (30) days of {word}notice"})
        for n, word in ((12, ""), (13, "written "))
    ]  # fmt: skip
    twins[1] = twins[1].with_changes(**changes)
    return [*sound()[:12], *twins, *sound()[14:]]


def test_nearly_the_same_test_cases_with_nearly_the_same_quotations_count_twice():
    finding = only(repeated())
    assert (finding.kind, finding.example_ids) == ("repeated_case", ("e12", "e13"))
    remarks = ["Usual."] * 13 + ["As 8.2, see the schedule.", "Usual.", "Usual."]
    noted = [
        e.with_changes(fields=e.fields | {"Our comment": remark})
        for e, remark in zip(repeated(), remarks, strict=True)
    ]
    assert only(noted).kind == "repeated_case"


@pytest.mark.parametrize("words", ["within sixty (60) days of notice", "Either party"])
def test_nearly_the_same_cases_with_other_quotations_are_two(words):
    changed = repeated(fields={"decision": "yes", "words": words})
    assert "repeated_case" not in [f.kind for f in check_examples(changed)]


def test_a_part_of_an_answer_that_is_missing_is_one_finding():
    form = (
        AnswerPart(kind="choice", label="Decision", field="decision", options=("block", "release")),
        AnswerPart(kind="quote", label="Words", field="words"),
    )
    examples = [
        good(n, reference='Decision: block\nWords: "x"') if n else
        good(0, reference=None, fields={"words": ["lease"]})
        for n in range(4)
    ]  # fmt: skip
    found = [f for f in check_examples(examples, {"decision": "Right decision"}, form=form)
             if "e0" in f.example_ids]  # fmt: skip
    assert [f.kind for f in found] == ["no_reference"]
    assert found[0].message == "1 case has no whole answer yet: Decision is missing."


RATIO = (
    AnswerPart(kind="number", label="Net debt / EBITDA", field="ratio"),
    AnswerPart(kind="choice", label="Trend", field="trend", options=("better", "worse")),
)


@pytest.mark.parametrize("place", [0, 12])
@pytest.mark.parametrize("value", ["n/a", "see below", "3.1 or 3.2"])
def test_a_value_that_its_part_cannot_hold_leaves_an_answer_unfinished(place, value):
    whole = [
        good(n, reference=f"Net debt / EBITDA: {n}.5\nTrend: better", fields={"trend": "better"})
        for n in range(16)
    ]
    whole[place] = good(place, reference=None, fields={"ratio": value, "trend": "worse"})
    [finding] = [f for f in check_examples(whole, form=RATIO) if f.kind == "no_reference"]
    assert finding.example_ids == (f"e{place}",)
    assert "1 case has no whole answer yet: " in finding.message
    assert '"Net debt / EBITDA"' in finding.message and f": {value}" in finding.message
    whole[1] = good(1, reference=None, fields={})
    [finding] = [f for f in check_examples(whole, form=RATIO) if f.kind == "no_reference"]
    assert "2 cases have no whole answer yet (1 case only in part): " in finding.message
    assert f": {value}" in finding.message


def test_cases_that_mean_the_same():
    examples = sound()
    across = only(examples, close=[(examples[2], examples[12])])
    assert across.kind == "same_meaning"
    assert "e12 and e2" in across.message
    beside = only(examples, close=[(examples[2], examples[4])])
    assert (beside.kind, beside.example_ids) == ("repeated_meaning", ("e2", "e4"))


def test_what_is_nearly_the_same_by_its_words_is_not_told_again_by_its_meaning():
    examples = with_change(12, prompt=f"{good(2).prompt}!")
    assert only(examples, close=[(examples[2], examples[12])]).kind == "near_duplicate"


def test_near_duplicates_across_the_split():
    finding = only(with_change(12, prompt=f"{good(2).prompt}!"))
    assert (finding.kind, finding.severity) == ("near_duplicate", "warn")
    assert "e12 and e2" in finding.message
    assert "The answer is visible: test cases are nearly the same as" in finding.message
    same = good(2).model_dump(include={"reference", "fields"})
    finding = only(with_change(12, prompt=f" {good(2).prompt.upper()}", **same))
    assert "The answer is visible: test cases are the same as" in finding.message


def test_answer_in_the_prompt():
    prompt = "The court held that THE CLAUSE  is plainly void here. What follows?"
    finding = only(with_change(1, prompt=prompt, reference="The clause is plainly void"))
    assert (finding.kind, finding.severity) == ("answer_in_prompt", "warn")
    assert check_examples(with_change(1, prompt=prompt, reference="the clause is")) == []


NAMES = ("Aachen", "Bremen", "Cottbus", "Dresden", "Emden", "Fulda", "Gotha", "Hanover", "Ilmenau",
         "Jena", "Kassel", "Leipzig", "Mainz", "Neuss", "Oldenburg", "Passau")  # fmt: skip


def with_seats(quoted: int) -> list[Example]:
    """Return cases that expect the name of a town, which stands in the first `quoted` of them."""
    return [
        e.with_changes(
            prompt=f"{e.prompt} Heard in {NAMES[n]}." if n < quoted else e.prompt,
            fields={**e.fields, "seat": NAMES[n]},
        )
        for n, e in enumerate(sound())
    ]


def test_an_expected_value_that_only_some_cases_show_is_a_leak():
    finding = only(with_seats(3))
    assert (finding.kind, finding.example_ids) == ("value_in_prompt", ("e0", "e1", "e2"))
    assert '"seat" can be read in 3 cases' in finding.message


def test_an_expected_value_that_all_cases_show_is_there_to_be_quoted():
    assert check_examples(with_seats(16)) == []
    assert check_examples(with_seats(15)) == []


def test_values_that_no_criterion_reads_are_no_leak():
    assert check_examples(with_seats(3), {"decision": "Decides rightly"}) == []


def test_a_part_of_a_word_is_no_leak():
    assert check_examples(with_change(3, prompt=f"{good(3).prompt} Dresdeners", fields={
        "decision": "yes", "seat": "Dresden"})) == []  # fmt: skip


def test_a_label_is_a_leak_only_beside_its_name():
    assert check_examples(with_change(1, prompt=f"{good(1).prompt} I say yes.")) == []
    finding = only(with_change(1, prompt=f"{good(1).prompt} Decision: YES"))
    assert (finding.kind, finding.example_ids) == ("value_in_prompt", ("e1",))


def test_field_that_never_varies():
    finding = only([e.with_changes(fields={"decision": "yes"}) for e in sound()])
    assert (finding.kind, finding.severity) == ("single_label", "warn")
    assert '"decision" is "yes"' in finding.message


def test_label_never_taught():
    examples = with_change(12, fields={"decision": "refer"})
    examples[13] = good(13, fields={"decision": " Yes"})
    finding = only(examples)
    assert (finding.kind, finding.severity) == ("unseen_label", "warn")
    assert finding.example_ids == ("e12",)


def test_label_never_tested():
    examples = [e if e.split == "train" else e.with_changes(fields={"decision": "no"})
                for e in sound()]  # fmt: skip
    finding = only(examples)
    assert (finding.kind, finding.severity) == ("untested_label", "warn")
    assert 'No test case has this value of "decision": “yes”.' in finding.message
    assert finding.example_ids == ("e1", "e3", "e5", "e7", "e9")


def test_a_label_that_nearly_all_cases_have():
    finding = only([e.with_changes(fields={"decision": "no" if n in (1, 3, 5, 11) else "yes"})
                    for n, e in enumerate(more())])  # fmt: skip
    assert finding.kind == "label_too_common"
    assert '"decision" is "yes" in 28 of 32 cases' in finding.message
    assert finding.example_ids == ("e1", "e3", "e5", "e11")


def more() -> list[Example]:
    """Return twice as many cases, all different."""
    others = [
        good(n, id=f"x{n}", prompt=f"What about the {NAMES[n]} branch then?",
             reference=f"Otherwise {n}")
        for n in range(16)
    ]  # fmt: skip
    return [*sound(), *others]


def test_a_label_with_too_few_cases_to_learn_it_from():
    examples = sound()
    for n in (1, 3, 11):
        examples[n] = good(n, fields={"decision": "refer"})
    finding = only(examples)
    assert (finding.kind, finding.example_ids) == ("label_hardly_taught", ("e1", "e3"))
    assert finding.message == (
        'Fewer than 3 training cases have this value of "decision": “refer”. From so few the model '
        "hardly learns it."
    )


def test_single_numbers_are_no_labels_that_have_to_be_taught():
    months = AnswerPart(kind="number", label="Months", field="months", alone=("none",))
    cases = [e.with_changes(fields={"months": 3 if n % 2 else 6}) for n, e in enumerate(sound())]
    cases[1] = cases[1].with_changes(fields={"months": "none"})
    cases[3] = cases[3].with_changes(fields={"months": 12})
    said = [f.message for f in labels(cases, ["months"], [months])]
    assert said and all("“none”" in message for message in said)


def test_a_case_far_longer_than_usual():
    finding = only(with_change(4, prompt="one more word " * 50))
    assert (finding.kind, finding.example_ids) == ("case_length_longer", ("e4",))
    assert "longer than usual: 150 words in e4. Usual are about" in finding.message


def test_an_answer_far_shorter_than_usual():
    long = "The clause is void since it surprises the buyer and is not explained anywhere. " * 5
    examples = [e.with_changes(reference=f"{long} {e.id}") for e in sound()]
    examples[4] = good(4, reference="Void.")
    finding = only(examples)
    assert (finding.kind, finding.example_ids) == ("answer_length_shorter", ("e4",))
    assert "shorter than usual: 1 word in e4. Usual are about 71." in finding.message


@pytest.mark.parametrize(("text", "times"), [("one more word ", 2_000), ("条款无效。", 2_000)])
def test_a_case_that_may_be_too_long_to_be_read(text: str, times: int):
    found = check_examples(with_change(4, prompt=text * times))
    assert ("too_long", ("e4",)) in [(f.kind, f.example_ids) for f in found]


def test_a_long_instruction_leaves_less_room():
    text = "one more word " * 1_500
    examples = [e.with_changes(prompt=f"{text} {e.prompt}") for e in sound()]
    kinds = [f.kind for f in check_examples(examples, instruction=text)]
    assert "too_long" in kinds
    assert "too_long" not in [f.kind for f in check_examples(examples)]


def test_personal_data_is_shown_masked_and_once_for_each_kind():
    examples = with_change(1, prompt=f"{good(1).prompt} Paid with 4111 1111 1111 1111.")
    examples[5] = good(5, reference="Answer 5, to card 5500 0000 0000 0004")
    finding = only(examples)
    assert (finding.kind, finding.example_ids) == ("personal_card", ("e1", "e5"))
    assert "a payment card number (4111 … 1111) stands in e1 and in 1 more" in finding.message


@pytest.mark.parametrize("name", ["finance", "healthcare", "insurance", "legal"])
def test_the_samples_have_no_findings(name: str):
    files = read_project(samples_folder() / name)
    assert check_examples(files.examples, form=files.project.answer) == []


def test_a_finding_changes_its_name_with_what_was_found():
    one, other = only(with_change(0, split=None)), only(with_change(1, split=None))
    assert one.id != other.id
    assert one.id == only(with_change(0, split=None)).id


def test_numbers_that_all_differ_are_no_labels():
    assert (
        check_examples([e.with_changes(fields={"amount": n}) for n, e in enumerate(sound())]) == []
    )


def test_fields_of_every_type_are_bearable():
    kinds = [[1], {"a": 1}, None, 1.5, True, "x"]
    examples = [e.with_changes(fields={"x": kinds[n % 6]}) for n, e in enumerate(sound())]
    assert check_examples(examples) == []


def test_missing_expected_values():
    needed = {"decision": "Decides rightly", "cap": "Names the cap"}
    finding = only(sound(), required_fields=needed)
    assert (finding.kind, finding.severity) == ("missing_field", "stop")
    assert "Names the cap" in finding.message
    finding = only(with_change(4, fields={}), required_fields={"decision": "Decides rightly"})
    assert (finding.severity, finding.example_ids) == ("warn", ("e4",))


def test_stops_come_first_and_an_empty_set_is_bearable():
    severities = [f.severity for f in check_examples([*sound()[:3], good(15, split=None)])]
    assert severities == sorted(severities)
    assert [f.kind for f in check_examples([])] == ["too_few"]


def test_detectable_difference():
    assert detectable_difference(20) == pytest.approx(0.188, abs=1e-3)
    assert detectable_difference(50, s=0.5) == pytest.approx(0.198, abs=1e-3)
    with pytest.raises(InputError):
        detectable_difference(0)


def test_with_five_test_cases_nothing_can_be_told_and_a_run_is_stopped():
    assert "nothing can be told from chance" in shown_sentence(5)
    assert shown_sentence(6).startswith("With 6 test cases, a change of about 34 points")
    assert only(sound()[:15]).kind == "too_few"
    best = [paired([0.9, 0.8, 0.7, 0.6, 0.5, 0.4][:n], [f"c{i}" for i in range(n)]) for n in (5, 6)]
    assert [found is not None and found.p is not None and found.p < 0.05 for found in best] == [
        False, True,
    ]  # fmt: skip


def test_how_many_cases_show_a_change():
    assert cases_needed(0.1) == 71
    assert cases_needed(0.2) == 18
    assert detectable_difference(cases_needed(0.1)) <= 0.1 < detectable_difference(70)
    for wrong in (0, -0.1, 1.5):
        with pytest.raises(InputError):
            cases_needed(wrong)


def test_the_next_change_that_is_not_seen_yet_is_asked_about_first():
    assert [wanted_change(n) for n in (0, 60, 70, 71, 100, 300)] == [0.1, 0.1, 0.1, *[0.05] * 3]


def test_the_sentence_says_how_many_cases_a_change_needs():
    assert "a change of 10 points of 100 you would need about 71 test" in needed_sentence(60, 0.1)
    assert "a change of 1 point of 100 you would need about 7,056" in needed_sentence(100, 0.01)
    assert needed_sentence(300, 0.05).endswith("about 283 test cases are enough.")
    assert needed_sentence(60, 0.9).endswith("about 6 test cases are enough."), "fewer show nothing"


def test_a_value_under_two_names_is_told_once_and_nothing_contradicts_it():
    """Cases from two files: "decision" in one, "Decision" in the other."""
    examples = sound()
    for number in (2, 5, 12):
        has = examples[number].fields["decision"]
        examples[number] = good(number, fields={"Decision": has})
    found = only(examples, required_fields={"decision": "Decides rightly"})
    assert (found.kind, found.example_ids) == ("two_spellings", ("e2", "e5", "e12"))
    assert '"decision" is called "Decision" in 3 cases' in found.message
    names = spellings(examples)
    assert names == {"Decision": "decision"}
    assert check_examples(renamed(examples, names), {"decision": "Decides rightly"}) == []


def test_two_names_in_one_case_or_read_by_criteria_are_two_values():
    both = [good(0, fields={"key_words": "a", "Key words": "b"})]
    assert spellings(both) == {}
    third = [good(0, fields={"Key words": "a", "KEY WORDS": "b"})]
    assert spellings(third, ["key_words"]) == {}, "one would take the other's place"
    assert spellings(sound(), ["decision", "Decision"]) == {}
    assert spellings(sound(), ["Decision"]) == {"decision": "Decision"}


def test_an_expected_value_is_called_as_the_answer_form_labels_it():
    form = (AnswerPart(kind="choice", label="What to do", field="decision", options=("yes", "no")),)
    examples = [e if e.split == "train" else e.with_changes(fields={"decision": "no"})
                for e in sound()]  # fmt: skip
    (untested,) = (f for f in check_examples(examples, form=form) if f.kind == "untested_label")
    assert 'this value of "What to do": “yes”.' in untested.message


def test_values_that_the_answer_form_does_not_offer_are_named():
    form = (
        AnswerPart(kind="choice", label="Decision", field="decision",
                   options=("Yes", "no"), alone=("cannot tell",)),
        AnswerPart(kind="ranked", label="Genes", field="genes", options=("FBN1", "CBS")),
        AnswerPart(kind="text", label="Reason", field="reason"),
    )  # fmt: skip
    fields = {"decision": "cannot tell", "genes": ["CBS", "fbn1"], "reason": "anything"}
    assert not list(not_offered(with_change(1, fields=fields), form))
    examples = with_change(1, fields={"decision": "maybe", "genes": ["CBS", "FBN3"]})
    found = [f for f in check_examples(examples, form=form) if f.kind == "not_offered"]
    assert [f.example_ids for f in found] == [("e1",), ("e1",)]
    assert [f.message for f in found] == [
        '"Decision" in 1 case is none of the choices of your answer form: “maybe”.',
        '"Genes" in 1 case is none of the choices of your answer form: “FBN3”.',
    ]


def test_a_value_outside_the_form_is_told_once_and_not_as_a_rare_label():
    form = (AnswerPart(kind="choice", label="D", field="decision", options=("yes", "no")),)
    examples = [
        e.with_changes(reference=f"D: {e.fields['decision']}")
        for e in with_change(12, fields={"decision": "perhaps"})
    ]
    assert [f.kind for f in check_examples(examples, form=form)] == ["not_offered"]


def test_a_quotation_that_does_not_stand_in_its_case_is_named():
    form = (AnswerPart(kind="quote", label="Quote", field="words"),)
    examples = [
        e.with_changes(fields={"decision": e.fields["decision"], "words": [e.prompt.split()[1]]})
        for e in sound()
    ]
    kinds = [f.kind for f in check_examples(examples, form=form)]
    assert "unquotable" not in kinds
    examples[3] = examples[3].with_changes(fields=examples[3].fields | {"words": ["made up"]})
    found = next(f for f in check_examples(examples, form=form) if f.kind == "unquotable")
    assert (found.example_ids, "1 case: “made up”." in found.message) == (("e3",), True)


def test_one_answer_without_end_does_not_make_every_case_too_long():
    found = check_examples(with_change(4, reference="one more word " * 2_000))
    about = {f.kind: f.example_ids for f in found if f.kind.startswith("too_long")}
    assert about == {"too_long_answer": ("e4",)}


def in_a_form() -> tuple[tuple[AnswerPart, ...], list[Example]]:
    form = (
        AnswerPart(kind="quote", label="Quote", field="quote"),
        AnswerPart(kind="choice", label="Decision", field="decision", options=("yes", "no")),
    )
    return form, [
        e.with_changes(reference=f'Quote: "{SUBJECTS[i]}"\nDecision: {e.fields["decision"]}')
        for i, e in enumerate(sound())
    ]


@pytest.mark.parametrize("number", [2, 12])
def test_an_answer_that_is_not_laid_out_as_the_form_says_is_told_with_the_reason(number: int):
    form, examples = in_a_form()
    assert not [f for f in check_examples(examples, form=form) if f.severity == "warn"]
    examples[number] = examples[number].with_changes(reference="Decision: maybe\nQuote: hello")
    found = {f.kind: f for f in check_examples(examples, form=form)}
    assert found["not_laid_out"].message == (
        f"1 answer is not laid out as the answer form says (e{number}): "
        '"maybe" is none of the choices of "Decision".'
    )
    assert found["not_laid_out"].severity == "warn"
    assert found["other_choice"].example_ids == (f"e{number}",)
    assert 'the answer says “maybe”, its "Decision" is “no”' in found["other_choice"].message


def test_a_choice_that_is_not_the_expected_one_is_told_also_of_an_answer_in_the_form():
    form, examples = in_a_form()
    examples[3] = examples[3].with_changes(fields={"decision": "no"})
    examples[5] = examples[5].with_changes(fields={})
    found = {f.kind: f for f in check_examples(examples, form=form)}
    assert found["other_choice"].example_ids == ("e3",)
    assert "not_laid_out" not in found
