"""A project of a thousand made-up cases and a rubric of twenty criteria, to measure with.

Each case is a few sentences drawn from the cases of all samples, with names and amounts of its
own, about 600 characters long; one in fifty repeats another nearly word for word.
"""

import random
import re

from rft_core.examples.folder import ProjectFiles, read_project
from rft_core.records import CheckSpec, Criterion, Example, Project, Rubric
from rft_core.settings import samples_folder

NAMES = ("finance", "healthcare", "insurance", "legal")
DECISIONS = ["release", "call", "block", "cannot tell"]
KINDS = ["impersonation", "investment", "romance", "purchase", "invoice", "none"]
TOPICS = [f"topic {n}" for n in range(1, 9)]


def thousand(count: int = 1_000, seed: int = 0) -> ProjectFiles:
    """Return the project; the same for the same count and seed."""
    rng = random.Random(seed)
    sentences = _sentences()
    cases: list[Example] = []
    for number in range(count):
        if cases and number % 50 == 0:
            twin = rng.choice(cases)
            cases.append(_case(rng, number, f"{twin.prompt} Seen."))
        else:
            drawn = rng.sample(sentences, rng.randint(5, 9))
            amount = f"EUR {rng.randint(100, 90_000):,} on {rng.randint(1, 28)} May"
            cases.append(_case(rng, number, " ".join([f"Note {number}.", *drawn, f"{amount}."])))
    project = Project(
        id="thousand", name="A thousand cases", instruction="Sort the notes.", case_noun="note"
    )
    return ProjectFiles(project=project, examples=tuple(cases), rubric=_rubric())


def _case(rng: random.Random, number: int, prompt: str) -> Example:
    words = prompt.split()
    place = rng.randrange(len(words) - 3)
    fields = {
        "decision": rng.choice(DECISIONS),
        "kind": rng.choice(KINDS),
        "topic": rng.choice(TOPICS),
        "key_words": [" ".join(words[place : place + 3])],
        "amount": rng.randint(100, 90_000),
    }
    lines = (f'Quote: "{fields["key_words"][0]}"', f"Kind: {fields['kind']}",
             f"Decision: {fields['decision']}")  # fmt: skip
    return Example(
        id=f"note-{number:04d}",
        prompt=prompt,
        reference="\n".join(lines),
        fields=fields,
        tags=(fields["kind"],),
        split="train" if number % 5 < 3 else "heldout",
    )


def _rubric() -> Rubric:
    """Return twenty criteria of kinds that people use."""
    checks = [
        {"kind": "label", "labels": DECISIONS, "field": "decision"},
        {"kind": "label", "labels": KINDS, "field": "kind", "line": "Kind"},
        {"kind": "label", "labels": TOPICS, "field": "topic"},
        {"kind": "quote", "field": "key_words"},
        {"kind": "quote"},
        {"kind": "pattern", "pattern": r"Quote: .+\nKind: .+\nDecision: .+", "whole": True},
        {"kind": "length", "max_words": 40},
        {"kind": "number", "field": "amount", "tolerance": 1},
        *({"kind": "contains_any", "phrases": [f"phrase {n}", f"word {n}"]} for n in range(12)),
    ]
    return Rubric(
        id="thousand-rubric",
        name="Twenty criteria",
        criteria=tuple(
            Criterion(
                id=f"c{n}", text=f"Rule number {n} is kept", points=2 if n < 8 else 1,
                aspect="form" if n in (5, 6) else "substance", check=CheckSpec(**check),
            )
            for n, check in enumerate(checks)
        ),
    )  # fmt: skip


def _sentences() -> list[str]:
    texts = [
        example.case_text
        for name in NAMES
        for example in read_project(samples_folder() / name).examples
    ]
    parts = [part for text in texts for part in re.split(r"(?<=[.:;]) ", text)]
    return [part for part in dict.fromkeys(parts) if 30 <= len(part) <= 160]
