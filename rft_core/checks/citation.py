"""Checks of sources: a citation is given, a quotation really stands in the case."""

import re
from collections.abc import Sequence

from pydantic import Field, field_validator

from rft_core.checks.base import Check, LineName, Unscored, Verdict, expected_texts
from rft_core.checks.quoted import apart, has_stray_end, listed
from rft_core.checks.text import MAX_PATTERN_CHARS, compile_pattern
from rft_core.checks.wording import (
    clean,
    count_words,
    has_word,
    line_rest,
    listing,
    passages,
    shown,
    tokens,
    tokens_hold,
)
from rft_core.records import Example

SHORT_QUOTE = 8
"""Words that may be quoted of any case that has more."""
MAX_CITATIONS = 200
MAX_QUOTED_LINES = 12
"""Lines of an expert's answer that may be quotations."""
_EDGES = " \t\r\n.,;:!?…\"“”„«»'‘’*_"
_YEAR = r"(?:1[5-9]|20)\d\d[a-z]?"
_CITATION = re.compile(
    "|".join(
        (
            r"\[\d{1,3}(?:[,;–-] ?\d{1,3}){0,20}\]",  # [1], [2, 5-7]
            rf"\([A-Z][^()\n]{{1,80}}\b{_YEAR}(?:, ?[^()\n]{{1,30}})?\)",  # (Smith 2020, p. 4)
            rf"\b[A-Z][\w'’-]{{1,30}}(?: et al\.?)? \({_YEAR}\)",  # Smith et al. (2020)
            rf"\[{_YEAR}\] (?:\d{{1,3}} )?[A-Z][A-Za-z]{{1,10}}\b",  # [2020] EWCA
            r"§{1,2} ?\d{1,5}",
            r"(?i:\b(?:art(?:icle|\.)?|sec(?:tion|\.)?|clause|cl\.|para(?:graph|\.)?|rule"
            r"|reg(?:ulation|\.)?|schedule|annex|chapter|recital) ?\d{1,5}(?:\.\d{1,4}){0,6}"
            r"(?:\(\w{1,4}\)){0,4})",
            r"\b10\.\d{4,9}/\S{1,100}",  # DOI
            r"(?i:\bPMID:? ?\d{4,9})",
        )
    )
)


