"""Examples that are too long for the model, or far from the usual length."""

from collections.abc import Iterable, Sequence
from statistics import median

from rft_core.examples.quality.finding import Finding, cases, finding, named
from rft_core.examples.similar import prompt_text
from rft_core.records import Example

WINDOW = 8_192
"""Tokens that the model that comes with the app reads at once; others of the catalogue read more.
Before a run the true count is checked (`rft_core.training.plan.check_window`)."""
FAR = 5.0
"""How many times the usual length, or what part of it, is far from it."""
LEAST = 8
"""Cases from which there is a usual length."""
_MARGIN = 40
"""Words that a long text has over the usual at least; without it, ten words after one are long."""


def estimated_tokens(text: str) -> float:
    """Return a cautious count of tokens without a tokenizer: three letters, or one that is not
    ASCII, to a token. English has more than four to one, German three.
    """
    ascii_only = len(text.encode("ascii", "ignore"))
    return ascii_only / 3 + len(text) - ascii_only


def too_long(examples: Sequence[Example], instruction: str = "") -> Iterable[Finding]:
    """Name examples that may leave no room for the answer in the model's window.

    Every case must leave room for the longest answer; one of half the window is named itself.
    """
    answers = {e.id: 1.5 * estimated_tokens(e.reference) for e in examples if e.reference}
    endless = [e for e in examples if answers.get(e.id, 0) > WINDOW / 2]
    if endless:
        yield finding(
            "warn",
            "too_long_answer",
            endless,
            f"The expert answer may be too long for the model in {cases(len(endless))}.",
            "Shorten it: beside every case there must be room for it.",
        )
    usual = [length for length in answers.values() if length <= WINDOW / 2]
    room = WINDOW - estimated_tokens(instruction) - max(usual, default=96) - 40
    long = [e for e in examples if estimated_tokens(prompt_text(e)) > room]
    if long:
        yield finding(
            "warn",
            "too_long",
            long,
            f"{cases(len(long))} may be too long for the model to read at once.",
            "Shorten the text to what decides, or choose a model that reads more.",
        )


def outliers(examples: Sequence[Example]) -> Iterable[Finding]:
    """Name examples with a prompt, or a reference, that is far longer or shorter than usual."""
    prompts = [(e, len(prompt_text(e).split())) for e in examples]
    references = [(e, len(e.reference.split())) for e in examples if e.reference]
    yield from _far(prompts, "case", "case_length")
    yield from _far(references, "expert answer", "answer_length")


def _far(counted: Sequence[tuple[Example, int]], what: str, kind: str) -> Iterable[Finding]:
    counted = [(e, count) for e, count in counted if count]
    if len(counted) < LEAST:
        return
    usual = median(count for _, count in counted)
    long = [e for e, count in counted if count > max(FAR * usual, usual + _MARGIN)]
    short = [e for e, count in counted if count < min(usual / FAR, usual - _MARGIN)]
    counts = {e.id: count for e, count in counted}
    for found, word in ((long, "longer"), (short, "shorter")):
        if found:
            lengths = named(f"{_words(counts[e.id])} in {e.id}" for e in found)
            yield finding(
                "warn",
                f"{kind}_{word}",
                found,
                f"The {what} is far {word} than usual: {lengths}. Usual are about {usual:.0f}.",
                "Look whether the text is the right one, and whole.",
            )


def _words(count: int) -> str:
    return "1 word" if count == 1 else f"{count:,} words"
