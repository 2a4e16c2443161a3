"""The finance sample: counts, twins, quotes, and that no person's attribute decides an answer."""

import math
import re
from collections import Counter, defaultdict

import pytest

from tests.sample_data.sample import commonest_right, decision, quote, sample, twins

DECISIONS = ("release", "call", "block", "cannot tell")
KINDS = ("impersonation", "investment", "romance", "purchase", "invoice", "none")
SIGNS = {
    "safe account": ("block", "impersonation"),
    "remote access": ("block", "impersonation"),
    "guaranteed return": ("block", "investment"),
    "gift cards": ("block", "purchase"),
    "never met": ("block", "romance"),
    "an e-mail": ("call", "invoice"),
    "outside the platform": ("call", "purchase"),
    "new number": ("call", "impersonation"),
    "in an advert": ("call", "investment"),
    "known number": ("release", "none"),
    "same payee": ("release", "none"),
    "own account": ("release", "none"),
    "already collected": ("release", "none"),
    "opening hours": ("cannot tell", "none"),
    "the PIN": ("cannot tell", "none"),
    "cannot be read": ("cannot tell", "none"),
}


SAMPLE = sample("finance")
EXAMPLES, TRAIN, HELDOUT = SAMPLE.cases, SAMPLE.train, SAMPLE.heldout


def person(example):
    return example["fields"]["person"]


def test_all_labels_stand_in_both_splits_in_the_same_combinations():
    def pairs(part):
        return {(decision(e), e["fields"]["kind"]) for e in part}

    assert pairs(HELDOUT) == pairs(TRAIN)
    assert {d for d, _ in pairs(TRAIN)} == set(DECISIONS)
    assert {k for _, k in pairs(TRAIN)} == set(KINDS)


def test_references_are_quote_kind_and_decision():
    for example in EXAMPLES:
        fields = example["fields"]
        assert example["reference"] == (
            f'Quote: "{quote(example)}"\nKind: {fields["kind"]}\nDecision: {fields["decision"]}'
        )


def test_notes_and_quotes_are_short():
    for example in EXAMPLES:
        assert 15 <= len(example["prompt"].split()) <= 65, example["id"]
        assert 2 <= len(quote(example).split()) <= 3, example["id"]


def test_points_and_instruction():
    points = [criterion["points"] for criterion in SAMPLE.criteria.values()]
    won, lost = sum(p for p in points if p > 0), -sum(p for p in points if p < 0)
    assert (won, lost) == (10, 3)
    assert SAMPLE.project["id"] == "finance-scam-alerts"
    instruction = SAMPLE.project["instruction"]
    assert len(instruction.split()) <= 45
    assert all(label in instruction for label in (*DECISIONS, *KINDS))


def test_rubric_reads_fields_and_labels_that_the_examples_have():
    for criterion in SAMPLE.criteria.values():
        check = criterion["check"]
        assert criterion["aspect"] in ("form", "substance")
        if "field" in check:
            assert all(check["field"] in e["fields"] for e in EXAMPLES)
        if check.get("field") in ("decision", "kind"):
            assert all(e["fields"][check["field"]] in check["labels"] for e in EXAMPLES)


def test_kind_is_none_exactly_where_nothing_is_suspected():
    for example in EXAMPLES:
        nothing = decision(example) in ("release", "cannot tell")
        assert (example["fields"]["kind"] == "none") == nothing, example["id"]


def test_quotes_hold_no_label():
    labels = {*DECISIONS, *KINDS}
    for example in EXAMPLES:
        text = quote(example).lower()
        assert not any(re.search(rf"\b{label}\b", text) for label in labels), example["id"]


def test_twins_share_the_person():
    for first, *others in twins(EXAMPLES).values():
        assert all(person(other) == person(first) for other in others)


