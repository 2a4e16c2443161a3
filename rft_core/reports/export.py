"""The answers of a run as a table for a spreadsheet."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from rft_core.examples.cells import guard_formula
from rft_core.records import Criterion
from rft_core.reports.answers import Answer, Case
from rft_core.rubric.rule_words import as_fault

HEADINGS = (
    "case", "text of the case", "expert answer", "tags", "answered by", "answer", "points",
    "points possible", "penalty", "cut off", "seconds",
)  # fmt: skip


def answers_csv(cases: Sequence[Case], titles: Mapping[str, str]) -> bytes:
    """Return one row an answer, as CSV that Excel opens, with formulas made harmless.

    Each criterion has two columns, how far it was met (0 to 1) and why. `titles` gives the page
    name of each model that is written; answers of others are left out.
    """
    criteria = {c.id: c for case in reversed(cases) for c in case.criteria}
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow([_cell(h) for h in (*HEADINGS, *_headings(criteria.values()))])
    for case in cases:
        for model, title in titles.items():
            if model in case.answers:
                row = _row(case, case.answers[model], title, list(criteria))
                writer.writerow([_cell(cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def _headings(criteria: Any) -> list[str]:
    def heading(criterion: Criterion) -> str:
        return f"{as_fault(criterion)} ({criterion.points:g})"

    return [text for c in criteria for text in (heading(c), f"why: {c.text}")]


def _row(case: Case, answer: Answer, title: str, criteria: Sequence[str]) -> list[Any]:
    grade, example = answer.grade, case.example
    row = [
        example.id, example.case_text, example.reference, ", ".join(example.tags), title,
        answer.text, grade.earned, grade.possible, grade.penalty,
        "yes" if answer.truncated else "no", answer.seconds,
    ]  # fmt: skip
    for key in criteria:
        row += [_met(grade.values[key]), grade.reasons[key]] if key in grade.values else ["", ""]
    return row


def _met(value: float | None) -> float | str:
    return "could not be graded" if value is None else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else guard_formula(str(value))