class Citation(Check):
    """Met when the answer cites something: [1], (Smith 2020), § 12, Art. 5, clause 4.2 …"""

    kind: str = "citation"
    pattern: str | None = Field(default=None, min_length=1, max_length=MAX_PATTERN_CHARS)
    """An own form of citation (RE2) instead of the usual ones."""
    in_case: bool = False
    """Whether every citation must also stand in the case's text."""

    @field_validator("pattern")
    @classmethod
    def _pattern_is_accepted(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            compile_pattern(pattern, False)
        return pattern

    def describe(self) -> str:
        what = (
            f"of the form {shown(self.pattern)}" if self.pattern else "such as [1], § 12 or Art. 5"
        )
        also = ", and every one stands in the case or its source" if self.in_case else ""
        return f"Met when the answer gives a citation {what}{also}."

    def _grade(self, answer: str, example: Example) -> Verdict:
        found = self._citations(answer)
        if not found:
            return Verdict(0.0, "Gives no citation.")
        texts = [example.told, example.source or ""] if self.in_case else []
        case = tokens(clean("\n".join(filter(None, texts))))
        invented = [text for text in found if not tokens_hold(case, text)] if self.in_case else []
        if invented:
            return Verdict(0.0, f"Cites {shown(invented[0])}, which the case does not hold.")
        return Verdict(1.0, f"Cites {shown(found[0])}.")

    def _citations(self, answer: str) -> list[str]:
        pattern = compile_pattern(self.pattern, False) if self.pattern else _CITATION
        found = []
        for match in pattern.finditer(answer):
            if match.group():
                found.append(str(match.group()))
            if len(found) == MAX_CITATIONS:
                break
        return found


class Quote(Check):
    """Met when the answer quotes the case word for word.

    Quotations are what stands in quotation marks, or after a line's "Quote:"; without such a line,
    after the lines that are a quotation in the expert's answer. All of at least
    `min_words` words must be verbatim (spacing aside). With `field`, the value is the share of
    that field's key phrases held by verbatim quotations. Quoting more than `max_share` of the
    case earns nothing, or copying the whole case would pay; of a short case, all but a word may be
    quoted. The case is all that the model is told of it, earlier turns included.
    """

    kind: str = "quote"
    field: str | None = None
    line: LineName = "Quote"
    min_words: int = Field(default=2, ge=1)
    max_words: int | None = Field(default=None, ge=1)
    max_share: float = 0.6
    """Largest share of the case's words that may be quoted, 0.01 to 1."""
    case_sensitive: bool = False

    @field_validator("max_share")
    @classmethod
    def _is_a_share(cls, share: float) -> float:
        if not 0.01 <= share <= 1:
            raise ValueError(
                f"from 1% to 100% of the case can be quoted at most, not {100 * share:g}%"
            )
        return share

    @property
    def reads(self) -> str | None:
        return self.field

    def describe(self) -> str:
        most = ""
        if self.max_share < 1:
            most = f" A quotation of more than {self.max_share:.0%} of the case earns nothing."
        if self.field:
            return (
                f'Met when the answer quotes, word for word, all that is expected as "{self.field}"'
                f"; of several passages each earns a share, a part of one earns nothing.{most}"
            )
        return f"Met when all that the answer quotes stands in the case word for word.{most}"

    def _grade(self, answer: str, example: Example) -> Verdict:
        case = clean(example.told)
        if not case.strip():
            raise Unscored("The case has no text that could be quoted.")
        keys = expected_texts(example, self.field) if self.field else ()
        if self.field and not keys:
            raise Unscored(f'The case lists nothing under "{self.field}".')
        fold = not self.case_sensitive
        words = tokens(case, fold)
        found = self._quotes(answer, words, self._line_names(answer, example))
        quotes = [text for text in found if count_words(text) >= self.min_words]
        if not quotes:
            least = f"{self.min_words:,} word{'' if self.min_words == 1 else 's'}"
            return Verdict(0.0, f"Quotes nothing of at least {least}.")
        verbatim = [text for text in quotes if tokens_hold(words, text, fold)]
        if sum(map(count_words, verbatim)) > self._most_words(case):
            return Verdict(0.0, "Quotes too much of the case.")
        return _key_share(verbatim, keys) if keys else _all_verbatim(quotes, verbatim)

    def _line_names(self, answer: str, example: Example) -> tuple[str, ...]:
        """Return the names of the lines that are a quotation, with or without marks.

        Where the answer has no line of the check, those that are one in the expert's answer.
        """
        if line_rest(answer, self.line) or not example.reference:
            return (self.line,)
        return (self.line, *_quotation_lines(clean(example.reference)))

    def _quotes(self, answer: str, case: str, names: Sequence[str]) -> list[str]:
        """Return what is quoted, `names` being lines of quotations; `case` are its tokens."""
        found = passages(answer)
        rests = [rest for name in names if (rest := line_rest(answer, name))]
        for line in "\n".join(rests).split("\n"):
            own = passages(line)
            other = self._in_doubt(line, case)
            if other:
                found = [text for text in found if text not in own]
            found += other or (() if own else (line,))
        return list(dict.fromkeys(filter(None, (text.strip(_EDGES) for text in found))))

    def _in_doubt(self, line: str, case: str) -> tuple[str, ...]:
        """Return the passages of a line with marks inside passages; none where it is as it reads.

        It is read so that all stand in the case if it can be, and as one where a mark is left over.
        """
        fold = not self.case_sensitive
        ways = apart(line)
        for texts in ways:
            if all(tokens_hold(case, text.strip(_EDGES), fold) for text in texts):
                return texts
        return ways[0] if ways and has_stray_end(line) else ()

    def _most_words(self, case: str) -> int:
        words = count_words(case)
        share = max(self.min_words, int(self.max_share * words), min(SHORT_QUOTE, words - 1))
        return share if self.max_words is None else min(share, self.max_words)


def _quotation_lines(reference: str) -> tuple[str, ...]:
    """Return the names of the lines of an answer that hold quoted passages and nothing else."""
    lines = (line.partition(":") for line in reference.split("\n"))
    names = (name.strip(" \t>*_#-") for name, _, rest in lines if listed(rest.strip()))
    return tuple(dict.fromkeys(name for name in names if has_word(name)))[:MAX_QUOTED_LINES]


def _all_verbatim(quotes: list[str], verbatim: list[str]) -> Verdict:
    if len(verbatim) < len(quotes):
        held = set(verbatim)
        invented = next(text for text in quotes if text not in held)
        return Verdict(0.0, f"{shown(invented)} does not stand in the case.")
    return Verdict(1.0, f"Quotes {shown(verbatim[0])} from the case.")


def _key_share(verbatim: list[str], keys: tuple[str, ...]) -> Verdict:
    if not verbatim:
        return Verdict(0.0, "The quoted words do not stand in the case.")
    plain = (key.strip(_EDGES) for key in keys)  # as what is quoted
    wanted = list(dict.fromkeys(key for key in plain if tokens(key) != " "))
    if not wanted:
        raise Unscored("The case's key phrases hold no words.")
    words = "\n".join(map(tokens, verbatim))
    missing = [key for key in wanted if not tokens_hold(words, key)]
    if not missing:
        return Verdict(1.0, "Quotes the deciding words.")
    reason = f"The quoted words lack {listing([shown(key) for key in missing[:3]])}."
    return Verdict(1 - len(missing) / len(wanted), reason)
