"""Checks of wording: exact answer, phrases, pattern, length."""

import re
from functools import lru_cache
from typing import Any, ClassVar, Self

import re2
from pydantic import Field, field_validator, model_validator

from rft_core.checks.base import Check, LineName, Unscored, Verdict, expected_texts
from rft_core.checks.pattern_words import in_words, named_lines
from rft_core.checks.sentences import count_sentences
from rft_core.checks.wording import count_words, line_part, listing, shown, tokens, tokens_hold
from rft_core.records import Example

MAX_PHRASES = 200
MAX_PATTERN_CHARS = 2_000
NOT_SUPPORTED = (
    "Patterns follow RE2: there is no look-ahead, look-behind or reference back, and a bracket "
    "meant as a bracket needs a backslash."
)


class Exact(Check):
    """Met when the answer is the expected text and nothing else."""

    kind: str = "exact"
    field: str | None = None
    text: str | None = None
    case_sensitive: bool = False
    """Whether capital letters count; spacing never does."""

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if bool(self.field) == bool(self.text):
            raise ValueError(
                "it compares with an expected value or with a text: give one of them, not both"
            )
        return self

    @property
    def reads(self) -> str | None:
        return self.field

    def describe(self) -> str:
        what = shown(self.text) if self.text else f'the expected "{self.field}"'
        return f"Met when the answer is {what} and nothing else."

    def _grade(self, answer: str, example: Example) -> Verdict:
        wanted = expected_texts(example, self.field) if self.field else (self.text or "",)
        if self._plain(answer) in map(self._plain, wanted):
            return Verdict(1.0, f"Says {shown(answer)}, as expected.")
        expected = listing([shown(text) for text in wanted[:3]], "or")
        return Verdict(0.0, f"Says {shown(answer)}; expected {expected}.")

    def _plain(self, text: str) -> str:
        flat = " ".join(text.split())
        return flat if self.case_sensitive else flat.casefold()


