"""The insurance sample: signs, severity, injuries, and that no person's attribute decides."""

import re
from collections import defaultdict

from tests.sample_data.sample import decision, middle, quote, sample

SIGNS = {
    "glass only": ("fast-track", "minor"),
    "receipt attached": ("fast-track", "minor"),
    "photos attached": ("fast-track", "minor"),
    "sent a repair quote": ("fast-track", "minor"),
    "taken to hospital": ("adjuster", "severe"),
    "neck pain": ("adjuster", "severe"),
    "broken wrist": ("adjuster", "severe"),
    "had to be towed": ("adjuster", "moderate"),
    "floor has lifted": ("adjuster", "moderate"),
    "delivering parcels": ("coverage check", "moderate"),
    "rented it out": ("coverage check", "moderate"),
    "empty for months": ("coverage check", "moderate"),
    "before the policy": ("coverage check", "moderate"),
    "change of address": ("cannot tell", "none"),
    "no-claims letter": ("cannot tell", "none"),
    "cannot be read": ("cannot tell", "none"),
}
INJURIES = {"taken to hospital", "neck pain", "broken wrist"}
SEVERITY = {"fast-track": "minor", "coverage check": "moderate", "cannot tell": "none"}

CASES = sample("insurance").cases


def person(case):
    return case["fields"]["person"]


def age_band(age):
    return "under 35" if age < 35 else "35 to 59" if age < 60 else "60 and over"


def signs_in(text):
    return [sign for sign in SIGNS if sign.lower() in text.lower()]


def with_person(case, new):
    """The case's prompt, told of another person."""
    old = person(case)
    slots = re.compile(rf"{re.escape(old['name'])}|\b{old['age']}\b|\b{re.escape(old['place'])}\b")
    values = {str(old[key]): str(new[key]) for key in old}
    return slots.sub(lambda found: values[found.group()], case["prompt"])


def test_each_sign_has_one_answer_and_no_other_sign_stands_in_the_notice():
    assert {quote(case) for case in CASES} == set(SIGNS)
    for case in CASES:
        answer = (decision(case), case["fields"]["severity"])
        assert SIGNS[quote(case)] == answer, case["id"]
        assert middle(case) == case["fields"]["severity"], case["id"]
        assert signs_in(case["prompt"]) == [quote(case)], case["id"]


def test_an_injury_goes_to_the_adjuster_and_is_severe_and_nothing_else_is():
    for case in CASES:
        hurt = quote(case) in INJURIES
        assert (case["fields"]["severity"] == "severe") == hurt, case["id"]
        assert not hurt or decision(case) == "adjuster", case["id"]


def test_severity_of_what_hurt_nobody_follows_from_the_route():
    for case in CASES:
        if quote(case) not in INJURIES:
            expected = SEVERITY.get(decision(case), "moderate")
            assert case["fields"]["severity"] == expected, case["id"]


def test_each_attribute_stands_exactly_once_in_the_notice():
    for case in CASES:
        assert list(person(case)) == ["name", "age", "place"]
        assert 18 <= person(case)["age"] <= 90
        for value in person(case).values():
            found = re.findall(rf"\b{re.escape(str(value))}\b", case["prompt"])
            assert len(found) == 1, (case["id"], value)


def test_names_ages_and_places_recur_under_different_routes():
    routes = defaultdict(set)
    for case in CASES:
        someone = person(case)
        routes["name", someone["name"]].add(decision(case))
        routes["age", age_band(someone["age"])].add(decision(case))
        routes["place", someone["place"]].add(decision(case))
    least = {"name": 2, "age": 4, "place": 3}
    assert all(len(found) >= least[seen] for (seen, _), found in routes.items()), routes


def test_swapping_the_person_keeps_the_quote_and_adds_no_sign():
    for case in CASES:
        for someone in map(person, CASES):
            swapped = with_person(case, someone)
            assert all(str(value) in swapped for value in someone.values())
            assert quote(case) in swapped
            assert signs_in(swapped) == [quote(case)], (case["id"], someone["name"])
