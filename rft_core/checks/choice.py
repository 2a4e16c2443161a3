"""Checks of a choice among labels: the right one, more than one, a named mistake.

A label counts as mentioned at word boundaries, whatever its case; of two labels of which one is
part of the other ("call", "call back") the longer is read. A label that is directly negated ("not
call", "cannot call", "refuse to call") is not mentioned, unless the negation is part of a label.
Quoted passages are left out, since a passage copied from the case may hold a label's word.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import ClassVar

from pydantic import Field, field_validator, model_validator

from rft_core.checks.base import (
    Check,
    FieldCheck,
    LineName,
    Unscored,
    Verdict,
    expected_texts,
    on_line,
)
from rft_core.checks.quoted import spans
from rft_core.checks.wording import line_rest, listing, shown, tokens, without_passages
from rft_core.records import Example

MAX_LABELS = 200
_NEGATED = (
    r"(?:not|cannot|never|neither|nor|non(?: -)?|(?<=n )' t|(?<=^ )no|(?<=[^\w ] )no"
    r"|(?:refus|declin)(?:e|es|ed|ing) to|(?:unable|unwilling|fails?|failed) to)"
    r"(?: (?:to|be|yet|ever))?"
)
"""What directly before a label says that it is not chosen, as tokens; "no" only where it stands
first, as after "Decision:", since "no liability" may be about a label."""
_BEFORE = 60
"""Characters before a quoted label in which a negation is looked for."""


def mentioned(
    answer: str, labels: tuple[str, ...], line: str | None, ignore_quotes: bool
) -> list[str]:
    """Return the distinct labels that the answer mentions, in order of first mention."""
    text = _read_text(answer, line)
    if not ignore_quotes:
        return _found(text, labels)
    return _found(without_passages(text), labels) or _quoted_labels(text, labels)


def _read_text(answer: str, line: str | None) -> str:
    return (line_rest(answer, line) if line else None) or answer


def same_label(given: str | None, expected: object) -> bool:
    """Say whether a label that was read is the expected one, whatever its case."""
    return given is not None and given.casefold() == str(expected).casefold()


class Choice(Check):
    """Labels and where to read them."""

    labels: tuple[str, ...] = Field(min_length=1, max_length=MAX_LABELS)
    line: LineName | None = None
    """Read only what follows "line:" where the answer has such a line."""
    ignore_quotes: bool = True

    @field_validator("labels")
    @classmethod
    def _labels_are_distinct(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        seen: dict[str, str] = {}
        for label in labels:
            key = tokens(label)
            if key == " ":
                raise ValueError("one of the choices is empty")
            if key in seen:
                raise ValueError(f"the choices {shown(seen[key])} and {shown(label)} are the same")
            seen[key] = label
        return labels

    @property
    def choices(self) -> list[str]:
        """The labels among which the answer chooses."""
        return list(self.labels)

    def decided(self, answer: str) -> str | None:
        """Return the one label that the answer names; None if it names none, or several."""
        found = self.mentioned(answer)
        return found[0] if len(found) == 1 else None

    def mentioned(self, answer: str) -> list[str]:
        return mentioned(answer, self.labels, self.line, self.ignore_quotes)

    def negated(self, answer: str) -> str | None:
        """Return the first label that the answer negates, with its negation."""
        pattern, _ = _reader(self.labels)
        found = pattern.finditer(tokens(_read_text(answer, self.line)))
        text = next((match[0] for match in found if match[2]), None)
        return text.replace("' t ", "not ") if text else None

    def listed(self) -> str:
        return listing(self.labels, "or")

    def where(self) -> str:
        return on_line(self.line) if self.line else ""


class ExpectedChoice(Choice, FieldCheck):
    """A choice with a right label, read from a field."""

    def expected(self, example: Example) -> list[str]:
        texts = expected_texts(example, self.field)
        known = {tokens(label): label for label in self.labels}
        unknown = [text for text in texts if tokens(text) not in known]
        if unknown or not texts:
            value = shown(unknown[0]) if unknown else "an empty list"
            raise Unscored(f'The case\'s "{self.field}" is {value}, which is none of the choices.')
        return [known[tokens(text)] for text in texts]

    def graded_by(
        self, answer: str, example: Example, keeps: Callable[[str, str], float]
    ) -> Verdict:
        """Grade an answer by the share of the points that it `keeps`, by right and given label.

        Of several right labels the best counts; an answer that names no label, or several, keeps
        nothing.
        """
        expected = self.expected(example)
        found = self.mentioned(answer)
        wanted = listing([f'"{label}"' for label in expected], "or")
        if len(found) > 1:
            return Verdict(0.0, f"Names more than one: {listing(found[:4])}; expected {wanted}.")
        if not found:
            negated = self.negated(answer)
            but = f' ("{negated}" is none)' if negated else ""
            return Verdict(0.0, f"Names none of the choices{but}; expected {wanted}.")
        value = max(keeps(right, found[0]) for right in expected)
        if found[0] in expected:
            return Verdict(value, f'Says "{found[0]}", as expected.')
        kept = f" Keeps {value:.0%} of the points." if value else ""
        return Verdict(value, f'Says "{found[0]}"; expected {wanted}.{kept}')


class Label(ExpectedChoice):
    """Met when the answer names exactly one label, and it is the expected one."""

    kind: str = "label"

    def describe(self) -> str:
        return (
            f"Met when the answer names exactly one of {self.listed()}{self.where()}, "
            f'and it is the expected "{self.field}".'
        )

    def _grade(self, answer: str, example: Example) -> Verdict:
        return self.graded_by(answer, example, lambda right, given: float(right == given))


class SeveralLabels(Choice):
    """Met when the answer names two or more labels: give it a penalty."""

    finds_fault: ClassVar[bool] = True
    kind: str = "several_labels"

    def describe(self) -> str:
        where = self.where()
        return f"Counts as a fault when the answer names two or more of {self.listed()}{where}."

    def _grade(self, answer: str, example: Example) -> Verdict:
        found = self.mentioned(answer)
        if len(found) > 1:
            return Verdict(1.0, f"Names more than one: {listing(found[:4])}.")
        return Verdict(0.0, "Does not name more than one.")


class Mistake(ExpectedChoice):
    """Met when the answer gives a label in `given` where one in `right` is expected."""

    finds_fault: ClassVar[bool] = True
    kind: str = "mistake"
    given: tuple[str, ...] = Field(min_length=1)
    right: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _given_and_right_are_labels(self) -> "Mistake":
        known = {tokens(label) for label in self.labels}
        for label in (*self.given, *self.right):
            if tokens(label) not in known:
                raise ValueError(f"{shown(label)} is not among the choices")
        return self

    def describe(self) -> str:
        return (
            f"Counts as a fault when the answer says {listing(self.given, 'or')}{self.where()} "
            f'while the expected "{self.field}" is {listing(self.right, "or")}.'
        )

    def _grade(self, answer: str, example: Example) -> Verdict:
        expected = {tokens(label) for label in self.expected(example)}
        found = self.mentioned(answer)
        at_stake = expected <= {tokens(label) for label in self.right}
        given = {tokens(label) for label in self.given}
        if at_stake and len(found) == 1 and tokens(found[0]) in given - expected:
            return Verdict(1.0, f'Says "{found[0]}" where that is this mistake.')
        return Verdict(0.0, "Does not make this mistake.")


@lru_cache(maxsize=256)
def _reader(labels: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern that finds labels in tokens, and labels by their tokens.

    Its first group is a label that is not negated, its second one that is.
    """
    spelling = {tokens(label).strip(): label for label in reversed(labels)}
    spelling.pop("", None)
    longest_first = sorted(spelling, key=len, reverse=True)
    any_label = "|".join(map(re.escape, longest_first)) or r"(?!)"
    negated = rf"{_NEGATED} ({any_label})"
    return re.compile(rf"(?<= )(?:({any_label})|{negated})(?= )"), spelling


def _found(text: str, labels: tuple[str, ...]) -> list[str]:
    pattern, spelling = _reader(labels)
    found: dict[str, None] = {}
    lines = ""
    for match in pattern.finditer(tokens(text)):
        key = match[1]
        if not key and match[0].startswith("no "):  # "Covered: no", and the next line a label
            lines = lines or "\n".join(map(tokens, text.split("\n")))
            key = "" if match[0] in lines else match[2]
        if key:
            found[key] = None
    return [spelling[key] for key in found]


def _quoted_labels(text: str, labels: tuple[str, ...]) -> list[str]:
    """Return labels that stand alone in quotation marks, as in {"decision": "block"}."""
    _, spelling = _reader(labels)
    alone: dict[str, None] = {}
    for span in spans(text):
        key = tokens(span.of(text)).strip() if span.is_closed else ""
        before = text[max(0, span.start - _BEFORE) : span.start]
        if key in spelling and spelling[key] in _found(f"{before} {key}", labels):
            alone[key] = None
    return [spelling[key] for key in alone]
