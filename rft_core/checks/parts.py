"""An answer in its parts, reasons and answer, and the check that the reasons come first."""

import re
from typing import ClassVar, NamedTuple

from pydantic import Field

from rft_core.checks.base import Check, Verdict
from rft_core.checks.wording import count_words
from rft_core.records import Example

_ANSWER_START = re.compile(
    r"^[ \t>*_#]*answer[ \t*_]*:[ \t*_]*|</think>\s*", re.IGNORECASE | re.MULTILINE
)


class Parts(NamedTuple):
    """An answer taken apart, named as in `Criterion.applies_to`."""

    reasoning: str
    answer: str
    whole: str


def split_answer(text: str) -> Parts:
    """Divide an answer at the last line that starts with "Answer:", or after </think>.

    Without either, all of it is answer; a <think> that is never closed is all reasoning.
    """
    cuts = list(_ANSWER_START.finditer(text))
    if cuts:
        reasoning = text[: cuts[-1].start()].strip().removeprefix("<think>").strip()
        return Parts(reasoning, text[cuts[-1].end() :].strip(), text)
    if text.lstrip().startswith("<think>"):
        return Parts(text.lstrip().removeprefix("<think>").strip(), "", text)
    return Parts("", text.strip(), text)


class Reasoned(Check):
    """Met when reasons stand before the answer, and an answer after them."""

    reads_whole: ClassVar[bool] = True
    kind: str = "reasoned"
    min_words: int = Field(default=5, ge=1)

    def describe(self) -> str:
        return (
            f"Met when {self._least()} of reasons stand before the answer, which begins with "
            'a line "Answer:".'
        )

    def _grade(self, answer: str, example: Example) -> Verdict:
        parts = split_answer(answer)
        words = count_words(parts.reasoning)
        if not parts.answer:
            return Verdict(0.0, "Gives no answer.")
        if not words:
            return Verdict(0.0, "Gives no reasons before the answer.")
        if words < self.min_words:
            return Verdict(0.0, f"Gives {words} of at least {self._least()} of reasons.")
        return Verdict(1.0, "Gives its reasons before the answer.")

    def _least(self) -> str:
        return f"{self.min_words:,} word{'' if self.min_words == 1 else 's'}"
