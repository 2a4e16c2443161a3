"""Wording overlap with the expert's answer. It measures likeness of words, never correctness."""

from collections.abc import Callable
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from rft_core.checks.base import Check, Unscored, Verdict, expected_texts
from rft_core.checks.wording import clean, count_words, tokens
from rft_core.records import Example

MAX_OVERLAP_CHARS = 5_000
MAX_PARTIAL_CHARS = 3_000
"""Of either text where the best matching stretch is looked for, which takes quadratic time."""
Metric = Literal["ratio", "rouge_l", "token_set", "partial"]


def rouge_l(one: str, other: str) -> float:
    """Return ROUGE-L's F-measure in percent: the longest run of words in the same order, marks
    left out (Lin 2004)."""
    words = [[w for w in tokens(text).split() if w[0].isalnum()] for text in (one, other)]
    longest: int = LCSseq.similarity(*words)
    return 200 * longest / (len(words[0]) + len(words[1])) if longest else 0.0


_MEASURES: dict[str, Callable[[str, str], float]] = {
    "ratio": fuzz.ratio,
    "rouge_l": rouge_l,
    "token_set": fuzz.token_set_ratio,
    "partial": fuzz.partial_ratio,
}


class Overlap(Check):
    """Share of wording in common with the expert's answer, or with a field.

    `ratio` compares letter by letter, `rouge_l` words in their order, `token_set` words in any
    order, `partial` the best matching stretch. The latter two call any fragment a full match, so
    an answer with fewer words than the expert's earns at most its share of them.
    """

    kind: str = "overlap"
    field: str | None = None
    metric: Metric = "ratio"

    @property
    def reads(self) -> str | None:
        return self.field

    def describe(self) -> str:
        with_what = f'"{self.field}"' if self.field else "the expert's answer"
        return f"Share of wording in common with {with_what}; says nothing about correctness."

    def _grade(self, answer: str, example: Example) -> Verdict:
        given = self._plain(answer)
        value = max(self._likeness(given, self._plain(text)) for text in self._texts(example))
        return Verdict(value, f"Shares {value:.0%} of its wording with the expected text.")

    def _texts(self, example: Example) -> tuple[str, ...]:
        if self.field:
            texts = expected_texts(example, self.field)
        else:
            texts = tuple(text for text in [clean(example.reference or "")] if text.strip())
        if not texts:
            raise Unscored("The case has no expert answer to compare with.")
        return texts

    def _likeness(self, given: str, wanted: str) -> float:
        if not given:
            return 0.0
        likeness = _MEASURES[self.metric](given, wanted) / 100
        if self.metric in ("ratio", "rouge_l"):
            return likeness
        return likeness * min(1.0, count_words(given) / max(1, count_words(wanted)))

    def _plain(self, text: str) -> str:
        most = MAX_PARTIAL_CHARS if self.metric == "partial" else MAX_OVERLAP_CHARS
        return " ".join(text[:most].casefold().split())[:most]  # folded, some letters are three
