"""Wording overlap with the expert's answer. It measures likeness of words, never correctness."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from rft_core.checks import ngrams
from rft_core.checks.base import Check, LineName, Unscored, Verdict, expected_texts
from rft_core.checks.wording import clean, count_words, line_part, tokens
from rft_core.records import Example

MAX_OVERLAP_CHARS = 5_000
MAX_PARTIAL_CHARS = 2_000
"""Of the answer, and of all expected texts together, where the best matching stretch is looked for,
which takes quadratic time."""
MAX_TEXTS = 50
"""Expected texts of a list that an answer is compared with."""
Metric = Literal[
    "ratio", "token_set", "partial", "rouge_l", "rouge_1", "rouge_2", "rouge_3", "rouge_4",
    "rouge_5", "bleu", "gleu",
]  # fmt: skip


def rouge_l(given: Sequence[str], wanted: Sequence[str]) -> float:
    """Return ROUGE-L's F-measure: the longest run of words in the same order, which others may
    interrupt (Lin 2004)."""
    longest: int = LCSseq.similarity(given, wanted)
    return 2 * longest / (len(given) + len(wanted)) if longest else 0.0


_MEASURES: dict[str, Callable[[str, str], float]] = {
    "ratio": fuzz.ratio,
    "token_set": fuzz.token_set_ratio,
    "partial": fuzz.partial_ratio,
}
"""Of two texts, in percent."""
_RUNS = {f"rouge_{n}": n for n in range(1, 6)}
"""Words of the runs that a measure counts."""
_OF_WORDS: dict[str, Callable[[Sequence[str], Sequence[str]], float]] = {
    "rouge_l": rouge_l,
    **{metric: partial(ngrams.rouge_n, n=n) for metric, n in _RUNS.items()},
    "bleu": ngrams.bleu,
    "gleu": ngrams.gleu,
}
"""Of the words of two texts, marks left out, from 0 to 1."""
_SHARED = {
    "ratio": "letters",
    "token_set": "words, in any order,",
    "partial": "letters of its best matching stretch",
    "rouge_l": "words, in the same order,",
    "rouge_1": "words",
    "bleu": "runs of 1 to 4 words",
    "gleu": "runs of 1 to 4 words",
}


class Overlap(Check):
    """Share of wording in common with the expert's answer, or with a field.

    `ratio` compares letter by letter, `token_set` words in any order, `partial` the best matching
    stretch. The latter two call any fragment a full match, so an answer with fewer words than the
    expert's earns at most its share of them. `rouge_l` compares words in their order, `rouge_n`
    runs of n words, `bleu` and `gleu` runs of 1 to 4 words. An expected text with fewer than n
    words has no such run, so with `rouge_n` nothing can be compared with it.
    """

    kind: str = "overlap"
    field: str | None = None
    metric: Metric = "ratio"
    line: LineName | None = None
    """Compare only what follows "line:", up to the next line with a name."""

    @property
    def reads(self) -> str | None:
        return self.field

    def describe(self) -> str:
        of = f' in what follows "{self.line}:"' if self.line else ""
        with_what = f'the expected "{self.field}"' if self.field else "the expert's answer"
        shared = _SHARED.get(self.metric) or f"runs of {_RUNS[self.metric]} words"
        return (
            f"Earns more the more {shared}{of} are as in {with_what}; it tells what is worded "
            "alike, not what is right."
        )

    def _grade(self, answer: str, example: Example) -> Verdict:
        part = line_part(answer, self.line) if self.line else answer
        if part is None:
            return Verdict(0.0, f'Has no line "{self.line}:".')
        given = self._plain(part)
        wanted = self._wanted(example)
        least = _RUNS.get(self.metric, 1)
        if least > 1:
            wanted = [text for text in wanted if len(_words(text)) >= least]
        if not wanted:
            raise Unscored(
                f"The expected text has fewer than {least} words, so there is no run of {least} "
                "words to compare."
            )
        value = max(self._likeness(given, text) for text in wanted)
        return Verdict(value, f"Shares {value:.0%} of its wording with the expected text.")

    def _wanted(self, example: Example) -> list[str]:
        """Return the texts to compare with in plain form: as many as take little time."""
        wanted = [self._plain(text) for text in self._texts(example)[:MAX_TEXTS]]
        if self.metric != "partial":
            return wanted
        ends = accumulate(map(len, wanted))
        return [
            text[: len(text) - max(0, end - MAX_PARTIAL_CHARS)]
            for text, end in zip(wanted, ends, strict=True)
            if end - len(text) < MAX_PARTIAL_CHARS
        ]

    def _texts(self, example: Example) -> tuple[str, ...]:
        if self.field:
            texts = expected_texts(example, self.field)
        else:
            reference = clean(example.reference or "")
            part = line_part(reference, self.line) if self.line else reference
            texts = tuple(text for text in [part or ""] if text.strip())
        if not texts:
            raise Unscored("The case has no expert answer to compare with.")
        return texts

    def _likeness(self, given: str, wanted: str) -> float:
        if not given:
            return 0.0
        of_words = _OF_WORDS.get(self.metric)
        if of_words is not None:
            return of_words(_words(given), _words(wanted))
        likeness = _MEASURES[self.metric](given, wanted) / 100
        if self.metric == "ratio":
            return likeness
        return likeness * min(1.0, count_words(given) / max(1, count_words(wanted)))

    def _plain(self, text: str) -> str:
        most = MAX_PARTIAL_CHARS if self.metric == "partial" else MAX_OVERLAP_CHARS
        return " ".join(text[:most].casefold().split())[:most]  # folded, some letters are three


def _words(text: str) -> list[str]:
    return [word for word in tokens(text).split() if word[0].isalnum()]
