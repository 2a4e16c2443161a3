"""The words of the pages: one for each idea, with one sentence that explains it.

The code speaks the field's terms; pages take theirs from here. The same table makes the glossary,
and a test keeps the field's jargon off the pages.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rft_core.checks.words import KIND_WORDS, PARAMETER_WORDS
from rft_core.records import AnswerPart, Criterion


class Word(NamedTuple):
    """A page word and its explanation."""

    page: str
    explanation: str


WORDS: dict[str, Word] = {
    "example": Word("case", "One situation the model is asked about, with your own answer."),
    "reference": Word("expert answer", "The answer you would give; the model learns from it."),
    "train": Word("training cases", "Cases the model learns from."),
    "heldout": Word("test cases", "Cases kept aside; the model never learns from them."),
    "base": Word("before", "The model as it came, without your examples."),
    "few_shot": Word(
        "before, shown four examples", "The same model with four of your cases in its instructions."
    ),
    "warm_start": Word(
        "taught by your examples", "The model after it imitated your expert answers."
    ),
    "tuned": Word(
        "practised with your rubric", "The model after it also practised and was given points."
    ),
    "commonest": Word(
        "always the commonest answer", "One fixed answer to everything; needs no model."
    ),
    "nearest": Word(
        "copy of the most similar case", "Your answer to the most similar training case; no model."
    ),
    "chance": Word("picked at random", "What a training answer picked blindly would earn."),
    "step": Word("practice round", "The model answers a few cases several times and is graded."),
    "reward": Word("points", "What an answer earns under your rubric."),
    "criterion": Word("criterion", "One rule of your rubric, with the points it is worth."),
    "substance": Word("what it says", "Criteria about the content of an answer."),
    "form": Word("how it is laid out", "Criteria about the layout of an answer."),
    "judge": Word("AI grader", "A model that grades a criterion in place of a fixed check."),
    "regression": Word("got worse", "A case answered worse than before."),
    "leak": Word("answer visible in the case", "The case itself gives the expert answer away."),
    "interval": Word("likely range", "Where the true value lies in 95 of 100 such comparisons."),
    "unscored": Word("could not be graded", "The check itself failed; this is not 0 points."),
    "run": Word("run", "One training from start to comparison."),
    "exploratory": Word(
        "exploratory", "Something changed after results were seen, so take it as a hint only."
    ),
}

BANNED = (
    "epoch", "GRPO", "LoRA", "adapter", "token", "logit", "gradient", "hyperparameter", "reward",
    "held-out", "heldout", "few-shot", "warm start", "checkpoint", "inference", "p-value",
    "confidence interval", "batch", "fine-tun",
)  # fmt: skip
"""Jargon that no page shows."""


_LIKE_A_VOWEL = re.compile(
    r"(?!uni|use|usu|eu|one\b|once\b)[aeiou]|hour|honest|heir", re.IGNORECASE
)


def word(term: str) -> str:
    """Return the page word for a term of the code (the term itself if it has none)."""
    return WORDS[term].page if term in WORDS else term


def title(term: str, noun: str = "case") -> str:
    """Return the page word with a capital first letter, in the words of a project."""
    return capital(in_words_of(noun, word(term)))


def capital(text: str) -> str:
    """Return a text with a capital first letter, for the beginning of a label or a sentence."""
    return text[:1].upper() + text[1:]


def an(noun: str) -> str:
    """Return a noun with its article: "a clause", "an alert", "an X-ray", "a unit", "an hour"."""
    spelt = re.match(r"[A-Z]+(?![a-z])", noun)  # letter by letter
    vowel = noun[:1] in "AEFHILMNORSX" if spelt else bool(_LIKE_A_VOWEL.match(noun))
    return f"{'an' if vowel else 'a'} {noun}"


def plural(noun: str, count: int | None = None) -> str:
    """Return the plural of a project's noun ("alert" → "alerts"), with the count if given."""
    many = _many(noun)
    if count is None:
        return many
    return f"{count} {noun if count == 1 else many}"


def case_called(noun: str, case_id: str) -> str:
    """Return "clause 3.1", and "clause-007" where the name says already what it is."""
    return case_id if case_id.lower().startswith(noun.lower()) else f"{noun} {case_id}"


def as_labelled(text: str, form: Sequence[AnswerPart]) -> str:
    """Return a sentence that calls expected values, in quotation marks, as the answer form does.

    What a formula names are criteria, whose ids may be those of values.
    """
    labels = {part.field: part.label for part in form}

    def said(match: re.Match[str]) -> str:
        criterion, opening, name, closing = match.groups(default="")
        return f"{criterion}{opening}{name if criterion else labels.get(name, name)}{closing}"

    return re.sub(r'(names )?(["“])([^"“”]+)(["”])', said, text) if form else text


def in_words_of(noun: str, text: str) -> str:
    """Return a sentence that speaks of cases with the project's noun; quoted text stays."""
    if noun == "case":
        return text

    def said(match: re.Match[str]) -> str:
        article, case = match["article"], match["case"]
        if not case:
            own = match[0][1:-1] in _TITLES_OF_CASES
            return _CASE_WORD.sub(said, match[0]) if own else match[0]
        own = plural(noun) if case.lower() == "cases" else noun
        own = capital(own) if case[0] == "C" else own
        return own if not article else f"{'A' if article == 'A' else 'a'}{an(own)[1:]}"

    return _CASE.sub(said, text)


def reason_in_words_of(
    noun: str, criterion: Criterion, reason: str, form: Sequence[AnswerPart] = ()
) -> str:
    """Return why a criterion came out so; what an AI grader wrote itself stays as it is.

    The expected value that is compared is called as the answer form labels it.

    Of a penalty, a length at which it counts is nothing that is expected.
    """
    if criterion.check.kind == "judge":
        return reason
    if criterion.check.kind == "length" and criterion.points < 0:
        for wanted, counts in _COUNTS:
            reason = reason.replace(f"; expected {wanted}", f"; counts {counts}")
    for part in form:
        if part.field == criterion.check.parameters.get("field"):
            reason = reason.replace(f'"{part.field}"', f'"{part.label}"')
    return in_words_of(noun, reason)


_COUNTS = (("at least", "from"), ("at most", "up to"), ("exactly", "at exactly"), ("", "from "))
"""Bounds of a length as what is expected, and as what costs points."""


_CASE = re.compile(
    r"\"[^\"]*\"|“[^”]*”"
    r"|(?:\b(?P<article>[Aa]) )?(?<![\w-])(?<!letter )(?P<case>[Cc]ases?)(?![\w-])"
)


_CASE_WORD = re.compile(r"(?:\b(?P<article>[Aa]) )?(?<![\w-])(?P<case>[Cc]ases?)(?![\w-])")
_TITLES_OF_CASES = {
    title
    for title in (*KIND_WORDS.values(), *(setting.label for setting in PARAMETER_WORDS.values()))
    if _CASE_WORD.search(title)
}
"""What checks and settings are called, which is no text of the expert's, where it has the word."""


def _many(noun: str) -> str:
    if noun.endswith(("series", "species")):
        return noun
    if noun.endswith("sis"):
        return f"{noun[:-2]}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def points_of(points: float, sign: bool = True) -> str:
    """Return points as pages show them: +5, −2, 0."""
    text = f"{points:+g}" if sign and points else f"{points:g}"
    return text.replace("-", "−")
