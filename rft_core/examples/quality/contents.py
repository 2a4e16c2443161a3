"""What is missing or in the wrong place: ids, texts, counts, sides, answers, expected values."""

from collections.abc import Iterable, Mapping, Sequence

from rft_core.examples.gaps import Gaps, gaps
from rft_core.examples.quality.finding import Finding, called, cases, finding, grouped, named, on
from rft_core.records import AnswerPart, Example
from rft_core.settings import MIN_HELDOUT_EXAMPLES, MIN_TRAIN_EXAMPLES

MOST_WRONG = 3
"""Values that their part cannot hold, of which the sentence says why."""
REASON_CHARS = 120


def duplicate_ids(examples: Sequence[Example]) -> Iterable[Finding]:
    """Name ids that several examples have."""
    by_id = grouped((example.id, example) for example in examples)
    twice = [example for group in by_id.values() if len(group) > 1 for example in group]
    if twice:
        yield finding(
            "stop",
            "duplicate_id",
            twice,
            f"Several cases have the same id: {named(example.id for example in twice)}.",
            "Give each case an id of its own.",
        )


def empty_prompts(examples: Sequence[Example]) -> Iterable[Finding]:
    """Name examples without a text."""
    empty = [example for example in examples if not example.case_text.strip()]
    if empty:
        yield finding(
            "stop",
            "empty_prompt",
            empty,
            f"There is no text in {cases(len(empty))}.",
            "Write the text of the case, or delete it.",
        )


def counts(examples: Sequence[Example]) -> Iterable[Finding]:
    """Say where there are too few examples of a split, or none was decided."""
    train, heldout, unplaced = (on(examples, split) for split in ("train", "heldout", None))
    if unplaced:
        yield finding(
            "warn",
            "no_split",
            unplaced,
            f"The side is not decided for {cases(len(unplaced))}: to learn from, or kept aside.",
            "Let the tool divide the cases.",
        )
    learn, test = MIN_TRAIN_EXAMPLES - len(train), MIN_HELDOUT_EXAMPLES - len(heldout)
    if learn > 0 or test > 0:
        yield finding(
            "stop",
            "too_few",
            (),
            f"{cases(len(train))} to learn from and {len(heldout)} kept aside for the test: too "
            f"few. At least {MIN_TRAIN_EXAMPLES} and {MIN_HELDOUT_EXAMPLES} are needed to tell an "
            "improvement from chance.",
            _what_to_add(learn, test),
        )


def _what_to_add(learn: int, test: int) -> str:
    """Return how many to add for each side; below 0, that side has some to spare."""
    if learn > 0 and test > 0:
        return f"Add {learn + test} more: {learn} to learn from and {test} for the test."
    missing, side = (learn, "to learn from") if learn > 0 else (test, "for the test")
    sentence = f"Add {missing} more {side}"
    if learn + test <= 0:
        other = "the test" if learn > 0 else "those to learn from"
        sentence += f", or take {missing} from {other}"
    return f"{sentence}."


def divided_clusters(examples: Sequence[Example]) -> Iterable[Finding]:
    """Name clusters with examples on both sides of the split."""
    placed = [example for example in examples if example.split]
    clusters = grouped((e.cluster, e) for e in placed if e.cluster is not None)
    divided = {name: group for name, group in clusters.items() if len({e.split for e in group}) > 1}
    if divided:
        yield finding(
            "stop",
            "cluster_divided",
            (example for group in divided.values() for example in group),
            "Cases that belong together are partly for training and partly kept aside: "
            f"{named(map(str, divided))}.",
            "Put all cases of one document or group on the same side.",
        )


def missing_references(
    examples: Sequence[Example], form: Sequence[AnswerPart], open_ones: Sequence[Example]
) -> Iterable[Finding]:
    """Name train examples without a reference; a stop where too few remain.

    With an answer form, all examples without a whole answer are named, test cases too: each is
    answered in the same way. It is a stop as well where no test case has one; `open_ones` have
    none at all (see `unanswered`).
    """
    train, heldout = on(examples, "train"), on(examples, "heldout")
    without = [e for e in (examples if form else train) if not _has_reference(e)]
    if form:
        without = [e for e in without if e.split == "train" or not _is_answered(e, form)]
    left = len(train) - len(on(without, "train"))
    if not without:
        return
    no_test = bool(heldout) and len(on(open_ones, "heldout")) == len(heldout)
    too_few = len(train) >= MIN_TRAIN_EXAMPLES > left
    has, remains = ("has", "remains") if left == 1 else ("have", "remain")
    remain = f"{left} to learn from {has} one" if form else f"{left} {remains}"
    rest = f"; only {remain}, and at least {MIN_TRAIN_EXAMPLES} are needed" if too_few else ""
    yield finding(
        "stop" if too_few or no_test else "warn",
        "no_reference",
        without,
        f"{_lacking(without, form, open_ones)}{rest}."
        if form
        else f"There is no expert answer to learn from in {cases(len(without))}{rest}.",
        f"Answer {'this case' if len(without) == 1 else f'these {cases(len(without))}'}."
        if form
        else "Write the expert answers, or make them of expected values under “Answer form”."
        if any(example.fields for example in without)
        else "Write the expert answers.",
    )


