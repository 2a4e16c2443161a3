"""How many answers a second the rubric grades on one core, with ten criteria.

Run by hand: python benchmarks/grading.py
"""

import time

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


def _rate(grader, answer, example):
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        grader.grade(f"{answer} {count}", example)  # every answer differs: no help from caches
        count += 1
    return count / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
