"""The finance sample: counts, twins, quotes, and that no person's attribute decides an answer."""

import json
import math
import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest
from rapidfuzz import fuzz

FOLDER = Path(__file__).parents[2] / "sample_data" / "finance"
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


def read_json(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


EXAMPLES = [
    json.loads(line)
    for line in (FOLDER / "examples.jsonl").read_text(encoding="utf-8").splitlines()
]
TRAIN = [e for e in EXAMPLES if e["split"] == "train"]
HELDOUT = [e for e in EXAMPLES if e["split"] == "heldout"]
RUBRIC = {criterion["id"]: criterion for criterion in read_json("rubric.json")["criteria"]}


def decision(example):
    return example["fields"]["decision"]


def person(example):
    return example["fields"]["person"]


def quote(example):
    return re.search(r'"([^"]+)"', example["reference"]).group(1)


def words(text):
    return re.findall(r"\w+", text.lower())


def commonest_share():
    """Share of held-out cases on which the commonest decision of training is right."""
    commonest = Counter(map(decision, TRAIN)).most_common(1)[0][0]
    return sum(decision(e) == commonest for e in HELDOUT) / len(HELDOUT)


def twin_groups():
    groups = defaultdict(list)
    for example in EXAMPLES:
        if "twin" in example["tags"]:
            groups[example["cluster"]].append(example)
    return groups


def test_counts_and_ids():
    assert (len(TRAIN), len(HELDOUT), len(EXAMPLES)) == (40, 60, 100)
    assert len({e["id"] for e in EXAMPLES}) == 100
    assert len({e["prompt"] for e in EXAMPLES}) == 100


def test_every_combination_of_labels_in_heldout_is_also_in_train():
    def pairs(part):
        return {(decision(e), e["fields"]["kind"]) for e in part}

    assert pairs(HELDOUT) == pairs(TRAIN)
    assert {d for d, _ in pairs(TRAIN)} == set(DECISIONS)
    assert {k for _, k in pairs(TRAIN)} == set(KINDS)


def test_kind_is_none_exactly_where_nothing_is_suspected():
    for example in EXAMPLES:
        nothing = decision(example) in ("release", "cannot tell")
        assert (example["fields"]["kind"] == "none") == nothing, example["id"]


def test_references_have_the_layout_that_the_rubric_asks_for():
    layout = RUBRIC["layout"]["check"]["pattern"]
    for example in EXAMPLES:
        fields = example["fields"]
        expected = (
            f'Quote: "{quote(example)}"\nKind: {fields["kind"]}\nDecision: {fields["decision"]}'
        )
        assert example["reference"] == expected
        assert re.fullmatch(layout, example["reference"]), example["id"]


def test_quotes_are_verbatim_short_and_are_the_key_words():
    for example in EXAMPLES:
        assert re.findall(rf"\b{quote(example)}\b", example["prompt"]) == [quote(example)]
        assert 2 <= len(quote(example).split()) <= 3, example["id"]
        assert example["fields"]["key_words"] == [quote(example)], example["id"]


def test_quotes_hold_no_label():
    labels = {*DECISIONS, *KINDS}
    for example in EXAMPLES:
        text = quote(example).lower()
        assert not any(re.search(rf"\b{label}\b", text) for label in labels), example["id"]


def test_prompts_are_short_and_hold_no_double_quote():
    for example in EXAMPLES:
        assert 15 <= len(example["prompt"].split()) <= 65, example["id"]
        assert '"' not in example["prompt"], example["id"]


def test_clusters_are_never_divided_and_only_twins_share_one():
    splits, sizes = defaultdict(set), Counter()
    for example in EXAMPLES:
        splits[example["cluster"]].add(example["split"])
        sizes[example["cluster"]] += 1
    assert all(len(found) == 1 for found in splits.values())
    for example in EXAMPLES:
        assert (sizes[example["cluster"]] > 1) == ("twin" in example["tags"]), example["id"]


def test_a_third_are_twins_in_both_splits():
    for part in (TRAIN, HELDOUT):
        assert sum("twin" in e["tags"] for e in part) / len(part) == pytest.approx(1 / 3, abs=0.02)


def test_twins_share_most_words_and_the_person_but_not_the_answer():
    for group in twin_groups().values():
        for one, other in combinations(group, 2):
            first, second = Counter(words(one["prompt"])), Counter(words(other["prompt"]))
            shared = (first & second).total()
            assert shared / max(first.total(), second.total()) > 0.6, one["cluster"]
            assert person(one) == person(other)
            assert decision(one) != decision(other)
            assert quote(one) not in other["prompt"]
            assert quote(other) not in one["prompt"]


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


def test_a_note_holds_no_other_sign():
    for example in EXAMPLES:
        found = [sign for sign in SIGNS if sign.lower() in example["prompt"].lower()]
        assert found == [quote(example)], example["id"]


def test_out_of_scope_is_tagged_in_both_splits():
    for part in (TRAIN, HELDOUT):
        assert sum("out of scope" in e["tags"] for e in part) == 4
    for example in EXAMPLES:
        assert ("out of scope" in example["tags"]) == (decision(example) == "cannot tell")


def test_a_lookup_of_the_most_similar_note_does_not_solve_it():
    right = 0
    for example in HELDOUT:
        similar = [fuzz.token_sort_ratio(example["prompt"], e["prompt"]) for e in TRAIN]
        assert max(similar) < 75, f"{example['id']} nearly repeats a training note"
        right += decision(TRAIN[similar.index(max(similar))]) == decision(example)
    assert right / len(HELDOUT) <= 0.6


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
    assert right / len(HELDOUT) <= commonest_share() + 0.05


def test_names_countries_and_ages_recur_under_different_decisions():
    decisions = defaultdict(set)
    for example in EXAMPLES:
        for seen in ("name", "age", "country"):
            for value in PERSON_FEATURES[seen](person(example)):
                decisions[seen, value].add(decision(example))
    assert all(len(found) >= 2 for found in decisions.values())
    assert all(len(found) >= 3 for (seen, _), found in decisions.items() if seen == "country")
    assert all(len(found) == 4 for (seen, _), found in decisions.items() if seen == "age")


def test_an_empty_answer_earns_less_than_a_quarter():
    points = [criterion["points"] for criterion in RUBRIC.values()]
    won, lost = sum(p for p in points if p > 0), -sum(p for p in points if p < 0)
    assert (won, lost) == (10, 3)
    assert lost / (won + lost) < 0.25


def test_rubric_reads_fields_and_labels_that_the_examples_have():
    for criterion in RUBRIC.values():
        check = criterion["check"]
        assert criterion["aspect"] in ("form", "substance")
        if "field" in check:
            assert all(check["field"] in e["fields"] for e in EXAMPLES)
        if check.get("field") in ("decision", "kind"):
            assert all(e["fields"][check["field"]] in check["labels"] for e in EXAMPLES)


def test_instruction_names_every_label():
    project = read_json("project.json")
    assert project["id"] == "finance-scam-alerts"
    assert len(project["instruction"].split()) <= 45
    assert all(label in project["instruction"] for label in (*DECISIONS, *KINDS))