def _lacking(
    without: Sequence[Example], form: Sequence[AnswerPart], open_ones: Sequence[Example]
) -> str:
    """Say how many have no answer, or no whole one and what that lacks."""
    blank = {example.id for example in open_ones}
    begun = [example for example in without if example.id not in blank]
    have = "has" if len(without) == 1 else "have"
    if not begun:
        return f"{cases(len(without))} {have} no answer yet"
    found = [gaps(example, form) for example in begun]
    said = _missing(form, found) if len(begun) == len(without) else ""
    reasons = dict.fromkeys(_short(error.message) for one in found for error in one.wrong)
    lacks = "; ".join(filter(None, [said, *list(reasons)[:MOST_WRONG]]))
    part = f" ({cases(len(begun))} only in part)" if len(begun) < len(without) else ""
    return f"{cases(len(without))} {have} no whole answer yet{part}{f': {lacks}' if lacks else ''}"


def _missing(form: Sequence[AnswerPart], found: Sequence[Gaps]) -> str:
    """Name the parts that are empty in some answers."""
    labels = [part.label for part in form if any(part in one.empty for one in found)]
    return f"{named(labels)} {'is' if len(labels) == 1 else 'are'} missing" if labels else ""


def _short(sentence: str) -> str:
    told = sentence.rstrip(".")
    return told if len(told) <= REASON_CHARS else f"{told[: REASON_CHARS - 1]}…"


def _has_reference(example: Example) -> bool:
    return bool((example.reference or "").strip())


def _is_blank(example: Example, part: AnswerPart) -> bool:
    return example.fields.get(part.field) in (None, "", [])


def _is_answered(example: Example, form: Sequence[AnswerPart]) -> bool:
    """Tell whether all of the answer that can be looked up is there."""
    looked_up = [part for part in form if part.kind not in ("free_text", "reasoning")]
    return bool(looked_up) and not gaps(example, looked_up).are_there


def unanswered(examples: Iterable[Example], form: Sequence[AnswerPart]) -> list[Example]:
    """Return the examples that have neither a reference nor a value of a part of the form.

    Without a form there are none: nothing says what an answer needs.
    """
    return [
        example
        for example in examples
        if form and not _has_reference(example) and all(_is_blank(example, part) for part in form)
    ]


def two_spellings(examples: Sequence[Example], names: Mapping[str, str]) -> Iterable[Finding]:
    """Name examples with an expected value under another spelling than it should have."""
    for name, right in names.items():
        having = [example for example in examples if name in example.fields]
        yield finding(
            "warn",
            "two_spellings",
            having,
            f'The expected value "{right}" is called "{name}" in {cases(len(having))}, as if '
            "it were another one.",
            "Call it the same in all cases.",
        )


def missing_fields(
    examples: Sequence[Example], required: Mapping[str, str], open_ones: Sequence[Example],
    form: Sequence[AnswerPart],
) -> Iterable[Finding]:  # fmt: skip
    """Name examples that lack an expected value that a criterion reads.

    Those that have no answer yet (`open_ones`), or no whole one, are named for that already.
    """
    told = {example.id for example in open_ones}
    parts = {part.field for part in form}
    begun = [e for e in examples if e.split != "train" or e.reference or e.fields]
    begun = [example for example in begun if example.id not in told]
    for name, criterion in required.items():
        without = [example for example in begun if example.fields.get(name) in (None, "")]
        if name in parts:
            without = [example for example in without if _has_reference(example)]
        if without:
            yield finding(
                "stop" if len(without) == len(examples) else "warn",
                "missing_field",
                without,
                f"There is no {called(name, form)} in {cases(len(without))}; "
                f"needed by: {criterion}",
                "Fill in the expected value, or change the criterion.",
            )
