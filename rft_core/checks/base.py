"""What every check shares: the verdict, the failure to give one, and how expected values are read.

A check that cannot do its work raises `Unscored`. An answer that lacks what the check looks for
earns 0: if evading the grader counted as unscored, evading would pay.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from rft_core.checks.wording import clean, has_word, shown
from rft_core.checks.words import KEPT, kind_title
from rft_core.records import Example
from rft_core.settings import MAX_TEXT_CHARS


def line_name(name: str) -> str:
    """Return the name of a line without the colon that ends it; ValueError if no word is left."""
    if name and not has_word(name):
        raise ValueError(f"the name of a line is {shown(name)}, which holds no letter and no digit")
    return name.strip().rstrip(" :：")


LineName = Annotated[str, AfterValidator(line_name)]
"""What a line of an answer begins with, before its colon; an empty one is as none."""


MAX_EXPECTED = 1_000
"""Texts of an expected value that is a list."""


class Unscored(Exception):
    """The grader failed, not the answer. Carries one plain sentence."""


class Verdict(NamedTuple):
    """How far one answer meets one check."""

    value: float
    """0 (not met) to 1 (met)."""
    reason: str
    """One short sentence that an expert understands."""


class Check(BaseModel):
    """One way of deciding a criterion; its parameters are validated when it is built."""

    model_config = ConfigDict(frozen=True)

    finds_fault: ClassVar[bool] = False
    """Whether the check is met by a fault, so that its criterion should carry a penalty."""

    reads_whole: ClassVar[bool] = False
    """Whether it takes an answer apart itself, whatever part its criterion looks at."""

    kind: str

    @property
    def reads(self) -> str | None:
        """The expected value (by its name in the example's fields) that the check needs."""
        return None

    @property
    def obstacle(self) -> str:
        """Why the check grades nothing here, as one sentence; empty where it does."""
        return ""

    def grade(self, answer: str, example: Example) -> Verdict:
        """Grade one answer. Takes any text, reads its first `MAX_TEXT_CHARS` characters.

        Raises Unscored if the example lacks what the check needs.
        """
        return self._grade(clean(answer), example)

    def prepare(self, answers: Sequence[tuple[str, Example]]) -> None:
        """Get ready to grade these answers, where that is faster for all at once. Never raises."""

    @abstractmethod
    def describe(self) -> str:
        """Return one sentence that reads the check back in plain words."""

    @abstractmethod
    def _grade(self, answer: str, example: Example) -> Verdict: ...


class FieldCheck(Check):
    """A check that always compares with an expected value of the example."""

    field: str = Field(min_length=1)

    @property
    def reads(self) -> str | None:
        return self.field


class Unknown(Check):
    """Stands in for a kind that this version does not know."""

    reason: str = ""
    """Of one that is kept: why it is not run here, as half a sentence."""

    @property
    def obstacle(self) -> str:
        if self.kind.startswith(KEPT):
            kind = self.kind.removeprefix(KEPT)
            why = f": {self.reason}" if self.reason else ""
            return f'It is kept from an OpenAI grader of the type "{kind}" and not run here{why}.'
        return (
            f'This version does not know the check "{kind_title(self.kind)}", so it grades nothing.'
        )

    def describe(self) -> str:
        return self.obstacle

    def _grade(self, answer: str, example: Example) -> Verdict:
        raise Unscored(self.obstacle)


def on_line(name: str) -> str:
    """Say, as the end of a clause, where a check reads that prefers a line of the answer."""
    return f' on the line "{name}:" (anywhere in the answer where it has no such line)'


def missing_value(field: str) -> str:
    """Say that a case lacks an expected value."""
    return f'The case has no "{field}" to compare with.'


def expected_value(example: Example, field: str) -> Any:
    """Return the example's expected value. Raises Unscored if it is missing or empty."""
    value = example.fields.get(field)
    if value is None or (isinstance(value, str) and not value.strip()):
        raise Unscored(missing_value(field))
    return value


def expected_texts(example: Example, field: str) -> tuple[str, ...]:
    """Return the expected value as texts: those of a list, or the one value.

    Of a list the first `MAX_EXPECTED` are read, and of all together the first `MAX_TEXT_CHARS`
    characters, so that grading stays quick.
    """
    value = expected_value(example, field)
    items = value if isinstance(value, (list, tuple)) else [value]
    texts, left = [], MAX_TEXT_CHARS
    for item in items[:MAX_EXPECTED]:
        text = clean(_plain(item))[:left] if item is not None and left else ""
        left -= len(text)
        texts.append(text)
    return tuple(text for text in texts if text.strip())


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
