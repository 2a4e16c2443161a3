"""The words for the kinds of checks and for their settings: on pages and in messages."""

from collections.abc import Sequence
from typing import NamedTuple

from rft_core.records import CheckSpec

KEPT = "openai_"
"""Begins the kinds that stand for graders of OpenAI which are kept and not run here."""


class Setting(NamedTuple):
    """How a setting of a check is named and explained."""

    label: str
    about: str = ""
    rare: bool = False
    """Whether it is shown under "More settings"."""


KIND_WORDS: dict[str, str] = {
    "label": "The right choice among a few",
    "cost_table": "The right choice, some mistakes worse than others",
    "several_labels": "More than one choice named (penalty)",
    "mistake": "One particular mistake (penalty)",
    "exact": "Is exactly one text and nothing else",
    "contains_all": "Contains certain words",
    "contains_any": "Contains one of several words",
    "forbidden": "Contains a forbidden word or phrase (penalty)",
    "pattern": "Has a fixed layout",
    "length": "Length in words or sentences",
    "reasoned": "Gives reasons before the answer",
    "number": "The right number",
    "set": "The right items of a list",
    "ranked": "The right item near the top of a list",
    "unknown_item": "Lists something that does not exist (penalty)",
    "citation": "Cites a source",
    "quote": "Quotes the case word for word",
    "overlap": "Shares wording with the expert answer",
    "meaning": "Sounds like the expert answer, in other words too",
    "json": "Is JSON, for another program",
    "formula": "Several criteria together",
    "python": "Your own Python code (advanced)",
    "judge": "A question to the AI grader",
}


_BY_EXPECTED = {
    "quote": "Quotes the expected words of the case",
    "contains_all": "Contains the expected words",
    "contains_any": "Contains one of the expected words",
    "forbidden": "Contains one of the expected words (penalty)",
}
"""Kinds of checks that look for something else where an expected value is named."""
_BY_ANY = {"quote": "Quotes any words of the case, word for word"}
_BY_UNIT = {"words": "Length in words", "sentences": "Length in sentences"}
"""A length that has bounds of one kind only."""


def way_titles(ways: Sequence[CheckSpec]) -> list[str]:
    """Return what to call each of several checks, so that no two have one name.

    Those of one kind are told apart by the expected value, then by the line, that they look at.
    """
    titles = [_way_title(way) for way in ways]
    for key in ("field", "line"):
        for place, (title, way) in enumerate(zip(titles, ways, strict=True)):
            named = str(way.parameters.get(key) or "").replace("_", " ")
            if named and sum(other.startswith(title) for other in titles) > 1:
                titles[place] = f"{title}: {named}"
    return titles


def _way_title(way: CheckSpec) -> str:
    units = {name.partition("_")[2] for name in way.parameters} & _BY_UNIT.keys()
    if way.kind == "length" and len(units) == 1:
        return _BY_UNIT[units.pop()]
    other = _BY_EXPECTED if way.parameters.get("field") else _BY_ANY
    return other.get(way.kind) or kind_title(way.kind)


def kind_title(kind: str) -> str:
    """Return what a kind of check is called, known here or not."""
    if kind.startswith(KEPT):
        return "Kept from an OpenAI grader (not run here)"
    return KIND_WORDS.get(kind, kind.replace("_", " ").capitalize())


