"""How many answers a second the rubric grades on one core, with ten criteria; and how long each
kind of check takes for the longest answer that is read (100,000 characters), with long cases.

Run by hand: python benchmarks/grading.py
"""

import time
from contextlib import suppress

from rft_core.checks import KINDS as CHECK_KINDS
from rft_core.checks import Unscored, build
from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.grading import Grader

DECISIONS = ["release", "call", "block", "cannot tell"]
KINDS = ["impersonation", "investment", "romance", "purchase", "invoice", "none"]
CHECKS = [
    (5, {"kind": "label", "labels": DECISIONS, "field": "decision"}),
    (2, {"kind": "label", "labels": KINDS, "field": "kind", "line": "Kind"}),
    (1, {"kind": "quote", "field": "key_words"}),
    (1, {"kind": "quote"}),
    (1, {"kind": "pattern", "pattern": r"Decision: .+\nKind: .+\nQuote: .+", "whole": True}),
    (1, {"kind": "length", "max_words": 40}),
    (1, {"kind": "number", "field": "amount", "tolerance": 1}),
    (1, {"kind": "contains_any", "phrases": ["safe account", "gift cards", "crypto"]}),
    (-1, {"kind": "several_labels", "labels": DECISIONS}),
    (
        -2,
        {
            "kind": "mistake",
            "labels": DECISIONS,
            "field": "decision",
            "given": ["release"],
            "right": ["call", "block"],
        },
    ),
]
SECONDS = 3.0
PYTHON = """
import re

def grade(sample, item):
    answer = sample["output_text"].lower()
    words = re.findall(r"\\w+", answer)
    expected = set(re.findall(r"\\w+", item["reference_answer"].lower()))
    numbers = [word for word in words if word.isdigit()]
    named = item["decision"] in answer
    return 0.5 * named + 0.5 * len(expected & set(words)) / max(1, len(expected), len(numbers))
"""
BY_KIND = [
    {"kind": "exact", "field": "decision"},
    {"kind": "label", "labels": DECISIONS, "field": "decision"},
    {"kind": "label", "labels": [f"label {n}" for n in range(200)], "field": "label"},
    {"kind": "several_labels", "labels": DECISIONS, "line": "Decision"},
    {"kind": "mistake", "labels": DECISIONS, "field": "decision", "given": ["release"],
     "right": ["block"]},
    {"kind": "cost_table", "labels": DECISIONS, "field": "decision",
     "table": {r: {g: float(r == g) for g in DECISIONS} for r in DECISIONS}},
    {"kind": "contains_all", "field": "many"},
    {"kind": "contains_any", "phrases": [f"phrase {n}" for n in range(200)]},
    {"kind": "forbidden", "phrases": [f"phrase {n}" for n in range(200)]},
    {"kind": "pattern", "pattern": r"(\w+\s*)*!{3}"},
    {"kind": "length", "max_words": 40},
    {"kind": "number", "field": "amount"},
    {"kind": "set", "field": "many"},
    {"kind": "ranked", "field": "many", "known": [f"phrase {n}" for n in range(10_000)]},
    {"kind": "unknown_item", "known": [f"phrase {n}" for n in range(10_000)]},
    {"kind": "citation", "in_case": True},
    {"kind": "quote"},
    {"kind": "quote", "field": "many"},
    {"kind": "overlap"},
    {"kind": "overlap", "metric": "rouge_l"},
    {"kind": "overlap", "metric": "token_set"},
    {"kind": "overlap", "metric": "partial"},
    {"kind": "meaning"},
    {"kind": "json", "keys": ["decision"]},
    {"kind": "python", "code": PYTHON},
]  # fmt: skip
PIECES = (
    "the safe account of 78,000 ", "a", "a ", '"a b" ', "“a b” ", '"', "1,", "block, call ", "§ 1 ",
    "[1] ", "Art. 5\n", "> a\n", "1. a ", "- a\n", "(A 2", "Decision: block\n", "phrase 7, ",
    "twenty-five ", "one ", "million (5) ", "a, a and a; ", "\n", " ", "中", "é", "\u0301", "-−(",
)  # fmt: skip
"""What long answers are made of, one piece over and over."""
MAX_CHARS = 100_000


def main():
    """Print answers a second for short answers and for answers of about 300 words."""
    grader = Grader(
        Rubric(
            criteria=tuple(
                Criterion(
                    id=f"c{i}", text="", points=p, aspect="substance", check=CheckSpec(**check)
                )
                for i, (p, check) in enumerate(CHECKS)
            )
        )
    )
    example = Example(
        id="e",
        prompt="A police officer had phoned: the savings of 78,000 were at risk and only a safe "
        "account would do. He sounds rushed.",
        fields={
            "decision": "block",
            "kind": "impersonation",
            "key_words": ["safe account"],
            "amount": 78_000,
        },
    )
    short = 'Decision: block\nKind: impersonation\nQuote: "only a safe account would do"'
    long = "The note speaks of 78,000 – “unusual” for this client, who is 62. " * 25 + short
    for name, answer in (("short", short), ("long", long)):
        words = len(answer.split())
        print(f"{name} answers ({words} words): {_rate(grader, answer, example):,.0f} a second")
    _longest()


def _longest():
    """Print, slowest first, the longest time of each check over answers of 100,000 characters."""
    # A formula reads no answer, only the values of other criteria.
    assert {spec["kind"] for spec in BY_KIND} == CHECK_KINDS.keys() - {"formula"}
    rows = []
    for spec in BY_KIND:
        check = build(CheckSpec(**spec))
        took = [(_seconds(check, piece), piece) for piece in PIECES]
        metric = f" ({spec['metric']})" if "metric" in spec else ""
        rows.append((*max(took), f"{spec['kind']}{metric}{' of a field' * ('field' in spec)}"))
    for seconds, piece, name in sorted(rows, reverse=True):
        print(f"{seconds:6.2f} s  {name}, an answer of {piece!r} over and over")


def _seconds(check, piece):
    long = (piece * MAX_CHARS)[:MAX_CHARS]
    example = Example(
        id="e",
        prompt=long,
        reference=long,
        fields={
            "decision": "block", "label": "label 7", "amount": 78_000,
            "many": [f"phrase {n}" for n in range(500)],
        },
    )  # fmt: skip
    start = time.perf_counter()
    with suppress(Unscored):
        check.grade(long, example)
    return time.perf_counter() - start


def _rate(grader, answer, example):
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        grader.grade(f"{answer} {count}", example)  # every answer differs: no help from caches
        count += 1
    return count / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
