"""How many answers a second the rubric grades on one core, with ten criteria; and how long each
kind of check takes for the longest answer that is read (100,000 characters), with long cases.

Run by hand: python benchmarks/grading.py
"""

import json
import time
from contextlib import suppress

from rft_core.checks import KINDS as CHECK_KINDS
from rft_core.checks import Unscored, build
from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.grading import Grader
from rft_core.rubric.rules.pasting import read_rules

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
PHRASES = [f"phrase {n}" for n in range(200)]
SCHEMA = """{"minProperties": 1, "properties": {"a": {"uniqueItems": true, "contains":
{"enum": [0, {"x": 1}]}, "items": {"anyOf": [{"required": ["y"]}, {"oneOf": [{}, false]}]}}}}"""
SCHEMA_OF_VALUES = json.dumps({"properties": {"a": {"items": {"enum": [*range(2_000)]}}}})
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
    {"kind": "contains_all", "field": "many", "line": "Why"},
    {"kind": "contains_any", "phrases": PHRASES},
    {"kind": "forbidden", "phrases": PHRASES},
    {"kind": "pattern", "pattern": r"(\w+\s*)*!{3}"},
    {"kind": "length", "max_words": 40},
    {"kind": "length", "max_words": 40, "line": "Why"},
    {"kind": "reasoned"},
    {"kind": "number", "field": "amount"},
    {"kind": "number", "field": "amount", "line": "2 - a:b"},
    {"kind": "set", "field": "many"},
    {"kind": "set", "field": "many", "line": "* a"},
    {"kind": "ranked", "field": "many", "known": [f"phrase {n}" for n in range(10_000)]},
    {"kind": "unknown_item", "known": [f"phrase {n}" for n in range(10_000)]},
    {"kind": "citation", "in_case": True},
    {"kind": "citation", "in_case": True, "pattern": r"\S+ ?\S*"},
    {"kind": "quote"},
    {"kind": "quote", "field": "many"},
    {"kind": "overlap"},
    {"kind": "overlap", "metric": "rouge_l"},
    {"kind": "overlap", "metric": "token_set"},
    {"kind": "overlap", "metric": "partial"},
    {"kind": "overlap", "metric": "rouge_1"},
    {"kind": "overlap", "metric": "rouge_5"},
    {"kind": "overlap", "metric": "bleu"},
    {"kind": "overlap", "metric": "gleu"},
    {"kind": "overlap", "metric": "partial", "field": "very many"},
    {"kind": "overlap", "metric": "bleu", "field": "very many"},
    {"kind": "set", "field": "very many"},
    {"kind": "quote", "field": "very many"},
    {"kind": "meaning"},
    {"kind": "json", "keys": ["decision"]},
    {"kind": "json", "json_schema": SCHEMA},
    {"kind": "json", "json_schema": SCHEMA_OF_VALUES},
    {"kind": "python", "code": PYTHON},
]  # fmt: skip
PIECES = (
    "the safe account of 78,000 ", "a", "a ", '"a b" ', "“a b” ", '"', "1,", "block, call ", "§ 1 ",
    "[1] ", "Art. 5\n", "> a\n", "1. a ", "- a\n", "(A 2", "Decision: block\n", "phrase 7, ",
    "twenty-five ", "one ", "million (5) ", "a, a and a; ", "\n", " ", "中", "é", "\u0301", "-−(",
    "a\u0301\u0323", "\u0301\u0323", "ΐ", "İ", "ﬁ", "*", "_ ", ":", "* a:", "Why: ",
    "1/2 ", "5 mg ", "1-", "10^", "(1) a\n", "minus ", "„", "«", "“„", '"«', "’", "ééééé ",
    "é“", ' "a', 'Quote: "a "b" c"\n',
    "1", "1 111", "1.", "1'", "(", "(1", "9 ", "1e", "EUR ",
)  # fmt: skip
"""What long answers are made of, one piece over and over."""
NUMBERED = ('"a{0} b{0}" ', '"a {0}" ', "a{0} and b, ", "§ {0}, ", "{0} mg, ")
"""The same, where no two pieces are alike."""
ITEMS = (
    [f'{{"x": {n}}}' for n in range(8_000)],
    [str(n) for n in range(15_000)],
    [f"[[{n}]]" for n in range(10_000)],
    ['{"y": 0}'] * 10_000,
)
"""What a list in a long answer in JSON is made of."""
PASTED = ("[+", "[+a", "**[", "|-", "(+1 ", "*[+2*", "-")
"""What long lines of pasted rules are made of."""
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
    took = max((_pasting_seconds(part), part) for part in PASTED)
    print(f"\nlines of {MAX_CHARS:,} characters pasted as rules: {took[0]:.2f} s ({took[1]!r})")


def _pasting_seconds(part):
    start = time.perf_counter()
    read_rules("\n".join((part * MAX_CHARS)[:MAX_CHARS] for part in (part, f"|{part}")))
    return time.perf_counter() - start


def _longest():
    """Print, slowest first, the longest time of each check over answers of 100,000 characters."""
    # A formula reads no answer, only the values of other criteria; an AI grader is asked elsewhere.
    assert {spec["kind"] for spec in BY_KIND} == CHECK_KINDS.keys() - {"formula", "judge"}
    answers = {f"{piece!r} over and over": (piece * MAX_CHARS)[:MAX_CHARS] for piece in PIECES}
    answers |= {f"numbers in {piece!r}": _numbered(piece) for piece in NUMBERED}
    answers |= {f"JSON, a list of {items[0]} …": _list_in_json(items) for items in ITEMS}
    rows = []
    for spec in BY_KIND:
        check = build(CheckSpec(**spec))
        took = [(_seconds(check, long), name) for name, long in answers.items()]
        rows.append((*max(took), _named(spec)))
    for seconds, answer, name in sorted(rows, reverse=True):
        print(f"{seconds:6.2f} s  {name}, an answer of {answer}")


def _named(spec):
    """Return the kind and what of its parameters bears on time."""
    said = [str(spec["metric"])] if "metric" in spec else []
    said += [name for name in ("field", "line", "in_case", "json_schema") if name in spec]
    said += [f"{len(spec[name])} {name}" for name in ("labels", "phrases") if name in spec]
    return f"{spec['kind']} ({', '.join(said)})" if said else spec["kind"]


def _numbered(piece):
    return "".join(map(piece.format, range(MAX_CHARS // len(piece))))[:MAX_CHARS]


def _list_in_json(items):
    kept = items[: MAX_CHARS // (max(map(len, items)) + 2) - 10]
    return f'{{"a": [{", ".join(kept)}]}}'


def _seconds(check, long):
    example = Example(
        id="e",
        prompt=long,
        reference=long,
        fields={
            "decision": "block", "label": "label 7", "amount": 78_000,
            "many": [f"phrase {n}" for n in range(500)],
            "very many": [f"phrase {n}" for n in range(20_000)],
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
