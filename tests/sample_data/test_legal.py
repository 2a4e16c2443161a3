"""The legal sample: one phrase decides, the subject tells the type, products decide nothing."""

import re
from collections import Counter, defaultdict

from tests.sample_data.sample import decision, middle, quote, sample, words

SIGNS = {
    "at its sole discretion": "escalate",
    "without notice": "escalate",
    "without limit": "escalate",
    "waives all claims": "escalate",
    "reasonable endeavours": "negotiate",
    "within five days": "negotiate",
    "automatically renews": "negotiate",
    "estimates only": "negotiate",
    "agreed in writing": "accept",
    "either party": "accept",
    "prior written consent": "accept",
    "at its own expense": "accept",
    "Table of contents": "cannot tell",
    "Kind regards": "cannot tell",
    "scan is illegible": "cannot tell",
}
"""Phrase to decision. The type is not here: one sign stands in clauses of several types."""
VOCABULARY = {
    "fees": {"fee", "fees", "price", "prices", "charge", "charges", "invoice", "invoiced"},
    "delivery": {"deliver", "delivered", "delivery", "deliveries"},
    "liability": {"liable", "liability", "indemnify", "indemnity"},
    "termination": {"terminate", "terminates", "terminated", "termination"},
    "data": {"data"},
}
PRODUCTS = words(
    "balances bearings boilers canteen cartons castings chemicals coffee cold crates fish flour "
    "fuel glassware gloves lifts linen machines milk moulds pallets readers reagents seed software "
    "solvent steel timber uniforms vaccines vending"
)
CAPITALISED = set(
    re.findall(
        r"\w+",
        "Agreement Annex April B Celsius Charges Corby Customer Effective February Hull Ireland "
        "January Leeds March Netherlands October Orders Personal Schedule September Supplier "
        "Telford Term Working Energy Loss Should Thereafter Upon",
    )
)
"""Words that stand with a capital only: defined terms, places, months, and starts of sentences."""

EXAMPLES = sample("legal").cases
CLAUSES = [e for e in EXAMPLES if decision(e) != "cannot tell"]


def test_each_sign_leads_to_its_decision_and_no_other_sign_stands_beside_it():
    for example in EXAMPLES:
        text = example["prompt"].lower()
        assert SIGNS[quote(example)] == decision(example), example["id"]
        assert [s for s in SIGNS if s.lower() in text] == [quote(example)], example["id"]
        assert example["fields"]["type"] == middle(example), example["id"]
    assert {quote(e) for e in EXAMPLES} == set(SIGNS)


def test_quotes_hold_no_label():
    labels = {*VOCABULARY, "none", *SIGNS.values()}
    for sign in SIGNS:
        assert not any(re.search(rf"\b{label}\b", sign.lower()) for label in labels), sign


def test_every_type_stands_under_three_decisions_often_enough_in_both_splits():
    decisions = defaultdict(set)
    for part, least in (("train", 5), ("heldout", 8)):
        clauses = [e for e in CLAUSES if e["split"] == part]
        for example in clauses:
            decisions[part, middle(example)].add(decision(example))
        counted = Counter(map(middle, clauses))
        assert all(counted[kind] >= least for kind in VOCABULARY), counted
    assert all(len(found) == 3 for found in decisions.values()), decisions


def test_every_sign_stands_in_clauses_of_three_types_or_more():
    types = defaultdict(set)
    for example in CLAUSES:
        types[quote(example)].add(middle(example))
    assert all(len(found) >= 3 for found in types.values()), types


def test_the_type_of_a_clause_is_plain():
    for example in CLAUSES:
        text = set(words(example["prompt"]))
        found = [kind for kind, known in VOCABULARY.items() if text & known]
        assert found == [middle(example)], example["id"]


def test_products_recur_under_different_decisions():
    for product in PRODUCTS:
        found = {decision(e) for e in CLAUSES if product in words(e["prompt"])}
        assert len(found) >= 2, product


def test_no_clause_names_a_company():
    text = " ".join(e["prompt"] for e in CLAUSES)
    small = set(re.findall(r"\b[a-z]+", text))
    names = {w for w in re.findall(r"\b[A-Z]\w*", text) if w.lower() not in small}
    assert names <= CAPITALISED, names - CAPITALISED
    assert not re.search(r"\b(Ltd|Limited|plc|LLP|Inc|GmbH)\b", text)