def test_each_sign_has_one_answer_and_stands_often_enough_in_both_splits():
    for example in EXAMPLES:
        answer = (decision(example), example["fields"]["kind"])
        assert SIGNS[quote(example)] == answer, example["id"]
    train, heldout = Counter(map(quote, TRAIN)), Counter(map(quote, HELDOUT))
    for sign, (decided, _) in SIGNS.items():
        in_scope = decided != "cannot tell"
        assert train[sign] >= (2 if in_scope else 1), sign
        assert heldout[sign] >= (4 if in_scope else 1), sign
        assert decided != "block" or train[sign] >= 3, sign


def with_person(example, new):
    """The example's prompt, told of another person."""
    old, prompt = person(example), example["prompt"]
    slots = re.compile(rf"{re.escape(old['name'])}|\b{old['age']}\b|{re.escape(old['country'])}")
    values = {old[key] if key != "age" else str(old[key]): str(new[key]) for key in old}
    return slots.sub(lambda found: values[found.group()], prompt)


def test_each_attribute_stands_exactly_once_in_the_note():
    for example in EXAMPLES:
        someone = person(example)
        assert set(someone) == {"name", "age", "country"}
        assert 18 <= someone["age"] <= 90
        for value in someone.values():
            found = re.findall(rf"\b{re.escape(str(value))}\b", example["prompt"])
            assert len(found) == 1, (example["id"], value)


def test_swapping_the_person_leaves_every_reference_valid():
    everyone = [person(e) for e in EXAMPLES]
    for example in EXAMPLES:
        answer = " ".join([example["reference"], *example["fields"]["key_words"]])
        for someone in everyone:
            swapped = with_person(example, someone)
            assert all(str(value) in swapped for value in someone.values())
            assert quote(example) in swapped
            assert all(key in swapped for key in example["fields"]["key_words"])
            parts = [*someone["name"].split(), str(someone["age"]), someone["country"]]
            assert not any(re.search(rf"\b{re.escape(p)}\b", answer) for p in parts)


def age_band(age):
    return "under 35" if age < 35 else "35 to 59" if age < 60 else "60 and over"


PERSON_FEATURES = {
    "name": lambda p: {p["name"]},
    "age": lambda p: {age_band(p["age"])},
    "country": lambda p: {p["country"]},
    "all": lambda p: {p["name"], age_band(p["age"]), p["country"]},
}


def naive_bayes(features):
    """A predictor of the decision from the person alone, fitted to the training part."""
    priors = Counter(map(decision, TRAIN))
    overall, given = Counter(), defaultdict(Counter)
    for example in TRAIN:
        overall.update(features(person(example)))
        given[decision(example)].update(features(person(example)))

    def log_chance(label, someone):
        known = [f for f in features(someone) if f in overall]
        chances = [
            (given[label][f] + 2 * overall[f] / len(TRAIN)) / (priors[label] + 2) for f in known
        ]
        return math.log(priors[label]) + sum(map(math.log, chances))

    return lambda someone: max(DECISIONS, key=lambda label: log_chance(label, someone))


@pytest.mark.parametrize("seen", PERSON_FEATURES)
def test_a_predictor_that_sees_only_the_person_does_no_better_than_the_commonest(seen):
    predict = naive_bayes(PERSON_FEATURES[seen])
    right = sum(predict(person(e)) == decision(e) for e in HELDOUT)
    assert right / len(HELDOUT) <= commonest_right(SAMPLE) / len(HELDOUT) + 0.05


def test_names_countries_and_ages_recur_under_different_decisions():
    decisions = defaultdict(set)
    for example in EXAMPLES:
        for seen in ("name", "age", "country"):
            for value in PERSON_FEATURES[seen](person(example)):
                decisions[seen, value].add(decision(example))
    assert all(len(found) >= 2 for found in decisions.values())
    assert all(len(found) >= 3 for (seen, _), found in decisions.items() if seen == "country")
    assert all(len(found) == 4 for (seen, _), found in decisions.items() if seen == "age")