class Phrases(Check):
    """Phrases from a list, or from a field that names one; whole words, letter case aside."""

    phrases: tuple[str, ...] = Field(default=(), max_length=MAX_PHRASES)
    field: str | None = None
    line: LineName | None = None
    """Look only at what follows "line:", up to the next line with a name."""

    @field_validator("phrases")
    @classmethod
    def _phrases_have_words(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
        if any(tokens(phrase) == " " for phrase in phrases):
            raise ValueError("one of the phrases is empty")
        return phrases

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if not self.field and not self.phrases:
            raise ValueError(
                "write at least one word or phrase, or choose the expected value that lists them"
            )
        if self.field and self.phrases:
            raise ValueError("write phrases, or name the expected value that lists them, not both")
        return self

    @property
    def reads(self) -> str | None:
        return self.field

    def _wanted(self, example: Example) -> tuple[str, ...]:
        wanted = expected_texts(example, self.field) if self.field else self.phrases
        if not wanted:
            raise Unscored(f'The case lists nothing under "{self.field}".')
        return wanted[:MAX_PHRASES]

    def _place(self) -> str:
        return f'what follows "{self.line}:"' if self.line else "the answer"

    def _part(self, answer: str) -> str | None:
        """Return the part of an answer that is looked at; None where it has no such line."""
        return line_part(answer, self.line) if self.line else answer

    def _no_part(self) -> Verdict:
        return Verdict(0.0, f'Has no line "{self.line}:".')

    def _named(self, last: str) -> str:
        if self.field:
            return f'what is expected as "{self.field}"'
        return listing([shown(phrase) for phrase in self.phrases], last)


_WITH_UNIT = re.compile(r"(?<![^\W_])(?P<number>\d+)\s?(?=[^\W\d_])")


class ContainsAll(Phrases):
    """Met when all phrases occur; some of them earn their share."""

    kind: str = "contains_all"

    def describe(self) -> str:
        some = "of several texts each earns a share, a part of one earns nothing"
        some = some if self.field else "some of them earn a share"
        several = "" if len(self.phrases) == 1 else f"; {some}"
        return f"Met when {self._place()} contains {self._named('and')}{several}."

    def _grade(self, answer: str, example: Example) -> Verdict:
        wanted = self._wanted(example)
        part = self._part(answer)
        if part is None:
            return self._no_part()
        found = tokens(part)
        missing = [phrase for phrase in wanted if not _is_held(found, phrase)]
        if not missing:
            return Verdict(1.0, "Contains every expected phrase.")
        value = 1 - len(missing) / len(wanted)
        return Verdict(value, f"Lacks {listing([shown(phrase) for phrase in missing[:3]])}.")


class ContainsAny(Phrases):
    """Met when at least one phrase occurs."""

    kind: str = "contains_any"

    def describe(self) -> str:
        return f"Met when {self._place()} contains at least one of {self._named('or')}."

    def _grade(self, answer: str, example: Example) -> Verdict:
        wanted = self._wanted(example)
        part = self._part(answer)
        if part is None:
            return self._no_part()
        found = _first_held(part, wanted)
        if found is None:
            return Verdict(0.0, f"Lacks {listing([shown(p) for p in wanted[:3]], 'or')}.")
        return Verdict(1.0, f"Contains {shown(found)}.")


class Forbidden(Phrases):
    """Met when a forbidden phrase occurs: give it a penalty.

    Of an answer without the line all is looked at, or leaving the line out would pay.
    """

    finds_fault: ClassVar[bool] = True
    kind: str = "forbidden"

    def describe(self) -> str:
        return f"Counts as a fault when {self._place()} contains any of {self._named('or')}."

    def _grade(self, answer: str, example: Example) -> Verdict:
        wanted = expected_texts(example, self.field) if self.field else self.phrases
        found = _first_held(self._part(answer) or answer, wanted[:MAX_PHRASES])
        if found is None:
            return Verdict(0.0, "Contains no forbidden phrase.")
        return Verdict(1.0, f"Contains {shown(found)}, which is forbidden.")


class Pattern(Check):
    """Met when the answer matches a pattern (RE2, so that no pattern can hang the grader)."""

    kind: str = "pattern"
    pattern: str = Field(min_length=1, max_length=MAX_PATTERN_CHARS)
    whole: bool = False
    """Whether the answer, spaces around it aside, must be the pattern and nothing else."""
    ignore_case: bool = False

    @field_validator("pattern")
    @classmethod
    def _pattern_is_accepted(cls, pattern: str) -> str:
        compile_pattern(pattern, False)
        return pattern

    def describe(self) -> str:
        return f"Met when the answer {self._form()}{', in any letter case' * self.ignore_case}."

    def _form(self) -> str:
        lines = named_lines(self.pattern) if self.whole else []
        if lines:
            several = "s" if len(lines) > 1 else ""
            order = ", in this order" if several else ""
            return (
                f"is the line{several} {listing(list(map(shown, lines)))}{order}, and nothing else"
            )
        extent = "is" if self.whole else "contains"
        return in_words(self.pattern, self.whole) or (
            f"{extent} text of the form {shown(self.pattern)}"
        )

    def _grade(self, answer: str, example: Example) -> Verdict:
        compiled = compile_pattern(self.pattern, self.ignore_case)
        text = answer.strip()
        found = compiled.fullmatch(text) if self.whole else compiled.search(text)
        if found:
            return Verdict(1.0, "Has the expected form.")
        return Verdict(0.0, "Does not have the expected form.")


class Length(Check):
    """Met when the number of words lies within bounds, and that of sentences if there are some: the
    answer's, or those of one named part.

    An empty answer never meets it, nor does one without that part.
    """

    kind: str = "length"
    min_words: int = Field(default=1, ge=1)
    max_words: int | None = Field(default=None, ge=1)
    min_sentences: int | None = Field(default=None, ge=1)
    max_sentences: int | None = Field(default=None, ge=1)
    line: LineName | None = None
    """Count only what follows "line:", up to the next line with a name."""

    @model_validator(mode="after")
    def _bounds_are_in_order(self) -> Self:
        for low, high, unit in self._limits():
            if high is not None and high < low:
                raise ValueError(f"it allows fewer {unit}s than it asks for")
        return self

    def describe(self) -> str:
        what = f'what follows "{self.line}:"' if self.line else "the answer"
        bounds = [_bounds(*limit) for limit in self._limits() if self._is_set(*limit)]
        return f"Met when {what} has {listing(bounds or [_bounds(1, None, 'word')])}."

    def _grade(self, answer: str, example: Example) -> Verdict:
        text = line_part(answer, self.line) if self.line else answer
        if text is None:
            return Verdict(0.0, f'Has no line "{self.line}:".')
        counted = []
        for low, high, unit in self._limits():
            count = count_words(text) if unit == "word" else count_sentences(text)
            said = f"Has {_counted(count, unit)}"
            if count < low or (high is not None and high < count):
                return Verdict(0.0, f"{said}; expected {_bounds(low, high, unit)}.")
            if self._is_set(low, high, unit):
                counted.append(said)
        return Verdict(1.0, f"{counted[-1] if counted else said}.")

    def _limits(self) -> tuple[tuple[int, int | None, str], ...]:
        """Return the least, the most and the unit of what is counted."""
        words = self.min_words, self.max_words, "word"
        if self.min_sentences is None and self.max_sentences is None:
            return (words,)
        return words, (self.min_sentences or 1, self.max_sentences, "sentence")

    def _is_set(self, low: int, high: int | None, unit: str) -> bool:
        return low > 1 or high is not None or (unit == "sentence" and self.min_sentences == 1)


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def _bounds(low: int, high: int | None, unit: str) -> str:
    if high is None:
        return f"at least {_counted(low, unit)}"
    if low == high:
        return f"exactly {_counted(low, unit)}"
    return f"{low:,} to {_counted(high, unit)}" if low > 1 else f"at most {_counted(high, unit)}"


def _first_held(answer: str, phrases: tuple[str, ...]) -> str | None:
    found = tokens(answer)
    return next((phrase for phrase in phrases if _is_held(found, phrase)), None)


def _is_held(found: str, phrase: str) -> bool:
    """Say whether the tokens of an answer hold a phrase; with a number in it, also where its unit
    stands with or without a space: "500mg" for "500 mg"."""
    if tokens_hold(found, phrase):
        return True
    return bool(_WITH_UNIT.search(phrase)) and tokens_hold(_spaced(found), _spaced(phrase))


def _spaced(text: str) -> str:
    return _WITH_UNIT.sub(r"\g<number> ", text)


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, ignore_case: bool) -> Any:
    """Return the compiled RE2 pattern. Raises ValueError with a sentence if RE2 refuses it."""
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    options.max_mem = 8 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        why = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise ValueError(f"the pattern {shown(pattern)} is refused ({why}). {NOT_SUPPORTED}") from (
            error
        )
