"""Closeness in meaning to the expert's answer. It tells what sounds alike, never what is right.

Cosines of all-MiniLM-L6-v2, measured on clauses and instructions: 0.55 to 0.8 for a free rewording,
0.6 for the opposite decision on the same clause, 0.45 for another clause of the contract, below 0.2
for another subject; yet 0.88 for "is liable" beside "is not liable", 0.97 for 5 mg beside 50 mg.
"""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
from pydantic import Field

from rft_core.checks.base import Check, Unscored, Verdict, expected_texts
from rft_core.checks.wording import clean
from rft_core.errors import ModelError
from rft_core.models.embedder import EMBEDDER
from rft_core.records import Example

MAX_MEANING_CHARS = 2_000
"""The model reads some 200 words (256 tokens); the rest has no effect."""
MAX_MEANINGS = 20
"""Expected texts of which the closest counts."""
_DIGITS = 4
"""Further ones depend on what else is embedded at the same time."""


class Meaning(Check):
    """Met when the answer is close enough in meaning to the expert's, or to a field.

    Below `threshold` it earns nothing. From there on it earns all; or, `graded`, from nothing there
    to all at a cosine of 1.
    """

    kind: str = "meaning"
    field: str | None = None
    threshold: float = Field(default=0.65, ge=0, le=1)
    graded: bool = False

    @property
    def reads(self) -> str | None:
        return self.field

    def describe(self) -> str:
        with_what = f'the expected "{self.field}"' if self.field else "the expert's answer"
        met = "Earns more the more" if self.graded else "Met when"
        return (
            f"{met} the answer sounds like {with_what} (a closeness of {self.threshold:g} to 1); "
            'it does not see a missing "not" or a wrong figure.'
        )

    def prepare(self, answers: Sequence[tuple[str, Example]]) -> None:
        texts: list[str] = []
        for answer, example in answers:
            if given := _plain(clean(answer)):
                with suppress(Unscored):
                    texts += (given, *self._texts(example))
        with suppress(ModelError):  # Grading says so, answer by answer.
            EMBEDDER.vectors(texts)

    def _grade(self, answer: str, example: Example) -> Verdict:
        wanted = self._texts(example)
        given = _plain(answer)
        if not given:
            return Verdict(0.0, "Says nothing.")
        try:
            mine, *others = EMBEDDER.vectors([given, *wanted])
        except ModelError as error:
            raise Unscored(error.message) from None
        closeness = max(round(float(np.dot(mine, other)), _DIGITS) for other in others)
        closeness = min(1.0, max(0.0, closeness))
        reason = f"Is {closeness:.2f} close to the expected text; {self.threshold:g} is needed."
        return Verdict(self._value(closeness), reason)

    def _value(self, closeness: float) -> float:
        if closeness < self.threshold:
            return 0.0
        if not self.graded or self.threshold == 1:
            return 1.0
        return (closeness - self.threshold) / (1 - self.threshold)

    def _texts(self, example: Example) -> list[str]:
        """Return the expected texts as they are embedded."""
        if self.field:
            texts = expected_texts(example, self.field)
        else:
            texts = (clean(example.reference or ""),)
        found = [text for one in texts[:MAX_MEANINGS] if (text := _plain(one))]
        if not found:
            what = f'text under "{self.field}"' if self.field else "expert answer"
            raise Unscored(f"The case has no {what} to compare with.")
        return found


def _plain(text: str) -> str:
    return " ".join(text.split())[:MAX_MEANING_CHARS]