_LINE = Setting(
    "Only on the line that begins with",
    "Such as Decision, where the answer has a line “Decision: …”. Empty: the whole answer.",
    True,
)
PARAMETER_WORDS = {
    "field": Setting(
        "Compared with what you gave as",
        "Each case holds what is right under this name, from your answer or from your table.",
    ),
    "labels": Setting("The choices", "Write each as the answer should name it."),
    "given": Setting("The answer says one of these", "They must be among the choices."),
    "right": Setting("while one of these is right", "They must be among the choices."),
    "table": Setting(
        "What each answer earns",
        "One row for each right choice, one column for the choice that the answer makes. Give the "
        "worst mistake 0 points.",
    ),
    "line": _LINE,
    "ignore_quotes": Setting(
        "Do not look at what the answer quotes", "What stands in quotation marks is left out.", True
    ),
    "text": Setting("Or with this text, in every case"),
    "case_sensitive": Setting("Capital letters count", "", True),
    "ignore_case": Setting("Capital letters do not count", "", True),
    "phrases": Setting("The words or phrases", "Or choose above what lists them for each case."),
    "question": Setting(
        "The question, answered with yes or no",
        "Such as: Does the answer say why the clause is a risk for the customer? Of a penalty, yes "
        "means that the fault is there.",
    ),
    "pattern": Setting(
        "The layout, in signs",
        "The sentence above says in words what it asks for. These are the signs of a regular "
        "expression: leave them as they are unless you know them.",
    ),
    "whole": Setting("Nothing else may stand in the answer"),
    "min_words": Setting("At least this many words"),
    "max_words": Setting("At most this many words"),
    "min_sentences": Setting("At least this many sentences"),
    "max_sentences": Setting("At most this many sentences"),
    "tolerance": Setting("Give or take"),
    "tolerance_unit": Setting("The tolerance is in"),
    "which": Setting("Which number of the answer counts", "", True),
    "percent": Setting("60% in an answer is read as", "", True),
    "decimal_mark": Setting("Decimal mark", "How 1.250 and 1,250 are meant.", True),
    "metric": Setting("What is counted"),
    "known": Setting("All items that exist", "Empty: not checked.", True),
    "alone": Setting(
        "Items that must stand alone",
        "Such as “cannot tell”: beside others it counts as wrong.",
        True,
    ),
    "unknown_penalty": Setting(
        "Taken off for each item that does not exist", "1 is all that the rule earns.", True
    ),
    "keys": Setting("Keys that it must have"),
    "only": Setting("No other keys"),
    "json_schema": Setting(
        "As a JSON schema",
        "For those who know them; without patterns. It counts in place of the table.",
    ),
    "threshold": Setting(
        "Closeness that is needed",
        "From 0 to 1, where 1 is the same text. The same thing said freely is often 0.6 to 0.8, "
        "another subject below 0.2; try it on your own answers. Beyond some 200 words nothing is "
        "read.",
    ),
    "graded": Setting(
        "Closer answers earn more",
        "At just that closeness nothing, for the same text all points, between them a share.",
    ),
    "code": Setting(
        "The code",
        "A function grade(sample, item) that returns a number from 0 to 1. The answer is "
        'sample["output_text"]; the expert answer is item["reference_answer"], the case '
        'item["prompt"], an expected value item["its name"]. Print shows nothing, and files, the '
        "network and other packages are out of reach.",
    ),
    "in_case": Setting("Every citation must stand in the case"),
    "max_share": Setting(
        "How much of the case may be quoted at most", "60%: six words in ten of it.", True
    ),
}
OPTION_WORDS = {
    "absolute": "the number's own unit",
    "percent": "percent of the expected number",
    "first": "The first",
    "last": "The last",
    "only": "The only one; a second is wrong",
    "fraction": "0.60",
    "number": "60",
    "auto": "Found out",
    "point": "Point: 1.25",
    "comma": "Comma: 1,25",
    "f1": "Missing and superfluous items",
    "precision": "Superfluous items",
    "recall": "Missing items",
    "ratio": "Letter by letter",
    "token_set": "Words in any order",
    "partial": "The best matching stretch",
    "rouge_l": "Words in the same order",
    "rouge_1": "Words, each as often as it occurs",
    **{f"rouge_{n}": f"Runs of {n} words" for n in range(2, 6)},
    "bleu": "Runs of 1 to 4 words; superfluous ones and a short answer cost (BLEU)",
    "gleu": "Runs of 1 to 4 words; missing and superfluous ones cost (GLEU)",
}
SELDOM = ("rouge_3", "rouge_4", "rouge_5")
"""Options that a form offers only where they are set."""


def setting_title(name: str) -> str:
    """Return what a setting of a check is called, known here or not."""
    known = PARAMETER_WORDS.get(name)
    return known.label if known else name.replace("_", " ").capitalize()
