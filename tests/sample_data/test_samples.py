"""What holds for every sample: counts, twins, quotes, floors, rubric, and what its pages say."""

import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest
from rapidfuzz import fuzz
from tokenizers import Tokenizer

from rft_core.examples.folder import read_project
from rft_core.rubric.grading import Grader
from rft_core.rubric.lint import lint
from tests.sample_data.sample import (
    FOLDER,
    NAMES,
    Sample,
    commonest_right,
    decision,
    middle,
    quote,
    sample,
    twins,
    words,
)

MOST_PROMPT_TOKENS, MOST_ANSWER_TOKENS = 90, 30
ALIKE = 75
"""Similarity (token_sort_ratio) from which a held-out case would repeat a training case."""


@pytest.fixture(params=NAMES)
def found(request: pytest.FixtureRequest) -> Sample:
    return sample(request.param)


def test_there_are_four_samples() -> None:
    assert NAMES == ["finance", "healthcare", "insurance", "legal"]


def test_counts_and_ids(found: Sample) -> None:
    assert (len(found.train), len(found.heldout), len(found.cases)) == (40, 60, 100)
    assert len({case["id"] for case in found.cases}) == 100
    assert len({case["prompt"] for case in found.cases}) == 100


def test_cases_and_answers_are_short(embedded_model: Path) -> None:
    tokenizer = Tokenizer.from_file(str(embedded_model / "tokenizer.json"))

    def count(text: str) -> int:
        return len(tokenizer.encode(text, add_special_tokens=False).ids)

    for name in NAMES:
        for case in sample(name).cases:
            assert count(case["prompt"]) <= MOST_PROMPT_TOKENS, case["id"]
            assert count(case["reference"]) + 1 <= MOST_ANSWER_TOKENS, case["id"]


def test_references_have_the_layout_that_the_rubric_asks_for(found: Sample) -> None:
    layout = found.criteria["layout"]["check"]["pattern"]
    for case in found.cases:
        assert re.fullmatch(layout, case["reference"]), case["id"]
        assert len(case["reference"].split("\n")) == 3


def test_every_reference_earns_all_points(found: Sample) -> None:
    files = read_project(FOLDER / found.name)
    grader = Grader(files.rubric)
    for example in files.examples:
        grade = grader.grade(example.reference or "", example)
        assert (grade.earned, grade.penalty) == (grade.possible, 0), (example.id, grade.reasons)


def test_quotes_are_verbatim_short_and_are_the_key_words(found: Sample) -> None:
    for case in found.cases:
        words_of = re.findall(rf"(?<!\w){re.escape(quote(case))}(?!\w)", case["prompt"])
        assert words_of == [quote(case)], case["id"]
        assert 2 <= len(quote(case).split()) <= 4, case["id"]
        assert case["fields"]["key_words"] == [quote(case)], case["id"]
        assert '"' not in case["prompt"], case["id"]


def test_one_quote_leads_to_one_decision_and_stands_often_enough(found: Sample) -> None:
    decisions = defaultdict(set)
    for case in found.cases:
        decisions[quote(case)].add(decision(case))
    assert all(len(seen) == 1 for seen in decisions.values()), decisions
    train, heldout = Counter(map(quote, found.train)), Counter(map(quote, found.heldout))
    for sign, (decided,) in decisions.items():
        in_scope = decided != "cannot tell"
        assert train[sign] >= (2 if in_scope else 1), sign
        assert heldout[sign] >= (3 if in_scope else 1), sign


def test_a_case_holds_no_sign_of_another(found: Sample) -> None:
    signs = {quote(case) for case in found.cases}
    for case in found.cases:
        text = case["prompt"].lower()
        assert [s for s in signs if s.lower() in text] == [quote(case)], case["id"]


def test_every_combination_of_labels_in_heldout_is_also_in_train(found: Sample) -> None:
    def pairs(part: list[dict]) -> set[tuple[str, str]]:
        return {(decision(case), middle(case)) for case in part}

    assert pairs(found.heldout) <= pairs(found.train)


def test_clusters_are_never_divided_and_only_twins_share_one(found: Sample) -> None:
    splits, sizes = defaultdict(set), Counter()
    for case in found.cases:
        splits[case["cluster"]].add(case["split"])
        sizes[case["cluster"]] += 1
    assert all(len(parts) == 1 for parts in splits.values())
    for case in found.cases:
        assert (sizes[case["cluster"]] > 1) == ("twin" in case["tags"]), case["id"]


def test_a_third_are_twins_in_both_splits(found: Sample) -> None:
    for part in (found.train, found.heldout):
        share = sum("twin" in case["tags"] for case in part) / len(part)
        assert share == pytest.approx(1 / 3, abs=0.02)


def test_twins_share_most_words_but_not_the_answer(found: Sample) -> None:
    for group in twins(found.cases).values():
        for one, other in combinations(group, 2):
            first, second = Counter(words(one["prompt"])), Counter(words(other["prompt"]))
            shared = (first & second).total()
            assert shared / max(first.total(), second.total()) > 0.6, one["cluster"]
            assert decision(one) != decision(other), one["cluster"]
            assert quote(one) not in other["prompt"]
            assert quote(other) not in one["prompt"]


def test_out_of_scope_is_tagged_in_both_splits(found: Sample) -> None:
    for part in (found.train, found.heldout):
        assert sum("out of scope" in case["tags"] for case in part) == 4
    for case in found.cases:
        assert ("out of scope" in case["tags"]) == (decision(case) == "cannot tell"), case["id"]
        if decision(case) == "cannot tell":
            assert middle(case) == "none", case["id"]


def test_a_lookup_of_the_most_similar_case_does_not_solve_it(found: Sample) -> None:
    right = 0
    for case in found.heldout:
        similar = [fuzz.token_sort_ratio(case["prompt"], e["prompt"]) for e in found.train]
        assert max(similar) < ALIKE, f"{case['id']} nearly repeats a training case"
        right += decision(found.train[similar.index(max(similar))]) == decision(case)
    assert right <= 36
    assert f"{right} of 60" in " ".join(found.readme.split())


def test_a_constant_does_not_solve_it(found: Sample) -> None:
    right = commonest_right(found)
    assert right <= 22
    assert f"{right} of 60" in " ".join(found.readme.split())


def test_the_linter_finds_nothing(found: Sample) -> None:
    files = read_project(FOLDER / found.name)
    assert lint(files.rubric, [e for e in files.examples if e.split == "train"]) == []


def test_points_are_ten_and_at_least_half_of_them_for_substance(found: Sample) -> None:
    points = [(c["points"], c["aspect"]) for c in found.criteria.values()]
    assert sum(p for p, _ in points if p > 0) == 10
    assert sum(p for p, aspect in points if p > 0 and aspect == "substance") >= 5
    penalties = -sum(p for p, _ in points if p < 0)
    assert penalties / (10 + penalties) < 0.25


def test_the_instruction_names_every_label(found: Sample) -> None:
    instruction = found.project["instruction"]
    assert len(instruction.split()) <= 60
    for criterion in found.criteria.values():
        check = criterion["check"]
        for label in (*check.get("labels", ()), *check.get("known", ())):
            assert label in instruction, label


def test_the_readme_says_what_it_is_for_and_what_not(found: Sample) -> None:
    assert "closed list" in found.readme
    assert "What it is not" in found.readme
    assert "Apache-2.0" in found.readme
    assert found.project["purpose"] and found.project["not_for"]
