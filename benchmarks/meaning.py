"""How long closeness in meaning takes: its start, one rubric page over 100 cases, a practice round.

Run by hand: python benchmarks/meaning.py
"""

import time

from rft_core.examples.folder import read_project
from rft_core.models.embedder import EMBEDDER
from rft_core.records import CheckSpec, Criterion
from rft_core.rubric.fooling import spring
from rft_core.rubric.grading import Grader
from rft_core.rubric.lint import lint
from rft_core.rubric.rules.proposals import propose
from rft_core.rubric.shown import on_cases
from rft_core.settings import samples_folder

CASES = 100
ANSWERS = 32
MEANING = Criterion(
    id="meaning", text="Sounds like the expert answer", points=2, aspect="substance",
    check=CheckSpec(kind="meaning"),
)  # fmt: skip


def main():
    """Print the seconds of each, the first time and again."""
    files = read_project(samples_folder() / "legal")
    cases = [
        case.with_changes(id=f"c{n}", prompt=f"No. {n}. {case.case_text}", split="train",
                          reference=f"No. {n}. {case.reference}")
        for n, case in enumerate([*files.examples] * CASES) if n < CASES
    ]  # fmt: skip
    rubric = files.rubric.with_criterion(MEANING)
    grader = Grader(rubric)
    short = [(f"Negotiate: the notice of {n} days is short", cases[n // 8]) for n in range(ANSWERS)]
    long = [
        (f"{n}. " + "The clause allows twelve months. " * 60, c) for n, (_, c) in enumerate(short)
    ]
    _timed("the model starts", lambda: EMBEDDER.vectors(["a text"]))
    for what, work in (
        ("an answer that meets it and one that does not", lambda: on_cases(MEANING, cases)),
        (f"what is wrong with the rubric, {CASES} cases",
         lambda: lint(rubric, cases, files.project.instruction)),
        ("trying to fool it", lambda: spring(rubric, cases)),
        ("ways to check a rule", lambda: propose("Has the same meaning", cases)),
        (f"{ANSWERS} short answers of a round", lambda: grader.grade_all(short)),
        (f"{ANSWERS} answers of 300 words", lambda: grader.grade_all(long)),
    ):  # fmt: skip
        _timed(what, work)
        _timed(f"{what}, again", work)


def _timed(what, work):
    start = time.perf_counter()
    work()
    print(f"{time.perf_counter() - start:6.2f} s  {what}")


if __name__ == "__main__":
    main()
