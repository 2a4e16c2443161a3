"""What is found wrong with a set of examples."""

import time

import pytest

from rft_core.errors import InputError
from rft_core.examples.quality import check_examples, detectable_difference
from rft_core.records import Example, Message

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


def test_too_few_to_learn_from():
    finding = only(sound()[3:])
    assert (finding.kind, finding.severity) == ("too_few_train", "stop")
    assert "7 cases to learn from; at least 8" in finding.message


def test_too_few_kept_aside():
    finding = only(sound()[:14])
    assert (finding.kind, finding.severity) == ("too_few_heldout", "stop")


def test_none_kept_aside():
    finding = only(sound()[:10])
    assert (finding.kind, finding.severity) == ("too_few_heldout", "stop")
    assert "0 cases" in finding.message


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


def test_held_out_answers_may_be_missing():
    assert check_examples(with_change(12, reference=None)) == []


def test_contradicting_answers():
    finding = only(with_change(1, prompt=f"  {good(3).prompt.upper()}"))
    assert (finding.kind, finding.severity) == ("contradiction", "warn")
    assert finding.example_ids == ("e1", "e3")


def test_same_case_with_the_same_answer_is_no_contradiction():
    same = {"prompt": good(3).prompt, "reference": good(3).reference}
    assert check_examples(with_change(1, **same)) == []


def test_near_duplicates_across_the_split():
    finding = only(with_change(12, prompt=f"{good(2).prompt}!"))
    assert (finding.kind, finding.severity) == ("near_duplicate", "warn")
    assert "e12 and e2" in finding.message
    assert "answer is visible" in finding.message


def test_answer_in_the_prompt():
    prompt = "The court held that THE CLAUSE  is plainly void here. What follows?"
    finding = only(with_change(1, prompt=prompt, reference="The clause is plainly void"))
    assert (finding.kind, finding.severity) == ("answer_in_prompt", "warn")
    assert check_examples(with_change(1, prompt=prompt, reference="the clause is")) == []


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
    assert '"decision" that no test case has: yes.' in finding.message
    assert finding.example_ids == ("e1", "e3", "e5", "e7", "e9")


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
    assert [f.kind for f in check_examples([])] == ["too_few_train", "too_few_heldout"]


def test_a_large_set_takes_seconds():
    examples = [
        Example(id=str(n), prompt=f"{n * 7919} " * 200, split="train" if n % 2 else "heldout")
        for n in range(1_000)
    ]
    start = time.monotonic()
    check_examples(examples)
    assert time.monotonic() - start < 20


def test_detectable_difference():
    assert detectable_difference(20) == pytest.approx(0.188, abs=1e-3)
    assert detectable_difference(50, s=0.5) == pytest.approx(0.198, abs=1e-3)
    with pytest.raises(InputError):
        detectable_difference(0)
